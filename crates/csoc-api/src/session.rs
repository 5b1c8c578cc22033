//! Signing in and out, and what the signed-in person may do.

use jiff::Timestamp;
use uuid::Uuid;

use crate::shape;

shape! {
    /// Answer of `GET /api/v1/setup`.
    pub struct SetupState {
        /// No administrator exists yet: the setup code printed by the server is wanted.
        pub needed: bool,
        pub version: String,
    }

    pub struct SetupRequest {
        pub code: String,
        pub name: String,
        pub display_name: Option<String>,
        pub password: String,
    }

    pub struct SignIn {
        pub name: String,
        pub password: String,
    }

    /// Who is asking, and what they may do. The UI hides what is not allowed; the server refuses it.
    pub struct Me {
        pub person: Uuid,
        pub name: String,
        pub display_name: String,
        /// `session`, `token` or `loopback`.
        pub credential: String,
        pub roles: Vec<RoleHeld>,
        /// Permissions held for the whole installation.
        pub permissions: Vec<String>,
        pub organizations: Vec<OrganizationAccess>,
        /// Send it back as `X-CSRF-Token` with every request that changes something (sessions only).
        #[serde(skip_serializing_if = "Option::is_none")]
        pub csrf: Option<String>,
        pub must_change_password: bool,
    }

    pub struct RoleHeld {
        /// `viewer`, `operator`, `admin`.
        pub role: String,
        /// Absent: the whole installation.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub organization: Option<Uuid>,
    }

    pub struct OrganizationAccess {
        pub id: Uuid,
        pub name: String,
        pub permissions: Vec<String>,
    }

    pub struct SessionRow {
        pub id: Uuid,
        pub created_at: Timestamp,
        pub last_seen_at: Timestamp,
        pub expires_at: Timestamp,
        pub user_agent: String,
        pub address: String,
        pub current: bool,
    }

    pub struct PasswordChange {
        pub current: String,
        pub new: String,
    }
}
