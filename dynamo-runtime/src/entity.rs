//! The traits that the derives implement, and the operations on them.

mod declared;

use std::collections::{BTreeSet, HashSet};
use std::time::SystemTime;

use crate::attribute::ValueFor;
use crate::codec::{DecodeItem, EncodeItem, EpochSeconds};
use crate::key::{Key, KeyError, Parts, SingleKey};
use crate::operation::ModifyResult;
use crate::operation::{
    BatchGet, Create, Delete, Get, HasCondition, Index, Modify, NoCondition, Partition, Primary,
    Put, Query, ReturnNothing, Scan, Unconditional, Unsorted, Update,
};
use crate::schema::Schema;
use crate::value::{Timestamp, Version};

pub(crate) use declared::Negative;
pub use declared::{Declared, No, Yes};
use declared::{DeclaresDelete, DeclaresPut, DeclaresScan, DeclaresUpsert, DeclaresVersion};

/// The stored attributes of a type, in the order of its fields.
///
/// A name is always sent as a placeholder, so an implementation by hand can alias a declared
/// attribute and nothing else.
pub trait Record {
    /// The attributes' names in the table.
    const NAMES: &'static [&'static str];
}

/// A struct that is stored as an item, by `#[derive(Entity)]`.
///
/// The operations are associated functions of this trait, so that a type's own `create` or `get`
/// is no error. Each makes a plain value; nothing is sent before `.send(&client)`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an entity",
    label = "not an entity",
    note = "add `#[derive(Entity)]` and `#[dynamo(table = \"..\")]` to the struct"
)]
pub trait Entity:
    Record + Parts + Managed + EncodeItem + for<'de> DecodeItem<'de> + Send + Sync + Sized + 'static
{
    /// The whole primary key.
    type Key: Key<Entity = Self>;

    /// What finds a partition: the partition key, a [`KeyPart`](trait@crate::KeyPart), or the parts
    /// that it is made of.
    type PartitionKey;

    #[doc(hidden)]
    type Required;

    /// What it has and allows.
    #[doc(hidden)]
    type Declared;

    #[doc(hidden)]
    const SCHEMA: Schema;

    #[doc(hidden)]
    fn partition(key: &Self::PartitionKey) -> Partition;

    /// The key of this entity.
    fn to_key(&self) -> Self::Key;

    /// The key with this one part; a key of two parts is written with its parts by name.
    fn key(part: impl Into<Self::Part>) -> Self::Key
    where
        Self: SingleKey,
    {
        Self::single(part.into())
    }

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

/// The attributes that the library writes itself.
#[doc(hidden)]
pub trait Managed {
    fn version(&self) -> Option<Version> {
        None
    }

    fn stamp(&mut self, stamp: &Stamp) {
        let _ = stamp;
    }

    /// Checks the keys of the table and of the indexes against DynamoDB's limits.
    fn check_keys(&self) -> Result<(), KeyError>;
}

/// The values of the managed attributes for one write.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    now: Timestamp,
    version: Version,
    is_new: bool,
}

impl Stamp {
    pub(crate) fn created(now: Timestamp) -> Self {
        Self { now, version: Version::FIRST, is_new: true }
    }

    /// Of an item that is there already, or may be.
    pub(crate) fn written(now: Timestamp, version: Version) -> Self {
        Self { now, version, is_new: false }
    }

    /// Whether a time of the entity is set to that of the write.
    pub(crate) fn sets_a_time<E: Entity>(&self) -> bool {
        E::SCHEMA.updated_at.is_some() || (self.is_new && E::SCHEMA.created_at.is_some())
    }
}

/// A field that can hold the version: a [`Version`].
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the version",
    label = "not a version",
    note = "use `Version` for the field with `#[dynamo(version)]`"
)]
pub trait VersionField: managed::Known {
    fn version(&self) -> Version;

    fn stamp(&mut self, stamp: &Stamp);
}

impl VersionField for Version {
    fn version(&self) -> Version {
        *self
    }

    fn stamp(&mut self, stamp: &Stamp) {
        *self = stamp.version;
    }
}

/// A field that can hold the time of a write: a [`Timestamp`].
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the time of a write",
    label = "not a time",
    note = "use `Timestamp` for the field with `#[dynamo(created_at)]` or `#[dynamo(updated_at)]`"
)]
pub trait TimeField: managed::Known {
    fn stamp_creation(&mut self, stamp: &Stamp);

    fn stamp_write(&mut self, stamp: &Stamp);
}

impl TimeField for Timestamp {
    fn stamp_creation(&mut self, stamp: &Stamp) {
        if stamp.is_new {
            *self = stamp.now;
        }
    }

    fn stamp_write(&mut self, stamp: &Stamp) {
        *self = stamp.now;
    }
}

/// A field that can hold the time of expiry: a [`Timestamp`] or an `Option` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the time of expiry",
    label = "not a time of expiry",
    note = "use `Timestamp` or `Option<Timestamp>` for the field with `#[dynamo(ttl)]`"
)]
pub trait Expiry: managed::Known {
    #[doc(hidden)]
    type Encoding;

    /// What is stored are whole seconds, so the entity as written has whole seconds too.
    #[doc(hidden)]
    fn stamp(&mut self, stamp: &Stamp);
}

impl Expiry for Timestamp {
    type Encoding = EpochSeconds;

    fn stamp(&mut self, _: &Stamp) {
        *self = Self::from_epoch_seconds(self.epoch_seconds()).unwrap_or(*self);
    }
}

impl Expiry for Option<Timestamp> {
    type Encoding = EpochSeconds;

    fn stamp(&mut self, stamp: &Stamp) {
        if let Some(timestamp) = self {
            timestamp.stamp(stamp);
        }
    }
}

/// Which types the library can write itself is known here: another one could keep its version or its
/// expiry to itself.
mod managed {
    pub trait Known {}
    impl Known for super::Version {}
    impl Known for super::Timestamp {}
    impl Known for Option<super::Timestamp> {}
}

/// The current time, as far as a [`Timestamp`] can hold it.
pub(crate) fn timestamp(now: SystemTime) -> Timestamp {
    Timestamp::try_from(now).unwrap_or_else(|_| Timestamp::now())
}

/// Attributes that have a value when the item does not hold them.
#[diagnostic::on_unimplemented(
    message = "an attribute of type `{Self}` has no value when it is absent",
    label = "an item without this attribute could not be read",
    note = "give it a value by `.set(..)`; or make the field an `Option` or give it `#[dynamo(default)]`"
)]
pub trait CanBeAbsent: absence::Known {}

/// Which types say so is known here: one by hand would let an update leave an item that the struct cannot read.
pub(crate) mod absence {
    pub trait Known {}
}

/// A type with a default, for a field with `#[dynamo(default)]`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no default that an absent attribute could be read as",
    label = "this type does not implement `Default`",
    note = "name a function that gives the value: `#[dynamo(default = path::to::function)]`; or derive `Default` for the type"
)]
pub trait HasDefault {
    fn of_absent() -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Default> HasDefault for T {
    fn of_absent() -> Self {
        Self::default()
    }
}

/// A field with `#[dynamo(default)]`.
#[derive(Debug)]
pub enum Defaulted {}

impl CanBeAbsent for Defaulted {}
impl<T> CanBeAbsent for Option<T> {}
/// An empty set is the absent attribute.
impl<T, S> CanBeAbsent for HashSet<T, S> {}
impl<T> CanBeAbsent for BTreeSet<T> {}
impl CanBeAbsent for () {}
impl<First: CanBeAbsent, Rest: CanBeAbsent> CanBeAbsent for (First, Rest) {}

impl absence::Known for Defaulted {}
impl<T> absence::Known for Option<T> {}
impl<T, S> absence::Known for HashSet<T, S> {}
impl<T> absence::Known for BTreeSet<T> {}
impl absence::Known for () {}
impl<First, Rest> absence::Known for (First, Rest) {}

/// An entity of which every attribute but the key can be absent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has attributes that every item needs, so it has no upsert",
    label = "an item that this makes could not be read",
    note = "use `create` or `update`; or make each field of `{Self}` that is no key an `Option` or give it `#[dynamo(default)]`"
)]
pub trait Upsertable: Entity + upserting::Known {}

#[diagnostic::do_not_recommend]
impl<E: Entity<Required: CanBeAbsent>> Upsertable for E {}

/// Known here, as what can be absent is.
mod upserting {
    use super::{CanBeAbsent, Entity};

    pub trait Known {}
    #[diagnostic::do_not_recommend]
    impl<E: Entity<Required: CanBeAbsent>> Known for E {}
}

/// An entity with a field `#[dynamo(version)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no version",
    label = "this needs an entity with a version",
    note = "add a field `#[dynamo(version)] version: Version` to `{Self}`"
)]
pub trait Versioned: Entity {}

#[diagnostic::do_not_recommend]
impl<E: Entity<Declared: DeclaresVersion>> Versioned for E {}

/// An entity whose items may be overwritten blindly.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not allow a put without a condition",
    label = "this would overwrite whatever is there",
    note = "use `put` with a condition, `create` or `replace`; or declare it: `#[dynamo(allow(unconditional_put))]` on `{Self}`"
)]
pub trait AllowsUnconditionalPut: Entity {}

#[diagnostic::do_not_recommend]
impl<E: Entity<Declared: DeclaresPut>> AllowsUnconditionalPut for E {}

/// An entity whose items may be deleted blindly.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not allow a delete without a condition",
    label = "this would delete whatever is there",
    note = "use `delete` with a condition; or declare it: `#[dynamo(allow(unconditional_delete))]` on `{Self}`"
)]
pub trait AllowsUnconditionalDelete: Entity {}

#[diagnostic::do_not_recommend]
impl<E: Entity<Declared: DeclaresDelete>> AllowsUnconditionalDelete for E {}

/// An entity whose items may be upserted blindly.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not allow an upsert without a condition",
    label = "this would change or make whatever is there",
    note = "use `upsert` with a condition; or declare it: `#[dynamo(allow(unconditional_upsert))]` on `{Self}`"
)]
pub trait AllowsUnconditionalUpsert: Entity {}

#[diagnostic::do_not_recommend]
impl<E: Entity<Declared: DeclaresUpsert>> AllowsUnconditionalUpsert for E {}

/// An entity whose table may be scanned.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not allow scans",
    label = "a scan reads the whole table",
    note = "use `query` or an index; or declare it: `#[dynamo(allow(scan))]` on `{Self}`"
)]
pub trait AllowsScan: Entity {}

#[diagnostic::do_not_recommend]
impl<E: Entity<Declared: DeclaresScan>> AllowsScan for E {}
