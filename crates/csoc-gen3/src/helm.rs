//! Helm's values, computed without Helm.
//!
//! `values/values.yaml` and `values/fence.yaml` are merged in the order the Application names them
//! ([`values`]); Argo CD puts its own `values` and `parameters` on top ([`argo`]); the chart's defaults fill
//! what is still missing ([`chart`], [`compute`]). Every value keeps the file and line it comes from.
//!
//! The real Helm is asked the same questions in `tests/helm_oracle.rs`; where the two differ, this is wrong.

pub mod argo;
pub mod chart;
pub mod compute;
pub mod set;
mod table;
pub mod values;
pub mod version;

pub use chart::{AppVersion, Chart, ChartError, Dependency, Reading};
pub use compute::{
    ComputeError, Computed, DependencyState, Why, compute, compute_changed, compute_setting, defaults_of,
    without_copies,
};
