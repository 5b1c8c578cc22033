//! The key that signs marks, and the anchors file beside it. Neither is in the database.
//!
//! Story: somebody rewrites the whole table, marks and all. They cannot sign the new marks, because the key
//! is in a file that only the server's user reads, and the marks that were made are in a file that only
//! grows. Copy `audit.anchors` to another machine from time to time (it holds no secrets): then not even
//! somebody who has become that user can shorten the record unseen.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use csoc_core::audit::{Mark, PublicKey, SigningKey};

use crate::StoreError;

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// Where the two files are.
#[derive(Clone, Debug)]
pub struct AuditFiles {
    pub key: PathBuf,
    pub anchors: PathBuf,
}

impl AuditFiles {
    pub const KEY: &str = "audit.key";
    pub const ANCHORS: &str = "audit.anchors";

    pub fn in_folder(folder: &Path) -> Self {
        Self { key: folder.join(Self::KEY), anchors: folder.join(Self::ANCHORS) }
    }

    /// The key that is there.
    pub fn load_key(&self) -> Result<SigningKey, StoreError> {
        refuse_if_others_can_read(&self.key)?;
        let text = std::fs::read_to_string(&self.key).map_err(|e| self.failed("cannot read the audit key", e))?;
        let body = text.split_once(BEGIN).and_then(|(_, rest)| rest.split_once(END)).map(|(body, _)| body);
        let der = body.map(|body| body.split_whitespace().collect::<String>()).and_then(|b| BASE64.decode(b).ok());
        der.and_then(|der| SigningKey::from_pkcs8(&der)).ok_or_else(|| {
            StoreError::Audit(format!("{} is not an Ed25519 private key in PEM form", self.key.display()))
        })
    }

    pub fn key_exists(&self) -> bool {
        self.key.exists()
    }

    /// Makes a key, readable by its owner only; never over another.
    pub fn create_key(&self) -> Result<SigningKey, StoreError> {
        let document = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new())
            .map_err(|_| StoreError::Audit("the system gives no random numbers".to_owned()))?;
        let mut open = OpenOptions::new();
        open.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
        let pem = format!("{BEGIN}\n{}\n{END}\n", BASE64.encode(document.as_ref()));
        open.open(&self.key)
            .and_then(|mut file| file.write_all(pem.as_bytes()).and_then(|()| file.sync_all()))
            .and_then(|()| sync_folder(&self.key))
            .map_err(|e| self.failed("cannot make the audit key", e))?;
        SigningKey::from_pkcs8(document.as_ref())
            .ok_or_else(|| StoreError::Audit("a new key cannot be read".to_owned()))
    }

    /// The marks of the anchors file, line by line; `None` where a line is not one. An unfinished last line
    /// is being written at this moment, or was when the power failed: it is not counted.
    pub fn read_anchors(&self) -> Result<Vec<Option<Mark>>, StoreError> {
        let bytes = match std::fs::read(&self.anchors) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(self.failed_anchors("cannot read the anchors", e)),
        };
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let lines = bytes.get(..whole).unwrap_or_default().split(|b| *b == b'\n');
        Ok(lines.filter(|line| !line.is_empty()).map(|line| serde_json::from_slice(line).ok()).collect())
    }

    /// Appends one mark; on the disk when it returns.
    pub fn append_anchor(&self, mark: &Mark) -> Result<(), StoreError> {
        let failed = |e| self.failed_anchors("cannot append to the anchors", e);
        let mut line = serde_json::to_string(mark).map_err(|e| StoreError::Audit(e.to_string()))?;
        line.push('\n');
        let mut open = OpenOptions::new();
        open.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
        let mut file = open.open(&self.anchors).map_err(failed)?;
        let end = whole_lines(&mut file).map_err(failed)?;
        // What a torn write left behind the last whole line goes; no mark was ever acknowledged for it.
        file.set_len(end)
            .and_then(|()| file.seek(SeekFrom::Start(end)))
            .and_then(|_| file.write_all(line.as_bytes()))
            .and_then(|()| file.sync_all())
            .and_then(|()| if end == 0 { sync_folder(&self.anchors) } else { Ok(()) })
            .map_err(failed)
    }

    fn failed(&self, step: &'static str, source: std::io::Error) -> StoreError {
        StoreError::File { step, path: self.key.clone(), source }
    }

    fn failed_anchors(&self, step: &'static str, source: std::io::Error) -> StoreError {
        StoreError::File { step, path: self.anchors.clone(), source }
    }

    /// Keys whose marks are believed: this installation's own, and others that are named.
    pub fn trusted(&self, also: &[PublicKey]) -> Result<Vec<PublicKey>, StoreError> {
        let mut trusted = also.to_vec();
        if self.key_exists() {
            trusted.push(self.load_key()?.public());
        }
        Ok(trusted)
    }
}

/// Where the last whole line ends.
fn whole_lines(file: &mut File) -> std::io::Result<u64> {
    const CHUNK: u64 = 4096;
    let mut end = file.seek(SeekFrom::End(0))?;
    while end > 0 {
        let start = end.saturating_sub(CHUNK);
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        file.take(end - start).read_to_end(&mut bytes)?;
        if let Some(at) = bytes.iter().rposition(|b| *b == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

fn refuse_if_others_can_read(path: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    if let Ok(found) = std::fs::metadata(path)
        && std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o077 != 0
    {
        return Err(StoreError::Audit(format!(
            "{} can be read by others, so its signatures prove nothing; run: chmod 600 {}",
            path.display(),
            path.display()
        )));
    }
    Ok(())
}

/// A new file survives a power failure only when its folder's entry does.
pub(crate) fn sync_folder(file: &Path) -> std::io::Result<()> {
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use csoc_core::audit::MarkKind;
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_only_its_owner_reads_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let files = AuditFiles::in_folder(folder.path());
        let made = files.create_key().unwrap();
        assert_eq!(files.load_key().unwrap().public(), made.public());
        assert!(files.create_key().is_err(), "never over another");
        assert_eq!(std::fs::metadata(&files.key).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&files.key, PermissionsExt::from_mode(0o640)).unwrap();
        assert!(files.load_key().err().unwrap().to_string().contains("chmod 600"));
    }

    #[test]
    fn a_torn_last_line_is_neither_read_nor_kept() {
        let folder = tempfile::tempdir().unwrap();
        let files = AuditFiles::in_folder(folder.path());
        let key = files.create_key().unwrap();
        let mark = |seq| key.sign(MarkKind::Checkpoint, seq, [1; 32], Timestamp::UNIX_EPOCH);
        files.append_anchor(&mark(1)).unwrap();
        let whole = std::fs::read(&files.anchors).unwrap();
        let torn = [whole.as_slice(), br#"{"kind":"che"#].concat();
        std::fs::write(&files.anchors, torn).unwrap();
        assert_eq!(files.read_anchors().unwrap(), [Some(mark(1))]);
        files.append_anchor(&mark(2)).unwrap();
        assert_eq!(files.read_anchors().unwrap(), [Some(mark(1)), Some(mark(2))]);
    }
}
