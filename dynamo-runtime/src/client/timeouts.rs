use std::time::Duration;

/// How long the client waits: for a connection, for an attempt's response, for a whole call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    pub(super) connect: Duration,
    pub(super) response: Duration,
    pub(super) deadline: Duration,
}

impl Timeouts {
    /// The time for DNS, TCP and TLS together; 3 seconds by default.
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

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            response: Duration::from_secs(10),
            deadline: Duration::from_secs(30),
        }
    }
}
