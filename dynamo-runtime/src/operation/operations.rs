//! What can be done with the items of an entity.

use super::{
    BatchGet, Create, Delete, Get, HasCondition, Index, Modify, ModifyResult, NoCondition, Primary,
    Put, Query, ReturnNothing, Scan, Unconditional, Unsorted, Update,
};
use crate::attribute::ValueFor;
use crate::entity::{
    AllowsScan, AllowsUnconditionalDelete, AllowsUnconditionalPut, AllowsUnconditionalUpsert,
    Entity, KeyFor, Upsertable, Versioned,
};

/// The operations of an entity.
///
/// They are associated functions of a trait, so an entity may have a `create` or a `get` of its own.
/// Each returns a request as a plain value, which `.send(&client)` sends.
pub trait Operations: Entity {
    /// Reads the item with this key, strongly consistent.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let found = User::get(User::key("ann")).send(&client).await?;
    /// assert_eq!(found.map(|user| user.email).as_deref(), Some("ann@example.com"));
    /// assert_eq!(User::get(User::key("bob")).send(&client).await?, None);
    /// # Ok(()) }
    /// ```
    fn get(key: impl KeyFor<Self>) -> Get<Self> {
        Get::new(key.into_key())
    }

    /// Reads the items with these keys, any number of them, strongly consistent.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let orders = Order::batch_get([1, 2, 9].map(order)).send(&client).await?;
    /// assert_eq!(orders.absent, [order(9)]);
    /// assert_eq!(orders.complete()?.len(), 2); // an error if keys were left unread
    /// # Ok(()) }
    /// ```
    fn batch_get(keys: impl IntoIterator<Item: KeyFor<Self>>) -> BatchGet<Self> {
        BatchGet::new(keys.into_iter().map(KeyFor::into_key))
    }

    /// Writes a new item: its key must not be taken.
    ///
    /// An expired item counts as absent. The version becomes 1 and the managed times are set.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let bob = User { user_id: "bob".into(), email: "bob@example.com".into(), ..User::default() };
    /// let bob = User::create(bob).send(&client).await?;
    /// assert_eq!(bob.version, Version::FIRST);
    ///
    /// let error = User::create(bob).send(&client).await.unwrap_err();
    /// assert!(error.is_condition_failed()); // the key is taken
    /// # Ok(()) }
    /// ```
    fn create(entity: Self) -> Create<Self> {
        Create::new(entity)
    }

    /// Writes the whole item under a condition, which must be given before `send`.
    ///
    /// An entity with a version is written only if the item has that version, and the version is
    /// raised. Attributes that the struct does not know are erased, unless it keeps them: `#[dynamo(unknown)]`.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let email = "ann@example.org".to_owned();
    /// let changed = User { email, ..ann.clone() };
    /// let put = User::put(changed).condition(User::EMAIL.eq("ann@example.com"));
    /// assert_eq!(put.send(&client).await?.version, Version::new(2));
    ///
    /// let late = User::put(ann).condition(User::EMAIL.exists()); // still at version 1
    /// assert!(late.send(&client).await.unwrap_err().is_condition_failed());
    /// # Ok(()) }
    /// ```
    fn put(entity: Self) -> Put<Self, NoCondition> {
        Put::new(entity)
    }

    /// Writes the whole item over one that exists, and that has the entity's version if it has one.
    ///
    /// Attributes that the struct does not know are erased, unless it keeps them:
    /// `#[dynamo(unknown)]`.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let moved = Address { city: "Oslo".into(), postcode: None };
    /// let ann = User::replace(User { address: Some(moved), ..ann }).send(&client).await?;
    /// assert_eq!(ann.version, Version::new(2));
    ///
    /// let nobody = User::default();
    /// let nobody = User { user_id: "nobody".into(), ..nobody };
    /// assert!(User::replace(nobody).send(&client).await.unwrap_err().is_absent());
    /// # Ok(()) }
    /// ```
    fn replace(entity: Self) -> Put<Self, HasCondition> {
        Put::replace(entity)
    }

    /// Writes the whole item over whatever is there: declared on the type by
    /// `#[dynamo(allow(unconditional_put))]`.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let order = Order { customer: "ann".into(), number: 1, total: 99, ..Order::default() };
    /// let written = Order::put_unconditionally(order).send(&client).await?; // whatever was there
    /// assert_eq!(written.total, 99);
    /// # Ok(()) }
    /// ```
    fn put_unconditionally(entity: Self) -> Put<Self, Unconditional>
    where
        Self: AllowsUnconditionalPut,
    {
        Put::unconditional(entity)
    }

    /// Writes the whole item as [`replace`](Self::replace) does, with the guards of its unique attributes,
    /// which an item may lack that another program or an older one has written.
    ///
    /// It can be done again, so a scan of all items can be ended anywhere and resumed:
    ///
    /// ```
    /// use dynamo_runtime::prelude::*;
    ///
    /// #[derive(Entity, Clone, Debug, PartialEq)]
    /// #[dynamo(table = "members", allow(scan), partition_key("pk") = "MEMBER#{id}", constant("type") = "Member")]
    /// struct Member {
    ///     id: u32,
    ///     #[dynamo(unique = "EMAIL#{email}")]
    ///     email: String,
    ///     #[dynamo(version)]
    ///     version: Version,
    /// }
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let client = SecureClient::local().table::<Member>().build().await?;
    /// # let member = Member { id: 1, email: "ann@example.com".to_owned(), version: Version::UNSAVED };
    /// # Member::create(member.clone()).send(&client).await?;
    ///
    /// let mut members = Member::scan().items(&client);
    /// while let Some(member) = members.next().await {
    ///     Member::claim_unique(member?).send(&client).await?;
    /// }
    /// let error = Member::create(Member { id: 2, ..member }).send(&client).await.unwrap_err();
    /// assert_eq!(error.taken_attribute(), Some("email"));
    /// # Ok(()) })
    /// # }
    /// ```
    fn claim_unique(entity: Self) -> Put<Self, HasCondition>
    where
        Self: Versioned,
    {
        Put::claiming(entity)
    }

    /// Changes attributes of an item that exists, under a condition, which must be given before
    /// `send`.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let ship = Order::update(order(1))
    ///     .set(Order::STATUS, "shipped")
    ///     .add(Order::TOTAL, 5_u32)
    ///     .condition(Order::STATUS.eq("open"));
    /// ship.clone().send(&client).await?;
    ///
    /// let error = ship.send(&client).await.unwrap_err(); // it is open no longer
    /// assert_eq!(error.current().map(|order| order.total), Some(15));
    /// # Ok(()) }
    /// ```
    fn update(key: impl KeyFor<Self>) -> Update<Self, NoCondition, ReturnNothing> {
        Update::existing(key.into_key())
    }

    /// Changes attributes of an item, or creates an item with them, under a condition, which must be
    /// given before `send`.
    ///
    /// An entity has it if all of its other attributes may be absent (an `Option`, a set, a field with
    /// a `default`), so that the struct can read the new item. An existing item must not have expired.
    ///
    /// An upsert that only removes (`remove`, `discard`, `set` to `None`) is an error when it is sent,
    /// since DynamoDB creates no item from removals. With a version or a managed time, which every write
    /// sets, it is no error.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let first = Order::STATUS.not_exists();
    /// let reserve = Order::upsert(order(7)).set(Order::STATUS, "reserved").condition(first);
    /// let reserved = reserve.returning_new().send(&client).await?;
    /// assert_eq!((reserved.status.as_deref(), reserved.total), (Some("reserved"), 0));
    /// # Ok(()) }
    /// ```
    fn upsert(key: impl KeyFor<Self>) -> Update<Self, NoCondition, ReturnNothing>
    where
        Self: Upsertable,
    {
        Update::upsert(key.into_key())
    }

    /// As [`upsert`](Self::upsert), without a condition: declared on the type by
    /// `#[dynamo(allow(unconditional_upsert))]`.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let count = || Order::upsert_unconditionally(order(7)).add(Order::TOTAL, 1_u32);
    /// count().send(&client).await?; // makes the item
    /// assert_eq!(count().returning_new().send(&client).await?.total, 2);
    /// # Ok(()) }
    /// ```
    fn upsert_unconditionally(key: impl KeyFor<Self>) -> Update<Self, Unconditional, ReturnNothing>
    where
        Self: AllowsUnconditionalUpsert + Upsertable,
    {
        Update::upsert(key.into_key())
    }

    /// Reads the item, lets `change` edit it, and writes it back at the version that was read;
    /// on a conflict, again from the start.
    ///
    /// If `change` returns an error, nothing is written. It may replace the whole entity: the version
    /// that is compared is the one that was read, whatever `change` sets it to. Attributes that the struct does not know are erased, unless it keeps them:
    /// `#[dynamo(unknown)]`.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let change = User::modify(User::key("ann"), |user| {
    ///     let Some((name, _)) = user.email.split_once('@') else { return Err("no email".into()) };
    ///     user.email = format!("{name}@example.org");
    ///     Ok(())
    /// });
    /// let ann = change.send(&client).await?;
    /// assert_eq!((ann.email.as_str(), ann.version), ("ann@example.org", Version::new(2)));
    /// # Ok(()) }
    /// ```
    fn modify<F>(key: impl KeyFor<Self>, change: F) -> Modify<Self, F>
    where
        Self: Versioned,
        F: FnMut(&mut Self) -> ModifyResult + Send,
    {
        Modify::new(key.into_key(), change)
    }

    /// Deletes the item with this key under a condition, which must be given before `send`.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let cancel = || Order::delete(order(1)).condition(Order::STATUS.eq("open"));
    /// cancel().send(&client).await?;
    /// assert_eq!(Order::get(order(1)).send(&client).await?, None);
    /// assert!(cancel().send(&client).await.unwrap_err().is_absent());
    /// # Ok(()) }
    /// ```
    fn delete(key: impl KeyFor<Self>) -> Delete<Self, NoCondition> {
        Delete::new(key.into_key())
    }

    /// Deletes the item of this entity, at the entity's version if it has one.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let update = User::update(User::key("ann")).set(User::EMAIL, "new@example.com");
    /// update.if_exists().send(&client).await?;
    /// let stale = User::delete_entity(&ann).send(&client).await.unwrap_err();
    /// assert!(stale.is_condition_failed()); // the item is at version 2
    ///
    /// let current = stale.into_current().ok_or("no such user")?;
    /// User::delete_entity(&current).send(&client).await?;
    /// assert_eq!(User::get(current.to_key()).send(&client).await?, None);
    /// # Ok(()) }
    /// ```
    fn delete_entity(entity: &Self) -> Delete<Self, HasCondition> {
        Delete::entity(entity)
    }

    /// Deletes whatever has this key: declared on the type by
    /// `#[dynamo(allow(unconditional_delete))]`.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// for _ in 0..2 {
    ///     Order::delete_unconditionally(order(1)).send(&client).await?; // also where there is none
    /// }
    /// assert_eq!(Order::get(order(1)).send(&client).await?, None);
    /// # Ok(()) }
    /// ```
    fn delete_unconditionally(key: impl KeyFor<Self>) -> Delete<Self, Unconditional>
    where
        Self: AllowsUnconditionalDelete,
    {
        Delete::unconditional(key.into_key())
    }

    /// Queries the items with this partition key, strongly consistent.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let recent = Order::query("ann").number(2..).send(&client).await?;
    /// assert_eq!(recent.items.iter().map(|order| order.number).collect::<Vec<_>>(), [2, 3]);
    /// # Ok(()) }
    /// ```
    fn query(partition_key: impl ValueFor<Self::PartitionKey>) -> Query<Self, Primary, Unsorted> {
        Query::table(partition_key)
    }

    /// Reads the whole table: declared on the type by `#[dynamo(allow(scan))]`.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let all = Order::scan().items(&client).collect().await?;
    /// assert_eq!(all.iter().map(|order| order.total).sum::<u32>(), 60);
    /// # Ok(()) }
    /// ```
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
