//! Requests as they are, for what the library does not send.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::engine::Place;

/// A client of the engine that the suite runs against.
pub struct Raw {
    place: Place,
    tls: TlsConnector,
}

impl Raw {
    pub async fn client() -> Self {
        let place = Place::of_engine().await;
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(&place.ca).unwrap()).unwrap();
        let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        Self { place, tls: Arc::new(config).into() }
    }

    /// What it gives, or the code of its error without the namespace.
    pub async fn call(&self, operation: &str, body: Value) -> Result<Value, String> {
        let (is_success, body) = self.answer(operation, body).await;
        if is_success {
            return Ok(body);
        }
        let code = body["__type"].as_str().unwrap_or_else(|| panic!("{body}"));
        Err(code.rsplit('#').next().unwrap().to_owned())
    }

    /// The whole of the error that it gives.
    pub async fn error(&self, operation: &str, body: Value) -> Value {
        let (is_success, body) = self.answer(operation, body).await;
        assert!(!is_success, "{body}");
        body
    }

    async fn answer(&self, operation: &str, body: Value) -> (bool, Value) {
        let service = if operation.contains('.') { "" } else { "DynamoDB_20120810." };
        let request = self.signed(&format!("{service}{operation}"), &body.to_string());
        let stream = TcpStream::connect(("127.0.0.1", self.place.port)).await.unwrap();
        let name = ServerName::try_from(self.place.host.clone()).unwrap();
        let stream = TokioIo::new(self.tls.connect(name, stream).await.unwrap());
        let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await.unwrap();
        tokio::spawn(connection);
        let answer = sender.send_request(request).await.unwrap();
        let is_success = answer.status() == 200;
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        (is_success, serde_json::from_slice(&body).unwrap())
    }

    fn signed(&self, target: &str, body: &str) -> Request<Full<bytes::Bytes>> {
        let host = format!("{}:{}", self.place.host, self.place.port);
        let mut request = Request::post("/")
            .header("host", &host)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", target)
            .body(Full::from(body.to_owned()))
            .unwrap();
        let (key_id, secret) = self.place.credentials.clone();
        let identity = Credentials::new(key_id, secret, None, None, "suite").into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region("us-east-1")
            .name("dynamodb")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .unwrap()
            .into();
        let headers = request.headers().iter();
        let headers = headers.map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
        let body = SignableBody::Bytes(body.as_bytes());
        let signable =
            SignableRequest::new("POST", format!("https://{host}/"), headers, body).unwrap();
        sign(signable, &params).unwrap().into_parts().0.apply_to_request_http1x(&mut request);
        request
    }

    /// The name of a new table whose items have a partition key `pk` and a sort key `sk`, and whose
    /// index `by-a` is of the text `a`; it has a stream, where the engine has any.
    pub async fn table(&self) -> String {
        static TABLES: AtomicU32 = AtomicU32::new(0);
        let number = TABLES.fetch_add(1, Ordering::Relaxed);
        let table = format!("raw.{}.{number}", std::process::id());
        let name = |name: &str, kind: &str| json!({ "AttributeName": name, "AttributeType": kind });
        let key = |name: &str, kind: &str| json!({ "AttributeName": name, "KeyType": kind });
        let create = json!({
            "TableName": table,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [name("pk", "S"), name("sk", "N"), name("a", "S")],
            "KeySchema": [key("pk", "HASH"), key("sk", "RANGE")],
            "GlobalSecondaryIndexes": [{
                "IndexName": "by-a",
                "KeySchema": [key("a", "HASH")],
                "Projection": { "ProjectionType": "ALL" },
            }],
            "StreamSpecification": {
                "StreamEnabled": true,
                "StreamViewType": "NEW_AND_OLD_IMAGES",
            },
        });
        self.call("CreateTable", create).await.unwrap();
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let described = self.call("DescribeTable", json!({ "TableName": table })).await;
            let described = &described.unwrap()["Table"];
            let statuses =
                [&described["TableStatus"], &described["GlobalSecondaryIndexes"][0]["IndexStatus"]];
            if statuses.iter().all(|status| *status == "ACTIVE") {
                return table;
            }
            assert!(Instant::now() < deadline, "{described}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
