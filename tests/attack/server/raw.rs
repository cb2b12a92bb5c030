//! What no library serves, byte by byte.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Tally;

const APPLICATION_DATA: u8 = 23;
const HANDSHAKE: u8 = 22;

/// Reads one record; nothing where the client closed, or sent something else.
async fn read_record(tcp: &mut TcpStream) -> Option<(u8, Vec<u8>)> {
    let mut header = [0; 5];
    tcp.read_exact(&mut header).await.ok()?;
    let mut content = vec![0; usize::from(u16::from_be_bytes([header[3], header[4]]))];
    tcp.read_exact(&mut content).await.ok()?;
    Some((header[0], content))
}

/// The `ClientHello` message, after which the server speaks.
pub async fn read_client_hello(tcp: &mut TcpStream) -> Option<Vec<u8>> {
    let (kind, content) = read_record(tcp).await?;
    (kind == HANDSHAKE).then_some(content)
}

/// Says its last, and counts what the client sends of a request until it closes.
pub async fn read_all(mut tcp: TcpStream, tally: &Tally) {
    let _ = tcp.flush().await;
    while let Some((kind, content)) = read_record(&mut tcp).await {
        // Alerts and handshake messages are the client's right.
        if kind == APPLICATION_DATA || !(20..=23).contains(&kind) {
            tally.add_bytes(content.len());
        }
    }
}
