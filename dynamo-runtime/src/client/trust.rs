use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use rustls::RootCertStore;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, TrustAnchor};

use super::certificate::der::sequence;
use super::certificate::{Certificate, KeyUsage};
use super::error::BuildError;
use super::profile::CertificateProfile;
use super::revocation::ParsedRevocationList;
use crate::sha256::sha256;

/// Which certificates the client accepts: the roots, and pins, lists and a profile that narrow them further.
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// use std::time::SystemTime;
///
/// use dynamo_runtime::client::CertificateProfile;
/// use dynamo_runtime::{Endpoint, Trust};
///
/// let peer = User::get(User::key("ann")).send_with_metadata(&client).await?.peer.ok_or("nobody answered")?;
/// let next_year = SystemTime::now() + Duration::from_secs(365 * 86_400);
/// let trust = Trust::private_ca(engine.ca_pem())?
///     .pin_spki(*peer.public_key_sha256())
///     .pin_spki_until([7; 32], next_year) // the key that comes after it
///     .profile(CertificateProfile::standard().max_intermediates(0))
///     .without_crc();
/// let client = SecureClient::builder()
///     .region(Region::US_EAST_1)
///     .credentials(Credentials::fixed(engine.access_key_id(), engine.secret_access_key(), None))
///     .endpoint(Endpoint::compatible(engine.host(), engine.port())?)
///     .trust(trust)
///     .build()
///     .await?;
/// assert_eq!(User::get(User::key("ann")).send(&client).await?, Some(ann));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Trust {
    anchors: Arc<RootCertStore>,
    /// The certificates of a private CA's anchors.
    roots: Vec<CertificateDer<'static>>,
    kind: TrustKind,
    pins: Vec<PinnedKey>,
    revocations: Vec<Arc<ParsedRevocationList>>,
    profile: CertificateProfile,
    crc: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TrustKind {
    Amazon,
    PrivateCa,
}

/// A public key by its hash, and when it is trusted no longer.
#[derive(Clone, Copy, Debug)]
pub(super) struct PinnedKey {
    pub(super) sha256: [u8; 32],
    pub(super) until: Option<SystemTime>,
}

impl Trust {
    /// The five roots of Amazon Trust Services and no other; the default.
    ///
    /// The operating system's store and `SSL_CERT_FILE` have no say.
    ///
    /// ```
    /// use dynamo_runtime::{Credentials, Region, SecureClient, Trust};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let client = SecureClient::builder()
    ///     .region(Region::EU_CENTRAL_1)
    ///     .credentials(Credentials::fixed("AKIDEXAMPLE", "secret", None))
    ///     .trust(Trust::amazon()) // as without this line
    ///     .build()
    ///     .await;
    /// assert!(client.is_ok());
    /// # }
    /// ```
    pub fn amazon() -> Self {
        let anchors = webpki_roots::TLS_SERVER_ROOTS.iter();
        let anchors = anchors.filter(|anchor| AMAZON_ROOTS.contains(&anchor_sha256(anchor)));
        Self::new(TrustKind::Amazon, anchors.cloned().collect(), Vec::new())
    }

    /// The certificate authorities in a PEM file, and no public one.
    ///
    /// For a VPC endpoint behind inspection, ScyllaDB Alternator, the local engine, or a partition whose roots are
    /// not those of [`amazon`](Self::amazon).
    ///
    /// What a root says of itself holds as what the certificates below it say: its times, its usages, its path length,
    /// its name constraints, its critical extensions. `build` refuses one that breaks a [rule](super::CertificateRule) of the
    /// profile, and trust of which every root is out of its time; each handshake asks again, for a root may expire
    /// while the program runs. Weeks before, an audit event tells of it.
    ///
    /// # Errors
    /// There is no certificate in the PEM, or one that cannot be parsed or is no authority's.
    pub fn private_ca(pem: impl AsRef<[u8]>) -> Result<Self, BuildError> {
        let mut anchors = RootCertStore::empty();
        let mut roots = Vec::new();
        for certificate in CertificateDer::pem_slice_iter(pem.as_ref()) {
            let certificate = certificate
                .map_err(|_| BuildError::trust("the PEM of the private CA is malformed"))?;
            anchors.add(certificate.clone()).map_err(|error| {
                BuildError::trust(format!("a certificate of the private CA is malformed: {error}"))
            })?;
            let parsed = Certificate::parse(&certificate).ok_or_else(|| {
                BuildError::trust("a certificate of the private CA is malformed: it is no DER")
            })?;
            if !is_authority(&parsed) {
                return Err(BuildError::trust(
                    "a certificate of the private CA is no authority's: give the one that signs the server's",
                ));
            }
            roots.push(certificate);
        }
        if roots.is_empty() {
            return Err(BuildError::trust("the PEM of the private CA has no certificate"));
        }
        // All of a root's name constraints are asked of its own certificate; webpki knows only two kinds.
        for anchor in &mut anchors.roots {
            anchor.name_constraints = None;
        }
        Ok(Self::new(TrustKind::PrivateCa, anchors, roots))
    }

    fn new(kind: TrustKind, anchors: RootCertStore, roots: Vec<CertificateDer<'static>>) -> Self {
        Self {
            anchors: Arc::new(anchors),
            roots,
            kind,
            pins: Vec::new(),
            revocations: Vec::new(),
            profile: CertificateProfile::standard(),
            crc: true,
        }
    }

    /// Also requires that the server's public key is this one: the SHA-256 of its `SubjectPublicKeyInfo`.
    ///
    /// Several pins are alternatives. A pin never replaces the checks of the chain and the name. Amazon changes its
    /// keys without notice, so pin only what you operate yourself.
    pub fn pin_spki(mut self, sha256: [u8; 32]) -> Self {
        self.pins.push(PinnedKey { sha256, until: None });
        self
    }

    /// A [pin](Self::pin_spki) that is trusted until a time, such as the end of the key's certificate.
    ///
    /// An audit event tells of that time weeks before. `build` refuses pins that have all expired.
    pub fn pin_spki_until(mut self, sha256: [u8; 32], until: SystemTime) -> Self {
        self.pins.push(PinnedKey { sha256, until: Some(until) });
        self
    }

    /// What a chain must be like; [`CertificateProfile::standard`] by default, for both kinds of trust.
    pub fn profile(mut self, profile: CertificateProfile) -> Self {
        self.profile = profile;
        self
    }

    /// Also refuses what the certificate revocation lists in a PEM file revoke.
    ///
    /// From the first list on, every certificate of a chain must be covered by one that is current, so a chain with
    /// an intermediate authority needs the root's list and the intermediate's. Of several lists of one issuer the
    /// newest counts, by its number and its time, in whatever order they are given. `build` refuses one that is not
    /// valid yet or has expired, lists that contradict each other, and one of a root that may not sign lists; what
    /// expires while the program runs covers nothing any more, and an audit event tells of it before. Build a new
    /// client with the next list in time: nothing is fetched.
    ///
    /// ```
    /// # use dynamo_runtime::client::BuildError;
    /// # use dynamo_runtime::Trust;
    /// fn trust(authority: &[u8], revoked: &[u8]) -> Result<Trust, BuildError> {
    ///     Trust::private_ca(authority)?.revoked_by(revoked)
    /// }
    ///
    /// assert!(Trust::amazon().revoked_by("no list").is_err());
    /// ```
    ///
    /// Source: [RFC 5280, section 6.3](https://www.rfc-editor.org/rfc/rfc5280#section-6.3).
    ///
    /// # Errors
    /// There is no list in the PEM, or one that cannot be parsed.
    pub fn revoked_by(mut self, pem: impl AsRef<[u8]>) -> Result<Self, BuildError> {
        let known = self.revocations.len();
        for list in CertificateRevocationListDer::pem_slice_iter(pem.as_ref()) {
            let list = list.ok().and_then(|der| ParsedRevocationList::parse(&der));
            let list = list
                .ok_or_else(|| BuildError::trust("a certificate revocation list is malformed"))?;
            self.revocations.push(Arc::new(list));
        }
        if self.revocations.len() == known {
            return Err(BuildError::trust("the PEM has no certificate revocation list"));
        }
        Ok(self)
    }

    /// Accepts successful responses without `x-amz-crc32`, from an engine that sends none.
    ///
    /// Where the header is there, it is still verified. Only with [`Trust::private_ca`].
    pub fn without_crc(mut self) -> Self {
        self.crc = false;
        self
    }

    pub(super) fn validate(&self) -> Result<(), BuildError> {
        if self.is_amazon() && !self.crc {
            return Err(BuildError::trust(
                "DynamoDB sends `x-amz-crc32`: `without_crc` is for a private CA",
            ));
        }
        if self.is_amazon() && self.anchors.len() != AMAZON_ROOTS.len() {
            return Err(BuildError::trust(
                "the compiled-in roots of Amazon Trust Services are not complete",
            ));
        }
        Ok(())
    }

    pub(super) fn is_amazon(&self) -> bool {
        self.kind == TrustKind::Amazon
    }

    pub(super) fn name(&self) -> &'static str {
        match self.kind {
            TrustKind::Amazon => "amazon",
            TrustKind::PrivateCa => "private_ca",
        }
    }

    pub(super) fn anchors(&self) -> Arc<RootCertStore> {
        self.anchors.clone()
    }

    /// The roots' own certificates, which are not known of Amazon's.
    pub(super) fn roots(&self) -> &[CertificateDer<'static>] {
        &self.roots
    }

    pub(super) fn pins(&self) -> &[PinnedKey] {
        &self.pins
    }

    pub(super) fn revocations(&self) -> &[Arc<ParsedRevocationList>] {
        &self.revocations
    }

    pub(super) fn certificate_profile(&self) -> &CertificateProfile {
        &self.profile
    }

    pub(super) fn expects_crc(&self) -> bool {
        self.crc
    }
}

/// Whether a root is an authority's, and none that may not sign certificates.
fn is_authority(root: &Certificate<'_>) -> bool {
    matches!(root.basic_constraints(), Some(Ok(it)) if it.is_authority)
        && root.key_usage().is_none_or(|it| it.is_ok_and(|it| it.has(KeyUsage::KEY_CERT_SIGN)))
}

impl Default for Trust {
    fn default() -> Self {
        Self::amazon()
    }
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trust")
            .field("roots", &self.name())
            .field("pins", &self.pins.len())
            .field("revocation_lists", &self.revocations.len())
            .finish_non_exhaustive()
    }
}

/// The hash that Amazon publishes for a root; an anchor holds the key without its outer `SEQUENCE` header.
pub(super) fn anchor_sha256(anchor: &TrustAnchor<'_>) -> [u8; 32] {
    sha256(&sequence(&anchor.subject_public_key_info))
}

/// Amazon Root CA 1 to 4 and Starfield Services Root CA - G2, by the SHA-256 of their public keys.
const AMAZON_ROOTS: [[u8; 32]; 5] = [
    hex(b"fbe3018031f9586bcbf41727e417b7d1c45c2f47f93be372a17b96b50757d5a2"),
    hex(b"7f4296fc5b6a4e3b35d3c369623e364ab1af381d8fa7121533c9d6c633ea2461"),
    hex(b"36abc32656acfc645c61b71613c4bf21c787f5cabbee48348d58597803d7abc9"),
    hex(b"f7ecded5c66047d28ed6466b543c40e0743abe81d109254dcf845d4c2c7853c5"),
    hex(b"2b071c59a0a0ae76b0eadb2bad23bad4580b69c3601b630c2eaf0613afa83f92"),
];

#[expect(clippy::indexing_slicing, reason = "evaluated when it is compiled")]
const fn hex(digits: &[u8; 64]) -> [u8; 32] {
    const fn value(digit: u8) -> u8 {
        match digit {
            b'0'..=b'9' => digit - b'0',
            _ => digit - b'a' + 10,
        }
    }
    let mut bytes = [0; 32];
    let mut index = 0;
    while index < bytes.len() {
        bytes[index] = value(digits[2 * index]) << 4 | value(digits[2 * index + 1]);
        index += 1;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sha256::sha256;

    #[test]
    fn amazon_is_its_five_roots_and_nothing_else() {
        let trust = Trust::amazon();
        trust.validate().unwrap();
        let mut found: Vec<_> = trust.anchors.roots.iter().map(anchor_sha256).collect();
        let mut published = AMAZON_ROOTS.to_vec();
        found.sort_unstable();
        published.sort_unstable();
        assert_eq!(found, published);
        for anchor in &trust.anchors.roots {
            let subject = String::from_utf8_lossy(&anchor.subject).into_owned();
            assert!(
                subject.contains("Amazon") || subject.contains("Starfield Services"),
                "{subject}"
            );
        }
    }

    #[test]
    fn amazon_without_one_of_its_roots_is_refused() {
        let mut trust = Trust::amazon();
        Arc::make_mut(&mut trust.anchors).roots.pop();
        assert!(trust.validate().unwrap_err().is_trust());
    }

    #[test]
    fn an_anchors_key_is_hashed_with_the_header_that_it_has_in_der() {
        for (length, header) in [
            (1, &[0x30, 1][..]),
            (127, &[0x30, 127]),
            (128, &[0x30, 0x81, 128]),
            (255, &[0x30, 0x81, 255]),
            (256, &[0x30, 0x82, 1, 0]),
        ] {
            let content = vec![7; length];
            let anchor = TrustAnchor {
                subject: Vec::new().into(),
                subject_public_key_info: content.clone().into(),
                name_constraints: None,
            };
            let expected = sha256(&[header, &content].concat());
            assert_eq!(anchor_sha256(&anchor), expected, "{length}");
        }
    }

    #[test]
    fn the_public_roots_have_no_other_root_of_amazons() {
        let is_amazons = |anchor: &&TrustAnchor<'_>| {
            let subject = String::from_utf8_lossy(&anchor.subject);
            subject.contains("Amazon") || subject.contains("Starfield Services")
        };
        let found = webpki_roots::TLS_SERVER_ROOTS.iter().filter(is_amazons);
        assert_eq!(found.count(), AMAZON_ROOTS.len(), "Amazon's roots have changed");
    }

    #[test]
    fn the_public_roots_have_others_that_are_left_out() {
        assert!(webpki_roots::TLS_SERVER_ROOTS.len() > 100);
        assert_eq!(Trust::amazon().anchors.len(), 5);
    }

    #[test]
    fn the_crc_may_be_waived_for_a_private_ca_only() {
        assert!(Trust::amazon().without_crc().validate().unwrap_err().is_trust());
    }

    #[test]
    fn a_private_ca_needs_a_certificate() {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::default();
        let of_nobody = params.self_signed(&key).unwrap().pem();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let authority = params.self_signed(&key).unwrap().pem();
        assert_eq!(Trust::private_ca(&authority).unwrap().roots.len(), 1);
        let both = format!("{authority}{of_nobody}");
        let malformed = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for pem in ["", "nothing", malformed, &key.serialize_pem(), &of_nobody, &both] {
            assert!(Trust::private_ca(pem).unwrap_err().is_trust(), "{pem:?} was accepted");
        }
    }

    #[test]
    fn a_root_is_an_authority() {
        use rcgen::{BasicConstraints, IsCa, KeyUsagePurpose};
        let root = |is_ca: IsCa, usages: Vec<KeyUsagePurpose>| {
            let mut params = rcgen::CertificateParams::default();
            params.is_ca = is_ca;
            params.key_usages = usages;
            let root = params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
            Trust::private_ca(root.pem()).is_ok()
        };
        let ca = || IsCa::Ca(BasicConstraints::Constrained(3));
        assert!(root(ca(), vec![]));
        assert!(root(ca(), vec![KeyUsagePurpose::KeyCertSign]));
        assert!(!root(ca(), vec![KeyUsagePurpose::DigitalSignature]));
        assert!(!root(IsCa::NoCa, vec![]));
        assert!(!root(IsCa::ExplicitNoCa, vec![KeyUsagePurpose::KeyCertSign]));
    }

    #[test]
    fn debug_tells_the_roots_and_how_many_pins() {
        let shown = format!("{:?}", Trust::amazon().pin_spki([7; 32]));
        assert_eq!(shown, "Trust { roots: \"amazon\", pins: 1, revocation_lists: 0, .. }");
    }

    #[test]
    fn a_revocation_list_is_one_that_can_be_read() {
        let malformed = "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n";
        for pem in ["", "nothing", malformed] {
            assert!(
                Trust::amazon().revoked_by(pem).unwrap_err().is_trust(),
                "{pem:?} was accepted"
            );
        }
    }
}
