//! C. Servers that speak no TLS, or one that is too old or too weak.

use tokio::io::AsyncWriteExt;

use crate::account;
use crate::identity::{root, trust};
use crate::row::{Expected, Row, Section, Seen};
use crate::server::{listen, read_all, read_client_hello};

pub fn rows() -> Vec<Row> {
    let plaintext = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}".to_vec();
    vec![raw("plaintext on the port", "received corrupt message", plaintext)]
}

/// The server answers the `ClientHello` with these bytes.
fn raw(name: &str, says: &str, answer: Vec<u8>) -> Row {
    let expected = Expected::Refused(says.to_owned());
    Row::new(Section::Tls, name, expected, move |call| {
        let answer = answer.clone();
        async move {
            let (port, tally) = listen(move |mut tcp, tally| {
                let answer = answer.clone();
                async move {
                    if read_client_hello(&mut tcp).await.is_some() {
                        let _ = tcp.write_all(&answer).await;
                        read_all(tcp, &tally).await;
                    }
                }
            })
            .await;
            let outcome = call.send(account::client(port, trust(&root()))).await;
            Seen::new(outcome, &tally)
        }
    })
}
