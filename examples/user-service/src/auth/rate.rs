//! How many requests a caller may make in a minute, counted in the table, so that all instances
//! count together.

use std::time::Duration;

use dynamo_runtime::prelude::*;

use crate::problem::Problem;
use crate::service::{DEADLINE, Service};

/// The length of a window, in seconds.
const WINDOW: i64 = 60;

/// The requests of one caller in one window.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "users", partition_key("pk") = "RATE#{caller}#{window}")]
pub struct Rate {
    /// A MAC, which does not tell who it is.
    pub caller: String,
    /// When the window begins, in seconds since 1970.
    pub window: i64,
    /// The requests so far.
    #[dynamo(default)]
    pub requests: u32,
    /// When the item can go.
    #[dynamo(ttl)]
    pub expires_at: Option<Timestamp>,
}

/// Counts requests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rates {
    per_minute: u32,
}

impl Rates {
    pub(crate) fn new(per_minute: u32) -> Self {
        Self { per_minute }
    }

    /// Counts one request of whoever has this name among those of its kind.
    ///
    /// # Errors
    /// There were as many as there may be, or the store cannot count: then nobody is let in.
    pub(crate) async fn count(
        &self,
        service: &Service,
        kind: &str,
        name: &str,
    ) -> Result<(), Problem> {
        let now = service.clock.now().epoch_seconds();
        let window = now - now.rem_euclid(WINDOW);
        let key = RateKey {
            caller: service.secret.fingerprint("rate", &[kind.as_bytes(), name.as_bytes()]),
            window,
        };
        let until = Timestamp::from_epoch_seconds(window + WINDOW).map_err(Problem::internal)?;
        // The table's time to live is by the store's clock: an hour more is none too early.
        let count = Rate::upsert(key)
            .add(Rate::REQUESTS, 1_u32)
            .set(Rate::EXPIRES_AT, until + Duration::from_hours(1))
            .condition(any_of([Rate::REQUESTS.not_exists(), Rate::REQUESTS.lt(self.per_minute)]))
            .deadline(DEADLINE)
            .send(&service.client)
            .await;
        match count {
            Ok(()) => Ok(()),
            Err(error) if error.is_condition_failed() && !error.is_outcome_unknown() => {
                // At least a second: who comes back at once is refused again.
                let rest = u64::try_from(window + WINDOW - now).unwrap_or(1);
                Err(Problem::rate_limited(rest.max(1)))
            }
            // One that may have been counted twice is a request less for its caller.
            Err(error) if error.is_outcome_unknown() => Ok(()),
            Err(error) => Err(dynamo_runtime::Error::from(error).into()),
        }
    }
}
