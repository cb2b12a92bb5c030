//! Which server is believed: `WebPKI` and the name first, then what it leaves out, then the pins.

use std::cell::Cell;
use std::fmt;
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use webpki::{
    CertRevocationList, EndEntityCert, ExpirationPolicy, KeyUsage, RevocationCheckDepth,
    RevocationOptions, RevocationOptionsBuilder, UnknownStatusPolicy, VerifiedPath,
};

use super::audit::Auditor;
use super::certificate;
use super::endpoint::Authority;
use super::trust::{Trust, anchor_sha256};
use crate::sha256::sha256;

/// What is required of every server of a client.
#[derive(Debug)]
pub(super) struct Verifier {
    roots: Arc<RootCertStore>,
    revocations: Vec<Arc<CertRevocationList<'static>>>,
    pins: Vec<[u8; 32]>,
    algorithms: WebPkiSupportedAlgorithms,
    authority: Authority,
    auditor: Auditor,
}

impl Verifier {
    pub(super) fn new(
        trust: &Trust,
        provider: &CryptoProvider,
        authority: &Authority,
        auditor: &Auditor,
    ) -> Self {
        Self {
            roots: trust.roots(),
            revocations: trust.revocations().to_vec(),
            pins: trust.pins().to_vec(),
            algorithms: provider.signature_verification_algorithms,
            authority: authority.clone(),
            auditor: auditor.clone(),
        }
    }

    /// Believes the chain, and gives the hash of the public key of the root that it ends in.
    fn check(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<[u8; 32], Fault> {
        let parsed = EndEntityCert::try_from(leaf).map_err(Fault::Chain)?;
        let lists: Vec<_> = self.revocations.iter().map(|list| &**list).collect();
        let fault = Cell::new(None);
        let lint = |path: &VerifiedPath<'_>| {
            check_path(path).map_err(|found| {
                fault.set(Some(found));
                webpki::Error::CertDistrusted
            })
        };
        let verified = parsed.verify_for_usage(
            self.algorithms.all,
            &self.roots.roots,
            intermediates,
            now,
            KeyUsage::server_auth(),
            revocation_options(&lists),
            Some(&lint),
        );
        let path = verified.map_err(|error| fault.take().unwrap_or(Fault::Chain(error)))?;
        parsed.verify_is_valid_for_subject_name(server).map_err(|_| Fault::OtherName)?;
        let public_key = parsed.subject_public_key_info();
        check_leaf(leaf, &public_key)?;
        if !self.pins.is_empty() && !self.pins.contains(&sha256(&public_key)) {
            return Err(Fault::NotPinned);
        }
        Ok(anchor_sha256(path.anchor()))
    }
}

/// Each certificate of the chain must be covered by a list that is given and current, if one is.
fn revocation_options<'a>(
    lists: &'a [&'a CertRevocationList<'a>],
) -> Option<RevocationOptions<'a>> {
    let builder = RevocationOptionsBuilder::new(lists).ok()?;
    let builder = builder
        .with_depth(RevocationCheckDepth::Chain)
        .with_status_policy(UnknownStatusPolicy::Deny)
        .with_expiration_policy(ExpirationPolicy::Enforce);
    Some(builder.build())
}

fn check_path(path: &VerifiedPath<'_>) -> Result<(), Fault> {
    let may_sign = |der: &[u8]| certificate::allows_signing_certificates(der);
    if path.intermediate_certificates().all(|it| may_sign(&it.der())) {
        Ok(())
    } else {
        Err(Fault::IntermediateMayNotSign)
    }
}

fn check_leaf(leaf: &[u8], public_key: &[u8]) -> Result<(), Fault> {
    if !certificate::allows_server_authentication(leaf) {
        return Err(Fault::NotForServers);
    }
    if !certificate::allows_signing_handshakes(leaf) {
        return Err(Fault::LeafMayNotSign);
    }
    if certificate::is_weak_rsa_key(public_key) {
        return Err(Fault::WeakKey);
    }
    Ok(())
}

/// The verifier of one connection, which remembers the root.
#[derive(Debug)]
pub(super) struct Witness {
    verifier: Arc<Verifier>,
    root: OnceLock<[u8; 32]>,
}

impl Witness {
    pub(super) fn new(verifier: Arc<Verifier>) -> Self {
        Self { verifier, root: OnceLock::new() }
    }

    /// The hash of the public key of the root that the chain ends in; nothing before there was a chain.
    pub(super) fn root(&self) -> Option<[u8; 32]> {
        self.root.get().copied()
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match self.verifier.check(leaf, intermediates, server, now) {
            Ok(root) => {
                self.root.get_or_init(|| root);
                Ok(ServerCertVerified::assertion())
            }
            Err(fault) => {
                let presented = sha256(leaf);
                let Verifier { authority, auditor, .. } = &*self.verifier;
                auditor.connection_refused(authority, &fault, Some(presented));
                Err(fault.into())
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.verifier.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.verifier.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.algorithms.supported_schemes()
    }
}

/// Why a chain is not believed.
///
/// The server chooses what its certificates say, so no word of theirs is repeated.
#[derive(Clone, Debug)]
pub(super) enum Fault {
    Chain(webpki::Error),
    OtherName,
    NotForServers,
    LeafMayNotSign,
    WeakKey,
    IntermediateMayNotSign,
    NotPinned,
}

impl Fault {
    /// What the verifier has told of already.
    pub(super) fn of(error: &Error) -> Option<&Self> {
        match error {
            Error::InvalidCertificate(CertificateError::Other(OtherError(cause))) => {
                cause.downcast_ref()
            }
            _ => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chain(error) => return write_chain_fault(error, f),
            Self::OtherName => "its certificate is for another name",
            Self::NotForServers => "its certificate does not say that it is for servers",
            Self::LeafMayNotSign => "its certificate's key may not sign a handshake",
            Self::WeakKey => "its certificate's RSA key has less than 2048 bits",
            Self::IntermediateMayNotSign => {
                "an intermediate certificate does not say that it may sign certificates"
            }
            Self::NotPinned => "its public key is not one of the pins",
        })
    }
}

fn write_chain_fault(error: &webpki::Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    use webpki::Error as E;
    f.write_str(match error {
        E::CertExpired { .. } => "a certificate of its chain has expired",
        E::CertNotValidYet { .. } => "a certificate of its chain is not valid yet",
        E::UnknownIssuer => "no root that is trusted has signed its chain",
        E::InvalidSignatureForPublicKey => "a signature of its chain is wrong",
        E::CaUsedAsEndEntity => "its certificate is an authority's",
        E::EndEntityUsedAsCa => {
            "a certificate of its chain is signed by one that is no authority's"
        }
        E::NameConstraintViolation => "an authority of its chain may not speak for its name",
        E::PathLenConstraintViolated => "its chain is longer than an authority of it allows",
        E::UnsupportedCriticalExtension => {
            "a certificate of its chain has a critical extension that is not known"
        }
        E::UnsupportedCertVersion => "a certificate of its chain is not of X.509 version 3",
        E::RequiredEkuNotFoundContext(_) => "a certificate of its chain is not for servers",
        E::UnsupportedSignatureAlgorithmContext(_)
        | E::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            "a signature of its chain is of an algorithm that is not accepted"
        }
        E::CertRevoked => "a certificate of its chain is revoked",
        E::UnknownRevocationStatus => {
            "a certificate of its chain is covered by none of the revocation lists"
        }
        E::CrlExpired { .. } => "a revocation list has expired: give the current one",
        E::InvalidCrlSignatureForPublicKey | E::IssuerNotCrlSigner => {
            "a revocation list is not signed by the authority that it names"
        }
        E::MaximumPathBuildCallsExceeded
        | E::MaximumPathDepthExceeded
        | E::MaximumSignatureChecksExceeded
        | E::MaximumNameConstraintComparisonsExceeded => "its chain is too much to verify",
        _ => "a certificate of its chain is malformed",
    })
}

impl std::error::Error for Fault {}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(fault))))
    }
}
