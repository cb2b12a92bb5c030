//! The typed attribute and its operators.

mod collections;
mod compare;
mod group;
mod place;
mod size;
mod value;

use std::fmt;
use std::marker::PhantomData;

use crate::codec::Encoding;
use crate::codec::kind::{Measured, Ordered, Prefixed};
use crate::expression::{
    AttributeType, Condition, DocumentPath, ExpressionError, Fragment, MAX_LIST_OPERANDS, all_of,
    any_of,
};

#[doc(hidden)]
pub use crate::record::{AttributeAt, NameAt, RoleAt};
pub use collections::{Elements, Entries, Gathering, Growing};
pub use group::{AttributeGroup, Grouped, InGroup, attribute_group};
pub use place::{
    ArrayElement, Fillable, Holds, Leaf, ListElement, MapEntry, Member, Nested, Place, Removable,
    TopLevel, Whole,
};
pub use size::Size;
pub use value::{ComparedWith, Contains, Element, ValueFor};

/// An attribute of the entity `E` that holds a `T`: `User::EMAIL`, or a path to one that is nested
/// in another: `User::ADDRESS.then(Address::CITY)`.
///
/// It holds no text: its name is the `N`th that the derive declared for `E`. `P` is where in the
/// `N`th attribute a path leads; both have the same operators.
///
/// A path goes on by [`then`](Self::then), [`at`](Self::at) and [`entry`](Self::entry). A condition
/// on an absent path is false, except for `ne` and `not_exists`; an update through a path that is not
/// there is refused by DynamoDB, which makes no document, list or map on the way:
/// [Using update expressions](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html).
pub struct Attribute<E, T, const N: usize, P = Whole>(P, PhantomData<fn() -> (E, T)>);

/// Names an attribute, for generated code.
#[doc(hidden)]
pub const fn attribute<E, T, const N: usize>() -> Attribute<E, T, N> {
    Attribute(Whole::new(), PhantomData)
}

/// The kind of attribute that a condition compares.
type KindOf<E, T, const N: usize, P> =
    <<P as Place<E, T, N>>::Encoding as Encoding<<P as Place<E, T, N>>::Operand>>::Kind;

/// The kind of attribute that is stored.
pub(crate) type StoredKindOf<E, T, const N: usize, P> =
    <<P as Place<E, T, N>>::Encoding as Encoding<T>>::Kind;

impl<E, T, P: Clone, const N: usize> Clone for Attribute<E, T, N, P> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<E, T, P: Copy, const N: usize> Copy for Attribute<E, T, N, P> {}

/// The path, without the keys of maps.
impl<E, T, P: Place<E, T, N>, const N: usize> fmt::Debug for Attribute<E, T, N, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path().fmt(f)
    }
}

/// Paths into the attribute.
impl<E, T, P: Place<E, T, N>, const N: usize> Attribute<E, T, N, P> {
    /// The attribute of the document that is in this attribute: `User::ADDRESS.then(Address::CITY)`.
    ///
    /// ```
    #[doc = include_str!("example/orders.md")]
    /// let oslo = Address { city: "Oslo".into(), postcode: Some("0150".into()) };
    /// User::replace(User { address: Some(oslo), ..ann }).send(&client).await?;
    ///
    /// let city = || User::ADDRESS.then(Address::CITY);
    /// let move_on = User::update(User::key("ann")).set(city(), "Bergen").condition(city().eq("Oslo"));
    /// move_on.send(&client).await?;
    /// let city = User::get(User::key("ann")).attribute(city()).send(&client).await?;
    /// assert_eq!(city.as_deref(), Some("Bergen"));
    /// # Ok(()) }
    /// ```
    pub fn then<D, U, Q, const M: usize>(
        self,
        inner: Attribute<D, U, M, Q>,
    ) -> Attribute<E, U, N, Nested<Q::Leaf>>
    where
        P::Operand: Holds<D, StoredKindOf<E, T, N, P>>,
        Q: Place<D, U, M>,
    {
        Attribute(Nested::new(self.into_path().then(inner.into_path())), PhantomData)
    }

    /// The element of the list that is in this attribute, from 0: `Order::LINES.at(2)`.
    ///
    /// An index that no list in an item can have is an error when the operation is sent.
    ///
    /// ```
    #[doc = include_str!("example/orders.md")]
    /// Order::update(order(1)).append(Order::NOTES, ["call", "wait"]).if_exists().send(&client).await?;
    /// let second = Order::get(order(1)).attribute(Order::NOTES.at(1)).send(&client).await?;
    /// assert_eq!(second.as_deref(), Some("wait"));
    /// # Ok(()) }
    /// ```
    pub fn at<L>(self, index: usize) -> Attribute<E, L::Element, N, Nested<L::Leaf>>
    where
        P: Place<E, T, N, Operand = L>,
        L: Elements<StoredKindOf<E, T, N, P>>,
    {
        Attribute(Nested::new(self.into_path().at(index)), PhantomData)
    }

    /// The entry of the map that is in this attribute: `Order::PRICES.entry("tea")`.
    ///
    /// The key is sent as it is, never as a part of the expression. An empty one is an error when
    /// the operation is sent.
    ///
    /// ```
    #[doc = include_str!("example/orders.md")]
    /// Order::update(order(1)).set(Order::PRICES, BTreeMap::new()).if_exists().send(&client).await?;
    /// let tea = || Order::PRICES.entry("tea");
    /// Order::update(order(1)).set(tea(), 3_u32).condition(tea().not_exists()).send(&client).await?;
    /// assert_eq!(Order::get(order(1)).attribute(tea()).send(&client).await?, Some(3));
    /// # Ok(()) }
    /// ```
    pub fn entry<M>(self, key: impl ValueFor<M::Key>) -> Attribute<E, M::Value, N, Nested<MapEntry>>
    where
        P: Place<E, T, N, Operand = M>,
        M: Entries<StoredKindOf<E, T, N, P>>,
    {
        Attribute(Nested::new(self.into_path().entry(place::key::<M::Key>(key))), PhantomData)
    }

    pub(crate) fn path(&self) -> DocumentPath {
        self.0.path()
    }

    pub(crate) fn into_path(self) -> DocumentPath {
        self.0.into_path()
    }
}

/// Conditions.
///
/// ```
#[doc = include_str!("example/orders.md")]
/// use dynamo_runtime::AttributeType;
///
/// let count = async |condition| Order::query("ann").filter(condition).count(&client).await;
///
/// assert_eq!(count(Order::TOTAL.eq(20)).await?, 1);
/// assert_eq!(count(Order::TOTAL.ne(20)).await?, 2);
/// assert_eq!(count(Order::TOTAL.lt(20)).await?, 1);
/// assert_eq!(count(Order::TOTAL.le(20)).await?, 2);
/// assert_eq!(count(Order::TOTAL.gt(20)).await?, 1);
/// assert_eq!(count(Order::TOTAL.ge(20)).await?, 2);
/// assert_eq!(count(Order::TOTAL.between(15, 30)).await?, 2);
/// assert_eq!(count(Order::TOTAL.is_in([10, 30, 50])).await?, 2);
///
/// assert_eq!(count(Order::STATUS.exists()).await?, 3);
/// assert_eq!(count(Order::STATUS.not_exists()).await?, 0);
/// assert_eq!(count(Order::STATUS.is_null()).await?, 0);
/// assert_eq!(count(Order::STATUS.begins_with("op")).await?, 3);
/// assert_eq!(count(Order::STATUS.contains("pe")).await?, 3);
/// assert_eq!(count(Order::STATUS.size().eq(4)).await?, 3);
/// assert_eq!(count(Order::TOTAL.attribute_type(AttributeType::N)).await?, 3);
/// # Ok(()) }
/// ```
impl<E, T, P: Place<E, T, N>, const N: usize> Attribute<E, T, N, P> {
    /// The attribute equals the value.
    pub fn eq<V: ComparedWith<P::Operand>>(&self, value: V) -> Condition<E, P::Keys> {
        self.compare(" = ", value)
    }

    /// The attribute differs from the value, or is absent: so DynamoDB has it.
    pub fn ne<V: ComparedWith<P::Operand>>(&self, value: V) -> Condition<E, P::Keys> {
        self.compare(" <> ", value)
    }

    /// The attribute is less than the value.
    pub fn lt<V: ComparedWith<P::Operand>>(&self, value: V) -> Condition<E, P::Keys>
    where
        KindOf<E, T, N, P>: Ordered,
    {
        self.compare(" < ", value)
    }

    /// The attribute is at most the value.
    pub fn le<V: ComparedWith<P::Operand>>(&self, value: V) -> Condition<E, P::Keys>
    where
        KindOf<E, T, N, P>: Ordered,
    {
        self.compare(" <= ", value)
    }

    /// The attribute is greater than the value.
    pub fn gt<V: ComparedWith<P::Operand>>(&self, value: V) -> Condition<E, P::Keys>
    where
        KindOf<E, T, N, P>: Ordered,
    {
        self.compare(" > ", value)
    }

    /// The attribute is at least the value.
    pub fn ge<V: ComparedWith<P::Operand>>(&self, value: V) -> Condition<E, P::Keys>
    where
        KindOf<E, T, N, P>: Ordered,
    {
        self.compare(" >= ", value)
    }

    /// The attribute is within the bounds, both included.
    ///
    /// Reversed bounds are an error when the operation is sent: in the order of what is stored, so
    /// that of an enum stored as text is the order of the texts.
    pub fn between<V, W>(&self, least: V, most: W) -> Condition<E, P::Keys>
    where
        V: ComparedWith<P::Operand>,
        W: ComparedWith<P::Operand>,
        KindOf<E, T, N, P>: Ordered,
    {
        let path = self.path();
        Condition::single(least.with(|least| {
            most.with(|most| Fragment::between::<P::Encoding, _>(&path, least, most))
        }))
    }

    /// The attribute equals one of the values, at most 99: DynamoDB documents 100, and was seen to refuse
    /// as many.
    ///
    /// An empty list is an error when the operation is sent, never "false".
    pub fn is_in<V>(&self, values: impl IntoIterator<Item = V>) -> Condition<E, P::Keys>
    where
        V: ValueFor<P::Operand>,
    {
        let path = self.path();
        let mut count = 0;
        let mut fragment = Fragment::default().path(&path).operator(" IN (");
        for value in values {
            if count > 0 {
                fragment = fragment.text(", ");
            }
            fragment = value.with(|value| fragment.value::<P::Encoding, _>(&path, value));
            count += 1;
        }
        Condition::single(match count {
            0 => Fragment::failed(ExpressionError::EmptyList { operation: "is_in" }),
            1..=MAX_LIST_OPERANDS => fragment.text(")"),
            _ => Fragment::failed(ExpressionError::TooManyOperands {
                attribute: path.describe(),
                count,
            }),
        })
    }

    /// The attribute is present.
    ///
    /// A null is the absent attribute where the field is read so: where it is an `Option` or a set,
    /// or has a default. An element of a list or an entry of a map that is null is present.
    pub fn exists(&self) -> Condition<E, P::Keys> {
        let path = self.path();
        let exists = Condition::single(Fragment::call("attribute_exists(", &path));
        if !<P::Leaf as Leaf<T>>::NULL_IS_ABSENT {
            return exists;
        }
        all_of([exists, self.is_null().not()])
    }

    /// The attribute is absent, or is a null that [`exists`](Self::exists) treats as absent.
    pub fn not_exists(&self) -> Condition<E, P::Keys> {
        let path = self.path();
        let absent = Condition::single(Fragment::call("attribute_not_exists(", &path));
        if !<P::Leaf as Leaf<T>>::NULL_IS_ABSENT {
            return absent;
        }
        any_of([absent, self.is_null()])
    }

    /// The attribute is stored as a null, as other programs write what is absent.
    pub fn is_null(&self) -> Condition<E, P::Keys> {
        self.attribute_type(AttributeType::Null)
    }

    /// The attribute is stored as this type, whichever its field has.
    pub fn attribute_type(&self, ty: AttributeType) -> Condition<E, P::Keys> {
        Condition::single(Fragment::has_type(&self.path(), ty))
    }

    /// The attribute, text or binary, begins with the prefix.
    ///
    /// An empty prefix is an error when the operation is sent, never "true".
    pub fn begins_with<V: ComparedWith<P::Operand>>(&self, prefix: V) -> Condition<E, P::Keys>
    where
        KindOf<E, T, N, P>: Prefixed,
    {
        let path = self.path();
        Condition::single(
            prefix.with(|prefix| Fragment::begins_with::<P::Encoding, _>(&path, prefix)),
        )
    }

    /// The attribute, a text, contains the text; or, a list or a set, the element.
    ///
    /// An empty text is an error when the operation is sent, never "true".
    pub fn contains<V>(&self, part: V) -> Condition<E, P::Keys>
    where
        P::Operand: Contains<V>,
    {
        let path = self.path();
        let fragment = Fragment::default().operator("contains(").path(&path).text(", ");
        Condition::single(<P::Operand as Contains<V>>::write(part, &path, fragment).text(")"))
    }

    /// The attribute's size: the length of a text, bytes of a binary, elements of a list or a set,
    /// entries of a map.
    ///
    /// DynamoDB does not document the unit of a text's length, and engines disagree where a
    /// character is not ASCII.
    ///
    /// Source: [Operator and function reference](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html).
    pub fn size(&self) -> Size<E, P::Keys>
    where
        KindOf<E, T, N, P>: Measured,
    {
        Size::new(self.path())
    }

    fn compare<V: ComparedWith<P::Operand>>(
        &self,
        operator: &'static str,
        value: V,
    ) -> Condition<E, P::Keys> {
        let path = self.path();
        Condition::single(value.with(|value| {
            Fragment::default().path(&path).operator(operator).value::<P::Encoding, _>(&path, value)
        }))
    }
}
