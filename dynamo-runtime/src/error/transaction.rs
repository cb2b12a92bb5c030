//! The error of a transaction: a reason for each of its actions.

use std::any::Any;
use std::fmt;

use super::unmet::Unmet;
use super::{Current, Error, ErrorKind, WriteError};
use crate::codec::DecodeError;
use crate::codec::response::ActionReason;
use crate::entity::Entity;
use crate::subject::Subject;
use crate::value::Timestamp;

/// The error of a transaction.
///
/// When the service cancelled it, it has a reason for each action, in their order; `?` turns it
/// into an [`Error`].
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let transaction = || {
///     let update = Order::update(order(2)).add(Order::TOTAL, 1_u32).if_exists();
///     Transaction::new().check_absent(order(1)).update(update)
/// };
/// let error = transaction().send(&client).await.unwrap_err();
/// assert!(error.is_cancelled() && error.is_condition_failed() && !error.is_outcome_unknown());
/// assert!(!error.is_conflict() && !error.is_throttled());
/// assert_eq!(error.reasons().len(), 2); // one for each action
/// assert_eq!(error.as_error().code(), Some("TransactionCanceledException"));
///
/// let count = |by: u32| {
///     let update = Order::update(order(1)).add(Order::TOTAL, by).if_exists();
///     Transaction::new().update(update).client_token("import-42")
/// };
/// count(1).send(&client).await?;
/// let error = count(2).send(&client).await.unwrap_err();
/// assert!(error.is_token_reused() && error.taken_attribute().is_none());
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct TransactionError {
    error: Error,
    reasons: Vec<CancellationReason>,
}

/// Why the service did not apply an action of a transaction; or that this action was not why.
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let transaction = || {
///     let update = |number| Order::update(order(number)).add(Order::TOTAL, 1_u32).if_exists();
///     Transaction::new().check_absent(order(1)).update(update(2)).update(update(3))
/// };
/// let error = transaction().send(&client).await.unwrap_err();
/// let [check, update, _] = error.reasons() else { return Err(error.into()) };
/// assert_eq!((check.entity(), check.operation()), ("Order", "check_absent"));
/// assert!(check.is_condition_failed() && !check.is_absent());
/// assert_eq!(check.current::<Order>().map(|order| order.total), Some(10));
/// assert!(check.current_unreadable().is_none());
/// assert_eq!(check.taken_attribute(), None);
/// assert!(update.is_none()); // it was not why
///
/// let codes = ["ThrottlingError", "ItemCollectionSizeLimitExceeded", "ValidationError"];
/// engine.faults().cancel("TransactWriteItems", &codes);
/// let error = transaction().send(&client).await.unwrap_err();
/// let [first, second, third] = error.reasons() else { return Err(error.into()) };
/// assert!(first.is_throttled() && !first.is_conflict());
/// assert!(second.is_collection_too_large() && third.is_invalid());
/// # Ok(()) }
/// ```
pub struct CancellationReason {
    subject: Subject,
    kind: ReasonKind,
    /// The unique attribute whose guard the action changes.
    guarded: Option<&'static str>,
}

enum ReasonKind {
    /// Another action was why.
    None,
    ConditionFailed(Box<dyn CurrentItem>),
    Conflict,
    Throttled,
    CollectionTooLarge,
    Invalid,
    Other,
}

/// The item as it was when a condition failed, of whatever entity.
trait CurrentItem: Any + Send + Sync {
    fn is_absent(&self) -> bool;

    fn unreadable(&self) -> Option<&DecodeError>;
}

impl<E: Entity> CurrentItem for Current<E> {
    fn is_absent(&self) -> bool {
        Current::is_absent(self)
    }

    fn unreadable(&self) -> Option<&DecodeError> {
        Current::unreadable(self)
    }
}

/// Reads the reason of an action, which knows its entity.
pub(crate) type ReadCurrent = fn(Subject, &ActionReason<'_>, Timestamp) -> CancellationReason;

/// Reads the reason of an action on `E`.
pub(crate) fn read_current<E: Entity>(
    subject: Subject,
    reason: &ActionReason<'_>,
    now: Timestamp,
) -> CancellationReason {
    let kind = match reason.code.as_str() {
        "None" => ReasonKind::None,
        "ConditionalCheckFailed" => {
            let current = Current::<E>::of(reason.item, now);
            ReasonKind::ConditionFailed(Box::new(current))
        }
        "TransactionConflict" => ReasonKind::Conflict,
        "ThrottlingError" | "ProvisionedThroughputExceeded" => ReasonKind::Throttled,
        "ItemCollectionSizeLimitExceeded" => ReasonKind::CollectionTooLarge,
        "ValidationError" => ReasonKind::Invalid,
        _ => ReasonKind::Other,
    };
    CancellationReason { subject, kind, guarded: None }
}

impl CancellationReason {
    pub(crate) fn guarding(self, guarded: Option<&'static str>) -> Self {
        Self { guarded, ..self }
    }

    /// The unique attribute of the entity whose value another item has: the reason of a guard, which
    /// comes after those of the actions.
    pub fn taken_attribute(&self) -> Option<&'static str> {
        self.guarded.filter(|_| self.is_condition_failed())
    }

    /// The action's entity.
    pub fn entity(&self) -> &'static str {
        self.subject.entity
    }

    /// The action, as in `User::create`.
    pub fn operation(&self) -> &'static str {
        self.subject.operation
    }

    /// Whether this action was not why.
    pub fn is_none(&self) -> bool {
        matches!(self.kind, ReasonKind::None)
    }

    /// Whether the action's condition did not hold.
    pub fn is_condition_failed(&self) -> bool {
        matches!(self.kind, ReasonKind::ConditionFailed(_))
    }

    /// Whether its condition failed because there is no such item, or only an expired one.
    pub fn is_absent(&self) -> bool {
        self.current_item().is_some_and(CurrentItem::is_absent)
    }

    /// Whether another request was working on the item at that moment.
    pub fn is_conflict(&self) -> bool {
        matches!(self.kind, ReasonKind::Conflict)
    }

    /// Whether the service asked to slow down.
    pub fn is_throttled(&self) -> bool {
        matches!(self.kind, ReasonKind::Throttled)
    }

    /// Whether a partition of a table with a local index would hold more than 10 GB.
    pub fn is_collection_too_large(&self) -> bool {
        matches!(self.kind, ReasonKind::CollectionTooLarge)
    }

    /// Whether DynamoDB does not take the action: an item that an update makes larger than 400 KB,
    /// a number out of range.
    pub fn is_invalid(&self) -> bool {
        matches!(self.kind, ReasonKind::Invalid)
    }

    /// The item as it was when the condition failed, the expired one too; `None` also if it is of
    /// another entity than `E`.
    pub fn current<E: Entity>(&self) -> Option<&E> {
        let current: &dyn Any = self.current_item()?;
        current.downcast_ref::<Current<E>>()?.entity()
    }

    /// Why the current item could not be read, where that is so.
    pub fn current_unreadable(&self) -> Option<&DecodeError> {
        self.current_item()?.unreadable()
    }

    fn current_item(&self) -> Option<&dyn CurrentItem> {
        match &self.kind {
            ReasonKind::ConditionFailed(current) => Some(&**current),
            _ => None,
        }
    }

    /// Whether the same transaction may succeed some moments later.
    fn is_passing(&self) -> bool {
        self.is_none() || self.is_conflict() || self.is_throttled()
    }
}

impl fmt::Display for CancellationReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Subject { entity, operation } = self.subject;
        write!(f, "{entity}::{operation}: ")?;
        if let Some(attribute) = self.taken_attribute() {
            return Unmet::TakenValue(attribute).fmt(f);
        }
        f.write_str(match &self.kind {
            ReasonKind::None => "not why",
            ReasonKind::ConditionFailed(current) => {
                return Unmet::of(self.subject, current.is_absent()).fmt(f);
            }
            ReasonKind::Conflict => "another request was working on the item",
            ReasonKind::Throttled => "the service asked to slow down",
            ReasonKind::CollectionTooLarge => "the partition would hold more than 10 GB",
            ReasonKind::Invalid => "DynamoDB does not take it",
            ReasonKind::Other => "a reason that this version does not know",
        })
    }
}

/// The item is not shown: its fields may be anything.
impl fmt::Debug for CancellationReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CancellationReason({self})")
    }
}

impl TransactionError {
    pub(crate) fn cancelled(subject: Subject, reasons: Vec<CancellationReason>) -> Self {
        let said: Vec<_> = reasons
            .iter()
            .enumerate()
            .filter(|(_, reason)| !reason.is_none())
            .map(|(position, reason)| format!("action {}, {reason}", position + 1))
            .collect();
        let reasons_said =
            if said.is_empty() { "it did not say why".to_owned() } else { said.join("; ") };
        let is_throttled = reasons.iter().any(CancellationReason::is_throttled);
        let error = subject.error(ErrorKind::Cancelled { reasons: reasons_said, is_throttled });
        Self { error, reasons }
    }

    /// The error of the one write that the transaction had.
    pub(crate) fn into_write_error<E: Entity>(self) -> WriteError<E> {
        let Self { error, reasons } = self;
        let taken = reasons.iter().find_map(CancellationReason::taken_attribute);
        // Those of its guards come after its own.
        let first = reasons.into_iter().next().map(|reason| reason.kind);
        let Some(ReasonKind::ConditionFailed(current)) = first else {
            let Some(attribute) = taken else { return error.into() };
            let kind = ErrorKind::ConditionFailed(Unmet::TakenValue(attribute));
            let failed = error.subject().error(kind);
            return failed
                .with_request(error.request_id(), error.attempts())
                .with_unknown_outcome(error.is_outcome_unknown())
                .into();
        };
        let current: Box<dyn Any> = current;
        match current.downcast::<Current<E>>() {
            Ok(current) => {
                WriteError::condition_failed(error.subject(), *current).map_error(|failed| {
                    failed
                        .with_request(error.request_id(), error.attempts())
                        .with_unknown_outcome(error.is_outcome_unknown())
                })
            }
            Err(_) => error.into(),
        }
    }

    pub(crate) fn map_error(mut self, map: impl FnOnce(Error) -> Error) -> Self {
        self.error = map(self.error);
        self
    }

    /// Whether it was cancelled for what passes: a conflict or throttling, and no failed condition.
    pub(crate) fn is_passing(&self) -> bool {
        self.is_cancelled()
            && self.reasons.iter().any(|reason| !reason.is_none())
            && self.reasons.iter().all(CancellationReason::is_passing)
    }

    /// The reason for each action, in their order; none unless it was cancelled.
    pub fn reasons(&self) -> &[CancellationReason] {
        &self.reasons
    }

    /// Whether the service cancelled it, and nothing of it was applied; unless its outcome is
    /// unknown, for an attempt before the cancelled one may have been applied, or may still be.
    pub fn is_cancelled(&self) -> bool {
        self.error.is_cancelled()
    }

    /// Whether the condition of an action did not hold.
    pub fn is_condition_failed(&self) -> bool {
        self.reasons.iter().any(CancellationReason::is_condition_failed)
    }

    /// The unique attribute whose value another item has, where that is why.
    pub fn taken_attribute(&self) -> Option<&'static str> {
        self.reasons.iter().find_map(CancellationReason::taken_attribute)
    }

    /// Whether other requests were working on its items, at every try.
    pub fn is_conflict(&self) -> bool {
        self.reasons.iter().any(CancellationReason::is_conflict)
    }

    /// Whether the service asked to slow down, at every try.
    pub fn is_throttled(&self) -> bool {
        self.error.is_throttled()
    }

    /// Whether its client token was used within the last 10 minutes for other actions, which were
    /// applied; these were not.
    pub fn is_token_reused(&self) -> bool {
        self.error.code() == Some("IdempotentParameterMismatchException")
    }

    /// Whether it may or may not have been applied.
    pub fn is_outcome_unknown(&self) -> bool {
        self.error.is_outcome_unknown()
    }

    /// The error without the reasons.
    pub fn as_error(&self) -> &Error {
        &self.error
    }
}

/// The item of a failed condition is not shown.
impl fmt::Display for TransactionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for TransactionError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}

impl From<Error> for TransactionError {
    fn from(error: Error) -> Self {
        Self { error, reasons: Vec::new() }
    }
}

impl From<TransactionError> for Error {
    fn from(error: TransactionError) -> Self {
        error.error
    }
}
