//! Reading many items by their keys.

mod reading;

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use self::reading::{BatchReader, FoundItem, wanted};
use super::in_flight::InFlight;
use super::response::Response;
use super::time_left::TimeLeft;
use crate::client::SecureClient;
use crate::entity::Entity;
use crate::error::{Error, ErrorKind, Leftover, more_telling};
use crate::projection::OwnedProjection;
use crate::subject::Subject;

/// The most keys of a request.
///
/// Source: [BatchGetItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html).
const MAX_KEYS: usize = 100;

/// Reads many items by their keys: made by [`Operations::batch_get`](crate::Operations::batch_get).
///
/// `P` is what it gives: the entity itself, or a projection of it.
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// #[derive(Projection, Debug, PartialEq)]
/// #[dynamo(of = Order)]
/// struct Total {
///     total: u32,
/// }
///
/// let totals = Order::batch_get([1, 2].map(order))
///     .project::<Total>()
///     .eventually_consistent()
///     .including_expired()
///     .deadline(Duration::from_secs(2))
///     .send_with_metadata(&client)
///     .await?;
/// assert_eq!(totals.attempts, 1); // one request of two keys
/// assert_eq!(totals.value.complete()?, [Total { total: 10 }, Total { total: 20 }]);
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent before `.send(&client)`"]
pub struct BatchGet<E: Entity, P = E> {
    keys: Vec<E::Key>,
    consistent: bool,
    including_expired: bool,
    deadline: Option<Duration>,
    projection: PhantomData<fn() -> P>,
}

/// What a batch get found, and what it did not come to.
///
/// Each key that was given is the key of one of the items, absent, unreadable or unprocessed.
/// [`complete`](Self::complete) gives the items only if every one of them was read.
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let orders = Order::batch_get([1, 9].map(order)).send(&client).await?;
/// assert!(orders.is_complete());
/// assert_eq!((orders.found.len(), orders.absent.len()), (1, 1));
/// assert_eq!(orders.complete()?[0].number, 1);
/// # Ok(()) }
/// ```
#[must_use = "keys may be left that were not read"]
#[non_exhaustive]
pub struct BatchGetOutput<E: Entity, P = E> {
    /// The items that were found, in the order of their keys as given.
    pub found: Vec<P>,
    /// The keys that have no item, or an expired one.
    pub absent: Vec<E::Key>,
    /// The keys of items that do not fit the entity, and why.
    pub unreadable: Vec<(E::Key, Error)>,
    /// The keys that the service did not come to before the deadline.
    pub unprocessed: Vec<E::Key>,
    /// The last error for which keys are left, such as throttling; `None` where none are, or the
    /// service left them without one.
    pub error: Option<Error>,
}

impl<E: Entity, P> BatchGetOutput<E, P> {
    /// Whether every key was read, and every item.
    pub fn is_complete(&self) -> bool {
        self.unprocessed.is_empty() && self.unreadable.is_empty()
    }

    /// The items that were found, if every key was read.
    ///
    /// # Errors
    /// An item does not fit the entity ([`Error::is_decode`]), or keys are left that were not read
    /// ([`Error::is_incomplete`]); then it has the code of [`error`](Self::error), so that
    /// [`Error::is_throttled`] says whether it was throttling.
    pub fn complete(self) -> Result<Vec<P>, Error> {
        if let Some((_, error)) = self.unreadable.into_iter().next() {
            return Err(error);
        }
        if self.unprocessed.is_empty() {
            return Ok(self.found);
        }
        let left = self.unprocessed.len();
        let of = self.found.len() + self.absent.len() + left;
        let leftover = Leftover { left, unknown: 0, of, cause: self.error };
        Err(subject::<E>().error(ErrorKind::Leftover(leftover)))
    }
}

fn subject<E: Entity>() -> Subject {
    Subject { entity: E::SCHEMA.entity, operation: "batch_get" }
}

impl<E: Entity> BatchGet<E> {
    pub(crate) fn new(keys: impl IntoIterator<Item = E::Key>) -> Self {
        let keys = keys.into_iter().collect();
        Self {
            keys,
            consistent: true,
            including_expired: false,
            deadline: None,
            projection: PhantomData,
        }
    }
}

impl<E: Entity, P: OwnedProjection<E>> BatchGet<E, P> {
    /// Asks for the projection's attributes only, and gives the projection.
    ///
    /// DynamoDB reads, and charges, the whole items all the same.
    pub fn project<Q: OwnedProjection<E>>(self) -> BatchGet<E, Q> {
        let Self { keys, consistent, including_expired, deadline, projection: _ } = self;
        BatchGet { keys, consistent, including_expired, deadline, projection: PhantomData }
    }

    /// Reads at half the cost what may be some moments old.
    pub fn eventually_consistent(mut self) -> Self {
        self.consistent = false;
        self
    }

    /// Gives expired items too, which the service may keep for days.
    pub fn including_expired(mut self) -> Self {
        self.including_expired = true;
        self
    }

    /// The longest that it may take, with all its requests; the client's own deadline by default.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sends it, in as many requests as it takes, some of them at once.
    ///
    /// A key that is given twice is read once. What the service leaves is asked for again until
    /// the deadline.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// engine.faults().leave_unprocessed("BatchGetItem", 1);
    /// let orders = Order::batch_get([1, 2, 3].map(order)).send(&client).await?;
    /// assert_eq!(orders.found.len(), 3); // what was left was asked for again
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// A key is not one that DynamoDB takes, or a request failed.
    pub async fn send(self, client: &SecureClient) -> Result<BatchGetOutput<E, P>, Error> {
        Ok(self.send_with_metadata(client).await?.value)
    }

    /// As [`send`](Self::send), with what is known of the last request, and the attempts of all.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_with_metadata(
        self,
        client: &SecureClient,
    ) -> Result<Response<BatchGetOutput<E, P>>, Error> {
        let time = TimeLeft::new(client, self.deadline);
        let (wanted, keys) = wanted::<E>(self.keys)?;
        let ttl = E::SCHEMA.ttl.filter(|_| !self.including_expired);
        let reading = BatchReader::<E, P>::new(client, self.consistent, ttl, time);
        let mut found: Vec<Option<FoundItem<P>>> = keys.iter().map(|_| None).collect();
        let (mut total, mut stopped) = (Response::nothing(), None);
        let mut in_flight = InFlight::new();
        let mut chunks = wanted.chunks(MAX_KEYS);
        loop {
            let ended = match chunks.next() {
                Some(chunk) => in_flight.start(reading.read(chunk)).await,
                None => match in_flight.next().await {
                    None => break,
                    ended => ended,
                },
            };
            let Some(ended) = ended else { continue };
            let read = ended?;
            total.add(read.response);
            stopped = more_telling(stopped, read.stopped);
            for (position, item) in read.found {
                if let Some(place) = found.get_mut(position) {
                    *place = Some(item);
                }
            }
        }
        match stopped {
            Some(error) if found.iter().all(Option::is_none) => Err(error),
            error => Ok(total.map(|()| gathered(keys, found, error))),
        }
    }
}

/// Puts each key where it belongs.
fn gathered<E: Entity, P>(
    keys: Vec<E::Key>,
    found: Vec<Option<FoundItem<P>>>,
    error: Option<Error>,
) -> BatchGetOutput<E, P> {
    let mut gathered = BatchGetOutput {
        found: Vec::new(),
        absent: Vec::new(),
        unreadable: Vec::new(),
        unprocessed: Vec::new(),
        error,
    };
    for (key, found) in keys.into_iter().zip(found) {
        match found {
            Some(FoundItem::Item(item)) => gathered.found.push(item),
            Some(FoundItem::Nothing) => gathered.absent.push(key),
            Some(FoundItem::Unreadable(error)) => gathered.unreadable.push((key, error)),
            None => gathered.unprocessed.push(key),
        }
    }
    gathered
}

impl<E: Entity, P> Clone for BatchGet<E, P> {
    fn clone(&self) -> Self {
        let Self { keys, consistent, including_expired, deadline, projection: _ } = self;
        Self {
            keys: keys.clone(),
            consistent: *consistent,
            including_expired: *including_expired,
            deadline: *deadline,
            projection: PhantomData,
        }
    }
}

/// Shows the shape, and no value.
impl<E: Entity, P> fmt::Debug for BatchGet<E, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchGet")
            .field("entity", &E::SCHEMA.entity)
            .field("keys", &self.keys.len())
            .finish_non_exhaustive()
    }
}

/// Shows how many, and no value.
impl<E: Entity, P> fmt::Debug for BatchGetOutput<E, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchGetOutput")
            .field("entity", &E::SCHEMA.entity)
            .field("found", &self.found.len())
            .field("absent", &self.absent.len())
            .field("unreadable", &self.unreadable.len())
            .field("unprocessed", &self.unprocessed.len())
            .field("error", &self.error)
            .finish()
    }
}
