//! What a server staples to its certificate: the word of its issuer that it is not revoked.
//!
//! Source: [RFC 6960](https://www.rfc-editor.org/rfc/rfc6960), and
//! [RFC 8446, section 4.4.2.1](https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2.1) for how it is stapled.

use std::fmt;

use aws_lc_rs::digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, SHA512};
use rustls_pki_types::{SignatureVerificationAlgorithm, UnixTime};

use super::certificate::der::{
    Der, ENUMERATED, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, Value, constructed, primitive,
    sequence,
};
use super::certificate::public_key::{Signed, key_bits};
use super::certificate::{Certificate, KeyUsage, OCSP_SIGNING, extensions};

/// A `BasicOCSPResponse`, `1.3.6.1.5.5.7.48.1.1`.
const BASIC: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 1, 1];

/// Why a staple says no good of its certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StapleFault {
    /// The certificate demands one, and there is none.
    Missing,
    Malformed,
    /// The responder had no answer.
    NoAnswer,
    OtherCertificate,
    NotSigned,
    Expired,
    NotValidYet,
    Revoked,
    Unknown,
}

impl fmt::Display for StapleFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "its certificate demands a stapled response, and there is none",
            Self::Malformed => "the response stapled to its certificate is malformed",
            Self::NoAnswer => "the response stapled to its certificate is an error",
            Self::OtherCertificate => {
                "the response stapled to its certificate is for another certificate"
            }
            Self::NotSigned => {
                "the response stapled to its certificate is not signed by its issuer, nor by who may in its stead"
            }
            Self::Expired => "the response stapled to its certificate has expired",
            Self::NotValidYet => "the response stapled to its certificate is not valid yet",
            Self::Revoked => "its certificate is revoked, says the response stapled to it",
            Self::Unknown => "its certificate is not known to its issuer, says the response stapled to it",
        })
    }
}

/// Who must have signed, and about what.
pub(super) struct Question<'a> {
    pub(super) server: &'a Certificate<'a>,
    /// The `SubjectPublicKeyInfo` of the issuer.
    pub(super) issuer_key: &'a [u8],
    pub(super) algorithms: &'a [&'a dyn SignatureVerificationAlgorithm],
    pub(super) now: UnixTime,
}

struct OcspResponse<'a> {
    signed: Signed<'a>,
    responder: Value<'a>,
    answers: Vec<SingleResponse<'a>>,
    certificates: Vec<&'a [u8]>,
}

struct SingleResponse<'a> {
    hash: &'a [u8],
    issuer_name: &'a [u8],
    issuer_key: &'a [u8],
    serial: &'a [u8],
    status: u8,
    this_update: UnixTime,
    next_update: Option<UnixTime>,
}

impl Question<'_> {
    /// Until when the certificate is known to be good; nothing where nothing is stapled and nothing need be.
    pub(super) fn check(&self, staple: &[u8]) -> Result<Option<UnixTime>, StapleFault> {
        if staple.is_empty() {
            let is_missing = self.server.must_staple();
            return if is_missing { Err(StapleFault::Missing) } else { Ok(None) };
        }
        let response = OcspResponse::parse(staple)?;
        if !self.is_authorised(&response) {
            return Err(StapleFault::NotSigned);
        }
        let mut good_until = None;
        for answer in response.answers.iter().filter(|it| self.is_about(it)) {
            if self.now < answer.this_update {
                return Err(StapleFault::NotValidYet);
            }
            let until = answer.next_update.filter(|until| self.now <= *until);
            match answer.status {
                GOOD => good_until = Some(until.ok_or(StapleFault::Expired)?),
                // It stays so.
                REVOKED => return Err(StapleFault::Revoked),
                _ => return Err(StapleFault::Unknown),
            }
        }
        good_until.map(Some).ok_or(StapleFault::OtherCertificate)
    }

    fn is_about(&self, answer: &SingleResponse<'_>) -> bool {
        let name = sequence(self.server.issuer);
        let Some(key) = key_bits(self.issuer_key) else {
            return false;
        };
        answer.serial == self.server.serial
            && hashed(answer.hash, &name).as_deref() == Some(answer.issuer_name)
            && hashed(answer.hash, key).as_deref() == Some(answer.issuer_key)
    }

    /// Signed by the issuer itself, or by one to whom it has given that right and nothing more.
    fn is_authorised(&self, response: &OcspResponse<'_>) -> bool {
        let names_issuer = is_responder(response.responder, self.server.issuer, self.issuer_key);
        if names_issuer && response.signed.is_by(self.issuer_key, self.algorithms) {
            return true;
        }
        let certificates = response.certificates.iter().filter_map(|der| Certificate::parse(der));
        certificates.into_iter().any(|responder| {
            responder.issuer == self.server.issuer
                && is_responder(response.responder, responder.subject, responder.public_key)
                && responder.is_valid_at(self.now)
                && responder.algorithm == responder.signed.algorithm
                && responder.signed.is_by(self.issuer_key, self.algorithms)
                && matches!(responder.purposes(), Some(Ok(all)) if all.contains(&OCSP_SIGNING))
                && responder
                    .key_usage()
                    .is_none_or(|it| it.is_ok_and(|it| it.has(KeyUsage::DIGITAL_SIGNATURE)))
                && response.signed.is_by(responder.public_key, self.algorithms)
        })
    }
}

const GOOD: u8 = primitive(0);
const REVOKED: u8 = constructed(1);
const UNKNOWN: u8 = primitive(2);

impl<'a> OcspResponse<'a> {
    fn parse(staple: &'a [u8]) -> Result<Self, StapleFault> {
        let mut outer = Der::only(staple, SEQUENCE).ok_or(StapleFault::Malformed)?;
        let status = outer.expect(ENUMERATED).ok_or(StapleFault::Malformed)?;
        if status.rest() != [0] {
            return Err(StapleFault::NoAnswer);
        }
        Self::parse_basic(outer).ok_or(StapleFault::Malformed)
    }

    fn parse_basic(mut outer: Der<'a>) -> Option<Self> {
        let mut bytes = Der::only(outer.expect(constructed(0))?.rest(), SEQUENCE)?;
        outer.end()?;
        let kind = bytes.expect(OBJECT_IDENTIFIER)?;
        let basic = bytes.expect(OCTET_STRING)?.rest();
        bytes.end()?;
        (kind.rest() == BASIC).then_some(())?;
        let mut basic = Der::only(basic, SEQUENCE)?;
        let signed = Signed::read(&mut basic)?;
        let mut certificates = Vec::new();
        if let Some(list) = basic.optional(constructed(0))? {
            let mut list = Der::only(list.rest(), SEQUENCE)?;
            while !list.is_empty() {
                certificates.push(list.value(SEQUENCE)?.whole);
            }
        }
        basic.end()?;
        let mut fields = Der::only(signed.data, SEQUENCE)?;
        // The first version is the only one.
        if let Some(version) = fields.optional(constructed(0))? {
            (version.rest() == [2, 1, 0]).then_some(())?;
        }
        let responder = fields.next()?;
        fields.time()?;
        let mut list = fields.expect(SEQUENCE)?;
        let mut answers = Vec::new();
        while !list.is_empty() {
            answers.push(SingleResponse::parse(list.expect(SEQUENCE)?)?);
        }
        no_critical_extension(fields.optional(constructed(1))?)?;
        fields.end()?;
        Some(Self { signed, responder, answers, certificates })
    }
}

impl<'a> SingleResponse<'a> {
    fn parse(mut fields: Der<'a>) -> Option<Self> {
        let mut certificate = fields.expect(SEQUENCE)?;
        let hash = certificate.expect(SEQUENCE)?.expect(OBJECT_IDENTIFIER)?.rest();
        let issuer_name = certificate.expect(OCTET_STRING)?.rest();
        let issuer_key = certificate.expect(OCTET_STRING)?.rest();
        let serial = certificate.integer()?;
        certificate.end()?;
        let status = fields.next()?.tag;
        [GOOD, REVOKED, UNKNOWN].contains(&status).then_some(())?;
        let this_update = fields.time()?.at;
        let next_update = match fields.optional(constructed(0))? {
            Some(mut time) => Some(time.time()?.at),
            None => None,
        };
        no_critical_extension(fields.optional(constructed(1))?)?;
        fields.end()?;
        Some(Self { hash, issuer_name, issuer_key, serial, status, this_update, next_update })
    }
}

fn no_critical_extension(list: Option<Der<'_>>) -> Option<()> {
    match list {
        Some(list) => extensions(list)?.iter().all(|it| !it.is_critical).then_some(()),
        None => Some(()),
    }
}

/// Whether a `ResponderID` is that of an owner of this name or this key.
fn is_responder(responder: Value<'_>, name: &[u8], public_key: &[u8]) -> bool {
    const BY_NAME: u8 = constructed(1);
    const BY_KEY: u8 = constructed(2);
    match responder.tag {
        BY_NAME => responder.content == sequence(name),
        BY_KEY => {
            let hash = Der::only(responder.content, OCTET_STRING);
            let key = key_bits(public_key);
            let own = key.map(|key| digest::digest(&SHA1_FOR_LEGACY_USE_ONLY, key));
            matches!((hash, own), (Some(hash), Some(own)) if hash.rest() == own.as_ref())
        }
        _ => false,
    }
}

/// The hash of an answer's `CertID`: it finds the certificate, and the signature alone vouches for it.
fn hashed(algorithm: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let algorithm = match algorithm {
        [0x2b, 0x0e, 3, 2, 0x1a] => &SHA1_FOR_LEGACY_USE_ONLY,
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1] => &SHA256,
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2] => &SHA384,
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3] => &SHA512,
        _ => return None,
    };
    Some(digest::digest(algorithm, bytes).as_ref().to_vec())
}
