//! What can go wrong, as values with context and without any item's content.

mod inapplicable;
mod several;
mod transaction;
mod unmet;
mod write;

pub(crate) use several::{Leftover, SeveralError, more_telling};
pub use transaction::{CancellationReason, TransactionError};
pub(crate) use transaction::{ReadCurrent, read_current};
pub(crate) use write::Current;
pub use write::{BoxError, WriteError};

use std::borrow::Cow;
use std::fmt;

use self::inapplicable::Inapplicable;
use self::unmet::Unmet;
use crate::client::{CallError, CallErrorKind, FailedAttempt, ThrottlingReason};
use crate::codec::{DecodeError, EncodeError};
use crate::expression::ExpressionError;
use crate::key::KeyError;
use crate::subject::Subject;

/// The error of an operation: what failed, on which entity, and what is known of the outcome.
///
/// It never holds a secret nor the value of an attribute.
///
/// [`source`](std::error::Error::source) is the cause, by its type: a [`KeyError`], an [`EncodeError`] or a
/// [`DecodeError`]; of a closure of `modify` what it returned; of a partial result of a batch the `Error` of the request
/// that failed. All but the closure's are in the text of this error, too.
///
/// Of an operation that its deadline ended between attempts it is the `Error` of the last attempt that had an end of its
/// own, and what is asked of that attempt, such as [`is_throttled`](Self::is_throttled) or [`code`](Self::code), is
/// answered by it:
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
/// Of what the service refuses there are its code and its request id:
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
/// What is tried again is an error after the last attempt, which is the only one here:
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

#[derive(Debug)]
pub(crate) enum ErrorKind {
    /// Found before anything was sent.
    Expression(ExpressionError),
    Key(KeyError),
    Encode(EncodeError),
    VersionExhausted,
    KeyChanged,
    Several(SeveralError),
    /// The answer did not fit the entity.
    Decode(DecodeError),
    /// The answer lacked a member that DynamoDB always sends.
    Incomplete {
        member: &'static str,
    },
    /// The record of a stream lacks an image of the item.
    NoImage {
        member: &'static str,
    },
    Call(CallErrorKind),
    /// A write's condition did not hold.
    ConditionFailed(Unmet),
    /// The closure of `modify` ended it.
    Aborted(BoxError),
    /// The service applied nothing of a transaction.
    Cancelled {
        reasons: String,
        is_throttled: bool,
    },
    /// A batch was not done as a whole.
    Leftover(Leftover),
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

/// The codes by which the service asks to slow down.
///
/// Source: [Error handling with DynamoDB](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html).
const THROTTLING: [&str; 4] = [
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "LimitExceededException",
];

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

    /// The same error of a deadline, which tells what an earlier request of the operation failed with, if it knows of no
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

    /// The entity's name; `Transaction` or `BatchWrite` where it is about no single one.
    pub fn entity(&self) -> &'static str {
        self.0.entity
    }

    /// The operation, as in `User::create`.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The service's identifier of the request, where an answer had one.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How often the request was tried; zero if the error was found before sending.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The service's error code, such as `ResourceNotFoundException`; of a call that its deadline ended, that of the last
    /// attempt that was answered with an error.
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

    /// Whether the error was found before anything was sent: the request could not be one that
    /// DynamoDB takes.
    pub fn is_invalid(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::Expression(_)
                | ErrorKind::Key(_)
                | ErrorKind::Encode(_)
                | ErrorKind::VersionExhausted
                | ErrorKind::KeyChanged
                | ErrorKind::Several(_)
        )
    }

    /// Whether the service could not apply an update to the item as it is: a path leads through
    /// what is not there, a number would leave DynamoDB's range or its 38 digits, the item would be
    /// larger than 400 KB. Nothing was written.
    ///
    /// In a transaction it is the action's [reason](CancellationReason::is_invalid).
    ///
    /// ```
    #[doc = include_str!("example/orders.md")]
    /// let city = User::ADDRESS.then(Address::CITY); // of an address that she lacks
    /// let update = User::update(User::key("ann")).set(city, "Oslo").if_exists();
    /// assert!(update.send(&client).await.unwrap_err().as_error().is_inapplicable());
    /// # Ok(()) }
    /// ```
    pub fn is_inapplicable(&self) -> bool {
        self.call().and_then(Inapplicable::of).is_some()
    }

    /// Whether an item of the answer does not fit the entity.
    ///
    /// ```
    #[doc = include_str!("example/orders.md")]
    /// #[derive(Entity, Debug)]
    /// #[dynamo(table = "users")]
    /// struct Caller {
    ///     #[dynamo(partition_key)]
    ///     user_id: String,
    ///     phone: String,
    /// }
    ///
    /// let error = Caller::get(Caller::key("ann")).send(&client).await.unwrap_err();
    /// assert!(error.is_decode());
    /// assert_eq!(error.path(), Some("Item.phone"));
    /// # Ok(()) }
    /// ```
    pub fn is_decode(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::Decode(_) | ErrorKind::Incomplete { .. } | ErrorKind::NoImage { .. }
        )
    }

    /// Whether an item has the key of no entity of its collection.
    ///
    /// ```
    #[doc = include_str!("example/shop.md")]
    /// #[derive(Entity, Clone, Debug, PartialEq)]
    /// #[dynamo(table = "shop")]
    /// #[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "NOTE#{number}")]
    /// struct Note {
    ///     customer_id: String,
    ///     number: u32,
    /// }
    ///
    /// Note::create(Note { customer_id: "c1".into(), number: 1 }).send(&client).await?;
    /// let error = CustomerItem::query("c1").page(&client).await.unwrap_err(); // it has no notes
    /// assert!(error.is_of_no_entity());
    /// # Ok(()) }
    /// ```
    pub fn is_of_no_entity(&self) -> bool {
        matches!(&self.0.kind, ErrorKind::Decode(error) if error.is_of_no_entity())
    }

    /// Whether a write's condition did not hold.
    ///
    /// ```
    #[doc = include_str!("example/orders.md")]
    /// use dynamo_runtime::Error;
    ///
    /// let error: Error = User::create(ann).send(&client).await.unwrap_err().into();
    /// assert!(error.is_condition_failed());
    /// # Ok(()) }
    /// ```
    pub fn is_condition_failed(&self) -> bool {
        matches!(self.0.kind, ErrorKind::ConditionFailed(_))
    }

    /// Whether a batch was not done as a whole: some of it is left.
    ///
    /// ```
    #[doc = include_str!("example/orders.md")]
    /// engine.faults().fail("BatchWriteItem", 400, "ValidationException");
    /// let written = BatchWrite::new().delete(order(1)).send(&client).await?;
    /// assert!(written.complete().unwrap_err().is_incomplete());
    /// # Ok(()) }
    /// ```
    pub fn is_incomplete(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Leftover(_))
    }

    /// Whether the service cancelled a transaction.
    ///
    /// ```
    #[doc = include_str!("example/orders.md")]
    /// use dynamo_runtime::Error;
    ///
    /// let error = Transaction::new().check_absent(order(1)).send(&client).await.unwrap_err();
    /// assert!(Error::from(error).is_cancelled());
    /// # Ok(()) }
    /// ```
    pub fn is_cancelled(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Cancelled { .. })
    }

    /// Whether the closure of `modify` ended it.
    ///
    /// ```
    #[doc = include_str!("example/orders.md")]
    /// let stop = User::modify(User::key("ann"), |_| Err("not today".into()));
    /// let error = stop.send(&client).await.unwrap_err();
    /// assert!(error.as_error().is_aborted());
    /// # Ok(()) }
    /// ```
    pub fn is_aborted(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Aborted(_))
    }

    /// Whether the write may or may not have been applied.
    ///
    /// ```
    #[doc = include_str!("example/orders.md")]
    /// engine.faults().lose_response("UpdateItem");
    /// let count = Order::update(order(1)).add(Order::TOTAL, 1_u32).if_exists();
    /// let error = count.send(&client).await.unwrap_err();
    /// assert!(error.as_error().is_outcome_unknown()); // so it was not sent again
    /// # Ok(()) }
    /// ```
    pub fn is_outcome_unknown(&self) -> bool {
        self.0.is_outcome_unknown
    }

    /// Whether the write was sent again after a response of it was lost, so that it may even have
    /// been applied twice, with another's write between the two.
    ///
    /// ```
    #[doc = include_str!("example/orders.md")]
    /// engine.faults().lose_response("DeleteItem");
    /// let error = Order::delete(order(1)).if_exists().send(&client).await.unwrap_err();
    /// assert!(error.as_error().may_be_applied_twice());
    /// # Ok(()) }
    /// ```
    pub fn may_be_applied_twice(&self) -> bool {
        self.0.may_be_applied_twice
    }

    /// Whether the deadline passed, or the last attempt took too long.
    pub fn is_timeout(&self) -> bool {
        self.is_deadline() || matches!(self.call(), Some(CallErrorKind::Timeout(_)))
    }

    /// Whether the time for the whole call was over.
    pub(crate) fn is_deadline(&self) -> bool {
        matches!(self.call(), Some(CallErrorKind::Deadline(_) | CallErrorKind::Queued { .. }))
    }

    /// Whether the service asked to slow down, to the last attempt that ended.
    pub fn is_throttled(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Cancelled { is_throttled: true, .. })
            || self.0.last.as_ref().is_some_and(Self::is_throttled)
            || self.code().is_some_and(|code| THROTTLING.contains(&code))
    }

    /// What the last attempt exceeded, if DynamoDB throttled it and says so: one reason for each table and index.
    ///
    /// ```
    /// use dynamo_runtime::client::ThrottlingLimit;
    /// use dynamo_runtime::Error;
    ///
    /// /// Whether the load must be spread over more partition keys: to wait does not help it.
    /// fn is_hot(error: &Error) -> bool {
    ///     error.throttling().iter().any(|it| it.limit() == Some(ThrottlingLimit::KeyRange))
    /// }
    /// ```
    pub fn throttling(&self) -> &[ThrottlingReason] {
        match self.attempt() {
            Some(CallErrorKind::Service { throttling, .. }) => throttling,
            _ => &[],
        }
    }

    /// Whether a write met one to the same item in another region of a global table with strong consistency, to the last
    /// attempt. Nothing was written; it can be tried again.
    ///
    /// Source: [Global tables](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html).
    pub fn is_region_conflict(&self) -> bool {
        self.code() == Some("ReplicatedWriteConflictException")
    }

    /// Whether no connection could be opened, or it broke.
    pub fn is_connection(&self) -> bool {
        matches!(self.attempt(), Some(CallErrorKind::Connect(_) | CallErrorKind::Broken(_)))
    }

    /// Whether the client refused the server or the request: its certificate, its key, its TLS,
    /// another host.
    ///
    /// ```
    #[doc = include_str!("example/orders.md")]
    /// use dynamo_runtime::{Endpoint, Trust};
    ///
    /// let client = SecureClient::builder()
    ///     .region(Region::US_EAST_1)
    ///     .credentials(Credentials::fixed(engine.access_key_id(), engine.secret_access_key(), None))
    ///     .endpoint(Endpoint::compatible(engine.host(), engine.port())?)
    ///     .trust(Trust::private_ca(engine.ca_pem())?.pin_spki([0; 32])) // another key than the server's
    ///     .build()
    ///     .await?;
    /// assert!(User::get(User::key("ann")).send(&client).await.unwrap_err().is_refused());
    /// # Ok(()) }
    /// ```
    pub fn is_refused(&self) -> bool {
        matches!(self.call(), Some(CallErrorKind::Refused(_)))
    }

    /// Whether the answer was not one that DynamoDB sends to this request: its checksum, its type, its
    /// size, an item or a table that was not asked for.
    pub fn is_integrity(&self) -> bool {
        matches!(self.attempt(), Some(CallErrorKind::Integrity(_)))
    }

    /// Whether no credentials could be had.
    ///
    /// ```
    #[doc = include_str!("example/orders.md")]
    /// use aws_credential_types::provider::error::CredentialsError;
    /// use aws_credential_types::provider::{ProvideCredentials, future};
    /// use dynamo_runtime::{Endpoint, Trust};
    ///
    /// #[derive(Debug)]
    /// struct SealedVault;
    ///
    /// impl ProvideCredentials for SealedVault {
    ///     fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    ///     where
    ///         Self: 'a,
    ///     {
    ///         future::ProvideCredentials::ready(Err(CredentialsError::not_loaded("it is sealed")))
    ///     }
    /// }
    ///
    /// let client = SecureClient::builder()
    ///     .region(Region::US_EAST_1)
    ///     .credentials(Credentials::provider(SealedVault))
    ///     .endpoint(Endpoint::compatible(engine.host(), engine.port())?)
    ///     .trust(Trust::private_ca(engine.ca_pem())?)
    ///     .build()
    ///     .await?;
    /// assert!(User::get(User::key("ann")).send(&client).await.unwrap_err().is_credentials());
    /// # Ok(()) }
    /// ```
    pub fn is_credentials(&self) -> bool {
        matches!(self.call(), Some(CallErrorKind::Credentials(_)))
    }

    /// Whether this machine's clock is too far off for the service to take a signature.
    ///
    /// ```
    #[doc = include_str!("example/orders.md")]
    /// engine.faults().fail("GetItem", 400, "InvalidSignatureException");
    /// let error = User::get(User::key("ann")).send(&client).await.unwrap_err();
    /// assert!(!error.is_clock()); // by the time of the response this machine's clock is right
    /// # Ok(()) }
    /// ```
    pub fn is_clock(&self) -> bool {
        matches!(self.call(), Some(CallErrorKind::Clock { .. }))
    }

    /// Whether the table or the index does not exist.
    pub fn is_table_not_found(&self) -> bool {
        self.code() == Some("ResourceNotFoundException")
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

    /// The class of the error, which tells nothing of what was sent.
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

impl ErrorKind {
    /// The cause, where it is an error of a public type.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Key(error) | Self::Expression(ExpressionError::Key(error)) => Some(error),
            Self::Encode(error) | Self::Expression(ExpressionError::Value { error, .. }) => {
                Some(error)
            }
            Self::Decode(error) => Some(error),
            Self::Aborted(error) => Some(&**error),
            Self::Leftover(leftover) => leftover.cause.as_ref().map(|cause| cause as _),
            _ => None,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expression(error) => error.fmt(f),
            Self::Key(error) => error.fmt(f),
            Self::Encode(error) => error.fmt(f),
            Self::VersionExhausted => f.write_str("the version cannot be raised any more"),
            Self::KeyChanged => {
                f.write_str("the closure of `modify` changed the key, and the key never changes")
            }
            Self::Several(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
            Self::Incomplete { member } => write!(f, "the answer has no `{member}`"),
            Self::NoImage { member } => write!(
                f,
                "the record has no `{member}`: give the table's stream the view type `NEW_AND_OLD_IMAGES`, or read what it has by `key`, `new_image` and `old_image`"
            ),
            Self::Call(kind) => match Inapplicable::of(kind) {
                Some(reason) => reason.fmt(f),
                None => kind.fmt(f),
            },
            Self::ConditionFailed(unmet) => unmet.fmt(f),
            Self::Aborted(_) => f.write_str("the closure of `modify` ended it"),
            Self::Cancelled { reasons, .. } => {
                write!(f, "the transaction was cancelled: {reasons}")
            }
            Self::Leftover(leftover) => leftover.fmt(f),
        }
    }
}

impl From<ExpressionError> for ErrorKind {
    fn from(error: ExpressionError) -> Self {
        Self::Expression(error)
    }
}

impl From<KeyError> for ErrorKind {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<EncodeError> for ErrorKind {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}

impl From<SeveralError> for ErrorKind {
    fn from(error: SeveralError) -> Self {
        Self::Several(error)
    }
}

impl From<DecodeError> for ErrorKind {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}
