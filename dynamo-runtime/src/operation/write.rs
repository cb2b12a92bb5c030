//! What all writes share: that a condition is required, and what happens when it fails.

use std::sync::Arc;

use bytes::Bytes;

use super::exchange::{Ready, Refusal, Response};
use super::returning::Returning;

use crate::client::{CallError, CallErrorKind, PeerInfo, Replay, SecureClient};
use crate::codec::Plain;
use crate::codec::response::raw_member;
use crate::entity::{Entity, timestamp};
use crate::error::{Current, ErrorKind, Subject, WriteError};
use crate::expression::{DocumentPath, ExpressionError, Fragment};
use crate::value::{EpochSeconds, Passed, Timestamp, Version};

/// A write without a condition: it cannot be sent.
#[derive(Debug)]
pub enum NoCondition {}
/// A write with a condition: that of the caller, that the item exists, or that it is at a version.
///
/// It is one type for all of them, so that conditions can be added in an `if` or a loop.
#[derive(Debug)]
pub enum HasCondition {}
/// A write that the entity's declaration allows without a condition.
#[derive(Debug)]
pub enum Unconditional {}

/// The state of a write that can be sent: it has a condition, or its entity declares that it needs
/// none.
///
/// No other crate can implement it for a write without a condition:
///
/// ```compile_fail
/// use dynamo_runtime::operation::{Conditioned, NoCondition};
///
/// impl Conditioned for NoCondition {}
/// ```
#[diagnostic::on_unimplemented(
    message = "this write may have no condition",
    label = "call `.condition(..)`, `.if_exists()` or `.at_version(..)` before this",
    note = "a write without a condition overwrites what it has not seen, and may be replayed",
    note = "where conditions are added in an `if` or a loop, begin with `.if_exists()`; or collect them and give `.condition(all_of(conditions))`"
)]
pub trait Conditioned: sealed::Conditioned {
    #[doc(hidden)]
    const IS_UNCONDITIONAL: bool = false;
}

impl Conditioned for HasCondition {}
impl Conditioned for Unconditional {
    const IS_UNCONDITIONAL: bool = true;
}

/// The condition of a write on `E` that stands in a transaction.
#[diagnostic::on_unimplemented(
    message = "this write on `{E}` has no condition",
    label = "call `.condition(..)`, `.if_exists()` or `.at_version(..)` on it",
    note = "a write without a condition overwrites what it has not seen, and may be replayed",
    note = "where conditions are added in an `if` or a loop, begin with `.if_exists()`; or collect them and give `.condition(all_of(conditions))`"
)]
pub trait ConditionFor<E>: Conditioned {}

#[diagnostic::do_not_recommend]
impl<E, C: Conditioned> ConditionFor<E> for C {}

/// The condition of a put of `E` that stands in a transaction.
#[diagnostic::on_unimplemented(
    message = "this write on `{E}` has no condition",
    label = "call `.condition(..)` or `.if_exists()` on it",
    note = "for an item that must not exist there is `.create(..)`, for one that must, `.replace(..)`",
    note = "a write without a condition overwrites what it has not seen, and may be replayed",
    note = "where conditions are added in an `if` or a loop, begin with `.if_exists()`; or collect them and give `.condition(all_of(conditions))`"
)]
pub trait PutConditionFor<E>: Conditioned {}

#[diagnostic::do_not_recommend]
impl<E, C: Conditioned> PutConditionFor<E> for C {}

mod sealed {
    use super::{HasCondition, Unconditional};

    pub trait Conditioned {}
    impl Conditioned for HasCondition {}
    impl Conditioned for Unconditional {}
}

/// Tells the client's audit of a write that has no condition.
pub(super) fn audit<E: Entity, C: Conditioned>(client: &SecureClient, operation: &'static str) {
    if C::IS_UNCONDITIONAL {
        client.audit_danger(E::SCHEMA.entity, operation, E::SCHEMA.table);
    }
}

/// Conditions that all must hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Guards(Fragment);

impl Guards {
    pub(super) fn add(&mut self, condition: Fragment) {
        self.0 = std::mem::take(&mut self.0).and(condition);
    }

    pub(super) fn item_exists<E: Entity>(&mut self) {
        self.add(Fragment::call("attribute_exists(", &E::SCHEMA.partition_key.name.into()));
    }

    /// The version in hand; an entity that was never stored has none.
    pub(super) fn version<E: Entity>(&mut self, version: Option<Version>) {
        let Some(version) = version else { return };
        let Some(name) = E::SCHEMA.version else {
            // Only an implementation of `Versioned` by hand comes here.
            return self.add(Fragment::failed(ExpressionError::NoVersion));
        };
        let path = DocumentPath::from(name);
        self.add(if version == Version::UNSAVED {
            Fragment::call("attribute_not_exists(", &path)
        } else {
            Fragment::default().path(&path).operator(" = ").value::<Plain, _>(&path, &version)
        });
    }

    /// There is no item, or one that has expired.
    pub(super) fn absent_or_expired<E: Entity>(&mut self, now: Timestamp) {
        let absent = Fragment::call("attribute_not_exists(", &E::SCHEMA.partition_key.name.into());
        self.add(match E::SCHEMA.ttl {
            Some(ttl) => absent.operator(" OR ").append(expired(ttl, now)).in_parentheses(),
            None => absent,
        });
    }

    /// What is there, if anything, has not expired.
    pub(super) fn alive<E: Entity>(&mut self, now: Timestamp) {
        if let Some(name) = E::SCHEMA.ttl {
            self.add(alive(name, now));
        }
    }

    pub(super) fn as_fragment(&self) -> &Fragment {
        &self.0
    }

    pub(super) fn into_fragment(self) -> Fragment {
        self.0
    }
}

/// That an item has not expired.
pub(super) fn alive(name: &'static str, now: Timestamp) -> Fragment {
    Fragment::default().operator("NOT ").append(expired(name, now).in_parentheses())
}

/// That an item has expired: what is absent or no number is not between two numbers.
fn expired(name: &'static str, now: Timestamp) -> Fragment {
    let Passed { first, last } = Passed::at(now);
    Fragment::between::<EpochSeconds, _>(&name.into(), &first, &last)
}

pub(super) fn now(client: &SecureClient) -> Timestamp {
    timestamp(client.now())
}

/// What a second arrival of a write does. It is guarded if its own effect makes its condition
/// false: of a whole item and of an update it raises the version, of a delete there is no item.
pub(super) fn replay(is_guarded: bool, is_at_most_once: bool) -> Replay {
    if is_guarded && !is_at_most_once { Replay::Guarded } else { Replay::Harmful }
}

/// A write whose condition failed, and the item that the service found instead.
pub(super) struct ConditionFailed {
    subject: Subject,
    /// An earlier attempt was sent, and its answer was lost.
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

    /// The item as it is now, verbatim, if an earlier attempt was sent and its answer was lost:
    /// then it tells whether that attempt was applied.
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

/// Sends an update or a delete, and gives what it was asked to give back.
///
/// `recover` tells it from the item as it is now, where an attempt whose answer was lost turns out
/// to be applied.
pub(super) async fn write_changes<E: Entity, R: Returning<E>>(
    ready: Ready<'_>,
    client: &SecureClient,
    now: Timestamp,
    recover: impl FnOnce(&ConditionFailed) -> Option<R::Output>,
) -> Result<Response<R::Output>, WriteError<E>> {
    let subject = ready.subject;
    match ready.write(client).await {
        Ok(answer) => {
            let decoded = answer.decode(R::decode)?;
            let missing = ErrorKind::Incomplete { member: "Attributes" };
            match decoded.value {
                Some(value) => Ok(Response::new(value, &answer.raw)),
                None => Err(answer.error(missing).into()),
            }
        }
        Err(Refusal::Other(error)) => Err(error.into()),
        Err(Refusal::Condition(error)) => {
            let failed = ConditionFailed::new(subject, error);
            match recover(&failed) {
                Some(value) => Ok(failed.response(value)),
                None => Err(failed.into_error(now)),
            }
        }
    }
}
