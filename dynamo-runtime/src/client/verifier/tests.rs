//! What was valid when the client was built, and is not any more. Time is a parameter here.

use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer,
    ExtendedKeyUsagePurpose, IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose, PublicKeyData,
    SerialNumber, date_time_ymd,
};
use rustls::crypto::aws_lc_rs::default_provider;

use super::*;
use crate::client::audit::{AuditEvent, AuditLog, TrustedItem};

const DAY: u64 = 24 * 60 * 60;
/// 1 January 2025.
const START: u64 = 1_735_689_600;

struct Fixture {
    root: CertifiedIssuer<'static, KeyPair>,
    leaf: CertificateDer<'static>,
    key_sha256: [u8; 32],
}

impl Fixture {
    /// A root until 1 January 2026, and a leaf of it that is valid for longer.
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.not_before = date_time_ymd(2024, 1, 1);
        params.not_after = date_time_ymd(2026, 1, 1);
        let root = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let mut params = CertificateParams::new(["db.internal".to_owned()]).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().unwrap();
        let leaf = params.signed_by(&key, &root).unwrap().der().clone();
        let key_sha256 = sha256(&key.subject_public_key_info());
        Self { root, leaf, key_sha256 }
    }

    fn trust(&self) -> Trust {
        Trust::private_ca(self.root.pem()).unwrap()
    }

    fn list(&self) -> String {
        let list = CertificateRevocationListParams {
            this_update: date_time_ymd(2024, 12, 31),
            next_update: date_time_ymd(2025, 3, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: Vec::new(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        list.signed_by(&self.root).unwrap().pem().unwrap()
    }

    fn check(&self, verifier: &Verifier, now: u64) -> Result<(), String> {
        let name = ServerName::try_from("db.internal").unwrap();
        let verdict = verifier.check(&self.leaf, &[], &name, &[], at(now));
        verdict.map(drop).map_err(|fault| fault.to_string())
    }
}

fn at(seconds: u64) -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(seconds))
}

fn verifier(trust: &Trust, now: u64, log: &AuditLog) -> Result<Verifier, String> {
    let auditor = Auditor::new(log.clone());
    let verifier = Verifier::new(trust, &default_provider(), &auditor, at(now));
    verifier.map_err(|error| error.to_string())
}

#[test]
fn a_root_that_has_expired_since_is_refused() {
    let fixture = Fixture::new();
    let verifier = verifier(&fixture.trust(), START, &AuditLog::default()).unwrap();
    assert_eq!(fixture.check(&verifier, START), Ok(()));
    assert_eq!(fixture.check(&verifier, START + 365 * DAY), Ok(()));
    let expired = fixture.check(&verifier, START + 365 * DAY + 1);
    assert_eq!(expired, Err("the root has expired".to_owned()));
    let before = fixture.check(&verifier, START - 366 * DAY - 1);
    assert_eq!(before, Err("the root is not valid yet".to_owned()));
}

#[test]
fn a_pin_that_has_expired_since_is_none() {
    let fixture = Fixture::new();
    let end = SystemTime::UNIX_EPOCH + Duration::from_secs(START + DAY);
    let trust = fixture.trust().pin_spki_until(fixture.key_sha256, end);
    let pinned = verifier(&trust, START, &AuditLog::default()).unwrap();
    assert_eq!(fixture.check(&pinned, START + DAY - 1), Ok(()));
    let expired = fixture.check(&pinned, START + DAY);
    assert_eq!(expired, Err("its public key is not one of the pins".to_owned()));
    let late = verifier(&trust, START + DAY, &AuditLog::default()).unwrap_err();
    assert!(late.contains("every pinned key has expired"), "{late}");
    let two = trust.pin_spki([7; 32]);
    assert!(verifier(&two, START + DAY, &AuditLog::default()).is_ok());
}

#[test]
fn a_list_that_is_not_current_any_more_covers_nothing() {
    let fixture = Fixture::new();
    let trust = fixture.trust().revoked_by(fixture.list()).unwrap();
    let verifier = verifier(&trust, START, &AuditLog::default()).unwrap();
    assert_eq!(fixture.check(&verifier, START), Ok(()));
    let expired = fixture.check(&verifier, START + 90 * DAY).unwrap_err();
    assert!(expired.contains("a revocation list has expired"), "{expired}");
    let back = fixture.check(&verifier, START - 2 * DAY).unwrap_err();
    assert!(back.contains("a revocation list is not valid yet"), "{back}");
}

#[test]
fn what_will_expire_is_told_of_at_build() {
    let fixture = Fixture::new();
    let (trust, log) = (fixture.trust(), AuditLog::default());
    verifier(&trust, START + 334 * DAY, &log).unwrap();
    assert_eq!(log.take(), []);
    verifier(&trust, START + 336 * DAY, &log).unwrap();
    let told = AuditEvent::TrustExpiring {
        item: TrustedItem::Root,
        sha256: sha256(&fixture.root.key().subject_public_key_info()),
        expires: SystemTime::UNIX_EPOCH + Duration::from_secs(START + 365 * DAY),
    };
    assert_eq!(log.take(), [told]);
    // 15 of its 60 days before.
    let listed = fixture.trust().revoked_by(fixture.list()).unwrap();
    verifier(&listed, START + 43 * DAY, &log).unwrap();
    assert_eq!(log.take(), []);
    verifier(&listed, START + 45 * DAY, &log).unwrap();
    let [AuditEvent::TrustExpiring { item, .. }] = log.take()[..] else {
        panic!("the list is not told of");
    };
    assert_eq!(item, TrustedItem::RevocationList);
}

#[test]
fn each_handshake_looks_at_what_expires() {
    let (fixture, log) = (Fixture::new(), AuditLog::default());
    let verifier = Arc::new(verifier(&fixture.trust(), START, &log).unwrap());
    let name = ServerName::try_from("db.internal").unwrap();
    let late = at(START + 340 * DAY);
    let witness = Witness::new(verifier, Authority::https("db.internal".to_owned()).into());
    witness.verify_server_cert(&fixture.leaf, &[], &name, &[], late).unwrap();
    assert!(matches!(log.take()[..], [AuditEvent::TrustExpiring { .. }]));
    witness.verify_server_cert(&fixture.leaf, &[], &name, &[], late).unwrap();
    assert_eq!(log.take(), []);
}
