//! The items that share a partition key, told apart by their keys' shapes.

mod aggregate;

use std::fmt;
use std::time::Duration;

use crate::attribute::ValueFor;
use crate::client::SecureClient;
use crate::codec::{DecodeError, Members, Message, Reader, is_same};
use crate::entity::Entity;
use crate::error::{Error, Subject};
use crate::key::{Segment, has_key_of, is_same_form};
use crate::operation::{Cursor, Items, Page, Primary, Query, Response, Unsorted};
use crate::projection::Owned;
use crate::schema::{KeyAttribute, Schema, confused};
use crate::stream::StreamItem;

pub use aggregate::{Aggregate, AggregateQuery, at_most_one, one};

/// The entities of one table that share a partition key, as an enum with
/// [`#[derive(Collection)]`](derive@crate::Collection).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a collection",
    label = "not a collection",
    note = "add `#[derive(Collection)]` to an enum with an entity in each variant"
)]
pub trait Collection: Owned<Self::First> + StreamItem {
    /// The entity of the first variant: its partition key is that of all.
    type First: Entity;

    #[doc(hidden)]
    const MEMBERS: &'static [Member];

    /// Queries all items with this partition key, strongly consistent.
    fn query(
        partition_key: impl ValueFor<<Self::First as Entity>::PartitionKey>,
    ) -> CollectionQuery<Self> {
        let ttl = Self::MEMBERS.iter().find_map(|member| member.schema.ttl);
        CollectionQuery(Query::partition(partition_key, ttl, Self::NAME))
    }
}

/// A query of all items of a partition: made by [`Collection::query`].
#[must_use = "nothing is sent before `.page(&client)`, `.items(&client)` or `.count(&client)`"]
pub struct CollectionQuery<C: Collection>(Query<C::First, Primary, Unsorted, C>);

impl<C: Collection> CollectionQuery<C> {
    /// The order from the greatest sort key to the least.
    pub fn descending(self) -> Self {
        Self(self.0.descending())
    }

    /// At most so many items.
    pub fn limit(self, items: usize) -> Self {
        Self(self.0.limit(items))
    }

    /// Goes on from there, in the query that gave the cursor.
    ///
    /// With the cursor of another query it is an error when it is sent.
    pub fn after(self, cursor: Cursor<C::First, Primary>) -> Self {
        Self(self.0.after(cursor))
    }

    /// Reads at half the cost what may be some moments old.
    pub fn eventually_consistent(self) -> Self {
        Self(self.0.eventually_consistent())
    }

    /// Gives expired items too, which the service may keep for days.
    pub fn including_expired(self) -> Self {
        Self(self.0.including_expired())
    }

    /// The longest that each request may take, with all its attempts.
    pub fn deadline(self, deadline: Duration) -> Self {
        Self(self.0.deadline(deadline))
    }

    /// Reads one page: as many items as `limit` says, or what the service gives in one answer.
    ///
    /// # Errors
    /// The query is not one that DynamoDB takes, a call failed, an item has the key of no variant,
    /// or does not fit its entity.
    pub async fn page(self, client: &SecureClient) -> Result<Page<C::First, Primary, C>, Error> {
        self.0.page(client).await
    }

    /// As [`page`](Self::page), with what is known of the last request.
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub async fn response(
        self,
        client: &SecureClient,
    ) -> Result<Response<Page<C::First, Primary, C>>, Error> {
        self.0.response(client).await
    }

    /// All items, page after page, as a stream.
    pub fn items(self, client: &SecureClient) -> Items<C::First, C> {
        self.0.items(client)
    }

    /// All items, over all pages.
    async fn all(self, client: &SecureClient) -> Result<Response<Vec<C>>, Error> {
        self.0.all(client).await
    }

    /// What its errors are of.
    fn subject(&self) -> Subject {
        self.0.subject()
    }

    /// The number of items, of whatever shape, over all pages; `limit` does not count.
    ///
    /// # Errors
    /// The query is not one that DynamoDB takes, or a call failed.
    pub async fn count(self, client: &SecureClient) -> Result<u64, Error> {
        self.0.count(client).await
    }
}

impl<C: Collection> Clone for CollectionQuery<C> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Shows the shape, and no value.
impl<C: Collection> fmt::Debug for CollectionQuery<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CollectionQuery").field(&self.0).finish()
    }
}

/// An entity of a collection.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Member {
    schema: Schema,
    names: &'static [&'static str],
    has_key: fn(&str, Option<&str>) -> bool,
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
pub const fn member<E: Entity>() -> MemberOf<E> {
    MemberOf {
        member: Member { schema: E::SCHEMA, names: E::NAMES, has_key: has_key_of::<E> },
        read_attributes: |item| E::decode_attributes(item),
        read_item: |reader| E::decode_item(reader),
    }
}

/// That an entity shares the table and the form of the partition key with the first one.
///
/// When it does not, so that the compiler tells it.
#[track_caller]
#[expect(clippy::panic, reason = "it runs in the compiler")]
pub const fn assert_together(first: &Member, other: &Member) {
    let (first, other) = (&first.schema, &other.schema);
    let both = Message::EMPTY.with("`").with(first.entity).with("` and `").with(other.entity);
    if !is_same(first.table.as_bytes(), other.table.as_bytes()) {
        let both = both.with("` are of two tables, `").with(first.table).with("` and `");
        let both = both.with(other.table).with("`\n\nhelp: a collection is of one table: ");
        panic!("{}", both.with("put the entity in one of its own").as_str());
    }
    if !is_same_form(first.partition_key, other.partition_key) {
        let both = both.with("` do not share the partition key, so no query finds both");
        let both = both.with("\n\nhelp: give them a partition key of one name and one form");
        panic!("{}", both.as_str());
    }
    let is_same_sort_key = match (first.sort_key, other.sort_key) {
        (Some(one), Some(other)) => is_same(one.name.as_bytes(), other.name.as_bytes()),
        (None, None) => true,
        _ => false,
    };
    if !is_same_sort_key {
        let both = both.with("` have different sort keys, and a table has one");
        panic!("{}", both.with("\n\nhelp: give both the sort key of the table").as_str());
    }
}

/// That no item of one entity could be taken for one of the other.
///
/// When it could, so that the compiler tells it. What `assert_together` tells is not told again.
#[track_caller]
#[expect(clippy::panic, reason = "it runs in the compiler")]
pub const fn assert_apart(one: &Member, other: &Member) {
    if !is_same(one.schema.table.as_bytes(), other.schema.table.as_bytes()) {
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
pub fn member_of(
    collection: &'static str,
    members: &[Member],
    item: &Members<'_, '_>,
) -> Result<usize, DecodeError> {
    let Some(Member { schema: Schema { partition_key, sort_key, .. }, .. }) = members.first()
    else {
        return Err(item.no_member(format!("`{collection}` has no entities")));
    };
    let (partition, sort) = item.key_texts(partition_key.name, sort_key.map(|key| key.name))?;
    let partition = partition.as_deref().unwrap_or_default();
    let sort = sort.as_deref().or(sort_key.map(|_| ""));
    let has_key = |member: &Member| (member.has_key)(partition, sort);
    members.iter().position(has_key).ok_or_else(|| item.no_member(expected(collection, members)))
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
