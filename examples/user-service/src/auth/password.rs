//! Passwords: taken in, hashed, and never seen again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::{PasswordHasher, PasswordVerifier};
use dynamo_runtime::Sensitive;
use dynamo_runtime::error::BoxError;
use serde::Deserialize;
use tokio::sync::Semaphore;
use tokio::task;
use utoipa::ToSchema;

use crate::fields::Invalid;

/// The hash of no password, by the parameters of all others: what is verified where there is no
/// user, so that nobody learns from the time that there is none.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdA$\
                       bm9ib2R5J3MgaGFzaCwgZml0cyBub25lIGF0IGFsbC4";

/// A password as the caller gave it.
#[derive(Deserialize, ToSchema, Debug)]
#[serde(try_from = "String")]
#[schema(value_type = String, format = Password, min_length = 8, max_length = 128)]
pub(crate) struct Password(Sensitive<String>);

impl Password {
    pub(crate) const RULE: &'static str = "A password has 8 to 128 characters.";
}

impl TryFrom<String> for Password {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        match text.chars().count() {
            8..=128 => Ok(Self(Sensitive::new(text))),
            _ => Err(Invalid::new(Self::RULE)),
        }
    }
}

/// Hashes passwords with Argon2id, as many at a time as there are processors.
///
/// Each hash takes 19 MiB, so that their number must have a bound.
#[derive(Clone, Debug)]
pub(crate) struct Hasher {
    permits: Arc<Semaphore>,
    work: Arc<AtomicU64>,
}

impl Hasher {
    pub(crate) fn new() -> Self {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        Self { permits: Arc::new(Semaphore::new(processors)), work: Arc::default() }
    }

    pub(crate) async fn hash(&self, password: Password) -> Result<Sensitive<String>, BoxError> {
        let hash = move || Argon2::default().hash_password(password.0.expose().as_bytes());
        Ok(Sensitive::new(self.run(hash).await??.to_string()))
    }

    /// Whether the hash is of this password; without a hash it is not, after the same work.
    pub(crate) async fn verify(
        &self,
        password: Password,
        hash: Option<Sensitive<String>>,
    ) -> Result<bool, BoxError> {
        let is_somebodys = hash.is_some();
        let hash = hash.unwrap_or_else(|| Sensitive::new(NOBODYS.to_owned()));
        let verify = move || {
            let hash = PasswordHash::new(hash.expose())?;
            Argon2::default().verify_password(password.0.expose().as_bytes(), &hash)
        };
        Ok(self.run(verify).await?.is_ok() && is_somebodys)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, BoxError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await?;
        self.work.fetch_add(1, Ordering::Relaxed);
        let done = task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        Ok(done.await?)
    }

    /// How many hashes were made so far.
    #[cfg(test)]
    pub(crate) fn work(&self) -> u64 {
        self.work.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password::try_from(text.to_owned()).unwrap()
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_and_no_other() {
        let hasher = Hasher::new();
        let hash = hasher.hash(password("correct horse")).await.unwrap();
        let again = hasher.hash(password("correct horse")).await.unwrap();
        assert_ne!(hash, again, "the salt is the same");
        assert!(hasher.verify(password("correct horse"), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify(password("correct house"), Some(hash)).await.unwrap());
        assert!(!hasher.verify(password("correct horse"), None).await.unwrap());
        assert_eq!(hasher.work(), 5);
    }

    #[test]
    fn nobodys_hash_is_made_as_all_others_are() {
        let nobodys = PasswordHash::new(NOBODYS).unwrap();
        let hash = Argon2::default().hash_password(b"correct horse").unwrap();
        let hash = hash.to_string();
        let hash = PasswordHash::new(&hash).unwrap();
        assert_eq!(nobodys.algorithm, hash.algorithm);
        assert_eq!(nobodys.version, hash.version);
        assert_eq!(nobodys.params, hash.params);
        let length = |hash: &PasswordHash| hash.hash.as_ref().map(|hash| hash.as_bytes().len());
        assert_eq!(length(&nobodys), length(&hash));
    }

    #[test]
    fn a_password_has_bounds_and_is_not_shown() {
        assert!(Password::try_from("1234567".to_owned()).is_err());
        assert!(Password::try_from("x".repeat(129)).is_err());
        assert_eq!(format!("{:?}", password("12345678")), "Password([redacted])");
    }
}
