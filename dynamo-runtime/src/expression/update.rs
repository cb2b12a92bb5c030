//! The actions of an update.

use super::fragment::{ExpressionError, Fragment};
use crate::attribute::AttributeAt;
use crate::codec::kind::Addable;
use crate::codec::{AttributeValue, Encoding, Plain};
use crate::entity::Entity;
use crate::key::{ChangedKey, KeyError, WrittenParts};

/// An attribute and its stored bytes after an update, or `None` where it was removed.
type Written = (&'static str, Option<Vec<u8>>);

/// The actions of one update, by clause, and the conditions that they need.
#[derive(Clone, Debug, Default)]
pub(crate) struct Actions {
    set: Fragment,
    remove: Fragment,
    guards: Fragment,
    written: Vec<&'static str>,
    /// Those of them that the item holds when the update has been applied.
    present: Vec<&'static str>,
    /// What the item must hold when the update has been applied, as far as it is known from the
    /// update alone.
    outcome: Vec<Written>,
    /// Whether `outcome` tells all that was written.
    is_outcome_partial: bool,
    /// The parts of keys that are among them.
    parts: WrittenParts,
}

impl Actions {
    pub(crate) fn is_empty(&self) -> bool {
        self.written.is_empty()
    }

    pub(crate) fn parts(&mut self) -> &mut WrittenParts {
        &mut self.parts
    }

    /// Writes the keys of indexes whose parts are written.
    pub(crate) fn set_keys<E: Entity>(&mut self, key: &E::Key, is_upsert: bool) {
        let changed: Vec<_> = self.parts.changed_keys::<E>(key, is_upsert).collect();
        for ChangedKey { attribute, text, is_if_absent } in changed {
            match text {
                Ok(Some(text)) if is_if_absent => {
                    self.set_if_absent::<Plain, String>(attribute, &text, |_| Ok(()));
                }
                Ok(Some(text)) => self.set::<Plain, String>(attribute, &text),
                Ok(None) => self.remove(attribute),
                Err(error) => self.fail(error.into()),
            }
        }
    }

    pub(crate) fn set<C: Encoding<T>, T>(&mut self, name: &'static str, value: &T) {
        if C::is_absent(value) {
            return self.remove(name);
        }
        self.claim(name);
        let set = Fragment::default().name(name).text(" = ").value::<C, T>(name, value);
        self.outcome.push((name, Some(set.values.clone())));
        self.push_set(name, set);
    }

    pub(crate) fn set_if_absent<C: Encoding<T>, T>(
        &mut self,
        name: &'static str,
        value: &T,
        check: impl FnMut(&[u8]) -> Result<(), KeyError>,
    ) {
        self.claim(name);
        self.is_outcome_partial = true;
        let set = Fragment::default()
            .name(name)
            .text(" = ")
            .operator("if_not_exists(")
            .name(name)
            .text(", ")
            .value::<C, T>(name, value)
            .checked(check)
            .text(")");
        self.push_set(name, set);
    }

    pub(crate) fn remove(&mut self, name: &'static str) {
        self.claim(name);
        self.outcome.push((name, None));
        let action = Fragment::default().name(name);
        self.remove = std::mem::take(&mut self.remove).followed_by(action);
    }

    /// Adds to a number, or to what it reads as when it is absent.
    pub(crate) fn add<T: Arithmetic>(&mut self, name: &'static str, value: &T, absent: Option<&T>) {
        self.arithmetic(name, " + ", value, absent, &value.room_to_add());
    }

    /// Subtracts from a number, or from what it reads as when it is absent.
    pub(crate) fn subtract<T: Arithmetic>(
        &mut self,
        name: &'static str,
        value: &T,
        absent: Option<&T>,
    ) {
        self.arithmetic(name, " - ", value, absent, &value.room_to_subtract());
    }

    fn arithmetic<T: Arithmetic>(
        &mut self,
        name: &'static str,
        operator: &'static str,
        value: &T,
        absent: Option<&T>,
        room: &Room<T>,
    ) {
        self.claim(name);
        self.is_outcome_partial = true;
        let set = Fragment::default().name(name).text(" = ");
        let set = match absent {
            Some(absent) => set
                .operator("if_not_exists(")
                .name(name)
                .text(", ")
                .value::<Plain, T>(name, absent)
                .text(")"),
            None => set.name(name),
        };
        self.push_set(name, set.operator(operator).value::<Plain, T>(name, value));
        self.guard(name, absent, room);
    }

    /// Keeps the result within the field's type, so that the struct can read what is left.
    fn guard<T: Arithmetic>(&mut self, name: &'static str, absent: Option<&T>, room: &Room<T>) {
        let (operator, bound) = match room {
            Room::Any => return,
            Room::AtMost(bound) => (" <= ", bound),
            Room::AtLeast(bound) => (" >= ", bound),
        };
        let fits = Fragment::default().name(name).operator(operator).value::<Plain, T>(name, bound);
        let guard = if absent.is_some_and(|absent| room.admits(absent)) {
            Fragment::default()
                .operator("attribute_not_exists(")
                .name(name)
                .text(")")
                .operator(" OR ")
                .append(fits)
                .in_parentheses()
        } else {
            fits
        };
        self.push_guard(guard);
    }

    /// Raises the version by one; an item without one, as one that is made by this, has the first.
    ///
    /// The last version cannot be raised: the struct could not read what would be left.
    pub(crate) fn raise_version(&mut self, name: &'static str) {
        self.claim(name);
        let set = Fragment::default()
            .name(name)
            .text(" = ")
            .operator("if_not_exists(")
            .name(name)
            .text(", ")
            .value::<Plain, u64>(name, &0)
            .text(")")
            .operator(" + ")
            .value::<Plain, u64>(name, &1);
        self.push_set(name, set);
        // It holds where there is no version yet.
        self.push_guard(
            Fragment::default().name(name).operator(" <> ").value::<Plain, u64>(name, &u64::MAX),
        );
    }

    fn push_guard(&mut self, guard: Fragment) {
        self.guards = std::mem::take(&mut self.guards).and(guard);
    }

    fn push_set(&mut self, name: &'static str, action: Fragment) {
        self.present.push(name);
        self.set = std::mem::take(&mut self.set).followed_by(action);
    }

    /// Each attribute is written once: paths that overlap are rejected by DynamoDB, and by us
    /// before anything is sent.
    fn claim(&mut self, attribute: &'static str) {
        if self.written.contains(&attribute) {
            self.fail(ExpressionError::WrittenTwice { attribute });
        }
        self.written.push(attribute);
    }

    pub(crate) fn fail(&mut self, error: ExpressionError) {
        self.set.fail(error);
    }

    /// The whole update expression.
    pub(crate) fn expression(&self) -> Fragment {
        let mut expression = Fragment::default();
        if !self.set.is_empty() {
            expression = expression.text("SET ").append(self.set.clone());
        }
        if !self.remove.is_empty() {
            let separator = if expression.is_empty() { "REMOVE " } else { " REMOVE " };
            expression = expression.text(separator).append(self.remove.clone());
        }
        expression
    }

    /// The attributes that are there once the update is applied.
    pub(crate) fn set_attributes(&self) -> &[&'static str] {
        &self.present
    }

    /// The conditions that the actions need.
    pub(crate) fn guards(&self) -> &Fragment {
        &self.guards
    }

    /// What the item holds when the update has been applied, where the update alone tells all of it.
    pub(crate) fn outcome(&self) -> Option<&[Written]> {
        (!self.is_outcome_partial).then_some(self.outcome.as_slice())
    }
}

/// An attribute that is no part of the primary key.
#[diagnostic::on_unimplemented(
    message = "this attribute is part of the key, and the key of an item never changes",
    label = "a key attribute cannot be updated",
    note = "create an item with the new key and delete the old one"
)]
pub trait NotKey<const N: usize> {}

/// An attribute that the library does not write itself.
#[diagnostic::on_unimplemented(
    message = "this attribute is written by the library itself",
    label = "a version or a managed time cannot be updated by hand",
    note = "leave it out: the writes set it; to require a version, call `.at_version(..)`"
)]
pub trait NotManaged<const N: usize>: AttributeAt<N> {}

/// An attribute that is no part of a templated key of an index.
#[derive(Debug)]
pub enum NoPart {}

/// An attribute that is the only part of each templated key that it is in, apart from the parts of
/// the table's key.
#[derive(Debug)]
pub enum OnlyPart {}

/// An attribute that can be set by itself; `K` is the type that sets it with the other parts.
#[diagnostic::on_unimplemented(
    message = "this attribute is one part of a key of an index, and the key needs all of them",
    label = "by itself it would leave the key as it was",
    note = "set all parts at once: `.set_index_key({K} {{ .. }})`"
)]
pub trait SetAlone<const N: usize, K> {}

#[diagnostic::do_not_recommend]
impl<E, const N: usize> SetAlone<N, NoPart> for E {}
#[diagnostic::do_not_recommend]
impl<E, const N: usize> SetAlone<N, OnlyPart> for E {}

/// An attribute whose new value the service may compute.
#[diagnostic::on_unimplemented(
    message = "this attribute is part of a key of an index, so its new value must be known",
    label = "the key could not follow",
    note = "give the new value: `.set(..)`, or all parts at once: `.set_index_key(..)`"
)]
pub trait Computed<const N: usize, K> {}

#[diagnostic::do_not_recommend]
impl<E, const N: usize> Computed<N, NoPart> for E {}

/// A number that an update can add to or subtract from.
#[diagnostic::on_unimplemented(
    message = "an attribute of type `{Self}` cannot be added to or subtracted from",
    label = "only numbers can be counted with",
    note = "give it a new value by `.set(..)`; or make the field an integer or a float"
)]
pub trait Arithmetic: AttributeValue<Kind: Addable> + PartialOrd + Sized {
    /// Zero.
    const ZERO: Self;

    /// The values to which `self` can be added without leaving the type.
    fn room_to_add(&self) -> Room<Self>;

    /// The values from which `self` can be subtracted without leaving the type.
    fn room_to_subtract(&self) -> Room<Self>;
}

/// A field that an update can count with: a number, or an `Option` of one.
#[diagnostic::on_unimplemented(
    message = "an attribute of type `{Self}` cannot be added to or subtracted from",
    label = "only numbers can be counted with",
    note = "give it a new value by `.set(..)`; or make the field an integer, a float or an `Option` of one"
)]
pub trait Counter {
    /// The number itself.
    type Number: Arithmetic;

    #[doc(hidden)]
    const COUNTS_FROM_ZERO: bool;

    #[doc(hidden)]
    fn into_number(self) -> Option<Self::Number>;
}

impl<T: Arithmetic> Counter for T {
    type Number = T;
    const COUNTS_FROM_ZERO: bool = false;

    fn into_number(self) -> Option<T> {
        Some(self)
    }
}

impl<T: Arithmetic> Counter for Option<T> {
    type Number = T;
    const COUNTS_FROM_ZERO: bool = true;

    fn into_number(self) -> Option<T> {
        self
    }
}

/// The values of a type that an addition or subtraction leaves within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room<T> {
    /// All of them.
    Any,
    /// Those up to this one.
    AtMost(T),
    /// Those from this one.
    AtLeast(T),
}

impl<T: PartialOrd> Room<T> {
    fn admits(&self, value: &T) -> bool {
        match self {
            Self::Any => true,
            Self::AtMost(bound) => value <= bound,
            Self::AtLeast(bound) => value >= bound,
        }
    }
}

/// The greatest number that fits in DynamoDB's 38 digits, for the types that hold more.
const MAX_DIGITS: u128 = 10_u128.pow(38) - 1;

macro_rules! arithmetic_integers {
    ($($integer:ty: $least:expr, $most:expr;)*) => {$(
        impl Arithmetic for $integer {
            const ZERO: Self = 0;

            #[allow(unused_comparisons, clippy::absurd_extreme_comparisons)]
            fn room_to_add(&self) -> Room<Self> {
                if *self >= 0 {
                    <$integer>::checked_sub($most, *self).map_or(Room::AtMost($least), Room::AtMost)
                } else {
                    <$integer>::checked_sub($least, *self).map_or(Room::AtLeast($most), Room::AtLeast)
                }
            }

            #[allow(unused_comparisons, clippy::absurd_extreme_comparisons)]
            fn room_to_subtract(&self) -> Room<Self> {
                if *self >= 0 {
                    <$integer>::checked_add($least, *self).map_or(Room::AtLeast($most), Room::AtLeast)
                } else {
                    <$integer>::checked_add($most, *self).map_or(Room::AtMost($least), Room::AtMost)
                }
            }
        }
    )*};
}
arithmetic_integers! {
    i8: i8::MIN, i8::MAX;
    i16: i16::MIN, i16::MAX;
    i32: i32::MIN, i32::MAX;
    i64: i64::MIN, i64::MAX;
    i128: -MAX_DIGITS.cast_signed(), MAX_DIGITS.cast_signed();
    u8: u8::MIN, u8::MAX;
    u16: u16::MIN, u16::MAX;
    u32: u32::MIN, u32::MAX;
    u64: u64::MIN, u64::MAX;
    u128: u128::MIN, MAX_DIGITS;
}

/// DynamoDB's greatest number is less than that of an `f64`, so it holds every sum.
impl Arithmetic for f64 {
    const ZERO: Self = 0.0;

    fn room_to_add(&self) -> Room<Self> {
        Room::Any
    }

    fn room_to_subtract(&self) -> Room<Self> {
        Room::Any
    }
}

/// DynamoDB adds decimal numbers far beyond an `f32`. The bound is one step short of the exact
/// one, so that no sum is rounded to infinity when it is read.
impl Arithmetic for f32 {
    const ZERO: Self = 0.0;

    fn room_to_add(&self) -> Room<Self> {
        if *self >= 0.0 {
            Room::AtMost((Self::MAX - *self).next_down())
        } else {
            Room::AtLeast((Self::MIN - *self).next_up())
        }
    }

    fn room_to_subtract(&self) -> Room<Self> {
        (-*self).room_to_add()
    }
}
