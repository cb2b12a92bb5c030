//! Who a server says it is, and the authority that says so too.

use dynamo_runtime::Trust;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

pub type Authority = CertifiedIssuer<'static, KeyPair>;

/// A chain, from the leaf upwards, and the leaf's key.
pub struct Identity {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
}

pub fn key() -> KeyPair {
    KeyPair::generate().unwrap()
}

pub fn root() -> Authority {
    CertifiedIssuer::self_signed(authority("the root"), key()).unwrap()
}

/// What an authority's certificate says.
pub fn authority(name: &str) -> CertificateParams {
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, name);
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    authority
}

/// What a server's certificate says.
pub fn leaf(name: &str) -> CertificateParams {
    let mut leaf = CertificateParams::new([name.to_owned()]).unwrap();
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf
}

pub fn trust(root: &Authority) -> Trust {
    Trust::private_ca(root.pem()).unwrap()
}

impl Identity {
    pub fn new(leaf: &CertificateParams, issuer: &Authority) -> Self {
        let key = key();
        let leaf = leaf.signed_by(&key, issuer).unwrap();
        Self {
            chain: vec![leaf.der().clone()],
            key: PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        }
    }
}
