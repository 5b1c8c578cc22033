//! Settings of the installation, and what it is.

use jiff::Timestamp;

use crate::shape;

shape! {
    pub struct Settings {
        /// Path patterns that belong to an environment: ignored when two commons are compared.
        pub environment_paths: Vec<String>,
        pub environment_paths_default: Vec<String>,
        pub session_hours: u32,
        pub audit_keep_days: u32,
    }

    pub struct SettingsPatch {
        pub environment_paths: Option<Vec<String>>,
        pub session_hours: Option<u32>,
        pub audit_keep_days: Option<u32>,
    }

    pub struct About {
        pub version: String,
        pub started_at: Timestamp,
        /// `sqlite` or `postgresql`.
        pub store: String,
        pub commons: u32,
        pub memory_bytes: Option<u64>,
    }
}
