//! Effective values with their origins: the Config page.

use uuid::Uuid;

use crate::shape;

shape! {
    /// The effective values of a commons as rows of a tree in document order, cut to what was asked.
    pub struct ValuesTree {
        pub commons: Uuid,
        pub commit: String,
        /// What stands on the other side, when `against` was asked.
        pub against: Option<String>,
        pub layers: Vec<Layer>,
        pub rows: Vec<ValueRow>,
        /// Rows the filter matches.
        pub total: u64,
        /// Without a chart at hand the chart's defaults are not here.
        pub complete: bool,
        pub note: Option<String>,
    }

    /// One file (or the Application's own values, or a chart's defaults) that was merged, in order.
    pub struct Layer {
        pub index: u32,
        /// `chart`, `file`, `application`.
        pub kind: String,
        pub path: String,
    }

    /// One leaf.
    pub struct ValueRow {
        /// `fence.image.tag`; keys with dots are quoted.
        pub path: String,
        /// For display; absent for a secret or when only the other side has it.
        pub value: Option<String>,
        /// `string`, `number`, `boolean`, `null`, `list`, `map`, `json`.
        #[serde(rename = "type")]
        pub kind: String,
        /// How the file wrote it, when Helm makes something else of it.
        pub written: Option<String>,
        pub secret: bool,
        /// For a secret: equal digests mean equal secrets. Keyed; tells nothing else.
        pub digest: Option<String>,
        pub origin: Option<OriginRow>,
        /// What this value overrode, latest first.
        pub overrode: Vec<OverriddenRow>,
        /// The other side's value, when `against` was asked and it differs.
        pub other: Option<String>,
        pub other_origin: Option<OriginRow>,
        /// `same`, `changed`, `added` (only here), `removed` (only there).
        pub difference: Option<String>,
        /// Rules that found something at this leaf.
        pub findings: Vec<Uuid>,
        /// The value is longer than shown; ask for this path alone to get it whole.
        pub cut: bool,
    }

    pub struct OriginRow {
        pub layer: u32,
        pub path: String,
        pub line: u32,
        pub column: u32,
    }

    pub struct OverriddenRow {
        pub layer: u32,
        pub path: String,
        pub line: u32,
        pub value: Option<String>,
    }

    /// Two sides, compared by effective value.
    pub struct DiffResult {
        pub left: DiffSide,
        pub right: DiffSide,
        pub rows: Vec<DiffRow>,
        pub ignored: u64,
        /// Path patterns that were ignored because they belong to an environment.
        pub ignored_patterns: Vec<String>,
    }

    pub struct DiffSide {
        pub commons: Uuid,
        pub name: String,
        pub commit: String,
        pub time: Option<jiff::Timestamp>,
    }

    pub struct DiffRow {
        pub service: Option<String>,
        pub path: String,
        pub left: Option<String>,
        pub right: Option<String>,
        /// `changed`, `added`, `removed`, `reordered`, `reformatted`.
        pub difference: String,
        pub left_at: Option<OriginRow>,
        pub right_at: Option<OriginRow>,
        pub secret: bool,
    }
}
