//! Passwords: argon2id, off the async threads, a few at a time so that sign-ins cannot take all memory.

use std::sync::Arc;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use csoc_core::secret::Secret;
use tokio::sync::Semaphore;

use crate::keys::random;
use crate::service::{Fault, Mistake};

/// 19 MiB, two passes: about 30 ms of one core.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
/// Hashes computed at the same time.
const AT_ONCE: usize = 2;
const SHORTEST: usize = 12;
const LONGEST: usize = 512;

#[derive(Clone)]
pub struct Passwords {
    places: Arc<Semaphore>,
    /// Verified in place of a hash that does not exist, so that an unknown name takes as long as a known one.
    nobody: Arc<Secret>,
}

fn argon2() -> Result<Argon2<'static>, Fault> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn failed(error: impl std::fmt::Display) -> Fault {
    Fault::inner("hashing a password")(error.to_string().into())
}

fn hash(password: &Secret) -> Result<Secret, Fault> {
    let salt = random::<16>()?;
    let hashed = argon2()?.hash_password_with_salt(password.expose().as_bytes(), salt.as_slice()).map_err(failed)?;
    Ok(Secret::new(hashed.to_string()))
}

fn verify(password: &Secret, hashed: &Secret) -> Result<bool, Fault> {
    let parsed = PasswordHash::new(hashed.expose()).map_err(failed)?;
    Ok(argon2()?.verify_password(password.expose().as_bytes(), &parsed).is_ok())
}

impl Passwords {
    pub fn new() -> Result<Self, Fault> {
        let nobody = hash(&crate::keys::random_secret()?)?;
        Ok(Self { places: Arc::new(Semaphore::new(AT_ONCE)), nobody: Arc::new(nobody) })
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let _place = self.places.acquire().await.map_err(failed)?;
        tokio::task::spawn_blocking(work).await.map_err(failed)?
    }

    pub async fn hash(&self, password: &Secret) -> Result<Secret, Fault> {
        let password = password.clone();
        self.off_thread(move || hash(&password)).await
    }

    /// `hashed` is `None` for somebody who does not exist or has no password: always false, as slowly.
    pub async fn verify(&self, password: &Secret, hashed: Option<&Secret>) -> Result<bool, Fault> {
        let exists = hashed.is_some();
        let (password, hashed) = (password.clone(), hashed.unwrap_or(&self.nobody).clone());
        Ok(self.off_thread(move || verify(&password, &hashed)).await? && exists)
    }
}

/// Long is what counts. `field` is where it was sent.
pub fn check_new_password(password: &Secret, name: &str, field: &str) -> Result<(), Mistake> {
    let text = password.expose();
    let length = text.chars().count();
    if length < SHORTEST {
        return Err(Mistake::new(field, format!("a password has at least {SHORTEST} characters; a few words do well")));
    }
    if text.len() > LONGEST {
        return Err(Mistake::new(field, format!("a password has at most {LONGEST} bytes")));
    }
    let first = text.chars().next();
    let lower = text.to_lowercase();
    if text.chars().all(|c| Some(c) == first) || (!name.is_empty() && lower.replace(&name.to_lowercase(), "").len() < 6)
    {
        return Err(Mistake::new(field, "this password is too easy to guess"));
    }
    Ok(())
}

/// For somebody else to sign in with once: easy to read aloud, 100 bits.
pub fn one_time_password() -> Result<Secret, Fault> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let bytes = random::<20>()?;
    let mut text = String::new();
    for (n, byte) in bytes.iter().enumerate() {
        if n > 0 && n % 5 == 0 {
            text.push('-');
        }
        text.push(char::from(LETTERS[usize::from(byte % 32)]));
    }
    Ok(Secret::new(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_recognized_and_nobody_never_is() {
        let passwords = Passwords::new().unwrap();
        let hashed = passwords.hash(&"correct horse battery".into()).await.unwrap();
        assert!(hashed.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(passwords.verify(&"correct horse battery".into(), Some(&hashed)).await.unwrap());
        assert!(!passwords.verify(&"correct horse".into(), Some(&hashed)).await.unwrap());
        assert!(!passwords.verify(&"correct horse battery".into(), None).await.unwrap());
    }

    #[test]
    fn short_and_obvious_passwords_are_refused() {
        let check = |text: &str| check_new_password(&text.into(), "ana.lopez", "/password");
        assert!(check("short").is_err() && check("aaaaaaaaaaaaaaa").is_err() && check("ana.lopez1234").is_err());
        assert!(check(&"x1".repeat(300)).is_err());
        check("three little words").unwrap();
        check(one_time_password().unwrap().expose()).unwrap();
    }
}
