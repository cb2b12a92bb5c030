//! Which server is believed: `WebPKI` and the name first, then what it leaves out, then the pins.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::sign::CertifiedKey;
use rustls::{DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use webpki::{
    CertRevocationList, EndEntityCert, ExpirationPolicy, KeyUsage, RevocationCheckDepth,
    RevocationOptions, RevocationOptionsBuilder, UnknownStatusPolicy, VerifiedPath,
};

use super::audit::Auditor;
use super::certificate::Certificate;
use super::endpoint::Authority;
use super::error::BuildError;
use super::expiry::{ExpiryWatch, seconds};
use super::peer::Seen;
use super::profile::fault::Fault;
use super::profile::rules::{
    check_authority, check_critical_extensions, check_names, check_path_length, check_server,
};
use super::profile::{CertificateProfile, Role};
use super::revocation::{self, ParsedRevocationList, may_sign_lists};
use super::staple::Question;
use super::trust::{PinnedKey, Trust, anchor_sha256};
use crate::sha256::sha256;

/// What is required of every server of a client.
#[derive(Debug)]
pub(super) struct Verifier {
    anchors: Arc<RootCertStore>,
    /// The certificates of a private CA's anchors.
    roots: Vec<CertificateDer<'static>>,
    /// The newest list of each series.
    revocations: Vec<Arc<ParsedRevocationList>>,
    pins: Vec<PinnedKey>,
    profile: CertificateProfile,
    algorithms: WebPkiSupportedAlgorithms,
    auditor: Auditor,
    watch: ExpiryWatch,
}

impl Verifier {
    /// Asks of the trust all that can be asked before there is a server.
    ///
    /// # Errors
    /// Something of the trust cannot be used now.
    pub(super) fn new(
        trust: &Trust,
        provider: &CryptoProvider,
        auditor: &Auditor,
        now: UnixTime,
    ) -> Result<Self, BuildError> {
        let profile = trust.certificate_profile();
        check_roots(trust, now)?;
        check_pins(trust.pins(), now)?;
        let revocations = revocation::newest(trust.revocations(), profile, now)?;
        check_issuers_of_lists(&revocations, trust.roots())?;
        Ok(Self {
            anchors: trust.anchors(),
            roots: trust.roots().to_vec(),
            revocations,
            pins: trust.pins().to_vec(),
            profile: profile.clone(),
            algorithms: provider.signature_verification_algorithms,
            auditor: auditor.clone(),
            watch: ExpiryWatch::new(trust, now, auditor),
        })
    }

    /// The lists that count.
    pub(super) fn revocations(&self) -> &[Arc<ParsedRevocationList>] {
        &self.revocations
    }

    /// Believes the chain and what is stapled to it.
    fn check(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server: &ServerName<'_>,
        staple: &[u8],
        now: UnixTime,
    ) -> Result<Seen, Fault> {
        let parsed = EndEntityCert::try_from(leaf).map_err(Fault::Chain)?;
        let certificate = Certificate::parse(leaf).ok_or(Fault::Malformed)?;
        let lists: Vec<_> = self.revocations.iter().map(|it| &it.list).collect();
        let fault = Cell::new(None);
        let lint = |path: &VerifiedPath<'_>| {
            self.check_path(&certificate, path, now).map_err(|found| {
                fault.set(Some(found));
                webpki::Error::CertDistrusted
            })
        };
        let verified = parsed.verify_for_usage(
            self.algorithms.all,
            &self.anchors.roots,
            intermediates,
            now,
            KeyUsage::server_auth(),
            revocation_options(&lists),
            Some(&lint),
        );
        let path = verified.map_err(|error| fault.take().unwrap_or(Fault::Chain(error)))?;
        parsed.verify_is_valid_for_subject_name(server).map_err(|_| Fault::OtherName)?;
        let issuer = path.intermediate_certificates().next().map(webpki::Cert::der);
        let root = self.roots_of(path.anchor()).next();
        let issuer = issuer.as_ref().or(root).and_then(|der| Certificate::parse(der));
        check_server(&self.profile, &certificate, issuer.as_ref())?;
        let public_key = sha256(certificate.public_key);
        if !self.pins.is_empty() && !self.pins.iter().any(|pin| pin.is(&public_key, now)) {
            return Err(Fault::NotPinned);
        }
        let question = Question {
            server: &certificate,
            issuer_key: &path.issuer_spki(),
            algorithms: self.algorithms.all,
            now,
        };
        let staple_until = question.check(staple).map_err(Fault::Staple)?;
        Ok(Seen {
            root_sha256: anchor_sha256(path.anchor()),
            staple_until,
            is_certificate_requested: false,
        })
    }

    /// The certificates of an anchor, which has several where a root was renewed with its key.
    fn roots_of(&self, anchor: &TrustAnchor<'_>) -> impl Iterator<Item = &CertificateDer<'static>> {
        let key = anchor_sha256(anchor);
        let subject = anchor.subject.to_vec();
        self.roots.iter().filter(move |der| {
            Certificate::parse(der)
                .is_some_and(|root| root.subject == subject && sha256(root.public_key) == key)
        })
    }

    /// Asks of a path what webpki does not. Where there is another path, that is tried too.
    fn check_path(
        &self,
        server: &Certificate<'_>,
        path: &VerifiedPath<'_>,
        now: UnixTime,
    ) -> Result<(), Fault> {
        let ders: Vec<_> = path.intermediate_certificates().map(webpki::Cert::der).collect();
        if ders.len() > self.profile.intermediates() {
            return Err(Fault::TooDeep { limit: self.profile.intermediates() });
        }
        let parse = |der| Certificate::parse(der).ok_or(Fault::Malformed);
        let intermediates: Vec<_> =
            ders.iter().map(|der| parse(der)).collect::<Result<_, Fault>>()?;
        self.check_lists(server, &intermediates, now)?;
        let roots: Vec<_> =
            self.roots_of(path.anchor()).filter_map(|der| Certificate::parse(der)).collect();
        if roots.is_empty() {
            // Amazon's, of which there is the name and the key.
            return self.check_below(None, server, &intermediates);
        }
        let mut verdict = Err(Fault::Malformed);
        for root in &roots {
            verdict = check_time_of_root(root, now)
                .and_then(|()| check_path_length(root, &intermediates))
                .and_then(|()| self.check_below(Some(root), server, &intermediates));
            if verdict.is_ok() {
                break;
            }
        }
        verdict
    }

    fn check_below(
        &self,
        root: Option<&Certificate<'_>>,
        server: &Certificate<'_>,
        intermediates: &[Certificate<'_>],
    ) -> Result<(), Fault> {
        let issuers = intermediates.iter().skip(1).map(Some).chain([root]);
        for (authority, issuer) in intermediates.iter().zip(issuers) {
            check_authority(&self.profile, Role::Intermediate, authority, issuer)?;
        }
        let downwards: Vec<_> =
            root.into_iter().chain(intermediates.iter().rev()).chain([server]).collect();
        check_names(&downwards)?;
        match root {
            Some(root) if self.revocations.iter().any(|it| it.issuer == root.subject) => {
                if may_sign_lists(root) {
                    Ok(())
                } else {
                    Err(Fault::RootMayNotSignLists)
                }
            }
            _ => Ok(()),
        }
    }

    /// A number that any list of its issuer has is revoked: webpki looks into one of them.
    fn check_lists(
        &self,
        server: &Certificate<'_>,
        intermediates: &[Certificate<'_>],
        now: UnixTime,
    ) -> Result<(), Fault> {
        for certificate in intermediates.iter().chain([server]) {
            for list in self.revocations.iter().filter(|it| it.issuer == certificate.issuer) {
                if now < list.this_update {
                    return Err(Fault::ListNotValidYet);
                }
                if list.list.find_serial(certificate.serial).map_err(Fault::Chain)?.is_some() {
                    return Err(Fault::Chain(webpki::Error::CertRevoked));
                }
            }
        }
        Ok(())
    }
}

impl PinnedKey {
    fn is(&self, public_key: &[u8; 32], now: UnixTime) -> bool {
        self.sha256 == *public_key && self.is_valid_at(now)
    }

    fn is_valid_at(&self, now: UnixTime) -> bool {
        self.until.is_none_or(|until| now.as_secs() < seconds(until))
    }
}

/// Each root keeps the profile, and one at least is valid at this time.
fn check_roots(trust: &Trust, now: UnixTime) -> Result<(), BuildError> {
    let mut out_of_time = None;
    let mut is_any_valid = false;
    for der in trust.roots() {
        let root = Certificate::parse(der).ok_or(Fault::Malformed).map_err(refuse_root)?;
        check_critical_extensions(&root).map_err(refuse_root)?;
        check_authority(trust.certificate_profile(), Role::Root, &root, None)
            .map_err(refuse_root)?;
        match check_time_of_root(&root, now) {
            Ok(()) => is_any_valid = true,
            Err(fault) => out_of_time = Some(fault),
        }
    }
    match out_of_time {
        Some(fault) if !is_any_valid => Err(refuse_root(fault)),
        _ => Ok(()),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn refuse_root(fault: Fault) -> BuildError {
    BuildError::trust(fault.to_string())
}

fn check_time_of_root(root: &Certificate<'_>, now: UnixTime) -> Result<(), Fault> {
    if now < root.not_before.at {
        return Err(Fault::RootNotValidYet);
    }
    if root.is_valid_at(now) { Ok(()) } else { Err(Fault::RootExpired) }
}

fn check_pins(pins: &[PinnedKey], now: UnixTime) -> Result<(), BuildError> {
    if pins.is_empty() || pins.iter().any(|pin| pin.is_valid_at(now)) {
        return Ok(());
    }
    Err(BuildError::trust("every pinned key has expired"))
}

/// The roots that have signed a list say that they may.
fn check_issuers_of_lists(
    lists: &[Arc<ParsedRevocationList>],
    roots: &[CertificateDer<'static>],
) -> Result<(), BuildError> {
    for list in lists {
        let roots = roots.iter().filter_map(|der| Certificate::parse(der));
        let issuers: Vec<_> = roots.filter(|root| root.subject == list.issuer).collect();
        if !issuers.is_empty() && !issuers.iter().any(may_sign_lists) {
            return Err(BuildError::trust(Fault::RootMayNotSignLists.to_string()));
        }
    }
    Ok(())
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

/// The verifier of one connection, which remembers what it saw.
#[derive(Debug)]
pub(super) struct Witness {
    verifier: Arc<Verifier>,
    authority: Arc<Authority>,
    seen: OnceLock<Seen>,
    is_certificate_requested: AtomicBool,
}

impl Witness {
    pub(super) fn new(verifier: Arc<Verifier>, authority: Arc<Authority>) -> Self {
        let is_certificate_requested = AtomicBool::new(false);
        Self { verifier, authority, seen: OnceLock::new(), is_certificate_requested }
    }

    /// What was seen of the server; nothing before there was a chain that is believed.
    pub(super) fn seen(&self) -> Option<Seen> {
        let is_certificate_requested = self.is_certificate_requested();
        self.seen.get().map(|seen| Seen { is_certificate_requested, ..*seen })
    }

    /// Whether the server has asked for a certificate of the client's.
    pub(super) fn is_certificate_requested(&self) -> bool {
        self.is_certificate_requested.load(Ordering::Relaxed)
    }
}

/// The client has no certificate, and remembers that it was asked for one.
impl ResolvesClientCert for Witness {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.is_certificate_requested.store(true, Ordering::Relaxed);
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server: &ServerName<'_>,
        staple: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.verifier.watch.look(now, &self.verifier.auditor);
        match self.verifier.check(leaf, intermediates, server, staple, now) {
            Ok(seen) => {
                self.seen.get_or_init(|| seen);
                Ok(ServerCertVerified::assertion())
            }
            Err(fault) => {
                let presented = sha256(leaf);
                let auditor = &self.verifier.auditor;
                auditor.connection_refused(&self.authority, &fault, Some(presented));
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

#[cfg(test)]
mod tests;
