//! What a server staples to its certificate.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use sha2::{Digest, Sha384, Sha512};

use super::{Change, passes, refused, row};
use crate::identity::key;
use crate::row::{Expected, Row};
use crate::x509::{
    KEY_USAGE, PURPOSES, Part, Signer, Staple, Status, TLS_FEATURE, bits, constructed, generalized,
    integer, name, oid, primitive, purpose, sequence, unknown_extension, utc,
};

pub fn rows() -> Vec<Row> {
    let bad = bad().into_iter().chain(unsigned());
    bad.map(|(says, name, change)| refused(says, name, change)).chain(good()).collect()
}

const MALFORMED: &str = "the response stapled to its certificate is malformed";
const NOT_SIGNED: &str = "the response stapled to its certificate is not signed by its issuer";
const OTHER: &str = "the response stapled to its certificate is for another certificate";

fn good_staple() -> Staple {
    Staple::new(Status::Good)
}

/// A good one with this in a part of it.
fn with(part: Part, more: Vec<u8>) -> Staple {
    Staple { more: Some((part, more)), ..good_staple() }
}

/// A good one that names its issuer by this hash.
fn hashed_by(identifier: &'static [u64], hash: fn(&[u8]) -> Vec<u8>) -> Staple {
    Staple { hash: (identifier, hash), ..good_staple() }
}

fn bad() -> Vec<(&'static str, &'static str, Change)> {
    vec![
        ("its certificate is revoked, says the response", "a staple that says revoked", |it| {
            it.staple = Some(Staple::new(Status::Revoked));
        }),
        ("is revoked, says the response", "a staple of the past that says revoked", |it| {
            let next_update = Some(generalized("20210101000000Z"));
            it.staple = Some(Staple { next_update, ..Staple::new(Status::Revoked) });
        }),
        ("is not known to its issuer", "a staple that says unknown", |it| {
            it.staple = Some(Staple::new(Status::Unknown));
        }),
        ("has expired", "a staple that has expired", |it| {
            let next_update = Some(generalized("20210101000000Z"));
            it.staple = Some(Staple { next_update, ..good_staple() });
        }),
        ("has expired", "a staple without an end", |it| {
            it.staple = Some(Staple { next_update: None, ..good_staple() });
        }),
        ("is not valid yet", "a staple of the future", |it| {
            let this_update = generalized("21000101000000Z");
            it.staple = Some(Staple { this_update, ..good_staple() });
        }),
        (OTHER, "a staple for another serial number", |it| {
            it.staple = Some(Staple { serial: Some(vec![78]), ..good_staple() });
        }),
        (OTHER, "a staple for another issuer's name", |it| {
            it.staple = Some(Staple { issuer_name: Some(name("another")), ..good_staple() });
        }),
        (OTHER, "a staple for another issuer's key", |it| {
            it.staple = Some(Staple { issuer_key: Some(vec![4; 65]), ..good_staple() });
        }),
        (MALFORMED, "a staple of another kind", |it| {
            let damage = |der: &mut Vec<u8>| change_last(der, &[1, 3, 6, 1, 5, 5, 7, 48, 1, 1]);
            it.staple = Some(Staple { damage, ..good_staple() });
        }),
        (MALFORMED, "a staple with a critical extension", |it| {
            it.staple = Some(with(Part::Data, unknown_extension(true)));
        }),
        (MALFORMED, "a staple with a critical extension of its answer", |it| {
            it.staple = Some(with(Part::Answer, unknown_extension(true)));
        }),
        (MALFORMED, "a staple of the second version", |it| {
            it.staple = Some(with(Part::Version, constructed(0, &integer(&[1]))));
        }),
        (MALFORMED, "a staple with more behind it", |it| {
            it.staple = Some(with(Part::Whole, integer(&[1])));
        }),
        (MALFORMED, "a staple with more behind its bytes", |it| {
            it.staple = Some(with(Part::Bytes, integer(&[1])));
        }),
        (MALFORMED, "a staple with more behind its signature", |it| {
            it.staple = Some(with(Part::Basic, integer(&[1])));
        }),
        (MALFORMED, "a staple with more behind what is signed", |it| {
            it.staple = Some(with(Part::Data, integer(&[1])));
        }),
        (MALFORMED, "a staple with more behind its answer", |it| {
            it.staple = Some(with(Part::Answer, integer(&[1])));
        }),
        (MALFORMED, "a staple with more behind the number that it is about", |it| {
            it.staple = Some(with(Part::CertificateId, integer(&[1])));
        }),
        (MALFORMED, "a staple of a status that there is not", |it| {
            it.staple = Some(Staple { status_value: Some(primitive(3, &[])), ..good_staple() });
        }),
        (OTHER, "a staple by a hash that is not known", |it| {
            it.staple = Some(hashed_by(&[1, 2, 840, 113_549, 2, 5], <[u8]>::to_vec));
        }),
        (MALFORMED, "a staple that is no DER", |it| {
            it.staple = Some(Staple { damage: |der| *der = vec![7; 40], ..good_staple() });
        }),
        (MALFORMED, "a staple with a byte too many", |it| {
            it.staple = Some(Staple { damage: |der| der.push(0), ..good_staple() });
        }),
        ("is an error", "a staple that says to try later", |it| {
            it.staple = Some(Staple { response_status: 3, ..good_staple() });
        }),
        ("demands a stapled response", "a demand for a staple, and none", |it| {
            it.server.set(&TLS_FEATURE, false, sequence(&[&integer(&[5])]));
        }),
        ("demands a stapled response", "a demand that cannot be read, and no staple", |it| {
            it.server.set(&TLS_FEATURE, false, integer(&[5]));
        }),
    ]
}

fn unsigned() -> Vec<(&'static str, &'static str, Change)> {
    vec![
        (NOT_SIGNED, "a staple by another key", |it| {
            it.staple = Some(Staple { forger: Some(Arc::new(key())), ..good_staple() });
        }),
        (NOT_SIGNED, "a staple whose last byte is another", |it| {
            let damage = |der: &mut Vec<u8>| *der.last_mut().unwrap() ^= 1;
            it.staple = Some(Staple { damage, ..good_staple() });
        }),
        (NOT_SIGNED, "a staple by the server itself", |it| {
            let mut staple = Staple::delegated();
            staple.delegate = Some((it.server.clone(), Signer::Issuer));
            it.staple = Some(staple);
        }),
        (NOT_SIGNED, "a staple by one that signed for itself", |it| {
            let mut staple = Staple::delegated();
            staple.delegate.as_mut().unwrap().1 = Signer::Itself;
            it.staple = Some(staple);
        }),
        (NOT_SIGNED, "a staple by one for whom the root signed", |it| {
            let mut staple = Staple::delegated();
            staple.delegate.as_mut().unwrap().1 = Signer::Root;
            it.staple = Some(staple);
        }),
        (NOT_SIGNED, "a staple by one for servers", |it| {
            let mut staple = Staple::delegated();
            let delegate = &mut staple.delegate.as_mut().unwrap().0;
            delegate.set(&PURPOSES, false, sequence(&[&oid(&purpose(1))]));
            it.staple = Some(staple);
        }),
        (NOT_SIGNED, "a staple by one that has expired", |it| {
            let mut staple = Staple::delegated();
            staple.delegate.as_mut().unwrap().0.not_after = utc("210101000000Z");
            it.staple = Some(staple);
        }),
        (NOT_SIGNED, "a staple by one that is not valid yet", |it| {
            let mut staple = Staple::delegated();
            staple.delegate.as_mut().unwrap().0.not_before = utc("490101000000Z");
            it.staple = Some(staple);
        }),
        (NOT_SIGNED, "a staple by one whose key may not sign", |it| {
            let mut staple = Staple::delegated();
            staple.delegate.as_mut().unwrap().0.set(&KEY_USAGE, true, bits(5, &[0b0010_0000]));
            it.staple = Some(staple);
        }),
        (NOT_SIGNED, "a staple that another has signed than it names", |it| {
            let mut staple = Staple::delegated();
            staple.forger = Some(it.between[0].key.clone());
            it.staple = Some(staple);
        }),
        (NOT_SIGNED, "a staple by another key than its signer's, it says", |it| {
            let responder_key = Some(it.server.clone());
            it.staple = Some(Staple { is_by_key: true, responder_key, ..good_staple() });
        }),
        (NOT_SIGNED, "a staple in another name than its signer's", |it| {
            let responder = Some(name("another"));
            it.staple = Some(Staple { responder, ..Staple::delegated() });
        }),
        (NOT_SIGNED, "a staple by one of another authority of the same key", |it| {
            let mut staple = Staple::delegated();
            staple.delegate.as_mut().unwrap().0.issuer = Some(name("another"));
            it.staple = Some(staple);
        }),
        (NOT_SIGNED, "a staple by one whose algorithm is another than is signed", |it| {
            let mut staple = Staple::delegated();
            let other = sequence(&[&oid(&[1, 2, 840, 10045, 4, 3, 3])]);
            staple.delegate.as_mut().unwrap().0.algorithm = Some(other);
            it.staple = Some(staple);
        }),
        (NOT_SIGNED, "a staple that says it is signed by another algorithm", |it| {
            let damage = |der: &mut Vec<u8>| change_last(der, &[1, 2, 840, 10045, 4, 3, 2]);
            it.staple = Some(Staple { damage, ..good_staple() });
        }),
    ]
}

/// Makes of the last such identifier the next one.
fn change_last(der: &mut [u8], id: &[u64]) {
    let id = oid(id);
    let at = der.windows(id.len()).rposition(|it| it == id).unwrap();
    der[at + id.len() - 1] += 1;
}

fn good() -> Vec<Row> {
    // The end of a staple is what tells of it.
    let stapled = |name: &str, change: Change| {
        row(name, Expected::Passes("staple_until: Some".to_owned()), change)
    };
    vec![
        stapled("a staple that says good", |it| it.staple = Some(good_staple())),
        stapled("a staple by the hash of its issuer's key", |it| {
            it.staple = Some(Staple { is_by_key: true, ..good_staple() });
        }),
        stapled("a staple of a leaf of the root", |it| {
            it.between.clear();
            it.staple = Some(good_staple());
        }),
        stapled("a staple by one in its issuer's stead", |it| {
            it.staple = Some(Staple::delegated());
        }),
        stapled("a staple by one in its issuer's stead, by its key", |it| {
            it.staple = Some(Staple { is_by_key: true, ..Staple::delegated() });
        }),
        stapled("a staple that says its version", |it| {
            it.staple = Some(with(Part::Version, constructed(0, &integer(&[0]))));
        }),
        stapled("a staple with an unknown extension", |it| {
            it.staple = Some(with(Part::Data, unknown_extension(false)));
        }),
        stapled("a staple with an unknown extension of its answer", |it| {
            it.staple = Some(with(Part::Answer, unknown_extension(false)));
        }),
        stapled("a staple that names its issuer by SHA-1", |it| {
            it.staple = Some(hashed_by(&[1, 3, 14, 3, 2, 26], |it| {
                digest(&SHA1_FOR_LEGACY_USE_ONLY, it).as_ref().to_vec()
            }));
        }),
        stapled("a staple that names its issuer by SHA-384", |it| {
            let identifier = &[2, 16, 840, 1, 101, 3, 4, 2, 2];
            it.staple = Some(hashed_by(identifier, |it| Sha384::digest(it).to_vec()));
        }),
        stapled("a staple that names its issuer by SHA-512", |it| {
            let identifier = &[2, 16, 840, 1, 101, 3, 4, 2, 3];
            it.staple = Some(hashed_by(identifier, |it| Sha512::digest(it).to_vec()));
        }),
        stapled("a demand for a staple, and one", |it| {
            it.server.set(&TLS_FEATURE, false, sequence(&[&integer(&[5])]));
            it.staple = Some(good_staple());
        }),
        row(
            "no staple, and no demand",
            Expected::Passes("staple_until: None".to_owned()),
            |_: &mut crate::x509::Chain| {},
        ),
        passes("a demand for another feature of TLS", |it| {
            it.server.set(&TLS_FEATURE, false, sequence(&[&integer(&[23])]));
        }),
    ]
}
