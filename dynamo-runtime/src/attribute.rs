//! The typed attribute and its operators.

use std::fmt;
use std::marker::PhantomData;

use crate::codec::kind::{List, Measured, Ordered, Prefixed};
use crate::codec::{AttributeValue, Encoding, Plain};
use crate::entity::Record;
use crate::expression::{Condition, ExpressionError, Fragment, Keys, MAX_LIST_OPERANDS};
use crate::key::{KeyError, WrittenParts};

/// An attribute of the entity `E` that holds a `T`: `User::EMAIL`.
///
/// It holds no text: its name is the `N`th that the derive declared for `E`.
pub struct Attribute<E, T, const N: usize>(PhantomData<fn() -> (E, T)>);

/// Names an attribute, for generated code.
#[doc(hidden)]
pub const fn attribute<E, T, const N: usize>() -> Attribute<E, T, N> {
    Attribute(PhantomData)
}

/// What the derive declares of the `N`th attribute of an entity.
#[doc(hidden)]
pub trait AttributeAt<const N: usize>: Record {
    /// The field's type.
    type Value;
    /// What a condition compares it with.
    type Operand;
    /// How it is stored.
    type Encoding: Encoding<Self::Value> + Encoding<Self::Operand>;
    /// The keys that it is part of.
    type Keys: Keys;
    /// The field's type, or `Defaulted`.
    type Absence;
    /// What it is to the templated keys of indexes: `NoPart`, `OnlyPart`, or the type that sets all
    /// parts at once.
    type Part;

    /// The name in the table.
    #[expect(clippy::indexing_slicing, reason = "past the declared names it does not compile")]
    const NAME: &'static str = Self::NAMES[N];

    /// What an absent attribute reads as, where the field has a default.
    fn when_absent() -> Option<Self::Value> {
        None
    }

    /// Checks a value against the limits of an index of which this is a key.
    fn check(value: &Self::Value) -> Result<(), KeyError> {
        let _ = value;
        Ok(())
    }

    /// Takes note of a new value, where it is a part of an index's key.
    fn note(value: &Self::Value, parts: &mut WrittenParts) {
        let _ = (value, parts);
    }
}

/// The kind of attribute that is stored.
pub(crate) type KindOf<E, const N: usize> =
    <<E as AttributeAt<N>>::Encoding as Encoding<<E as AttributeAt<N>>::Operand>>::Kind;

impl<E, T, const N: usize> Clone for Attribute<E, T, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E, T, const N: usize> Copy for Attribute<E, T, N> {}

impl<E: AttributeAt<N>, T, const N: usize> fmt::Debug for Attribute<E, T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(E::NAME)
    }
}

impl<E: AttributeAt<N, Value = T>, T, const N: usize> Attribute<E, T, N> {
    /// The attribute equals the value.
    pub fn eq<V: ValueFor<E::Operand>>(self, value: V) -> Condition<E, E::Keys> {
        Self::compare(" = ", value)
    }

    /// The attribute differs from the value, or is absent: so DynamoDB has it.
    pub fn ne<V: ValueFor<E::Operand>>(self, value: V) -> Condition<E, E::Keys> {
        Self::compare(" <> ", value)
    }

    /// The attribute is less than the value.
    pub fn lt<V: ValueFor<E::Operand>>(self, value: V) -> Condition<E, E::Keys>
    where
        KindOf<E, N>: Ordered,
    {
        Self::compare(" < ", value)
    }

    /// The attribute is at most the value.
    pub fn le<V: ValueFor<E::Operand>>(self, value: V) -> Condition<E, E::Keys>
    where
        KindOf<E, N>: Ordered,
    {
        Self::compare(" <= ", value)
    }

    /// The attribute is greater than the value.
    pub fn gt<V: ValueFor<E::Operand>>(self, value: V) -> Condition<E, E::Keys>
    where
        KindOf<E, N>: Ordered,
    {
        Self::compare(" > ", value)
    }

    /// The attribute is at least the value.
    pub fn ge<V: ValueFor<E::Operand>>(self, value: V) -> Condition<E, E::Keys>
    where
        KindOf<E, N>: Ordered,
    {
        Self::compare(" >= ", value)
    }

    /// The attribute is within the bounds, both included.
    ///
    /// Reversed bounds are an error when the operation is sent.
    pub fn between<V, W>(self, least: V, most: W) -> Condition<E, E::Keys>
    where
        V: ValueFor<E::Operand>,
        W: ValueFor<E::Operand>,
        E::Operand: PartialOrd,
        KindOf<E, N>: Ordered,
    {
        Condition::single(
            least.with(|least| most.with(|most| between::<E::Encoding, _>(E::NAME, least, most))),
        )
    }

    /// The attribute equals one of the values, at most 100.
    ///
    /// An empty list is an error when the operation is sent, never "false".
    pub fn is_in<V>(self, values: impl IntoIterator<Item = V>) -> Condition<E, E::Keys>
    where
        V: ValueFor<E::Operand>,
    {
        let mut count = 0;
        let mut fragment = Fragment::default().name(E::NAME).operator(" IN (");
        for value in values {
            if count > 0 {
                fragment = fragment.text(", ");
            }
            fragment = value.with(|value| fragment.value::<E::Encoding, _>(E::NAME, value));
            count += 1;
        }
        Condition::single(match count {
            0 => Fragment::failed(ExpressionError::EmptyList { operation: "is_in" }),
            1..=MAX_LIST_OPERANDS => fragment.text(")"),
            _ => Fragment::failed(ExpressionError::TooManyOperands { attribute: E::NAME, count }),
        })
    }

    /// The attribute is present.
    pub fn exists(self) -> Condition<E, E::Keys> {
        Condition::single(call("attribute_exists(", E::NAME))
    }

    /// The attribute is absent.
    pub fn not_exists(self) -> Condition<E, E::Keys> {
        Condition::single(call("attribute_not_exists(", E::NAME))
    }

    /// The attribute, text or binary, begins with the prefix.
    ///
    /// An empty prefix is an error when the operation is sent, never "true".
    pub fn begins_with<V: ValueFor<E::Operand>>(self, prefix: V) -> Condition<E, E::Keys>
    where
        KindOf<E, N>: Prefixed,
    {
        Condition::single(prefix.with(|prefix| begins_with::<E::Encoding, _>(E::NAME, prefix)))
    }

    /// The attribute, a text, contains the text; or, a list, the element.
    ///
    /// An empty text is an error when the operation is sent, never "true".
    pub fn contains<V>(self, part: V) -> Condition<E, E::Keys>
    where
        E::Operand: Contains<V>,
    {
        let fragment = Fragment::default().operator("contains(").name(E::NAME).text(", ");
        Condition::single(<E::Operand as Contains<V>>::write(part, E::NAME, fragment).text(")"))
    }

    /// The attribute's size: characters of a text, bytes of a binary, elements of a list.
    pub fn size(self) -> Size<E, N>
    where
        KindOf<E, N>: Measured,
    {
        Size(PhantomData)
    }

    fn compare<V: ValueFor<E::Operand>>(operator: &'static str, value: V) -> Condition<E, E::Keys> {
        Condition::single(value.with(|value| {
            Fragment::default()
                .name(E::NAME)
                .operator(operator)
                .value::<E::Encoding, _>(E::NAME, value)
        }))
    }
}

/// The size of an attribute, to compare with a number.
#[must_use = "compare it with a number"]
pub struct Size<E, const N: usize>(PhantomData<fn() -> E>);

impl<E: AttributeAt<N>, const N: usize> fmt::Debug for Size<E, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "size({})", E::NAME)
    }
}

impl<E: AttributeAt<N>, const N: usize> Size<E, N> {
    /// The size equals the number.
    pub fn eq(self, size: usize) -> Condition<E, E::Keys> {
        Self::compare(" = ", size)
    }

    /// The size differs from the number.
    pub fn ne(self, size: usize) -> Condition<E, E::Keys> {
        Self::compare(" <> ", size)
    }

    /// The size is less than the number.
    pub fn lt(self, size: usize) -> Condition<E, E::Keys> {
        Self::compare(" < ", size)
    }

    /// The size is at most the number.
    pub fn le(self, size: usize) -> Condition<E, E::Keys> {
        Self::compare(" <= ", size)
    }

    /// The size is greater than the number.
    pub fn gt(self, size: usize) -> Condition<E, E::Keys> {
        Self::compare(" > ", size)
    }

    /// The size is at least the number.
    pub fn ge(self, size: usize) -> Condition<E, E::Keys> {
        Self::compare(" >= ", size)
    }

    /// The size is within the bounds, both included.
    pub fn between(self, least: usize, most: usize) -> Condition<E, E::Keys> {
        Condition::single(bounded::<Plain, _>(
            call("size(", E::NAME),
            E::NAME,
            &number(least),
            &number(most),
        ))
    }

    fn compare(operator: &'static str, size: usize) -> Condition<E, E::Keys> {
        let fragment = call("size(", E::NAME).operator(operator);
        Condition::single(fragment.value::<Plain, _>(E::NAME, &number(size)))
    }
}

/// A size as DynamoDB's number.
fn number(size: usize) -> u64 {
    size as u64
}

pub(crate) fn call(function: &'static str, name: &'static str) -> Fragment {
    Fragment::default().operator(function).name(name).text(")")
}

pub(crate) fn between<C: Encoding<T>, T: PartialOrd>(
    name: &'static str,
    least: &T,
    most: &T,
) -> Fragment {
    bounded::<C, T>(Fragment::default().name(name), name, least, most)
}

fn bounded<C: Encoding<T>, T: PartialOrd>(
    operand: Fragment,
    name: &'static str,
    least: &T,
    most: &T,
) -> Fragment {
    if least > most {
        return Fragment::failed(ExpressionError::ReversedBounds { attribute: name });
    }
    operand.operator(" BETWEEN ").value::<C, T>(name, least).text(" AND ").value::<C, T>(name, most)
}

pub(crate) fn begins_with<C: Encoding<T>, T>(name: &'static str, prefix: &T) -> Fragment {
    let call = Fragment::default().operator("begins_with(").name(name).text(", ");
    let call = call.value::<C, T>(name, prefix);
    if call.has_empty_value() {
        return Fragment::failed(ExpressionError::EmptyPrefix { attribute: name });
    }
    call.text(")")
}

/// A value that an attribute of type `T` can be compared with or set to.
///
/// `T` itself and a reference to it; `&str` for a `String`; and for an `Option` also what is in it.
#[diagnostic::on_unimplemented(
    message = "this takes a value of type `{T}`, not `{Self}`",
    label = "a value of the wrong type",
    note = "give a `{T}` or a reference to one; for a `String`, `&str` will do"
)]
pub trait ValueFor<T> {
    #[doc(hidden)]
    fn with<R>(self, run: impl FnOnce(&T) -> R) -> R;
}

impl<T> ValueFor<T> for T {
    fn with<R>(self, run: impl FnOnce(&T) -> R) -> R {
        run(&self)
    }
}

impl<T> ValueFor<T> for &T {
    fn with<R>(self, run: impl FnOnce(&T) -> R) -> R {
        run(self)
    }
}

impl<T> ValueFor<Option<T>> for T {
    fn with<R>(self, run: impl FnOnce(&Option<T>) -> R) -> R {
        run(&Some(self))
    }
}

impl<T: Clone> ValueFor<Option<T>> for &T {
    fn with<R>(self, run: impl FnOnce(&Option<T>) -> R) -> R {
        run(&Some(self.clone()))
    }
}

impl ValueFor<String> for &str {
    fn with<R>(self, run: impl FnOnce(&String) -> R) -> R {
        run(&self.to_owned())
    }
}

impl ValueFor<Option<String>> for &str {
    fn with<R>(self, run: impl FnOnce(&Option<String>) -> R) -> R {
        run(&Some(self.to_owned()))
    }
}

/// What an attribute of this type can contain: a text in a text, an element in a list.
#[diagnostic::on_unimplemented(
    message = "an attribute of type `{Self}` contains nothing",
    label = "only a text contains a text, and only a list an element",
    note = "compare it by `.eq(..)`, or an optional one of several values by `.is_in(..)`"
)]
pub trait Contains<V> {
    #[doc(hidden)]
    fn write(part: V, name: &'static str, fragment: Fragment) -> Fragment;
}

impl<V: ValueFor<String>> Contains<V> for String {
    fn write(part: V, name: &'static str, fragment: Fragment) -> Fragment {
        part.with(|part| match part.as_str() {
            "" => Fragment::failed(ExpressionError::EmptyText { attribute: name }),
            _ => fragment.value::<Plain, _>(name, part),
        })
    }
}

impl<T: Element, V: ValueFor<T>> Contains<V> for Vec<T> {
    fn write(part: V, name: &'static str, fragment: Fragment) -> Fragment {
        part.with(|part| fragment.value::<Plain, _>(name, part))
    }
}

/// A type whose `Vec` is a list, as that of every type but a byte is.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "an attribute of type `Vec<{Self}>` contains nothing",
    label = "only a text contains a text, and only a list an element",
    note = "a `Vec` of bytes is a binary: test its beginning by `.begins_with(..)`"
)]
pub trait Element: AttributeValue {}

#[diagnostic::do_not_recommend]
impl<T: AttributeValue<ListKind = List>> Element for T {}
