//! The certificate authority of one run, and the one certificate that it signs.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::version::{TLS12, TLS13};
use rustls_pki_types::PrivatePkcs8KeyDer;

use super::LocalEngineError;

pub(super) const HOST: &str = "localhost";

/// A clock in a container may lag behind that of its host.
const VALID_SINCE: Duration = Duration::from_hours(1);
const VALID_FOR: Duration = Duration::from_hours(30 * 24);

pub(super) struct Identity {
    pub(super) ca_pem: String,
    pub(super) server_config: Arc<ServerConfig>,
}

impl Identity {
    pub(super) fn for_this_run() -> Result<Self, LocalEngineError> {
        let ca_params = authority()?;
        let ca_key = KeyPair::generate().map_err(LocalEngineError::certificate)?;
        let ca = ca_params.self_signed(&ca_key).map_err(LocalEngineError::certificate)?;

        let key = KeyPair::generate().map_err(LocalEngineError::certificate)?;
        let leaf = server()?
            .signed_by(&key, &Issuer::new(ca_params, ca_key))
            .map_err(LocalEngineError::certificate)?;

        let mut server_config = ServerConfig::builder_with_provider(Arc::new(
            rustls::crypto::aws_lc_rs::default_provider(),
        ))
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(LocalEngineError::certificate)?
        .with_no_client_auth()
        .with_single_cert(vec![leaf.into()], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
        .map_err(LocalEngineError::certificate)?;
        server_config.alpn_protocols = vec![b"http/1.1".to_vec()];

        Ok(Self { ca_pem: ca.pem(), server_config: Arc::new(server_config) })
    }
}

fn authority() -> Result<CertificateParams, LocalEngineError> {
    let mut params = valid_now(&[], "dynamo local engine, CA of one run")?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    Ok(params)
}

fn server() -> Result<CertificateParams, LocalEngineError> {
    let mut params = valid_now(&[HOST, "127.0.0.1"], HOST)?;
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn valid_now(names: &[&str], common_name: &str) -> Result<CertificateParams, LocalEngineError> {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(names).map_err(LocalEngineError::certificate)?;
    params.distinguished_name.push(DnType::CommonName, common_name);
    let now = SystemTime::now();
    params.not_before = (now - VALID_SINCE).into();
    params.not_after = (now + VALID_FOR).into();
    Ok(params)
}
