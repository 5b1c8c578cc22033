//! Who may do what. A handler takes a [`Permission`] as an argument and asks the [`Actor`]; a query takes
//! the [`Visible`] organizations and filters by them. Nobody is allowed anything by default.
//!
//! Story: Ana is operator of organization A. She may waive A's findings. B's commons are not in any list
//! she gets, not in a count, and asking for one by id answers as if it did not exist.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{OrganizationId, PersonId, SessionId, TokenId};

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// One thing that can be allowed. The text form is stable: it stands in tokens and in the audit.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Permission { $($(#[$doc])* #[serde(rename = $text)] $name),+ }

        impl Permission {
            pub const ALL: &[Permission] = &[$(Permission::$name),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Permission::$name => $text),+ }
            }

            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Permission::$name),)+ _ => None }
            }
        }
    };
}

permissions!(
    /// Commons, clusters, services, releases, changes.
    FleetRead = "fleet:read",
    /// Effective values, secrets redacted.
    ConfigRead = "config:read",
    FindingRead = "finding:read",
    FindingWaive = "finding:waive",
    /// Correct tier, twin, owners; decide between claims.
    CommonsEdit = "commons:edit",
    SourceRead = "source:read",
    /// Ask for a fetch now.
    SourceFetch = "source:fetch",
    /// Register, change and remove sources and their credentials.
    SourceEdit = "source:edit",
    PeopleRead = "people:read",
    PeopleEdit = "people:edit",
    OrganizationEdit = "organization:edit",
    AuditRead = "audit:read",
    SettingsEdit = "settings:edit",
);

/// A named set of permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Viewer,
    Operator,
    Admin,
}

impl Role {
    pub const ALL: &[Role] = &[Role::Viewer, Role::Operator, Role::Admin];

    pub fn as_str(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Operator => "operator",
            Role::Admin => "admin",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.as_str() == text)
    }

    pub fn permissions(self) -> &'static [Permission] {
        use Permission::*;
        match self {
            Role::Viewer => &[FleetRead, ConfigRead, FindingRead, SourceRead],
            Role::Operator => &[FleetRead, ConfigRead, FindingRead, SourceRead, FindingWaive, CommonsEdit, SourceFetch],
            Role::Admin => Permission::ALL,
        }
    }

    pub fn allows(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }
}

/// Where a role holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "organization")]
pub enum Scope {
    Installation,
    Organization(OrganizationId),
}

/// How the actor proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    Session(SessionId),
    Token(TokenId),
    /// `--insecure-no-sign-in` on loopback; everything it does is audited as `local`.
    Loopback,
}

/// Somebody who was recognized. Holds what they may do at the moment of the request.
#[derive(Clone, Debug)]
pub struct Actor {
    pub person: PersonId,
    pub name: String,
    pub credential: Credential,
    pub roles: Vec<(Role, Scope)>,
    /// A token can only narrow: permissions outside this set are refused. `None` for a session.
    pub only: Option<BTreeSet<Permission>>,
    /// A token can be bound to one organization.
    pub only_in: Option<OrganizationId>,
}

/// The organizations a query may touch. `Only` of an empty set matches nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visible {
    All,
    Only(BTreeSet<OrganizationId>),
}

impl Visible {
    pub fn contains(&self, organization: OrganizationId) -> bool {
        match self {
            Visible::All => true,
            Visible::Only(set) => set.contains(&organization),
        }
    }

    pub fn is_empty(&self) -> bool {
        matches!(self, Visible::Only(set) if set.is_empty())
    }
}

impl Actor {
    /// May this be done to something that belongs to `organization`?
    pub fn may(&self, permission: Permission, organization: OrganizationId) -> bool {
        self.visible(permission).contains(organization)
    }

    /// May this be done to the installation itself (its people, its settings, its audit)?
    pub fn may_everywhere(&self, permission: Permission) -> bool {
        self.visible(permission) == Visible::All
    }

    /// Where this may be done.
    pub fn visible(&self, permission: Permission) -> Visible {
        if self.only.as_ref().is_some_and(|only| !only.contains(&permission)) {
            return Visible::Only(BTreeSet::new());
        }
        let mut organizations = BTreeSet::new();
        for (role, scope) in &self.roles {
            if !role.allows(permission) {
                continue;
            }
            match (scope, self.only_in) {
                (Scope::Installation, None) => return Visible::All,
                (Scope::Installation, Some(one)) => {
                    organizations.insert(one);
                }
                (Scope::Organization(id), None) => {
                    organizations.insert(*id);
                }
                (Scope::Organization(id), Some(one)) if *id == one => {
                    organizations.insert(one);
                }
                (Scope::Organization(_), Some(_)) => {}
            }
        }
        Visible::Only(organizations)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn org(n: u128) -> OrganizationId {
        OrganizationId(Uuid::from_u128(n))
    }

    fn actor(roles: Vec<(Role, Scope)>) -> Actor {
        Actor {
            person: PersonId(Uuid::nil()),
            name: "ana".into(),
            credential: Credential::Loopback,
            roles,
            only: None,
            only_in: None,
        }
    }

    #[test]
    fn nobody_is_allowed_anything_by_default() {
        assert!(Permission::ALL.iter().all(|&p| actor(vec![]).visible(p).is_empty()));
    }

    #[test]
    fn a_role_in_one_organization_says_nothing_about_another() {
        let ana = actor(vec![(Role::Operator, Scope::Organization(org(1)))]);
        assert!(ana.may(Permission::FindingWaive, org(1)));
        assert!(!ana.may(Permission::FindingWaive, org(2)));
        assert!(!ana.may_everywhere(Permission::FleetRead));
    }

    #[test]
    fn a_token_only_narrows() {
        let mut ana = actor(vec![(Role::Viewer, Scope::Installation)]);
        ana.only = Some([Permission::FleetRead, Permission::PeopleEdit].into());
        assert!(ana.may_everywhere(Permission::FleetRead));
        assert!(!ana.may(Permission::FindingRead, org(1)));
        assert!(!ana.may(Permission::PeopleEdit, org(1)), "a viewer's token cannot edit people");
        ana.only_in = Some(org(1));
        assert!(ana.may(Permission::FleetRead, org(1)) && !ana.may(Permission::FleetRead, org(2)));
    }

    #[test]
    fn roles_grow() {
        for p in Permission::ALL {
            assert!(!Role::Viewer.allows(*p) || Role::Operator.allows(*p));
            assert!(Role::Admin.allows(*p));
            assert_eq!(Permission::parse(p.as_str()), Some(*p));
        }
    }
}
