//! D. Chains for DynamoDB's own host that are right in all but one thing.
//!
//! The client asks a proxy of this machine for `dynamodb.us-east-1.amazonaws.com:443`, and the attacker answers.

mod authorities;
mod names;
mod trusts;

pub use self::trusts::revocation_list;

use dynamo_runtime::Trust;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, ExtendedKeyUsagePurpose,
    IsCa, KeyUsagePurpose, date_time_ymd,
};

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::version::TLS12;

use super::responses::success;
use crate::account::aws_client;
use crate::identity::{Authority, Identity, authority, fixture, key, leaf, root, trust};
use crate::row::{Expected, Row, Section};
use crate::server::{answering, configuration, configuration_with, proxy};

pub const HOST: &str = "dynamodb.us-east-1.amazonaws.com";

pub const ESTABLISHED: &str = "HTTP/1.1 200 Connection established\r\n\r\n";

pub fn rows() -> Vec<Row> {
    [leaves(), authorities::rows(), weak(), names::rows(), trusts::rows()]
        .into_iter()
        .flatten()
        .collect()
}

/// A server with this chain, and a client with this trust.
pub fn chain(
    section: Section,
    name: &str,
    expected: Expected,
    made: impl Fn() -> (Identity, Trust) + Clone + Send + Sync + 'static,
) -> Row {
    served(section, name, expected, configuration, made)
}

fn served(
    section: Section,
    name: &str,
    expected: Expected,
    configure: fn(Identity) -> ServerConfig,
    made: impl Fn() -> (Identity, Trust) + Clone + Send + Sync + 'static,
) -> Row {
    Row::new(section, name, expected, move |call| {
        let (identity, trust) = made();
        async move {
            let (port, tally) = answering(configure(identity), success(b"{}")).await;
            let (proxy, _, _) = proxy(ESTABLISHED, Some(port)).await;
            call.send(aws_client(proxy, trust), &tally).await
        }
    })
}

fn refused(says: &str) -> Expected {
    Expected::Refused(says.to_owned())
}

/// A chain whose root is trusted.
fn below(name: &str, says: &str, made: fn(&Authority) -> Identity) -> Row {
    chain(Section::Certificate, name, refused(says), move || {
        let root = root();
        (made(&root), trust(&root))
    })
}

fn with_leaf(name: &str, says: &str, change: fn(&mut CertificateParams)) -> Row {
    chain(Section::Certificate, name, refused(says), move || {
        let root = root();
        let mut leaf = leaf(HOST);
        change(&mut leaf);
        (Identity::new(&leaf, &root), trust(&root))
    })
}

fn leaves() -> Vec<Row> {
    vec![
        with_leaf("expired", "a certificate of its chain has expired", |leaf| {
            leaf.not_after = date_time_ymd(2020, 1, 1);
        }),
        with_leaf("not yet valid", "a certificate of its chain is not valid yet", |leaf| {
            leaf.not_before = date_time_ymd(4000, 1, 1);
            leaf.not_after = date_time_ymd(4001, 1, 1);
        }),
        below("self-signed", "no root that is trusted has signed its chain", |_| {
            let key = key();
            Identity::of(leaf(HOST).self_signed(&key).unwrap().der().clone(), &key)
        }),
        with_leaf(
            "extended key usage absent",
            "its certificate does not say that it is for servers",
            |leaf| {
                leaf.extended_key_usages.clear();
            },
        ),
        with_leaf(
            "extended key usage for clients",
            "a certificate of its chain is not for servers",
            |leaf| {
                leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
            },
        ),
        with_leaf(
            "extended key usage for anything",
            "a certificate of its chain is not for servers",
            |leaf| {
                leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::Any];
            },
        ),
        with_leaf(
            "a key that may only encipher",
            "its certificate's key may not sign a handshake",
            |leaf| {
                leaf.key_usages = vec![KeyUsagePurpose::KeyEncipherment];
            },
        ),
        with_leaf("an authority as leaf", "its certificate is an authority's", |leaf| {
            leaf.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }),
        with_leaf(
            "an unknown critical extension",
            "a certificate of its chain has a critical extension that is not known",
            |leaf| {
                let mut unknown =
                    CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 1], vec![5, 0]);
                unknown.set_criticality(true);
                leaf.custom_extensions.push(unknown);
            },
        ),
        below("a bad signature", "a signature of its chain is wrong", |root| {
            let mut identity = Identity::new(&leaf(HOST), root);
            let mut der = identity.chain[0].to_vec();
            *der.last_mut().unwrap() ^= 1;
            identity.chain[0] = der.into();
            identity
        }),
        below("DER that ends early", "a certificate of its chain is malformed", |root| {
            let mut identity = Identity::new(&leaf(HOST), root);
            let der = identity.chain[0].to_vec();
            identity.chain[0] = der[..der.len() - 40].to_vec().into();
            identity
        }),
        without_its_key("a certificate without its key", configuration),
        without_its_key("a certificate without its key, by TLS 1.2", |identity| {
            configuration_with(default_provider(), &[&TLS12], identity)
        }),
    ]
}

/// The server signs the handshake with another key than its certificate's.
fn without_its_key(name: &str, configure: fn(Identity) -> ServerConfig) -> Row {
    served(Section::Certificate, name, refused("BadSignature"), configure, || {
        let root = root();
        let identity = Identity::new(&leaf(HOST), &root);
        (Identity::of(identity.chain[0].clone(), &key()), trust(&root))
    })
}

pub fn intermediate(root: &Authority, change: impl FnOnce(&mut CertificateParams)) -> Authority {
    let mut between = authority("the intermediate");
    change(&mut between);
    CertifiedIssuer::signed_by(between, key(), root).unwrap()
}

/// Certificates of `fixtures/`, for which there is no signer here.
fn weak() -> Vec<Row> {
    let fixtures = |name: &str, says: &str, names: &'static [&'static str]| {
        chain(Section::Certificate, name, refused(says), move || {
            (Identity::of_fixtures(names), Trust::private_ca(fixture("root")).unwrap())
        })
    };
    vec![
        fixtures(
            "a signature by SHA-1",
            "a signature of its chain is of an algorithm that is not accepted",
            &["sha1"],
        ),
        fixtures(
            "an RSA key of 1024 bits",
            "its certificate's RSA key has less than 2048 bits",
            &["rsa1024"],
        ),
        fixtures(
            "an intermediate with an RSA key of 1024 bits",
            "a signature of its chain is wrong",
            &["of-weak-issuer", "weak-issuer"],
        ),
        fixtures(
            "X.509 version 1",
            "a certificate of its chain is not of X.509 version 3",
            &["version1"],
        ),
        // All else of the fixtures is right.
        fixtures("an RSA certificate without its key", "UnsupportedSignatureAlgorithm", &["sound"]),
    ]
}
