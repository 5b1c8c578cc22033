//! What this installation is.

use csoc_api::settings::About;
use csoc_core::access::Visible;
use csoc_store::EngineKind;

use crate::app::App;
use crate::metrics::resident_bytes;

/// `visible` are the organizations whose commons are counted.
pub fn about(app: &App, visible: &Visible) -> About {
    let commons = match visible {
        Visible::All => app.fleet.counts(None).commons,
        Visible::Only(some) => some.iter().map(|id| app.fleet.counts(Some(*id)).commons).sum(),
    };
    let store = match app.store.kind() {
        EngineKind::Sqlite => "sqlite",
        EngineKind::Postgres => "postgresql",
    };
    About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: app.started_at,
        store: store.to_owned(),
        commons,
        memory_bytes: (*visible == Visible::All).then(resident_bytes).flatten(),
    }
}
