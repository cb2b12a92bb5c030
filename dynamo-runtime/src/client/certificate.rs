//! What a certificate says, as the rules of a profile and a private root's own limits are asked of it.
//!
//! webpki reads each certificate of a chain by itself and more leniently; nothing here replaces what it checks.

pub(super) mod constraints;
pub(super) mod der;
pub(super) mod distinguished_name;
pub(super) mod names;
pub(super) mod public_key;

use rustls::server::ParsedCertificate;
use rustls_pki_types::{CertificateDer, UnixTime};

use self::constraints::Constraints;
use self::der::{Der, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, Time, constructed, primitive};
use self::names::GeneralName;
use self::public_key::Signed;
use crate::sha256::sha256;

/// The identifiers of extensions, of which those of X.509 are `2.5.29.n`.
pub(super) const SUBJECT_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 14];
pub(super) const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
pub(super) const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1d, 17];
pub(super) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
pub(super) const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 30];
pub(super) const DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1d, 31];
pub(super) const POLICIES: &[u8] = &[0x55, 0x1d, 32];
pub(super) const POLICY_MAPPINGS: &[u8] = &[0x55, 0x1d, 33];
pub(super) const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1d, 35];
pub(super) const POLICY_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 36];
pub(super) const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];
pub(super) const INHIBIT_ANY_POLICY: &[u8] = &[0x55, 0x1d, 54];
pub(super) const AUTHORITY_INFORMATION: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];
const TLS_FEATURE: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 24];

/// The purposes of a key, which are `1.3.6.1.5.5.7.3.n`.
pub(super) const SERVER_AUTHENTICATION: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
pub(super) const OCSP_SIGNING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 9];

/// The SHA-256 of a certificate's `SubjectPublicKeyInfo`.
pub(super) fn public_key_sha256(
    certificate: &CertificateDer<'_>,
) -> Result<[u8; 32], rustls::Error> {
    let parsed = ParsedCertificate::try_from(certificate)?;
    Ok(sha256(&parsed.subject_public_key_info()))
}

#[derive(Debug)]
pub(super) struct Certificate<'a> {
    /// An `INTEGER`'s content.
    pub(super) serial: &'a [u8],
    /// The content of the `AlgorithmIdentifier` that is signed.
    pub(super) algorithm: &'a [u8],
    /// Names as the content of their `SEQUENCE`.
    pub(super) issuer: &'a [u8],
    pub(super) subject: &'a [u8],
    pub(super) not_before: Time,
    pub(super) not_after: Time,
    /// The `SubjectPublicKeyInfo`.
    pub(super) public_key: &'a [u8],
    pub(super) extensions: Vec<Extension<'a>>,
    pub(super) signed: Signed<'a>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Extension<'a> {
    pub(super) id: &'a [u8],
    pub(super) is_critical: bool,
    pub(super) value: &'a [u8],
}

/// What an extension says: nothing where it is absent, and it may be malformed.
pub(super) type Stated<T> = Option<Result<T, Malformed>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BasicConstraints {
    pub(super) is_authority: bool,
    pub(super) path_length: Option<u32>,
}

/// The bits of a key usage, the first of which is the most significant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeyUsage(u16);

impl KeyUsage {
    pub(super) const DIGITAL_SIGNATURE: u16 = 1 << 15;
    pub(super) const KEY_CERT_SIGN: u16 = 1 << 10;
    pub(super) const CRL_SIGN: u16 = 1 << 9;

    pub(super) fn has(self, bit: u16) -> bool {
        self.0 & bit != 0
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct AuthorityKeyIdentifier<'a> {
    pub(super) key: Option<&'a [u8]>,
    /// Whether it also names the issuer's own issuer or number.
    pub(super) has_more: bool,
}

impl<'a> Certificate<'a> {
    pub(super) fn parse(der: &'a [u8]) -> Option<Self> {
        let mut outer = Der::only(der, SEQUENCE)?;
        let signed = Signed::read(&mut outer)?;
        outer.end()?;
        let mut fields = Der::only(signed.data, SEQUENCE)?;
        // webpki takes version 3 alone, and of roots those without extensions, which are no authority's here.
        fields.optional(constructed(0))?;
        let serial = fields.integer()?;
        let algorithm = fields.expect(SEQUENCE)?.rest();
        let issuer = fields.expect(SEQUENCE)?.rest();
        let mut validity = fields.expect(SEQUENCE)?;
        let (not_before, not_after) = (validity.time()?, validity.time()?);
        validity.end()?;
        let subject = fields.expect(SEQUENCE)?.rest();
        let public_key = fields.value(SEQUENCE)?.whole;
        // Unique identifiers, which nobody has: webpki refuses them, and a root may have them.
        fields.optional(primitive(1))?;
        fields.optional(primitive(2))?;
        let extensions = match fields.optional(constructed(3))? {
            Some(list) => extensions(list)?,
            None => Vec::new(),
        };
        fields.end()?;
        Some(Self {
            serial,
            algorithm,
            issuer,
            subject,
            not_before,
            not_after,
            public_key,
            extensions,
            signed,
        })
    }

    pub(super) fn extension(&self, id: &[u8]) -> Option<&Extension<'a>> {
        self.extensions.iter().find(|it| it.id == id)
    }

    /// What an extension says, where it is there.
    fn stated<T>(&self, id: &[u8], read: impl FnOnce(&'a [u8]) -> Option<T>) -> Stated<T> {
        self.extension(id).map(|it| read(it.value).ok_or(Malformed))
    }

    pub(super) fn is_critical(&self, id: &[u8]) -> bool {
        self.extension(id).is_some_and(|it| it.is_critical)
    }

    pub(super) fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }

    pub(super) fn is_valid_at(&self, now: UnixTime) -> bool {
        self.not_before.at <= now && now <= self.not_after.at
    }

    pub(super) fn basic_constraints(&self) -> Stated<BasicConstraints> {
        self.stated(BASIC_CONSTRAINTS, |value| {
            let mut fields = Der::only(value, SEQUENCE)?;
            let is_authority = fields.flag()?;
            let path_length = if fields.is_empty() { None } else { Some(fields.count()?) };
            fields.end()?;
            Some(BasicConstraints { is_authority, path_length })
        })
    }

    pub(super) fn key_usage(&self) -> Stated<KeyUsage> {
        self.stated(KEY_USAGE, |value| {
            let bits = Der::only(value, der::BIT_STRING)?.rest();
            let (&unused, bytes) = bits.split_first()?;
            let word = match *bytes {
                [first] => u16::from(first) << 8,
                [first, second] => u16::from(first) << 8 | u16::from(second),
                _ => return None,
            };
            // One usage at least, and no zeros after the last one.
            let last = *bytes.last()?;
            (last != 0 && last.trailing_zeros() == u32::from(unused)).then_some(KeyUsage(word))
        })
    }

    pub(super) fn purposes(&self) -> Stated<Vec<&'a [u8]>> {
        self.stated(EXTENDED_KEY_USAGE, |value| identifiers(Der::only(value, SEQUENCE)?))
    }

    pub(super) fn names(&self) -> Stated<Vec<GeneralName<'a>>> {
        self.stated(ALTERNATIVE_NAMES, GeneralName::list)
    }

    pub(super) fn name_constraints(&self) -> Stated<Constraints<'a>> {
        self.stated(NAME_CONSTRAINTS, Constraints::parse)
    }

    pub(super) fn subject_key_identifier(&self) -> Stated<&'a [u8]> {
        self.stated(SUBJECT_KEY_IDENTIFIER, |value| {
            let key = Der::only(value, OCTET_STRING)?.rest();
            (!key.is_empty()).then_some(key)
        })
    }

    pub(super) fn authority_key_identifier(&self) -> Stated<AuthorityKeyIdentifier<'a>> {
        self.stated(AUTHORITY_KEY_IDENTIFIER, |value| {
            let mut fields = Der::only(value, SEQUENCE)?;
            let key = fields.optional(primitive(0))?.map(|it| it.rest());
            let has_more = !fields.is_empty();
            fields.optional(constructed(1))?;
            fields.optional(primitive(2))?;
            fields.end()?;
            Some(AuthorityKeyIdentifier { key, has_more })
        })
    }

    /// Whether it asks for a stapled response, of which a client that gets none must think the worst.
    ///
    /// Source: [RFC 7633](https://www.rfc-editor.org/rfc/rfc7633).
    pub(super) fn must_staple(&self) -> bool {
        const STATUS_REQUEST: [&[u8]; 2] = [&[5], &[17]];
        let features = self.stated(TLS_FEATURE, |value| {
            let mut features = Der::only(value, SEQUENCE)?;
            let mut must_staple = false;
            while !features.is_empty() {
                must_staple |= STATUS_REQUEST.contains(&features.integer()?);
            }
            Some(must_staple)
        });
        // One that cannot be read is believed to ask.
        features.is_some_and(|it| it.unwrap_or(true))
    }
}

/// Identifiers until the end, of which there is one at least.
pub(super) fn identifiers(mut list: Der<'_>) -> Option<Vec<&[u8]>> {
    let mut identifiers = Vec::new();
    while !list.is_empty() {
        identifiers.push(list.expect(OBJECT_IDENTIFIER)?.rest());
    }
    (!identifiers.is_empty()).then_some(identifiers)
}

/// The extensions of what is in a certificate's `[3]` or in a list's `[0]`.
pub(super) fn extensions(mut list: Der<'_>) -> Option<Vec<Extension<'_>>> {
    let mut sequence = list.expect(SEQUENCE)?;
    list.end()?;
    let mut extensions = Vec::new();
    while !sequence.is_empty() {
        let mut fields = sequence.expect(SEQUENCE)?;
        let id = fields.expect(OBJECT_IDENTIFIER)?.rest();
        let is_critical = fields.flag()?;
        let value = fields.expect(OCTET_STRING)?.rest();
        fields.end()?;
        extensions.push(Extension { id, is_critical, value });
    }
    Some(extensions)
}

#[cfg(test)]
mod tests;
