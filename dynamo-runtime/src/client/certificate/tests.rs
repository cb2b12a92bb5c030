use proptest::prelude::*;
use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose};

use super::*;

fn certificate(change: impl FnOnce(&mut CertificateParams)) -> Vec<u8> {
    let mut params = CertificateParams::new(["db.internal".to_owned()]).unwrap();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    change(&mut params);
    params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
}

#[test]
fn what_a_certificate_says_is_read() {
    let der = certificate(|params| {
        params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Constrained(3));
        params.serial_number = Some(77_u64.into());
        params.key_usages = vec![KeyUsagePurpose::CrlSign, KeyUsagePurpose::DecipherOnly];
    });
    let read = Certificate::parse(&der).unwrap();
    assert_eq!(read.serial, [77]);
    let constraints = BasicConstraints { is_authority: true, path_length: Some(3) };
    assert_eq!(read.basic_constraints(), Some(Ok(constraints)));
    let usage = read.key_usage().unwrap().unwrap();
    assert!(usage.has(KeyUsage::CRL_SIGN) && usage.has(1 << 7));
    assert!(!usage.has(KeyUsage::KEY_CERT_SIGN) && !usage.has(KeyUsage::DIGITAL_SIGNATURE));
    assert_eq!(read.purposes(), Some(Ok(vec![SERVER_AUTHENTICATION])));
    assert_eq!(read.names(), Some(Ok(vec![GeneralName::Dns(b"db.internal")])));
    assert!(read.is_self_issued() && read.is_critical(KEY_USAGE));
    let algorithms = rustls::crypto::aws_lc_rs::default_provider();
    let algorithms = algorithms.signature_verification_algorithms.all;
    assert!(read.signed.is_by(read.public_key, algorithms));
    let other = certificate(|_| {});
    let other = Certificate::parse(&other).unwrap();
    assert!(!read.signed.is_by(other.public_key, algorithms));
    assert!(!read.must_staple());
}

#[test]
fn a_demand_for_a_staple_is_read() {
    for (value, demands) in [
        (&[0x30, 3, 2, 1, 5][..], true),
        (&[0x30, 3, 2, 1, 17], true),
        (&[0x30, 3, 2, 1, 6], false),
        (&[0x30, 0], false),
        (&[5, 0], true),
    ] {
        let der = certificate(|params| {
            let feature = [1, 3, 6, 1, 5, 5, 7, 1, 24];
            params
                .custom_extensions
                .push(rcgen::CustomExtension::from_oid_content(&feature, value.to_vec()));
        });
        assert_eq!(Certificate::parse(&der).unwrap().must_staple(), demands, "{value:?}");
    }
}

fn ask_everything(der: &[u8]) {
    if let Some(read) = Certificate::parse(der) {
        let _ = (read.basic_constraints(), read.key_usage(), read.purposes(), read.names());
        let _ = (read.name_constraints(), read.subject_key_identifier());
        let _ = (read.authority_key_identifier(), read.must_staple());
        let _ = public_key::check(read.public_key);
        let _ = names::rdns(read.subject);
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        ask_everything(&bytes);
    }

    #[test]
    fn no_damage_makes_it_panic(at in any::<proptest::sample::Index>(), byte in any::<u8>(), cut in any::<proptest::sample::Index>()) {
        let mut der = certificate(|_| {});
        let index = at.index(der.len());
        der[index] = byte;
        ask_everything(&der);
        der.truncate(cut.index(der.len()));
        ask_everything(&der);
    }
}
