//! What can be done with the items of an entity.

use super::{
    BatchGet, Create, Delete, Get, HasCondition, Index, Modify, ModifyResult, NoCondition, Primary,
    Put, Query, ReturnNothing, Scan, Unconditional, Unsorted, Update,
};
use crate::attribute::ValueFor;
use crate::entity::{
    AllowsScan, AllowsUnconditionalDelete, AllowsUnconditionalPut, AllowsUnconditionalUpsert,
    Entity, Upsertable, Versioned,
};

/// The operations of an entity.
///
/// They are associated functions of a trait, so that a type's own `create` or `get` is no error.
/// Each makes a plain value; nothing is sent before `.send(&client)`.
pub trait Operations: Entity {
    /// Reads the item with this key, strongly consistent.
    fn get(key: Self::Key) -> Get<Self> {
        Get::new(key)
    }

    /// Reads the items with these keys, any number of them, strongly consistent.
    fn batch_get(keys: impl IntoIterator<Item = Self::Key>) -> BatchGet<Self> {
        BatchGet::new(keys)
    }

    /// Writes a new item: its key must not be taken.
    ///
    /// An expired item counts as absent. The version becomes 1 and the managed times are set.
    fn create(entity: Self) -> Create<Self> {
        Create::new(entity)
    }

    /// Writes the whole item under a condition, which must be given before `send`.
    ///
    /// An entity with a version is written at the version in hand, which is raised. Attributes that
    /// the struct does not know are erased, unless it keeps them: `#[dynamo(unknown)]`.
    fn put(entity: Self) -> Put<Self, NoCondition> {
        Put::new(entity)
    }

    /// Writes the whole item over one that exists, at the version in hand if it has one.
    ///
    /// Attributes that the struct does not know are erased, unless it keeps them:
    /// `#[dynamo(unknown)]`.
    fn replace(entity: Self) -> Put<Self, HasCondition> {
        Put::replace(entity)
    }

    /// Writes the whole item over whatever is there: declared on the type by
    /// `#[dynamo(allow(unconditional_put))]`.
    fn put_unconditionally(entity: Self) -> Put<Self, Unconditional>
    where
        Self: AllowsUnconditionalPut,
    {
        Put::unconditional(entity)
    }

    /// Changes attributes of an item that exists, under a condition, which must be given before
    /// `send`.
    fn update(key: Self::Key) -> Update<Self, NoCondition, ReturnNothing> {
        Update::existing(key)
    }

    /// Changes attributes of an item, or makes it from them, under a condition, which must be given
    /// before `send`.
    ///
    /// It exists where every other attribute has a value when it is absent, so that no item is left
    /// that the struct cannot read. An item that is there must be alive.
    ///
    /// One that only removes (`remove`, `discard`, `set` to `None`) is an error when it is sent: of
    /// that DynamoDB makes no item. The times and versions that the library writes count as well.
    fn upsert(key: Self::Key) -> Update<Self, NoCondition, ReturnNothing>
    where
        Self: Upsertable,
    {
        Update::upsert(key)
    }

    /// As [`upsert`](Self::upsert), without a condition: declared on the type by
    /// `#[dynamo(allow(unconditional_upsert))]`.
    fn upsert_unconditionally(key: Self::Key) -> Update<Self, Unconditional, ReturnNothing>
    where
        Self: AllowsUnconditionalUpsert + Upsertable,
    {
        Update::upsert(key)
    }

    /// Reads the item, lets `change` edit it, and writes it back at the version that was read;
    /// on a conflict, again from the start.
    ///
    /// An `Err` of `change` ends it, and nothing is written. The version is the one that was read,
    /// whatever `change` makes of it, as where it puts another entity in the place of this one.
    /// Attributes that the struct does not know are erased, unless it keeps them:
    /// `#[dynamo(unknown)]`.
    fn modify<F>(key: Self::Key, change: F) -> Modify<Self, F>
    where
        Self: Versioned,
        F: FnMut(&mut Self) -> ModifyResult + Send,
    {
        Modify::new(key, change)
    }

    /// Deletes the item with this key under a condition, which must be given before `send`.
    fn delete(key: Self::Key) -> Delete<Self, NoCondition> {
        Delete::new(key)
    }

    /// Deletes the item of an entity in hand, at its version if it has one.
    fn delete_entity(entity: &Self) -> Delete<Self, HasCondition> {
        Delete::entity(entity)
    }

    /// Deletes whatever has this key: declared on the type by
    /// `#[dynamo(allow(unconditional_delete))]`.
    fn delete_unconditionally(key: Self::Key) -> Delete<Self, Unconditional>
    where
        Self: AllowsUnconditionalDelete,
    {
        Delete::unconditional(key)
    }

    /// Queries the items with this partition key, strongly consistent.
    fn query(partition_key: impl ValueFor<Self::PartitionKey>) -> Query<Self, Primary, Unsorted> {
        Query::table(partition_key)
    }

    /// Reads the whole table: declared on the type by `#[dynamo(allow(scan))]`.
    fn scan() -> Scan<Self>
    where
        Self: AllowsScan,
    {
        Scan::new()
    }

    /// Reads the whole index, as it is named by its type: declared on the type by
    /// `#[dynamo(allow(scan))]`.
    ///
    /// ```
    /// use dynamo_runtime::prelude::*;
    ///
    /// #[derive(Entity, Clone, Debug, PartialEq)]
    /// #[dynamo(table = "users", allow(scan))]
    /// #[dynamo(index(by_team, name = "team-index", partition_key = team))]
    /// struct User {
    ///     #[dynamo(partition_key)]
    ///     user_id: String,
    ///     team: Option<String>, // who has none is not in the index
    /// }
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let client = SecureClient::local().table::<User>().build().await?;
    /// # for (id, team) in [("u1", Some("red")), ("u2", None)] {
    /// #     let user = User { user_id: id.to_owned(), team: team.map(str::to_owned) };
    /// #     User::create(user).send(&client).await?;
    /// # }
    ///
    /// let in_teams = User::scan_index::<UserByTeam>().items(&client).collect().await?;
    /// assert_eq!(in_teams.len(), 1);
    /// # Ok(()) })
    /// # }
    /// ```
    fn scan_index<I: Index<Self>>() -> Scan<Self, I, I::Item>
    where
        Self: AllowsScan,
    {
        Scan::new()
    }
}

#[diagnostic::do_not_recommend]
impl<E: Entity> Operations for E {}
