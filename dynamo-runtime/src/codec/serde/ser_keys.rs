//! The keys of a map as text.

use serde::ser::{Serialize, Serializer};

use super::error::Unwritten;

/// Everything but what is written by one method each: no key, and no `None`.
macro_rules! no_compounds {
    ($ok:ty) => {
        type Ok = $ok;
        type Error = Unwritten;
        type SerializeSeq = serde::ser::Impossible<$ok, Unwritten>;
        type SerializeTuple = serde::ser::Impossible<$ok, Unwritten>;
        type SerializeTupleStruct = serde::ser::Impossible<$ok, Unwritten>;
        type SerializeTupleVariant = serde::ser::Impossible<$ok, Unwritten>;
        type SerializeMap = serde::ser::Impossible<$ok, Unwritten>;
        type SerializeStruct = serde::ser::Impossible<$ok, Unwritten>;
        type SerializeStructVariant = serde::ser::Impossible<$ok, Unwritten>;

        $crate::codec::serde::ser_keys::no_compounds! {
            serialize_seq(Option<usize>) -> SerializeSeq;
            serialize_tuple(usize) -> SerializeTuple;
            serialize_tuple_struct(&'static str, usize) -> SerializeTupleStruct;
            serialize_tuple_variant(&'static str, u32, &'static str, usize) -> SerializeTupleVariant;
            serialize_map(Option<usize>) -> SerializeMap;
            serialize_struct(&'static str, usize) -> SerializeStruct;
            serialize_struct_variant(&'static str, u32, &'static str, usize) -> SerializeStructVariant;
        }

        fn serialize_newtype_variant<T: Serialize + ?Sized>(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: &T,
        ) -> Result<$ok, Unwritten> {
            Err(Unwritten)
        }
    };
    ($($method:ident($($argument:ty),*) -> $result:ident;)*) => {$(
        fn $method(self, $(_: $argument),*) -> Result<Self::$result, Unwritten> {
            Err(Unwritten)
        }
    )*};
}

pub(super) use no_compounds;

pub(super) struct KeySerializer;

macro_rules! by_text {
    ($($method:ident($type:ty);)*) => {$(
        fn $method(self, value: $type) -> Result<String, Unwritten> {
            Ok(value.to_string())
        }
    )*};
}

impl Serializer for KeySerializer {
    no_compounds!(String);

    by_text! {
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
        serialize_char(char);
        serialize_str(&str);
    }

    no_compounds! {
        serialize_f32(f32) -> Ok;
        serialize_f64(f64) -> Ok;
        serialize_bytes(&[u8]) -> Ok;
        serialize_none() -> Ok;
        serialize_unit() -> Ok;
        serialize_unit_struct(&'static str) -> Ok;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<String, Unwritten> {
        Err(Unwritten)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<String, Unwritten> {
        Ok(variant.to_owned())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<String, Unwritten> {
        value.serialize(self)
    }
}
