//! What is there? Asked before a source is registered.
//!
//! The repository is really fetched, into a folder that goes away with the answer: only so can be told
//! whether the credential reads it and how many commons it declares. One that is too large to be looked at
//! within a request is answered with its branches alone.

use std::path::Path;
use std::time::Duration;

use csoc_api::sources::{CredentialWrite, ProbeResult, SourceProbe, UnreadRow};
use csoc_gen3::argo::location::Place;
use csoc_gen3::fleet::{self, Cache, ReadContext};
use csoc_source::{FetchError, FetchOptions, Remote, Watch};

use super::{Location, credential, parse_location};
use crate::app::App;
use crate::fleet_view::entry::{layout_rows, unread_rows};
use crate::ingest::blocking;
use crate::service::{By, Fault};

/// Shorter than a request may take.
const PATIENCE: Duration = Duration::from_secs(20);
const TOO_LARGE: &str = "too large to be looked at before it is registered";

/// Folders of probes that were cut off are removed at the next start.
pub const FOLDER: &str = "probes";

pub async fn probe(app: &App, by: &By, ask: SourceProbe) -> Result<ProbeResult, Fault> {
    let location = parse_location(&ask.location).map_err(|mistake| Fault::Invalid(vec![mistake]))?;
    credential::check(&location, &ask.credential).map_err(|mistake| Fault::Invalid(vec![mistake]))?;
    location.permit(app, by)?;
    let parent = app.config.data.join(FOLDER);
    blocking(move || {
        std::fs::create_dir_all(&parent).map_err(|error| Fault::inner("making a folder for a probe")(error.into()))?;
        let folder = parent.join(uuid::Uuid::now_v7().to_string());
        let seen = look(&location, &ask, &folder);
        // What cannot be removed now is removed at the next start.
        let _ = std::fs::remove_dir_all(&folder);
        seen
    })
    .await
}

fn remote(location: &Location, ask: &CredentialWrite, branch: Option<String>, folder: &Path) -> Result<Remote, Fault> {
    let address = location
        .to_string()
        .parse()
        .map_err(|error: csoc_source::AddressError| Fault::invalid("/location", error.to_string()))?;
    let options = FetchOptions {
        connect_timeout: Duration::from_secs(10),
        idle_timeout: PATIENCE,
        total_timeout: PATIENCE,
        ..FetchOptions::default()
    };
    Ok(Remote::new(address, branch, folder).with_credential(credential::clear(ask).into()).with_options(options))
}

#[expect(clippy::needless_pass_by_value, reason = "used as the function that maps errors")]
fn told(error: FetchError) -> Fault {
    Fault::Outside(error.to_string())
}

fn look(location: &Location, ask: &SourceProbe, folder: &Path) -> Result<ProbeResult, Fault> {
    let wanted = ask.branch.clone().filter(|branch| !branch.trim().is_empty());
    let remote = remote(location, &ask.credential, wanted.clone(), folder)?;
    let (branches, default) = remote.branches(&Watch::default()).map_err(told)?;
    let fetched = match remote.fetch(&Watch::default()) {
        Ok(fetched) => fetched,
        Err(FetchError::TimedOut { .. }) => {
            let unread = vec![UnreadRow { path: String::new(), line: None, reason: TOO_LARGE.to_owned() }];
            let branch = wanted.or(default).unwrap_or_default();
            return Ok(ProbeResult {
                branches,
                branch,
                head: String::new(),
                layouts: vec![],
                commons: 0,
                clusters: 0,
                unread,
            });
        }
        Err(error) => return Err(told(error)),
    };
    let tip = fetched.branch.tip;
    let tree = fetched.repository.tree(tip).map_err(|error| Fault::Outside(error.to_string()))?;
    let place = Place {
        repository_urls: vec![location.to_string()],
        branch: Some(fetched.branch.name.clone()),
        ..Place::default()
    };
    let reading = fleet::read(&tree, &ReadContext { place, ..ReadContext::default() }, &mut Cache::default());
    Ok(ProbeResult {
        branches,
        branch: fetched.branch.name,
        head: tip.to_string(),
        layouts: layout_rows(&reading),
        commons: u32::try_from(reading.commons.len()).unwrap_or(u32::MAX),
        clusters: u32::try_from(reading.clusters.len()).unwrap_or(u32::MAX),
        unread: unread_rows(&reading),
    })
}

/// The branch that the repository's HEAD is on; `None` when it cannot be told.
pub(super) async fn default_branch(app: &App, location: &Location, ask: &CredentialWrite) -> Option<String> {
    let remote = remote(location, ask, None, &app.config.data.join(FOLDER)).ok()?;
    blocking(move || remote.branches(&Watch::default()).map_err(told)).await.ok()?.1
}
