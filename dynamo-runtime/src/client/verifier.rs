//! Which server is believed: `WebPKI` and the name first, then what it leaves out, then the pins.

use std::fmt;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use sha2::{Digest, Sha256};

use super::audit::Auditor;
use super::certificate;
use super::endpoint::Authority;
use super::error::BuildError;
use super::trust::Trust;

#[derive(Debug)]
pub(super) struct Verifier {
    webpki: Arc<WebPkiServerVerifier>,
    pins: Vec<[u8; 32]>,
    authority: Authority,
    auditor: Auditor,
}

impl Verifier {
    pub(super) fn new(
        trust: &Trust,
        provider: Arc<CryptoProvider>,
        authority: &Authority,
        auditor: &Auditor,
    ) -> Result<Self, BuildError> {
        let webpki = WebPkiServerVerifier::builder_with_provider(trust.roots(), provider)
            .build()
            .map_err(|error| BuildError::trust(error.to_string()))?;
        let (authority, auditor) = (authority.clone(), auditor.clone());
        Ok(Self { webpki, pins: trust.pins().to_vec(), authority, auditor })
    }

    fn check(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.webpki.verify_server_cert(leaf, intermediates, server, &[], now)?;
        if !certificate::allows_server_authentication(leaf) {
            return Err(Fault::NotForServers.into());
        }
        if !intermediates.iter().all(|it| certificate::allows_signing_certificates(it)) {
            return Err(Fault::IntermediateMayNotSign.into());
        }
        // Only the leaf: the server picks the intermediates, and may add one that is in no verified path.
        if !self.pins.is_empty() && !self.pins.contains(&certificate::public_key_sha256(leaf)?) {
            return Err(Fault::NotPinned.into());
        }
        Ok(verified)
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.check(leaf, intermediates, server, now).inspect_err(|error| {
            let presented = Sha256::digest(leaf).into();
            self.auditor.connection_refused(&self.authority, error, Some(presented));
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.webpki.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.webpki.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.webpki.supported_verify_schemes()
    }
}

/// What this verifier refuses beyond `WebPKI`.
#[derive(Debug)]
enum Fault {
    NotForServers,
    IntermediateMayNotSign,
    NotPinned,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotForServers => "the certificate does not say that it is for servers",
            Self::IntermediateMayNotSign => "an intermediate certificate may not sign certificates",
            Self::NotPinned => "the server's public key is not one of the pins",
        })
    }
}

impl std::error::Error for Fault {}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(fault))))
    }
}
