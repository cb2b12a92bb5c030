//! Which server of a key set is believed: by its chain and its name, and by pinned keys.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use dynamo_runtime::error::BoxError;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use webpki::{Cert, EndEntityCert, KeyUsage, VerifiedPath, spki_for_anchor};

/// A public key by the SHA-256 of its `SubjectPublicKeyInfo`: the server's, or that of an authority
/// above it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Pin([u8; 32]);

impl Pin {
    /// The pin of a public key in DER.
    pub fn of(public_key: &[u8]) -> Self {
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(digest(&SHA256, public_key).as_ref());
        Self(sha256)
    }
}

/// From 64 hexadecimal digits.
impl FromStr for Pin {
    type Err = BoxError;

    fn from_str(text: &str) -> Result<Self, BoxError> {
        const WANTED: &str =
            "a pin is 64 hexadecimal digits, the SHA-256 of a SubjectPublicKeyInfo";

        let digits = text.as_bytes();
        if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(WANTED.into());
        }
        let mut sha256 = [0; 32];
        for (byte, digits) in sha256.iter_mut().zip(digits.chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(digits)?, 16)?;
        }
        Ok(Self(sha256))
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Whose signature a server's chain ends with, and which keys must be in that chain.
#[derive(Debug)]
pub(super) struct Trust {
    roots: Arc<RootCertStore>,
    chain: Arc<WebPkiServerVerifier>,
    pins: Vec<Pin>,
    provider: Arc<CryptoProvider>,
}

/// The certificate authorities in PEM.
pub(super) fn private_roots(pem: &str) -> Result<RootCertStore, BoxError> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        roots.add(certificate?)?;
    }
    if roots.is_empty() {
        return Err("there is no certificate of an authority".into());
    }
    Ok(roots)
}

/// Mozilla's, compiled in.
pub(super) fn public_roots() -> RootCertStore {
    RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }
}

impl Trust {
    /// Several pins are alternatives, and no pins are none that is asked for. They are asked for
    /// beside the chain and the name, never instead.
    pub(super) fn new(
        roots: RootCertStore,
        pins: Vec<Pin>,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Self, BoxError> {
        let roots = Arc::new(roots);
        let chain =
            WebPkiServerVerifier::builder_with_provider(Arc::clone(&roots), Arc::clone(provider));
        Ok(Self { chain: chain.build()?, roots, pins, provider: Arc::clone(provider) })
    }

    /// Asks for a pinned key in a chain that ends at a root. A certificate that was sent along and is
    /// in no such chain counts for nothing, since anybody can send another's.
    fn check_pins(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(), Error> {
        if self.pins.is_empty() {
            return Ok(());
        }
        let has_pin = |path: &VerifiedPath<'_>| {
            let authorities = path.intermediate_certificates().map(Cert::subject_public_key_info);
            let leaf = path.end_entity().subject_public_key_info();
            let mut keys = authorities.chain([leaf, spki_for_anchor(path.anchor())]);
            if keys.any(|key| self.pins.contains(&Pin::of(&key))) {
                Ok(())
            } else {
                Err(webpki::Error::CertDistrusted)
            }
        };
        let algorithms = self.provider.signature_verification_algorithms.all;
        let found = EndEntityCert::try_from(leaf).and_then(|leaf| {
            let usage = KeyUsage::server_auth();
            let roots = &self.roots.roots;
            leaf.verify_for_usage(
                algorithms,
                roots,
                intermediates,
                now,
                usage,
                None,
                Some(&has_pin),
            )
            .map(|_| ())
        });
        found.map_err(|_| Error::General("no certificate of the chain has a pinned key".to_owned()))
    }
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server: &ServerName<'_>,
        staple: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.chain.verify_server_cert(leaf, intermediates, server, staple, now)?;
        self.check_pins(leaf, intermediates, now)?;
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.chain.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.chain.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.chain.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_a_digest() {
        let digits = "AB".repeat(32);
        let pin: Pin = digits.parse().unwrap();
        assert_eq!(format!("{pin:?}"), digits.to_lowercase());
        for bad in ["", "ab", &"ab".repeat(33), &"zz".repeat(32), &"é".repeat(32)] {
            assert!(bad.parse::<Pin>().is_err(), "{bad}");
        }
    }
}
