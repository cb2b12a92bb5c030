//! Which public keys are strong enough, and signed data.

use rustls_pki_types::SignatureVerificationAlgorithm;

use super::der::{Der, NULL, OBJECT_IDENTIFIER, SEQUENCE};

const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const ELLIPTIC_CURVE: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[0x2b, 0x81, 4, 0, 0x22];
const P521: &[u8] = &[0x2b, 0x81, 4, 0, 0x23];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// What is wrong with a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client) enum KeyFault {
    /// RSA of less than 2048 bits.
    Short,
    /// Of a kind, or of a form, that the profile does not have.
    Unfit,
}

/// Looks at a `SubjectPublicKeyInfo`: RSA of 2048 bits or more, in whole bytes and with an odd exponent; P-256, P-384
/// or P-521 by its name; or Ed25519.
///
/// Source: the CA/Browser Forum's Baseline Requirements, sections 6.1.5 and 6.1.6;
/// [RFC 8410](https://www.rfc-editor.org/rfc/rfc8410) for Ed25519, which private authorities use.
pub(in crate::client) fn check(public_key: &[u8]) -> Result<(), KeyFault> {
    inspect(public_key).unwrap_or(Err(KeyFault::Unfit))
}

fn inspect(public_key: &[u8]) -> Option<Result<(), KeyFault>> {
    let mut info = Der::only(public_key, SEQUENCE)?;
    let mut algorithm = info.expect(SEQUENCE)?;
    let kind = algorithm.expect(OBJECT_IDENTIFIER)?.rest();
    let key = info.bytes()?;
    info.end()?;
    if kind == RSA {
        algorithm.expect(NULL)?.end()?;
        algorithm.end()?;
        return rsa(key);
    }
    let length = if kind == ELLIPTIC_CURVE {
        let curve = algorithm.expect(OBJECT_IDENTIFIER)?.rest();
        let length = [(P256, 65), (P384, 97), (P521, 133)].iter().find(|it| it.0 == curve)?.1;
        // A point that is not compressed.
        (key.first() == Some(&4)).then_some(length)?
    } else {
        (kind == ED25519).then_some(32)?
    };
    algorithm.end()?;
    (key.len() == length).then_some(Ok(()))
}

fn rsa(key: &[u8]) -> Option<Result<(), KeyFault>> {
    let mut numbers = Der::only(key, SEQUENCE)?;
    let modulus = numbers.integer()?;
    let exponent = numbers.integer()?;
    numbers.end()?;
    let is_positive = |number: &[u8]| number.first().is_some_and(|first| first & 0x80 == 0);
    let is_exponent = is_positive(exponent)
        && exponent.last().is_some_and(|last| last & 1 == 1)
        && exponent != [1];
    let digits = modulus.strip_prefix(&[0]).unwrap_or(modulus);
    let unused = digits.first().map_or(0, |first| first.leading_zeros());
    let bits = digits.len() * 8 - usize::try_from(unused).ok()?;
    Some(match bits {
        ..2048 => Err(KeyFault::Short),
        _ if unused == 0 && is_positive(modulus) && is_exponent => Ok(()),
        _ => Err(KeyFault::Unfit),
    })
}

/// The key alone, without its algorithm.
pub(in crate::client) fn key_bits(public_key: &[u8]) -> Option<&[u8]> {
    let mut info = Der::only(public_key, SEQUENCE)?;
    info.expect(SEQUENCE)?;
    info.bytes()
}

/// A structure with its signature: the form of certificates, lists and stapled responses.
#[derive(Clone, Copy, Debug)]
pub(in crate::client) struct Signed<'a> {
    /// What is signed.
    pub(in crate::client) data: &'a [u8],
    /// The content of the signature's `AlgorithmIdentifier`.
    pub(in crate::client) algorithm: &'a [u8],
    pub(in crate::client) signature: &'a [u8],
}

impl<'a> Signed<'a> {
    /// Reads the three values; what follows them is left.
    pub(in crate::client) fn read(der: &mut Der<'a>) -> Option<Self> {
        let data = der.value(SEQUENCE)?.whole;
        let algorithm = der.expect(SEQUENCE)?.rest();
        Some(Self { data, algorithm, signature: der.bytes()? })
    }

    /// Whether the owner of this public key has signed it, by an algorithm that is accepted.
    pub(in crate::client) fn is_by(
        &self,
        public_key: &[u8],
        algorithms: &[&dyn SignatureVerificationAlgorithm],
    ) -> bool {
        let kind = Der::only(public_key, SEQUENCE).and_then(|mut info| info.expect(SEQUENCE));
        let (Some(kind), Some(key)) = (kind, key_bits(public_key)) else {
            return false;
        };
        algorithms
            .iter()
            .filter(|it| it.signature_alg_id().as_ref() == self.algorithm)
            .filter(|it| it.public_key_alg_id().as_ref() == kind.rest())
            .any(|it| it.verify_signature(key, self.data, self.signature).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{KeyPair, PublicKeyData};

    use super::*;

    fn rsa_key(size: rcgen::RsaKeySize) -> Vec<u8> {
        KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, size).unwrap().subject_public_key_info()
    }

    #[test]
    fn an_rsa_key_has_2048_bits_in_whole_bytes_and_an_odd_exponent() {
        let right = rsa_key(rcgen::RsaKeySize::_2048);
        assert_eq!(check(&right), Ok(()));
        assert_eq!(check(&rsa_key(rcgen::RsaKeySize::_3072)), Ok(()));
        // The modulus begins after its length, with a zero byte.
        let modulus =
            right.windows(5).position(|it| it == [0x02, 0x82, 0x01, 0x01, 0]).unwrap() + 4;
        let mut negative = right.clone();
        negative[modulus] = 0xff;
        assert_eq!(check(&negative), Err(KeyFault::Unfit));
        let exponent = right.len() - 1;
        for (byte, fault) in [(2, Err(KeyFault::Unfit)), (3, Ok(()))] {
            let mut other = right.clone();
            other[exponent] = byte;
            assert_eq!(check(&other), fault);
        }
        let mut parameters = right.clone();
        let null = parameters.windows(2).position(|it| it == [NULL, 0]).unwrap();
        parameters[null] = OBJECT_IDENTIFIER;
        assert_eq!(check(&parameters), Err(KeyFault::Unfit));
    }

    #[test]
    fn other_keys_are_of_the_named_curves() {
        for (algorithm, named) in [
            (&rcgen::PKCS_ECDSA_P256_SHA256, P256),
            (&rcgen::PKCS_ECDSA_P384_SHA384, P384),
            (&rcgen::PKCS_ECDSA_P521_SHA512, P521),
            (&rcgen::PKCS_ED25519, ED25519),
        ] {
            let key = KeyPair::generate_for(algorithm).unwrap().subject_public_key_info();
            assert_eq!(check(&key), Ok(()));
            let mut other = key.clone();
            let name = key.windows(named.len()).position(|it| it == named).unwrap();
            other[name + named.len() - 1] ^= 0x40;
            assert_eq!(check(&other), Err(KeyFault::Unfit));
        }
        let mut compressed = KeyPair::generate().unwrap().subject_public_key_info();
        let point = compressed.len() - 65;
        compressed[point] = 2;
        assert_eq!(check(&compressed), Err(KeyFault::Unfit));
    }
}
