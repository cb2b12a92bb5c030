//! The service's certificate: made for one run, or read from files and read again when they change.

mod files;
mod run;

use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use dynamo_runtime::error::BoxError;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::server::ResolvesServerCert;
use tokio_rustls::rustls::sign::{CertifiedKey, SingleCertAndKey};
use tokio_rustls::rustls::version::{TLS12, TLS13};

use self::files::FromFiles;
pub use self::run::RunFiles;

/// The protocols that a client may choose, by their names in ALPN.
pub(super) const HTTP_2: &[u8] = b"h2";
const HTTP_1: &[u8] = b"http/1.1";

/// The names that a certificate of one run is for.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// Clocks differ.
const VALID_SINCE: Duration = Duration::from_hours(1);
const VALID_FOR: Duration = Duration::from_hours(30 * 24);

/// A certificate with its key, ready to serve.
pub(super) struct Identity {
    pub(super) config: Arc<ServerConfig>,
    /// The authority that a client has to trust, if it was made for this run.
    pub(super) ca_pem: Option<String>,
}

impl Identity {
    /// Makes an authority and a certificate for this machine, for 30 days.
    ///
    /// The authority's key is forgotten at once, and no key is ever written to a disk.
    pub(super) fn for_this_run() -> Result<Self, BoxError> {
        let authority = authority()?;
        let authority_key = KeyPair::generate()?;
        let ca_pem = authority.self_signed(&authority_key)?.pem();

        let key = KeyPair::generate()?;
        let certificate = leaf()?.signed_by(&key, &Issuer::new(authority, authority_key))?;
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let provider = aws_lc_rs::default_provider();
        let certified = CertifiedKey::from_der(vec![certificate.into()], key.into(), &provider)?;
        let config = server_config(Arc::new(SingleCertAndKey::from(certified)))?;
        Ok(Self { config, ca_pem: Some(ca_pem) })
    }

    /// Reads a chain, the service's certificate first, and its key, both in PEM; and reads them
    /// again when they have changed.
    pub(super) fn from_files(chain: &Path, key: &Path) -> Result<Self, BoxError> {
        let files = FromFiles::read(chain.to_owned(), key.to_owned())?;
        Ok(Self { config: server_config(Arc::new(files))?, ca_pem: None })
    }
}

fn server_config(resolver: Arc<dyn ResolvesServerCert>) -> Result<Arc<ServerConfig>, BoxError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_no_client_auth()
        .with_cert_resolver(resolver);
    config.alpn_protocols = vec![HTTP_2.to_vec(), HTTP_1.to_vec()];
    Ok(Arc::new(config))
}

/// Whoever imports it into a trust store trusts it for this machine's own names and no others.
fn authority() -> Result<CertificateParams, BoxError> {
    let mut params = valid_now(&[], "user-service: authority of one run")?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![
            GeneralSubtree::DnsName("localhost".to_owned()),
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(Ipv4Addr::LOCALHOST.into(), 32)),
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(
                Ipv6Addr::LOCALHOST.into(),
                128,
            )),
        ],
        excluded_subtrees: Vec::new(),
    });
    Ok(params)
}

fn leaf() -> Result<CertificateParams, BoxError> {
    let mut params = valid_now(&NAMES, "localhost")?;
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn valid_now(names: &[&str], common_name: &str) -> Result<CertificateParams, BoxError> {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, common_name);
    let now = SystemTime::now();
    params.not_before = (now - VALID_SINCE).into();
    params.not_after = (now + VALID_FOR).into();
    Ok(params)
}
