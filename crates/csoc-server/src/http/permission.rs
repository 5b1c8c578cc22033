//! Permission as an argument: the way to find out who asks is the way that checks it.
//!
//! * [`Allowed<N>`]: somebody who may do `N` somewhere; `visible` is where, narrowed to `?organization=`.
//! * [`Everywhere<N>`]: somebody who may do `N` to the installation itself.
//! * [`SignedIn`]: anybody who is recognized.
//! * [`Anyone`]: nobody in particular. For sign-in and setup.
//!
//! Each of them refuses changes that a page of another site had a browser make.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use csoc_core::OrganizationId;
use csoc_core::access::{Credential, Permission, Visible};
use csoc_core::audit::ActorRef;
use csoc_core::secret::Secret;

use super::scope::Scope;
use crate::app::App;
use crate::identity::{Presented, Recognized, SessionCookie, recognize};
use crate::service::{By, Fault, Origin};

/// What an [`Allowed`] demands.
pub trait Needs: Send + Sync + 'static {
    const PERMISSION: Permission;
}

macro_rules! needs {
    ($($name:ident),+ $(,)?) => {$(
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl Needs for $name {
            const PERMISSION: Permission = Permission::$name;
        }
    )+};
}

needs!(
    FleetRead,
    ConfigRead,
    FindingRead,
    FindingWaive,
    CommonsEdit,
    SourceRead,
    SourceFetch,
    SourceEdit,
    PeopleRead,
    PeopleEdit,
    OrganizationEdit,
    AuditRead,
    SettingsEdit,
);

pub struct Allowed<N: Needs> {
    pub by: By,
    /// Where it may be done, within `?organization=` if that was asked.
    pub visible: Visible,
    needs: PhantomData<N>,
}

pub struct Everywhere<N: Needs> {
    pub by: By,
    needs: PhantomData<N>,
}

pub struct SignedIn {
    pub by: By,
    pub must_change_password: bool,
    pub csrf: Option<String>,
}

pub struct Anyone {
    pub origin: Origin,
}

impl<N: Needs> FromRequestParts<App> for Allowed<N> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let by = ready(parts, app).await?;
        let visible = by.actor.visible(N::PERMISSION);
        if visible.is_empty() {
            return Err(Fault::Forbidden { permission: N::PERMISSION });
        }
        let visible = narrowed(visible, parts.uri.query().unwrap_or_default())?;
        Ok(Self { by, visible, needs: PhantomData })
    }
}

impl<N: Needs> FromRequestParts<App> for Everywhere<N> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let by = ready(parts, app).await?;
        by.permit_everywhere(N::PERMISSION)?;
        Ok(Self { by, needs: PhantomData })
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let Recognized { by, must_change_password, csrf } = recognized(parts, app).await?;
        Ok(Self { by, must_change_password, csrf })
    }
}

impl FromRequestParts<App> for Anyone {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        if changes(&parts.method) {
            refuse_other_sites(app, &parts.headers)?;
        }
        Ok(Self { origin: scope_of(parts).origin })
    }
}

fn scope_of(parts: &Parts) -> Scope {
    parts.extensions.get::<Scope>().cloned().unwrap_or_else(Scope::unknown)
}

/// Recognized, and not just let in to choose a new password.
async fn ready(parts: &Parts, app: &App) -> Result<By, Fault> {
    let recognized = recognized(parts, app).await?;
    if recognized.must_change_password {
        return Err(Fault::MustChangePassword);
    }
    Ok(recognized.by)
}

async fn recognized(parts: &Parts, app: &App) -> Result<Recognized, Fault> {
    let scope = scope_of(parts);
    let presented = presented(app, &parts.headers);
    let recognized = recognize(app, &presented, scope.origin.clone()).await?;
    scope.recognized(ActorRef::from(&recognized.by.actor));
    if changes(&parts.method) && !matches!(recognized.by.actor.credential, Credential::Token(_)) {
        refuse_other_sites(app, &parts.headers)?;
        if let Some(csrf) = &recognized.csrf {
            let sent = parts.headers.get("x-csrf-token").and_then(|value| value.to_str().ok());
            if !sent.is_some_and(|sent| Secret::new(sent).equals(csrf)) {
                return Err(Fault::CrossSite("the header X-CSRF-Token is missing or not that of this session"));
            }
        }
    }
    Ok(recognized)
}

pub(super) fn presented(app: &App, headers: &HeaderMap) -> Presented {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(value) = authorization {
        let bearer = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        // An Authorization that we do not understand is not overlooked in favour of a cookie.
        return Presented::Bearer(Secret::new(bearer.map(|(_, token)| token.trim()).unwrap_or_default()));
    }
    let cookie = SessionCookie::new(app.config.is_secure());
    let mut cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.find_map(|value| cookie.find(value)).map_or(Presented::Nothing, Presented::Cookie)
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Browsers say where a request comes from; programs that are not browsers say nothing and carry no cookie
/// that they were not given.
fn refuse_other_sites(app: &App, headers: &HeaderMap) -> Result<(), Fault> {
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match value("sec-fetch-site") {
        Some("same-origin" | "none") => return Ok(()),
        Some(_) => return Err(Fault::CrossSite("the browser says that another site made it")),
        None => {}
    }
    let Some(origin) = value("origin") else { return Ok(()) };
    let Some((_, authority)) = origin.split_once("://") else {
        return Err(Fault::CrossSite("its Origin is not a site"));
    };
    let public =
        app.config.public_url.as_ref().map(|url| url[url::Position::BeforeHost..url::Position::AfterPort].to_owned());
    let forwarded = if app.config.proxies.in_front { value("x-forwarded-host") } else { None };
    let ours = [public.as_deref(), forwarded, value("host")];
    if ours.into_iter().flatten().any(|host| host.eq_ignore_ascii_case(authority)) {
        return Ok(());
    }
    Err(Fault::CrossSite("its Origin is another site"))
}

/// An organization that may not be seen and one that does not exist both leave nothing to be seen.
fn narrowed(visible: Visible, query: &str) -> Result<Visible, Fault> {
    let asked = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "organization");
    let Some((_, text)) = asked.filter(|(_, text)| !text.is_empty()) else { return Ok(visible) };
    let id: OrganizationId =
        text.parse().map_err(|_| Fault::invalid("organization", "`organization` must be an organization's id"))?;
    let only: BTreeSet<_> = visible.contains(id).then_some(id).into_iter().collect();
    Ok(Visible::Only(only))
}
