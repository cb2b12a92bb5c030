//! The error of a write: it says why a condition failed.

use std::fmt;

use super::unmet::Unmet;
use super::{Error, ErrorKind};
use crate::codec::response::raw_member;
use crate::codec::{DecodeError, decode_item};
use crate::entity::Entity;
use crate::subject::Subject;
use crate::value::ExpiredTimes;
use crate::value::Timestamp;

/// The error of a write on the entity `E`.
///
/// When the condition failed, it has the item as it is now; `?` turns it into an [`Error`].
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let error = User::create(User { email: "other@example.com".into(), ..ann.clone() });
/// let error = error.send(&client).await.unwrap_err();
/// assert!(error.is_condition_failed() && !error.is_absent());
/// assert!(error.current_unreadable().is_none());
/// assert_eq!(error.taken_attribute(), None); // the key is taken, and no unique value
/// assert_eq!(error.current().map(|user| &user.email), Some(&ann.email));
/// assert_eq!(error.as_error().entity(), "User");
/// assert_eq!(error.into_current(), Some(ann));
///
/// let nobody = User::update(User::key("bob")).set(User::EMAIL, "bob@example.com").if_exists();
/// assert!(nobody.send(&client).await.unwrap_err().is_absent());
/// # Ok(()) }
/// ```
///
/// Where the response of a write is lost:
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// engine.faults().lose_response("UpdateItem");
/// let count = Order::update(order(1)).add(Order::TOTAL, 1_u32).if_exists();
/// let error = count.send(&client).await.unwrap_err();
/// assert!(error.is_outcome_unknown() && !error.may_be_applied_twice()); // it was sent once
/// # Ok(()) }
/// ```
pub struct WriteError<E> {
    error: Error,
    current: Box<Current<E>>,
}

/// The item as it was when a condition failed.
#[derive(Clone, Debug)]
pub(crate) enum Current<E> {
    /// No condition failed.
    NotAsked,
    Absent,
    /// Expired items are there and count as absent, of whatever shape they are.
    Expired(Result<E, DecodeError>),
    Different(E),
    Unreadable(DecodeError),
}

impl<E: Entity> Current<E> {
    /// What was found when a condition failed: the item's JSON, if there is one.
    pub(crate) fn of(item: Option<&[u8]>, now: Timestamp) -> Self {
        let Some(item) = item else { return Self::Absent };
        let passed = ExpiredTimes::at(now);
        let has_expired = E::SCHEMA.ttl.map_or(Ok(false), |ttl| passed.has_item(item, ttl));
        match (has_expired, decode_item(item)) {
            (Ok(true), entity) => Self::Expired(entity),
            (Ok(false), Ok(entity)) => Self::Different(entity),
            (Err(error), _) | (_, Err(error)) => Self::Unreadable(error),
        }
    }

    /// The same of the item that is a member of the response.
    pub(crate) fn of_member(body: &[u8], member: &str, now: Timestamp) -> Self {
        match raw_member(body, member).map(|item| Self::of(item, now)) {
            Err(error) => Self::Unreadable(error),
            Ok(Self::Expired(Err(error))) => Self::Expired(Err(error.within(member))),
            Ok(Self::Unreadable(error)) => Self::Unreadable(error.within(member)),
            Ok(current) => current,
        }
    }
}

impl<E> Current<E> {
    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent | Self::Expired(_))
    }

    pub(super) fn entity(&self) -> Option<&E> {
        match self {
            Self::Expired(Ok(entity)) | Self::Different(entity) => Some(entity),
            Self::NotAsked | Self::Absent | Self::Expired(Err(_)) | Self::Unreadable(_) => None,
        }
    }

    pub(super) fn unreadable(&self) -> Option<&DecodeError> {
        match self {
            Self::Unreadable(error) | Self::Expired(Err(error)) => Some(error),
            _ => None,
        }
    }
}

impl<E> WriteError<E> {
    pub(crate) fn condition_failed(subject: Subject, current: Current<E>) -> Self {
        let unmet = Unmet::of(subject, current.is_absent());
        let error = subject.error(ErrorKind::ConditionFailed(unmet));
        Self { error, current: Box::new(current) }
    }

    pub(crate) fn map_error(mut self, map: impl FnOnce(Error) -> Error) -> Self {
        self.error = map(self.error);
        self
    }

    /// Whether the condition did not hold.
    pub fn is_condition_failed(&self) -> bool {
        self.error.is_condition_failed()
    }

    /// Whether the condition failed because there is no such item, or only an expired one.
    pub fn is_absent(&self) -> bool {
        self.current.is_absent()
    }

    /// The unique attribute whose value another item has, so that this write was not applied.
    pub fn taken_attribute(&self) -> Option<&'static str> {
        self.error.taken_attribute()
    }

    /// Whether the write may or may not have been applied.
    pub fn is_outcome_unknown(&self) -> bool {
        self.error.is_outcome_unknown()
    }

    /// Whether the write was sent again after a response of it was lost, so that it may even have
    /// been applied twice, with another's write between the two.
    pub fn may_be_applied_twice(&self) -> bool {
        self.error.may_be_applied_twice()
    }

    /// The item as it was when the condition failed, the expired one too.
    pub fn current(&self) -> Option<&E> {
        self.current.entity()
    }

    /// The item as it was when the condition failed, the expired one too.
    pub fn into_current(self) -> Option<E> {
        match *self.current {
            Current::Expired(Ok(entity)) | Current::Different(entity) => Some(entity),
            Current::NotAsked
            | Current::Absent
            | Current::Expired(Err(_))
            | Current::Unreadable(_) => None,
        }
    }

    /// Why the current item could not be read, where that is so.
    pub fn current_unreadable(&self) -> Option<&DecodeError> {
        self.current.unreadable()
    }

    /// The error without the item.
    pub fn as_error(&self) -> &Error {
        &self.error
    }

    /// The item, which is alive, and the error without it.
    pub(crate) fn into_alive(self) -> Result<(E, Error), Self> {
        match *self.current {
            Current::Different(entity) => Ok((entity, self.error)),
            current => Err(Self { error: self.error, current: Box::new(current) }),
        }
    }
}

/// The item is not shown: its fields may be anything.
impl<E> fmt::Debug for WriteError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let current = match &*self.current {
            Current::NotAsked => "not asked",
            Current::Absent => "absent",
            Current::Expired(_) => "expired",
            Current::Different(_) => "different",
            Current::Unreadable(_) => "unreadable",
        };
        f.debug_struct("WriteError").field("error", &self.error).field("current", &current).finish()
    }
}

impl<E> fmt::Display for WriteError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<E> std::error::Error for WriteError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}

impl<E> From<Error> for WriteError<E> {
    fn from(error: Error) -> Self {
        Self { error, current: Box::new(Current::NotAsked) }
    }
}

impl<E> From<WriteError<E>> for Error {
    fn from(error: WriteError<E>) -> Self {
        error.error
    }
}
