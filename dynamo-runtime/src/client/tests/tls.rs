use std::time::Duration;

use rcgen::ExtendedKeyUsagePurpose;

use super::server::{Act, Server, ServerIdentity, success};
use super::*;
use crate::client::{CallErrorKind, TlsFloor};

/// The call is refused after one handshake that the client broke off, and no byte of the request was sent.
async fn refused(server: &Server, client: &SecureClient) {
    let error = send(client, Replay::Harmless).await.err().unwrap();
    assert!(matches!(error.kind, CallErrorKind::Refused(_)), "{error:?}");
    assert_eq!(error.attempts, 1);
    assert!(!error.outcome_unknown && !error.maybe_applied_before);
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(server.connections(), 1, "another handshake was made");
    assert_eq!(server.requests().len(), 0, "a request was sent");
}

#[tokio::test]
async fn an_unknown_authority_is_refused() {
    let server = Server::start(ServerIdentity::good(), vec![]).await;
    let other = ServerIdentity::good();
    let trust = Trust::private_ca(&other.ca_pem).unwrap();
    refused(&server, &builder(&server).trust(trust).build_in(&Fake::default()).unwrap()).await;
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    for name in ["other.internal", "127.0.0.2", "*.0.0.1"] {
        let server = Server::start(ServerIdentity::named(name, |_| {}), vec![]).await;
        refused(&server, &client(&server)).await;
    }
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let expired = ServerIdentity::named("127.0.0.1", |params| {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    });
    let server = Server::start(expired, vec![]).await;
    refused(&server, &client(&server)).await;
}

#[tokio::test]
async fn a_certificate_that_is_not_for_servers_is_refused() {
    for purposes in [vec![], vec![ExtendedKeyUsagePurpose::ClientAuth]] {
        let identity =
            ServerIdentity::named("127.0.0.1", |params| params.extended_key_usages = purposes);
        let server = Server::start(identity, vec![]).await;
        refused(&server, &client(&server)).await;
    }
}

#[tokio::test]
async fn a_pin_adds_to_the_chain_and_does_not_replace_it() {
    let server = Server::start(ServerIdentity::good(), vec![]).await;
    let trust = |identity: &ServerIdentity| Trust::private_ca(&identity.ca_pem).unwrap();
    let wrong = trust(&server.identity).pin_spki([7; 32]);
    refused(&server, &builder(&server).trust(wrong).build_in(&Fake::default()).unwrap()).await;

    let server = Server::start(ServerIdentity::good(), vec![]).await;
    let pin = server.identity.public_key_sha256;
    let other_ca = trust(&ServerIdentity::good()).pin_spki(pin);
    refused(&server, &builder(&server).trust(other_ca).build_in(&Fake::default()).unwrap()).await;

    let server = Server::start(ServerIdentity::good(), vec![]).await;
    let right =
        trust(&server.identity).pin_spki([7; 32]).pin_spki(server.identity.public_key_sha256);
    let client = builder(&server).trust(right).build_in(&Fake::default()).unwrap();
    send(&client, Replay::Harmful).await.unwrap();
}

#[tokio::test]
async fn no_session_goes_on_without_its_certificate() {
    static VERSIONS: [&[&rustls::SupportedProtocolVersion]; 2] =
        [&[&rustls::version::TLS12], &[&rustls::version::TLS13]];
    for versions in VERSIONS {
        let identity = ServerIdentity { versions, ..ServerIdentity::good() };
        let script = (0..2).map(|_| Act::AnswerAndClose(success(b"{}"))).collect();
        let server = Server::start(identity, script).await;
        let client = client(&server);
        for _ in 0..2 {
            send(&client, Replay::Harmless).await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!((server.handshakes(), server.resumptions()), (2, 0));
    }
}

#[tokio::test]
async fn the_floor_decides_on_tls_1_2() {
    static OLD: &[&rustls::SupportedProtocolVersion] = &[&rustls::version::TLS12];
    let old = || ServerIdentity { versions: OLD, ..ServerIdentity::good() };
    let server = Server::start(old(), vec![]).await;
    let response = send(&client(&server), Replay::Harmful).await.unwrap();
    assert_eq!(response.peer.unwrap().tls_version(), "TLSv1_2");

    let server = Server::start(old(), vec![]).await;
    let client = builder(&server).tls_floor(TlsFloor::Tls13).build_in(&Fake::default()).unwrap();
    refused(&server, &client).await;
}

#[tokio::test]
async fn plaintext_on_the_port_is_refused() {
    use tokio::io::AsyncWriteExt;
    let mut server = Server::start(ServerIdentity::good(), vec![]).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    server.port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut tcp, _)) = listener.accept().await {
            tcp.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await.unwrap();
        }
    });
    let error = send(&client(&server), Replay::Harmless).await.err().unwrap();
    assert!(matches!(error.kind, CallErrorKind::Refused(_)), "{error:?}");
    assert_eq!(error.attempts, 1);
}
