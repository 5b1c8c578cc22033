//! A source's repository on this machine: the path itself, or the copy below the data folder.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use csoc_core::SourceId;
use csoc_core::access::Visible;
use csoc_source::{Address, Credential, FetchOptions, Fetched, Phase, Remote, Repository, Watch};
use csoc_store::{Source, SourceKind};

use super::{Slot, progress};
use crate::app::App;
use crate::service::Fault;
use crate::service::sources::{ClearCredential, credential_of};

/// Where what belongs to a source lies.
fn folder(app: &App, id: SourceId) -> PathBuf {
    app.config.data.join("sources").join(id.to_string())
}

pub(super) fn remote(app: &App, source: &Source) -> Result<Remote, Fault> {
    let address: Address =
        source.location.parse().map_err(|error: csoc_source::AddressError| Fault::Outside(error.to_string()))?;
    let branch = Some(source.branch.clone()).filter(|branch| !branch.is_empty());
    // Applications name charts by any branch or tag.
    let by_name = source.kind == SourceKind::Chart;
    let options = FetchOptions { tags: by_name, all_branches: by_name, ..FetchOptions::default() };
    Ok(Remote::new(address, branch, folder(app, source.id)).with_options(options))
}

/// Brings the copy up to date and says meanwhile how far it is.
pub(super) async fn fetch(app: &App, source: &Source, slot: &Arc<Slot>) -> Result<Fetched, Fault> {
    let credential = match credential_of(app, source)? {
        ClearCredential::None => Credential::None,
        ClearCredential::Token { user, token } => Credential::Token { user, token },
        ClearCredential::SshKey(private_key) => Credential::Key { private_key, known_hosts: None },
    };
    let remote = remote(app, source)?.with_credential(credential);
    let watch = watch(app, source, slot);
    let (stop, stopped) = (watch.stop.clone(), slot.stop.clone());
    let fetching = blocking(move || remote.fetch(&watch).map_err(|error| Fault::Outside(error.to_string())));
    tokio::pin!(fetching);
    tokio::select! {
        result = &mut fetching => result,
        () = stopped.cancelled() => {
            stop.store(true, Ordering::Relaxed);
            fetching.await
        }
    }
}

fn watch(app: &App, source: &Source, slot: &Arc<Slot>) -> Watch {
    let (app, source, slot) = (app.clone(), source.clone(), slot.clone());
    // Later fetches are over in a moment; only the first is worth a bar.
    let first = super::locked(&slot.reading).state.fetched_at.is_none();
    let tell = move |at: csoc_source::Progress| {
        let step = match at.phase {
            Phase::Connecting => "Connecting",
            Phase::Receiving => "Receiving objects",
            Phase::Resolving => "Resolving objects",
        };
        if first {
            progress(&app, &source, &slot, "cloning", step, at.done, at.total);
        }
    };
    Watch { progress: Some(Arc::new(tell)), ..Watch::default() }
}

/// For those who read files on demand (values, excerpts): the copy as it was fetched last, no network.
pub async fn source_repository(app: &App, visible: &Visible, id: SourceId) -> Result<Repository, Fault> {
    let source = app.store.source_fetch(visible, id).await?.ok_or(Fault::NotFound { what: "source" })?;
    let remote = remote(app, &source)?;
    let kept = blocking(move || remote.kept().map_err(|error| Fault::Outside(error.to_string()))).await?;
    kept.ok_or_else(|| Fault::NotReady("this source has not been fetched yet".to_owned()))
}

/// Runs `work` where it may block.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(Fault::Inner { step: "reading a source", source: Box::new(error) }),
    }
}

/// The source is gone (or the server stops): without its row, its folder goes too.
pub(super) async fn forget(app: &App, id: SourceId) {
    if !matches!(app.store.source_fetch(&Visible::All, id).await, Ok(None)) {
        return;
    }
    let folder = folder(app, id);
    let removed = blocking(move || match std::fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Fault::Inner { step: "removing a source's copy", source: Box::new(error) })
        }
        _ => Ok(()),
    })
    .await;
    if let Err(error) = removed {
        tracing::warn!(%error, source = %id, "left behind");
    }
}
