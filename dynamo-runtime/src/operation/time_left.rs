//! The time for all requests of one operation, and the pauses between them.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::client::SecureClient;

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// The deadline of all requests of an operation together.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimeLeft {
    start: Instant,
    limit: Duration,
}

impl TimeLeft {
    /// From now on; the client's own deadline where the operation has none.
    pub(super) fn new(client: &SecureClient, deadline: Option<Duration>) -> Self {
        let limit = deadline.unwrap_or_else(|| client.default_deadline());
        Self { start: Instant::now(), limit }
    }

    pub(super) fn remaining(self) -> Duration {
        self.limit.saturating_sub(self.start.elapsed())
    }

    /// Waits before the next try, a random time whose bound begins at `first` and doubles with
    /// each try. False, without a wait, if there is no time for that.
    pub(super) async fn pause(self, first: Duration, tries: u32) -> bool {
        let bound = first.saturating_mul(2_u32.saturating_pow(tries.saturating_sub(1)));
        let pause = bound.min(LONGEST_PAUSE).mul_f64(fastrand::f64());
        if pause >= self.remaining() {
            return false;
        }
        sleep(pause).await;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn pauses_are_within_their_bounds_and_end_with_the_time() {
        let time = TimeLeft { start: Instant::now(), limit: Duration::from_mins(1) };
        for tries in [1, 2, 3, 40] {
            let before = Instant::now();
            assert!(time.pause(Duration::from_millis(10), tries).await);
            let bound = Duration::from_millis(10) * 2_u32.pow(tries.min(9) - 1);
            // Tokio's clock has whole milliseconds.
            assert!(before.elapsed() <= bound.min(LONGEST_PAUSE) + Duration::from_millis(1));
        }
        tokio::time::advance(Duration::from_mins(1)).await;
        assert_eq!(time.remaining(), Duration::ZERO);
        assert!(!time.pause(Duration::from_millis(10), 1).await);
    }
}
