//! Writing and deleting many items without a condition.

mod writes;
mod writing;

use std::fmt;
use std::time::Duration;

pub use self::writes::UnsentWrites;
use self::writing::{BatchWriter, Chunks};
use super::delete::Delete;
use super::guards::now;
use super::in_flight::InFlight;
use super::put::Put;
use super::response::Response;
use super::time_left::TimeLeft;
use crate::client::SecureClient;
use crate::entity::{AllowsUnconditionalDelete, AllowsUnconditionalPut, Key};
use crate::error::{Error, ErrorKind, Leftover};
use crate::subject::Subject;

const SUBJECT: Subject = Subject { entity: "BatchWrite", operation: "send" };

/// Puts and deletes of many items, of whatever entities, each by itself and without a condition.
///
/// DynamoDB takes no condition in a batch write: so a put needs
/// `#[dynamo(allow(unconditional_put))]` on its entity, and a delete
/// `#[dynamo(allow(unconditional_delete))]`. For writes that hold together, or that have a
/// condition, there is [`Transaction`](super::Transaction).
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// #[derive(Entity, Clone, Debug, PartialEq)]
/// #[dynamo(table = "readings", allow(unconditional_put, unconditional_delete))]
/// struct Reading {
///     #[dynamo(partition_key)]
///     sensor: String,
///     celsius: i32,
/// }
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// # let client = SecureClient::local().table::<Reading>().build().await?;
/// let readings = (0..60).map(|number| Reading { sensor: format!("s{number}"), celsius: 20 });
/// let batch = BatchWrite::new().put_all(readings).delete(Reading::key("old"));
/// let written = batch.send(&client).await?.complete()?;
/// assert_eq!(written.len(), 61);
/// # Ok(()) })
/// # }
/// ```
///
/// Source: [BatchWriteItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html).
#[must_use = "nothing is sent before `.send(&client)`"]
#[derive(Default)]
pub struct BatchWrite {
    writes: UnsentWrites,
    deadline: Option<Duration>,
}

/// What a batch write did, and what it did not.
///
/// Each write that was given is in one of the three. [`complete`](Self::complete) gives what was
/// written only if that is all.
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// engine.faults().fail("BatchWriteItem", 400, "ValidationException");
/// let written = BatchWrite::new().delete_all([1, 2].map(order)).send(&client).await?;
/// assert!(!written.is_complete() && written.error.is_some());
///
/// let again = BatchWrite::from(written.left).send(&client).await?;
/// assert_eq!(again.complete()?.len(), 2);
/// # Ok(()) }
/// ```
#[must_use = "writes may be left that were not applied"]
#[derive(Debug)]
#[non_exhaustive]
pub struct BatchWriteOutput {
    /// The writes that were applied; the entities as they were written.
    pub applied: UnsentWrites,
    /// The writes that were not applied: `BatchWrite::from(left)` sends them again.
    pub left: UnsentWrites,
    /// The writes of which it is not known whether they were applied: the response was lost.
    pub unknown: UnsentWrites,
    /// Why no more was sent; `None` where all was, or the service left it until the deadline.
    pub error: Option<Error>,
}

impl BatchWriteOutput {
    /// Whether every write was applied.
    pub fn is_complete(&self) -> bool {
        self.left.is_empty() && self.unknown.is_empty()
    }

    /// What was written, if that is all.
    ///
    /// # Errors
    /// Writes are left ([`Error::is_incomplete`]): not applied, or not known to be
    /// ([`Error::is_outcome_unknown`]).
    pub fn complete(self) -> Result<UnsentWrites, Error> {
        let Self { applied, left, unknown, error: cause } = self;
        if left.is_empty() && unknown.is_empty() {
            return Ok(applied);
        }
        let (left, unknown) = (left.len(), unknown.len());
        let leftover = Leftover { left, unknown, of: applied.len() + left + unknown, cause };
        let error = SUBJECT.error(ErrorKind::Leftover(leftover));
        Err(error.with_unknown_outcome(unknown > 0))
    }
}

impl BatchWrite {
    /// Without a write yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes the whole item over whatever is there.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let bill = |number| Order { customer: "ann".into(), number, ..Order::default() };
    /// let batch = BatchWrite::new()
    ///     .put(bill(8))
    ///     .put_all([bill(9)])
    ///     .delete(order(1))
    ///     .delete_all([order(2), order(3)])
    ///     .deadline(Duration::from_secs(2));
    /// let response = batch.send_with_metadata(&client).await?;
    /// assert!(response.value.is_complete());
    /// assert_eq!(response.value.complete()?.len(), 5);
    /// # Ok(()) }
    /// ```
    pub fn put<E: AllowsUnconditionalPut>(mut self, entity: E) -> Self {
        self.writes.push(Put::unconditional(entity));
        self
    }

    /// Writes whole items over whatever is there.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let bills = (4..50).map(|number| Order { customer: "ann".into(), number, ..Order::default() });
    /// let written = BatchWrite::new().put_all(bills).send(&client).await?.complete()?;
    /// assert_eq!(written.len(), 46);
    /// # Ok(()) }
    /// ```
    pub fn put_all<E: AllowsUnconditionalPut>(self, entities: impl IntoIterator<Item = E>) -> Self {
        entities.into_iter().fold(self, Self::put)
    }

    /// Deletes whatever has this key.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// BatchWrite::new().delete(order(1)).send(&client).await?.complete()?;
    /// assert_eq!(Order::query("ann").count(&client).await?, 2);
    /// # Ok(()) }
    /// ```
    pub fn delete<K>(mut self, key: K) -> Self
    where
        K: Key<Entity: AllowsUnconditionalDelete>,
    {
        self.writes.push(Delete::<K::Entity, _>::unconditional(key));
        self
    }

    /// Deletes whatever has these keys.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let orders = Order::query("ann").items(&client).collect().await?;
    /// let keys = orders.iter().map(Order::to_key);
    /// BatchWrite::new().delete_all(keys).send(&client).await?.complete()?;
    /// assert_eq!(Order::query("ann").count(&client).await?, 0);
    /// # Ok(()) }
    /// ```
    pub fn delete_all<K>(self, keys: impl IntoIterator<Item = K>) -> Self
    where
        K: Key<Entity: AllowsUnconditionalDelete>,
    {
        keys.into_iter().fold(self, Self::delete)
    }

    /// The longest that it may take, with all its requests; the client's own deadline by default.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let batch = BatchWrite::new().delete(order(1)).deadline(Duration::from_secs(2));
    /// assert!(batch.send(&client).await?.is_complete());
    /// # Ok(()) }
    /// ```
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sends it, in as many requests as it takes, some of them at once.
    ///
    /// A write that is given twice is sent once. What the service leaves is sent again until the
    /// deadline. An entity with managed times is stamped, as by
    /// [`put_unconditionally`](crate::Operations::put_unconditionally).
    ///
    /// # Errors
    /// Found before anything is sent: an item or a key is not one that DynamoDB takes, or two
    /// different writes are on one item. What fails later is in [`BatchWriteOutput::error`].
    pub async fn send(self, client: &SecureClient) -> Result<BatchWriteOutput, Error> {
        Ok(self.send_with_metadata(client).await?.value)
    }

    /// As [`send`](Self::send), with what is known of the last request, and the attempts of all.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// engine.faults().leave_unprocessed("BatchWriteItem", 1);
    /// let response = BatchWrite::new().delete_all([1, 2].map(order)).send_with_metadata(&client).await?;
    /// assert_eq!((response.value.complete()?.len(), response.attempts), (2, 2));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_with_metadata(
        self,
        client: &SecureClient,
    ) -> Result<Response<BatchWriteOutput>, Error> {
        let Self { writes, deadline } = self;
        let time = TimeLeft::new(client, deadline);
        let (writes, prepared) = writing::prepare(writes, client, now(client))?;
        let mut outcomes: Vec<_> = prepared.iter().map(|_| writing::WriteOutcome::Left).collect();
        let (mut total, mut error) = (Response::nothing(), None);
        let writing = BatchWriter { client, time };
        let mut in_flight = InFlight::new();
        let mut chunks = Chunks::of(&prepared);
        loop {
            // After a failure, what has not begun yet is not begun.
            let chunk = if error.is_none() { chunks.next() } else { None };
            let ended = match chunk {
                Some(chunk) => in_flight.start(writing.write(chunk)).await,
                None => match in_flight.next().await {
                    None => break,
                    ended => ended,
                },
            };
            let Some(ended) = ended else { continue };
            total.add(ended.response);
            error = error.or(ended.error);
            for (position, outcome) in ended.outcomes {
                if let Some(place) = outcomes.get_mut(position) {
                    *place = outcome;
                }
            }
        }
        let mut written = BatchWriteOutput {
            applied: UnsentWrites::default(),
            left: UnsentWrites::default(),
            unknown: UnsentWrites::default(),
            error,
        };
        for (write, outcome) in writes.into_iter().zip(outcomes) {
            match outcome {
                writing::WriteOutcome::Applied => written.applied.add(write),
                writing::WriteOutcome::Left => written.left.add(write),
                writing::WriteOutcome::Unknown => written.unknown.add(write),
            }
        }
        Ok(total.map(|()| written))
    }
}

impl From<UnsentWrites> for BatchWrite {
    fn from(writes: UnsentWrites) -> Self {
        Self { writes, deadline: None }
    }
}

/// Shows how many writes, and no value.
impl fmt::Debug for BatchWrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchWrite").field("writes", &self.writes.len()).finish_non_exhaustive()
    }
}
