//! Reading the items of one partition, of the table or of an index.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{RangeFrom, RangeInclusive, RangeTo, RangeToInclusive};
use std::time::Duration;

use super::cursor::Cursor;
use super::exchange::Response;
use super::items::Items;
use super::search::{FetchedPage, Page, Place, Search};
use super::write::Guards;
use crate::attribute::{self, AttributeAt, ValueFor};
use crate::client::{Api, SecureClient};
use crate::codec::kind::Prefixed;
use crate::codec::{AttributeValue, Encoding, Plain};
use crate::entity::Entity;
use crate::error::Error;
use crate::expression::{Condition, Filters, Fragment};
use crate::key::{KeyPart, check_encoded_partition_key, check_encoded_sort_key};
use crate::projection::{Owned, Projection};

/// The table itself, as the index that is queried.
#[derive(Clone, Copy, Debug)]
pub enum Primary {}

/// An index of the entity `E`; its type is made by `#[derive(Entity)]`.
pub trait Index<E> {
    #[doc(hidden)]
    const NAME: Option<&'static str>;
}

impl<E: Entity> Index<E> for Primary {
    const NAME: Option<&'static str> = None;
}

/// An index that has consistent reads: the table and its local indexes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is a global index, and a global index has no consistent reads",
    label = "this index cannot be read consistently",
    note = "leave `.consistent()` out, or query the table"
)]
pub trait ConsistentlyReadable {}

impl ConsistentlyReadable for Primary {}

/// A query without a condition on its sort key.
#[derive(Debug)]
pub enum Unsorted {}
/// A query with a condition on its sort key.
#[derive(Debug)]
pub enum Sorted {}

/// That a query has no condition on its sort key yet.
#[diagnostic::on_unimplemented(
    message = "the sort key of this query has a condition already",
    label = "a second condition on the sort key",
    note = "DynamoDB takes one: give both bounds as the range `a..=b`"
)]
pub trait WithoutSort {}

impl WithoutSort for Unsorted {}

/// The index whose sort key is the `N`th attribute of `E`.
#[diagnostic::on_unimplemented(
    message = "this attribute is not the sort key of the index that is queried",
    label = "not the sort key here",
    note = "use the sort key's own method, or `.filter(..)` for any other attribute"
)]
pub trait SortedBy<E, const N: usize> {}

/// A query of the items that share a partition key: made by [`Entity::query`] and by the function
/// of each index.
///
/// `I` is the index, `S` whether its sort key has a condition, and `P` what it gives: the entities
/// themselves, or a projection of them.
#[must_use = "nothing is sent before `.page(&client)`, `.items(&client)` or `.count(&client)`"]
pub struct Query<E, I, S, P = E> {
    search: Search<E>,
    state: PhantomData<fn() -> (I, S)>,
    output: PhantomData<fn() -> P>,
}

impl<E: Entity> Query<E, Primary, Unsorted> {
    pub(crate) fn table(partition_key: impl ValueFor<E::PartitionKey>) -> Self {
        let name = E::SCHEMA.partition_key.name;
        let key = partition_key.with(|value| equal::<Plain, _>(name, value));
        Self::new(None, key, true)
    }
}

impl<E: Entity, I: Index<E>> Query<E, I, Unsorted> {
    /// Queries the index by its partition key, the `N`th attribute.
    #[doc(hidden)]
    pub fn partition<const N: usize>(value: impl ValueFor<E::Operand>) -> Self
    where
        E: AttributeAt<N>,
    {
        let key = value.with(|value| equal::<E::Encoding, _>(E::NAME, value));
        Self::new(I::NAME, key, false)
    }
}

impl<E: Entity, I: Index<E>, S: WithoutSort, P: Owned<E>> Query<E, I, S, P> {
    /// Adds the condition on the sort key, the `N`th attribute.
    #[doc(hidden)]
    pub fn sorted<const N: usize, C>(mut self, condition: C) -> Query<E, I, Sorted, P>
    where
        E: AttributeAt<N>,
        I: SortedBy<E, N>,
        C: SortCondition<E::Operand>,
    {
        let key = match E::SCHEMA.index(self.search.index) {
            Some(index) => index.sort_key,
            None => E::SCHEMA.sort_key,
        };
        let condition = condition
            .write::<E::Encoding>(E::NAME)
            .checked(|json| key.map_or(Ok(()), |key| check_encoded_sort_key(key, json)));
        self.search.key_condition = std::mem::take(&mut self.search.key_condition).and(condition);
        self.state()
    }
}

impl<E: Entity, I, S> Query<E, I, S> {
    fn new(index: Option<&'static str>, key_condition: Fragment, is_consistent: bool) -> Self {
        let key =
            E::SCHEMA.index(index).map_or(E::SCHEMA.partition_key, |index| index.partition_key);
        let key_condition = key_condition.checked(|json| check_encoded_partition_key(key, json));
        let search = Search {
            api: Api::Query,
            operation: "query",
            index,
            key_condition,
            filter: Guards::default(),
            is_forward: true,
            is_consistent,
            including_expired: false,
            limit: None,
            looked_at: 0,
            place: Place::Start,
            resumed: None,
            segment: None,
            pace: None,
            deadline: None,
            entity: PhantomData,
        };
        Self { search, state: PhantomData, output: PhantomData }
    }
}

impl<E: Entity, I, S, P: Owned<E>> Query<E, I, S, P> {
    fn state<S2, Q>(self) -> Query<E, I, S2, Q> {
        Query { search: self.search, state: PhantomData, output: PhantomData }
    }

    /// Asks for the projection's attributes only, and gives the projection.
    ///
    /// DynamoDB reads, and charges, the whole items all the same.
    pub fn project<Q: Owned<E>>(self) -> Query<E, I, S, Q> {
        self.state()
    }

    /// Keeps only the items that fulfil the condition; several must all hold.
    ///
    /// The service reads, and charges, what the filter leaves out.
    pub fn filter<F, K>(mut self, condition: Condition<F, K>) -> Self
    where
        F: Filters<E, I, K>,
    {
        self.search.filter.add(condition.into_fragment());
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
    pub fn after(mut self, cursor: Cursor<E, I>) -> Self {
        let (place, query) = cursor.into_place();
        self.search.place = place;
        self.search.resumed = Some(query);
        self
    }

    /// Reads what was written before; queries of the table do already.
    pub fn consistent(mut self) -> Self
    where
        I: ConsistentlyReadable,
    {
        self.search.is_consistent = true;
        self
    }

    /// Reads at half the cost what may be some moments old.
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

    /// Reads one page: as many items as `limit` says, or what the service gives in one answer.
    ///
    /// # Errors
    /// The query is not one that DynamoDB takes, a call failed, or an item does not fit the entity.
    pub async fn page(self, client: &SecureClient) -> Result<Page<E, I, P>, Error> {
        Ok(self.response(client).await?.value)
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
    pub async fn response(self, client: &SecureClient) -> Result<Response<Page<E, I, P>>, Error> {
        self.search.page(client).await
    }

    /// Reads one page and keeps its responses, so that its items can borrow from them.
    ///
    /// # Errors
    /// The query is not one that DynamoDB takes, or a call failed.
    pub async fn fetch<Q: Projection<E>>(
        self,
        client: &SecureClient,
    ) -> Result<FetchedPage<E, I, Q>, Error> {
        self.search.fetch(client).await
    }

    /// All items, page after page, as a stream.
    pub fn items(self, client: &SecureClient) -> Items<E, P> {
        Items::new(self.search, client.clone())
    }

    /// The number of items, over all pages; `limit` does not count.
    ///
    /// # Errors
    /// The query is not one that DynamoDB takes, or a call failed.
    pub async fn count(self, client: &SecureClient) -> Result<u64, Error> {
        self.search.count(client).await
    }
}

fn equal<C: Encoding<T>, T>(name: &'static str, value: &T) -> Fragment {
    compare::<C, T>(name, " = ", value)
}

fn compare<C: Encoding<T>, T>(name: &'static str, operator: &'static str, value: &T) -> Fragment {
    Fragment::default().name(name).operator(operator).value::<C, T>(name, value)
}

/// A condition on a sort key of type `T`: a value, a range `a..`, `..b`, `..=b` or `a..=b`, or
/// [`begins_with`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no condition on a sort key of type `{T}`",
    label = "not a condition on this sort key",
    note = "give a `{T}`, a range `a..`, `..b`, `..=b` or `a..=b` of it, or `begins_with(..)`; `a..b` is none, since DynamoDB's BETWEEN includes both bounds"
)]
pub trait SortCondition<T> {
    #[doc(hidden)]
    fn write<C: Encoding<T>>(self, name: &'static str) -> Fragment;
}

impl<T: KeyPart> SortCondition<T> for T {
    fn write<C: Encoding<T>>(self, name: &'static str) -> Fragment {
        equal::<C, T>(name, &self)
    }
}

impl SortCondition<String> for &str {
    fn write<C: Encoding<String>>(self, name: &'static str) -> Fragment {
        self.with(|value| equal::<C, String>(name, value))
    }
}

impl<T: KeyPart, V: ValueFor<T>> SortCondition<T> for RangeFrom<V> {
    fn write<C: Encoding<T>>(self, name: &'static str) -> Fragment {
        self.start.with(|start| compare::<C, T>(name, " >= ", start))
    }
}

impl<T: KeyPart, V: ValueFor<T>> SortCondition<T> for RangeTo<V> {
    fn write<C: Encoding<T>>(self, name: &'static str) -> Fragment {
        self.end.with(|end| compare::<C, T>(name, " < ", end))
    }
}

impl<T: KeyPart, V: ValueFor<T>> SortCondition<T> for RangeToInclusive<V> {
    fn write<C: Encoding<T>>(self, name: &'static str) -> Fragment {
        self.end.with(|end| compare::<C, T>(name, " <= ", end))
    }
}

impl<T: KeyPart + PartialOrd, V: ValueFor<T>> SortCondition<T> for RangeInclusive<V> {
    fn write<C: Encoding<T>>(self, name: &'static str) -> Fragment {
        let (start, end) = self.into_inner();
        start.with(|start| end.with(|end| attribute::between::<C, T>(name, start, end)))
    }
}

/// Sort keys that begin with the prefix.
///
/// An empty prefix is an error when the query is sent, never "all".
pub fn begins_with<V>(prefix: V) -> Prefix<V> {
    Prefix(prefix)
}

/// A condition on a sort key: made by [`begins_with`].
#[derive(Clone, Copy)]
#[must_use = "give it to the sort key's method of a query"]
pub struct Prefix<V>(V);

impl<V> fmt::Debug for Prefix<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("begins_with(..)")
    }
}

impl<T, V> SortCondition<T> for Prefix<V>
where
    T: KeyPart + AttributeValue<Kind: Prefixed>,
    V: ValueFor<T>,
{
    fn write<C: Encoding<T>>(self, name: &'static str) -> Fragment {
        self.0.with(|prefix| attribute::begins_with::<C, T>(name, prefix))
    }
}

impl<E, I, S, P> Clone for Query<E, I, S, P> {
    fn clone(&self) -> Self {
        Self { search: self.search.clone(), state: PhantomData, output: PhantomData }
    }
}

/// Shows the shape, and no value.
impl<E: Entity, I, S, P> fmt::Debug for Query<E, I, S, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.search.fmt(f)
    }
}
