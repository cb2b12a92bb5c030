use std::time::Duration;

use tokio::time::Instant;

use super::error::BuildError;

/// How long the client waits: for a connection, for an attempt's response, for a whole call.
///
/// A limit of zero is refused when the client is built; [`Duration::MAX`] is none.
///
/// ```
/// use std::time::Duration;
///
/// use dynamo_runtime::client::Timeouts;
///
/// let second = Duration::from_secs(1);
/// let timeouts = Timeouts::default().connect(second).response(2 * second).deadline(5 * second);
/// assert_ne!(timeouts, Timeouts::default());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    pub(super) connect: Duration,
    pub(super) response: Duration,
    pub(super) deadline: Duration,
}

impl Timeouts {
    /// The time for DNS, TCP, a proxy and TLS together; 3 seconds by default.
    pub fn connect(mut self, limit: Duration) -> Self {
        self.connect = limit;
        self
    }

    /// The time from sending a request to the last byte of its response, for each attempt; 10 seconds by default.
    pub fn response(mut self, limit: Duration) -> Self {
        self.response = limit;
        self
    }

    /// The time for a whole call with its retries, where the call sets none; 30 seconds by default.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = limit;
        self
    }
}

impl Timeouts {
    pub(super) fn validate(self) -> Result<(), BuildError> {
        for (what, limit) in [
            ("time for a connection", self.connect),
            ("time for a response", self.response),
            ("deadline", self.deadline),
        ] {
            if limit.is_zero() {
                return Err(BuildError::invalid(what, "0s", "nothing is done in no time"));
            }
        }
        Ok(())
    }
}

/// That long from now, or as good as never.
pub(super) fn after(limit: Duration) -> Instant {
    end_of(Instant::now(), limit)
}

/// That long after this, or as good as never.
pub(super) fn end_of(start: Instant, limit: Duration) -> Instant {
    /// Some 30 years: an instant that every platform can hold.
    const NEVER: Duration = Duration::from_secs(1 << 30);
    start.checked_add(limit).unwrap_or_else(|| start + NEVER)
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            response: Duration::from_secs(10),
            deadline: Duration::from_secs(30),
        }
    }
}
