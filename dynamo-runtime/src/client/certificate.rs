//! What rustls-webpki leaves unchecked in a chain, and the hash that a pin compares.

use rustls::server::ParsedCertificate;
use rustls_pki_types::CertificateDer;
use sha2::{Digest, Sha256};

const SEQUENCE: u8 = 0x30;
const BOOLEAN: u8 = 0x01;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
const EXTENSIONS: u8 = 0xa3;

const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
const SERVER_AUTHENTICATION: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01];
/// `keyCertSign` is bit 5 of the usage's first byte, counted from the most significant.
const KEY_CERT_SIGN: u8 = 0b0000_0100;

/// The SHA-256 of a certificate's `SubjectPublicKeyInfo`.
pub(super) fn public_key_sha256(
    certificate: &CertificateDer<'_>,
) -> Result<[u8; 32], rustls::Error> {
    let parsed = ParsedCertificate::try_from(certificate)?;
    Ok(Sha256::digest(parsed.subject_public_key_info()).into())
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

/// Whether an intermediate may sign certificates.
pub(super) fn allows_signing_certificates(certificate: &[u8]) -> bool {
    extension(certificate, KEY_USAGE)
        .and_then(|value| Der(value).expect(BIT_STRING)?.0.get(1).copied())
        .is_some_and(|usage| usage & KEY_CERT_SIGN != 0)
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

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            allows_server_authentication(&bytes);
            allows_signing_certificates(&bytes);
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
