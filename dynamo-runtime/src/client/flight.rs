//! What is known of one call while it is under way: how often it was sent, and whether it may have been applied.

use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::api::Api;
use super::call_error::FailedAttempt;
use super::peer::PeerInfo;
use crate::codec::response::Asked;

/// What a second arrival of the same request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Replay {
    /// Nothing: a read, or a transaction, which has a client token.
    Harmless,
    /// Nothing, unless another writer acts between the two: a write whose own effect makes its condition false.
    Guarded,
    /// Something: so it is not sent again once its first byte has left, unless the service definitely rejected it.
    Harmful,
}

/// Borrowed by the attempts, the pool and the connector, and read by the call when it has ended, however it ended.
pub(super) struct Flight {
    pub(super) api: Api,
    pub(super) replay: Replay,
    pub(super) body: Bytes,
    /// What the response must be about.
    pub(super) asked: Asked,
    attempts: AtomicU32,
    state: AtomicU8,
    lost_before: AtomicBool,
    /// While it waits for a connection, how many there are; else zero.
    queued_behind: AtomicUsize,
    /// When the call began, and the time of the whole of it.
    limit: Option<(Instant, Duration)>,
    /// Why the last attempt that has ended failed.
    failed: Mutex<Option<FailedAttempt>>,
    peer: Mutex<Option<Arc<PeerInfo>>>,
}

/// No byte of the attempt has left, or the service definitely rejected it.
const SETTLED: u8 = 0;
/// A byte may have left, and no answer is known.
const SENT: u8 = 1;

impl Flight {
    pub(super) fn new(api: Api, replay: Replay, body: Bytes) -> Self {
        Self {
            api,
            replay,
            body,
            asked: Asked::default(),
            attempts: AtomicU32::new(0),
            state: AtomicU8::new(SETTLED),
            lost_before: AtomicBool::new(false),
            queued_behind: AtomicUsize::new(0),
            limit: None,
            failed: Mutex::new(None),
            peer: Mutex::new(None),
        }
    }

    pub(super) fn asking_for(mut self, asked: Asked) -> Self {
        self.asked = asked;
        self
    }

    pub(super) fn within(mut self, start: Instant, limit: Duration) -> Self {
        self.limit = Some((start, limit));
        self
    }

    /// When the call began, while that is now: before its first attempt has.
    pub(super) fn begun_now(&self) -> Option<Instant> {
        self.limit.map(|(start, _)| start).filter(|_| self.attempts() == 0)
    }

    /// The time of the whole call, where it is known.
    pub(super) fn limit(&self) -> Option<Duration> {
        self.limit.map(|(_, limit)| limit)
    }

    /// What is left of the time of the whole call, where it is known.
    pub(super) fn remaining(&self) -> Option<Duration> {
        self.limit.map(|(start, limit)| limit.saturating_sub(start.elapsed()))
    }

    /// Keeps the error of an attempt, in case no other one ends.
    pub(super) fn failed(&self, attempt: FailedAttempt) {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(attempt);
    }

    pub(super) fn take_failed(&self) -> Option<FailedAttempt> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn begin_attempt(&self) {
        if self.is_unknown() {
            self.lost_before.store(true, Ordering::Release);
        }
        self.state.store(SETTLED, Ordering::Release);
        if self.attempts.fetch_add(1, Ordering::AcqRel) > 0 {
            self.set_peer(None);
        }
    }

    pub(super) fn connected(&self, peer: Arc<PeerInfo>) {
        self.set_peer(Some(peer));
    }

    /// Must come before the first byte may leave.
    pub(super) fn sent(&self) {
        self.state.store(SENT, Ordering::Release);
    }

    /// A definite answer came, or the request turned out not to have left.
    pub(super) fn settled(&self) {
        self.state.store(SETTLED, Ordering::Release);
    }

    pub(super) fn attempts(&self) -> u32 {
        self.attempts.load(Ordering::Acquire)
    }

    /// Whether the current attempt was sent and has no definite answer.
    pub(super) fn is_unknown(&self) -> bool {
        self.state.load(Ordering::Acquire) == SENT
    }

    /// Whether an earlier attempt was sent and its outcome never learned.
    pub(super) fn lost_before(&self) -> bool {
        self.lost_before.load(Ordering::Acquire)
    }

    /// Whether sending the request once more does no harm, as far as is known now.
    pub(super) fn may_be_sent_again(&self) -> bool {
        self.replay != Replay::Harmful || !self.is_unknown()
    }

    /// Whether the request was sent again though an earlier attempt may have been applied, and is guarded by its
    /// condition alone: another writer may have made that true again between the two.
    pub(super) fn may_be_applied_twice(&self) -> bool {
        self.replay == Replay::Guarded && self.lost_before()
    }

    /// Notes that it waits until one of so many connections is free, or that it has one.
    pub(super) fn queued_behind(&self, connections: Option<usize>) {
        self.queued_behind.store(connections.unwrap_or_default(), Ordering::Release);
    }

    /// How many connections there are, if it waits for one of them.
    pub(super) fn waits_for_one_of(&self) -> Option<usize> {
        Some(self.queued_behind.load(Ordering::Acquire)).filter(|connections| *connections > 0)
    }

    pub(super) fn peer(&self) -> Option<Arc<PeerInfo>> {
        self.peer.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_peer(&self, peer: Option<Arc<PeerInfo>>) {
        *self.peer.lock().unwrap_or_else(PoisonError::into_inner) = peer;
    }
}

impl fmt::Debug for Flight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flight")
            .field("api", &self.api)
            .field("replay", &self.replay)
            .field("bytes", &self.body.len())
            .field("attempts", &self.attempts())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_without_an_answer_is_remembered() {
        let flight = Flight::new(Api::PutItem, Replay::Harmful, Bytes::new());
        flight.begin_attempt();
        assert!(flight.may_be_sent_again());
        flight.sent();
        assert!(flight.is_unknown() && !flight.may_be_sent_again());
        flight.begin_attempt();
        assert!(!flight.is_unknown(), "of this attempt nothing was sent yet");
        flight.sent();
        flight.settled();
        assert!(flight.lost_before() && !flight.is_unknown());
        assert_eq!(flight.attempts(), 2);
    }

    #[test]
    fn what_is_sent_again_is_remembered_where_it_may_be_applied_twice() {
        for (replay, is_twice) in [(Replay::Harmless, false), (Replay::Guarded, true)] {
            let flight = Flight::new(Api::PutItem, replay, Bytes::new());
            flight.begin_attempt();
            flight.begin_attempt();
            flight.sent();
            assert!(flight.may_be_sent_again() && !flight.may_be_applied_twice());
            flight.begin_attempt();
            assert_eq!(flight.may_be_applied_twice(), is_twice);
        }
    }
}
