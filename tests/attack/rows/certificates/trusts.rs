//! Chains that another policy would believe.

use dynamo_runtime::Trust;
use rcgen::{
    CertificateRevocationListParams, CertifiedIssuer, DistinguishedName, DnType, DnValue,
    KeyIdMethod, RevokedCertParams, SerialNumber, date_time_ymd,
};

use super::{HOST, chain, intermediate, refused};
use crate::account::client;
use crate::identity::{
    Authority, Identity, authority, fixture_path, key, leaf, public_key_sha256, root, trust,
};
use crate::row::{Expected, Row, Section};
use crate::server::Tally;

pub fn rows() -> Vec<Row> {
    [amazon(), pins(), revocations()].into_iter().flatten().collect()
}

/// The default trust.
fn amazon() -> Vec<Row> {
    let fixtures = || (Identity::of_fixtures(&["sound"]), Trust::amazon());
    vec![
        chain(
            Section::Certificate,
            "a private authority, by default",
            refused("no root that is trusted has signed its chain"),
            || (Identity::new(&leaf(HOST), &root()), Trust::amazon()),
        ),
        chain(
            Section::Certificate,
            "a root of Amazon's name",
            refused("a signature of its chain is wrong"),
            || {
                let forged = named("US", "Amazon", "Amazon Root CA 3");
                (Identity::new(&leaf(HOST), &forged).below(&[&forged]), Trust::amazon())
            },
        ),
        // Its name is in the public roots, so a client that trusted them would look at its signature.
        chain(
            Section::Certificate,
            "a public authority that is not Amazon's",
            refused("no root that is trusted has signed its chain"),
            || {
                let public = named("US", "Internet Security Research Group", "ISRG Root X1");
                (Identity::new(&leaf(HOST), &public).below(&[&public]), Trust::amazon())
            },
        ),
        chain(
            Section::Certificate,
            "a rogue authority in `SSL_CERT_FILE`",
            refused("no root that is trusted has signed its chain"),
            fixtures,
        )
        .with_variable("SSL_CERT_FILE", &fixture_path("root")),
    ]
}

fn named(country: &str, organization: &str, name: &str) -> Authority {
    let mut params = authority("");
    params.distinguished_name = DistinguishedName::new();
    for (kind, text) in [
        (DnType::CountryName, country),
        (DnType::OrganizationName, organization),
        (DnType::CommonName, name),
    ] {
        params.distinguished_name.push(kind, DnValue::PrintableString(text.try_into().unwrap()));
    }
    CertifiedIssuer::self_signed(params, key()).unwrap()
}

/// Of the name of every other root, and with another key.
fn stranger() -> Authority {
    root()
}

fn pins() -> Vec<Row> {
    vec![
        chain(
            Section::Certificate,
            "a key that is not pinned",
            refused("its public key is not one of the pins"),
            || {
                let root = root();
                (Identity::new(&leaf(HOST), &root), trust(&root).pin_spki([7; 32]))
            },
        ),
        chain(
            Section::Certificate,
            "a pinned key of an untrusted root",
            refused("a signature of its chain is wrong"),
            || {
                let (key, root) = (key(), root());
                let pin = public_key_sha256(&key);
                let certificate = leaf(HOST).signed_by(&key, &root).unwrap();
                let identity = Identity::of(certificate.der().clone(), &key);
                (identity, trust(&stranger()).pin_spki(pin))
            },
        ),
    ]
}

const SERIAL: u64 = 66;

fn revocations() -> Vec<Row> {
    vec![
        with_lists("revoked by a given list", "a certificate of its chain is revoked", |root| {
            vec![revocation_list(root, &[SERIAL], date_time_ymd(4000, 1, 1))]
        }),
        Row::new(
            Section::Certificate,
            "a given list that has expired",
            Expected::Unbuilt("a revocation list has expired".to_owned()),
            |call| async move {
                let root = root();
                let list = revocation_list(&root, &[], date_time_ymd(2021, 1, 1));
                let trust = trust(&root).revoked_by(list).unwrap();
                call.send(client(1, trust), &Tally::default()).await
            },
        ),
        with_lists(
            "a given list of another authority",
            "a certificate of its chain is covered by none of the revocation lists",
            |_| {
                let stranger =
                    CertifiedIssuer::self_signed(authority("a stranger"), key()).unwrap();
                vec![revocation_list(&stranger, &[], date_time_ymd(4000, 1, 1))]
            },
        ),
        with_lists(
            "a given list that its authority did not sign",
            "a revocation list is not signed by the authority that it names",
            |_| vec![revocation_list(&root(), &[], date_time_ymd(4000, 1, 1))],
        ),
        chain(
            Section::Certificate,
            "an intermediate revoked by a given list",
            refused("a certificate of its chain is revoked"),
            || {
                let root = root();
                let between = intermediate(&root, |it| it.serial_number = Some(SERIAL.into()));
                let identity = Identity::new(&leaf(HOST), &between).below(&[&between]);
                let later = date_time_ymd(4000, 1, 1);
                let lists = revocation_list(&between, &[], later)
                    + &revocation_list(&root, &[SERIAL], later);
                (identity, trust(&root).revoked_by(lists).unwrap())
            },
        ),
        chain(
            Section::Certificate,
            "an intermediate that no given list covers",
            refused("a certificate of its chain is covered by none of the revocation lists"),
            || {
                let root = root();
                let between = intermediate(&root, |_| {});
                let identity = Identity::new(&leaf(HOST), &between).below(&[&between]);
                let list = revocation_list(&between, &[], date_time_ymd(4000, 1, 1));
                (identity, trust(&root).revoked_by(list).unwrap())
            },
        ),
    ]
}

fn with_lists(name: &str, says: &str, lists: fn(&Authority) -> Vec<String>) -> Row {
    chain(Section::Certificate, name, refused(says), move || {
        let root = root();
        let mut leaf = leaf(HOST);
        leaf.serial_number = Some(SERIAL.into());
        let trust = lists(&root).iter().fold(trust(&root), |it, list| it.revoked_by(list).unwrap());
        (Identity::new(&leaf, &root), trust)
    })
}

/// A list of this authority, in PEM.
pub fn revocation_list(issuer: &Authority, revoked: &[u64], next: time::OffsetDateTime) -> String {
    let revoked = revoked.iter().map(|serial| RevokedCertParams {
        serial_number: SerialNumber::from(*serial),
        revocation_time: date_time_ymd(2020, 6, 1),
        reason_code: None,
        invalidity_date: None,
    });
    let list = CertificateRevocationListParams {
        this_update: date_time_ymd(2020, 1, 1),
        next_update: next,
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: revoked.collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    list.signed_by(issuer).unwrap().pem().unwrap()
}
