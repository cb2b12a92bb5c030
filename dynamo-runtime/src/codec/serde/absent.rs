//! `None` is the absent attribute, for a type of which only serde knows that it is optional.

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde::ser::{Serialize, Serializer};

use super::error::{DecodeFailure, Unwritten};
use super::ser_keys::no_compounds;
use crate::codec::error::Problem;

/// Whether the value is a `None`.
pub(in crate::codec) fn is_none<T: Serialize + ?Sized>(value: &T) -> bool {
    matches!(value.serialize(IsNone), Ok(true))
}

/// The `None` of this type, if it has one.
pub(in crate::codec) fn none<'de, T: Deserialize<'de>>() -> Option<T> {
    T::deserialize(AbsentValue).ok()
}

struct IsNone;

macro_rules! present {
    ($($method:ident($($argument:ty),*);)*) => {$(
        fn $method(self, $(_: $argument),*) -> Result<bool, Unwritten> {
            Ok(false)
        }
    )*};
}

impl Serializer for IsNone {
    no_compounds!(bool);

    present! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_i128(i128);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
        serialize_u128(u128);
        serialize_f32(f32);
        serialize_f64(f64);
        serialize_char(char);
        serialize_str(&str);
        serialize_bytes(&[u8]);
        serialize_unit();
        serialize_unit_struct(&'static str);
        serialize_unit_variant(&'static str, u32, &'static str);
    }

    fn serialize_none(self) -> Result<bool, Unwritten> {
        Ok(true)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<bool, Unwritten> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<bool, Unwritten> {
        value.serialize(self)
    }
}

struct AbsentValue;

impl<'de> Deserializer<'de> for AbsentValue {
    type Error = DecodeFailure;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, DecodeFailure> {
        Err(Problem::Refused("the attribute is absent").into())
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeFailure> {
        visitor.visit_none()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeFailure> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
