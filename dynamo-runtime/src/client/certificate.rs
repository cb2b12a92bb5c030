//! What rustls-webpki leaves unchecked in a chain, and the hash that a pin compares.

use rustls::server::ParsedCertificate;
use rustls_pki_types::CertificateDer;

use crate::sha256::sha256;

const SEQUENCE: u8 = 0x30;
const BOOLEAN: u8 = 0x01;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
const EXTENSIONS: u8 = 0xa3;

const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
const SERVER_AUTHENTICATION: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01];
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// Bits of the usage's first byte, which are counted from the most significant.
const DIGITAL_SIGNATURE: u8 = 0b1000_0000;
const KEY_CERT_SIGN: u8 = 0b0000_0100;

/// The SHA-256 of a certificate's `SubjectPublicKeyInfo`.
pub(super) fn public_key_sha256(
    certificate: &CertificateDer<'_>,
) -> Result<[u8; 32], rustls::Error> {
    let parsed = ParsedCertificate::try_from(certificate)?;
    Ok(sha256(&parsed.subject_public_key_info()))
}

/// Whether a leaf says that it is for servers, as every public one must.
pub(super) fn allows_server_authentication(certificate: &[u8]) -> bool {
    extension(certificate, EXTENDED_KEY_USAGE).and_then(|value| {
        let mut purposes = Der(value).expect(SEQUENCE)?;
        let mut found = false;
        while !purposes.0.is_empty() {
            found |= purposes.expect(OBJECT_IDENTIFIER)?.0 == SERVER_AUTHENTICATION;
        }
        Some(found)
    }) == Some(true)
}

/// Whether an intermediate says that it may sign certificates.
pub(super) fn allows_signing_certificates(certificate: &[u8]) -> bool {
    key_usage(certificate).is_some_and(|usage| usage & KEY_CERT_SIGN != 0)
}

/// Whether a leaf's key may sign a handshake; one that does not say what it is for may.
pub(super) fn allows_signing_handshakes(certificate: &[u8]) -> bool {
    key_usage(certificate).is_none_or(|usage| usage & DIGITAL_SIGNATURE != 0)
}

/// Whether a root is an authority's, and none that may not sign certificates.
pub(super) fn is_authority(certificate: &[u8]) -> bool {
    let is_ca = || {
        let (tag, value) =
            Der(extension(certificate, BASIC_CONSTRAINTS)?).expect(SEQUENCE)?.next()?;
        Some(tag == BOOLEAN && value == [0xff])
    };
    is_ca() == Some(true) && key_usage(certificate).is_none_or(|usage| usage & KEY_CERT_SIGN != 0)
}

/// The first byte of the key usage. Where the extension cannot be read, the key is for nothing.
fn key_usage(certificate: &[u8]) -> Option<u8> {
    let value = extension(certificate, KEY_USAGE)?;
    let bits = Der(value).expect(BIT_STRING);
    Some(bits.and_then(|bits| bits.0.get(1).copied()).unwrap_or_default())
}

/// Whether a `SubjectPublicKeyInfo` is that of an RSA key of less than 2048 bits.
///
/// No key of another kind that a signature is accepted of is weaker than P-256.
pub(super) fn is_weak_rsa_key(public_key: &[u8]) -> bool {
    rsa_modulus(public_key).is_some_and(|modulus| {
        let zeros = modulus.iter().take_while(|&&byte| byte == 0).count();
        let digits = modulus.get(zeros..).unwrap_or_default();
        let unused = digits.first().map_or(0, |first| first.leading_zeros());
        digits.len() * 8 < 2048 + usize::try_from(unused).unwrap_or_default()
    })
}

fn rsa_modulus(public_key: &[u8]) -> Option<&[u8]> {
    let mut info = Der(public_key).expect(SEQUENCE)?;
    if info.expect(SEQUENCE)?.expect(OBJECT_IDENTIFIER)?.0 != RSA_ENCRYPTION {
        return None;
    }
    // The string's first byte counts the unused bits of its last.
    let key = info.expect(BIT_STRING)?.0.get(1..)?;
    Some(Der(key).expect(SEQUENCE)?.expect(INTEGER)?.0)
}

/// The value of a certificate's extension; nothing where it is absent or the DER is broken.
fn extension<'a>(certificate: &'a [u8], identifier: &[u8]) -> Option<&'a [u8]> {
    let mut to_be_signed = Der(certificate).expect(SEQUENCE)?.expect(SEQUENCE)?;
    let mut extensions = loop {
        let (tag, content) = to_be_signed.next()?;
        if tag == EXTENSIONS {
            break Der(content).expect(SEQUENCE)?;
        }
    };
    while !extensions.0.is_empty() {
        let mut extension = extensions.expect(SEQUENCE)?;
        let found = extension.expect(OBJECT_IDENTIFIER)?.0 == identifier;
        let (mut tag, mut content) = extension.next()?;
        if tag == BOOLEAN {
            (tag, content) = extension.next()?;
        }
        if found {
            return (tag == OCTET_STRING).then_some(content);
        }
    }
    None
}

/// DER that is still to be read. The chain was parsed by webpki before, so this stays small.
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    fn expect(&mut self, tag: u8) -> Option<Der<'a>> {
        let (found, content) = self.next()?;
        (found == tag).then_some(Der(content))
    }

    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let mut length = usize::from(first);
        if first & 0x80 != 0 {
            let bytes = usize::from(first & 0x7f);
            if !(1..=4).contains(&bytes) {
                return None;
            }
            let (digits, after) = rest.split_at_checked(bytes)?;
            length = digits.iter().try_fold(0_usize, |length, &byte| {
                length.checked_mul(256)?.checked_add(usize::from(byte))
            })?;
            rest = after;
        }
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, content))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rcgen::{
        BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, KeyPair,
        KeyUsagePurpose,
    };

    use super::*;

    fn certificate(change: impl FnOnce(&mut CertificateParams)) -> Vec<u8> {
        let mut params = CertificateParams::new(["db.internal".to_owned()]).unwrap();
        change(&mut params);
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
    }

    #[test]
    fn the_leaf_needs_server_authentication() {
        let plain = certificate(|_| {});
        assert!(!allows_server_authentication(&plain));
        let client =
            certificate(|p| p.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]);
        assert!(!allows_server_authentication(&client));
        let both = certificate(|p| {
            p.extended_key_usages =
                vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        });
        assert!(allows_server_authentication(&both));
    }

    #[test]
    fn an_intermediate_needs_key_cert_sign() {
        let authority = |usages: Vec<KeyUsagePurpose>| {
            certificate(|p| {
                p.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
                p.key_usages = usages;
            })
        };
        assert!(allows_signing_certificates(&authority(vec![
            KeyUsagePurpose::CrlSign,
            KeyUsagePurpose::KeyCertSign,
        ])));
        assert!(!allows_signing_certificates(&authority(vec![KeyUsagePurpose::CrlSign])));
        assert!(!allows_signing_certificates(&authority(vec![])));
    }

    #[test]
    fn a_key_usage_that_is_there_must_allow_the_use() {
        let with = |usages: Vec<KeyUsagePurpose>| certificate(|p| p.key_usages = usages);
        assert!(allows_signing_handshakes(&with(vec![])));
        assert!(allows_signing_handshakes(&with(vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyEncipherment,
        ])));
        assert!(!allows_signing_handshakes(&with(vec![KeyUsagePurpose::KeyEncipherment])));
        // In its second byte.
        assert!(!allows_signing_handshakes(&with(vec![KeyUsagePurpose::DecipherOnly])));
    }

    #[test]
    fn a_root_is_an_authority() {
        let root = |is_ca: IsCa, usages: Vec<KeyUsagePurpose>| {
            is_authority(&certificate(|p| {
                p.is_ca = is_ca;
                p.key_usages = usages;
            }))
        };
        let ca = || IsCa::Ca(BasicConstraints::Constrained(3));
        assert!(root(ca(), vec![]));
        assert!(root(ca(), vec![KeyUsagePurpose::KeyCertSign]));
        assert!(!root(ca(), vec![KeyUsagePurpose::DigitalSignature]));
        assert!(!root(IsCa::NoCa, vec![]));
        assert!(!root(IsCa::ExplicitNoCa, vec![KeyUsagePurpose::KeyCertSign]));

        let right = certificate(|p| p.is_ca = IsCa::Ca(BasicConstraints::Unconstrained));
        let true_at = right.windows(5).position(|it| it == [0x30, 3, BOOLEAN, 1, 0xff]).unwrap();
        for (at, byte) in [(true_at + 2, INTEGER), (true_at + 4, 0)] {
            let mut wrong = right.clone();
            wrong[at] = byte;
            assert!(!is_authority(&wrong));
        }
    }

    #[test]
    fn der_of_another_type_says_nothing() {
        let right =
            certificate(|p| p.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth]);
        assert!(allows_server_authentication(&right));
        let value = right.windows(3).position(|it| it == EXTENDED_KEY_USAGE).unwrap() + 3;
        for (at, tag) in [(0, SEQUENCE), (value, OCTET_STRING), (value + 2, SEQUENCE)] {
            assert_eq!(right[at], tag);
            let mut wrong = right.clone();
            wrong[at] = BIT_STRING;
            assert!(!allows_server_authentication(&wrong), "at {at}");
        }
    }

    #[test]
    fn a_length_is_stated_in_four_bytes_at_most() {
        assert_eq!(Der(&[SEQUENCE, 0x84, 0, 0, 0, 1, 7]).next(), Some((SEQUENCE, &[7][..])));
        assert_eq!(Der(&[SEQUENCE, 0x85, 0, 0, 0, 0, 1, 7]).next(), None);
        assert_eq!(Der(&[SEQUENCE, 0x80, 7, 0, 0]).next(), None);
    }

    #[test]
    fn an_rsa_key_has_2048_bits() {
        let public_key = |size| {
            let key = KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, size).unwrap();
            rcgen::PublicKeyData::subject_public_key_info(&key)
        };
        let right = public_key(rcgen::RsaKeySize::_2048);
        assert!(!is_weak_rsa_key(&right));
        assert!(!is_weak_rsa_key(&public_key(rcgen::RsaKeySize::_3072)));
        let other = KeyPair::generate().unwrap();
        assert!(!is_weak_rsa_key(&rcgen::PublicKeyData::subject_public_key_info(&other)));
        // The modulus begins after its length, with a zero byte; without its highest bit it is shorter.
        let modulus =
            right.windows(5).position(|it| it == [0x02, 0x82, 0x01, 0x01, 0]).unwrap() + 5;
        let mut short = right.clone();
        short[modulus] &= 0x7f;
        assert!(is_weak_rsa_key(&short));
        short[modulus] = 0;
        assert!(is_weak_rsa_key(&short));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            allows_server_authentication(&bytes);
            allows_signing_certificates(&bytes);
            allows_signing_handshakes(&bytes);
            is_authority(&bytes);
            is_weak_rsa_key(&bytes);
        }

        #[test]
        fn no_damage_makes_it_panic(at in any::<proptest::sample::Index>(), byte in any::<u8>(), cut in any::<proptest::sample::Index>()) {
            let mut der = certificate(|p| {
                p.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
            });
            let index = at.index(der.len());
            der[index] = byte;
            allows_server_authentication(&der);
            der.truncate(cut.index(der.len()));
            allows_server_authentication(&der);
        }
    }
}
