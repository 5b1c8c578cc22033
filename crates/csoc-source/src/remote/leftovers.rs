//! What an interrupted fetch left behind.
//!
//! Story: the server was killed with -9 while it cloned. The clone was made beside its place and never moved
//! there, so the good copy is untouched; at the next fetch the half-made folder, temporary packs and lock
//! files are removed. Nobody else writes here: the data folder has one server.

use std::fs;
use std::path::Path;

/// Folders of clones in the making.
pub(super) const CLONING: &str = "cloning-";

pub(super) fn remove(folder: &Path) {
    for found in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = found.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(CLONING) || name.starts_with("unpacking-") {
            report(&found.path(), fs::remove_dir_all(found.path()));
        }
    }
    let copy = folder.join("repository.git");
    for found in fs::read_dir(copy.join("objects/pack")).into_iter().flatten().flatten() {
        let place = found.path();
        let kept =
            place.extension().is_some_and(|end| ["pack", "idx", "keep", "rev"].iter().any(|known| end == *known));
        if !kept {
            report(&place, fs::remove_file(&place));
        }
    }
    locks(&copy, 0);
}

fn locks(folder: &Path, depth: usize) {
    for found in fs::read_dir(folder).into_iter().flatten().flatten() {
        let place = found.path();
        let Ok(kind) = found.file_type() else { continue };
        if kind.is_file() && place.extension().is_some_and(|end| end == "lock") {
            report(&place, fs::remove_file(&place));
        } else if kind.is_dir() && depth < 16 && found.file_name() != "objects" {
            locks(&place, depth + 1);
        }
    }
}

fn report(place: &Path, removed: std::io::Result<()>) {
    match removed {
        Ok(()) => tracing::info!(path = %place.display(), "removed what an interrupted fetch left"),
        Err(error) => {
            tracing::warn!(path = %place.display(), %error, "could not remove what an interrupted fetch left")
        }
    }
}
