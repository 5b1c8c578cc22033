//! What is there? Asked before a source is registered.

use csoc_api::sources::{CredentialWrite, ProbeResult, SourceProbe};

use super::{Location, credential, parse_location};
use crate::app::App;
use crate::service::{By, Fault};

pub async fn probe(app: &App, by: &By, ask: SourceProbe) -> Result<ProbeResult, Fault> {
    let location = parse_location(&ask.location).map_err(|mistake| Fault::Invalid(vec![mistake]))?;
    credential::check(&location, &ask.credential).map_err(|mistake| Fault::Invalid(vec![mistake]))?;
    location.permit(app, by)?;
    let _ = credential::clear(&ask.credential);
    Err(Fault::NotReady("probing is not there yet".to_owned()))
}

/// The branch that the repository's HEAD is on; `None` when it cannot be told.
pub(super) async fn default_branch(_app: &App, _location: &Location, _credential: &CredentialWrite) -> Option<String> {
    None
}
