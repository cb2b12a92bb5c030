//! All items of a partition as one value.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use super::{Collection, CollectionBound, CollectionQuery, InCollection, OfTable, TakesFilter};
use crate::attribute::ValueFor;
use crate::client::SecureClient;
use crate::codec::DecodeError;
use crate::entity::Key;
use crate::error::Error;
use crate::operation::{Index, Response};
use crate::stream::StreamItem;

type IndexOf<C> = <C as Collection>::Index;

/// The entities of one table that share a partition key, as a struct with
/// [`#[derive(Collection)]`](derive@crate::Collection): a field for each, of one, of an `Option` or
/// of a `Vec`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an aggregate of a partition",
    label = "not an aggregate",
    note = "add `#[derive(Collection)]` to a struct with fields of entities"
)]
pub trait Aggregate: Sized {
    #[doc(hidden)]
    type Item: Collection;

    /// Each item in its field.
    ///
    /// # Errors
    /// An entity is missing that must be there, or is there twice where only one may be.
    #[doc(hidden)]
    fn gather(items: Vec<Self::Item>) -> Result<Self, DecodeError>;

    /// Queries all items with this partition key, of the table strongly consistent.
    ///
    /// ```
    #[doc = include_str!("../example/shop.md")]
    /// let account = Account::query("c1").send(&client).await?.ok_or("no such customer")?;
    /// assert_eq!(account.orders.len(), 3);
    /// assert_eq!(Account::query("c2").send(&client).await?, None);
    /// # Ok(()) }
    /// ```
    fn query(
        partition_key: impl ValueFor<
            <IndexOf<Self::Item> as Index<<Self::Item as Collection>::First>>::PartitionKey,
        >,
    ) -> AggregateQuery<Self> {
        AggregateQuery(Self::Item::query(partition_key), PhantomData)
    }
}

/// A query of all items of a partition as one value: made by [`Aggregate::query`].
///
/// ```
#[doc = include_str!("../example/shop.md")]
/// #[derive(Collection)]
/// struct Orders {
///     orders: Vec<Order>,
/// }
///
/// let some = Orders::query("c1").starting_at(&order(2)).ending_at(&order(3));
/// let some = some.deadline(Duration::from_secs(2)).send(&client).await?;
/// assert_eq!(some.map(|found| found.orders.len()), Some(2));
///
/// let third = Orders::query("c1").under(&order(3)).eventually_consistent().including_expired();
/// let third = third.send_with_metadata(&client).await?;
/// assert_eq!(third.value.map(|found| found.orders.len()), Some(1));
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent before `.send(&client)`"]
pub struct AggregateQuery<A: Aggregate>(CollectionQuery<A::Item>, PhantomData<fn() -> A>);

impl<A: Aggregate> AggregateQuery<A> {
    /// Begins at this key, as [`CollectionQuery::starting_at`].
    pub fn starting_at<K: Key>(self, key: &K) -> Self
    where
        K::Entity: InCollection<A>,
        A: OfTable,
    {
        Self(self.0.bounded(key, CollectionBound::Least), PhantomData)
    }

    /// Ends at this key, which is included.
    pub fn ending_at<K: Key>(self, key: &K) -> Self
    where
        K::Entity: InCollection<A>,
        A: OfTable,
    {
        Self(self.0.bounded(key, CollectionBound::Most), PhantomData)
    }

    /// Keeps the item of this key and those whose keys go on from it, as `ORDER#7#LINE#1` does from
    /// `ORDER#7`: an order with its lines.
    pub fn under<K: Key>(self, key: &K) -> Self
    where
        K::Entity: InCollection<A>,
        A: OfTable,
    {
        Self(self.0.bounded(key, CollectionBound::Under), PhantomData)
    }

    /// There is no filter, as of a collection that is an enum.
    #[doc(hidden)]
    pub fn filter<F>(self, filter: F) -> Self
    where
        Self: TakesFilter,
    {
        drop(filter);
        self
    }

    /// Reads at half the cost what may be some moments old.
    pub fn eventually_consistent(self) -> Self {
        Self(self.0.eventually_consistent(), PhantomData)
    }

    /// Gives expired items too, which the service may keep for days.
    pub fn including_expired(self) -> Self {
        Self(self.0.including_expired(), PhantomData)
    }

    /// The longest that each request may take, with all its attempts.
    pub fn deadline(self, deadline: Duration) -> Self {
        Self(self.0.deadline(deadline), PhantomData)
    }

    /// Reads the whole partition, or what is within the bounds, page after page, and gives it as one
    /// value; `None` where it has no items.
    ///
    /// It is as large as the partition is. Between its pages others may write: it is no snapshot.
    ///
    /// # Errors
    /// The query is not one that DynamoDB takes, a call failed, an item has the key of no field's
    /// entity or does not fit it, or an entity is missing that must be there, or is there twice where
    /// only one may be.
    pub async fn send(self, client: &SecureClient) -> Result<Option<A>, Error> {
        Ok(self.send_with_metadata(client).await?.value)
    }

    /// As [`send`](Self::send), with what is known of the last request.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_with_metadata(
        self,
        client: &SecureClient,
    ) -> Result<Response<Option<A>>, Error> {
        let subject = self.0.subject();
        let (items, response) = self.0.all(client).await?.split();
        if items.is_empty() {
            return Ok(response.map(|()| None));
        }
        match A::gather(items) {
            Ok(whole) => Ok(response.map(|()| Some(whole))),
            Err(error) => Err(subject.error(error)),
        }
    }
}

impl<A: Aggregate> Clone for AggregateQuery<A> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

/// Shows the shape, and no value.
impl<A: Aggregate> fmt::Debug for AggregateQuery<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AggregateQuery").field(&<A::Item as StreamItem>::NAME).finish()
    }
}

/// The one entity of its kind.
///
/// # Errors
/// There is none, or there are several.
#[doc(hidden)]
pub fn one<E>(
    entities: Vec<E>,
    none: &'static str,
    several: &'static str,
) -> Result<E, DecodeError> {
    at_most_one(entities, several)?.ok_or_else(|| DecodeError::refused(0, none))
}

/// The one entity of its kind, if there is one.
///
/// # Errors
/// There are several.
#[doc(hidden)]
pub fn at_most_one<E>(entities: Vec<E>, several: &'static str) -> Result<Option<E>, DecodeError> {
    let mut entities = entities.into_iter();
    match (entities.next(), entities.next()) {
        (_, Some(_)) => Err(DecodeError::refused(0, several)),
        (first, None) => Ok(first),
    }
}
