//! How a transaction is sent, and what is said when it fails.

use std::time::Duration;

use crate::client::{CallError, CallErrorKind, SecureClient};
use crate::codec::response::cancellation_reasons;
use crate::error::{ReadCurrent, Subject, TransactionError};
use crate::operation::exchange::{Answer, Ready, Response};
use crate::operation::time_left::TimeLeft;
use crate::value::Timestamp;

/// How often a conflict is answered by another try.
const MAX_TRIES: u32 = 8;
/// The bound of the pause before the second try; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(25);

/// A transaction that is ready to be sent.
pub(super) struct Sending<'a> {
    pub(super) subject: Subject,
    pub(super) ready: Ready<'a>,
    /// What each action is, and how its reason is read.
    pub(super) actions: Vec<(Subject, ReadCurrent)>,
    pub(super) now: Timestamp,
    pub(super) time: TimeLeft,
}

impl Sending<'_> {
    /// Sends it, and again after a conflict; gives the answer, and what is known of all requests.
    pub(super) async fn send(
        &self,
        client: &SecureClient,
    ) -> Result<(Answer, Response<()>), TransactionError> {
        let mut total = Response::nothing();
        let mut tries = 1;
        loop {
            match self.ready.again(self.time.remaining()).send(client).await {
                Ok(answer) => {
                    total.add(Response::new((), &answer.raw));
                    return Ok((answer, total));
                }
                Err(error) => {
                    total.attempts += error.attempts;
                    let error = self.failed(error, total.attempts);
                    let is_again = error.is_passing() && tries < MAX_TRIES;
                    if !is_again || !self.time.pause(FIRST_PAUSE, tries).await {
                        return Err(error);
                    }
                    tries += 1;
                }
            }
        }
    }

    fn failed(&self, error: CallError, attempts: u32) -> TransactionError {
        let request_id = error.request_id.clone();
        let is_outcome_unknown = error.outcome_unknown;
        let failed = match cancelled(&error) {
            Some(body) => {
                let reasons = cancellation_reasons(body).unwrap_or_default();
                // Of another number it is not known which action each is about.
                let is_of_each = reasons.len() == self.actions.len();
                let each = reasons.iter().zip(&self.actions).filter(|_| is_of_each);
                let read = each.map(|(reason, (subject, read))| read(*subject, reason, self.now));
                TransactionError::cancelled(self.subject, read.collect())
            }
            None => self.subject.call_error(error).into(),
        };
        failed.map_error(|error| {
            error
                .with_request(request_id.as_deref(), attempts)
                .with_unknown_outcome(is_outcome_unknown)
        })
    }
}

/// The body of the answer that the service cancelled a transaction.
fn cancelled(error: &CallError) -> Option<&[u8]> {
    match &error.kind {
        CallErrorKind::Service { code, body, .. } if code == "TransactionCanceledException" => {
            Some(body)
        }
        _ => None,
    }
}
