//! What a private root says of itself.

use std::sync::Arc;

use dynamo_runtime::client::CertificateRule as Rule;
use rcgen::KeyPair;

use super::{Change, passes, refused, root_breaks, unbuilt};
use crate::row::Row;
use crate::x509::{
    AUTHORITY_KEY, BASIC_CONSTRAINTS, Draft, INHIBIT_ANY_POLICY, KEY_USAGE, NAME_CONSTRAINTS,
    POLICIES, POLICY_CONSTRAINTS, PURPOSES, SUBJECT_KEY, bits, constructed, flag, generalized,
    integer, name, oid, primitive, purpose, sequence, utc,
};

pub fn rows() -> Vec<Row> {
    let broken = broken().into_iter();
    let broken = broken.flat_map(|(rule, name, change)| root_breaks(rule, name, change));
    broken.chain(refusals()).chain(sound()).collect()
}

fn broken() -> Vec<(Rule, &'static str, Change)> {
    vec![
        (Rule::SerialNumber, "a root with a serial number of zero", |it| it.root.serial = vec![0]),
        (Rule::SerialNumber, "a root with a negative serial number", |it| {
            it.root.serial = vec![0x80];
        }),
        (Rule::Validity, "a root with a time of another form", |it| {
            it.root.not_before = generalized("20200101000000Z");
        }),
        (Rule::AuthorityKeyIdentifier, "a root with another's key identifier", |it| {
            it.root.set(&AUTHORITY_KEY, false, sequence(&[&primitive(0, &[7; 20])]));
        }),
        (Rule::AuthorityKeyIdentifier, "a root with an issuer's serial number", |it| {
            let key = primitive(0, &it.root.key_identifier());
            let issuer = constructed(1, &constructed(4, &name("the root")));
            let all = sequence(&[&key, &issuer, &primitive(2, &[77])]);
            it.root.set(&AUTHORITY_KEY, false, all);
        }),
        (Rule::AuthorityKeyIdentifier, "a root with an empty identifier of its authority", |it| {
            it.root.set(&AUTHORITY_KEY, false, sequence(&[]));
        }),
        (
            Rule::AuthorityKeyIdentifier,
            "a root with a critical identifier of its authority",
            |it| {
                it.root.set_critical(&AUTHORITY_KEY, true);
            },
        ),
        (Rule::AuthorityKeyIdentifier, "a cross-signed root without its authority's key", |it| {
            it.root.issuer = Some(name("a stranger"));
            it.root.remove(&AUTHORITY_KEY);
        }),
        (Rule::SubjectKeyIdentifier, "a root without its key identifier", |it| {
            it.root.remove(&SUBJECT_KEY);
        }),
        (Rule::SubjectKeyIdentifier, "a root with a critical key identifier", |it| {
            it.root.set_critical(&SUBJECT_KEY, true);
        }),
        (Rule::BasicConstraints, "a root whose constraints are not critical", |it| {
            it.root.set_critical(&BASIC_CONSTRAINTS, false);
        }),
        (Rule::AuthorityKeyUsage, "a root that does not say what its key is for", |it| {
            it.root.remove(&KEY_USAGE);
        }),
        (Rule::AuthorityPurposes, "a root for servers", |it| {
            it.root.set(&PURPOSES, false, sequence(&[&oid(&purpose(1))]));
        }),
        (Rule::AuthorityPurposes, "a root for anything", |it| {
            it.root.set(&PURPOSES, false, sequence(&[&oid(&[2, 5, 29, 37, 0])]));
        }),
        (Rule::NameConstraints, "a root with constraints of none", |it| {
            it.root.set(&NAME_CONSTRAINTS, true, sequence(&[]));
        }),
        (Rule::Policies, "a root with a policy twice", |it| {
            let policy = sequence(&[&oid(&[1, 2, 3])]);
            it.root.set(&POLICIES, false, sequence(&[&policy, &policy]));
        }),
        (Rule::Policies, "a root whose constraints of policies are not critical", |it| {
            it.root.set(&POLICY_CONSTRAINTS, false, sequence(&[&primitive(0, &[0])]));
        }),
        (Rule::Policies, "a root whose constraints of policies say nothing", |it| {
            it.root.set(&POLICY_CONSTRAINTS, false, sequence(&[]));
        }),
        (Rule::SubjectName, "a root without an issuer's name", |it| {
            it.root.issuer = Some(sequence(&[]));
        }),
        (Rule::PublicKey, "a root of a compressed point", |it| {
            // Its own signature is nobody's to check, and the chain goes on from another root.
            let mut other = Draft::authority("another root");
            let algorithm = oid(&[1, 2, 840, 10045, 2, 1]);
            let curve = oid(&[1, 2, 840, 10045, 3, 1, 7]);
            let info = [&[2], [7; 32].as_slice()].concat();
            other.public_key = Some(sequence(&[&sequence(&[&algorithm, &curve]), &bits(0, &info)]));
            other.set_key(other.key.clone());
            it.roots.push(other);
        }),
    ]
}

fn refusals() -> Vec<Row> {
    vec![
        unbuilt("the root has expired", "a root of the past", |it| {
            it.root.not_after = utc("210101000000Z");
        }),
        unbuilt("the root is not valid yet", "a root of the future", |it| {
            it.root.not_before = generalized("21000101000000Z");
        }),
        refused("the root has expired", "a chain to the expired of two roots", |it| {
            it.root.not_after = utc("210101000000Z");
            it.roots.push(Draft::authority("another root"));
        }),
        refused("the root is not valid yet", "a chain to the root of the future of two", |it| {
            it.root.not_before = generalized("21000101000000Z");
            it.roots.push(Draft::authority("another root"));
        }),
        unbuilt("the root is not for servers", "a root for clients", |it| {
            it.root.set(&PURPOSES, false, sequence(&[&oid(&purpose(2))]));
        }),
        unbuilt("a critical extension that is not known", "a root with an unknown one", |it| {
            it.root.set(&[1, 3, 6, 1, 4, 1, 1], true, vec![5, 0]);
        }),
        unbuilt("a critical extension that is not known", "a root that requires policies", |it| {
            it.root.set(&POLICY_CONSTRAINTS, true, sequence(&[&primitive(0, &[0])]));
        }),
        unbuilt("no authority's", "a root that may sign lists only", |it| {
            it.root.set(&KEY_USAGE, true, bits(1, &[0b0000_0010]));
        }),
        unbuilt("no authority's", "a root without basic constraints", |it| {
            it.root.remove(&BASIC_CONSTRAINTS);
        }),
        unbuilt("no authority's", "a root that is a server", |it| {
            it.root.set(&BASIC_CONSTRAINTS, true, sequence(&[&flag(false)]));
        }),
        unbuilt("no authority's", "a root of version 1, by hand", |it| it.root.version = None),
        unbuilt("less than 2048 bits", "a root of RSA with 1024 bits", |it| {
            let algorithm = sequence(&[&oid(&[1, 2, 840, 113_549, 1, 1, 1]), &[5, 0]]);
            let modulus = [&[0], [0xff; 128].as_slice()].concat();
            let key = sequence(&[&integer(&modulus), &integer(&[1, 0, 1])]);
            it.root.public_key = Some(sequence(&[&algorithm, &bits(0, &key)]));
        }),
        unbuilt("malformed", "a root that says it is signed by another algorithm", |it| {
            it.root.algorithm = Some(sequence(&[&oid(&[1, 2, 840, 10045, 4, 3, 3])]));
        }),
        unbuilt("malformed", "a root with a known extension twice", |it| {
            let twice = it.root.extensions[0].clone();
            it.root.extensions.push(twice);
        }),
    ]
}

fn sound() -> Vec<Row> {
    vec![
        passes("a root without the identifier of its authority", |it| {
            it.root.remove(&AUTHORITY_KEY);
        }),
        passes("a root of P-384", |it| {
            let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
            it.root.set_key(Arc::new(key));
        }),
        passes("a root of RSA with 4096 bits", |it| {
            let size = rcgen::RsaKeySize::_4096;
            let key = KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, size).unwrap();
            it.root.set_key(Arc::new(key));
        }),
        passes("a root that inhibits any policy", |it| {
            it.root.set(&INHIBIT_ANY_POLICY, true, integer(&[0]));
        }),
        passes("a cross-signed root", |it| {
            it.root.issuer = Some(name("a stranger"));
            it.root.set(&AUTHORITY_KEY, false, sequence(&[&primitive(0, &[7; 20])]));
        }),
        passes("a root beside one that has expired", |it| {
            let mut other = Draft::authority("another root");
            other.not_after = utc("210101000000Z");
            it.roots.push(other);
        }),
        passes("a root that was renewed with its key", |it| {
            it.roots.push(it.root.clone());
            it.root.not_after = utc("210101000000Z");
        }),
    ]
}
