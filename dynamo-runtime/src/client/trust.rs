use std::fmt;
use std::sync::Arc;

use rustls::RootCertStore;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, TrustAnchor};
use webpki::{CertRevocationList, OwnedCertRevocationList};

use super::certificate;
use super::error::BuildError;
use crate::sha256::Sha256;

/// Which certificates the client accepts: the roots, and pins that narrow them further.
#[derive(Clone)]
pub struct Trust {
    roots: Arc<RootCertStore>,
    kind: Kind,
    pins: Vec<[u8; 32]>,
    revocations: Vec<Arc<CertRevocationList<'static>>>,
    crc: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Amazon,
    PrivateCa,
}

impl Trust {
    /// The five roots of Amazon Trust Services and no other; the default.
    ///
    /// The operating system's store and `SSL_CERT_FILE` have no say.
    pub fn amazon() -> Self {
        let anchors = webpki_roots::TLS_SERVER_ROOTS.iter();
        let roots = anchors.filter(|anchor| AMAZON_ROOTS.contains(&anchor_sha256(anchor)));
        Self::new(Kind::Amazon, roots.cloned().collect())
    }

    /// The certificate authorities in a PEM file, and no public one.
    ///
    /// For a VPC endpoint behind inspection, ScyllaDB Alternator, the local engine, or a partition whose roots are
    /// not those of [`amazon`](Self::amazon).
    ///
    /// # Errors
    /// There is no certificate in the PEM, or one that cannot be parsed or is no authority's.
    pub fn private_ca(pem: impl AsRef<[u8]>) -> Result<Self, BuildError> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem.as_ref()) {
            let certificate = certificate
                .map_err(|_| BuildError::trust("the PEM of the private CA is malformed"))?;
            let is_authority = certificate::is_authority(&certificate);
            roots.add(certificate).map_err(|error| {
                BuildError::trust(format!("a certificate of the private CA is malformed: {error}"))
            })?;
            if !is_authority {
                return Err(BuildError::trust(
                    "a certificate of the private CA is no authority's: give the one that signs the server's",
                ));
            }
        }
        if roots.is_empty() {
            return Err(BuildError::trust("the PEM of the private CA has no certificate"));
        }
        Ok(Self::new(Kind::PrivateCa, roots))
    }

    fn new(kind: Kind, roots: RootCertStore) -> Self {
        let (pins, revocations) = (Vec::new(), Vec::new());
        Self { roots: Arc::new(roots), kind, pins, revocations, crc: true }
    }

    /// Also requires that the server's public key is this one: the SHA-256 of its `SubjectPublicKeyInfo`.
    ///
    /// Several pins are alternatives. A pin never replaces the checks of the chain and the name. Amazon changes its
    /// keys without notice, so pin only what you operate yourself.
    pub fn pin_spki(mut self, sha256: [u8; 32]) -> Self {
        self.pins.push(sha256);
        self
    }

    /// Also refuses what the certificate revocation lists in a PEM file revoke.
    ///
    /// From the first list on, every certificate of a chain must be covered by one that is current, so a chain with
    /// an intermediate authority needs the root's list and the intermediate's. A list that has expired covers nothing:
    /// build a new client with the next one before. Nothing is fetched.
    ///
    /// ```
    /// # use dynamo_runtime::{BuildError, Trust};
    /// fn trust(authority: &[u8], revoked: &[u8]) -> Result<Trust, BuildError> {
    ///     Trust::private_ca(authority)?.revoked_by(revoked)
    /// }
    /// ```
    ///
    /// Source: [RFC 5280, section 6.3](https://www.rfc-editor.org/rfc/rfc5280#section-6.3).
    ///
    /// # Errors
    /// There is no list in the PEM, or one that cannot be parsed.
    pub fn revoked_by(mut self, pem: impl AsRef<[u8]>) -> Result<Self, BuildError> {
        let known = self.revocations.len();
        for list in CertificateRevocationListDer::pem_slice_iter(pem.as_ref()) {
            let list = list.ok().and_then(|der| OwnedCertRevocationList::from_der(&der).ok());
            let list = list
                .ok_or_else(|| BuildError::trust("a certificate revocation list is malformed"))?;
            self.revocations.push(Arc::new(list.into()));
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
        if self.is_amazon() && self.roots.len() != AMAZON_ROOTS.len() {
            return Err(BuildError::trust(
                "the compiled-in roots of Amazon Trust Services are not complete",
            ));
        }
        Ok(())
    }

    pub(super) fn is_amazon(&self) -> bool {
        self.kind == Kind::Amazon
    }

    pub(super) fn name(&self) -> &'static str {
        match self.kind {
            Kind::Amazon => "amazon",
            Kind::PrivateCa => "private_ca",
        }
    }

    pub(super) fn roots(&self) -> Arc<RootCertStore> {
        self.roots.clone()
    }

    pub(super) fn pins(&self) -> &[[u8; 32]] {
        &self.pins
    }

    pub(super) fn revocations(&self) -> &[Arc<CertRevocationList<'static>>] {
        &self.revocations
    }

    pub(super) fn expects_crc(&self) -> bool {
        self.crc
    }
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
    let content = anchor.subject_public_key_info.as_ref();
    let length = content.len().to_be_bytes();
    let leading = length.iter().take_while(|&&byte| byte == 0).count();
    let digits = length.get(leading..).unwrap_or_default();
    let mut hash = Sha256::new();
    hash.update([0x30]);
    if content.len() >= 0x80 {
        // At most 8, so the cast is exact.
        hash.update([0x80 | u8::try_from(digits.len()).unwrap_or_default()]);
    }
    hash.update(digits);
    hash.update(content);
    hash.finish()
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
        let mut found: Vec<_> = trust.roots.roots.iter().map(anchor_sha256).collect();
        let mut published = AMAZON_ROOTS.to_vec();
        found.sort_unstable();
        published.sort_unstable();
        assert_eq!(found, published);
        for anchor in &trust.roots.roots {
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
        Arc::make_mut(&mut trust.roots).roots.pop();
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
        assert_eq!(Trust::amazon().roots.len(), 5);
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
