//! How many connections there may be, and those that wait for their next request.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use super::{Connection, current_runtime};
use crate::client::counters::{self, Counter, Gauge, Gauged};
use crate::client::flight::Flight;

/// How many connections a client has at most, where its builder says nothing else.
pub(in crate::client) const DEFAULT_MAX: usize = 128;

/// How long a connection may wait for its next request: less than the service waits.
const IDLE_LIMIT: Duration = Duration::from_secs(20);

/// How long a connection must have been silent after a response, for a write that must not be sent twice.
///
/// A response too many comes soon after the one before it, and by a connection that waits that long it was seen. So many
/// more connections go round as such writes are sent in this time.
pub(in crate::client) const SILENCE: Duration = Duration::from_millis(100);

/// The connections of a client to one host.
pub(in crate::client) struct Pool {
    max: usize,
    /// One for each exchange that may be under way, given in the order in which they are asked for.
    places: Semaphore,
    /// In the order in which they came.
    idle: Mutex<VecDeque<(Instant, Connection)>>,
    /// How often all connections were ended.
    ended: AtomicU64,
}

impl Pool {
    pub(in crate::client) fn new(max: usize) -> Self {
        let max = max.min(Semaphore::MAX_PERMITS);
        Self { max, places: Semaphore::new(max), idle: Mutex::default(), ended: AtomicU64::new(0) }
    }

    /// How many connections there may be.
    pub(in crate::client) fn max(&self) -> usize {
        self.max
    }

    /// Waits until one more connection may be used.
    pub(in crate::client) async fn place(&self, flight: &Flight) -> PoolPlace<'_> {
        if let Ok(permit) = self.places.try_acquire() {
            return self.place_by(Some(permit));
        }
        counters::add(Counter::QueuedAttempts, Some(flight.api), 1);
        let _queued = Gauged::new(Gauge::QueuedAttempts);
        flight.queued_behind(Some(self.max));
        let permit = self.places.acquire().await.ok();
        flight.queued_behind(None);
        self.place_by(permit)
    }

    fn place_by<'p>(&'p self, permit: Option<SemaphorePermit<'p>>) -> PoolPlace<'p> {
        PoolPlace { pool: self, ended: self.ended.load(Ordering::Acquire), _permit: permit }
    }

    /// Ends those that wait, and keeps none of those that are in use.
    pub(in crate::client) fn end_all(&self) {
        self.ended.fetch_add(1, Ordering::AcqRel);
        self.idle().clear();
    }

    fn idle(&self) -> MutexGuard<'_, VecDeque<(Instant, Connection)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to use one connection, whether it is there or must be opened first.
pub(in crate::client) struct PoolPlace<'p> {
    pool: &'p Pool,
    /// Of the pool, when the exchange began.
    ended: u64,
    /// The semaphore is never closed.
    _permit: Option<SemaphorePermit<'p>>,
}

impl PoolPlace<'_> {
    /// The idle connection of this runtime that was used last, but for this time; it may have been closed meanwhile.
    ///
    /// Where there is none and no more may be opened, it is the one that has waited longest.
    pub(in crate::client) fn take_idle(&self, silence: Duration) -> Option<Connection> {
        let runtime = current_runtime();
        let mut idle = self.pool.idle();
        drop_expired(&mut idle);
        let is_here = |connection: &Connection| connection.runtime == runtime;
        let silent = idle
            .iter()
            .rposition(|(since, connection)| is_here(connection) && since.elapsed() >= silence);
        let position = match silent {
            None if self.excess(&idle) > 0 => {
                idle.iter().position(|(_, connection)| is_here(connection))
            }
            silent => silent,
        };
        idle.remove(position?).map(|(_, connection)| connection)
    }

    /// How many are too many, if one more is opened.
    fn excess(&self, idle: &VecDeque<(Instant, Connection)>) -> usize {
        let used = self.pool.max.saturating_sub(self.pool.places.available_permits());
        (idle.len() + used).saturating_sub(self.pool.max)
    }

    /// Closes the connections that have waited longest, if there were too many with one more.
    ///
    /// They are of other runtimes: of this one the oldest was taken.
    pub(in crate::client) fn make_room(&self) {
        let mut idle = self.pool.idle();
        let excess = self.excess(&idle).min(idle.len());
        idle.drain(..excess);
    }

    /// Keeps the connection for the next request, and lets another exchange have the place.
    pub(in crate::client) fn put(self, connection: Connection) {
        let mut idle = { self.pool }.idle();
        if self.ended == self.pool.ended.load(Ordering::Acquire) {
            idle.push_back((Instant::now(), connection));
        }
        // The place is free before another one sees the connection, so that it is counted once.
        drop(self);
    }
}

/// Calls one by one never reach those that a burst has left below.
fn drop_expired(idle: &mut VecDeque<(Instant, Connection)>) {
    while idle.front().is_some_and(|(since, _)| since.elapsed() >= IDLE_LIMIT) {
        idle.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::client::{Api, Replay};

    #[tokio::test]
    async fn what_has_its_turn_waits_for_no_connection_any_more() {
        let pool = Pool::new(1);
        let flight = || Flight::new(Api::GetItem, Replay::Harmless, Bytes::new());
        let (first, second) = (flight(), flight());
        let place = pool.place(&first).await;
        assert_eq!(first.waits_for_one_of(), None);
        let waiting = async {
            let _place = pool.place(&second).await;
            assert_eq!(second.waits_for_one_of(), None);
        };
        let leaving = async {
            assert_eq!(second.waits_for_one_of(), Some(1));
            drop(place);
        };
        tokio::join!(biased; waiting, leaving);
    }
}
