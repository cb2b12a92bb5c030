use std::time::Duration;

use super::server::{Act, Server, ServerIdentity, success};
use super::*;

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
