//! Reading the items of one partition, of the table or of an index.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use super::cursor::CursorFor;
use super::guards::Guards;
use super::index::{ConsistentlyReadable, Index, Primary};
use super::items::Items;
use super::page::{BorrowedPage, Page};
use super::position::Position;
use super::response::Response;
use super::search::Search;
use super::sort::{
    self, ComesBeforeNext, Gives, SortCondition, SortKey, SortedBy, Unsorted, WithoutSort,
};
use crate::attribute::ValueFor;
use crate::client::{Api, SecureClient};
use crate::entity::{Entity, Partition};
use crate::error::Error;
use crate::expression::{ExpressionError, Fragment, IntoFilter};
use crate::key::{
    KeyAttribute, SortKeyPrefix, Template, check_encoded_partition_key, check_encoded_sort_key,
};
use crate::projection::{OwnedProjection, Projection};
use crate::record::AttributeAt;
use crate::schema::IndexScope;
use crate::subject::Subject;

/// A query of the items that share a partition key: made by
/// [`Operations::query`](crate::Operations::query) and by the function of each index.
///
/// A global index is eventually consistent: it has what was written some time after the write was
/// answered. A program that must find its own write reads the table, or a local index with
/// [`consistent`](Self::consistent).
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// #[derive(Projection, Debug, PartialEq)]
/// #[dynamo(of = Order)]
/// struct Total {
///     total: u32,
/// }
///
/// let newest = Order::query("ann")
///     .filter(Order::TOTAL.ge(20))
///     .descending()
///     .limit(1)
///     .eventually_consistent()
///     .deadline(Duration::from_secs(2))
///     .project::<Total>()
///     .page(&client)
///     .await?;
/// assert_eq!(newest.items, [Total { total: 30 }]);
///
/// let first = Order::query("ann").limit(2).send(&client).await?;
/// let cursor = first.next.ok_or("there are three orders")?;
/// let second = Order::query("ann").limit(2).after(cursor).send_with_metadata(&client).await?;
/// assert_eq!((second.value.items.len(), second.attempts), (1, 1));
///
/// assert_eq!(Order::query("ann").consistent().count(&client).await?, 3);
/// assert_eq!(Order::query("ann").items(&client).collect().await?.len(), 3);
/// # Ok(()) }
/// ```
///
/// An expired item is left out, unless it is asked for:
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let past = Timestamp::now() - Duration::from_secs(60);
/// Order::update(order(1)).set(Order::EXPIRES_AT, past).if_exists().send(&client).await?;
/// assert_eq!(Order::query("ann").count(&client).await?, 2);
/// assert_eq!(Order::query("ann").including_expired().count(&client).await?, 3);
/// # Ok(()) }
/// ```
///
/// Source: [Global secondary indexes](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html).
///
/// `I` is the index, `S` how much of its sort key has a condition, and `P` what it gives: the
/// entities themselves, or a projection of them.
#[must_use = "nothing is sent before `.page(&client)`, `.items(&client)` or `.count(&client)`"]
pub struct Query<E, I, S, P = E> {
    search: Search<E>,
    partition: Fragment,
    /// A templated sort key, of which some parts are given.
    sort_key: Option<SortKeyPrefix>,
    state: PhantomData<fn() -> (I, S)>,
    output: PhantomData<fn() -> P>,
}

impl<E: Entity> Query<E, Primary, Unsorted> {
    pub(crate) fn table(partition_key: impl ValueFor<E::PartitionKey>) -> Self {
        let Partition(partition) = partition_key.with(E::partition);
        Self::new(None, partition, true)
    }
}

impl<E: Entity, I: Index<E>> Query<E, I, Unsorted, I::Item> {
    /// Queries the index by its partition key.
    #[doc(hidden)]
    pub fn index(Partition(partition): Partition) -> Self {
        Self::new(I::NAME, partition, false)
    }
}

impl<E: Entity, I: Index<E>, S, P: OwnedProjection<E>> Query<E, I, S, P> {
    /// Adds the condition on the sort key that is the `N`th attribute, or has it as its next part.
    #[doc(hidden)]
    pub fn sorted<const N: usize, C>(mut self, condition: C) -> Query<E, I, C::Then<I::After>, P>
    where
        I: SortedBy<E, N>,
        S: WithoutSort,
        I::Before: ComesBeforeNext<S>,
        E: AttributeAt<N>,
        C: SortCondition<E::Operand, I::Form> + Gives,
    {
        let keys = self.sort_keys();
        if let (Some(begun), Some(key)) = (&mut self.sort_key, keys.first()) {
            if begun.next_part() != Some(N) {
                self.search.key_condition = not_sort_key(E::NAME);
                return self.state();
            }
            let part_of = Some((key.name, begun));
            let condition = condition.write(SortKey { attribute: E::NAME, part_of });
            self.sort_by(*key, condition);
        } else {
            let condition = condition.write(SortKey { attribute: E::NAME, part_of: None });
            self.sort_by_attribute(E::NAME, condition);
        }
        self.state()
    }

    /// The condition on the text of a templated sort key, in place of what is known of it so far.
    fn sort_by(&mut self, key: KeyAttribute, condition: Fragment) {
        let condition = condition.checked(|json| check_encoded_sort_key(key, json));
        self.search.key_condition = self.partition.clone().and(condition);
    }

    /// The condition on an attribute of the sort key, beside those on the attributes before it.
    fn sort_by_attribute(&mut self, name: &'static str, condition: Fragment) {
        let Some(key) = self.sort_keys().iter().find(|key| key.name == name).copied() else {
            self.search.key_condition = not_sort_key(name);
            return;
        };
        let condition = condition.checked(|json| check_encoded_sort_key(key, json));
        self.search.key_condition = std::mem::take(&mut self.search.key_condition).and(condition);
    }
}

impl<E: Entity, I, S, P> Query<E, I, S, P> {
    fn partition_keys(&self) -> &'static [KeyAttribute] {
        partition_keys::<E>(self.search.index)
    }

    fn sort_keys(&self) -> &'static [KeyAttribute] {
        match E::SCHEMA.index(self.search.index) {
            Some(index) => index.sort_keys,
            None => const { E::SCHEMA.sort_key.as_slice() },
        }
    }
}

fn partition_keys<E: Entity>(index: Option<&str>) -> &'static [KeyAttribute] {
    match E::SCHEMA.index(index) {
        Some(index) => index.partition_keys,
        None => const { &[E::SCHEMA.partition_key] },
    }
}

impl<E: Entity, I: Index<E>, P: OwnedProjection<E>> Query<E, I, Unsorted, P> {
    /// All items of the partition, of whatever entity, of which this is the time of expiry.
    pub(crate) fn partition(
        partition_key: impl ValueFor<I::PartitionKey>,
        ttl: Option<&'static str>,
        collection: &'static str,
    ) -> Self {
        let Partition(partition) = partition_key.with(I::partition);
        // Only the table and its local indexes have consistent reads.
        let mut query = Self::whole(I::NAME, partition, I::NAME.is_none());
        query.search.ttl = ttl;
        // Each item is of the entity whose constants it has.
        query.search.constants = &[];
        query.search.subject.entity = collection;
        query
    }

    /// Keeps the items from one sort key to another, both included, as they are encoded.
    pub(crate) fn between(mut self, least: Option<&[u8]>, most: Option<&[u8]>) -> Self {
        let condition = self.sort_keys().first().map(|key| {
            let condition = sort::between_encoded(key.name, least, most);
            condition.checked(|json| check_encoded_sort_key(*key, json))
        });
        self.search.key_condition = self.partition.clone().and(condition.unwrap_or_default());
        self
    }

    /// Refuses the query when it is sent.
    pub(crate) fn refuse(mut self, error: ExpressionError) -> Self {
        self.partition.fail(error);
        self.search.key_condition = self.partition.clone();
        self
    }

    /// The partition key as it is encoded.
    pub(crate) fn partition_key(&self) -> Option<&[u8]> {
        self.partition.encoded_values().next()
    }
}

impl<E: Entity, I: Index<E>, P: OwnedProjection<E>> Query<E, I, Unsorted, P> {
    fn new(index: Option<&'static str>, partition: Fragment, is_consistent: bool) -> Self {
        let mut query = Self::whole(index, partition, is_consistent);
        // The items of other entities in the partition begin otherwise.
        if let [key] = query.sort_keys()
            && let Some(begun) = key.template.map(Template::begin)
        {
            query.sort_by(*key, sort::text(key.name, begun.condition()));
            query.sort_key = Some(begun);
        }
        query
    }

    /// Whatever is in the partition.
    fn whole(index: Option<&'static str>, partition: Fragment, is_consistent: bool) -> Self {
        let keys = partition_keys::<E>(index);
        let is_of_keys = keys.iter().map(|key| key.name).eq(partition.roots());
        // A value for each.
        let mut keys = keys.iter();
        let mut partition = partition.checked(|json| {
            keys.next().map_or(Ok(()), |key| check_encoded_partition_key(*key, json))
        });
        if !(is_of_keys && (index.is_none() || E::SCHEMA.index(index).is_some())) {
            // Only an implementation by hand gets here.
            partition.fail(ExpressionError::NotItsKey);
        }
        let search = Search {
            api: Api::Query,
            subject: Subject { entity: E::SCHEMA.entity, operation: "query" },
            index,
            key_condition: partition.clone(),
            filter: Guards::default(),
            is_forward: true,
            is_consistent,
            including_expired: false,
            ttl: E::SCHEMA.ttl,
            constants: E::SCHEMA.constants,
            limit: None,
            looked_at: 0,
            place: Position::Start,
            resumed: None,
            segment: None,
            pace: None,
            deadline: None,
            entity: PhantomData,
        };
        Self { search, partition, sort_key: None, state: PhantomData, output: PhantomData }
    }
}

impl<E: Entity, I, S, P: OwnedProjection<E>> Query<E, I, S, P> {
    fn state<S2, Q>(self) -> Query<E, I, S2, Q> {
        let Self { search, partition, sort_key, state: _, output: _ } = self;
        Query { search, partition, sort_key, state: PhantomData, output: PhantomData }
    }

    /// Asks for the projection's attributes only, and gives the projection.
    ///
    /// DynamoDB reads, and charges, the whole items all the same.
    pub fn project<Q: OwnedProjection<E>>(self) -> Query<E, I, S, Q> {
        self.state()
    }

    /// Keeps only the items that fulfil the condition; several must all hold.
    ///
    /// The service reads, and charges, what the filter leaves out.
    pub fn filter(mut self, condition: impl IntoFilter<E, I>) -> Self {
        let mut condition = condition.into_filter().into_fragment();
        let mut keys = self.partition_keys().iter().chain(self.sort_keys());
        if keys.any(|key| condition.roots().any(|root| root == key.name)) {
            // Only an implementation by hand gets here.
            condition.fail(ExpressionError::NotItsKey);
        }
        self.search.filter.add(condition);
        self
    }

    /// The order from the greatest sort key to the least.
    pub fn descending(mut self) -> Self {
        self.search.is_forward = false;
        self
    }

    /// At most so many items, after the filter.
    pub fn limit(mut self, items: usize) -> Self {
        self.search.limit = Some(items);
        self
    }

    /// Goes on from there, in the query that gave the cursor.
    ///
    /// With the cursor of another query it is an error when it is sent.
    pub fn after(mut self, cursor: impl CursorFor<E, I>) -> Self {
        let (place, query) = cursor.into_cursor().into_place();
        self.search.place = place;
        self.search.resumed = Some(query);
        self
    }

    /// Makes the read strongly consistent; queries of the table are so by default.
    pub fn consistent(mut self) -> Self
    where
        I: ConsistentlyReadable,
    {
        let index = E::SCHEMA.index(self.search.index);
        if index.is_some_and(|index| index.scope == IndexScope::Global) {
            // Only an implementation by hand gets here.
            self.search.key_condition.fail(ExpressionError::GlobalIndex);
        }
        self.search.is_consistent = true;
        self
    }

    /// Makes the read eventually consistent: half the cost, but possibly stale items.
    pub fn eventually_consistent(mut self) -> Self {
        self.search.is_consistent = false;
        self
    }

    /// Gives expired items too, which the service may keep for days.
    pub fn including_expired(mut self) -> Self {
        self.search.including_expired = true;
        self
    }

    /// The longest that each request may take, with all its attempts.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.search.deadline = Some(deadline);
        self
    }

    /// Reads one page: as many items as `limit` says, or what the service gives in one response.
    ///
    /// # Errors
    /// The query is not one that DynamoDB takes, a call failed, or an item does not fit the entity.
    pub async fn page(self, client: &SecureClient) -> Result<Page<E, I, P>, Error> {
        Ok(self.send_with_metadata(client).await?.value)
    }

    /// As [`page`](Self::page).
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub async fn send(self, client: &SecureClient) -> Result<Page<E, I, P>, Error> {
        self.page(client).await
    }

    /// As [`page`](Self::page), with what is known of the last request.
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub async fn send_with_metadata(
        self,
        client: &SecureClient,
    ) -> Result<Response<Page<E, I, P>>, Error> {
        self.search.page(client).await
    }

    /// Reads one page and keeps its responses, so that its items can borrow from them.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// use std::borrow::Cow;
    ///
    /// #[derive(Projection)]
    /// #[dynamo(of = Order)]
    /// struct StatusRef<'a> {
    ///     status: Option<Cow<'a, str>>,
    /// }
    ///
    /// let page = Order::query("ann").fetch_borrowed::<StatusRef<'_>>(&client).await?;
    /// let orders = page.items()?;
    /// assert!(matches!(orders[0].status, Some(Cow::Borrowed("open"))));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The query is not one that DynamoDB takes, or a call failed.
    pub async fn fetch_borrowed<Q: Projection<E>>(
        self,
        client: &SecureClient,
    ) -> Result<BorrowedPage<E, I, Q>, Error> {
        self.search.fetch(client).await
    }

    /// All items, over all pages.
    pub(crate) async fn all(self, client: &SecureClient) -> Result<Response<Vec<P>>, Error> {
        self.search.all(client).await
    }

    /// What its errors are of.
    pub(crate) fn subject(&self) -> Subject {
        self.search.subject
    }

    /// All items, page after page, as a stream.
    pub fn items(self, client: &SecureClient) -> Items<E, P> {
        Items::new(self.search, client.clone())
    }

    /// The number of items, over all pages; with a `limit`, at most so many.
    ///
    /// # Errors
    /// The query is not one that DynamoDB takes, or a call failed.
    pub async fn count(self, client: &SecureClient) -> Result<u64, Error> {
        self.search.count::<P>(client).await
    }
}

/// Only an implementation by hand asks for another attribute.
#[cold]
fn not_sort_key(attribute: &'static str) -> Fragment {
    Fragment::failed(ExpressionError::NotSortKey { attribute })
}

impl<E, I, S, P> Clone for Query<E, I, S, P> {
    fn clone(&self) -> Self {
        Self {
            search: self.search.clone(),
            partition: self.partition.clone(),
            sort_key: self.sort_key.clone(),
            state: PhantomData,
            output: PhantomData,
        }
    }
}

/// Shows the shape, and no value.
impl<E: Entity, I, S, P> fmt::Debug for Query<E, I, S, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.search.fmt(f)
    }
}
