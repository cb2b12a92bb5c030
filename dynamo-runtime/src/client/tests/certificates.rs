//! Chains that the verifier must refuse, each right in all but one thing.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, KeyPair, KeyUsagePurpose, NameConstraints,
};
use rustls::client::danger::ServerCertVerifier;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use crate::client::Trust;
use crate::client::audit::Auditor;
use crate::client::endpoint;
use crate::client::verifier::Verifier;

const HOST: &str = "dynamodb.us-east-1.amazonaws.com";

type Authority = CertifiedIssuer<'static, KeyPair>;

fn leaf(name: &str) -> CertificateParams {
    let mut leaf = CertificateParams::new([name.to_owned()]).unwrap();
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    leaf
}

fn authority(name: &str) -> CertificateParams {
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, name);
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    authority
}

fn root() -> Authority {
    CertifiedIssuer::self_signed(authority("root"), KeyPair::generate().unwrap()).unwrap()
}

fn intermediate(root: &Authority, change: impl FnOnce(&mut CertificateParams)) -> Authority {
    let mut params = authority("intermediate");
    change(&mut params);
    CertifiedIssuer::signed_by(params, KeyPair::generate().unwrap(), root).unwrap()
}

fn signed(leaf: &CertificateParams, issuer: &Authority) -> CertificateDer<'static> {
    leaf.signed_by(&KeyPair::generate().unwrap(), issuer).unwrap().der().clone()
}

fn is_believed(root: &Authority, leaf: &CertificateDer<'_>, between: &[&Authority]) -> bool {
    let trust = Trust::private_ca(root.pem()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let authority = endpoint::Authority::https(HOST.to_owned());
    let verifier = Verifier::new(&trust, provider, &authority, &Auditor::default()).unwrap();
    let between: Vec<_> = between.iter().map(|issuer| issuer.der().clone()).collect();
    let host = ServerName::try_from(HOST).unwrap();
    verifier.verify_server_cert(leaf, &between, &host, &[], UnixTime::now()).is_ok()
}

#[test]
fn the_name_is_the_hosts_or_a_wildcard_of_one_label() {
    let root = root();
    for name in [HOST, "*.us-east-1.amazonaws.com"] {
        assert!(is_believed(&root, &signed(&leaf(name), &root), &[]), "{name}");
    }
    for name in [
        "*.amazonaws.com",
        "*.*.amazonaws.com",
        "d*.us-east-1.amazonaws.com",
        "*",
        "us-east-1.amazonaws.com",
        "dynamodb.us-west-2.amazonaws.com",
        "sts.us-east-1.amazonaws.com",
        "dynamodb.us-east-1.amazonaws.com.evil.example",
        "evil-dynamodb.us-east-1.amazonaws.com",
        "203.0.113.7",
    ] {
        assert!(!is_believed(&root, &signed(&leaf(name), &root), &[]), "{name}");
    }
}

#[test]
fn a_common_name_is_no_name() {
    let root = root();
    let mut params = leaf(HOST);
    params.subject_alt_names.clear();
    params.distinguished_name.push(DnType::CommonName, HOST);
    assert!(!is_believed(&root, &signed(&params, &root), &[]));
}

#[test]
fn the_leaf_is_current_no_authority_and_signed_by_one() {
    let root = root();
    let refused = |change: fn(&mut CertificateParams)| {
        let mut params = leaf(HOST);
        change(&mut params);
        !is_believed(&root, &signed(&params, &root), &[])
    };
    assert!(refused(|leaf| leaf.not_before = rcgen::date_time_ymd(4000, 1, 1)), "not yet valid");
    assert!(refused(|leaf| leaf.not_after = rcgen::date_time_ymd(2020, 1, 1)), "expired");
    assert!(refused(|leaf| leaf.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)), "authority");
    assert!(refused(|leaf| leaf.extended_key_usages.clear()), "for nothing");
    assert!(
        refused(|leaf| leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::Any]),
        "for anything"
    );

    let own = leaf(HOST).self_signed(&KeyPair::generate().unwrap()).unwrap();
    assert!(!is_believed(&root, own.der(), &[]), "self-signed");
    let mut broken = signed(&leaf(HOST), &root).to_vec();
    *broken.last_mut().unwrap() ^= 1;
    assert!(!is_believed(&root, &broken.into(), &[]), "signature");
}

#[test]
fn every_intermediate_may_sign_is_current_and_within_its_bounds() {
    let root = root();
    let believed = |change: fn(&mut CertificateParams)| {
        let between = intermediate(&root, change);
        is_believed(&root, &signed(&leaf(HOST), &between), &[&between])
    };
    assert!(believed(|_| {}));
    assert!(!believed(|ca| ca.key_usages = vec![KeyUsagePurpose::CrlSign]), "may not sign");
    assert!(!believed(|ca| ca.key_usages.clear()), "does not say that it may sign");
    assert!(!believed(|ca| ca.is_ca = IsCa::ExplicitNoCa), "no authority");
    assert!(!believed(|ca| ca.not_after = rcgen::date_time_ymd(2020, 1, 1)), "expired");
    assert!(
        !believed(|ca| ca.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]),
        "for clients"
    );
    assert!(
        !believed(|ca| {
            ca.name_constraints = Some(NameConstraints {
                permitted_subtrees: vec![GeneralSubtree::DnsName("example.com".to_owned())],
                excluded_subtrees: vec![],
            });
        }),
        "for other names"
    );

    let between = intermediate(&root, |_| {});
    assert!(!is_believed(&root, &signed(&leaf(HOST), &between), &[]), "missing");
    let last = intermediate(&root, |ca| ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0)));
    let beyond = intermediate(&last, |_| {});
    assert!(!is_believed(&root, &signed(&leaf(HOST), &beyond), &[&beyond, &last]), "too long");
}
