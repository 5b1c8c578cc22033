//! The installation's own key: a file in the data folder, never in the database.
//!
//! Story: somebody copies the database. The credentials in it are AES-256-GCM under a key that they did not
//! copy, bound to the location they are for: put beside another location, they do not open. The digests
//! that tell whether two secrets are equal are keyed, so that a list of likely passwords tells nothing.
//!
//! From the one file three keys are derived, so that no key serves two purposes.

use std::io::Write as _;
use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::{hkdf, hmac, rand};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use csoc_core::audit::hex;
use csoc_core::secret::Secret;
use zeroize::Zeroizing;

pub(crate) const FILE: &str = "installation.key";
const VERSION: u8 = 1;
const NONCE: usize = 12;

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("cannot {step} the installation's key {path}: {source}")]
    File { step: &'static str, path: String, source: std::io::Error },
    #[error("{path} is not a key that csoc wrote; restore it from a backup")]
    NotAKey { path: String },
    #[error("this was not encrypted by this installation (was the data folder's {FILE} replaced?)")]
    DoesNotOpen,
    #[error("the machine gives no random numbers")]
    Random,
}

pub struct Keys {
    encryption: RandomizedNonceKey,
    digests: hmac::Key,
    csrf: hmac::Key,
    id: String,
}

impl Keys {
    /// Reads the key of the data folder, or makes it.
    pub fn open_or_make(folder: &Path) -> Result<Self, KeyError> {
        let path = folder.join(FILE);
        let shown = path.display().to_string();
        let file = |step| {
            let path = shown.clone();
            move |source| KeyError::File { step, path, source }
        };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => Zeroizing::new(text),
            Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => {
                let text = Zeroizing::new(BASE64_STANDARD.encode(random::<32>()?.as_slice()));
                write_private(&path, text.as_bytes()).map_err(file("write"))?;
                text
            }
            Err(other) => return Err(file("read")(other)),
        };
        let bytes = BASE64_STANDARD.decode(text.trim()).ok().filter(|bytes| bytes.len() == 32);
        let bytes = Zeroizing::new(bytes.ok_or(KeyError::NotAKey { path: shown })?);
        Self::from_bytes(&bytes)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"csoc installation").extract(bytes);
        let derive = |purpose: &[u8]| -> Result<Zeroizing<[u8; 32]>, KeyError> {
            let mut key = Zeroizing::new([0; 32]);
            let info = [purpose];
            let okm = root.expand(&info, hkdf::HKDF_SHA256).map_err(|_| KeyError::Random)?;
            okm.fill(key.as_mut_slice()).map_err(|_| KeyError::Random)?;
            Ok(key)
        };
        let encryption = RandomizedNonceKey::new(&AES_256_GCM, derive(b"encryption v1")?.as_slice());
        let id = derive(b"id v1")?;
        Ok(Self {
            encryption: encryption.map_err(|_| KeyError::Random)?,
            digests: hmac::Key::new(hmac::HMAC_SHA256, derive(b"digests v1")?.as_slice()),
            csrf: hmac::Key::new(hmac::HMAC_SHA256, derive(b"csrf v1")?.as_slice()),
            id: hex(id.get(..8).unwrap_or_default()),
        })
    }

    /// Tells two keys apart without telling anything about them.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Encrypts; `bound_to` must be given again to open it.
    pub fn encrypt(&self, bound_to: &str, clear: &Secret) -> Result<Vec<u8>, KeyError> {
        let mut text = clear.expose().as_bytes().to_vec();
        let nonce = self
            .encryption
            .seal_in_place_append_tag(Aad::from(bound_to.as_bytes()), &mut text)
            .map_err(|_| KeyError::Random)?;
        let mut sealed = vec![VERSION];
        sealed.extend_from_slice(nonce.as_ref());
        sealed.append(&mut text);
        Ok(sealed)
    }

    pub fn decrypt(&self, bound_to: &str, sealed: &[u8]) -> Result<Secret, KeyError> {
        let (head, text) = sealed.split_at_checked(1 + NONCE).ok_or(KeyError::DoesNotOpen)?;
        let (&[VERSION], nonce) = head.split_at(1) else { return Err(KeyError::DoesNotOpen) };
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| KeyError::DoesNotOpen)?;
        let mut text = Zeroizing::new(text.to_vec());
        let clear = self
            .encryption
            .open_in_place(nonce, Aad::from(bound_to.as_bytes()), &mut text)
            .map_err(|_| KeyError::DoesNotOpen)?;
        let clear = std::str::from_utf8(clear).map_err(|_| KeyError::DoesNotOpen)?;
        Ok(Secret::new(clear))
    }

    /// Equal for equal secrets of this installation; tells nothing else.
    pub fn digest(&self, secret: &[u8]) -> String {
        let tag = hmac::sign(&self.digests, secret);
        hex(tag.as_ref().get(..8).unwrap_or_default())
    }

    /// What a browser must send back with every change, for one session.
    pub fn csrf_token(&self, session_secret_hash: &[u8]) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&self.csrf, session_secret_hash).as_ref())
    }
}

/// A secret of 256 bits as text that fits into a URL, a header and a cookie.
pub fn random_secret() -> Result<Secret, KeyError> {
    Ok(Secret::new(BASE64_URL_SAFE_NO_PAD.encode(random::<32>()?.as_slice())))
}

pub fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, KeyError> {
    let mut bytes = Zeroizing::new([0; N]);
    rand::fill(bytes.as_mut_slice()).map_err(|_| KeyError::Random)?;
    Ok(bytes)
}

/// SHA-256, which is enough for a secret of 256 random bits.
pub fn hash_secret(secret: &str) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, secret.as_bytes()).as_ref().to_vec()
}

/// Whole or not at all, readable by its owner only, on the disk when it returns.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let draft = path.with_extension("new");
    let mut file = options.open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&draft, path)?;
    path.parent().map_or(Ok(()), |folder| std::fs::File::open(folder)?.sync_all())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_opens_only_where_it_belongs() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::open_or_make(folder.path()).unwrap();
        let sealed = keys.encrypt("https://git.example.org/fleet", &"ghp_secret".into()).unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains("ghp"));
        let again = Keys::open_or_make(folder.path()).unwrap();
        assert_eq!(again.decrypt("https://git.example.org/fleet", &sealed).unwrap().expose(), "ghp_secret");
        assert!(again.decrypt("https://evil.example.org/fleet", &sealed).is_err());
        let stranger = Keys::open_or_make(tempfile::tempdir().unwrap().path()).unwrap();
        assert!(stranger.decrypt("https://git.example.org/fleet", &sealed).is_err());
        assert!(keys.decrypt("x", &[]).is_err());
        assert_ne!(keys.id(), stranger.id());
    }

    #[test]
    fn digests_tell_equal_from_different_and_nothing_between_installations() {
        let keys = Keys::from_bytes(&[1; 32]).unwrap();
        assert_eq!(keys.digest(b"a"), keys.digest(b"a"));
        assert_ne!(keys.digest(b"a"), keys.digest(b"b"));
        assert_ne!(keys.digest(b"a"), Keys::from_bytes(&[2; 32]).unwrap().digest(b"a"));
    }

    #[cfg(unix)]
    #[test]
    fn the_key_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        Keys::open_or_make(folder.path()).unwrap();
        let mode = std::fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
