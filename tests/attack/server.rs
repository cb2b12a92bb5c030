//! Servers of loopback, which count what reaches them.

mod proxy;
pub mod raw;
mod tls;

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use tokio::net::{TcpListener, TcpStream};

pub use self::proxy::proxy;
pub use self::tls::{
    Answer, Then, answering, asking_for_certificate, configuration, configuration_with,
};

/// What one server saw.
#[derive(Default)]
pub struct Tally {
    handshakes: AtomicU32,
    requests: AtomicU32,
    bytes: AtomicUsize,
}

impl Tally {
    pub fn handshakes(&self) -> u32 {
        self.handshakes.load(Ordering::SeqCst)
    }

    pub fn requests(&self) -> u32 {
        self.requests.load(Ordering::SeqCst)
    }

    pub fn bytes(&self) -> usize {
        self.bytes.load(Ordering::SeqCst)
    }

    pub fn add_request(&self) {
        self.requests.fetch_add(1, Ordering::SeqCst);
    }

    pub fn add_bytes(&self, bytes: usize) {
        self.bytes.fetch_add(bytes, Ordering::SeqCst);
    }
}

/// Serves each connection by `serve`, for as long as the row runs.
pub async fn listen<F>(
    serve: impl Fn(TcpStream, Arc<Tally>) -> F + 'static + Send,
) -> (u16, Arc<Tally>)
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let tally = Arc::new(Tally::default());
    let counted = tally.clone();
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            counted.handshakes.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(serve(tcp, counted.clone()));
        }
    });
    (port, tally)
}
