//! The items that share a partition key: which entity each is of, by the form of its key.

mod aggregate;
mod members;

use std::fmt;
use std::time::Duration;

use crate::attribute::ValueFor;
use crate::client::SecureClient;
use crate::entity::{Encoded, Entity, Key, encoded};
use crate::error::Error;
use crate::expression::ExpressionError;
use crate::operation::{Cursor, Index, Items, Page, Query, Response, Unsorted};
use crate::projection::OwnedProjection;
use crate::stream::StreamItem;
use crate::subject::Subject;

pub use aggregate::{Aggregate, AggregateQuery};
#[doc(hidden)]
pub use aggregate::{at_most_one, one};
#[doc(hidden)]
pub use members::{
    CollectionMember, MemberOf, assert_apart, assert_together, constants_of,
    entity_of_a_collection, is_member, member_of,
};

/// The entities of one table that share a partition key, as an enum with
/// [`#[derive(Collection)]`](derive@crate::Collection).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a collection",
    label = "not a collection",
    note = "add `#[derive(Collection)]` to an enum with an entity in each variant"
)]
pub trait Collection: OwnedProjection<Self::First> + StreamItem {
    /// The entity of the first variant: its partition key is that of all.
    type First: Entity;

    /// The index that is queried: the table, or what `#[dynamo(index = OrderByDepot)]` names.
    type Index: Index<Self::First>;

    #[doc(hidden)]
    const MEMBERS: &'static [CollectionMember];

    /// Queries all items with this partition key, of the table strongly consistent.
    ///
    /// ```
    #[doc = include_str!("example/shop.md")]
    /// let items = CustomerItem::query("c1").page(&client).await?.items;
    /// let is_order = |item: &CustomerItem| matches!(item, CustomerItem::Order(_));
    /// assert_eq!(items.iter().filter(|item| is_order(item)).count(), 3);
    /// # Ok(()) }
    /// ```
    fn query(
        partition_key: impl ValueFor<<Self::Index as Index<Self::First>>::PartitionKey>,
    ) -> CollectionQuery<Self> {
        let ttl = Self::MEMBERS.iter().find_map(|member| member.schema.ttl);
        let query = Query::partition(partition_key, ttl, Self::NAME);
        CollectionQuery { query, least: None, most: None }
    }
}

/// An entity of the collection `C`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an entity of the collection `{C}`",
    label = "the key of no entity of this collection",
    note = "a bound is the key of one of the collection's entities"
)]
pub trait InCollection<C> {}

/// A collection of the items of a table, whose order is that of its sort key.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is a collection of an index, whose order is not that of the table's keys",
    label = "the keys of the table are no bounds of an index",
    note = "leave the bound out; or query one entity by the function of the index, `Order::by_depot(..)`"
)]
pub trait OfTable {}

/// The filter of a collection. There is none: only a call of it asks.
#[diagnostic::on_unimplemented(
    message = "a query of a collection takes no filter",
    label = "a condition on one entity would leave out the items of all others",
    note = "choose from what the query gives; or query the one entity: `Order::query(..).filter(..)`"
)]
#[doc(hidden)]
pub trait TakesFilter: sealed::TakesFilter {}

mod sealed {
    pub trait TakesFilter {}
}

/// A query of all items of a partition: made by [`Collection::query`].
///
/// ```
#[doc = include_str!("example/shop.md")]
/// let newest = CustomerItem::query("c1").under(&order(3)).descending().limit(1);
/// let newest = newest.deadline(Duration::from_secs(2)).page(&client).await?.items;
/// assert_eq!(newest, [CustomerItem::Order(Order { customer_id: "c1".into(), number: 3 })]);
///
/// let first = CustomerItem::query("c1").ending_at(&order(2)).limit(1).send_with_metadata(&client).await?;
/// let cursor = first.value.next.ok_or("there are two orders up to the second")?;
/// let rest = CustomerItem::query("c1").ending_at(&order(2)).after(cursor);
/// assert_eq!(rest.items(&client).collect().await?.len(), 1);
///
/// let all = CustomerItem::query("c1").eventually_consistent().including_expired();
/// assert_eq!(all.count(&client).await?, 4);
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent before `.page(&client)`, `.items(&client)` or `.count(&client)`"]
pub struct CollectionQuery<C: Collection> {
    query: Query<C::First, C::Index, Unsorted, C>,
    /// The sort keys to begin and to end at, as they are encoded.
    least: Option<Vec<u8>>,
    most: Option<Vec<u8>>,
}

/// What a key is to the items that a query keeps.
#[derive(Clone, Copy)]
pub(crate) enum CollectionBound {
    Least,
    Most,
    /// The beginning of their keys.
    Under,
}

impl<C: Collection> CollectionQuery<C> {
    /// Begins at this key, whether it has an item or not: the key of any entity of the collection, in
    /// the partition that is queried.
    ///
    /// The order of an entity's sort key among the others is that of its text:
    ///
    /// ```
    /// use dynamo_runtime::prelude::*;
    ///
    /// #[derive(Entity, Clone, Debug, PartialEq)]
    /// #[dynamo(table = "shop")]
    /// #[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "PROFILE")]
    /// struct Customer {
    ///     customer_id: String,
    /// }
    ///
    /// #[derive(Entity, Clone, Debug, PartialEq)]
    /// #[dynamo(table = "shop")]
    /// #[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "ORDER#{number}")]
    /// struct Order {
    ///     customer_id: String,
    ///     number: u32,
    /// }
    ///
    /// #[derive(Collection, Clone, Debug, PartialEq)]
    /// enum Recent {
    ///     Customer(Customer), // "PROFILE" comes after "ORDER#.."
    ///     Order(Order),
    /// }
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let client = SecureClient::local().table::<Customer>().build().await?;
    /// # let customer = Customer { customer_id: "c1".to_owned() };
    /// # Customer::create(customer.clone()).send(&client).await?;
    /// # for number in 1..4 {
    /// #     Order::create(Order { customer_id: "c1".to_owned(), number }).send(&client).await?;
    /// # }
    ///
    /// let third = OrderKey { customer_id: "c1".to_owned(), number: 3 };
    /// let recent = Recent::query("c1").starting_at(&third).page(&client).await?.items;
    /// assert_eq!(recent.len(), 2); // the third order, and the customer
    /// # Ok(()) })
    /// # }
    /// ```
    pub fn starting_at<K: Key>(self, key: &K) -> Self
    where
        K::Entity: InCollection<C>,
        C: OfTable,
    {
        self.bounded(key, CollectionBound::Least)
    }

    /// Ends at this key, which is included: the key of any entity of the collection, in the partition
    /// that is queried.
    pub fn ending_at<K: Key>(self, key: &K) -> Self
    where
        K::Entity: InCollection<C>,
        C: OfTable,
    {
        self.bounded(key, CollectionBound::Most)
    }

    /// Keeps the item of this key and those whose keys go on from it, as `ORDER#7#LINE#1` does from
    /// `ORDER#7`.
    pub fn under<K: Key>(self, key: &K) -> Self
    where
        K::Entity: InCollection<C>,
        C: OfTable,
    {
        self.bounded(key, CollectionBound::Under)
    }

    pub(super) fn bounded<K: Key>(mut self, key: &K, bound: CollectionBound) -> Self {
        let bounded = &<K::Entity as Entity>::SCHEMA;
        let is_key = C::Index::NAME.is_none()
            && C::MEMBERS.iter().any(|CollectionMember { schema, .. }| {
                (schema.entity, schema.table) == (bounded.entity, bounded.table)
            });
        let mistake = match encoded(key) {
            // Only an implementation by hand gets here.
            _ if !is_key => Some(ExpressionError::NotItsKey),
            Err(error) => Some(error.into()),
            Ok(key) if Some(&*key.partition_key) != self.query.partition_key() => {
                Some(ExpressionError::OtherPartition)
            }
            Ok(key) if key.sort_key.is_none() => Some(ExpressionError::NoSortKey),
            Ok(key) => self.set(bound, key).err(),
        };
        self.map(|query, least, most| match mistake {
            Some(mistake) => query.refuse(mistake),
            None => query.between(least, most),
        })
    }

    fn set(&mut self, bound: CollectionBound, key: Encoded) -> Result<(), ExpressionError> {
        match bound {
            CollectionBound::Least => self.least = key.sort_key,
            CollectionBound::Most => self.most = key.sort_key,
            CollectionBound::Under => {
                let last = key.last.ok_or(ExpressionError::UnderRawKey)?;
                (self.least, self.most) = (key.sort_key, Some(last));
            }
        }
        Ok(())
    }

    fn map(
        self,
        change: impl FnOnce(
            Query<C::First, C::Index, Unsorted, C>,
            Option<&[u8]>,
            Option<&[u8]>,
        ) -> Query<C::First, C::Index, Unsorted, C>,
    ) -> Self {
        let Self { query, least, most } = self;
        Self { query: change(query, least.as_deref(), most.as_deref()), least, most }
    }

    /// The order from the greatest sort key to the least.
    pub fn descending(self) -> Self {
        self.map(|query, _, _| query.descending())
    }

    /// At most so many items; those that are skipped do not count.
    pub fn limit(self, items: usize) -> Self {
        self.map(|query, _, _| query.limit(items))
    }

    /// Goes on from there, in the query that gave the cursor.
    ///
    /// With the cursor of another query it is an error when it is sent.
    pub fn after(self, cursor: Cursor<C::First, C::Index>) -> Self {
        self.map(|query, _, _| query.after(cursor))
    }

    /// Reads at half the cost what may be some moments old.
    pub fn eventually_consistent(self) -> Self {
        self.map(|query, _, _| query.eventually_consistent())
    }

    /// Gives expired items too, which the service may keep for days.
    pub fn including_expired(self) -> Self {
        self.map(|query, _, _| query.including_expired())
    }

    /// The longest that each request may take, with all its attempts.
    pub fn deadline(self, deadline: Duration) -> Self {
        self.map(|query, _, _| query.deadline(deadline))
    }

    /// Reads one page: as many items as `limit` says, or what the service gives in one response.
    ///
    /// # Errors
    /// The query is not one that DynamoDB takes, a call failed, an item has the key of no variant,
    /// or does not fit its entity.
    pub async fn page(self, client: &SecureClient) -> Result<Page<C::First, C::Index, C>, Error> {
        self.query.page(client).await
    }

    /// As [`page`](Self::page), with what is known of the last request.
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub async fn send_with_metadata(
        self,
        client: &SecureClient,
    ) -> Result<Response<Page<C::First, C::Index, C>>, Error> {
        self.query.send_with_metadata(client).await
    }

    /// There is no filter: the bound makes the compiler say so.
    #[doc(hidden)]
    pub fn filter<F>(self, filter: F) -> Self
    where
        Self: TakesFilter,
    {
        drop(filter);
        self
    }

    /// All items, page after page, as a stream.
    pub fn items(self, client: &SecureClient) -> Items<C::First, C> {
        self.query.items(client)
    }

    /// All items, over all pages.
    async fn all(self, client: &SecureClient) -> Result<Response<Vec<C>>, Error> {
        self.query.all(client).await
    }

    /// What its errors are of.
    fn subject(&self) -> Subject {
        self.query.subject()
    }

    /// The number of items, of whatever shape, over all pages; with a `limit`, at most so many.
    ///
    /// Of a collection that skips others only its own count, for which the keys of all are read.
    ///
    /// # Errors
    /// The query is not one that DynamoDB takes, or a call failed.
    pub async fn count(self, client: &SecureClient) -> Result<u64, Error> {
        self.query.count(client).await
    }
}

impl<C: Collection> Clone for CollectionQuery<C> {
    fn clone(&self) -> Self {
        let Self { query, least, most } = self;
        Self { query: query.clone(), least: least.clone(), most: most.clone() }
    }
}

/// Shows the shape, and no value.
impl<C: Collection> fmt::Debug for CollectionQuery<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CollectionQuery").field(&self.query).finish()
    }
}
