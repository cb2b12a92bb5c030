//! What can go wrong, as values with context and without any item's content.

mod inapplicable;
mod kind;
mod not_ready;
mod predicates;
mod several;
mod transaction;
mod unmet;
mod write;

pub use kind::BoxError;
pub(crate) use kind::ErrorKind;
pub(crate) use several::{Leftover, SeveralError, more_telling};
pub use transaction::{CancellationReason, TransactionError};
pub(crate) use transaction::{ReadCurrent, read_current};
pub(crate) use write::Current;
pub use write::WriteError;

use std::borrow::Cow;
use std::fmt;

use self::unmet::Unmet;
use crate::client::{CallError, CallErrorKind, FailedAttempt};
use crate::subject::Subject;

/// The error of an operation: what failed, on which entity, and what is known of the outcome.
///
/// It never holds a secret nor the value of an attribute.
///
/// Its text is complete in itself: [`source`](std::error::Error::source) is only an error whose text is not in it, so
/// that a chain of errors prints nothing twice. There are two sources: what a `modify` closure returned; for an operation
/// that its deadline stopped between attempts, the `Error` of the last completed attempt. The cause that
/// is in the text is given by its type: [`cause_as`](Self::cause_as).
///
/// What is asked of an attempt, such as [`is_throttled`](Self::is_throttled) or [`code`](Self::code), is asked of that
/// last attempt:
///
/// ```
/// use dynamo_runtime::Error;
///
/// /// Whether the time was spent on waiting for a table that is throttled.
/// fn is_overloaded(error: &Error) -> bool {
///     error.is_timeout() && error.is_throttled()
/// }
/// ```
///
/// What is wrong with a request is found before anything is sent:
///
/// ```
#[doc = include_str!("example/orders.md")]
/// let error = User::get(User::key("")).send(&client).await.unwrap_err();
/// assert!(error.is_invalid());
/// assert_eq!((error.entity(), error.operation()), ("User", "get"));
/// assert_eq!((error.path(), error.attempts()), (Some("user_id"), 0));
/// # Ok(()) }
/// ```
///
/// When the service rejects a request, the error has its code and its request id:
///
/// ```
#[doc = include_str!("example/orders.md")]
/// #[derive(Entity, Debug)]
/// #[dynamo(table = "notes")]
/// struct Note {
///     #[dynamo(partition_key)]
///     id: String,
/// }
///
/// let error = Note::get(Note::key("n1")).send(&client).await.unwrap_err(); // no such table
/// assert!(error.is_table_not_found());
/// assert_eq!((error.code(), error.attempts()), (Some("ResourceNotFoundException"), 1));
/// assert!(error.request_id().is_some() && error.service_message().is_some());
/// # Ok(()) }
/// ```
///
/// A failure that is retried becomes an error after the last attempt; here only one is allowed:
///
/// ```
#[doc = include_str!("example/orders.md")]
/// use dynamo_runtime::client::ThrottlingLimit;
/// use dynamo_runtime::{Endpoint, Trust};
///
/// let client = SecureClient::builder()
///     .region(Region::US_EAST_1)
///     .credentials(Credentials::fixed(engine.access_key_id(), engine.secret_access_key(), None))
///     .endpoint(Endpoint::compatible(engine.host(), engine.port())?)
///     .trust(Trust::private_ca(engine.ca_pem())?)
///     .retries(1)
///     .build()
///     .await?;
/// let get = async || User::get(User::key("ann")).send(&client).await.unwrap_err();
///
/// engine.faults().throttle("GetItem", "TableReadKeyRangeThroughputExceeded", "arn:aws:..");
/// let error = get().await;
/// assert!(error.is_throttled());
/// assert_eq!(error.throttling()[0].limit(), Some(ThrottlingLimit::KeyRange));
///
/// engine.faults().fail("GetItem", 400, "ReplicatedWriteConflictException");
/// assert!(get().await.is_region_conflict());
///
/// engine.faults().drop_request("GetItem");
/// assert!(get().await.is_connection());
///
/// engine.faults().corrupt_response("GetItem");
/// assert!(get().await.is_integrity());
///
/// let held = engine.faults().pause("GetItem");
/// let get = User::get(User::key("ann")).deadline(Duration::from_millis(50));
/// assert!(get.send(&client).await.unwrap_err().is_timeout());
/// # drop(held);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Error(Box<Failure>);

#[derive(Debug)]
struct Failure {
    entity: &'static str,
    operation: &'static str,
    kind: ErrorKind,
    request_id: Option<String>,
    attempts: u32,
    is_outcome_unknown: bool,
    may_be_applied_twice: bool,
    /// Where the deadline ended it: the error of what was tried last before that.
    last: Option<Error>,
}

impl Subject {
    pub(crate) fn error(self, kind: impl Into<ErrorKind>) -> Error {
        Error(Box::new(Failure {
            entity: self.entity,
            operation: self.operation,
            kind: kind.into(),
            request_id: None,
            attempts: 0,
            is_outcome_unknown: false,
            may_be_applied_twice: false,
            last: None,
        }))
    }

    pub(crate) fn call_error(self, error: CallError) -> Error {
        let mut failure = self.error(ErrorKind::Call(error.kind));
        failure.0.request_id = error.request_id;
        failure.0.attempts = error.attempts;
        failure.0.is_outcome_unknown = error.outcome_unknown;
        failure.0.may_be_applied_twice = error.may_be_applied_twice;
        failure.0.last = error.last.map(|last| {
            let FailedAttempt { kind, request_id, attempts } = *last;
            self.error(ErrorKind::Call(kind)).with_request(request_id.as_deref(), attempts)
        });
        failure
    }
}

impl Error {
    pub(crate) fn subject(&self) -> Subject {
        Subject { entity: self.0.entity, operation: self.0.operation }
    }

    pub(crate) fn with_request(mut self, request_id: Option<&str>, attempts: u32) -> Self {
        self.0.request_id = request_id.map(str::to_owned);
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_unknown_outcome(mut self, is_outcome_unknown: bool) -> Self {
        self.0.is_outcome_unknown = is_outcome_unknown;
        self
    }

    /// The same error of a condition that failed by a null in this attribute.
    pub(crate) fn with_null(mut self, attribute: Option<Cow<'static, str>>) -> Self {
        if let (ErrorKind::ConditionFailed(unmet), Some(attribute)) = (&mut self.0.kind, attribute)
        {
            *unmet = Unmet::Null(attribute);
        }
        self
    }

    /// The same error of a deadline, with what an earlier request of the operation failed with, if it knows of no
    /// later failure.
    pub(crate) fn after(mut self, before: Option<Self>) -> Self {
        if self.is_deadline() && self.0.last.is_none() {
            self.0.last = before;
        }
        self
    }

    /// The throttling that a deadline was spent on, where nothing of the last attempt is unknown.
    pub(crate) fn or_throttling(mut self) -> Self {
        let is_known = !self.is_outcome_unknown();
        let throttling = self.0.last.take_if(|last| is_known && last.is_throttled());
        throttling.unwrap_or(self)
    }

    pub(crate) fn applied_twice(mut self, may_be_applied_twice: bool) -> Self {
        self.0.may_be_applied_twice = may_be_applied_twice;
        self
    }

    /// The same error of the operation that the caller began, of which this one was a part.
    pub(crate) fn named(mut self, operation: &'static str) -> Self {
        self.0.operation = operation;
        self
    }

    /// The cause by its type: a [`KeyError`](crate::KeyError), an [`EncodeError`](crate::codec::EncodeError) or a
    /// [`DecodeError`](crate::codec::DecodeError); of a partial result of a batch the `Error` of the request that failed;
    /// of a closure of `modify` what it returned.
    ///
    /// ```
    #[doc = include_str!("example/orders.md")]
    /// use dynamo_runtime::KeyError;
    ///
    /// let error = User::get(User::key("")).send(&client).await.unwrap_err();
    /// assert!(error.cause_as::<KeyError>().is_some_and(KeyError::is_empty));
    /// # Ok(()) }
    /// ```
    pub fn cause_as<C: std::error::Error + 'static>(&self) -> Option<&C> {
        self.0.kind.cause().or_else(|| self.0.kind.source())?.downcast_ref()
    }

    /// The entity's name; `Transaction` or `BatchWrite` where it is about no single one.
    pub fn entity(&self) -> &'static str {
        self.0.entity
    }

    /// The operation, as in `User::create`.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The service's identifier of the request, where a response had one.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How often the request was tried; zero if the error was found before sending.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The service's error code, such as `ResourceNotFoundException`; of a call that its deadline ended, that of the last
    /// attempt that had an error response.
    pub fn code(&self) -> Option<&str> {
        match &self.0.kind {
            ErrorKind::Call(_) => match self.attempt() {
                Some(CallErrorKind::Service { code, .. } | CallErrorKind::Clock { code, .. }) => {
                    Some(code)
                }
                _ => None,
            },
            ErrorKind::ConditionFailed(_) => Some("ConditionalCheckFailedException"),
            ErrorKind::Cancelled { .. } => Some("TransactionCanceledException"),
            ErrorKind::Leftover(leftover) => leftover.cause.as_ref()?.code(),
            _ => None,
        }
    }

    /// The service's own words. They may quote what was sent, so of them `Display` has only beginnings that never do,
    /// such as `The provided key element does not match the schema`.
    pub fn service_message(&self) -> Option<&str> {
        match &self.0.kind {
            ErrorKind::Call(_) => match self.attempt() {
                Some(CallErrorKind::Service { message, .. }) => message.as_deref(),
                _ => None,
            },
            _ => None,
        }
    }

    /// The path of the attribute that the error is about, such as `Item.address.city`.
    pub fn path(&self) -> Option<&str> {
        match &self.0.kind {
            ErrorKind::Decode(error) => error.path(),
            ErrorKind::Encode(error) => error.path(),
            ErrorKind::Key(error) => Some(error.attribute()),
            ErrorKind::Expression(error) => error.attribute(),
            ErrorKind::ConditionFailed(unmet) => unmet.null(),
            _ => None,
        }
    }

    fn call(&self) -> Option<&CallErrorKind> {
        match &self.0.kind {
            ErrorKind::Call(kind) => Some(kind),
            ErrorKind::Leftover(leftover) => leftover.cause.as_ref()?.call(),
            _ => None,
        }
    }

    /// Why the last attempt of a call failed: where the deadline ended it, the last one that had an end of its own.
    fn attempt(&self) -> Option<&CallErrorKind> {
        match (&self.0.kind, &self.0.last) {
            (ErrorKind::Leftover(leftover), _) => leftover.cause.as_ref()?.attempt(),
            (_, Some(last)) => last.attempt(),
            (_, None) => self.call(),
        }
    }

    /// The class of the error, which shows nothing of what was sent.
    fn class(&self) -> &str {
        self.code().or_else(|| self.call().map(CallErrorKind::name)).unwrap_or("_OTHER")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failure { entity, operation, request_id, .. } = &*self.0;
        write!(f, "{entity}::{operation}: {}", self.0)?;
        if self.is_outcome_unknown() {
            f.write_str("; it is not known whether the write was applied")?;
        } else if self.is_cancelled() {
            f.write_str("; nothing of it was applied")?;
        }
        match request_id {
            Some(request_id) => write!(f, " (request {request_id})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.kind.source().or(self.0.last.as_ref().map(|last| last as _))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        match &self.last {
            Some(last) => write!(f, " (last error: {})", last.class()),
            None => Ok(()),
        }
    }
}
