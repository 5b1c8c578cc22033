//! One server per data folder.
//!
//! Story: somebody starts `csoc serve` in a second terminal. The second server ends with a sentence that
//! names the first one's process, and touches nothing. When the first was killed with -9, the kernel has
//! let go of the lock, and the next start just works: the number that is left in the file means nothing.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use crate::StoreError;

const NAME: &str = "csoc.lock";

/// Held as long as it lives.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
    folder: PathBuf,
}

impl FolderLock {
    pub fn take(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(NAME);
        let failed = |step| move |source| StoreError::File { step, path: folder.join(NAME), source };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed("cannot open the lock file"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                // The holder may be just writing it; the refusal stands either way.
                let _ = file.read_to_string(&mut pid);
                let pid = pid.trim();
                let pid = if pid.is_empty() { "of unknown number" } else { pid }.to_owned();
                return Err(StoreError::FolderInUse { folder: folder.to_owned(), pid });
            }
            Err(TryLockError::Error(source)) => return Err(failed("cannot lock")(source)),
        }
        // The number only serves the refusal's sentence, so a full disk must not keep the server from starting.
        let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| write!(file, "{}", std::process::id()));
        Ok(Self { _file: file, folder: folder.to_owned() })
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_server_is_told_who_is_first() {
        let folder = tempfile::tempdir().unwrap();
        let first = FolderLock::take(folder.path()).unwrap();
        let refused = FolderLock::take(folder.path()).unwrap_err().to_string();
        assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
        drop(first);
        FolderLock::take(folder.path()).unwrap();
    }

    #[test]
    fn a_lock_file_that_was_left_over_does_not_block() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(NAME), "1").unwrap();
        FolderLock::take(folder.path()).unwrap();
    }
}
