//! The sources of credentials, against servers of loopback that stand in for STS and for the link-local addresses.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex};

use aws_credential_types::Credentials as Keys;
use aws_credential_types::provider::{self, ProvideCredentials};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::Instant;

use super::server::{Act, Server, ServerIdentity, raw};
use super::*;
use crate::client::audit::Auditor;
use crate::client::credentials::connector::CredentialsConnector;
use crate::client::credentials::discovered::Discovered;
use crate::client::endpoint::Authority;
use crate::client::{AuditEvent, AuditLog, Proxy};

const STS: &str = "sts.us-east-1.amazonaws.com";
const ROLE: &str = "arn:aws:iam::123456789012:role/r";

/// The way of production, with a server of the test at the link-local addresses.
#[derive(Clone, Debug)]
struct Way {
    connector: CredentialsConnector,
    link_local: SocketAddr,
}

impl Way {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let (request, address) = self.connector.admitted(request)?;
        if let Some(address) = address {
            assert_eq!(address.port(), 80);
        }
        self.connector.deliver(request, address.map(|_| self.link_local)).await
    }

    async fn get(&self, uri: &str) -> Result<HttpResponse, ConnectorError> {
        self.send(HttpRequest::get(uri).unwrap()).await
    }

    fn into_http_client(self) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(self);
        http_client_fn(move |_, _| connector.clone())
    }
}

impl HttpConnector for Way {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let way = self.clone();
        HttpConnectorFuture::new(async move { way.send(request).await })
    }
}

/// The way to link-local addresses alone.
fn to(link_local: SocketAddr) -> Way {
    let connector = CredentialsConnector::new(Region::US_EAST_1, None, &Auditor::default());
    Way { connector: connector.unwrap(), link_local }
}

async fn keys_of(source: Discovered, way: Way, environment: &Fake) -> provider::Result {
    let provider = source.over(way.into_http_client(), environment, Region::US_EAST_1);
    provider.unwrap().provide_credentials().await
}

type Asked = Arc<Mutex<Vec<String>>>;

/// A server of plain HTTP: it answers a head by its first line, and holds its tongue where there is no answer.
async fn plain(answers: fn(&str) -> Option<Vec<u8>>) -> (SocketAddr, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Asked::default();
    let heads = asked.clone();
    tokio::spawn(async move {
        let mut silent = Vec::new();
        while let Ok((mut tcp, _)) = listener.accept().await {
            let Some(head) = read_head(&mut tcp).await else { continue };
            let answer = answers(head.lines().next().unwrap());
            heads.lock().unwrap().push(head);
            match answer {
                Some(answer) => drop(tcp.write_all(&answer).await),
                None => silent.push(tcp),
            }
        }
    });
    (address, asked)
}

/// A proxy that leads every tunnel to a server of this machine.
async fn proxy_to(port: u16) -> (Proxy, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = Proxy::connect("127.0.0.1", listener.local_addr().unwrap().port()).unwrap();
    let asked = Asked::default();
    let heads = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let Some(head) = read_head(&mut client).await else { continue };
            heads.lock().unwrap().push(head);
            tokio::spawn(async move {
                client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
                let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    (proxy, asked)
}

async fn read_head(tcp: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(tcp.read_u8().await.ok()?);
    }
    String::from_utf8(head).ok()
}

fn answer(headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let length = body.len().to_string();
    raw(200, &[headers, &[("content-length", &length)]].concat(), body)
}

fn of_sts(action: &str) -> Act {
    let body = format!(
        "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result>\
         <Credentials><AccessKeyId>ASIASTS</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
         <SessionToken>t</SessionToken><Expiration>2126-01-01T00:00:00Z</Expiration></Credentials>\
         </{action}Result></{action}Response>"
    );
    Act::Answer(answer(&[("content-type", "text/xml")], body.as_bytes()))
}

/// The way to this server as STS, by a proxy.
async fn to_sts(server: &Server) -> (Way, Asked) {
    let trust = Trust::private_ca(&server.identity.ca_pem).unwrap();
    let (proxy, asked) = proxy_to(server.port).await;
    let sts = Authority::https(STS.to_owned());
    let connector =
        CredentialsConnector::trusting(&trust, sts, Some(&proxy), &Auditor::default()).unwrap();
    (Way { connector, link_local: "127.0.0.1:9".parse().unwrap() }, asked)
}

/// A file of this test, which ends with it.
struct File(PathBuf);

impl File {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("dynamo-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn assert_is(keys: &Keys, id: &str) {
    let found = (keys.access_key_id(), keys.secret_access_key(), keys.session_token());
    assert_eq!(found, (id, "s", Some("t")));
    assert!(keys.expiry().is_some());
}

#[tokio::test]
async fn a_role_is_taken_on_at_sts_of_the_region_with_the_token() {
    let server =
        Server::start(ServerIdentity::of(STS), vec![of_sts("AssumeRoleWithWebIdentity")]).await;
    let token = File::new("token", "the-token");
    let (way, asked) = to_sts(&server).await;
    let environment = [
        ("AWS_ROLE_ARN", ROLE),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", token.path()),
        ("AWS_ROLE_SESSION_NAME", "the-session"),
    ];
    let keys = keys_of(Discovered::WebIdentity, way, &Fake::new(environment)).await.unwrap();
    assert_is(&keys, "ASIASTS");
    let head = asked.lock().unwrap()[0].clone();
    assert!(head.starts_with(&format!("CONNECT {STS}:443 HTTP/1.1\r\n")), "{head}");
    let request = server.requests()[0].clone();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST / HTTP/1.1\r\n"), "{head}");
    assert!(head.lines().any(|line| line == format!("host: {STS}")), "{head}");
    for part in [
        "Action=AssumeRoleWithWebIdentity",
        "RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fr",
        "WebIdentityToken=the-token",
        "RoleSessionName=the-session",
    ] {
        assert!(body.split('&').any(|found| found == part), "{part} is not in {body}");
    }
}

#[tokio::test]
async fn a_session_has_a_name_where_the_environment_gives_none() {
    let server =
        Server::start(ServerIdentity::of(STS), vec![of_sts("AssumeRoleWithWebIdentity")]).await;
    let token = File::new("token-unnamed", "the-token");
    let (way, _) = to_sts(&server).await;
    let environment =
        Fake::new([("AWS_ROLE_ARN", ROLE), ("AWS_WEB_IDENTITY_TOKEN_FILE", token.path())]);
    keys_of(Discovered::WebIdentity, way, &environment).await.unwrap();
    let request = server.requests()[0].clone();
    assert!(request.contains("&RoleSessionName=web-identity-"), "{request}");
}

#[tokio::test]
async fn a_role_that_is_not_named_whole_is_no_credentials() {
    let server = Server::start(ServerIdentity::of(STS), vec![]).await;
    for environment in [
        vec![],
        vec![("AWS_ROLE_ARN", ROLE)],
        vec![("AWS_WEB_IDENTITY_TOKEN_FILE", "/token")],
        vec![("AWS_ROLE_ARN", ""), ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token")],
    ] {
        let (way, _) = to_sts(&server).await;
        let keys = keys_of(Discovered::WebIdentity, way, &Fake::of(&environment)).await;
        let error = keys.unwrap_err();
        assert!(matches!(error, provider::error::CredentialsError::CredentialsNotLoaded(_)));
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn no_token_is_shown_to_a_server_that_amazon_has_not_certified() {
    let server = Server::start(ServerIdentity::of(STS), vec![]).await;
    let (proxy, asked) = proxy_to(server.port).await;
    let connector =
        CredentialsConnector::new(Region::US_EAST_1, Some(&proxy), &Auditor::default()).unwrap();
    let way = Way { connector, link_local: "127.0.0.1:9".parse().unwrap() };
    let token = File::new("token-hidden", "the-token");
    let environment =
        Fake::new([("AWS_ROLE_ARN", ROLE), ("AWS_WEB_IDENTITY_TOKEN_FILE", token.path())]);
    let error = keys_of(Discovered::WebIdentity, way, &environment).await.unwrap_err();
    assert!(
        format!("{error:?}").contains("no root that is trusted has signed its chain"),
        "{error:?}"
    );
    assert_eq!((server.connections(), server.handshakes()), (1, 0));
    let asked = asked.lock().unwrap();
    assert!(asked[0].starts_with(&format!("CONNECT {STS}:443 ")) && asked.len() == 1, "{asked:?}");
}

const INSTANCE_KEYS: &[u8] = br#"{"Code":"Success","LastUpdated":"2026-01-01T00:00:00Z","Type":"AWS-HMAC",
    "AccessKeyId":"ASIAHERE","SecretAccessKey":"s","Token":"t","Expiration":"2126-01-01T00:00:00Z"}"#;

fn of_instance(line: &str) -> Vec<u8> {
    match line {
        "PUT /latest/api/token HTTP/1.1" => {
            answer(&[("x-aws-ec2-metadata-token-ttl-seconds", "21600")], b"the-session")
        }
        "GET /latest/meta-data/iam/security-credentials/ HTTP/1.1" => answer(&[], b"the-role"),
        "GET /latest/meta-data/iam/security-credentials/the-role HTTP/1.1" => {
            answer(&[], INSTANCE_KEYS)
        }
        _ => raw(404, &[("content-length", "0")], b""),
    }
}

fn of_container(line: &str) -> Option<Vec<u8>> {
    let is_asked = line == "GET /v2/credentials/x HTTP/1.1";
    is_asked.then(|| answer(&[("content-type", "application/json")], INSTANCE_KEYS))
}

#[tokio::test]
async fn an_instance_is_asked_with_a_sessions_token() {
    let (link_local, asked) = plain(|line| Some(of_instance(line))).await;
    let keys = keys_of(Discovered::Ec2, to(link_local), &Fake::default()).await.unwrap();
    assert_is(&keys, "ASIAHERE");
    let asked = asked.lock().unwrap();
    assert_eq!(asked.len(), 3, "{asked:?}");
    for head in &asked[..] {
        assert!(head.contains("\r\nhost: 169.254.169.254\r\n"), "{head}");
    }
    for head in &asked[1..] {
        assert!(head.contains("\r\nx-aws-ec2-metadata-token: the-session\r\n"), "{head}");
    }
}

/// Runs a test again, with these variables of the process.
fn runs_with(test: &str, variables: &[(&str, &str)]) {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", &format!("client::tests::credentials::{test}")]);
    let output = child.env("AGAIN", "1").envs(variables.iter().copied()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}

fn is_again() -> bool {
    std::env::var_os("AGAIN").is_some()
}

#[tokio::test]
async fn the_environment_names_no_other_address_of_an_instance() {
    if !is_again() {
        let test = "the_environment_names_no_other_address_of_an_instance";
        return runs_with(
            test,
            &[
                ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9/"),
                ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6"),
            ],
        );
    }
    let (link_local, asked) = plain(|line| Some(of_instance(line))).await;
    let keys = keys_of(Discovered::Ec2, to(link_local), &Fake::default()).await.unwrap();
    assert_is(&keys, "ASIAHERE");
    assert!(asked.lock().unwrap()[0].contains("\r\nhost: 169.254.169.254\r\n"));
}

#[tokio::test]
async fn a_container_is_asked_at_its_link_local_address() {
    if !is_again() {
        let test = "a_container_is_asked_at_its_link_local_address";
        return runs_with(test, &[("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/x")]);
    }
    let (link_local, asked) = plain(of_container).await;
    let keys = keys_of(Discovered::Ecs, to(link_local), &Fake::default()).await.unwrap();
    assert_is(&keys, "ASIAHERE");
    assert!(asked.lock().unwrap()[0].contains("\r\nhost: 169.254.170.2\r\n"));
}

#[tokio::test]
async fn a_role_of_a_profile_is_taken_on_at_the_standard_sts_of_the_region() {
    if !is_again() {
        let text = format!(
            "[profile role]\nrole_arn = {ROLE}\nsource_profile = keys\nregion = eu-west-1\n\
             use_fips_endpoint = true\nuse_dualstack_endpoint = true\n\
             [profile keys]\naws_access_key_id = A\naws_secret_access_key = s\n"
        );
        let config = File::new("config", &text);
        return runs_with(
            "a_role_of_a_profile_is_taken_on_at_the_standard_sts_of_the_region",
            &[
                ("AWS_CONFIG_FILE", config.path()),
                ("AWS_USE_FIPS_ENDPOINT", "true"),
                ("AWS_USE_DUALSTACK_ENDPOINT", "true"),
                ("AWS_REGION", "eu-west-1"),
            ],
        );
    }
    let server = Server::start(ServerIdentity::of(STS), vec![of_sts("AssumeRole")]).await;
    let (way, _) = to_sts(&server).await;
    let source = Discovered::Profile("role".to_owned());
    assert_is(&keys_of(source, way, &Fake::default()).await.unwrap(), "ASIASTS");
    let request = server.requests()[0].clone();
    assert!(request.contains("Action=AssumeRole&"), "{request}");
    assert!(request.contains("/us-east-1/sts/aws4_request"), "{request}");
}

const METADATA: &str = "http://169.254.169.254/latest/meta-data";

#[tokio::test]
async fn what_no_source_asks_for_is_stopped_before_a_connection() {
    let (link_local, asked) = plain(|line| Some(of_instance(line))).await;
    let log = AuditLog::default();
    let connector = CredentialsConnector::new(Region::US_EAST_1, None, &Auditor::new(log.clone()));
    let way = Way { connector: connector.unwrap(), link_local };
    for uri in [
        "http://169.254.169.254/2009-04-04/meta-data",
        "http://169.254.169.253/latest/meta-data",
        "http://127.0.0.1/latest/meta-data",
        "http://sts.us-east-1.amazonaws.com/",
        "https://sts.eu-west-1.amazonaws.com/",
        // It is asked by POST.
        "https://sts.us-east-1.amazonaws.com/",
    ] {
        let error = way.get(uri).await.unwrap_err();
        assert!(format!("{error:?}").contains("Request("), "{uri}: {error:?}");
        let events = log.take();
        assert!(matches!(events[..], [AuditEvent::RequestRefused { .. }]), "{uri}: {events:?}");
    }
    assert!(asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_answer_without_an_end_is_cut() {
    const LIMIT: usize = 1 << 20;
    fn of_size(line: &str) -> Option<Vec<u8>> {
        let size = if line.contains("more") { LIMIT + 1 } else { LIMIT };
        line.starts_with("GET ").then(|| answer(&[], &vec![b'x'; size]))
    }
    let (link_local, _) = plain(of_size).await;
    let way = to(link_local);
    let whole = way.get(METADATA).await.unwrap();
    assert_eq!(whole.body().bytes().unwrap().len(), LIMIT);
    let error = way.get(&format!("{METADATA}/more")).await.unwrap_err();
    assert!(error.is_io(), "{error:?}");
}

#[tokio::test]
async fn a_server_that_holds_its_tongue_is_not_waited_for() {
    let (link_local, asked) = plain(|_| None).await;
    let way = to(link_local);
    let waiting = tokio::spawn(async move { way.get(METADATA).await });
    while asked.lock().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let asked_at = Instant::now();
    tokio::time::pause();
    let error = waiting.await.unwrap().unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert!(asked_at.elapsed() < Duration::from_secs(6), "{:?}", asked_at.elapsed());
}

#[tokio::test]
async fn a_connection_that_does_not_open_is_not_waited_for() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    // Nobody accepts, so the queue is full before long.
    let mut queue = Vec::new();
    while let Ok(connected) =
        tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(address)).await
    {
        queue.push(connected.unwrap());
        assert!(queue.len() < 100, "the queue has no end");
    }
    let begun = Instant::now();
    tokio::time::pause();
    let error = to(address).get(METADATA).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}
