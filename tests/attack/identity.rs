//! Who a server says it is, and the authority that says so too.

use dynamo_runtime::Trust;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, PublicKeyData,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};

pub type Authority = CertifiedIssuer<'static, KeyPair>;

/// A chain, from the leaf upwards, the leaf's key, and what is stapled to it.
pub struct Identity {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
    pub staple: Option<Vec<u8>>,
}

pub fn key() -> KeyPair {
    KeyPair::generate().unwrap()
}

pub fn root() -> Authority {
    CertifiedIssuer::self_signed(authority("the root"), key()).unwrap()
}

pub fn public_key_sha256(key: &KeyPair) -> [u8; 32] {
    Sha256::digest(key.subject_public_key_info()).into()
}

/// What an authority's certificate says.
pub fn authority(name: &str) -> CertificateParams {
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, name);
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    authority.use_authority_key_identifier_extension = true;
    authority
}

/// What a server's certificate says.
pub fn leaf(name: &str) -> CertificateParams {
    let mut leaf = CertificateParams::new([name.to_owned()]).unwrap();
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.use_authority_key_identifier_extension = true;
    leaf
}

pub fn trust(root: &Authority) -> Trust {
    Trust::private_ca(root.pem()).unwrap()
}

impl Identity {
    pub fn new(leaf: &CertificateParams, issuer: &Authority) -> Self {
        let key = key();
        let leaf = leaf.signed_by(&key, issuer).unwrap();
        Self::of(leaf.der().clone(), &key)
    }

    /// This certificate, and a key that may be another's.
    pub fn of(leaf: CertificateDer<'static>, key: &KeyPair) -> Self {
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        Self { chain: vec![leaf], key, staple: None }
    }

    /// Presents these certificates after the leaf.
    pub fn below(mut self, authorities: &[&Authority]) -> Self {
        self.chain.extend(authorities.iter().map(|authority| authority.der().clone()));
        self
    }

    /// Certificates of `fixtures/`, whose keys nobody has.
    pub fn of_fixtures(names: &[&str]) -> Self {
        let certificate = |name: &&str| CertificateDer::from_pem_slice(fixture(name).as_bytes());
        let chain = names.iter().map(|name| certificate(name).unwrap()).collect();
        Self { chain, key: PrivateKeyDer::try_from(key().serialize_der()).unwrap(), staple: None }
    }
}

pub fn fixture(name: &str) -> String {
    std::fs::read_to_string(fixture_path(name)).unwrap()
}

pub fn fixture_path(name: &str) -> String {
    format!("{}/attack/fixtures/{name}.pem", env!("CARGO_MANIFEST_DIR"))
}
