//! From serde's data model to DynamoDB JSON.

use serde::ser::{self, Serialize, Serializer};

use super::absent;
use super::error::Unwritten;
use super::ser_keys::KeySerializer;
use crate::codec::Writer;
use crate::codec::names::NameSet;

const REFUSED: &str = "the type's `Serialize` refused the value";

/// Writes the value of an attribute; the writer keeps what cannot be written.
pub(super) fn write<T: Serialize + ?Sized>(value: &T, writer: &mut Writer) {
    if absent::is_none(value) {
        writer.refuse("`None` is the absent attribute, and no value");
    }
    write_nested(value, writer);
}

fn write_nested<T: Serialize + ?Sized>(value: &T, writer: &mut Writer) {
    if value.serialize(ValueSerializer(writer)).is_err() {
        writer.refuse(REFUSED);
    }
}

/// Goes on unless the writer refused.
fn written(is_written: bool) -> Result<(), Unwritten> {
    if is_written { Ok(()) } else { Err(Unwritten) }
}

struct ValueSerializer<'w>(&'w mut Writer);

macro_rules! scalars {
    ($($method:ident($type:ty) as $write:ident;)*) => {$(
        fn $method(self, value: $type) -> Result<(), Unwritten> {
            self.0.$write(value);
            Ok(())
        }
    )*};
}

impl<'w> Serializer for ValueSerializer<'w> {
    type Ok = ();
    type Error = Unwritten;
    type SerializeSeq = ElementsSerializer<'w>;
    type SerializeTuple = ElementsSerializer<'w>;
    type SerializeTupleStruct = ElementsSerializer<'w>;
    type SerializeTupleVariant = ElementsSerializer<'w>;
    type SerializeMap = EntriesSerializer<'w>;
    type SerializeStruct = EntriesSerializer<'w>;
    type SerializeStructVariant = EntriesSerializer<'w>;

    scalars! {
        serialize_bool(bool) as bool;
        serialize_i8(i8) as integer;
        serialize_i16(i16) as integer;
        serialize_i32(i32) as integer;
        serialize_i64(i64) as integer;
        serialize_i128(i128) as integer;
        serialize_u8(u8) as integer;
        serialize_u16(u16) as integer;
        serialize_u32(u32) as integer;
        serialize_u64(u64) as integer;
        serialize_u128(u128) as integer;
        serialize_f32(f32) as float32;
        serialize_f64(f64) as float;
        serialize_str(&str) as string;
        serialize_bytes(&[u8]) as binary;
    }

    fn serialize_char(self, value: char) -> Result<(), Unwritten> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_none(self) -> Result<(), Unwritten> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unwritten> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unwritten> {
        self.0.null();
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unwritten> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Unwritten> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unwritten> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Unwritten> {
        let mut entries = EntriesSerializer::begin(self.0, None)?;
        ser::SerializeStruct::serialize_field(&mut entries, variant, value)?;
        ser::SerializeStruct::end(entries)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<ElementsSerializer<'w>, Unwritten> {
        ElementsSerializer::begin(self.0, None)
    }

    fn serialize_tuple(self, _: usize) -> Result<ElementsSerializer<'w>, Unwritten> {
        ElementsSerializer::begin(self.0, None)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<ElementsSerializer<'w>, Unwritten> {
        ElementsSerializer::begin(self.0, None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<ElementsSerializer<'w>, Unwritten> {
        ElementsSerializer::begin(self.0, Some(variant))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<EntriesSerializer<'w>, Unwritten> {
        EntriesSerializer::begin(self.0, None)
    }

    fn serialize_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<EntriesSerializer<'w>, Unwritten> {
        EntriesSerializer::begin(self.0, None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<EntriesSerializer<'w>, Unwritten> {
        EntriesSerializer::begin(self.0, Some(variant))
    }
}

/// The map with one entry around the content of a variant.
struct Around(Option<&'static str>);

impl Around {
    fn begin(&self, writer: &mut Writer) -> Result<(), Unwritten> {
        let Some(variant) = self.0 else { return Ok(()) };
        written(writer.begin_nested(b"{\"M\":{"))?;
        writer.begin_entry(variant);
        Ok(())
    }

    /// Writes a part of the content; an error in it has the variant in its path.
    fn part(&self, writer: &mut Writer, write: impl FnOnce(&mut Writer)) {
        match self.0 {
            Some(variant) => writer.locating(write, |error| error.within_name(variant)),
            None => write(writer),
        }
    }

    fn end(&self, writer: &mut Writer) {
        if self.0.is_some() {
            writer.end_nested(b"}}");
        }
    }
}

/// What is in a list.
pub(super) struct ElementsSerializer<'w> {
    writer: &'w mut Writer,
    around: Around,
    index: usize,
}

impl<'w> ElementsSerializer<'w> {
    fn begin(writer: &'w mut Writer, variant: Option<&'static str>) -> Result<Self, Unwritten> {
        let around = Around(variant);
        around.begin(writer)?;
        written(writer.begin_nested(b"{\"L\":["))?;
        Ok(Self { writer, around, index: 0 })
    }
}

impl ser::SerializeSeq for ElementsSerializer<'_> {
    type Ok = ();
    type Error = Unwritten;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritten> {
        let index = self.index;
        self.index += 1;
        self.around.part(self.writer, |writer| {
            writer.indexed(index, |writer| write_nested(value, writer));
        });
        Ok(())
    }

    fn end(self) -> Result<(), Unwritten> {
        self.writer.end_nested(b"]}");
        self.around.end(self.writer);
        Ok(())
    }
}

macro_rules! also_elements {
    ($($trait:ident::$method:ident)*) => {$(
        impl ser::$trait for ElementsSerializer<'_> {
            type Ok = ();
            type Error = Unwritten;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritten> {
                ser::SerializeSeq::serialize_element(self, value)
            }

            fn end(self) -> Result<(), Unwritten> {
                ser::SerializeSeq::end(self)
            }
        }
    )*};
}

also_elements! {
    SerializeTuple::serialize_element
    SerializeTupleStruct::serialize_field
    SerializeTupleVariant::serialize_field
}

/// What is in a map.
pub(super) struct EntriesSerializer<'w> {
    writer: &'w mut Writer,
    around: Around,
    /// The keys of a map: what is flattened can name a field again. A struct's own are distinct.
    keys: NameSet<'static>,
    key: Option<String>,
}

impl<'w> EntriesSerializer<'w> {
    fn begin(writer: &'w mut Writer, variant: Option<&'static str>) -> Result<Self, Unwritten> {
        let around = Around(variant);
        around.begin(writer)?;
        written(writer.begin_nested(b"{\"M\":{"))?;
        Ok(Self { writer, around, keys: NameSet::default(), key: None })
    }

    fn refuse(&mut self, reason: &'static str) {
        self.around.part(self.writer, |writer| writer.refuse(reason));
    }
}

impl ser::SerializeMap for EntriesSerializer<'_> {
    type Ok = ();
    type Error = Unwritten;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unwritten> {
        match key.serialize(KeySerializer) {
            Ok(key) => self.key = Some(key),
            Err(Unwritten) => {
                self.refuse("the key of a map is no text, integer, boolean or character");
            }
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritten> {
        let Some(key) = self.key.take() else { return Err(Unwritten) };
        self.around.part(self.writer, |writer| {
            writer.keyed(&key, |writer| write_nested(value, writer));
        });
        if !self.keys.insert(key.into()) {
            self.refuse("a key stands twice in its map");
        }
        Ok(())
    }

    fn end(self) -> Result<(), Unwritten> {
        self.writer.end_nested(b"}}");
        self.around.end(self.writer);
        Ok(())
    }
}

macro_rules! also_entries {
    ($($trait:ident)*) => {$(
        impl ser::$trait for EntriesSerializer<'_> {
            type Ok = ();
            type Error = Unwritten;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Unwritten> {
                self.around.part(self.writer, |writer| {
                    writer.field(name, |writer| write_nested(value, writer));
                });
                Ok(())
            }

            fn end(self) -> Result<(), Unwritten> {
                ser::SerializeMap::end(self)
            }
        }
    )*};
}

also_entries!(SerializeStruct SerializeStructVariant);
