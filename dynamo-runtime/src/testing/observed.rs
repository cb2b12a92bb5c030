//! What arrived at the engine, for tests that count.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

/// A server that runs for days must not keep all that it was ever sent.
const MOST_REQUESTS: usize = 4096;
const MOST_BODY_BYTES: usize = 32 * 1024 * 1024;

/// A request as it arrived at a [`LocalEngine`](super::LocalEngine).
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// engine.forget_requests();
/// User::get(User::key("ann")).send(&client).await?;
/// let requests = engine.requests();
/// assert_eq!(requests[0].operation(), "GetItem");
/// assert!(requests[0].body().starts_with(br#"{"TableName":"users""#));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct ObservedRequest {
    operation: String,
    body: Bytes,
}

impl ObservedRequest {
    pub(super) fn new(operation: String, body: Bytes) -> Self {
        Self { operation, body }
    }

    /// The operation's name, such as `PutItem`; empty where the request named none.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// The body's bytes, as sent.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl fmt::Debug for ObservedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObservedRequest")
            .field("operation", &self.operation)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

#[derive(Default)]
pub(super) struct Log {
    entries: Mutex<LogEntries>,
}

#[derive(Default)]
struct LogEntries {
    requests: VecDeque<ObservedRequest>,
    body_bytes: usize,
}

impl Log {
    pub(super) fn push(&self, request: ObservedRequest) {
        let mut entries = self.lock();
        entries.body_bytes += request.body.len();
        entries.requests.push_back(request);
        while entries.requests.len() > MOST_REQUESTS || entries.body_bytes > MOST_BODY_BYTES {
            let Some(oldest) = entries.requests.pop_front() else {
                break;
            };
            entries.body_bytes -= oldest.body.len();
        }
    }

    pub(super) fn requests(&self) -> Vec<ObservedRequest> {
        self.lock().requests.iter().cloned().collect()
    }

    pub(super) fn forget(&self) {
        *self.lock() = LogEntries::default();
    }

    fn lock(&self) -> MutexGuard<'_, LogEntries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(operation: &str, body_bytes: usize) -> ObservedRequest {
        ObservedRequest::new(operation.to_owned(), Bytes::from(vec![0; body_bytes]))
    }

    #[test]
    fn the_oldest_requests_are_forgotten_first() {
        let log = Log::default();
        log.push(request("First", 1));
        for _ in 0..MOST_REQUESTS {
            log.push(request("Later", 1));
        }
        let kept = log.requests();
        assert_eq!(kept.len(), MOST_REQUESTS);
        assert!(kept.iter().all(|kept| kept.operation() == "Later"));
    }

    #[test]
    fn bodies_are_bounded_together() {
        let log = Log::default();
        for _ in 0..3 {
            log.push(request("PutItem", MOST_BODY_BYTES / 2));
        }
        assert_eq!(log.requests().len(), 2);
        log.forget();
        assert!(log.requests().is_empty());
        log.push(request("PutItem", MOST_BODY_BYTES));
        assert_eq!(log.requests().len(), 1, "forgetting frees the room for bodies");
    }

    #[test]
    fn debug_leaves_the_body_out() {
        let request = ObservedRequest::new("PutItem".into(), Bytes::from_static(b"secret"));
        let text = format!("{request:?}");
        assert!(text.contains("PutItem") && !text.contains("secret"), "{text}");
        assert!(!text.contains("115"), "not as numbers either: {text}");
    }
}
