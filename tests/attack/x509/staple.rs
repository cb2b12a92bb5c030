//! Responses that a server staples to its certificate.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use rcgen::KeyPair;
use sha2::{Digest, Sha256};

use super::chain::{Chain, Draft, signed};
use super::der::{bytes, constructed, flag, generalized, integer, oid, primitive, sequence, value};
use super::{PURPOSES, purpose};

#[derive(Clone, Copy)]
pub enum Status {
    Good,
    Revoked,
    Unknown,
}

/// A response about the server of a chain, right unless it is changed.
pub struct Staple {
    pub status: Status,
    pub this_update: Vec<u8>,
    pub next_update: Option<Vec<u8>>,
    pub serial: Option<Vec<u8>>,
    /// Of another issuer's name, or of another issuer's key.
    pub issuer_name: Option<Vec<u8>>,
    pub issuer_key: Option<Vec<u8>>,
    /// A key that signs in the place of the issuer's, under the issuer's name.
    pub forger: Option<Arc<KeyPair>>,
    /// One who signs in the issuer's stead, and who has signed their certificate.
    pub delegate: Option<(Draft, Signer)>,
    /// The name that it is signed in, where it is another than the signer's.
    pub responder: Option<Vec<u8>>,
    pub is_by_key: bool,
    /// Whose key it is signed by, it says, where that is another than the signer's.
    pub responder_key: Option<Draft>,
    /// The hash by which it names its issuer: the identifier, and what it gives.
    pub hash: (&'static [u64], Hash),
    /// In place of the kind of status that it would have.
    pub status_value: Option<Vec<u8>>,
    /// What is put into a part of it.
    pub more: Option<(Part, Vec<u8>)>,
    /// The status of the whole response; 0 is success.
    pub response_status: u8,
    /// What is done to the bytes at last.
    pub damage: fn(&mut Vec<u8>),
}

/// A part of a response: more stands at its end, but for a version.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Whole,
    Bytes,
    Basic,
    /// Before what is signed.
    Version,
    Data,
    Answer,
    CertificateId,
}

pub type Hash = fn(&[u8]) -> Vec<u8>;

const SHA256: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 2, 1];

pub enum Signer {
    Issuer,
    Root,
    Itself,
}

impl Staple {
    pub fn new(status: Status) -> Self {
        Self {
            status,
            this_update: generalized("20200101000000Z"),
            next_update: Some(generalized("21200101000000Z")),
            serial: None,
            issuer_name: None,
            issuer_key: None,
            forger: None,
            delegate: None,
            responder: None,
            is_by_key: false,
            responder_key: None,
            hash: (SHA256, |bytes| Sha256::digest(bytes).to_vec()),
            status_value: None,
            more: None,
            response_status: 0,
            damage: |_| {},
        }
    }

    /// By one whose certificate the issuer has signed for this.
    pub fn delegated() -> Self {
        let mut delegate = Draft::server("responder.example");
        delegate.subject = super::name("a responder");
        delegate.set(&PURPOSES, false, sequence(&[&oid(&purpose(9))]));
        Self { delegate: Some((delegate, Signer::Issuer)), ..Self::new(Status::Good) }
    }

    pub fn der(&self, chain: &Chain) -> Vec<u8> {
        let issuer = chain.issuer();
        let (algorithm, hash) = self.hash;
        let more = |part: Part| match &self.more {
            Some((of, more)) if *of == part => more.as_slice(),
            _ => &[],
        };
        let name = self.issuer_name.clone().unwrap_or_else(|| issuer.subject.clone());
        let key = self.issuer_key.clone().unwrap_or_else(|| key_bits(issuer));
        let certificate = sequence(&[
            &sequence(&[&oid(algorithm)]),
            &bytes(&hash(&name)),
            &bytes(&hash(&key)),
            &integer(self.serial.as_ref().unwrap_or(&chain.server.serial)),
            more(Part::CertificateId),
        ]);
        let status = match self.status {
            Status::Good => primitive(0, &[]),
            Status::Revoked => constructed(1, &generalized("20200601000000Z")),
            Status::Unknown => primitive(2, &[]),
        };
        let status = self.status_value.clone().unwrap_or(status);
        let next = self.next_update.as_ref().map(|it| constructed(0, it)).unwrap_or_default();
        let answer =
            sequence(&[&certificate, &status, &self.this_update, &next, more(Part::Answer)]);
        let signer = self.delegate.as_ref().map_or(issuer, |it| &it.0);
        let responder = if self.is_by_key {
            let signer = self.responder_key.as_ref().unwrap_or(signer);
            constructed(2, &bytes(digest(&SHA1_FOR_LEGACY_USE_ONLY, &key_bits(signer)).as_ref()))
        } else {
            constructed(1, self.responder.as_ref().unwrap_or(&signer.subject))
        };
        let data = sequence(&[
            more(Part::Version),
            &responder,
            &generalized("20200101000000Z"),
            &sequence(&[&answer]),
            more(Part::Data),
        ]);
        let key = self.forger.as_ref().unwrap_or(&signer.key);
        let mut basic = signed(&data, key);
        if let Some((delegate, by)) = &self.delegate {
            let by = match by {
                Signer::Issuer => issuer,
                Signer::Root => &chain.root,
                Signer::Itself => delegate,
            };
            let mut delegate = delegate.clone();
            delegate.issuer.get_or_insert_with(|| issuer.subject.clone());
            let certificates = constructed(0, &sequence(&[&delegate.signed_by(by)]));
            basic = with_more(&basic, &certificates);
        }
        basic = with_more(&basic, more(Part::Basic));
        let status = value(0x0a, &[self.response_status]);
        let kind = oid(&[1, 3, 6, 1, 5, 5, 7, 48, 1, 1]);
        let basic = constructed(0, &sequence(&[&kind, &bytes(&basic), more(Part::Bytes)]));
        let mut der = if self.response_status == 0 {
            sequence(&[&status, &basic, more(Part::Whole)])
        } else {
            sequence(&[&status])
        };
        (self.damage)(&mut der);
        der
    }
}

/// A sequence, and one value more at its end.
fn with_more(der: &[u8], more: &[u8]) -> Vec<u8> {
    let header = der.len() - content_length(der);
    sequence(&[&der[header..], more])
}

/// The extensions of a response or of an answer: one that nobody knows.
pub fn unknown_extension(is_critical: bool) -> Vec<u8> {
    let id = oid(&[1, 3, 6, 1, 4, 1, 1]);
    let critical = if is_critical { flag(true) } else { Vec::new() };
    constructed(1, &sequence(&[&sequence(&[&id, &critical, &bytes(&[5, 0])])]))
}

fn content_length(der: &[u8]) -> usize {
    match der[1] {
        length @ ..0x80 => usize::from(length),
        digits => der[2..2 + usize::from(digits & 0x7f)]
            .iter()
            .fold(0, |sum, digit| sum * 256 + usize::from(*digit)),
    }
}

/// The key of a P-256 certificate, without its algorithm.
fn key_bits(of: &Draft) -> Vec<u8> {
    let info = of.public_key();
    info[info.len() - 65..].to_vec()
}
