//! The service's certificate: made for one run, or read from files.

use std::fs::{DirBuilder, File, OpenOptions, remove_dir, remove_file};
use std::io::{self, Write};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use dynamo_runtime::error::BoxError;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use uuid::Uuid;

/// The names that a certificate of one run is for.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// Clocks differ.
const VALID_SINCE: Duration = Duration::from_hours(1);
const VALID_FOR: Duration = Duration::from_hours(30 * 24);

/// A certificate with its key, ready to serve.
pub(crate) struct Identity {
    pub(crate) config: Arc<ServerConfig>,
    /// The authority that a client has to trust, if it was made for this run.
    pub(crate) ca_pem: Option<String>,
}

impl Identity {
    /// Makes an authority and a certificate for this machine, for 30 days.
    ///
    /// The authority's key is forgotten at once, and no key is ever written to a disk.
    pub(crate) fn for_this_run() -> Result<Self, BoxError> {
        let authority = authority()?;
        let authority_key = KeyPair::generate()?;
        let ca_pem = authority.self_signed(&authority_key)?.pem();

        let key = KeyPair::generate()?;
        let certificate = leaf()?.signed_by(&key, &Issuer::new(authority, authority_key))?;
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let config = server_config(vec![certificate.into()], key.into())?;
        Ok(Self { config, ca_pem: Some(ca_pem) })
    }

    /// Reads a chain, the service's certificate first, and its key, both in PEM.
    pub(crate) fn from_files(chain: &Path, key: &Path) -> Result<Self, BoxError> {
        let chain = CertificateDer::pem_file_iter(chain)
            .and_then(Iterator::collect)
            .map_err(|error| format!("{}: {error}", chain.display()))?;
        let key = PrivateKeyDer::from_pem_file(key)
            .map_err(|error| format!("{}: {error}", key.display()))?;
        Ok(Self { config: server_config(chain, key)?, ca_pem: None })
    }
}

fn server_config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, BoxError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
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

/// The authority's certificate in a file of its own, which goes when this is dropped.
#[derive(Debug)]
pub struct CaFile {
    directory: PathBuf,
    path: PathBuf,
}

impl CaFile {
    /// Writes the certificate into a new directory that nobody else can write to.
    ///
    /// # Errors
    /// The directory for temporary files cannot be written to.
    pub fn create(pem: &str) -> io::Result<Self> {
        let directory = std::env::temp_dir().join(format!("user-service-{}", Uuid::new_v4()));
        create_directory(&directory)?;
        let file = Self { path: directory.join("ca.pem"), directory };
        create_file(&file.path)?.write_all(pem.as_bytes())?;
        Ok(file)
    }

    /// Where the certificate is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for CaFile {
    fn drop(&mut self) {
        // What cannot be removed stays: it is a public certificate.
        let _ = remove_file(&self.path);
        let _ = remove_dir(&self.directory);
    }
}

/// Fails where there is anything of that name, a link too.
fn create_directory(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o755);
    builder.create(path)
}

fn create_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o644);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_holds_the_certificate_alone_and_goes_with_its_owner() {
        let pem = Identity::for_this_run().unwrap().ca_pem.unwrap();
        let file = CaFile::create(&pem).unwrap();
        let directory = file.directory.clone();
        let written = std::fs::read_to_string(file.path()).unwrap();
        assert!(written.starts_with("-----BEGIN CERTIFICATE-----"));
        assert_eq!(written.matches("-----BEGIN").count(), 1);
        drop(file);
        assert!(!directory.exists());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_write_to_the_file() {
        use std::os::unix::fs::PermissionsExt;

        let file = CaFile::create("pem").unwrap();
        for path in [&file.directory, &file.path] {
            let mode = path.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o022, 0, "{path:?} has mode {mode:o}");
        }
    }

    #[test]
    fn a_certificate_and_its_key_are_read_from_files() {
        let key = KeyPair::generate().unwrap();
        let certificate = leaf().unwrap().self_signed(&key).unwrap();
        let chain = CaFile::create(&certificate.pem()).unwrap();
        let file = |pem: &str| CaFile::create(pem).unwrap();
        let (key, other) =
            (file(&key.serialize_pem()), file(&KeyPair::generate().unwrap().serialize_pem()));
        assert!(Identity::from_files(chain.path(), key.path()).is_ok());
        assert!(Identity::from_files(chain.path(), other.path()).is_err(), "the key is another's");
        assert!(Identity::from_files(key.path(), key.path()).is_err(), "there is no certificate");
        assert!(Identity::from_files(chain.path(), chain.path()).is_err(), "there is no key");
        assert!(Identity::from_files(Path::new("nowhere.pem"), key.path()).is_err());
    }
}
