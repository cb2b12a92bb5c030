//! What an update can do to an attribute.

use super::{Update, operand};
use crate::attribute::{
    Attribute, Fillable, Gathering, Growing, Leaf, Place, Removable, StoredKindOf, TopLevel,
    ValueFor,
};
use crate::codec::AttributeValue;
use crate::entity::{Entity, IndexKey, KeyParts};
use crate::expression::{Counter, SameEntity};
use crate::record::{CanBeAbsent, Computed, NotKey, NotManaged, SetAlone};

/// Actions. Each attribute is written once: two paths of which one is a part of the other are an error
/// when the update is sent.
///
/// DynamoDB makes no document, list or map on the way to a nested attribute: an update through one
/// that is absent is refused by it ([`Error::is_inapplicable`]). To require that it is there, add
/// `.condition(User::ADDRESS.exists())`.
impl<E: Entity, C, R> Update<E, C, R> {
    /// Sets the attribute; `None` removes it. What the item has under an older name is removed.
    ///
    /// An element of a list must be there, or the condition fails; `None` is a null there and in an
    /// entry of a map.
    ///
    /// ```
    #[doc = include_str!("../../example/orders.md")]
    /// let update = Order::update(order(1)).set(Order::TOTAL, 12_u32).set(Order::STATUS, None);
    /// let order = update.if_exists().returning_new().send(&client).await?;
    /// assert_eq!((order.total, order.status), (12, None));
    /// # Ok(()) }
    /// ```
    pub fn set<F, T, V, P, const N: usize>(
        mut self,
        attribute: Attribute<F, T, N, P>,
        value: V,
    ) -> Self
    where
        F: SameEntity<E> + NotKey<N> + NotManaged<N> + SetAlone<N, P::Part>,
        P: Place<F, T, N>,
        V: ValueFor<T>,
    {
        value.with(|value| {
            if let Err(error) = P::check(value) {
                self.actions.fail(error.into());
            }
            self.actions.set::<P::Encoding, T>(&attribute.into_path(), value);
            P::note(value, self.actions.parts());
        });
        self
    }

    /// Sets all parts of a templated key of an index, and the key itself.
    ///
    /// The type is generated where a key has several parts: of the index `by_status` of `Order` it
    /// is `OrderByStatusKey`.
    ///
    /// ```
    /// use dynamo_runtime::prelude::*;
    ///
    /// #[derive(Entity, Clone, Debug, PartialEq)]
    /// #[dynamo(table = "parcels")]
    /// #[dynamo(index(
    ///     by_depot,
    ///     name = "depot-index",
    ///     partition_key("gsi1pk") = "DEPOT#{country}#{depot}"
    /// ))]
    /// struct Parcel {
    ///     #[dynamo(partition_key)]
    ///     id: u32,
    ///     country: String,
    ///     depot: u32,
    /// }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = SecureClient::local().table::<Parcel>().build().await?;
    /// # let parcel = Parcel { id: 1, country: "no".into(), depot: 3 };
    /// # Parcel::create(parcel).send(&client).await?;
    ///
    /// let parcel = Parcel::update(Parcel::key(1_u32))
    ///     .set_index_key(ParcelByDepotKey { country: "se".into(), depot: 8 })
    ///     .if_exists()
    ///     .returning_new()
    ///     .send(&client)
    ///     .await?;
    /// assert_eq!((parcel.country.as_str(), parcel.depot), ("se", 8));
    /// # Ok(()) }
    /// ```
    pub fn set_index_key<K: IndexKey>(mut self, key: K) -> Self
    where
        K::Entity: SameEntity<E>,
    {
        key.set(&mut KeyParts(&mut self.actions));
        self
    }

    /// Sets the attribute unless the item has it.
    ///
    /// A null of another program, which the field reads as absent, fails the condition: DynamoDB has
    /// no way to set it only then. Where one may be, set it under the condition that it
    /// [does not exist](Attribute::not_exists).
    ///
    /// ```
    #[doc = include_str!("../../example/orders.md")]
    /// let update = Order::update(order(1)).set_if_absent(Order::STATUS, "new").if_exists();
    /// let order = update.returning_new().send(&client).await?;
    /// assert_eq!(order.status.as_deref(), Some("open")); // it had one
    /// # Ok(()) }
    /// ```
    pub fn set_if_absent<F, T, V, P, const N: usize>(
        mut self,
        attribute: Attribute<F, T, N, P>,
        value: V,
    ) -> Self
    where
        F: SameEntity<E> + NotKey<N> + NotManaged<N> + Computed<N, P::Part>,
        P: Place<F, T, N, Absence: CanBeAbsent, Leaf: Fillable>,
        V: ValueFor<P::Operand>,
    {
        let path = attribute.into_path();
        value.with(|value| {
            self.actions.set_if_absent::<P::Encoding, P::Operand>(&path, value, |json| {
                E::SCHEMA.check_index_keys(&path, json)
            });
        });
        if <P::Leaf as Leaf<T>>::NULL_IS_ABSENT {
            self.actions.require_not_null(&path);
        }
        self
    }

    /// Removes the attribute, which must be one that can be absent, an entry of a map, or an element
    /// of a list; under its older names too.
    ///
    /// The elements after a removed one move up. Several indexes in one update are those of the list
    /// as it was before, in whichever order they are given.
    ///
    /// ```
    #[doc = include_str!("../../example/orders.md")]
    /// let update = Order::update(order(1)).remove(Order::STATUS).if_exists();
    /// assert_eq!(update.returning_new().send(&client).await?.status, None);
    /// # Ok(()) }
    /// ```
    pub fn remove<F, T, P, const N: usize>(mut self, attribute: Attribute<F, T, N, P>) -> Self
    where
        F: SameEntity<E> + NotKey<N> + NotManaged<N> + SetAlone<N, P::Part>,
        P: Place<F, T, N, Absence: CanBeAbsent, Leaf: Removable>,
    {
        self.actions.remove(&attribute.into_path());
        P::note_removed(self.actions.parts());
        self
    }

    /// Adds to the number; one that is absent counts as its default, or as zero.
    ///
    /// Where nothing is to count from, and where the field's type cannot hold the result, the
    /// condition fails; of a float, a result that is no number of DynamoDB's is
    /// [`Error::is_inapplicable`](crate::Error::is_inapplicable).
    ///
    /// ```
    #[doc = include_str!("../../example/orders.md")]
    /// let update = Order::update(order(1)).add(Order::TOTAL, 5_u32).if_exists();
    /// assert_eq!(update.returning_new().send(&client).await?.total, 15);
    /// # Ok(()) }
    /// ```
    pub fn add<F, T, V, P, const N: usize>(
        mut self,
        attribute: Attribute<F, T, N, P>,
        value: V,
    ) -> Self
    where
        F: SameEntity<E> + NotKey<N> + NotManaged<N> + Computed<N, P::Part>,
        P: Place<F, T, N>,
        T: Counter,
        V: ValueFor<T::Number>,
    {
        let absent = operand::absent_number::<P::Leaf, T>();
        value.with(|value| self.actions.add(&attribute.into_path(), value, absent.as_ref()));
        self
    }

    /// Subtracts from the number; one that is absent counts as its default, or as zero.
    ///
    /// Where nothing is to count from, and where the field's type cannot hold the result, the
    /// condition fails; of a float, a result that is no number of DynamoDB's is
    /// [`Error::is_inapplicable`](crate::Error::is_inapplicable).
    ///
    /// ```
    #[doc = include_str!("../../example/orders.md")]
    /// let subtract = || Order::update(order(1)).subtract(Order::TOTAL, 6_u32).if_exists();
    /// assert_eq!(subtract().returning_new().send(&client).await?.total, 4);
    /// let error = subtract().send(&client).await.unwrap_err(); // a `u32` is not below zero
    /// assert!(error.is_condition_failed());
    /// # Ok(()) }
    /// ```
    pub fn subtract<F, T, V, P, const N: usize>(
        mut self,
        attribute: Attribute<F, T, N, P>,
        value: V,
    ) -> Self
    where
        F: SameEntity<E> + NotKey<N> + NotManaged<N> + Computed<N, P::Part>,
        P: Place<F, T, N>,
        T: Counter,
        V: ValueFor<T::Number>,
    {
        let absent = operand::absent_number::<P::Leaf, T>();
        value.with(|value| self.actions.subtract(&attribute.into_path(), value, absent.as_ref()));
        self
    }

    /// Puts the elements at the end of the list; one that is absent counts as its default, or as
    /// empty. One that must be there and is not fails the condition.
    ///
    /// ```
    #[doc = include_str!("../../example/orders.md")]
    /// let update = Order::update(order(1)).append(Order::NOTES, ["call first"]).if_exists();
    /// assert_eq!(update.returning_new().send(&client).await?.notes, ["call first"]);
    /// # Ok(()) }
    /// ```
    pub fn append<F, T, L, V, P, const N: usize>(
        mut self,
        attribute: Attribute<F, T, N, P>,
        elements: impl IntoIterator<Item = V>,
    ) -> Self
    where
        F: SameEntity<E> + NotKey<N> + NotManaged<N>,
        P: Place<F, T, N, Operand = L>,
        L: Growing<StoredKindOf<F, T, N, P>>,
        T: AttributeValue,
        V: ValueFor<L::Element>,
    {
        let path = attribute.into_path();
        let absent = operand::absent_list::<P::Leaf, T>(&path);
        self.actions.append(&path, operand::list(&path, elements), absent);
        self
    }

    /// Puts the elements, in their order, before those of the list; one that is absent counts as its
    /// default, or as empty. One that must be there and is not fails the condition.
    ///
    /// ```
    #[doc = include_str!("../../example/orders.md")]
    /// let update = Order::update(order(1)).prepend(Order::NOTES, ["urgent", "fragile"]).if_exists();
    /// assert_eq!(update.returning_new().send(&client).await?.notes, ["urgent", "fragile"]);
    /// # Ok(()) }
    /// ```
    pub fn prepend<F, T, L, V, P, const N: usize>(
        mut self,
        attribute: Attribute<F, T, N, P>,
        elements: impl IntoIterator<Item = V>,
    ) -> Self
    where
        F: SameEntity<E> + NotKey<N> + NotManaged<N>,
        P: Place<F, T, N, Operand = L>,
        L: Growing<StoredKindOf<F, T, N, P>>,
        T: AttributeValue,
        V: ValueFor<L::Element>,
    {
        let path = attribute.into_path();
        let absent = operand::absent_list::<P::Leaf, T>(&path);
        self.actions.prepend(&path, operand::list(&path, elements), absent);
        self
    }

    /// Adds the elements to the set, or those of them that are not in it yet; an absent set is empty.
    ///
    /// No elements at all are an error when the update is sent.
    ///
    /// ```
    #[doc = include_str!("../../example/orders.md")]
    /// let tag = || Order::update(order(1)).insert(Order::TAGS, ["gift", "new"]).if_exists();
    /// tag().send(&client).await?;
    /// assert_eq!(tag().returning_new().send(&client).await?.tags.len(), 2); // each stands once
    /// # Ok(()) }
    /// ```
    pub fn insert<F, T, S, V, P, const N: usize>(
        mut self,
        attribute: Attribute<F, T, N, P>,
        elements: impl IntoIterator<Item = V>,
    ) -> Self
    where
        F: SameEntity<E> + NotKey<N> + NotManaged<N>,
        P: Place<F, T, N, Operand = S> + TopLevel,
        S: Gathering<StoredKindOf<F, T, N, P>>,
        V: ValueFor<S::Element>,
    {
        let path = attribute.into_path();
        self.actions.insert(&path, operand::set::<P::Encoding, S, _, _>(&path, "insert", elements));
        self
    }

    /// Takes the elements, or those of them that are in it, out of the set; an empty set is the
    /// absent attribute.
    ///
    /// No elements at all are an error when the update is sent.
    ///
    /// ```
    #[doc = include_str!("../../example/orders.md")]
    /// Order::update(order(1)).insert(Order::TAGS, ["gift", "new"]).if_exists().send(&client).await?;
    /// let update = Order::update(order(1)).discard(Order::TAGS, ["new", "old"]).if_exists();
    /// let tags = update.returning_new().send(&client).await?.tags;
    /// assert_eq!(tags, BTreeSet::from(["gift".to_owned()]));
    /// # Ok(()) }
    /// ```
    pub fn discard<F, T, S, V, P, const N: usize>(
        mut self,
        attribute: Attribute<F, T, N, P>,
        elements: impl IntoIterator<Item = V>,
    ) -> Self
    where
        F: SameEntity<E> + NotKey<N> + NotManaged<N>,
        P: Place<F, T, N, Operand = S> + TopLevel,
        S: Gathering<StoredKindOf<F, T, N, P>>,
        V: ValueFor<S::Element>,
    {
        let path = attribute.into_path();
        self.actions
            .discard(&path, operand::set::<P::Encoding, S, _, _>(&path, "discard", elements));
        self
    }
}
