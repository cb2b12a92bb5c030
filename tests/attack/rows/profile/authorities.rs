//! Authorities between the server and the root.

use std::sync::Arc;

use dynamo_runtime::client::CertificateRule as Rule;
use rcgen::KeyPair;

use super::{Change, breaks, passes, refused};
use crate::row::Row;
use crate::x509::{
    AUTHORITY_INFORMATION, AUTHORITY_KEY, BASIC_CONSTRAINTS, Draft, INHIBIT_ANY_POLICY, KEY_USAGE,
    NAME_CONSTRAINTS, POLICIES, POLICY_CONSTRAINTS, POLICY_MAPPINGS, PURPOSES, SUBJECT_KEY, bits,
    bytes, constructed, flag, generalized, integer, oid, primitive, purpose, sequence, utc,
};

pub fn rows() -> Vec<Row> {
    let broken = broken().into_iter().flat_map(|(rule, name, change)| breaks(rule, name, change));
    broken.chain(refusals()).chain(depth()).chain(sound()).collect()
}

fn broken() -> Vec<(Rule, &'static str, Change)> {
    vec![
        (Rule::SerialNumber, "an intermediate with a serial number of zero", |it| {
            it.between[0].serial = vec![0];
        }),
        (Rule::SerialNumber, "an intermediate with a serial number of 21 octets", |it| {
            it.between[0].serial = vec![7; 21];
        }),
        (Rule::Validity, "an intermediate with a time of another form", |it| {
            it.between[0].not_before = generalized("20200101000000Z");
        }),
        (Rule::Extensions, "an intermediate with an extension twice", |it| {
            for _ in 0..2 {
                let mut twice = it.between[0].extensions[0].clone();
                (twice.id, twice.is_critical) = (vec![1, 3, 6, 1, 4, 1, 1], false);
                it.between[0].extensions.push(twice);
            }
        }),
        (Rule::AuthorityKeyIdentifier, "an intermediate without its authority's key", |it| {
            it.between[0].remove(&AUTHORITY_KEY);
        }),
        (Rule::AuthorityKeyIdentifier, "an intermediate with another authority's key", |it| {
            it.between[0].set(&AUTHORITY_KEY, false, sequence(&[&primitive(0, &[7; 20])]));
        }),
        (Rule::SubjectKeyIdentifier, "an intermediate without its key identifier", |it| {
            it.between[0].remove(&SUBJECT_KEY);
        }),
        (Rule::BasicConstraints, "an intermediate whose constraints are not critical", |it| {
            it.between[0].set_critical(&BASIC_CONSTRAINTS, false);
        }),
        (Rule::AuthorityKeyUsage, "an intermediate that does not say what its key is for", |it| {
            it.between[0].remove(&KEY_USAGE);
        }),
        (Rule::AuthorityInformation, "an intermediate with a malformed access", |it| {
            it.between[0].set(&AUTHORITY_INFORMATION, false, sequence(&[&bytes(&[1])]));
        }),
        (Rule::AuthorityPurposes, "an intermediate for servers and for anything", |it| {
            let purposes = sequence(&[&oid(&purpose(1)), &oid(&[2, 5, 29, 37, 0])]);
            it.between[0].set(&PURPOSES, false, purposes);
        }),
        (Rule::NameConstraints, "an intermediate with constraints of none", |it| {
            it.between[0].set(&NAME_CONSTRAINTS, true, sequence(&[]));
        }),
        (Rule::NameConstraints, "an intermediate with empty lists of constraints", |it| {
            let none = sequence(&[&constructed(0, &[]), &constructed(1, &[])]);
            it.between[0].set(&NAME_CONSTRAINTS, true, none);
        }),
        (Rule::Policies, "an intermediate with a policy twice", |it| {
            let policy = sequence(&[&oid(&[1, 2, 3])]);
            it.between[0].set(&POLICIES, false, sequence(&[&policy, &policy]));
        }),
        (Rule::Policies, "an intermediate whose constraints of policies are not critical", |it| {
            it.between[0].set(&POLICY_CONSTRAINTS, false, sequence(&[&primitive(0, &[0])]));
        }),
        (Rule::Policies, "an intermediate that inhibits and is not critical", |it| {
            it.between[0].set(&INHIBIT_ANY_POLICY, false, integer(&[0]));
        }),
        (Rule::Policies, "an intermediate that maps any policy", |it| {
            let pair = sequence(&[&oid(&[2, 5, 29, 32, 0]), &oid(&[1, 2, 4])]);
            it.between[0].set(&POLICY_MAPPINGS, false, sequence(&[&pair]));
        }),
        (Rule::Policies, "an intermediate that maps no policies", |it| {
            it.between[0].set(&POLICY_MAPPINGS, false, sequence(&[]));
        }),
        (Rule::Policies, "an intermediate that maps three policies", |it| {
            let three = sequence(&[&oid(&[1, 2, 3]), &oid(&[1, 2, 4]), &oid(&[1, 2, 5])]);
            it.between[0].set(&POLICY_MAPPINGS, false, sequence(&[&three]));
        }),
        (Rule::SubjectName, "an intermediate without a name", |it| {
            it.between[0].subject = sequence(&[]);
        }),
    ]
}

fn refusals() -> Vec<Row> {
    vec![
        refused("may sign certificates", "an intermediate that may sign lists only", |it| {
            it.between[0].set(&KEY_USAGE, true, bits(1, &[0b0000_0010]));
        }),
        refused("may sign certificates", "an intermediate with a usage of none", |it| {
            it.between[0].set(&KEY_USAGE, true, bits(0, &[]));
        }),
        refused("no authority's", "an intermediate without basic constraints", |it| {
            it.between[0].remove(&BASIC_CONSTRAINTS);
        }),
        refused("no authority's", "an intermediate that is a server", |it| {
            it.between[0].set(&BASIC_CONSTRAINTS, true, sequence(&[]));
        }),
        refused("not for servers", "an intermediate for mail", |it| {
            it.between[0].set(&PURPOSES, false, sequence(&[&oid(&purpose(4))]));
        }),
        refused("not for servers", "an intermediate for anything", |it| {
            it.between[0].set(&PURPOSES, false, sequence(&[&oid(&[2, 5, 29, 37, 0])]));
        }),
        refused("malformed", "an intermediate with purposes of none", |it| {
            it.between[0].set(&PURPOSES, false, sequence(&[]));
        }),
        refused("has expired", "an intermediate of the past", |it| {
            it.between[0].not_after = utc("210101000000Z");
        }),
        refused("not valid yet", "an intermediate of the future", |it| {
            it.between[0].not_before = generalized("21000101000000Z");
        }),
        refused("X.509 version 3", "an intermediate of version 1", |it| {
            it.between[0].version = None;
        }),
        refused("critical extension", "an intermediate with an unknown critical one", |it| {
            it.between[0].set(&[1, 3, 6, 1, 4, 1, 1], true, vec![5, 0]);
        }),
        refused("critical extension", "an intermediate that explicitly requires policies", |it| {
            it.between[0].set(&POLICY_CONSTRAINTS, true, sequence(&[&primitive(0, &[0])]));
        }),
        refused("malformed", "an intermediate with a negative path length", |it| {
            let constraints = sequence(&[&flag(true), &integer(&[0xff])]);
            it.between[0].set(&BASIC_CONSTRAINTS, true, constraints);
        }),
        refused("malformed", "an intermediate that is no authority and is one", |it| {
            it.between[0].set(&BASIC_CONSTRAINTS, true, sequence(&[&[1, 1, 1]]));
        }),
    ]
}

fn with_path_length(draft: &mut Draft, length: u8) {
    draft.set(&BASIC_CONSTRAINTS, true, sequence(&[&flag(true), &integer(&[length])]));
}

fn add_intermediate(chain: &mut crate::x509::Chain) {
    let number = chain.between.len() + 1;
    chain.between.push(Draft::authority(&format!("intermediate {number}")));
}

/// A second certificate for the name of the one before, of a new key.
fn add_self_issued(chain: &mut crate::x509::Chain) {
    let mut next = chain.issuer().clone();
    next.set_key(Arc::new(crate::identity::key()));
    next.set(&AUTHORITY_KEY, false, Vec::new());
    next.serial = vec![78];
    chain.between.push(next);
}

fn depth() -> Vec<Row> {
    const TOO_LONG: &str = "its chain is longer than an authority of it allows";
    const TOO_DEEP: &str = "its chain has more than";
    vec![
        passes("a path length of zero above the server", |it| {
            with_path_length(&mut it.between[0], 0);
        }),
        refused(TOO_LONG, "a path length of zero above an authority", |it| {
            with_path_length(&mut it.between[0], 0);
            add_intermediate(it);
        }),
        passes("a path length of one above an authority", |it| {
            with_path_length(&mut it.between[0], 1);
            add_intermediate(it);
        }),
        refused(TOO_LONG, "a path length of one above two authorities", |it| {
            with_path_length(&mut it.between[0], 1);
            add_intermediate(it);
            add_intermediate(it);
        }),
        passes("a root's path length of one above an authority", |it| {
            with_path_length(&mut it.root, 1);
        }),
        refused(TOO_LONG, "a root's path length of zero above an authority", |it| {
            with_path_length(&mut it.root, 0);
        }),
        refused(TOO_LONG, "a root's path length of one above two authorities", |it| {
            with_path_length(&mut it.root, 1);
            add_intermediate(it);
        }),
        refused(
            TOO_LONG,
            "a root's path length, beside a root of its key and another name",
            |it| {
                let mut other = Draft::authority("another root");
                other.set_key(it.root.key.clone());
                it.roots.push(other);
                with_path_length(&mut it.root, 0);
            },
        ),
        passes("a root's path length of one above an authority and its new key", |it| {
            with_path_length(&mut it.root, 1);
            add_self_issued(it);
        }),
        passes("a root's path length of zero above its new key", |it| {
            with_path_length(&mut it.root, 0);
            it.between.clear();
            add_self_issued(it);
            it.between[0].set(&BASIC_CONSTRAINTS, true, sequence(&[&flag(true)]));
        }),
        passes("six intermediates", |it| (0..5).for_each(|_| add_intermediate(it))),
        refused("too much to verify", "seven intermediates", |it| {
            (0..6).for_each(|_| add_intermediate(it));
        }),
        passes("a limit of one intermediate", |it| {
            it.profile = it.profile.clone().max_intermediates(1);
        }),
        refused(TOO_DEEP, "a limit of no intermediate", |it| {
            it.profile = it.profile.clone().max_intermediates(0);
        }),
        refused(TOO_DEEP, "two intermediates where one may be", |it| {
            it.profile = it.profile.clone().max_intermediates(1);
            add_intermediate(it);
        }),
        refused(TOO_DEEP, "a self-issued intermediate beyond the limit", |it| {
            it.profile = it.profile.clone().max_intermediates(1);
            add_self_issued(it);
        }),
    ]
}

fn sound() -> Vec<Row> {
    vec![
        passes("an intermediate of P-384", |it| {
            let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
            it.between[0].set_key(Arc::new(key));
        }),
        passes("an intermediate of RSA with 3072 bits", |it| {
            let size = rcgen::RsaKeySize::_3072;
            let key = KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, size).unwrap();
            it.between[0].set_key(Arc::new(key));
        }),
        passes("an intermediate for servers and clients", |it| {
            let purposes = sequence(&[&oid(&purpose(1)), &oid(&purpose(2))]);
            it.between[0].set(&PURPOSES, false, purposes);
        }),
        passes("an intermediate whose key usage is not critical", |it| {
            it.between[0].set_critical(&KEY_USAGE, false);
        }),
        passes("an intermediate with policies", |it| {
            let any = sequence(&[&oid(&[2, 5, 29, 32, 0])]);
            it.between[0].set(&POLICIES, false, sequence(&[&any]));
        }),
        passes("an intermediate with mappings of policies", |it| {
            let pair = sequence(&[&oid(&[1, 2, 3]), &oid(&[1, 2, 4])]);
            it.between[0].set(&POLICY_MAPPINGS, false, sequence(&[&pair]));
        }),
        passes("the root beside the chain", |it| it.strays = vec![it.root.signed_by(&it.root)]),
        passes("two ways, of which the first has expired", |it| {
            let mut expired = it.between[0].clone();
            expired.not_after = utc("210101000000Z");
            it.strays = vec![expired.signed_by(&it.root)];
        }),
        passes("two ways, of which the first breaks a rule", |it| {
            let mut broken = it.between[0].clone();
            broken.serial = vec![0];
            it.strays = vec![broken.signed_by(&it.root)];
        }),
        passes("two ways, of which the first has no root", |it| {
            let stranger = Draft::authority("a stranger");
            it.strays = vec![it.between[0].signed_by(&stranger)];
        }),
    ]
}
