//! The way that requests for credentials go: STS over the pinned TLS, or a link-local address in plain HTTP.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::header::HOST;
use http::{HeaderValue, Method, Request, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::client::audit::Auditor;
use crate::client::connection::{Route, with_causes};
use crate::client::endpoint::Authority;
use crate::client::error::BuildError;
use crate::client::region::Region;
use crate::client::tls::{self, TlsFloor};
use crate::client::transport::TransportError;
use crate::client::trust::Trust;

const CONNECT_LIMIT: Duration = Duration::from_secs(2);
const RESPONSE_LIMIT: Duration = Duration::from_secs(5);
const RESPONSE_SIZE_LIMIT: usize = 1 << 20;

/// Where instances, tasks and pods get their role's keys. No other address is reached without TLS, and never a proxy.
const LINK_LOCAL: [IpAddr; 5] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 23)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)),
];

#[derive(Clone)]
pub(super) struct CredentialsConnector(Arc<Route>);

/// The way of one admitted request.
#[derive(Debug, PartialEq, Eq)]
enum Way {
    Sts,
    LinkLocal(SocketAddr),
}

impl CredentialsConnector {
    pub(super) fn new(region: Region, auditor: &Auditor) -> Result<Self, BuildError> {
        let host = format!("sts.{region}.{}", region.partition().dns_suffix());
        let sts = Authority::https(host);
        let tls = tls::configuration(&Trust::amazon(), TlsFloor::Tls12, &sts, auditor)?;
        Ok(Self(Arc::new(Route::new(sts, tls, CONNECT_LIMIT, auditor.clone())?)))
    }

    pub(super) fn into_http_client(self) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(self);
        http_client_fn(move |_, _| connector.clone())
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let request =
            request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
        let way = admit(&request, &self.0.authority.to_string());
        let way = way.map_err(|reason| {
            self.0.auditor.request_refused(&self.0.authority, &reason);
            ConnectorError::other(reason.into(), None)
        })?;
        let sender = match way {
            Way::Sts => self.0.open().await.map_err(refused)?.sender,
            Way::LinkLocal(address) => open_plain(address).await?,
        };
        match tokio::time::timeout(RESPONSE_LIMIT, exchange(sender, request)).await {
            Ok(response) => response,
            Err(elapsed) => Err(ConnectorError::timeout(elapsed.into())),
        }
    }
}

fn refused(error: TransportError) -> ConnectorError {
    match error {
        TransportError::Connect(_) => ConnectorError::io(error.into()),
        TransportError::ConnectTimeout(_) => ConnectorError::timeout(error.into()),
        _ => ConnectorError::other(error.into(), None),
    }
}

fn admit<B>(request: &Request<B>, sts: &str) -> Result<Way, &'static str> {
    let uri = request.uri();
    let authority = uri.authority().ok_or("the request for credentials has no authority")?;
    match uri.scheme_str() {
        Some("https")
            if authority.as_str() == sts
                && uri.path() == "/"
                && request.method() == Method::POST =>
        {
            Ok(Way::Sts)
        }
        Some("http") if !authority.as_str().contains('@') => {
            let host = authority.host().trim_start_matches('[').trim_end_matches(']');
            let address = host.parse().ok().filter(|address| LINK_LOCAL.contains(address));
            let address =
                address.ok_or("plain HTTP goes to the link-local metadata addresses only")?;
            if !matches!(*request.method(), Method::GET | Method::PUT) {
                return Err("metadata is read by GET and PUT only");
            }
            Ok(Way::LinkLocal(SocketAddr::new(address, authority.port_u16().unwrap_or(80))))
        }
        _ => Err(
            "credentials are asked of STS in the client's region or of a link-local address only",
        ),
    }
}

async fn open_plain(address: SocketAddr) -> Result<SendRequest<Full<Bytes>>, ConnectorError> {
    let connected = tokio::time::timeout(CONNECT_LIMIT, TcpStream::connect(address)).await;
    let tcp = connected
        .map_err(|elapsed| ConnectorError::timeout(elapsed.into()))?
        .map_err(|error| ConnectorError::io(error.into()))?;
    let handshake = http1::handshake(TokioIo::new(tcp)).await;
    let (sender, driver) = handshake.map_err(|error| ConnectorError::io(error.into()))?;
    tokio::spawn(async move { drop(driver.await) });
    Ok(sender)
}

async fn exchange(
    mut sender: SendRequest<Full<Bytes>>,
    request: Request<SdkBody>,
) -> Result<HttpResponse, ConnectorError> {
    let broken = |text: String| ConnectorError::io(text.into());
    let (mut head, body) = request.into_parts();
    let authority = head.uri.authority().map(http::uri::Authority::as_str).unwrap_or_default();
    let host =
        HeaderValue::try_from(authority).map_err(|error| ConnectorError::user(error.into()))?;
    head.headers.insert(HOST, host);
    let path = head.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    head.uri = Uri::try_from(path).map_err(|error| ConnectorError::user(error.into()))?;
    let body = body.bytes().map(Bytes::copy_from_slice).unwrap_or_default();
    let sent = sender.send_request(Request::from_parts(head, Full::new(body))).await;
    let (head, body) = sent.map_err(|error| broken(with_causes(&error)))?.into_parts();
    let body = Limited::new(body, RESPONSE_SIZE_LIMIT).collect().await;
    let body = body.map_err(|error| broken(with_causes(&*error)))?.to_bytes();
    let response = http::Response::from_parts(head, SdkBody::from(body));
    HttpResponse::try_from(response).map_err(|error| ConnectorError::user(error.into()))
}

impl HttpConnector for CredentialsConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let connector = self.clone();
        HttpConnectorFuture::new(async move { connector.send(request).await })
    }
}

impl fmt::Debug for CredentialsConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CredentialsConnector").field(&self.0.authority).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Credentials;

    const STS: &str = "sts.eu-west-1.amazonaws.com";

    fn way(method: Method, uri: &str) -> Result<Way, &'static str> {
        admit(&Request::builder().method(method).uri(uri).body(()).unwrap(), STS)
    }

    #[test]
    fn sts_of_the_region_is_reached_over_tls_only() {
        assert_eq!(way(Method::POST, "https://sts.eu-west-1.amazonaws.com/"), Ok(Way::Sts));
        for uri in [
            "http://sts.eu-west-1.amazonaws.com/",
            "https://sts.us-east-1.amazonaws.com/",
            "https://sts.eu-west-1.amazonaws.com:8443/",
            "https://evil.example/",
            "https://sts.eu-west-1.amazonaws.com/x",
        ] {
            assert!(way(Method::POST, uri).is_err(), "{uri}");
        }
        assert!(way(Method::GET, "https://sts.eu-west-1.amazonaws.com/").is_err());
    }

    #[test]
    fn plain_http_goes_to_link_local_addresses_only() {
        let imds = way(Method::PUT, "http://169.254.169.254/latest/api/token").unwrap();
        assert_eq!(imds, Way::LinkLocal("169.254.169.254:80".parse().unwrap()));
        assert!(way(Method::GET, "http://169.254.170.2/v2/credentials/x").is_ok());
        assert!(way(Method::GET, "http://169.254.170.23/v1/credentials").is_ok());
        assert!(way(Method::GET, "http://[fd00:ec2::254]/latest").is_ok());
        for uri in [
            "http://localhost/x",
            "http://127.0.0.1:51679/x",
            "http://169.254.169.253/x",
            "http://169.254.169.254.evil.example/x",
            "http://user@169.254.169.254/x",
            "http://evil.example/x",
        ] {
            assert!(way(Method::GET, uri).is_err(), "{uri}");
        }
        assert!(way(Method::POST, "http://169.254.169.254/latest").is_err());
    }

    #[tokio::test]
    async fn every_source_builds_without_sending() {
        for source in [
            Credentials::profile("dev"),
            Credentials::ecs(),
            Credentials::ec2(),
            Credentials::web_identity(),
        ] {
            let environment = crate::client::ambient::tests::Fake::default();
            source.into_provider(&environment, Region::EU_WEST_1, &Auditor::default()).unwrap();
        }
    }
}
