//! Keeping the copy quick.
//!
//! Story: a source is fetched every minute and something landed in three hundred of the fetches. Each brought
//! a pack, and every read of an object looks through all of them. When there are more than [`MANY`], the
//! small ones become one. Only whole, readable packs are removed, and only after the new one is in place.

use std::path::{Path, PathBuf};

use crate::error::SourceError;
use crate::writer::Writer;

const MANY: usize = 48;
const SMALL: u64 = 8 * 1024 * 1024;

/// Does nothing while there are few packs.
pub(super) fn compact(git: &gix::Repository) -> Result<(), SourceError> {
    let small = small_packs(&git.objects.store_ref().path().join("pack"));
    if small.len() <= MANY {
        return Ok(());
    }
    let mut writer = Writer::append(git.git_dir())?;
    for index in &small {
        copy_objects(git, index, &mut writer)?;
    }
    writer.write_pack(git)?;
    for index in &small {
        // The index first: without it the pack is not looked at.
        for end in ["idx", "pack", "rev", "keep"] {
            let _ = std::fs::remove_file(index.with_extension(end));
        }
    }
    tracing::info!(packs = small.len(), "made one pack of many small ones");
    Ok(())
}

fn small_packs(folder: &Path) -> Vec<PathBuf> {
    let mut small = Vec::new();
    for found in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let index = found.path();
        let is_index = index.extension().is_some_and(|end| end == "idx");
        let size = std::fs::metadata(index.with_extension("pack")).map_or(u64::MAX, |pack| pack.len());
        if is_index && size < SMALL {
            small.push(index);
        }
    }
    small
}

fn copy_objects(git: &gix::Repository, index: &Path, writer: &mut Writer) -> Result<(), SourceError> {
    const STEP: &str = "making one pack of many";
    let failed = |error: gix::Error| SourceError::git(STEP, &error);
    let index = gix::odb::pack::index::File::at(index, gix::hash::Kind::Sha1).map_err(failed)?;
    for entry in index.iter() {
        let object = git.find_object(entry.oid).map_err(failed)?;
        writer.copy(object.kind, &object.data)?;
    }
    Ok(())
}
