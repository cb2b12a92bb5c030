//! Key sets at a URL: whose are taken, and how they change.

use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, PublicKeyData};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs as provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use user_service::auth::SigningKey;
use user_service::config::TokenKeys;
use user_service::https::{HttpsUrl, Pin};

use crate::tokens::{Provider, key_set};
use crate::{ADAS_PATH, Running, start_with};

/// An authority.
pub(crate) struct Authority {
    pub(crate) pem: String,
    certificate: CertificateDer<'static>,
    pin: Pin,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn params(name: &str) -> CertificateParams {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
    }

    pub(crate) fn new(name: &str) -> Self {
        let (key, params) = (KeyPair::generate().unwrap(), Self::params(name));
        let certificate = params.self_signed(&key).unwrap();
        Self::of(&certificate, key, params)
    }

    /// One below this.
    fn below(&self, name: &str) -> Self {
        let (key, params) = (KeyPair::generate().unwrap(), Self::params(name));
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Self::of(&certificate, key, params)
    }

    fn of(certificate: &rcgen::Certificate, key: KeyPair, params: CertificateParams) -> Self {
        Self {
            pem: certificate.pem(),
            certificate: certificate.der().clone(),
            pin: Pin::of(&key.subject_public_key_info()),
            issuer: Issuer::new(params, key),
        }
    }

    pub(crate) fn server(&self) -> Server {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap().der().clone();
        Server { chain: vec![certificate], key }
    }
}

/// What an https server shows.
pub(crate) struct Server {
    chain: Vec<CertificateDer<'static>>,
    key: KeyPair,
}

impl Server {
    pub(crate) fn pin(&self) -> Pin {
        Pin::of(&self.key.subject_public_key_info())
    }

    /// Also shows these.
    fn with(mut self, authorities: &[&Authority]) -> Self {
        self.chain.extend(authorities.iter().map(|it| it.certificate.clone()));
        self
    }

    /// Answers everything with one text, and gives its URL.
    async fn serve(self, text: &Arc<Mutex<String>>) -> String {
        let key = PrivatePkcs8KeyDer::from(self.key.serialize_der());
        let config = ServerConfig::builder_with_provider(Arc::new(provider::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(self.chain, key.into())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}/keys", listener.local_addr().unwrap().port());
        let text = Arc::clone(text);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that does not trust the certificate ends here.
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let body = text.lock().unwrap().clone();
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
                let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        url
    }
}

async fn status(service: &Running, of: &Provider) -> u16 {
    service.client.with_token(&of.token()).get(ADAS_PATH).await.status.as_u16()
}

#[tokio::test]
async fn keys_of_a_url_change_without_a_restart() {
    let authority = Authority::new("authority");
    for is_pinned in [false, true] {
        let (one, two) = (Provider::new("one"), Provider::new("two"));
        let text = Arc::new(Mutex::new(key_set(&[one.jwk()])));
        let server = authority.server();
        let pins = if is_pinned { vec![server.pin()] } else { Vec::new() };
        let url = server.serve(&text).await;
        let keys = TokenKeys::Url(HttpsUrl::new(&url, Some(&authority.pem), pins).unwrap());
        let service = start_with(|config| config.tokens.keys = keys).await;
        assert_eq!(status(&service, &one).await, 404);
        *text.lock().unwrap() = key_set(&[one.jwk(), two.jwk()]);
        assert_eq!(status(&service, &two).await, 404, "an unknown key is looked for");
        *text.lock().unwrap() = "broken".to_owned();
        assert_eq!(status(&service, &Provider::new("three")).await, 401);
        assert_eq!((status(&service, &one).await, status(&service, &two).await), (404, 404));
    }
}

/// Starts a service whose keys come from there, or tells why it did not start.
async fn start_from(url: &str, roots: Option<&str>, pins: &[Pin]) -> Result<(), String> {
    let mut config = crate::config(&SigningKey::random().unwrap());
    config.tokens.keys = TokenKeys::Url(HttpsUrl::new(url, roots, pins.to_vec()).unwrap());
    user_service::Server::bind(&config).await.map(drop).map_err(|error| error.to_string())
}

#[tokio::test]
async fn only_a_chain_with_a_named_authority_and_a_pinned_key_gives_keys() {
    let text = Arc::new(Mutex::new(key_set(&[Provider::new("one").jwk()])));
    let (root, other_root) = (Authority::new("root"), Authority::new("other root"));
    let (middle, sibling) = (root.below("middle"), root.below("sibling"));
    let other_key = other_root.server().pin();
    let server = middle.server().with(&[&middle]);
    let pin = server.pin();
    let url = server.serve(&text).await;
    let (ours, others) = (Some(&*root.pem), Some(&*other_root.pem));

    for pins in [&[][..], &[pin], &[middle.pin], &[root.pin], &[other_key, pin]] {
        assert_eq!(start_from(&url, ours, pins).await, Ok(()), "{pins:?}");
    }
    for (roots, pins, why) in [
        // Another's server, by its authority and by its key.
        (others, &[][..], "certificate"),
        (ours, &[other_key], "pinned"),
        (ours, &[sibling.pin, other_root.pin], "pinned"),
        // A pin is asked for beside the chain: none of the public authorities has signed this.
        (others, &[pin], "certificate"),
        (None, &[pin], "certificate"),
    ] {
        let error = start_from(&url, roots, pins).await.unwrap_err();
        assert!(error.contains(why), "{pins:?}: {error}");
    }
    // Whoever has a certificate of the same root cannot borrow the pinned one: it is public, but it
    // is in no chain of theirs.
    let thief = sibling.server().with(&[&sibling, &middle]).serve(&text).await;
    assert_eq!(start_from(&thief, ours, &[]).await, Ok(()));
    let error = start_from(&thief, ours, &[middle.pin]).await.unwrap_err();
    assert!(error.contains("pinned"), "{error}");
}

#[tokio::test]
async fn a_server_can_change_its_key_where_the_next_one_is_pinned_too() {
    let authority = Authority::new("authority");
    let text = Arc::new(Mutex::new(key_set(&[Provider::new("one").jwk()])));
    let (before, after) = (authority.server(), authority.server());
    let (pin, next) = (before.pin(), after.pin());
    let (before, after) = (before.serve(&text).await, after.serve(&text).await);
    let roots = Some(&*authority.pem);
    for url in [&before, &after] {
        assert_eq!(start_from(url, roots, &[pin, next]).await, Ok(()));
    }
    assert!(start_from(&after, roots, &[pin]).await.is_err());
}
