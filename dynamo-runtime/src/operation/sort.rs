//! Conditions on sort keys: what can be given, and in which order.

mod condition;

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

use self::condition::{part, whole};
use crate::attribute::ValueFor;
use crate::codec::kind::{Kind, Prefixed};
use crate::codec::{AttributeValue, Encoding, Plain};
use crate::expression::{ExpressionError, Fragment};
use crate::key::{SortKeyPrefix, TemplatePart};

pub(super) use self::condition::{between_encoded, text};

/// A query without a condition on its sort key.
#[derive(Debug)]
pub enum Unsorted {}
/// A query of which the first `COUNT` parts of the sort key are given.
#[derive(Debug)]
pub enum Given<const COUNT: usize> {}
/// A query with a condition on its sort key.
#[derive(Debug)]
pub enum Sorted {}

/// That a query can take a condition on its sort key.
#[diagnostic::on_unimplemented(
    message = "the sort key of this query has a condition already",
    label = "a second condition on the sort key",
    note = "DynamoDB takes one: give both bounds as the range `a..=b`; in a sort key of several parts a range is the last one given"
)]
pub trait WithoutSort: sealed::State {}

impl WithoutSort for Unsorted {}
impl<const COUNT: usize> WithoutSort for Given<COUNT> {}

/// That the next part is the one that comes after what is given, `S`.
///
/// It is asked of what comes before the part, since of a query's state there would be one result
/// only, which the compiler would take for granted.
#[diagnostic::on_unimplemented(
    message = "this attribute is not the next part of the sort key",
    label = "not the next part here",
    note = "give the parts before it first, each once and by its value, in the order of the key"
)]
pub trait ComesBeforeNext<S> {}

impl ComesBeforeNext<Unsorted> for Unsorted {}
impl<const COUNT: usize> ComesBeforeNext<Given<COUNT>> for Given<COUNT> {}
/// Told as a second condition.
impl<Before> ComesBeforeNext<Sorted> for Before {}

/// The index whose sort key is the `N`th attribute of `E`, or has it as a part.
#[diagnostic::on_unimplemented(
    message = "this attribute is not the sort key of the index that is queried",
    label = "not the sort key here",
    note = "use the sort key's own method, or `.filter(..)` for any other attribute"
)]
pub trait SortedBy<E, const N: usize> {
    /// What is given before it.
    type Before;
    /// What is given with it.
    type After;
    /// Whether it is the key or a part of it.
    type Form;
}

#[diagnostic::do_not_recommend]
impl<I: SortedAt<E, N>, E, const N: usize> SortedBy<E, N> for I {
    type Before = I::Before;
    type After = I::After;
    type Form = I::Form;
}

/// That the `N`th attribute of `E` is the index's sort key, or a part of it.
pub trait SortedAt<E, const N: usize> {
    /// What is given before it.
    type Before;
    /// What is given with it.
    type After;
    /// Whether it is the key or a part of it.
    type Form;
}

/// An attribute that is a sort key by itself.
#[derive(Debug)]
pub struct WholeKey<C = Plain>(PhantomData<C>);
/// An attribute that is a part of a sort key.
#[derive(Debug)]
pub enum PartOfKey {}

/// An attribute that is a part of a sort key in the form of another library; `ORDERED` where the
/// order of the keys is that of the part.
#[derive(Debug)]
pub enum RawPart<const ORDERED: bool> {}

/// A condition on a sort key of type `T`: a value, a range `a..`, `..b`, `..=b` or `a..=b`, or
/// [`begins_with`]; on a part of one, `F`, the same without `..b`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no condition on a sort key of type `{T}`",
    label = "not a condition on this sort key",
    note = "give a `{T}`, a range `a..`, `..b`, `..=b` or `a..=b` of it, or `begins_with(..)`; `a..b` is none, since DynamoDB's BETWEEN includes both bounds, nor is `..b` of a part of a key, which is a BETWEEN too; a part of a raw key takes a value, and where the key ends with it and keeps its order `a..=b` and `begins_with(..)`"
)]
pub trait SortCondition<T, F>: sealed::SortCondition<T, F> {
    #[doc(hidden)]
    fn write(self, key: SortKey<'_>) -> Fragment;
}

/// What is a condition is known here: another one could leave the condition out.
mod sealed {
    use super::{
        AttributeValue, Given, Prefix, Prefixed, Range, RangeFrom, RangeFull, RangeInclusive,
        RangeTo, RangeToInclusive, SortForm, TemplatePart, Unsorted, ValueFor, WholeKey,
    };

    pub trait State {}
    impl State for Unsorted {}
    impl<const COUNT: usize> State for Given<COUNT> {}

    pub trait SortCondition<T, F> {}
    impl<T: TemplatePart, F> SortCondition<T, F> for T {}
    impl<F> SortCondition<String, F> for &str {}
    impl<T: TemplatePart, V: ValueFor<T>, F> SortCondition<T, F> for RangeFrom<V> {}
    impl<T: TemplatePart, V: ValueFor<T>, C> SortCondition<T, WholeKey<C>> for RangeTo<V> {}
    impl<T: TemplatePart, V: ValueFor<T>, F> SortCondition<T, F> for RangeToInclusive<V> {}
    impl<T: TemplatePart, V: ValueFor<T>, F> SortCondition<T, F> for RangeInclusive<V> {}

    pub trait Gives {}
    impl<T: AttributeValue> Gives for T {}
    impl<V> Gives for Range<V> {}
    impl<V> Gives for RangeFrom<V> {}
    impl<V> Gives for RangeInclusive<V> {}
    impl<V> Gives for RangeTo<V> {}
    impl<V> Gives for RangeToInclusive<V> {}
    impl<V> Gives for Prefix<V> {}
    impl Gives for RangeFull {}

    impl<T: TemplatePart, V: ValueFor<T>, F: SortForm<T, Kind: Prefixed>> SortCondition<T, F>
        for Prefix<V>
    {
    }
}

/// What is given of a sort key with a condition, where a value gives `After`.
///
/// Apart from [`SortCondition`], so that its errors point at the condition.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no condition on a sort key",
    label = "not a condition on a sort key",
    note = "give a value, a range `a..`, `..b`, `..=b` or `a..=b`, or `begins_with(..)`"
)]
pub trait Gives: sealed::Gives {
    type Then<After>;
}

/// A value, of the right type or another: the next part can be given.
#[diagnostic::do_not_recommend]
impl<T: AttributeValue> Gives for T {
    type Then<After> = After;
}

macro_rules! the_last_condition {
    ($($condition:ty),*) => {$(
        impl<V> Gives for $condition {
            type Then<After> = Sorted;
        }
    )*};
}
// A range that is none of a sort key too, so that it is told once.
the_last_condition!(
    Range<V>,
    RangeFrom<V>,
    RangeInclusive<V>,
    RangeTo<V>,
    RangeToInclusive<V>,
    Prefix<V>
);

impl Gives for RangeFull {
    type Then<After> = Sorted;
}

/// The sort key of a query, by one attribute.
#[doc(hidden)]
#[derive(Debug)]
pub struct SortKey<'a> {
    /// The attribute that the condition is on.
    pub(super) attribute: &'static str,
    /// The key that it is the next part of, unless it is the key.
    pub(super) part_of: Option<(&'static str, &'a mut SortKeyPrefix)>,
}

/// What an attribute of type `T` is to the sort key.
#[doc(hidden)]
pub trait SortForm<T> {
    type Kind: Kind;

    #[doc(hidden)]
    fn condition(key: SortKey<'_>, bounds: SortBounds<T>) -> Fragment;
}

/// A form of which a range is a condition: its text has the order of the values.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this part of a raw key takes no range: others follow it, or its text has another order",
    label = "not a condition on this part",
    note = "give the value, and read what is wanted of the page by `.filter(..)`"
)]
pub trait RangedForm {}
impl<C> RangedForm for WholeKey<C> {}
impl RangedForm for PartOfKey {}
impl RangedForm for RawPart<true> {}

/// A form of which a range with one end is a condition.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a part of a raw key has no range with one end",
    label = "not a condition on this part",
    note = "what other entities have under the key may lie beyond the open end: give a value, or where the key ends with the part and keeps its order `a..=b` or `begins_with(..)`"
)]
pub trait HalfRangedForm: RangedForm {}
impl<C> HalfRangedForm for WholeKey<C> {}
impl HalfRangedForm for PartOfKey {}

/// In the form `C`.
impl<C: Encoding<T>, T> SortForm<T> for WholeKey<C> {
    type Kind = C::Kind;

    fn condition(key: SortKey<'_>, bounds: SortBounds<T>) -> Fragment {
        whole::<C, T>(key.attribute, bounds)
    }
}

impl<T: TemplatePart> SortForm<T> for PartOfKey {
    type Kind = T::Kind;

    fn condition(key: SortKey<'_>, bounds: SortBounds<T>) -> Fragment {
        of_part(key, bounds)
    }
}

impl<T: TemplatePart, const ORDERED: bool> SortForm<T> for RawPart<ORDERED> {
    type Kind = T::Kind;

    fn condition(key: SortKey<'_>, bounds: SortBounds<T>) -> Fragment {
        of_part(key, bounds)
    }
}

fn of_part<T: TemplatePart>(key: SortKey<'_>, bounds: SortBounds<T>) -> Fragment {
    match key.part_of {
        // Generated code gives the key to each of its parts.
        None => Fragment::failed(ExpressionError::NotItsKey),
        Some((name, begun)) => part(name, key.attribute, begun, bounds),
    }
}

/// What a condition on a sort key says.
#[doc(hidden)]
#[derive(Debug)]
pub enum SortBounds<T> {
    Equal(T),
    From(T),
    UpTo(T),
    Below(T),
    Within(T, T),
    Prefix(T),
}

fn owned<T: Clone>(value: impl ValueFor<T>) -> T {
    value.with(T::clone)
}

impl<T: TemplatePart, F: SortForm<T>> SortCondition<T, F> for T {
    fn write(self, key: SortKey<'_>) -> Fragment {
        F::condition(key, SortBounds::Equal(self))
    }
}

impl<F: SortForm<String>> SortCondition<String, F> for &str {
    fn write(self, key: SortKey<'_>) -> Fragment {
        F::condition(key, SortBounds::Equal(self.to_owned()))
    }
}

impl<T, V, F> SortCondition<T, F> for RangeFrom<V>
where
    T: TemplatePart,
    V: ValueFor<T>,
    F: SortForm<T> + HalfRangedForm,
{
    fn write(self, key: SortKey<'_>) -> Fragment {
        F::condition(key, SortBounds::From(owned(self.start)))
    }
}

impl<T, V, C> SortCondition<T, WholeKey<C>> for RangeTo<V>
where
    T: TemplatePart,
    V: ValueFor<T>,
    C: Encoding<T>,
{
    fn write(self, key: SortKey<'_>) -> Fragment {
        WholeKey::<C>::condition(key, SortBounds::Below(owned(self.end)))
    }
}

impl<T, V, F> SortCondition<T, F> for RangeToInclusive<V>
where
    T: TemplatePart,
    V: ValueFor<T>,
    F: SortForm<T> + HalfRangedForm,
{
    fn write(self, key: SortKey<'_>) -> Fragment {
        F::condition(key, SortBounds::UpTo(owned(self.end)))
    }
}

impl<T, V, F> SortCondition<T, F> for RangeInclusive<V>
where
    T: TemplatePart,
    V: ValueFor<T>,
    F: SortForm<T> + RangedForm,
{
    fn write(self, key: SortKey<'_>) -> Fragment {
        let (least, most) = self.into_inner();
        F::condition(key, SortBounds::Within(owned(least), owned(most)))
    }
}

/// Sort keys that begin with the prefix.
///
/// An empty prefix is an error when the query is sent, never "all".
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// #[derive(Entity, Clone, Debug, PartialEq)]
/// #[dynamo(table = "files")]
/// struct File {
///     #[dynamo(partition_key)]
///     owner: String,
///     #[dynamo(sort_key)]
///     path: String,
/// }
/// # let client = SecureClient::local().table::<File>().build().await?;
/// # for path in ["etc/hosts", "var/log", "var/run"] {
/// #     File::create(File { owner: "ann".into(), path: path.into() }).send(&client).await?;
/// # }
///
/// let files = File::query("ann").path(begins_with("var/")).page(&client).await?;
/// assert_eq!(files.items.len(), 2);
/// # Ok(()) }
/// ```
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

impl<T, V, F> SortCondition<T, F> for Prefix<V>
where
    T: TemplatePart,
    V: ValueFor<T>,
    F: SortForm<T, Kind: Prefixed> + RangedForm,
{
    fn write(self, key: SortKey<'_>) -> Fragment {
        F::condition(key, SortBounds::Prefix(owned(self.0)))
    }
}
