//! A part of a parallel scan, and how fast all parts together read.

use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// A part of a table that is scanned beside the others.
#[derive(Clone, Copy)]
pub(super) struct ScanSegment {
    pub(super) number: usize,
    pub(super) total: usize,
}

/// Lets requests look at so many items a second, whichever segment they are of.
pub(super) struct Pace {
    items_per_second: NonZeroU32,
    /// When the next request may leave.
    free_at: Mutex<Instant>,
}

impl Pace {
    pub(super) fn new(items_per_second: NonZeroU32) -> Self {
        Self { items_per_second, free_at: Mutex::new(Instant::now()) }
    }

    /// How many items one request looks at: a tenth of a second's, to be no burst.
    pub(super) fn items_a_request(&self) -> usize {
        (self.items_per_second.get() / 10).clamp(1, 1000) as usize
    }

    /// Waits for its turn to look at so many items.
    pub(super) async fn wait(&self, items: usize) {
        let items = u32::try_from(items).unwrap_or(u32::MAX);
        let share = Duration::from_secs(1) * items / self.items_per_second.get();
        let turn = {
            let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = (*free_at).max(Instant::now());
            *free_at = turn + share;
            turn
        };
        tokio::time::sleep_until(turn).await;
    }
}
