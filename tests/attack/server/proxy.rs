//! A proxy that leads every tunnel to one server, whatever host it is asked for.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Tally, listen};

/// What it was asked for, word for word.
pub type Asked = Arc<Mutex<Vec<String>>>;

/// Answers each `CONNECT` with this, and with a tunnel if there is a port.
pub async fn proxy(answer: &'static str, port: Option<u16>) -> (u16, Asked, Arc<Tally>) {
    let asked = Asked::default();
    let heads = asked.clone();
    let (proxy, tally) = listen(move |mut client, _| {
        let heads = heads.clone();
        async move {
            let Some(head) = read_head(&mut client).await else {
                return;
            };
            heads.lock().unwrap().push(head);
            let _ = client.write_all(answer.as_bytes()).await;
            let Some(port) = port else {
                return;
            };
            let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
        }
    })
    .await;
    (proxy, asked, tally)
}

async fn read_head(client: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte).await.ok()?;
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}
