//! The attempts of a call: keys, signature, exchange, and whether another one follows.
//!
//! What is retried, after what pause and out of what quota is as in the SDK's standard retries, whose constants, codes
//! and error readers are used. Its orchestrator is not: what it assembles and erases for each call costs several times
//! what the call does.

mod answer;
mod destination;
mod quota;
mod retries;

use std::fmt;
use std::time::SystemTime;

use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep};
use tokio::time::Instant;
use tracing::{debug, trace};

use super::call_error::{FailedAttempt, service_kind, transport_kind};
use super::credentials::{KeyCache, KeysError};
use super::flight::Flight;
use super::head::{AttemptMark, CallHead};
use super::region::Region;
use super::service_error::ServiceError;
use super::signing::{Signer, SigningError};
use super::transport::TransportError;

pub(super) use self::answer::Success;
pub(super) use self::destination::{Destination, Destinations, Searches, SearchesApart};
#[cfg(test)]
pub(super) use self::retries::config as retries;

use self::quota::RetryPayment;
use self::retries::Retries;

/// What makes the attempts of every call of a client.
pub(super) struct Attempts {
    keys: KeyCache,
    signer: Signer,
    retries: Retries,
    /// How the pauses pass.
    sleep: SharedAsyncSleep,
}

/// Why the last attempt of a call failed.
pub(super) enum AttemptError {
    /// The service answered with an error.
    Service(Box<ServiceError>),
    /// There was no answer, or none that is believed.
    Transport(TransportError),
    /// There were no keys to sign with.
    Keys(KeysError),
    /// It could not be signed.
    Signing(SigningError),
}

impl Attempts {
    pub(super) fn new(
        region: Region,
        keys: KeyCache,
        attempts: u32,
        sleep: SharedAsyncSleep,
    ) -> Self {
        Self { keys, signer: Signer::new(region), retries: Retries::new(attempts), sleep }
    }

    /// Sends a call until it succeeds, or fails for good.
    ///
    /// Where the future is dropped, whatever it waits for, nothing of the call goes on.
    pub(super) async fn run(
        &self,
        flight: &Flight,
        to: &Destination,
    ) -> Result<Success, AttemptError> {
        let call = to.heads.of_call(flight);
        let mut paid = RetryPayment::default();
        loop {
            let error = match self.attempt(flight, to, &call).await {
                Ok(success) => {
                    to.quota.succeeded(paid);
                    return Ok(success);
                }
                Err(error) => error,
            };
            let Some(retry) = self.retries.after(&error, flight) else { return Err(error) };
            let Some(payment) = to.quota.pay(retry.kind) else { return Err(error) };
            paid = payment;
            debug!(
                target: "dynamo::call",
                attempt = flight.attempts(),
                error.type = error.name(),
                pause_ms = u64::try_from(retry.pause.as_millis()).unwrap_or(u64::MAX),
                "another attempt follows",
            );
            self.sleep.sleep(retry.pause).await;
        }
    }

    /// One attempt, whose keys and signature are its own.
    async fn attempt(
        &self,
        flight: &Flight,
        to: &Destination,
        call: &CallHead,
    ) -> Result<Success, AttemptError> {
        let now = flight.begun_now().unwrap_or_else(Instant::now);
        let keys = self.keys.keys(now, flight.limit()).await.map_err(AttemptError::Keys)?;
        let mark = AttemptMark { attempt: flight.attempts() + 1, of: self.retries.max() };
        let head = to.heads.of_attempt(call, mark, &keys, &self.signer, SystemTime::now());
        let head = head.map_err(AttemptError::Signing)?;
        let answer = to.connector.attempt(head, flight).await.map_err(|error| {
            flight.failed(FailedAttempt::unanswered(&error, flight.attempts()));
            AttemptError::Transport(error)
        })?;
        trace!(target: "dynamo::call", attempt = mark.attempt, status = answer.head.status.as_u16(), "it was answered");
        answer::read(answer, flight).map_err(|error| {
            if error.is_of_expired_keys() {
                self.keys.refuse(&keys.keys);
            }
            flight.failed(FailedAttempt::answered(&error, flight.attempts()));
            AttemptError::Service(error)
        })
    }
}

impl AttemptError {
    /// The class of the error, for an event.
    fn name(&self) -> String {
        match self {
            Self::Service(error) => service_kind((**error).clone()).name().to_owned(),
            Self::Transport(error) => transport_kind(error).name().to_owned(),
            Self::Keys(_) => "credentials".to_owned(),
            Self::Signing(_) => "internal".to_owned(),
        }
    }
}

impl fmt::Debug for Attempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Attempts(..)")
    }
}
