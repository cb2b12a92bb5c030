//! Passwords: taken in, hashed, and never seen again.

use std::error::Error;
use std::sync::Arc;
use std::thread;

use argon2::Argon2;
use argon2::password_hash::PasswordHasher;
use dynamo_runtime::Sensitive;
use serde::Deserialize;
use tokio::sync::Semaphore;
use tokio::task;

use crate::user::Invalid;

/// A password as the caller gave it.
#[derive(Deserialize, Debug)]
#[serde(try_from = "String")]
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
}

impl Hasher {
    pub(crate) fn new() -> Self {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        Self { permits: Arc::new(Semaphore::new(processors)) }
    }

    pub(crate) async fn hash(
        &self,
        password: Password,
    ) -> Result<Sensitive<String>, Box<dyn Error + Send + Sync>> {
        let permit = Arc::clone(&self.permits).acquire_owned().await?;
        let hash = task::spawn_blocking(move || {
            let _permit = permit;
            Argon2::default().hash_password(password.0.expose().as_bytes())
        });
        Ok(Sensitive::new(hash.await??.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use argon2::PasswordVerifier;
    use argon2::password_hash::phc::PasswordHash;

    use super::*;

    fn password(text: &str) -> Result<Password, Invalid> {
        text.to_owned().try_into()
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_and_no_other() {
        let hasher = Hasher::new();
        let hash = hasher.hash(password("correct horse").unwrap()).await.unwrap();
        let again = hasher.hash(password("correct horse").unwrap()).await.unwrap();
        assert_ne!(hash, again, "the salt is the same");
        let hash = PasswordHash::new(hash.expose()).unwrap();
        assert!(Argon2::default().verify_password(b"correct horse", &hash).is_ok());
        assert!(Argon2::default().verify_password(b"correct house", &hash).is_err());
    }

    #[test]
    fn a_password_has_bounds_and_is_not_shown() {
        assert!(password("1234567").is_err());
        assert!(password(&"x".repeat(129)).is_err());
        assert_eq!(format!("{:?}", password("12345678").unwrap()), "Password([redacted])");
    }
}
