//! A chain from a root to a server, and what of it can be changed before it is signed.

use std::sync::Arc;

use dynamo_runtime::Trust;
use dynamo_runtime::client::{BuildError, CertificateProfile};
use rcgen::{KeyPair, PublicKeyData, SigningKey};
use rustls::pki_types::PrivateKeyDer;
use sha2::{Digest, Sha256};

use super::der::{
    bits, bytes, constructed, flag, generalized, integer, oid, primitive, sequence, utc, value,
};
use super::list::List;
use super::staple::Staple;
use super::{
    ALTERNATIVE_NAMES, AUTHORITY_KEY, BASIC_CONSTRAINTS, KEY_USAGE, PURPOSES, SUBJECT_KEY, purpose,
};
use crate::identity::{Identity, key};
use crate::rows::HOST;

#[derive(Clone)]
pub struct Extension {
    pub id: Vec<u64>,
    pub is_critical: bool,
    pub value: Vec<u8>,
}

/// A certificate that is not signed yet.
#[derive(Clone)]
pub struct Draft {
    /// Counted from zero; absent in version 1.
    pub version: Option<u8>,
    pub serial: Vec<u8>,
    /// The algorithm that is signed, where it is another than the signature's.
    pub algorithm: Option<Vec<u8>>,
    /// The issuer's name, where it is another than that of who signs.
    pub issuer: Option<Vec<u8>>,
    pub subject: Vec<u8>,
    pub not_before: Vec<u8>,
    pub not_after: Vec<u8>,
    pub key: Arc<KeyPair>,
    /// A `SubjectPublicKeyInfo`, where it is another than the key's.
    pub public_key: Option<Vec<u8>>,
    /// An empty authority key identifier is filled with the signer's.
    pub extensions: Vec<Extension>,
}

/// A distinguished name of one common name.
pub fn name(common_name: &str) -> Vec<u8> {
    let attribute = sequence(&[&oid(&[2, 5, 4, 3]), &value(0x0c, common_name.as_bytes())]);
    sequence(&[&value(0x31, &attribute)])
}

impl Draft {
    fn new(subject: &str) -> Self {
        Self {
            version: Some(2),
            serial: vec![77],
            algorithm: None,
            issuer: None,
            subject: name(subject),
            not_before: utc("200101000000Z"),
            not_after: generalized("21200101000000Z"),
            key: Arc::new(key()),
            public_key: None,
            extensions: Vec::new(),
        }
    }

    pub fn authority(subject: &str) -> Self {
        let mut draft = Self::new(subject);
        draft.set(&BASIC_CONSTRAINTS, true, sequence(&[&flag(true)]));
        // To sign certificates and lists.
        draft.set(&KEY_USAGE, true, bits(1, &[0b0000_0110]));
        draft.set_key(draft.key.clone());
        draft.set(&AUTHORITY_KEY, false, Vec::new());
        draft
    }

    pub fn server(host: &str) -> Self {
        let mut draft = Self::new("a server");
        draft.set(&KEY_USAGE, true, bits(7, &[0b1000_0000]));
        draft.set(&PURPOSES, false, sequence(&[&oid(&purpose(1))]));
        draft.set(&ALTERNATIVE_NAMES, false, sequence(&[&primitive(2, host.as_bytes())]));
        draft.set(&AUTHORITY_KEY, false, Vec::new());
        draft
    }

    /// Of another key, and with its identifier.
    pub fn set_key(&mut self, key: Arc<KeyPair>) {
        self.key = key;
        self.set(&SUBJECT_KEY, false, bytes(&self.key_identifier()));
    }

    /// Puts an extension in the place of the one that is there, or at the end.
    pub fn set(&mut self, id: &[u64], is_critical: bool, value: Vec<u8>) {
        let extension = Extension { id: id.to_vec(), is_critical, value };
        match self.extensions.iter_mut().find(|it| it.id == id) {
            Some(found) => *found = extension,
            None => self.extensions.push(extension),
        }
    }

    pub fn remove(&mut self, id: &[u64]) {
        self.extensions.retain(|it| it.id != id);
    }

    pub fn set_critical(&mut self, id: &[u64], is_critical: bool) {
        self.extensions.iter_mut().find(|it| it.id == id).unwrap().is_critical = is_critical;
    }

    pub fn public_key(&self) -> Vec<u8> {
        self.public_key.clone().unwrap_or_else(|| self.key.subject_public_key_info())
    }

    pub fn key_identifier(&self) -> Vec<u8> {
        Sha256::digest(self.public_key())[..20].to_vec()
    }

    pub fn signed_by(&self, signer: &Self) -> Vec<u8> {
        let version = self.version.map(|it| constructed(0, &integer(&[it]))).unwrap_or_default();
        let algorithm = self.algorithm.clone().unwrap_or_else(|| algorithm(&signer.key));
        let issuer = self.issuer.clone().unwrap_or_else(|| signer.subject.clone());
        let extensions: Vec<_> = self.extensions.iter().map(|it| it.der(signer)).collect();
        let extensions: Vec<_> = extensions.iter().map(Vec::as_slice).collect();
        let extensions = match self.version {
            None => Vec::new(),
            Some(_) => constructed(3, &sequence(&extensions)),
        };
        let data = sequence(&[
            &version,
            &integer(&self.serial),
            &algorithm,
            &issuer,
            &sequence(&[&self.not_before, &self.not_after]),
            &self.subject,
            &self.public_key(),
            &extensions,
        ]);
        signed(&data, &signer.key)
    }
}

/// Data with its signature.
pub fn signed(data: &[u8], key: &KeyPair) -> Vec<u8> {
    let signature = key.sign(data).unwrap();
    sequence(&[data, &algorithm(key), &bits(0, &signature)])
}

pub fn algorithm(key: &KeyPair) -> Vec<u8> {
    let ecdsa = |number| sequence(&[&oid(&[1, 2, 840, 10045, 4, 3, number])]);
    let algorithm = key.algorithm();
    if algorithm == &rcgen::PKCS_ECDSA_P256_SHA256 {
        ecdsa(2)
    } else if algorithm == &rcgen::PKCS_ECDSA_P384_SHA384 {
        ecdsa(3)
    } else if algorithm == &rcgen::PKCS_ECDSA_P521_SHA512 {
        ecdsa(4)
    } else if algorithm == &rcgen::PKCS_ED25519 {
        sequence(&[&oid(&[1, 3, 101, 112])])
    } else {
        sequence(&[&oid(&[1, 2, 840, 113_549, 1, 1, 11]), &[5, 0]])
    }
}

impl Extension {
    fn der(&self, signer: &Draft) -> Vec<u8> {
        let value = if self.id == AUTHORITY_KEY && self.value.is_empty() {
            sequence(&[&primitive(0, &signer.key_identifier())])
        } else {
            self.value.clone()
        };
        let critical = if self.is_critical { flag(true) } else { Vec::new() };
        sequence(&[&oid(&self.id), &critical, &bytes(&value)])
    }
}

/// All that a row of the profile can change.
pub struct Chain {
    pub root: Draft,
    /// From the root downwards.
    pub between: Vec<Draft>,
    pub server: Draft,
    /// Other roots of the same PEM.
    pub roots: Vec<Draft>,
    /// Certificates that are sent before the others.
    pub strays: Vec<Vec<u8>>,
    pub profile: CertificateProfile,
    /// Lists of the authorities: 0 is the root.
    pub lists: Vec<(usize, List)>,
    pub staple: Option<Staple>,
    /// Whether the endpoint is `127.0.0.1`, or DynamoDB behind a proxy.
    pub is_local: bool,
}

impl Chain {
    /// A chain that keeps every rule, with so many intermediates.
    pub fn new(intermediates: usize) -> Self {
        Self {
            root: Draft::authority("the root"),
            between: (1..=intermediates)
                .map(|number| Draft::authority(&format!("intermediate {number}")))
                .collect(),
            server: Draft::server(HOST),
            roots: Vec::new(),
            strays: Vec::new(),
            profile: CertificateProfile::standard(),
            lists: Vec::new(),
            staple: None,
            is_local: false,
        }
    }

    /// Who has signed the server's certificate.
    pub fn issuer(&self) -> &Draft {
        self.between.last().unwrap_or(&self.root)
    }

    pub fn identity(&self) -> Identity {
        let mut chain = vec![self.server.signed_by(self.issuer())];
        chain.extend(self.strays.iter().cloned());
        for at in (0..self.between.len()).rev() {
            let signer = if at == 0 { &self.root } else { &self.between[at - 1] };
            chain.push(self.between[at].signed_by(signer));
        }
        Identity {
            chain: chain.into_iter().map(Into::into).collect(),
            key: PrivateKeyDer::try_from(self.server.key.serialize_der()).unwrap(),
            staple: self.staple.as_ref().map(|staple| staple.der(self)),
        }
    }

    pub fn trust(&self) -> Result<Trust, BuildError> {
        let roots = [&self.root].into_iter().chain(&self.roots);
        let pem: String = roots.map(|root| pem("CERTIFICATE", &root.signed_by(root))).collect();
        let mut trust = Trust::private_ca(pem)?.profile(self.profile.clone());
        for (issuer, list) in &self.lists {
            let issuer = if *issuer == 0 { &self.root } else { &self.between[issuer - 1] };
            trust = trust.revoked_by(pem_of_list(list, issuer))?;
        }
        Ok(trust)
    }
}

fn pem_of_list(list: &List, issuer: &Draft) -> String {
    pem("X509 CRL", &list.signed_by(issuer))
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = base64_simd::STANDARD.encode_to_string(der);
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}
