//! At which moments a response that nobody asked for is believed: a stream on which it comes at each of them.

use std::io;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::BodyExt;
use tokio::io::ReadBuf;

use super::super::socket::Unawaited;
use super::*;

const PLANTED: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nplanted";

/// When the planted response is there to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    Idle,
    /// After the last look at the idle connection.
    BeforeTheFirstByte,
    BetweenTwoBytes,
    WithTheLastByte,
    AfterTheLastByte,
}

/// What has happened on the stream.
struct Seen {
    moment: Moment,
    /// Since the request was given to the connection.
    reads: usize,
    written: Vec<u8>,
    is_flushed: bool,
    is_read: bool,
    reader: Option<Waker>,
}

impl Seen {
    fn has_come(&self) -> bool {
        let is_last_written = self.written.ends_with(b"body");
        match self.moment {
            Moment::Idle => true,
            Moment::BeforeTheFirstByte => self.reads > 1,
            Moment::BetweenTwoBytes => !self.written.is_empty(),
            Moment::WithTheLastByte => is_last_written,
            Moment::AfterTheLastByte => is_last_written && self.is_flushed,
        }
    }

    fn wake(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }
}

struct Scripted(Arc<Mutex<Seen>>);

impl OverSocket for Scripted {
    fn unawaited(&self) -> Unawaited {
        Unawaited::default()
    }
}

impl AsyncRead for Scripted {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut seen = self.0.lock().unwrap();
        seen.reads += 1;
        if seen.is_read || !seen.has_come() {
            seen.reader = Some(context.waker().clone());
            return Poll::Pending;
        }
        seen.is_read = true;
        let length = PLANTED.len().min(buffer.remaining());
        buffer.put_slice(&PLANTED[..length]);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Scripted {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let mut seen = self.0.lock().unwrap();
        // In two pieces at least.
        let length = if seen.written.is_empty() { bytes.len().min(10) } else { bytes.len() };
        seen.written.extend_from_slice(&bytes[..length]);
        seen.wake();
        Poll::Ready(Ok(length))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut seen = self.0.lock().unwrap();
        seen.is_flushed = true;
        seen.wake();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// What came of a request.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// The connection was not used.
    Unused,
    /// It was refused; whether a byte of the request may have left.
    Refused {
        has_begun: bool,
    },
    Believed(Bytes),
}

async fn outcome_of(moment: Moment) -> Outcome {
    let seen = Seen {
        moment,
        reads: 0,
        written: Vec::new(),
        is_flushed: false,
        is_read: false,
        reader: None,
    };
    let seen = Arc::new(Mutex::new(seen));
    let mut link = Link::new(Scripted(seen.clone())).await.unwrap();
    if let Err(error) = link.look().await {
        assert!(is_unasked(&error), "{error:?}");
        return Outcome::Unused;
    }
    seen.lock().unwrap().reads = 0;
    seen.lock().unwrap().is_flushed = false;
    assert!(link.sender.is_ready().await);
    let request = Request::post("/").header("host", "a").body(Outgoing::new("body".into()));
    let response = link.driver.drive(link.sender.send(request.unwrap())).await;
    match response {
        Ok(response) => {
            let body = link.driver.drive(response.into_body().collect()).await;
            Outcome::Believed(body.unwrap().to_bytes())
        }
        Err(error) => {
            let error = error.into_error();
            assert!(is_unasked(&error), "{error:?}");
            Outcome::Refused { has_begun: link.sender.has_begun() }
        }
    }
}

#[tokio::test]
async fn what_comes_before_the_last_byte_is_handed_over_is_no_response() {
    assert_eq!(outcome_of(Moment::Idle).await, Outcome::Unused);
    let refused = |has_begun| Outcome::Refused { has_begun };
    assert_eq!(outcome_of(Moment::BeforeTheFirstByte).await, refused(false));
    assert_eq!(outcome_of(Moment::BetweenTwoBytes).await, refused(true));
}

/// By its order it is the response: what is left, from the moment at which the last bytes are handed to the system.
#[tokio::test]
async fn what_comes_from_the_last_byte_on_is_the_response() {
    for moment in [Moment::WithTheLastByte, Moment::AfterTheLastByte] {
        assert_eq!(outcome_of(moment).await, Outcome::Believed("planted".into()), "{moment:?}");
    }
}
