//! F. What must pass, so that no row above fails for another reason.

use dynamo_runtime::client::TlsFloor;
use rcgen::{CertificateParams, date_time_ymd};
use rustls::crypto::aws_lc_rs::{cipher_suite, default_provider, kx_group};
use rustls::crypto::{CryptoProvider, SupportedKxGroup};
use rustls::version::{TLS12, TLS13};
use rustls::{SupportedCipherSuite, SupportedProtocolVersion};

use super::certificates::{HOST, chain, intermediate, revocation_list};
use super::responses::{passing_answers, success};
use super::tls::client_roots;
use crate::account;
use crate::identity::{Authority, Identity, key, leaf, root, trust};
use crate::row::{Expected, Row, Section};
use crate::server::{Answer, answering, asking_for_certificate, configuration, configuration_with};

static TLS_1_2: &[&SupportedProtocolVersion] = &[&TLS12];
static TLS_1_3: &[&SupportedProtocolVersion] = &[&TLS13];

pub fn rows() -> Vec<Row> {
    [versions(), groups(), chains(), answers()].into_iter().flatten().collect()
}

fn passes(says: &str) -> Expected {
    Expected::Passes(says.to_owned())
}

fn versions() -> Vec<Row> {
    let floor = TlsFloor::Tls12;
    let ecdsa_gcm = cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;
    let ecdsa_chacha = cipher_suite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256;
    vec![
        suite("TLS 1.3", TLS_1_3, cipher_suite::TLS13_AES_128_GCM_SHA256, floor),
        suite(
            "TLS 1.3 at its floor",
            TLS_1_3,
            cipher_suite::TLS13_AES_256_GCM_SHA384,
            TlsFloor::Tls13,
        ),
        suite("TLS 1.2 with GCM", TLS_1_2, ecdsa_gcm, floor),
        suite("TLS 1.2 with ChaCha20-Poly1305", TLS_1_2, ecdsa_chacha, floor),
    ]
}

fn suite(
    name: &str,
    versions: &'static [&'static SupportedProtocolVersion],
    suite: SupportedCipherSuite,
    floor: TlsFloor,
) -> Row {
    let provider = CryptoProvider { cipher_suites: vec![suite], ..default_provider() };
    served(name, suite.suite().as_str().unwrap(), provider, versions, floor)
}

fn groups() -> Vec<Row> {
    // The client sends no share of the last two, so the server asks for another `ClientHello`.
    let rows: [(&str, &'static dyn SupportedKxGroup); 4] = [
        ("X25519MLKEM768", kx_group::X25519MLKEM768),
        ("X25519", kx_group::X25519),
        ("HelloRetryRequest for secp256r1", kx_group::SECP256R1),
        ("HelloRetryRequest for secp384r1", kx_group::SECP384R1),
    ];
    let row = |(name, group): (&str, &'static dyn SupportedKxGroup)| {
        let provider = CryptoProvider { kx_groups: vec![group], ..default_provider() };
        served(name, group.name().as_str().unwrap(), provider, TLS_1_3, TlsFloor::Tls12)
    };
    rows.into_iter().map(row).collect()
}

/// A server with this provider and these versions.
fn served(
    name: &str,
    says: &str,
    provider: CryptoProvider,
    versions: &'static [&'static SupportedProtocolVersion],
    floor: TlsFloor,
) -> Row {
    Row::new(Section::Control, name, passes(says), move |call| {
        let provider = provider.clone();
        async move {
            let root = root();
            let identity = Identity::new(&leaf("localhost"), &root);
            let config = configuration_with(provider, versions, identity);
            let (port, tally) = answering(config, success(b"{}")).await;
            let client = account::client(port, trust(&root)).tls_floor(floor);
            call.send(client, &tally).await
        }
    })
}

fn chains() -> Vec<Row> {
    let named = |name: &str, change: fn(&mut CertificateParams)| {
        control(name, move |root| {
            let mut leaf = leaf(HOST);
            change(&mut leaf);
            Identity::new(&leaf, root)
        })
    };
    let later = date_time_ymd(4000, 1, 1);
    vec![
        named("the host, through a proxy", |_| {}),
        named("a wildcard of one label", |it| *it = leaf("*.us-east-1.amazonaws.com")),
        named("the host in capitals", |it| *it = leaf("DYNAMODB.US-EAST-1.AMAZONAWS.COM")),
        named("the host beside another", |it| {
            it.subject_alt_names.extend(leaf("example.com").subject_alt_names);
        }),
        named("a leaf without a key usage", |leaf| leaf.key_usages.clear()),
        control("an intermediate", |root| {
            let between = intermediate(root, |_| {});
            Identity::new(&leaf(HOST), &between).below(&[&between])
        }),
        control("a stray certificate beside the chain", |root| {
            let between = intermediate(root, |_| {});
            let stray = intermediate(root, |it| it.key_usages.clear());
            Identity::new(&leaf(HOST), &between).below(&[&stray, &between])
        }),
        chain(Section::Control, "a pinned key", passes("TLSv1_3"), || {
            let (key, root) = (key(), root());
            let pin = crate::identity::public_key_sha256(&key);
            let certificate = leaf(HOST).signed_by(&key, &root).unwrap().der().clone();
            (Identity::of(certificate, &key), trust(&root).pin_spki([7; 32]).pin_spki(pin))
        }),
        Row::new(
            Section::Control,
            "a certificate of the client asked for, and not demanded",
            passes("is_certificate_requested: true"),
            |call| async move {
                let root = root();
                let identity = Identity::new(&leaf("localhost"), &root);
                let config = asking_for_certificate(TLS_1_3, identity, client_roots(&root), false);
                let (port, tally) = answering(config, success(b"{}")).await;
                call.send(account::client(port, trust(&root)), &tally).await
            },
        ),
        chain(Section::Control, "given lists that revoke others", passes("TLSv1_3"), move || {
            let root = root();
            let between = intermediate(&root, |_| {});
            let lists =
                revocation_list(&between, &[1], later) + &revocation_list(&root, &[2], later);
            let identity = Identity::new(&leaf(HOST), &between).below(&[&between]);
            (identity, trust(&root).revoked_by(lists).unwrap())
        }),
    ]
}

/// A chain whose root is trusted.
fn control(
    name: &str,
    made: impl Fn(&Authority) -> Identity + Clone + Send + Sync + 'static,
) -> Row {
    chain(Section::Control, name, passes("TLSv1_3"), move || {
        let root = root();
        (made(&root), trust(&root))
    })
}

fn answers() -> Vec<Row> {
    let row = |(name, answer): (&'static str, Answer)| {
        Row::new(Section::Control, name, passes("TLSv1_3"), move |call| {
            let answer = answer.clone();
            async move {
                let root = root();
                let config = configuration(Identity::new(&leaf("localhost"), &root));
                let (port, tally) = answering(config, answer).await;
                call.send(account::client(port, trust(&root)), &tally).await
            }
        })
    };
    passing_answers().into_iter().map(row).collect()
}
