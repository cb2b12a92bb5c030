//! What can be asked of an error.

use super::inapplicable::Inapplicable;
use super::not_ready::IndexNotReady;
use super::{Error, ErrorKind};
use crate::client::{CallErrorKind, ThrottlingReason};

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
    /// Whether the error was found before anything was sent: the request could not be one that
    /// DynamoDB takes, or it is a search and the client was not told where those go.
    pub fn is_invalid(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::Expression(_)
                | ErrorKind::Key(_)
                | ErrorKind::Encode(_)
                | ErrorKind::VersionExhausted
                | ErrorKind::KeyChanged
                | ErrorKind::Several(_)
                | ErrorKind::Call(CallErrorKind::NoSearchEndpoint(_))
        )
    }

    /// Whether the service could not apply an update to the item as it is: a path leads through
    /// what is not there, a number would leave DynamoDB's range or its 38 digits, the item would be
    /// larger than 400 KB. Nothing was written.
    ///
    /// In a transaction it is the action's [reason](super::CancellationReason::is_invalid).
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let city = User::ADDRESS.then(Address::CITY); // of an address that she lacks
    /// let update = User::update(User::key("ann")).set(city, "Oslo").if_exists();
    /// assert!(update.send(&client).await.unwrap_err().as_error().is_inapplicable());
    /// # Ok(()) }
    /// ```
    pub fn is_inapplicable(&self) -> bool {
        self.call().and_then(Inapplicable::of).is_some()
    }

    /// Whether a vector index that is searched does not answer yet: it is being built, or it is not
    /// known to the hosts that are asked, as for a while after it was made. One that the table never
    /// had is the same.
    ///
    /// ```
    #[doc = include_str!("../example/notes.md")]
    /// let search = Note::by_meaning("ann", Embedding::from([1.0, 0.0])).top(10);
    /// match search.send(&client).await {
    ///     Err(error) if error.is_index_not_ready() => println!("search later"),
    ///     found => assert_eq!(found?.len(), 3),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn is_index_not_ready(&self) -> bool {
        self.call().and_then(IndexNotReady::of).is_some()
    }

    /// Whether an item of the response does not fit the entity.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
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
    #[doc = include_str!("../example/shop.md")]
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
    #[doc = include_str!("../example/orders.md")]
    /// use dynamo_runtime::Error;
    ///
    /// let error: Error = User::create(ann).send(&client).await.unwrap_err().into();
    /// assert!(error.is_condition_failed());
    /// # Ok(()) }
    /// ```
    pub fn is_condition_failed(&self) -> bool {
        matches!(self.0.kind, ErrorKind::ConditionFailed(_))
    }

    /// The unique attribute whose value another item has, so that the write was not applied.
    ///
    /// ```
    /// use dynamo_runtime::Error;
    #[doc = include_str!("../example/orders.md")]
    /// let error: Error = User::create(ann).send(&client).await.unwrap_err().into();
    /// assert_eq!(error.taken_attribute(), None); // the key is taken
    /// # Ok(()) }
    /// ```
    pub fn taken_attribute(&self) -> Option<&'static str> {
        match &self.0.kind {
            ErrorKind::ConditionFailed(unmet) => unmet.taken_attribute(),
            _ => None,
        }
    }

    /// Whether a batch was not done as a whole: some of it is left.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
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
    #[doc = include_str!("../example/orders.md")]
    /// use dynamo_runtime::Error;
    ///
    /// let error = Transaction::new().check_absent(order(1)).send(&client).await.unwrap_err();
    /// assert!(Error::from(error).is_cancelled());
    /// # Ok(()) }
    /// ```
    pub fn is_cancelled(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Cancelled { .. })
    }

    /// Whether the closure of `modify`, or the function of a backfill, ended it.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
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
    #[doc = include_str!("../example/orders.md")]
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
    #[doc = include_str!("../example/orders.md")]
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
    #[doc = include_str!("../example/orders.md")]
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

    /// Whether the response was not one that DynamoDB sends to this request: its checksum, its type, its
    /// size, an item or a table that was not asked for.
    pub fn is_integrity(&self) -> bool {
        matches!(self.attempt(), Some(CallErrorKind::Integrity(_)))
    }

    /// Whether there were no credentials.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
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
    #[doc = include_str!("../example/orders.md")]
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
}
