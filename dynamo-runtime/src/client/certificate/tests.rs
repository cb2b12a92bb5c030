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

/// Tag, length and content, which is short.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, u8::try_from(content.len()).unwrap()], content].concat()
}

#[test]
fn a_name_is_sound_in_the_form_of_its_kind() {
    use GeneralName::{Directory, Email, Uri};
    let directory = der(0x31, &der(0x30, &[der(6, &[85, 4, 3]), der(12, b"a")].concat()));
    for (name, is_sound) in [
        (Email(b"a.b+c@db.example"), true),
        (Email(b"@db.example"), false),
        (Email(b"a b@db.example"), false),
        (Email(b"a@db_.example"), false),
        (Directory(&directory), true),
        (Directory(b"\x02\x01\x01"), false),
        (Uri(b"https://db.example/a?b"), true),
        (Uri(b"a+b-c.1:x"), true),
        (Uri(b"1a:x"), false),
        (Uri(b"a_b:x"), false),
        (Uri(b"https:"), false),
        (Uri(b"https://db.example/a b"), false),
        (Uri(b"db.example"), false),
    ] {
        assert_eq!(name.is_sound(), is_sound, "{name:?}");
    }
    assert_eq!(GeneralName::list(&der(0x30, &[])), None);
}

#[test]
fn a_directory_is_compared_by_kind_count_and_value() {
    const BMP: u8 = 0x1e;
    let attribute = |kind: u8, tag: u8, text: &[u8]| {
        der(0x30, &[der(6, &[85, 4, kind]), der(tag, text)].concat())
    };
    let one = |kind, tag, text: &[u8]| der(0x31, &attribute(kind, tag, text));
    let two = der(0x31, &[attribute(3, 12, b"a"), attribute(10, 12, b"b")].concat());
    for (name, base, is_below) in [
        (one(3, 12, b"A  b"), one(3, 19, b"a B"), true),
        (one(3, BMP, b"\0A"), one(3, BMP, b"\0A"), true),
        (one(3, BMP, b"\0A"), one(3, BMP, b"\0a"), false),
        (one(10, 12, b"a"), one(3, 12, b"a"), false),
        (two, one(3, 12, b"a"), false),
    ] {
        assert_eq!(names::is_below(&name, &base), is_below, "{name:?} {base:?}");
    }
}

#[test]
fn a_permitted_name_is_of_the_host_that_is_meant() {
    let permitted = |base: &[u8]| der(0x30, &der(0xa0, &der(0x30, base)));
    for (base, name, is_allowed) in [
        (der(0x81, b"a@db.example"), GeneralName::Email(b"a@DB.example"), true),
        (der(0x81, b"a@db.example"), GeneralName::Email(b"a@other.example"), false),
        (der(0x81, b"a@db.example"), GeneralName::Email(b"b@db.example"), false),
        (der(0x86, b".example"), GeneralName::Uri(b"https://db.example/"), true),
        (der(0x86, b".example"), GeneralName::Uri(b"https://db.test/"), false),
        (der(0x87, &[172, 16, 0, 0, 255, 240, 0, 0]), GeneralName::Address(&[172, 31, 0, 1]), true),
        (
            der(0x87, &[172, 16, 0, 0, 255, 240, 0, 0]),
            GeneralName::Address(&[172, 32, 0, 1]),
            false,
        ),
        (
            der(0x87, &[172, 16, 0, 0, 255, 160, 0, 0]),
            GeneralName::Address(&[172, 16, 0, 1]),
            false,
        ),
    ] {
        let constraints = permitted(&base);
        let constraints = constraints::Constraints::parse(&constraints).unwrap();
        assert_eq!(constraints.allow(&name), is_allowed, "{base:?} {name:?}");
    }
}

#[test]
fn a_number_is_written_in_the_fewest_bytes() {
    for (digits, is_read) in [
        (&[0x7f][..], true),
        (&[0, 0x80], true),
        (&[0, 0x7f], false),
        (&[0x80], true),
        (&[0xff, 0x7f], true),
        (&[0xff, 0x80], false),
        (&[], false),
    ] {
        assert_eq!(Der::new(&der(2, digits)).integer().is_some(), is_read, "{digits:?}");
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
