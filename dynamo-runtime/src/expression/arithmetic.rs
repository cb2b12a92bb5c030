//! What an update can count with, and within which bounds.

use crate::codec::AttributeValue;
use crate::codec::kind::Addable;
use crate::value::Version;

/// A number that an update can add to or subtract from.
///
/// ```
/// use dynamo_runtime::expression::{Arithmetic, Room};
///
/// assert_eq!(5_u8.room_to_add(), Room::AtMost(250));
/// assert_eq!(5_u8.room_to_subtract(), Room::AtLeast(5));
/// ```
#[diagnostic::on_unimplemented(
    message = "an attribute of type `{Self}` cannot be added to or subtracted from",
    label = "only numbers can be counted with",
    note = "make the field an integer, a float or an `Option` of one; or leave the attribute out where the library writes it, and else give it a new value by `.set(..)`"
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
    note = "make the field an integer, a float or an `Option` of one; or leave the attribute out where the library writes it, and else give it a new value by `.set(..)`"
)]
pub trait Countable: sealed::Countable {
    /// The number itself.
    type Number: Arithmetic;

    #[doc(hidden)]
    const COUNTS_FROM_ZERO: bool;

    #[doc(hidden)]
    fn into_number(self) -> Option<Self::Number>;
}

impl<T: Arithmetic> Countable for T {
    type Number = T;
    const COUNTS_FROM_ZERO: bool = false;

    fn into_number(self) -> Option<T> {
        Some(self)
    }
}

impl<T: Arithmetic> Countable for Option<T> {
    type Number = T;
    const COUNTS_FROM_ZERO: bool = true;

    fn into_number(self) -> Option<T> {
        self
    }
}

/// A version is a number. Of the entity's own one only the rule is told, that the library writes it.
impl Countable for Version {
    type Number = u64;
    const COUNTS_FROM_ZERO: bool = false;

    fn into_number(self) -> Option<u64> {
        self.number()
    }
}

mod sealed {
    use super::{Arithmetic, Version};

    pub trait Countable {}
    impl Countable for Version {}
    impl<T: Arithmetic> Countable for T {}
    impl<T: Arithmetic> Countable for Option<T> {}
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
    pub(super) fn admits(&self, value: &T) -> bool {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn there_is_room_up_to_the_bound_itself() {
        for (room, within, beyond) in [
            (100_i8.room_to_add(), i8::MAX - 100, i8::MAX - 99),
            ((-100_i8).room_to_add(), i8::MIN + 100, i8::MIN + 99),
            (100_i8.room_to_subtract(), i8::MIN + 100, i8::MIN + 99),
            ((-100_i8).room_to_subtract(), i8::MAX - 100, i8::MAX - 99),
        ] {
            assert!(room.admits(&within) && !room.admits(&beyond), "{room:?}");
        }
        assert!(1e300_f64.room_to_add().admits(&f64::MAX), "DynamoDB holds no such number");
    }

    #[test]
    fn there_is_room_for_what_leaves_the_result_in_the_type() {
        macro_rules! all {
            ($($integer:ty),*) => {$(
                for number in <$integer>::MIN..=<$integer>::MAX {
                    let (add, subtract) = (number.room_to_add(), number.room_to_subtract());
                    for value in <$integer>::MIN..=<$integer>::MAX {
                        assert_eq!(add.admits(&value), value.checked_add(number).is_some());
                        assert_eq!(subtract.admits(&value), value.checked_sub(number).is_some());
                    }
                }
            )*};
        }
        all!(i8, u8);
    }

    #[test]
    fn the_widest_integers_stay_within_the_digits_that_dynamodb_keeps() {
        assert_eq!(1_u128.room_to_add(), Room::AtMost(MAX_DIGITS - 1));
        assert_eq!(1_u128.room_to_subtract(), Room::AtLeast(1));
        let most = MAX_DIGITS.cast_signed();
        assert_eq!(1_i128.room_to_add(), Room::AtMost(most - 1));
        assert_eq!((-1_i128).room_to_add(), Room::AtLeast(1 - most));
        assert_eq!(1_i128.room_to_subtract(), Room::AtLeast(1 - most));
        assert_eq!((-1_i128).room_to_subtract(), Room::AtMost(most - 1));
        // What is itself out of range leaves room for nothing but what brings it back.
        assert_eq!(u128::MAX.room_to_add(), Room::AtMost(0));
    }

    /// Any, and as often one of which two have a sum that is too great.
    fn small_float() -> impl Strategy<Value = f32> {
        let any = any::<f32>().prop_filter("not finite", |number| number.is_finite());
        prop_oneof![any, (-1.0..=1.0_f32).prop_map(|part| part * f32::MAX)]
    }

    proptest! {
        #[test]
        fn a_small_float_stays_finite(number in small_float(), value in small_float()) {
            // DynamoDB adds decimal numbers; an `f64` is exact enough to tell.
            let fits = |sum: f64| {
                #[expect(clippy::cast_possible_truncation, reason = "as the struct reads it")]
                let read = sum as f32;
                read.is_finite()
            };
            let bound = |room| match room {
                Room::Any => value,
                Room::AtMost(bound) | Room::AtLeast(bound) => bound,
            };
            let (add, subtract) = (number.room_to_add(), number.room_to_subtract());
            let number = f64::from(number);
            let (most, least) = (bound(add), bound(subtract));
            prop_assert!(fits(f64::from(most) + number) && add.admits(&most));
            prop_assert!(fits(f64::from(least) - number) && subtract.admits(&least));
            // All but the last steps before the greatest number are admitted, and none beyond.
            let within = |sum: f64| sum.abs() < f64::from(f32::MAX) * 0.999_999;
            let (sum, difference) = (f64::from(value) + number, f64::from(value) - number);
            let agrees = |admits, result| if admits { fits(result) } else { !within(result) };
            prop_assert!(agrees(add.admits(&value), sum));
            prop_assert!(agrees(subtract.admits(&value), difference));
        }
    }
}
