//! What a server's certificate says, but for its names.

use std::sync::Arc;

use dynamo_runtime::client::CertificateRule as Rule;
use rcgen::{KeyPair, PublicKeyData};

use super::{Change, breaks, passes, refused};
use crate::row::Row;
use crate::x509::{
    AUTHORITY_INFORMATION, AUTHORITY_KEY, BASIC_CONSTRAINTS, Chain, KEY_USAGE, NAME_CONSTRAINTS,
    POLICIES, POLICY_CONSTRAINTS, POLICY_MAPPINGS, PURPOSES, SUBJECT_KEY, bits, bytes, constructed,
    flag, generalized, integer, name, oid, primitive, purpose, sequence, utc,
};

pub fn rows() -> Vec<Row> {
    let broken = [general(), usages(), policies()].into_iter().flatten();
    let broken = broken.flat_map(|(rule, name, change)| breaks(rule, name, change));
    broken.chain(refusals()).chain(keys()).chain(sound()).collect()
}

type Break = (Rule, &'static str, Change);

fn general() -> Vec<Break> {
    vec![
        (Rule::SerialNumber, "a serial number of zero", |it| it.server.serial = vec![0]),
        (Rule::SerialNumber, "a negative serial number", |it| it.server.serial = vec![0x80]),
        (Rule::SerialNumber, "a serial number of 21 octets", |it| it.server.serial = vec![7; 21]),
        (Rule::Validity, "a time before 2050 with four digits of the year", |it| {
            it.server.not_before = generalized("20200101000000Z");
        }),
        (Rule::Validity, "an end before 2050 with four digits of the year", |it| {
            it.server.not_after = generalized("20490101000000Z");
        }),
        (Rule::Extensions, "an unknown extension twice", |it| {
            for _ in 0..2 {
                let mut twice = it.server.extensions[0].clone();
                (twice.id, twice.is_critical) = (vec![1, 3, 6, 1, 4, 1, 1], false);
                it.server.extensions.push(twice);
            }
        }),
        (Rule::AuthorityKeyIdentifier, "no authority key identifier", |it| {
            it.server.remove(&AUTHORITY_KEY);
        }),
        (Rule::AuthorityKeyIdentifier, "another authority's key identifier", |it| {
            it.server.set(&AUTHORITY_KEY, false, sequence(&[&primitive(0, &[7; 20])]));
        }),
        (Rule::AuthorityKeyIdentifier, "an empty authority key identifier", |it| {
            it.server.set(&AUTHORITY_KEY, false, sequence(&[&primitive(0, &[])]));
        }),
        (Rule::AuthorityKeyIdentifier, "an authority key identifier without a key", |it| {
            it.server.set(&AUTHORITY_KEY, false, sequence(&[]));
        }),
        (Rule::AuthorityKeyIdentifier, "an authority key identifier with a serial number", |it| {
            let key = primitive(0, &it.issuer().key_identifier());
            it.server.set(&AUTHORITY_KEY, false, sequence(&[&key, &primitive(2, &[1])]));
        }),
        (Rule::AuthorityKeyIdentifier, "an authority key identifier with an issuer", |it| {
            let key = primitive(0, &it.issuer().key_identifier());
            let issuer = constructed(1, &constructed(4, &name("the root")));
            let value = sequence(&[&key, &issuer, &primitive(2, &[1])]);
            it.server.set(&AUTHORITY_KEY, false, value);
        }),
        (Rule::AuthorityKeyIdentifier, "an authority key identifier that is malformed", |it| {
            it.server.set(&AUTHORITY_KEY, false, bytes(&[7; 20]));
        }),
        (Rule::SubjectKeyIdentifier, "an empty subject key identifier", |it| {
            it.server.set(&SUBJECT_KEY, false, bytes(&[]));
        }),
        (Rule::SubjectKeyIdentifier, "a subject key identifier that is malformed", |it| {
            it.server.set(&SUBJECT_KEY, false, sequence(&[&bytes(&[7; 20])]));
        }),
        (Rule::AuthorityInformation, "an empty authority information access", |it| {
            it.server.set(&AUTHORITY_INFORMATION, false, sequence(&[]));
        }),
        (Rule::AuthorityInformation, "an authority information access that is malformed", |it| {
            let ocsp = oid(&[1, 3, 6, 1, 5, 5, 7, 48, 1]);
            let access = sequence(&[&ocsp, &bytes(b"http://ocsp.example/")]);
            it.server.set(&AUTHORITY_INFORMATION, false, sequence(&[&access]));
        }),
        (Rule::AuthorityInformation, "an authority information access of no URI", |it| {
            let ocsp = oid(&[1, 3, 6, 1, 5, 5, 7, 48, 1]);
            let access = sequence(&[&ocsp, &primitive(6, b"ocsp example")]);
            it.server.set(&AUTHORITY_INFORMATION, false, sequence(&[&access]));
        }),
        (Rule::AuthorityInformation, "an authority information access with more behind it", |it| {
            let ocsp = oid(&[1, 3, 6, 1, 5, 5, 7, 48, 1]);
            let uri = primitive(6, b"http://ocsp.example");
            let access = sequence(&[&ocsp, &uri, &integer(&[1])]);
            it.server.set(&AUTHORITY_INFORMATION, false, sequence(&[&access]));
        }),
        (Rule::BasicConstraints, "a path length of no authority", |it| {
            it.server.set(&BASIC_CONSTRAINTS, true, sequence(&[&integer(&[0])]));
        }),
        (Rule::NameConstraints, "name constraints of a server", |it| {
            let subtree = sequence(&[&primitive(2, b"amazonaws.com")]);
            let value = sequence(&[&constructed(0, &subtree)]);
            it.server.set(&NAME_CONSTRAINTS, true, value);
        }),
    ]
}

fn rsa_info(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let algorithm = sequence(&[&oid(&[1, 2, 840, 113_549, 1, 1, 1]), &[5, 0]]);
    let key = sequence(&[&integer(modulus), &integer(exponent)]);
    sequence(&[&algorithm, &bits(0, &key)])
}

fn curve_info(curve: &[u8], point: &[u8]) -> Vec<u8> {
    let algorithm = sequence(&[&oid(&[1, 2, 840, 10045, 2, 1]), curve]);
    sequence(&[&algorithm, &bits(0, point)])
}

/// A key for which there is no signer here, so that a chain with it cannot pass.
fn key(name: &'static str, change: Change) -> Row {
    refused("(rule `public-key`)", name, change)
}

fn usages() -> Vec<Break> {
    vec![
        (Rule::ServerKeyUsage, "a leaf that may sign certificates", |it| {
            it.server.set(&KEY_USAGE, true, bits(2, &[0b1000_0100]));
        }),
        (Rule::ServerKeyUsage, "a leaf that may sign lists", |it| {
            it.server.set(&KEY_USAGE, true, bits(1, &[0b1000_0010]));
        }),
        (Rule::ServerKeyUsage, "a key usage of no usage", |it| {
            it.server.set(&KEY_USAGE, true, bits(0, &[]));
        }),
        (Rule::ServerKeyUsage, "a key usage with zeros at its end", |it| {
            it.server.set(&KEY_USAGE, true, bits(0, &[0b1000_0000]));
        }),
        (Rule::ServerPurposes, "no extended key usage", |it| it.server.remove(&PURPOSES)),
        (Rule::ServerPurposes, "a critical extended key usage", |it| {
            it.server.set_critical(&PURPOSES, true);
        }),
        (Rule::ServerPurposes, "servers, and anything", |it| with_purpose(it, &[2, 5, 29, 37, 0])),
        (Rule::ServerPurposes, "servers, and code", |it| with_purpose(it, &purpose(3))),
        (Rule::ServerPurposes, "servers, and mail", |it| with_purpose(it, &purpose(4))),
        (Rule::ServerPurposes, "servers, and time stamps", |it| with_purpose(it, &purpose(8))),
        (Rule::ServerPurposes, "servers, and status responses", |it| with_purpose(it, &purpose(9))),
    ]
}

fn with_purpose(chain: &mut Chain, other: &[u64]) {
    chain.server.set(&PURPOSES, false, sequence(&[&oid(&purpose(1)), &oid(other)]));
}

fn policies() -> Vec<Break> {
    vec![
        (Rule::Policies, "policies of none", |it| it.server.set(&POLICIES, false, sequence(&[]))),
        (Rule::Policies, "a policy twice", |it| {
            let policy = sequence(&[&oid(&[2, 23, 140, 1, 2, 1])]);
            it.server.set(&POLICIES, false, sequence(&[&policy, &policy]));
        }),
        (Rule::Policies, "a policy with qualifiers of none", |it| {
            let policy = sequence(&[&oid(&[2, 23, 140, 1, 2, 1]), &sequence(&[])]);
            it.server.set(&POLICIES, false, sequence(&[&policy]));
        }),
        (Rule::Policies, "a policy with more behind it", |it| {
            let policy = sequence(&[&oid(&[2, 23, 140, 1, 2, 1]), &integer(&[1])]);
            it.server.set(&POLICIES, false, sequence(&[&policy]));
        }),
        (Rule::Policies, "policies that are malformed", |it| {
            it.server.set(&POLICIES, false, sequence(&[&oid(&[2, 23, 140, 1, 2, 1])]));
        }),
        (Rule::Policies, "mappings of policies of a server", |it| {
            let pair = sequence(&[&oid(&[1, 2, 3]), &oid(&[1, 2, 4])]);
            it.server.set(&POLICY_MAPPINGS, false, sequence(&[&pair]));
        }),
        (Rule::Policies, "constraints of policies of a server", |it| {
            it.server.set(&POLICY_CONSTRAINTS, false, sequence(&[&primitive(0, &[0])]));
        }),
    ]
}

/// What no tolerance reaches.
fn refusals() -> Vec<Row> {
    const MALFORMED: &str = "a certificate of its chain is malformed";
    const CRITICAL: &str = "a critical extension that is not known";
    vec![
        refused("X.509 version 3", "a server's certificate of version 1", |it| {
            it.server.version = None;
        }),
        refused("X.509 version 3", "a server's certificate of version 2", |it| {
            it.server.version = Some(1);
        }),
        refused(MALFORMED, "a serial number with a zero too many", |it| {
            it.server.serial = vec![0, 1];
        }),
        refused(MALFORMED, "another algorithm than is signed", |it| {
            it.server.algorithm = Some(sequence(&[&oid(&[1, 2, 840, 10045, 4, 3, 3])]));
        }),
        refused(MALFORMED, "a time of fractions of a second", |it| {
            it.server.not_before = generalized("20200101000000.5Z");
        }),
        refused(MALFORMED, "a time without seconds", |it| {
            it.server.not_before = utc("2001010000Z");
        }),
        refused(MALFORMED, "a time of a zone", |it| {
            it.server.not_before = utc("200101000000+0000");
        }),
        refused(MALFORMED, "an end before its beginning", |it| {
            it.server.not_before = utc("400101000000Z");
            it.server.not_after = utc("390101000000Z");
        }),
        refused(MALFORMED, "a known extension twice", |it| {
            let twice = it.server.extensions[0].clone();
            it.server.extensions.push(twice);
        }),
        refused(MALFORMED, "basic constraints that are malformed", |it| {
            it.server.set(&BASIC_CONSTRAINTS, true, sequence(&[&bytes(&[1])]));
        }),
        refused(CRITICAL, "a critical authority key identifier", |it| {
            it.server.set_critical(&AUTHORITY_KEY, true);
        }),
        refused(CRITICAL, "a critical subject key identifier", |it| {
            it.server.set(&SUBJECT_KEY, true, bytes(&[7; 20]));
        }),
        refused(CRITICAL, "a critical authority information access", |it| {
            it.server.set(&AUTHORITY_INFORMATION, true, access());
        }),
        refused("a certificate of its chain is not for servers", "a leaf for clients", |it| {
            it.server.set(&PURPOSES, false, sequence(&[&oid(&purpose(2))]));
        }),
        refused("its certificate is an authority's", "a leaf that is an authority", |it| {
            it.server.set(&BASIC_CONSTRAINTS, true, sequence(&[&flag(true)]));
        }),
        refused("may not sign a handshake", "a leaf whose key may agree on keys only", |it| {
            it.server.set(&KEY_USAGE, true, bits(3, &[0b0000_1000]));
        }),
    ]
}

fn keys() -> Vec<Row> {
    vec![
        refused("less than 2048 bits", "an RSA key of 2047 bits", |it| {
            it.server.public_key =
                Some(rsa_info(&[&[0x7f], [0xff; 255].as_slice()].concat(), &[1, 0, 1]));
        }),
        key("an RSA key of 2049 bits", |it| {
            it.server.public_key =
                Some(rsa_info(&[&[1], [0xff; 256].as_slice()].concat(), &[1, 0, 1]));
        }),
        key("an RSA key with an even exponent", |it| {
            it.server.public_key = Some(rsa_info(&[&[0], [0xff; 256].as_slice()].concat(), &[4]));
        }),
        key("an RSA key with an exponent of one", |it| {
            it.server.public_key = Some(rsa_info(&[&[0], [0xff; 256].as_slice()].concat(), &[1]));
        }),
        key("an RSA key that is negative", |it| {
            it.server.public_key = Some(rsa_info(&[0x80; 256], &[1, 0, 1]));
        }),
        key("P-192", |it| {
            let curve = oid(&[1, 2, 840, 10045, 3, 1, 1]);
            it.server.public_key = Some(curve_info(&curve, &[4; 49]));
        }),
        key("P-224", |it| {
            it.server.public_key = Some(curve_info(&oid(&[1, 3, 132, 0, 33]), &[4; 57]));
        }),
        key("secp256k1", |it| {
            it.server.public_key = Some(curve_info(&oid(&[1, 3, 132, 0, 10]), &[4; 65]));
        }),
        key("P-256 by its parameters", |it| {
            let parameters = sequence(&[&integer(&[1]), &sequence(&[])]);
            it.server.public_key = Some(curve_info(&parameters, &[4; 65]));
        }),
        key("a compressed point", |it| {
            let curve = oid(&[1, 2, 840, 10045, 3, 1, 7]);
            it.server.public_key = Some(curve_info(&curve, &[&[2], [7; 32].as_slice()].concat()));
        }),
        key("a point of both forms", |it| {
            let curve = oid(&[1, 2, 840, 10045, 3, 1, 7]);
            it.server.public_key = Some(curve_info(&curve, &[6; 65]));
        }),
        key("DSA", |it| {
            let parameters = sequence(&[&integer(&[7]), &integer(&[7]), &integer(&[7])]);
            let algorithm = sequence(&[&oid(&[1, 2, 840, 10040, 4, 1]), &parameters]);
            it.server.public_key = Some(sequence(&[&algorithm, &bits(0, &integer(&[7; 128]))]));
        }),
        key("Ed448", |it| {
            let algorithm = sequence(&[&oid(&[1, 3, 101, 113])]);
            it.server.public_key = Some(sequence(&[&algorithm, &bits(0, &[7; 57])]));
        }),
        key("an RSA key without parameters", |it| {
            let key = KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048);
            let info = key.unwrap().subject_public_key_info();
            let bits = &info[info.len() - 271..];
            let algorithm = sequence(&[&oid(&[1, 2, 840, 113_549, 1, 1, 1])]);
            it.server.public_key = Some(sequence(&[&algorithm, bits]));
        }),
    ]
}

fn access() -> Vec<u8> {
    let location = |number, uri: &[u8]| {
        sequence(&[&oid(&[1, 3, 6, 1, 5, 5, 7, 48, number]), &primitive(6, uri)])
    };
    sequence(&[&location(1, b"http://ocsp.example"), &location(2, b"http://ca.example/ca.cer")])
}

/// What is unusual, and right.
fn sound() -> Vec<Row> {
    vec![
        passes("a chain that keeps every rule", |_| {}),
        passes("a leaf of the root", |it| it.between.clear()),
        passes("a leaf of P-384", |it| it.server.key = of(&rcgen::PKCS_ECDSA_P384_SHA384)),
        passes("a leaf of P-521", |it| it.server.key = of(&rcgen::PKCS_ECDSA_P521_SHA512)),
        passes("a leaf of Ed25519", |it| it.server.key = of(&rcgen::PKCS_ED25519)),
        passes("a leaf of RSA with 2048 bits", |it| it.server.key = rsa(rcgen::RsaKeySize::_2048)),
        passes("a leaf of RSA with 4096 bits", |it| it.server.key = rsa(rcgen::RsaKeySize::_4096)),
        passes("a serial number of 20 octets", |it| it.server.serial = vec![7; 20]),
        passes("a serial number whose first bit is set", |it| it.server.serial = vec![0, 0x80]),
        passes("an end after 2050", |it| it.server.not_after = generalized("20500101000000Z")),
        passes("an end of the last second", |it| {
            it.server.not_after = generalized("99991231235959Z");
        }),
        passes("a leaf without a key usage, by hand", |it| it.server.remove(&KEY_USAGE)),
        passes("a key usage that is not critical", |it| it.server.set_critical(&KEY_USAGE, false)),
        passes("signatures and encipherment", |it| {
            it.server.set(&KEY_USAGE, true, bits(5, &[0b1010_0000]));
        }),
        passes("a subject key identifier", |it| {
            it.server.set(&SUBJECT_KEY, false, bytes(&[7; 20]));
        }),
        passes("basic constraints of no authority", |it| {
            it.server.set(&BASIC_CONSTRAINTS, true, sequence(&[]));
        }),
        passes("basic constraints that are not critical", |it| {
            it.server.set(&BASIC_CONSTRAINTS, false, sequence(&[]));
        }),
        passes("servers and clients", |it| with_purpose(it, &purpose(2))),
        passes("a purpose of nobody's", |it| with_purpose(it, &[1, 3, 6, 1, 4, 1, 1])),
        passes("an authority information access", |it| {
            it.server.set(&AUTHORITY_INFORMATION, false, access());
        }),
        passes("policies", |it| {
            let policy = |id: &[u64]| sequence(&[&oid(id)]);
            let policies = [policy(&[2, 23, 140, 1, 2, 1]), policy(&[1, 3, 6, 1, 4, 1, 1])];
            it.server.set(&POLICIES, false, sequence(&[&policies.concat()]));
        }),
        passes("an unknown extension that is not critical", |it| {
            it.server.set(&[1, 3, 6, 1, 4, 1, 1], false, vec![5, 0]);
        }),
    ]
}

fn of(algorithm: &'static rcgen::SignatureAlgorithm) -> Arc<KeyPair> {
    Arc::new(KeyPair::generate_for(algorithm).unwrap())
}

fn rsa(size: rcgen::RsaKeySize) -> Arc<KeyPair> {
    Arc::new(KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, size).unwrap())
}
