//! Servers of loopback that stand in for those who give keys.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::super::server::{Act, Server, raw};
use crate::client::audit::Auditor;
use crate::client::credentials::ways::Ways;
use crate::client::{AuditLog, Proxy, Trust};

/// The heads of the requests that arrived.
pub(super) type Asked = Arc<Mutex<Vec<String>>>;

/// A server of plain HTTP: it answers a head by its first line, and holds its tongue where there is no answer.
pub(super) async fn plain(
    answers: impl Fn(&str) -> Option<Vec<u8>> + Send + 'static,
) -> (SocketAddr, Asked) {
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
pub(super) async fn proxy_to(port: u16) -> (Proxy, Asked) {
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

/// The ways to this server at the link-local addresses.
pub(super) fn to(link_local: SocketAddr) -> Ways {
    Ways::new(None, &Auditor::default()).link_local_at(link_local)
}

/// The same, with what is told of them.
pub(super) fn told_to(link_local: SocketAddr) -> (Ways, AuditLog) {
    let log = AuditLog::default();
    (Ways::new(None, &Auditor::new(log.clone())).link_local_at(link_local), log)
}

/// The ways to this server as whichever service has its name, by a proxy.
pub(super) async fn to_service(server: &Server) -> (Ways, Asked) {
    let trust = Trust::private_ca(&server.identity.ca_pem).unwrap();
    let (proxy, asked) = proxy_to(server.port).await;
    (Ways::new(Some(&proxy), &Auditor::default()).trusting(trust), asked)
}

pub(super) fn answer(headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    answer_of(200, headers, body)
}

pub(super) fn answer_of(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let length = body.len().to_string();
    raw(status, &[headers, &[("content-length", &length)]].concat(), body)
}

pub(super) const STS: &str = "sts.us-east-1.amazonaws.com";
pub(super) const PORTAL: &str = "portal.sso.eu-west-1.amazonaws.com";
pub(super) const ROLE: &str = "arn:aws:iam::123456789012:role/r";

/// Keys as STS gives them.
pub(super) fn of_sts(action: &str, secret: &str, token: &str) -> Act {
    let body = format!(
        "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result>\
         <SubjectFromWebIdentityToken>x</SubjectFromWebIdentityToken>\
         <Credentials><AccessKeyId>ASIASTS</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey>\
         <SessionToken>{token}</SessionToken><Expiration>2126-01-01T00:00:00Z</Expiration></Credentials>\
         </{action}Result></{action}Response>"
    );
    Act::Answer(answer(&[("content-type", "text/xml")], body.as_bytes()))
}

/// An error as STS gives it.
pub(super) fn sts_error(status: u16, code: &str, message: &str) -> Act {
    let body = format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>\
         </Error><RequestId>{message}</RequestId></ErrorResponse>"
    );
    Act::Answer(answer_of(status, &[("content-type", "text/xml")], body.as_bytes()))
}

/// Keys as IAM Identity Center gives them.
pub(super) fn of_portal(secret: &str, token: &str) -> Act {
    let body = format!(
        r#"{{"roleCredentials":{{"accessKeyId":"ASIASSO","expiration":4922899200000,
            "secretAccessKey":"{secret}","sessionToken":"{token}"}}}}"#
    );
    Act::Answer(answer(&[("content-type", "application/json")], body.as_bytes()))
}

/// Keys as the metadata of an instance and the agents of containers give them.
pub(super) fn keys_in_json(secret: &str, token: &str) -> Vec<u8> {
    let body = format!(
        r#"{{"Code":"Success","LastUpdated":"2026-01-01T00:00:00Z","Type":"AWS-HMAC","RoleArn":"{ROLE}",
            "AccessKeyId":"ASIAHERE","SecretAccessKey":"{secret}","Token":"{token}","Expiration":"2126-01-01T00:00:00Z"}}"#
    );
    answer(&[("content-type", "application/json")], body.as_bytes())
}

/// The metadata of an instance, with these keys.
pub(super) fn of_instance(line: &str, keys: &[u8]) -> Vec<u8> {
    match line {
        "PUT /latest/api/token HTTP/1.1" => {
            answer(&[("x-aws-ec2-metadata-token-ttl-seconds", "21600")], b"the-metadata-session")
        }
        "GET /latest/meta-data/iam/security-credentials/ HTTP/1.1" => answer(&[], b"the-role"),
        "GET /latest/meta-data/iam/security-credentials/the-role HTTP/1.1" => keys.to_vec(),
        _ => answer_of(404, &[], b""),
    }
}

/// A file of a test, which ends with it.
pub(super) struct File(PathBuf);

impl File {
    pub(super) fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("dynamo-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    /// In a folder of the test's own.
    pub(super) fn in_folder(folder: &str, name: &str, text: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("dynamo-{}-{folder}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), text).unwrap();
        Self(folder.join(name))
    }

    pub(super) fn folder(&self) -> &std::path::Path {
        self.0.parent().unwrap()
    }

    pub(super) fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
