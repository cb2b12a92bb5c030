//! What no library serves, byte by byte.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Tally, listen};

const HANDSHAKE: u8 = 22;
const APPLICATION_DATA: u8 = 23;

const SERVER_HELLO: u8 = 2;

pub const TLS_1_2: u16 = 0x0303;

/// The parts of a `ClientHello` that an answer repeats or signs.
pub struct ClientHello {
    pub random: [u8; 32],
    session_id: Vec<u8>,
}

impl ClientHello {
    /// Of a handshake message with its type and length.
    fn parse(message: &[u8]) -> Option<Self> {
        let random = message.get(6..38)?.try_into().ok()?;
        let length = usize::from(*message.get(38)?);
        Some(Self { random, session_id: message.get(39..39 + length)?.to_vec() })
    }
}

/// What a `ServerHello` says.
#[derive(Clone)]
pub struct ServerHello {
    pub version: u16,
    pub suite: u16,
    pub compression: u8,
    pub random: [u8; 32],
    pub extensions: Vec<u8>,
}

impl ServerHello {
    pub fn new(version: u16, suite: u16) -> Self {
        Self { version, suite, compression: 0, random: [7; 32], extensions: Vec::new() }
    }

    pub fn with_extension(mut self, kind: u16, content: &[u8]) -> Self {
        self.extensions.extend_from_slice(&kind.to_be_bytes());
        self.extensions.extend_from_slice(&with_length_16(content));
        self
    }

    /// The message in a record of its own.
    pub fn record(&self, client: &ClientHello) -> Vec<u8> {
        let mut body = self.version.to_be_bytes().to_vec();
        body.extend_from_slice(&self.random);
        // TLS 1.3 repeats the client's session, and TLS 1.2 has one of the server's or none.
        let session: &[u8] = if self.suite >> 8 == 0x13 { &client.session_id } else { &[] };
        body.push(u8::try_from(session.len()).unwrap());
        body.extend_from_slice(session);
        body.extend_from_slice(&self.suite.to_be_bytes());
        body.push(self.compression);
        // SSLv3 has none.
        if !self.extensions.is_empty() {
            body.extend_from_slice(&with_length_16(&self.extensions));
        }
        record(self.version, &handshake(SERVER_HELLO, &body))
    }
}

pub fn handshake(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&[kind], &length[1..], body].concat()
}

pub fn record(version: u16, content: &[u8]) -> Vec<u8> {
    [&[HANDSHAKE], version.to_be_bytes().as_slice(), &with_length_16(content)].concat()
}

pub fn with_length_16(content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [length.as_slice(), content].concat()
}

/// Answers each `ClientHello` with these bytes, and counts what the client sends after it.
pub async fn answering_hello(
    answer: impl Fn(&ClientHello) -> Vec<u8> + Send + Sync + 'static,
) -> (u16, Arc<Tally>) {
    let answer = Arc::new(answer);
    listen(move |mut tcp, tally| {
        let answer = answer.clone();
        async move {
            let Some((HANDSHAKE, message)) = read_record(&mut tcp).await else {
                return;
            };
            let hello = ClientHello::parse(&message).unwrap();
            let _ = tcp.write_all(&answer(&hello)).await;
            while let Some((kind, content)) = read_record(&mut tcp).await {
                // Alerts and handshake messages are the client's right.
                if kind == APPLICATION_DATA || !(20..=23).contains(&kind) {
                    tally.add_bytes(content.len());
                }
            }
        }
    })
    .await
}

/// Sits before a server, and flips a bit of the record of that number, from 0, that it sends.
pub async fn flipping(port: u16, number: usize) -> u16 {
    let (before, _) = listen(move |client, _| async move {
        let server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = server.into_split();
        tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
        let mut sent = 0;
        loop {
            let mut header = [0; 5];
            if from_server.read_exact(&mut header).await.is_err() {
                return;
            }
            let mut content = vec![0; usize::from(u16::from_be_bytes([header[3], header[4]]))];
            let _ = from_server.read_exact(&mut content).await;
            if sent == number {
                content[0] ^= 1;
            }
            sent += 1;
            if to_client.write_all(&[&header, content.as_slice()].concat()).await.is_err() {
                return;
            }
        }
    })
    .await;
    before
}

/// Reads one record; nothing where the client has closed.
async fn read_record(tcp: &mut TcpStream) -> Option<(u8, Vec<u8>)> {
    let mut header = [0; 5];
    tcp.read_exact(&mut header).await.ok()?;
    let mut content = vec![0; usize::from(u16::from_be_bytes([header[3], header[4]]))];
    tcp.read_exact(&mut content).await.ok()?;
    Some((header[0], content))
}
