//! Which types can be a key, and which a part of one.

use std::borrow::Cow;
use std::fmt;
use std::hash::Hash;

use super::part_form::PartForm;
use super::text::{self, PartText};
use crate::codec::kind::{
    Binary, BinarySet, Kind, Number, NumberSet, SetKind, Text, TextSet, descriptor_of,
};
use crate::codec::{
    AttributeValue, Decode, DecodeError, Descriptor, Encoding, Plain, Reader, Writer,
};

/// A type that can be a partition key, a sort key or a key of an index, or a part of one.
///
/// Text, integers, [`Number`](crate::Number), binary and timestamps are, and by feature the like of
/// other crates. A newtype of one of these, with a `PhantomData` beside it if it has a type parameter, becomes one by
/// `#[derive(KeyPart)]`, and so does an enum without fields; a type of another crate is a key as a newtype of what it is
/// stored as. It is not implemented by hand. The program `examples/examples/own_types.rs` shows such types in use:
///
/// ```
/// use std::marker::PhantomData;
///
/// use dynamo_runtime::prelude::*;
///
/// #[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
/// struct Id<T>(String, PhantomData<fn() -> T>);
///
/// // What the standard derives give to `Id<T>`, they require of `T`.
/// #[derive(Entity, Clone, Debug, PartialEq, Eq, Hash)]
/// #[dynamo(table = "hosts")]
/// struct Host {
///     #[dynamo(partition_key)]
///     id: Id<Host>,
/// }
///
/// let key = Host::key(Id("web-1".to_owned(), PhantomData));
/// assert_eq!(key.id.key_size(), 5);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a key",
    label = "not a key type",
    note = "a key is text, a number or binary: `String`, an integer, `Vec<u8>`, `Timestamp`, or a newtype of one of these or an enum without fields with `#[derive(KeyPart)]`"
)]
pub trait KeyPart:
    AttributeValue<Kind: KeyKind>
    + for<'de> Decode<'de>
    + Clone
    + Eq
    + Hash
    + fmt::Debug
    + Send
    + Sync
    + 'static
{
    /// The size that the service counts against its limits, in bytes; zero for an empty text or
    /// binary, which cannot be a key.
    ///
    /// ```
    /// use dynamo_runtime::prelude::*;
    ///
    /// #[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
    /// struct UserId(String);
    ///
    /// assert_eq!(UserId("ann".to_owned()).key_size(), 3);
    /// ```
    fn key_size(&self) -> usize;

    /// What its text can be, in a key of another library.
    #[doc(hidden)]
    const FORM: PartForm = PartForm::of::<Self>();

    /// Writes its text as a part of a templated key.
    #[doc(hidden)]
    fn write_part(&self, text: &mut PartText);

    /// What has this text as a part of a templated key, if anything has.
    #[doc(hidden)]
    fn read_part(part: &str) -> Option<Self>;
}

/// The kinds of attribute that can be a key: text, numbers and binary.
pub trait KeyKind: Kind {
    /// The type code in a table's attribute definitions: `S`, `N` or `B`.
    const CODE: &'static str;

    /// A set of keys of this kind.
    type Set: SetKind<Element = Self>;
}

impl KeyKind for Text {
    const CODE: &'static str = "S";
    type Set = TextSet;
}
impl KeyKind for Number {
    const CODE: &'static str = "N";
    type Set = NumberSet;
}
impl KeyKind for Binary {
    const CODE: &'static str = "B";
    type Set = BinarySet;
}

impl KeyPart for String {
    fn key_size(&self) -> usize {
        self.len()
    }

    fn write_part(&self, text: &mut PartText) {
        text.text(self);
    }

    fn read_part(part: &str) -> Option<Self> {
        text::text(part)
    }
}

impl KeyPart for Vec<u8> {
    fn key_size(&self) -> usize {
        self.len()
    }

    fn write_part(&self, text: &mut PartText) {
        text.binary(self);
    }

    fn read_part(part: &str) -> Option<Self> {
        text::binary(part)
    }
}

impl<const N: usize> KeyPart for [u8; N] {
    fn key_size(&self) -> usize {
        N
    }

    fn write_part(&self, text: &mut PartText) {
        text.binary(self);
    }

    fn read_part(part: &str) -> Option<Self> {
        text::binary(part)?.try_into().ok()
    }
}

impl KeyPart for char {
    fn key_size(&self) -> usize {
        self.len_utf8()
    }

    fn write_part(&self, text: &mut PartText) {
        text.text(self.encode_utf8(&mut [0; 4]));
    }

    fn read_part(part: &str) -> Option<Self> {
        text::text(part)?.parse().ok()
    }
}

/// Bytes of the longest number, which is all that matters against the limits of a key.
pub(crate) const NUMBER_SIZE: usize = 21;
macro_rules! integer_form {
    (unsigned, $width:literal) => {
        PartForm::Digits($width)
    };
    (signed, $width:literal) => {
        PartForm::Number
    };
}
macro_rules! integer_key_parts {
    ($($write:ident($wide:ty): $($integer:ty = $width:literal),*;)*) => {$($(
        impl KeyPart for $integer {
            const FORM: PartForm = integer_form!($write, $width);

            fn key_size(&self) -> usize {
                NUMBER_SIZE
            }

            fn write_part(&self, text: &mut PartText) {
                text.$write(<$wide>::from(*self), $width);
            }

            fn read_part(part: &str) -> Option<Self> {
                text::$write(part, $width)?.try_into().ok()
            }
        }
    )*)*};
}
// As many digits as the greatest value has.
integer_key_parts! {
    unsigned(u128): u8 = 3, u16 = 5, u32 = 10, u64 = 20, u128 = 39;
    signed(i128): i8 = 3, i16 = 5, i32 = 10, i64 = 19, i128 = 39;
}

/// A type that can be a part of a templated key: a [`KeyPart`], or `bool`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a part of a key",
    label = "no part of a key is of this type",
    note = "a part is text, a number, `bool` or binary: `String`, an integer, `Vec<u8>`, `Timestamp`, or a newtype of one of these or an enum without fields with `#[derive(KeyPart)]`"
)]
pub trait TemplatePart:
    AttributeValue + Clone + Eq + Hash + fmt::Debug + Send + Sync + 'static
{
    const FORM: PartForm;

    fn write_part(&self, text: &mut PartText);

    fn read_part(part: &str) -> Option<Self>;

    /// What is stored as this text.
    fn read_raw(part: &str) -> Option<Self>;
}

#[diagnostic::do_not_recommend]
impl<T: KeyPart> TemplatePart for T {
    const FORM: PartForm = <T as KeyPart>::FORM;

    fn write_part(&self, text: &mut PartText) {
        KeyPart::write_part(self, text);
    }

    fn read_part(part: &str) -> Option<Self> {
        KeyPart::read_part(part)
    }

    fn read_raw(part: &str) -> Option<Self> {
        let json = match descriptor_of::<T>()? {
            Descriptor::Text => {
                let mut writer = Writer::default();
                writer.string(part);
                writer.finish().ok()?
            }
            Descriptor::Number if part.bytes().all(|byte| PartForm::Number.may_have(byte)) => {
                format!(r#"{{"N":"{part}"}}"#).into_bytes()
            }
            _ => return None,
        };
        let value = Reader::new(&json).and_then(|mut reader| T::decode(&mut reader)).ok()?;
        is_stored_as(&value, part).then_some(value)
    }
}

impl TemplatePart for bool {
    const FORM: PartForm = PartForm::of::<bool>();

    fn write_part(&self, text: &mut PartText) {
        text.text(if *self { "true" } else { "false" });
    }

    fn read_part(part: &str) -> Option<Self> {
        part.parse().ok()
    }

    fn read_raw(part: &str) -> Option<Self> {
        part.parse().ok()
    }
}

/// A part of a key of an index: a [`TemplatePart`], or an `Option` of one for a sparse index.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a part of a key",
    label = "no part of a key is of this type",
    note = "a part is text, a number, `bool` or binary: `String`, an integer, `Vec<u8>`, `Timestamp`, a newtype of one of these or an enum without fields with `#[derive(KeyPart)]`, or an `Option` of it for a sparse index"
)]
pub trait IndexTemplatePart: sealed::Part {
    type Part: TemplatePart;

    fn present(&self) -> Option<&Self::Part>;

    fn from_part(part: Self::Part) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: TemplatePart> IndexTemplatePart for T {
    type Part = T;

    fn present(&self) -> Option<&T> {
        Some(self)
    }

    fn from_part(part: T) -> T {
        part
    }
}

#[diagnostic::do_not_recommend]
impl<T: TemplatePart> IndexTemplatePart for Option<T> {
    type Part = T;

    fn present(&self) -> Option<&T> {
        self.as_ref()
    }

    fn from_part(part: T) -> Self {
        Some(part)
    }
}

/// Writes a part, of which each value has a text of its own.
///
/// The library's own types and those of its derives have. What an implementation by hand writes must
/// be read back as the part: so two parts that differ never are one key.
#[inline]
pub fn write<T: TemplatePart>(part: &T, text: &mut PartText) {
    if text.is_raw() {
        write_raw(part, text);
    } else if part.origin().is_known() {
        part.write_part(text);
    } else {
        write_by_hand(part, text);
    }
}

/// Writes a part as it is stored.
#[cold]
fn write_raw<T: TemplatePart>(part: &T, text: &mut PartText) {
    if !part.origin().is_known() {
        return text.refuse("its form is not known to the library, so it stands in no raw key");
    }
    match stored_text(part) {
        Some(stored) => text.verbatim(&stored),
        None => text.refuse("it is not stored as text or a number, so it stands in no raw key"),
    }
}

/// The text or the number that the value is stored as.
fn stored_text<T: AttributeValue>(value: &T) -> Option<String> {
    let mut writer = Writer::default();
    Plain::encode(value, &mut writer);
    let json = writer.finish().ok()?;
    let mut reader = Reader::new(&json).ok()?;
    match descriptor_of::<T>()? {
        Descriptor::Text => reader.string().ok().map(Cow::into_owned),
        Descriptor::Number => {
            let json = str::from_utf8(&json).ok()?;
            Some(json.strip_prefix(r#"{"N":""#)?.strip_suffix(r#""}"#)?.to_owned())
        }
        Descriptor::Boolean => reader.bool().ok().map(|value| value.to_string()),
        _ => None,
    }
}

fn is_stored_as<T: AttributeValue>(value: &T, text: &str) -> bool {
    stored_text(value).is_some_and(|stored| stored == text)
}

#[cold]
fn write_by_hand<T: TemplatePart>(part: &T, text: &mut PartText) {
    let mut own = PartText::default();
    part.write_part(&mut own);
    match own.finish() {
        Ok(own) if own.is_empty() => {}
        Ok(own) if T::read_part(&own).as_ref() == Some(part) => text.verbatim(&own),
        Ok(_) => text.refuse("its text is not read back as the same value"),
        Err(problem) => text.fail(problem),
    }
}

/// The value with this text, if the text is the one that the value has.
pub(super) fn read<T: TemplatePart>(part: &str) -> Option<T> {
    let value = T::read_part(part)?;
    let mut text = PartText::default();
    value.write_part(&mut text);
    text.finish().is_ok_and(|text| text == part).then_some(value)
}

/// A key of the table: a [`KeyPart`].
///
/// A trait of its own, so that what a key part is besides is not asked for a second time.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a key",
    label = "not a key type",
    note = "a key is text, a number or binary: `String`, an integer, `Vec<u8>`, `Timestamp`, or a newtype of one of these or an enum without fields with `#[derive(KeyPart)]`"
)]
pub trait TableKeyPart: sealed::TableKey + Sized {
    type Part: KeyPart;

    fn part(&self) -> &Self::Part;

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError>;
}

impl<T: KeyPart> TableKeyPart for T {
    type Part = T;

    fn part(&self) -> &T {
        self
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        T::decode(reader)
    }
}

/// A key of an index: a [`KeyPart`], or an `Option` of one for a sparse index.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a key of an index",
    label = "not a key type",
    note = "a key is text, a number or binary: `String`, an integer, `Vec<u8>`, `Timestamp`, a newtype of one of these or an enum without fields with `#[derive(KeyPart)]`, or an `Option` of it for a sparse index"
)]
pub trait IndexKeyPart: sealed::Key {
    /// The part itself.
    type Part: KeyPart;

    /// The part, unless the item is left out of the index.
    ///
    /// ```
    /// use dynamo_runtime::operation::traits::IndexKeyPart;
    ///
    /// assert_eq!(7_u32.present(), Some(&7));
    /// assert_eq!(None::<u32>.present(), None); // such an item is not in the index
    /// ```
    fn present(&self) -> Option<&Self::Part>;
}

impl<T: KeyPart> IndexKeyPart for T {
    type Part = T;

    fn present(&self) -> Option<&T> {
        Some(self)
    }
}

impl<T: KeyPart> IndexKeyPart for Option<T> {
    type Part = T;

    fn present(&self) -> Option<&T> {
        self.as_ref()
    }
}

/// A part is what it is by being a [`KeyPart`], or an `Option` of one.
mod sealed {
    use super::{KeyPart, TemplatePart};

    pub trait Key {}
    impl<T: KeyPart> Key for T {}
    impl<T: KeyPart> Key for Option<T> {}

    pub trait TableKey {}
    impl<T: KeyPart> TableKey for T {}

    pub trait Part {}
    impl<T: TemplatePart> Part for T {}
    impl<T: TemplatePart> Part for Option<T> {}
}
