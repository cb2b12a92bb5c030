//! Authorities between the leaf and the root, and roots.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, GeneralSubtree,
    IsCa, KeyUsagePurpose, NameConstraints, date_time_ymd,
};

use super::{HOST, below, chain, intermediate, refused};
use crate::identity::{Identity, authority, key, leaf, root, trust};
use crate::row::{Row, Section};

pub fn rows() -> Vec<Row> {
    [links(), limits()].into_iter().flatten().collect()
}

/// The leaf is signed by an intermediate authority.
fn with_intermediate(name: &str, says: &str, change: fn(&mut CertificateParams)) -> Row {
    chain(Section::Certificate, name, refused(says), move || {
        let root = root();
        let between = intermediate(&root, change);
        (Identity::new(&leaf(HOST), &between).below(&[&between]), trust(&root))
    })
}

fn links() -> Vec<Row> {
    vec![
        below("an untrusted root", "no root that is trusted has signed its chain", |_| {
            let stranger = CertifiedIssuer::self_signed(authority("a stranger"), key()).unwrap();
            Identity::new(&leaf(HOST), &stranger).below(&[&stranger])
        }),
        below(
            "an untrusted root of the trusted one's name",
            "a signature of its chain is wrong",
            |_| Identity::new(&leaf(HOST), &root()),
        ),
        below("a missing intermediate", "no root that is trusted has signed its chain", |root| {
            Identity::new(&leaf(HOST), &intermediate(root, |_| {}))
        }),
        below(
            "an intermediate of the right name and another key",
            "a signature of its chain is wrong",
            |root| {
                let right = intermediate(root, |_| {});
                Identity::new(&leaf(HOST), &intermediate(root, |_| {})).below(&[&right])
            },
        ),
        with_intermediate(
            "an intermediate that is no authority",
            "a certificate of its chain is signed by one that is no authority's",
            |between| {
                between.is_ca = IsCa::ExplicitNoCa;
            },
        ),
        below(
            "a leaf that signs a leaf",
            "a certificate of its chain is signed by one that is no authority's",
            |root| {
                let other = CertifiedIssuer::signed_by(leaf("mine.example"), key(), root).unwrap();
                Identity::new(&leaf(HOST), &other).below(&[&other])
            },
        ),
        with_intermediate(
            "an intermediate without `keyCertSign`",
            "an intermediate certificate does not say that it may sign certificates",
            |between| {
                between.key_usages = vec![KeyUsagePurpose::CrlSign];
            },
        ),
        with_intermediate(
            "an intermediate without a key usage",
            "an intermediate certificate does not say that it may sign certificates",
            |between| {
                between.key_usages.clear();
            },
        ),
    ]
}

fn limits() -> Vec<Row> {
    vec![
        with_intermediate(
            "an expired intermediate",
            "a certificate of its chain has expired",
            |between| {
                between.not_after = date_time_ymd(2020, 1, 1);
            },
        ),
        with_intermediate(
            "an intermediate for clients",
            "a certificate of its chain is not for servers",
            |between| {
                between.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
            },
        ),
        with_intermediate(
            "name constraints for others",
            "an authority of its chain may not speak for its name",
            |between| {
                between.name_constraints = Some(NameConstraints {
                    permitted_subtrees: vec![GeneralSubtree::DnsName("example.com".to_owned())],
                    excluded_subtrees: vec![],
                });
            },
        ),
        with_intermediate(
            "name constraints against AWS",
            "an authority of its chain may not speak for its name",
            |between| {
                between.name_constraints = Some(NameConstraints {
                    permitted_subtrees: vec![],
                    excluded_subtrees: vec![GeneralSubtree::DnsName("amazonaws.com".to_owned())],
                });
            },
        ),
        below(
            "a chain beyond its path length",
            "its chain is longer than an authority of it allows",
            |root| {
                let last = intermediate(root, |it| {
                    it.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
                });
                let beyond = CertifiedIssuer::signed_by(authority("beyond"), key(), &last).unwrap();
                Identity::new(&leaf(HOST), &beyond).below(&[&beyond, &last])
            },
        ),
        below("a chain of a hundred authorities", "its chain is too much to verify", |root| {
            let mut issuers =
                vec![CertifiedIssuer::signed_by(authority("0"), key(), root).unwrap()];
            for number in 1..100 {
                let last = issuers.last().unwrap();
                let next = authority(&number.to_string());
                issuers.push(CertifiedIssuer::signed_by(next, key(), last).unwrap());
            }
            let all: Vec<_> = issuers.iter().rev().collect();
            Identity::new(&leaf(HOST), issuers.last().unwrap()).below(&all)
        }),
        below("a thicket of authorities of one name", "its chain is too much to verify", |_| {
            let thicket: Vec<_> = (0..20).map(|_| root()).collect();
            let all: Vec<_> = thicket.iter().collect();
            let stranger = CertifiedIssuer::self_signed(authority("a stranger"), key()).unwrap();
            let first =
                CertifiedIssuer::signed_by(authority("the root"), key(), &stranger).unwrap();
            Identity::new(&leaf(HOST), &first).below(&all)
        }),
    ]
}
