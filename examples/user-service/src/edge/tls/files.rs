//! A certificate that is renewed under the service, as by an ACME client or a secret that is mounted.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use dynamo_runtime::error::BoxError;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tracing::{info, warn};

use crate::edge::Stamp;
use crate::log::Causes;

/// Looks at the files at each handshake, and reads them when they have changed.
///
/// Until both files fit each other again, what was read before goes on.
pub(super) struct FromFiles {
    chain: PathBuf,
    key: PathBuf,
    current: Mutex<Current>,
}

struct Current {
    certified: Arc<CertifiedKey>,
    /// Of the files as they were last tried, whether or not that went well.
    tried: Option<Stamps>,
}

type Stamps = (Stamp, Stamp);

impl FromFiles {
    pub(super) fn read(chain: PathBuf, key: PathBuf) -> Result<Self, BoxError> {
        let files = Files { chain: &chain, key: &key };
        let tried = files.stamps();
        let certified = files.read()?;
        Ok(Self { current: Mutex::new(Current { certified, tried }), chain, key })
    }

    fn current(&self) -> Arc<CertifiedKey> {
        let files = Files { chain: &self.chain, key: &self.key };
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        // Files that are missing for a moment are being replaced.
        let stamps = files.stamps();
        if stamps.is_some() && stamps != current.tried {
            current.tried = stamps;
            match files.read() {
                Ok(certified) => {
                    current.certified = certified;
                    info!("the certificate was renewed");
                }
                Err(error) => warn!(error = %Causes(&*error), "the certificate was not renewed"),
            }
        }
        Arc::clone(&current.certified)
    }
}

impl ResolvesServerCert for FromFiles {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

impl fmt::Debug for FromFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromFiles").field("chain", &self.chain).finish_non_exhaustive()
    }
}

struct Files<'a> {
    chain: &'a PathBuf,
    key: &'a PathBuf,
}

impl Files<'_> {
    fn stamps(&self) -> Option<Stamps> {
        Stamp::of(self.chain).ok().zip(Stamp::of(self.key).ok())
    }

    /// Refuses a key that is another certificate's.
    fn read(&self) -> Result<Arc<CertifiedKey>, BoxError> {
        let chain = CertificateDer::pem_file_iter(self.chain)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| format!("{}: {error}", self.chain.display()))?;
        if chain.is_empty() {
            return Err(format!("{}: no certificate is in it", self.chain.display()).into());
        }
        let key = PrivateKeyDer::from_pem_file(self.key)
            .map_err(|error| format!("{}: {error}", self.key.display()))?;
        let provider = aws_lc_rs::default_provider();
        Ok(Arc::new(CertifiedKey::from_der(chain, key, &provider)?))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rcgen::KeyPair;

    use super::super::leaf;
    use super::*;
    use crate::edge::RunFiles;

    /// A certificate and its key in PEM.
    fn pair() -> (String, String) {
        let key = KeyPair::generate().unwrap();
        (leaf().unwrap().self_signed(&key).unwrap().pem(), key.serialize_pem())
    }

    #[test]
    fn a_certificate_and_its_key_are_read_from_files() {
        let (chain, key) = pair();
        let directory = RunFiles::create().unwrap();
        let write = |name: &str, text: &str| directory.write(name, text).unwrap();
        let (chain, key) = (write("chain.pem", &chain), write("key.pem", &key));
        let other = write("other.pem", &pair().1);
        let read = |chain: &PathBuf, key: &PathBuf| FromFiles::read(chain.clone(), key.clone());
        assert!(read(&chain, &key).is_ok());
        assert!(read(&chain, &other).is_err(), "the key is another's");
        assert!(read(&key, &key).is_err(), "there is no certificate");
        assert!(read(&chain, &chain).is_err(), "there is no key");
        assert!(read(&"nowhere.pem".into(), &key).is_err());
    }

    #[test]
    fn a_renewed_certificate_is_taken_once_its_key_is_there() {
        let directory = RunFiles::create().unwrap();
        let ((first, first_key), (second, second_key)) = (pair(), pair());
        let chain = directory.write("chain.pem", &first).unwrap();
        let key = directory.write("key.pem", &first_key).unwrap();
        let files = FromFiles::read(chain.clone(), key.clone()).unwrap();
        let der = |pem: &str| CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
        let current = || files.current().cert[0].clone();
        assert_eq!(current(), der(&first));

        let replace = |path: &PathBuf, text: &str| {
            let new = directory.path().join("new.pem");
            fs::write(&new, text).unwrap();
            fs::rename(new, path).unwrap();
        };
        replace(&chain, &second);
        assert_eq!(current(), der(&first), "the key is still the first one's");
        replace(&key, "not a key");
        assert_eq!(current(), der(&first));
        fs::remove_file(&key).unwrap();
        assert_eq!(current(), der(&first));
        replace(&key, &second_key);
        assert_eq!(current(), der(&second));
    }
}
