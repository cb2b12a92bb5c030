//! What all writes of one item share: how the request is written, how it is sent, and what happens
//! when its condition fails.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::guards::Guards;
use super::request::{Part, Request, WriteFailure};
use super::response::Response;
use super::returning::Returning;
use super::stamped::Stamped;
use crate::client::{Api, Call, CallError, CallErrorKind, PeerInfo, Replay, SecureClient};
use crate::codec::equality::same_item;
use crate::codec::response::raw_member;
use crate::entity::Entity;
use crate::error::{Current, Error, ErrorKind, ReadCurrent, WriteError};
use crate::expression::ExpressionError;
use crate::subject::Subject;
use crate::value::{NoNextVersion, Revision as _, Timestamp};

/// A write of one item: the conditions and the managed attributes that the library adds, and its
/// audit, are made in one place.
pub(super) trait Write: Send + Sync {
    /// What it gives: the entity as it was written, or nothing.
    type Written;

    /// Writes the request, with what the library adds to it.
    ///
    /// It takes the write, whose version it raises, so that it is raised once.
    fn into_request(
        self,
        client: &SecureClient,
        now: Timestamp,
    ) -> Result<(Request<'_>, Self::Written), Error>;

    /// The longest that the call may take.
    fn deadline(&self) -> Option<Duration>;

    /// Of an action of a transaction: reads why it was not applied.
    fn read_current(&self) -> ReadCurrent;

    /// The guards of unique attributes that change with it.
    fn guards<'a>(&self, client: &'a SecureClient) -> Result<Vec<GuardPart<'a>>, Error> {
        let _ = client;
        Ok(Vec::new())
    }
}

/// An action of a transaction, and how its reason is read.
#[derive(Clone, Copy)]
pub(super) struct TransactionAction {
    pub(super) subject: Subject,
    pub(super) read: ReadCurrent,
    /// The unique attribute whose guard it changes.
    pub(super) guarded: Option<&'static str>,
}

/// A guard that a transaction changes beside its actions.
pub(super) struct GuardPart<'a> {
    pub(super) part: Part<'a>,
    pub(super) action: TransactionAction,
}

/// A [`Write`] that gives `W`, of whatever type.
pub(super) trait AnyWrite<W>: Send + Sync {
    fn into_part(
        self: Box<Self>,
        client: &SecureClient,
        now: Timestamp,
    ) -> Result<(Part<'_>, W), Error>;

    fn deadline(&self) -> Option<Duration>;

    fn read_current(&self) -> ReadCurrent;

    fn guards<'a>(&self, client: &'a SecureClient) -> Result<Vec<GuardPart<'a>>, Error>;
}

impl<T: Write> AnyWrite<T::Written> for T {
    fn into_part(
        self: Box<Self>,
        client: &SecureClient,
        now: Timestamp,
    ) -> Result<(Part<'_>, T::Written), Error> {
        let (request, written) = self.into_request(client, now)?;
        Ok((request.into_part()?, written))
    }

    fn deadline(&self) -> Option<Duration> {
        Write::deadline(self)
    }

    fn read_current(&self) -> ReadCurrent {
        Write::read_current(self)
    }

    fn guards<'a>(&self, client: &'a SecureClient) -> Result<Vec<GuardPart<'a>>, Error> {
        Write::guards(self, client)
    }
}

/// Writes the request of a whole item, for `create`, `put` and `replace`.
pub(super) fn item_request<'a, E: Entity>(
    client: &'a SecureClient,
    operation: &'static str,
    entity: &Stamped<E>,
    guards: Guards,
    replay: Replay,
) -> Result<Request<'a>, Error> {
    let mut request = Request::new::<E>(client, Api::PutItem, operation, E::SIZE_HINT);
    request.replay(replay);
    request.item(entity)?;
    request.condition(&guards.into_fragment())?;
    Ok(request)
}

/// The version that a write of the entity at this version gives it.
pub(super) fn next_version<E: Entity>(
    version: &E::Revision,
    subject: Subject,
) -> Result<E::Revision, Error> {
    version.next(E::FIRST_VERSION).map_err(|problem| match problem {
        NoNextVersion::Exhausted => subject.error(ErrorKind::VersionExhausted),
        NoNextVersion::NoRandomness => subject.error(ExpressionError::NoRandomness),
    })
}

/// What a duplicate of a write does. It is guarded if its own effect makes its condition
/// false: a whole item and an update raise the version, and a delete leaves no item.
pub(super) fn replay(is_guarded: bool, is_at_most_once: bool) -> Replay {
    if is_guarded && !is_at_most_once { Replay::Guarded } else { Replay::Harmful }
}

/// Sends a whole item, for `create`, `put` and `replace`.
pub(super) async fn send_item<E: Entity>(
    client: &SecureClient,
    request: Request<'_>,
    entity: Stamped<E>,
    deadline: Option<Duration>,
    now: Timestamp,
) -> Result<Response<E>, WriteError<E>> {
    let item = request.place_of_item();
    let call = request.finish(deadline)?;
    let (subject, body) = (call.subject, call.body.clone());
    match call.write(client).await {
        Ok(response) => Ok(Response::new(entity.into_entity(), &response)),
        Err(WriteFailure::Other(error)) => Err(error.into()),
        Err(WriteFailure::Condition(error)) => {
            let failed = ConditionFailed::new(subject, error);
            let sent = body.get(item).unwrap_or_default();
            // Without a time or a token of its own another writer's equal item would pass for this
            // one.
            let was_applied = entity.is_marked()
                && failed
                    .item_after_lost_attempt()
                    .is_some_and(|current| same_item(current, sent).unwrap_or(false));
            if was_applied {
                Ok(failed.response(entity.into_entity()))
            } else {
                Err(failed.into_error(now))
            }
        }
    }
}

/// Sends an update or a delete, and gives what it was asked to give back.
///
/// `recover` reads that from the item as it is now, where an attempt whose response was lost turns
/// out to be applied.
pub(super) async fn send_changes<E: Entity, R: Returning<E>>(
    client: &SecureClient,
    call: Call<'_>,
    now: Timestamp,
    recover: impl FnOnce(&ConditionFailed) -> Option<R::Output>,
) -> Result<Response<R::Output>, WriteError<E>> {
    let subject = call.subject;
    match call.write(client).await {
        Ok(response) => {
            let decoded = response.decode(R::decode)?;
            let missing = ErrorKind::Incomplete { member: "Attributes" };
            match decoded.value {
                Some(value) => Ok(Response::new(value, &response)),
                None => Err(response.error(missing).into()),
            }
        }
        Err(WriteFailure::Other(error)) => Err(error.into()),
        Err(WriteFailure::Condition(error)) => {
            let failed = ConditionFailed::new(subject, error);
            match recover(&failed) {
                Some(value) => Ok(failed.response(value)),
                None => Err(failed.into_error(now)),
            }
        }
    }
}

/// A write whose condition failed, and the item that the service found instead.
pub(super) struct ConditionFailed {
    subject: Subject,
    /// An earlier attempt was sent, and its response was lost.
    maybe_applied: bool,
    may_be_applied_twice: bool,
    request_id: Option<String>,
    attempts: u32,
    peer: Option<Arc<PeerInfo>>,
    body: Bytes,
}

impl ConditionFailed {
    pub(super) fn new(subject: Subject, error: CallError) -> Self {
        let body = match error.kind {
            CallErrorKind::Service { body, .. } => body,
            _ => Bytes::new(),
        };
        Self {
            subject,
            maybe_applied: error.maybe_applied_before,
            may_be_applied_twice: error.may_be_applied_twice,
            request_id: error.request_id,
            attempts: error.attempts,
            peer: error.peer,
            body,
        }
    }

    /// The item as it is now, verbatim, if an earlier attempt was sent and its response was lost:
    /// then it shows whether that attempt was applied.
    pub(super) fn item_after_lost_attempt(&self) -> Option<&[u8]> {
        if self.maybe_applied { raw_member(&self.body, "Item").ok().flatten() } else { None }
    }

    /// The item as it is now, verbatim, if there is one.
    pub(super) fn item(&self) -> Option<&[u8]> {
        raw_member(&self.body, "Item").ok().flatten()
    }

    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    pub(super) fn response<T>(&self, value: T) -> Response<T> {
        Response {
            value,
            request_id: self.request_id.clone(),
            attempts: self.attempts,
            may_be_applied_twice: self.may_be_applied_twice,
            peer: self.peer.clone(),
            capacity: None,
        }
    }

    pub(super) fn into_error<E: Entity>(self, now: Timestamp) -> WriteError<E> {
        let current = Current::of_member(&self.body, "Item", now);
        WriteError::condition_failed(self.subject, current).map_error(|error| {
            error
                .with_request(self.request_id.as_deref(), self.attempts)
                .with_unknown_outcome(self.maybe_applied)
                .applied_twice(self.may_be_applied_twice)
        })
    }
}
