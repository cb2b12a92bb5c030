//! The one TLS configuration.

use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs::{cipher_suite, default_provider, kx_group};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, NoKeyLog};
use rustls_pki_types::UnixTime;
use tokio_rustls::TlsConnector;

use super::audit::Auditor;
use super::endpoint::Authority;
use super::error::BuildError;
use super::revocation::ParsedRevocationList;
use super::tls_floor::TlsFloor;
use super::trust::Trust;
use super::verifier::{Verifier, Witness};

/// TLS as the client speaks it with one authority: nothing is taken from the process's defaults.
pub(super) struct Tls {
    config: ClientConfig,
    verifier: Arc<Verifier>,
    authority: Arc<Authority>,
}

impl Tls {
    pub(super) fn new(
        trust: &Trust,
        floor: TlsFloor,
        authority: &Authority,
        auditor: &Auditor,
    ) -> Result<Self, BuildError> {
        let provider = Arc::new(provider());
        let now = UnixTime::now();
        let verifier = Arc::new(Verifier::new(trust, &provider, auditor, now)?);
        let authority = Arc::new(authority.clone());
        let placeholder = Arc::new(Witness::new(verifier.clone(), authority.clone()));
        let versions: &[_] = match floor {
            TlsFloor::Tls12 => &[&TLS13, &TLS12],
            TlsFloor::Tls13 => &[&TLS13],
        };
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .map_err(|error| BuildError::internal(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(placeholder)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        // A resumed session skips the verifier.
        config.resumption = Resumption::disabled();
        config.enable_early_data = false;
        config.key_log = Arc::new(NoKeyLog);
        config.require_ems = true;
        Ok(Self { config, verifier, authority })
    }

    /// The same trust in another authority.
    pub(super) fn beside(&self, authority: Authority) -> Self {
        let authority = Arc::new(authority);
        Self { config: self.config.clone(), verifier: self.verifier.clone(), authority }
    }

    /// The revocation lists that count.
    pub(super) fn revocations(&self) -> &[Arc<ParsedRevocationList>] {
        self.verifier.revocations()
    }

    /// TLS for one connection, and who will have seen the server's certificate.
    pub(super) fn for_connection(&self) -> (TlsConnector, Arc<Witness>) {
        let witness = Arc::new(Witness::new(self.verifier.clone(), self.authority.clone()));
        let mut config = self.config.clone();
        config.dangerous().set_certificate_verifier(witness.clone());
        config.client_auth_cert_resolver = witness.clone();
        (TlsConnector::from(Arc::new(config)), witness)
    }
}

/// AEAD with ECDHE only, and the post-quantum hybrid first.
fn provider() -> CryptoProvider {
    CryptoProvider {
        cipher_suites: vec![
            cipher_suite::TLS13_AES_256_GCM_SHA384,
            cipher_suite::TLS13_AES_128_GCM_SHA256,
            cipher_suite::TLS13_CHACHA20_POLY1305_SHA256,
            cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            cipher_suite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
            cipher_suite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            cipher_suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            cipher_suite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        ],
        kx_groups: vec![
            kx_group::X25519MLKEM768,
            kx_group::X25519,
            kx_group::SECP256R1,
            kx_group::SECP384R1,
        ],
        ..default_provider()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_weaker_than_security_md_is_on() {
        let authority = Authority::https("dynamodb.us-east-1.amazonaws.com".to_owned());
        let auditor = Auditor::default();
        let config =
            Tls::new(&Trust::amazon(), TlsFloor::Tls12, &authority, &auditor).unwrap().config;
        assert!(config.require_ems);
        assert!(!config.enable_early_data);
        assert!(!config.enable_secret_extraction);
        // Each connection has a verifier of its own, for which alone rustls would never resume a session either.
        let shown = |resumption: &Resumption| format!("{resumption:?}");
        assert_eq!(shown(&config.resumption), shown(&Resumption::disabled()));
        assert_ne!(shown(&config.resumption), shown(&Resumption::default()));
        assert_eq!(config.alpn_protocols, [b"http/1.1"]);
        for suite in &config.crypto_provider().cipher_suites {
            let name = format!("{:?}", suite.suite());
            assert!(name.starts_with("TLS13_") || name.starts_with("TLS_ECDHE_"), "{name}");
            assert!(name.contains("GCM") || name.contains("POLY1305"), "{name}");
        }
        assert_eq!(
            config.crypto_provider().kx_groups[0].name(),
            rustls::NamedGroup::X25519MLKEM768
        );
    }
}
