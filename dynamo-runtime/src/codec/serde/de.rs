//! From DynamoDB JSON to serde's data model.

use std::borrow::Cow;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, Visitor};

use super::de_keys::KeyDeserializer;
use super::error::DecodeFailure;
use crate::codec::descriptor::Descriptor;
use crate::codec::error::{DecodeError, Problem};
use crate::codec::members::Members;
use crate::codec::names::NameSet;
use crate::codec::number::Decimal;
use crate::codec::reader::Reader;
use crate::codec::reader::numbers::nearest_f64;

/// How many `Option`s and newtypes may be around each other without a value between them.
const MAX_WRAPPERS: u8 = 64;

const UNREAD_REST: Problem = Problem::Refused("the type's `Deserialize` left a part of the value");

/// Reads one attribute value.
pub(super) fn read<'de, T: Deserialize<'de>>(reader: &mut Reader<'de>) -> Result<T, DecodeError> {
    let start = reader.position();
    T::deserialize(ValueDeserializer { reader, wrappers: 0 }).map_err(|error| error.at(start))
}

/// The reader stands where the value starts.
struct ValueDeserializer<'r, 'de> {
    reader: &'r mut Reader<'de>,
    wrappers: u8,
}

/// The start of a value, when its type is known and what it holds is to be read.
struct ValueStart {
    start: usize,
    found: Descriptor,
    is_bare: bool,
}

impl ValueStart {
    fn wrong_type(self, expected: Descriptor) -> DecodeFailure {
        let problem = Problem::WrongType { expected, found: self.found };
        DecodeError::new(self.start, problem).into()
    }
}

impl<'de> ValueDeserializer<'_, 'de> {
    fn begin(&mut self) -> Result<ValueStart, DecodeFailure> {
        let start = self.reader.position();
        Ok(match self.reader.bare_type() {
            Some(found) => ValueStart { start, found, is_bare: true },
            None => ValueStart { start, found: self.reader.descriptor()?, is_bare: false },
        })
    }

    /// Reads a value's end, and gives what was made of it.
    fn end<T>(
        self,
        begun: &ValueStart,
        made: Result<T, DecodeFailure>,
    ) -> Result<T, DecodeFailure> {
        let made = made?;
        if !begun.is_bare {
            self.reader.close()?;
        }
        Ok(made)
    }

    /// Reads a value by one of the reader's own methods.
    fn scalar<T, V>(
        self,
        read: impl FnOnce(&mut Reader<'de>) -> Result<T, DecodeError>,
        visit: impl FnOnce(T) -> Result<V, DecodeFailure>,
    ) -> Result<V, DecodeFailure> {
        visit(read(self.reader)?)
    }

    /// A value inside of this one that has the same JSON.
    fn wrapped(self) -> Result<Self, DecodeFailure> {
        if self.wrappers == MAX_WRAPPERS {
            return Err(Problem::TooDeep.into());
        }
        Ok(Self { wrappers: self.wrappers + 1, ..self })
    }

    /// What a type of any kind is given: an integer of 64 bits, or a float that is written as the
    /// same number again, or an integer of 128 bits. It is never rounded.
    fn number<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, DecodeFailure> {
        let text = self.reader.json_string()?;
        let number = Decimal::parse(&text).ok_or(Problem::NotANumber)?;
        let whole = number.whole().ok().and_then(|distance| {
            if number.negative {
                0_i128.checked_sub_unsigned(distance)
            } else {
                i128::try_from(distance).ok()
            }
        });
        match whole.map(|whole| (i64::try_from(whole), u64::try_from(whole))) {
            Some((Ok(whole), _)) => return visitor.visit_i64(whole),
            Some((_, Ok(whole))) => return visitor.visit_u64(whole),
            _ => {}
        }
        let nearest = nearest_f64(number, &text)?;
        match whole {
            _ if is_written_as(nearest, number) => visitor.visit_f64(nearest),
            Some(whole) => visitor.visit_i128(whole),
            None => match number.whole() {
                Ok(whole) if !number.negative => visitor.visit_u128(whole),
                _ => Err(Problem::Inexact.into()),
            },
        }
    }

    fn elements<V: Visitor<'de>>(
        &mut self,
        of: Option<Descriptor>,
        visitor: V,
    ) -> Result<V::Value, DecodeFailure> {
        self.reader.enter(b'[', "an array")?;
        let mut elements =
            ElementsAccess { reader: self.reader, of, is_first: true, is_over: false };
        let value = visitor.visit_seq(&mut elements)?;
        if elements.advance()? {
            return Err(UNREAD_REST.into());
        }
        Ok(value)
    }

    fn entries<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, DecodeFailure> {
        let mut entries = EntriesAccess::open(self.reader)?;
        let value = visitor.visit_map(&mut entries)?;
        if entries.next_name()?.is_some() {
            return Err(UNREAD_REST.into());
        }
        Ok(value)
    }

    /// Reads what is in a list or a set.
    fn sequence<V: Visitor<'de>>(
        &mut self,
        found: Descriptor,
        visitor: V,
    ) -> Option<Result<V::Value, DecodeFailure>> {
        Some(match found {
            Descriptor::List => self.elements(None, visitor),
            Descriptor::TextSet => self.elements(Some(Descriptor::Text), visitor),
            Descriptor::NumberSet => self.elements(Some(Descriptor::Number), visitor),
            Descriptor::BinarySet => self.elements(Some(Descriptor::Binary), visitor),
            _ => return None,
        })
    }
}

macro_rules! integers {
    ($($method:ident => $visit:ident;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeFailure> {
            self.scalar(Reader::integer, |number| visitor.$visit(number))
        }
    )*};
}

macro_rules! as_another {
    ($($method:ident($($argument:ty),*) => $another:ident;)*) => {$(
        fn $method<V: Visitor<'de>>(
            self,
            $(_: $argument,)*
            visitor: V,
        ) -> Result<V::Value, DecodeFailure> {
            self.$another(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for ValueDeserializer<'_, 'de> {
    type Error = DecodeFailure;

    fn deserialize_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, DecodeFailure> {
        let begun = self.begin()?;
        let made = match begun.found {
            Descriptor::Null => {
                self.reader.null_content()?;
                return visitor.visit_unit();
            }
            Descriptor::Text => text(self.reader.json_string()?, visitor),
            Descriptor::Number => self.number(visitor),
            Descriptor::Binary => visitor.visit_byte_buf(self.reader.json_base64()?),
            Descriptor::Boolean => visitor.visit_bool(self.reader.json_bool()?),
            Descriptor::Map => self.entries(visitor),
            Descriptor::List => self.elements(None, visitor),
            Descriptor::TextSet => self.elements(Some(Descriptor::Text), visitor),
            Descriptor::NumberSet => self.elements(Some(Descriptor::Number), visitor),
            Descriptor::BinarySet => self.elements(Some(Descriptor::Binary), visitor),
        };
        self.end(&begun, made)
    }

    integers! {
        deserialize_i8 => visit_i8;
        deserialize_i16 => visit_i16;
        deserialize_i32 => visit_i32;
        deserialize_i64 => visit_i64;
        deserialize_i128 => visit_i128;
        deserialize_u8 => visit_u8;
        deserialize_u16 => visit_u16;
        deserialize_u32 => visit_u32;
        deserialize_u64 => visit_u64;
        deserialize_u128 => visit_u128;
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeFailure> {
        self.scalar(Reader::bool, |value| visitor.visit_bool(value))
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeFailure> {
        self.scalar(Reader::float32, |number| visitor.visit_f32(number))
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeFailure> {
        self.scalar(Reader::float, |number| visitor.visit_f64(number))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeFailure> {
        self.scalar(Reader::string, |string| text(string, visitor))
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeFailure> {
        self.scalar(Reader::binary, |bytes| visitor.visit_byte_buf(bytes))
    }

    as_another! {
        deserialize_string() => deserialize_str;
        deserialize_char() => deserialize_str;
        deserialize_identifier() => deserialize_str;
        deserialize_byte_buf() => deserialize_bytes;
        deserialize_unit_struct(&'static str) => deserialize_unit;
        deserialize_tuple(usize) => deserialize_seq;
        deserialize_tuple_struct(&'static str, usize) => deserialize_seq;
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeFailure> {
        if self.reader.bare_type().is_none() && self.reader.null()? {
            return visitor.visit_none();
        }
        visitor.visit_some(self.wrapped()?)
    }

    fn deserialize_unit<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, DecodeFailure> {
        let begun = self.begin()?;
        if begun.found != Descriptor::Null {
            return Err(begun.wrong_type(Descriptor::Null));
        }
        self.reader.null_content()?;
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeFailure> {
        visitor.visit_newtype_struct(self.wrapped()?)
    }

    fn deserialize_seq<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, DecodeFailure> {
        let begun = self.begin()?;
        match self.sequence(begun.found, visitor) {
            Some(made) => self.end(&begun, made),
            None => Err(begun.wrong_type(Descriptor::List)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, DecodeFailure> {
        let begun = self.begin()?;
        if begun.found != Descriptor::Map {
            return Err(begun.wrong_type(Descriptor::Map));
        }
        let made = self.entries(visitor);
        self.end(&begun, made)
    }

    /// A struct can be a list too, of its fields in their order.
    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeFailure> {
        let begun = self.begin()?;
        let made = match begun.found {
            Descriptor::Map => self.entries(visitor),
            Descriptor::List => self.elements(None, visitor),
            _ => return Err(begun.wrong_type(Descriptor::Map)),
        };
        self.end(&begun, made)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeFailure> {
        let begun = self.begin()?;
        let made = match begun.found {
            Descriptor::Text => {
                let name = self.reader.json_string()?;
                visitor.visit_enum(KeyDeserializer(name))
            }
            Descriptor::Map => {
                let mut entries = EntriesAccess::open(self.reader)?;
                let value = visitor.visit_enum(&mut entries)?;
                match entries.next_name()? {
                    Some(_) => Err(Problem::Refused("a variant is a map with one entry").into()),
                    None => Ok(value),
                }
            }
            _ => return Err(begun.wrong_type(Descriptor::Map)),
        };
        self.end(&begun, made)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(
        self,
        visitor: V,
    ) -> Result<V::Value, DecodeFailure> {
        self.reader.skip_value()?;
        visitor.visit_unit()
    }
}

/// Borrowed from the response where the text has no escapes.
fn text<'de, V: Visitor<'de>>(text: Cow<'de, str>, visitor: V) -> Result<V::Value, DecodeFailure> {
    match text {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_string(text),
    }
}

/// What is in a list or a set, one after the other.
struct ElementsAccess<'r, 'de> {
    reader: &'r mut Reader<'de>,
    /// The type of the elements, where they have no descriptors of their own.
    of: Option<Descriptor>,
    is_first: bool,
    is_over: bool,
}

impl ElementsAccess<'_, '_> {
    /// Steps to the next element, if there is one.
    fn advance(&mut self) -> Result<bool, DecodeError> {
        if self.is_over {
            return Ok(false);
        }
        match self.reader.peek() {
            Some(b']') => {
                self.reader.leave();
                self.is_over = true;
                return Ok(false);
            }
            Some(b',') if !self.is_first => {
                self.reader.advance();
                self.reader.peek();
            }
            Some(_) if self.is_first => self.is_first = false,
            _ => return Err(self.reader.error(Problem::Expected("`,` or `]`"))),
        }
        Ok(true)
    }
}

impl<'de> de::SeqAccess<'de> for ElementsAccess<'_, 'de> {
    type Error = DecodeFailure;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DecodeFailure> {
        if !self.advance()? {
            return Ok(None);
        }
        let start = self.reader.position();
        let made = match self.of {
            None => seed.deserialize(ValueDeserializer { reader: self.reader, wrappers: 0 }),
            Some(of) => self
                .reader
                .bare(of, |reader| seed.deserialize(ValueDeserializer { reader, wrappers: 0 })),
        };
        made.map(Some).map_err(|error| error.placed(start))
    }
}

/// What is in a map, one after the other.
struct EntriesAccess<'r, 'de> {
    members: Members<'r, 'de>,
    names: NameSet<'de>,
    is_over: bool,
}

impl<'r, 'de> EntriesAccess<'r, 'de> {
    fn open(reader: &'r mut Reader<'de>) -> Result<Self, DecodeError> {
        let members = Members::open(reader, "an object")?;
        Ok(Self { members, names: NameSet::default(), is_over: false })
    }

    fn next_name(&mut self) -> Result<Option<Cow<'de, str>>, DecodeError> {
        if self.is_over {
            return Ok(None);
        }
        let name = self.members.next_name()?;
        match &name {
            Some(name) if !self.names.insert(name.clone()) => return Err(self.members.duplicate()),
            Some(_) => {}
            None => self.is_over = true,
        }
        Ok(name)
    }

    /// Reads the value of the entry that was just named.
    fn value<T>(
        &mut self,
        read: impl FnOnce(ValueDeserializer<'_, 'de>) -> Result<T, DecodeFailure>,
    ) -> Result<T, DecodeFailure> {
        let reader = self.members.reader();
        reader.peek();
        let start = reader.position();
        read(ValueDeserializer { reader, wrappers: 0 }).map_err(|error| error.placed(start))
    }
}

impl<'de> de::MapAccess<'de> for EntriesAccess<'_, 'de> {
    type Error = DecodeFailure;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, DecodeFailure> {
        let Some(name) = self.next_name()? else { return Ok(None) };
        let start = self.members.name_start();
        seed.deserialize(KeyDeserializer(name)).map(Some).map_err(|error| error.placed(start))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, DecodeFailure> {
        self.value(|value| seed.deserialize(value))
    }
}

/// A variant with content: the name and the value of the one entry.
impl<'de> de::EnumAccess<'de> for &mut EntriesAccess<'_, 'de> {
    type Error = DecodeFailure;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<(T::Value, Self), DecodeFailure> {
        match de::MapAccess::next_key_seed(self, seed)? {
            Some(variant) => Ok((variant, self)),
            None => Err(Problem::Refused("a variant is a map with one entry").into()),
        }
    }
}

impl<'de> de::VariantAccess<'de> for &mut EntriesAccess<'_, 'de> {
    type Error = DecodeFailure;

    fn unit_variant(self) -> Result<(), DecodeFailure> {
        self.value(|value| <()>::deserialize(value))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<T::Value, DecodeFailure> {
        self.value(|value| seed.deserialize(value))
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, DecodeFailure> {
        self.value(|value| value.deserialize_seq(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeFailure> {
        self.value(|value| value.deserialize_struct("", fields, visitor))
    }
}

/// Whether the float is written as this number, here or by `Display`: of two shortest texts that are
/// equally near they choose different ones, as of `89664404461423.125`.
fn is_written_as(float: f64, number: Decimal<'_>) -> bool {
    let is_number = |text: &str| Decimal::parse(text).is_some_and(|written| written == number);
    is_number(zmij::Buffer::new().format(float)) || is_number(&format!("{float:e}"))
}
