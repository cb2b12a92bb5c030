//! How a transaction is sent, and its error when it fails.

use std::time::Duration;

use super::request::{check_deadline, random_token, request};
use crate::client::{Api, Call, CallError, CallErrorKind, RawResponse, SecureClient};
use crate::codec::response::cancellation_reasons;
use crate::error::{Error, TransactionError};
use crate::operation::request::Part;
use crate::operation::response::Response;
use crate::operation::time_left::TimeLeft;
use crate::operation::write::TransactionAction;
use crate::subject::Subject;
use crate::value::Timestamp;

/// How often it is tried while it meets conflicts.
const MAX_TRIES: u32 = 8;
/// The bound of the pause before the second try; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(25);

/// A transaction that is ready to be sent.
pub(in super::super) struct Sending<'a> {
    pub(super) subject: Subject,
    pub(super) call: Call<'a>,
    /// What each action is, and how its reason is read.
    pub(super) actions: Vec<TransactionAction>,
    pub(super) now: Timestamp,
    pub(super) time: TimeLeft,
}

impl<'a> Sending<'a> {
    /// Of writes, with a token by which DynamoDB recognizes a retry within the deadline; a random one
    /// where none is given.
    pub(in super::super) fn of_writes(
        client: &'a SecureClient,
        subject: Subject,
        parts: &[Part<'a>],
        actions: Vec<TransactionAction>,
        token: Option<&str>,
        deadline: Option<Duration>,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let deadline = check_deadline(client, subject, deadline)?;
        let mut request = request(client, Api::TransactWriteItems, subject, parts)?;
        match token {
            Some(token) => request.text("ClientRequestToken", token),
            None => request.text("ClientRequestToken", &random_token(subject)?),
        }
        let call = request.finish(None)?;
        Ok(Self { subject, call, actions, now, time: TimeLeft::new(client, Some(deadline)) })
    }

    /// Sends it, and again after a conflict; gives the response, and what is known of all requests.
    pub(in super::super) async fn send(
        &self,
        client: &SecureClient,
    ) -> Result<(RawResponse, Response<()>), TransactionError> {
        let mut total = Response::nothing();
        let mut tries = 1;
        // What an earlier try left unknown no later response settles: it may still be applied.
        let mut is_outcome_unknown = false;
        let mut before = None;
        loop {
            let deadline = Some(self.time.remaining());
            match client.call(Call { deadline, ..self.call.clone() }).await {
                Ok(response) => {
                    total.add(Response::new((), &response));
                    return Ok((response, total));
                }
                Err(error) => {
                    total.attempts += error.attempts;
                    is_outcome_unknown |= error.outcome_unknown;
                    let error = self.failed(error, total.attempts, is_outcome_unknown);
                    let error = error.map_error(|error| error.after(before.take()));
                    let is_again = error.is_passing() && tries < MAX_TRIES;
                    if !is_again || !self.time.pause(FIRST_PAUSE, tries).await {
                        return Err(error);
                    }
                    before = Some(error.into());
                    tries += 1;
                }
            }
        }
    }

    fn failed(
        &self,
        error: CallError,
        attempts: u32,
        is_outcome_unknown: bool,
    ) -> TransactionError {
        let request_id = error.request_id.clone();
        let failed = match cancelled(&error) {
            Some(body) => {
                let reasons = cancellation_reasons(body).unwrap_or_default();
                // Of another number it is not known which action each is about.
                let is_of_each = reasons.len() == self.actions.len();
                let each = reasons.iter().zip(&self.actions).filter(|_| is_of_each);
                let read = each.map(|(reason, action)| {
                    let read = (action.read)(action.subject, reason, self.now);
                    read.guarding(action.guarded)
                });
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

/// The body of the response that the service cancelled a transaction.
fn cancelled(error: &CallError) -> Option<&[u8]> {
    match &error.kind {
        CallErrorKind::Service { code, body, .. } if code == "TransactionCanceledException" => {
            Some(body)
        }
        _ => None,
    }
}
