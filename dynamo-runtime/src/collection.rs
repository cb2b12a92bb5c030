//! The items that share a partition key, told apart by their keys' shapes.

mod aggregate;

use std::fmt;
use std::time::Duration;

use crate::attribute::ValueFor;
use crate::client::SecureClient;
use crate::codec::{DecodeError, Members, Message, Reader, is_same};
use crate::entity::{Descriptions, Encoded, Entity, Key, encoded, has_key_of};
use crate::error::{Error, Subject};
use crate::expression::ExpressionError;
use crate::key::{KeyAttribute, Segment};
use crate::operation::{Cursor, Index, Items, Page, Query, Response, Unsorted};
use crate::projection::OwnedProjection;
use crate::schema::{IndexSchema, Schema, confused, is_same_form};
use crate::stream::StreamItem;

pub use aggregate::{Aggregate, AggregateQuery};
#[doc(hidden)]
pub use aggregate::{at_most_one, one};

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
    const MEMBERS: &'static [Member];

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
        self.bounded(key, |query, key| query.least = key.sort_key)
    }

    /// Ends at this key, which is included: the key of any entity of the collection, in the partition
    /// that is queried.
    pub fn ending_at<K: Key>(self, key: &K) -> Self
    where
        K::Entity: InCollection<C>,
        C: OfTable,
    {
        self.bounded(key, |query, key| query.most = key.sort_key)
    }

    /// Keeps the item of this key and those whose keys go on from it, as `ORDER#7#LINE#1` does from
    /// `ORDER#7`.
    pub fn under<K: Key>(self, key: &K) -> Self
    where
        K::Entity: InCollection<C>,
        C: OfTable,
    {
        self.bounded(key, |query, key| (query.least, query.most) = (key.sort_key, key.last))
    }

    pub(super) fn bounded<K: Key>(mut self, key: &K, set: fn(&mut Self, Encoded)) -> Self {
        let bounded = &<K::Entity as Entity>::SCHEMA;
        let is_key = C::Index::NAME.is_none()
            && C::MEMBERS.iter().any(|Member { schema, .. }| {
                (schema.entity, schema.table) == (bounded.entity, bounded.table)
            });
        let mistake = match encoded(key) {
            // Only an implementation by hand comes here.
            _ if !is_key => Some(ExpressionError::NotItsKey),
            Err(error) => Some(error.into()),
            Ok(key) if Some(&*key.partition_key) != self.query.partition_key() => {
                Some(ExpressionError::OtherPartition)
            }
            Ok(key) if key.sort_key.is_none() => Some(ExpressionError::NoSortKey),
            Ok(key) => {
                set(&mut self, key);
                None
            }
        };
        self.map(|query, least, most| match mistake {
            Some(mistake) => query.refuse(mistake),
            None => query.between(least, most),
        })
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

    /// Reads one page: as many items as `limit` says, or what the service gives in one answer.
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

    /// There is no filter, which the compiler says in words of ours.
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

/// An entity of a collection.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Member {
    schema: Schema,
    names: &'static [&'static str],
    has_key: fn(&str, Option<&str>) -> bool,
    describe: fn(&mut Descriptions),
}

impl Member {
    #[doc(hidden)]
    pub fn describe(&self, entities: &mut Descriptions) {
        (self.describe)(entities);
    }
}

/// An entity of a collection, with what reads it.
///
/// It asks nothing of the entity, so that a type that is none is one error: that of [`member`].
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct MemberOf<E> {
    pub member: Member,
    pub read_attributes: fn(Members<'_, '_>) -> Result<E, DecodeError>,
    pub read_item: fn(&mut Reader<'_>) -> Result<E, DecodeError>,
}

/// Describes an entity of a collection.
#[doc(hidden)]
pub const fn member<E: Entity>() -> MemberOf<E> {
    MemberOf {
        member: Member {
            schema: E::SCHEMA,
            names: E::NAMES,
            has_key: has_key_of::<E>,
            describe: E::describe,
        },
        read_attributes: |item| E::decode_attributes(item),
        read_item: |reader| E::decode_item(reader),
    }
}

/// That an entity shares the table and the form of the partition key with the first one: that of
/// the table, or of this index.
///
/// When it does not, so that the compiler tells it.
#[doc(hidden)]
#[track_caller]
#[expect(clippy::panic, reason = "it runs in the compiler")]
pub const fn assert_together(first: &Member, other: &Member, index: Option<&'static str>) {
    let (first, other) = (&first.schema, &other.schema);
    let both = Message::EMPTY.with("`").with(first.entity).with("` and `").with(other.entity);
    if !is_same(first.table.as_bytes(), other.table.as_bytes()) {
        let both = both.with("` are of two tables, `").with(first.table).with("` and `");
        let both = both.with(other.table).with("`\n\nhelp: a collection is of one table: ");
        panic!("{}", both.with("put the entity in one of its own").as_str());
    }
    let is_one_form = match index {
        None => is_same_form(first.partition_key, other.partition_key),
        Some(name) => {
            let (first, other) = (whole_index(first, name), whole_index(other, name));
            are_same_forms(first.partition_keys, other.partition_keys)
        }
    };
    if !is_one_form {
        let both = both.with("` do not share the partition key, so no query finds both");
        let both = both.with("\n\nhelp: give them a partition key of one name and one form");
        panic!("{}", both.as_str());
    }
    let is_same_sort_key = match (first.sort_key, other.sort_key) {
        (Some(one), Some(other)) => is_same(one.name.as_bytes(), other.name.as_bytes()),
        (None, None) => true,
        _ => false,
    };
    let is_same_partition_key =
        is_same(first.partition_key.name.as_bytes(), other.partition_key.name.as_bytes());
    if !is_same_sort_key {
        let both = both.with("` have different sort keys, and a table has one");
        panic!("{}", both.with("\n\nhelp: give both the sort key of the table").as_str());
    }
    if !is_same_partition_key {
        let both = both.with("` have different partition keys, and a table has one");
        panic!("{}", both.with("\n\nhelp: give both the partition key of the table").as_str());
    }
}

/// The entity's index of this name, which has the whole items.
#[track_caller]
#[expect(clippy::panic, reason = "it runs in the compiler")]
const fn whole_index(schema: &Schema, name: &'static str) -> &'static IndexSchema {
    let Some(index) = index_of(schema, name) else {
        let of = Message::EMPTY.with("`").with(schema.entity).with("` has no index `").with(name);
        let of = of.with("`, so the collection of that index never has it");
        let of = of.with("\n\nhelp: give it the index, or remove it from the collection");
        panic!("{}", of.as_str());
    };
    if index.projected.is_some() {
        let of = Message::EMPTY.with("the index `").with(name).with("` of `");
        let of = of.with(schema.entity).with("` has some attributes only, and a collection ");
        let of = of.with("reads whole items\n\nhelp: query it by its own function, ");
        panic!("{}", of.with("or project all attributes into the index").as_str());
    }
    index
}

const fn index_of(schema: &Schema, name: &str) -> Option<&'static IndexSchema> {
    let mut indexes = schema.indexes;
    while let [index, rest @ ..] = indexes {
        if is_same(index.name.as_bytes(), name.as_bytes()) {
            return Some(index);
        }
        indexes = rest;
    }
    None
}

const fn are_same_forms(mut first: &[KeyAttribute], mut second: &[KeyAttribute]) -> bool {
    loop {
        match (first, second) {
            ([], []) => return true,
            ([one, rest @ ..], [other, others @ ..]) if is_same_form(*one, *other) => {
                (first, second) = (rest, others);
            }
            _ => return false,
        }
    }
}

/// That no item of one entity could be taken for one of the other.
///
/// When it could, so that the compiler tells it. What `assert_together` tells is not told again.
#[doc(hidden)]
#[track_caller]
#[expect(clippy::panic, reason = "it runs in the compiler")]
pub const fn assert_apart(one: &Member, other: &Member, index: Option<&'static str>) {
    if !is_same(one.schema.table.as_bytes(), other.schema.table.as_bytes()) {
        return;
    }
    if let Some(name) = index
        && (index_of(&one.schema, name).is_none() || index_of(&other.schema, name).is_none())
    {
        return;
    }
    if let Some(message) = confused(&one.schema, &other.schema) {
        panic!("{}", message.as_str());
    }
}

/// Which of the entities has keys of this item's form.
///
/// # Errors
/// None has, or the item is malformed.
#[doc(hidden)]
pub fn member_of(
    collection: &'static str,
    members: &[Member],
    item: &Members<'_, '_>,
) -> Result<usize, DecodeError> {
    find_member(members, item)?.ok_or_else(|| item.no_member(expected(collection, members)))
}

/// Whether one of the entities has keys of this item's form.
///
/// # Errors
/// The item is malformed.
#[doc(hidden)]
pub fn is_member(members: &[Member], item: &Members<'_, '_>) -> Result<bool, DecodeError> {
    Ok(find_member(members, item)?.is_some())
}

fn find_member(members: &[Member], item: &Members<'_, '_>) -> Result<Option<usize>, DecodeError> {
    let Some(Member { schema: Schema { partition_key, sort_key, .. }, .. }) = members.first()
    else {
        return Ok(None);
    };
    let (partition, sort) = item.key_texts(partition_key.name, sort_key.map(|key| key.name))?;
    let partition = partition.as_deref().unwrap_or_default();
    let sort = sort.as_deref().or(sort_key.map(|_| ""));
    Ok(members.iter().position(|member| (member.has_key)(partition, sort)))
}

/// What an item is none of: names and forms, and no value.
#[cold]
fn expected(collection: &str, members: &[Member]) -> String {
    let mut text = format!("the key of the item is that of no entity of `{collection}`, expected");
    for (place, Member { schema, names, .. }) in members.iter().enumerate() {
        text.push_str(if place == 0 { " " } else { ", or " });
        text.push_str(&form(schema.partition_key, names));
        if let Some(sort_key) = schema.sort_key {
            text.push_str(" with ");
            text.push_str(&form(sort_key, names));
        }
    }
    text
}

/// A key as the entity declares it, such as `` `sk` = `ORDER#{order_id}` ``.
fn form(key: KeyAttribute, names: &[&str]) -> String {
    let Some(template) = key.template else { return format!("any `{}`", key.name) };
    let segments = template.segments().iter().map(|segment| match segment {
        Segment::Fixed(fixed) => (*fixed).to_owned(),
        Segment::Part(ordinal) => {
            format!("{{{}}}", names.get(*ordinal).copied().unwrap_or_default())
        }
    });
    format!("`{}` = `{}`", key.name, segments.collect::<Vec<_>>().join("#"))
}
