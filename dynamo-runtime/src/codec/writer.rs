//! Writes DynamoDB JSON into one buffer.

use std::sync::Arc;

use super::error::{EncodeError, EncodeProblem};
use super::kind::encode_in_place;
use super::kind::sealed::Set as _;
use super::kind::{SetElement, TextSet};
use super::limits::{MAX_ITEM_SIZE, MAX_KEY_SIZE};
use super::number::{Decimal, MAX_DIGITS};
use super::reader::{Reader, read};
use super::{AttributeValue, Encode, Encoding, PlainName};

mod floats;
mod fraction;
mod json;

/// How many lists and maps may be in each other: with the value in the innermost they are the 32
/// levels of the same page.
///
/// That the value counts was seen on DynamoDB: <https://github.com/nubo-db/dynoxide/issues/110>.
const MAX_DEPTH: usize = 31;

/// The key of a map as its text.
pub(crate) fn map_key<K: SetElement<Set = TextSet>>(key: &K) -> Result<Arc<str>, EncodeError> {
    let mut writer = Writer::default();
    writer.element(key);
    let json = writer.finish()?;
    match read(&json, Reader::json_string) {
        Ok(text) => Ok(Arc::from(text)),
        Err(_) => Err(EncodeError::new(EncodeProblem::Refused("the key of the map is no text"))),
    }
}

/// Writes attribute values and items as DynamoDB JSON.
///
/// Writing cannot fail: the first value that DynamoDB could not hold is remembered with its path,
/// and [`finish`](Self::finish) gives it. Commas are put where the last byte asks for one.
///
/// ```
/// use dynamo_runtime::codec::{EncodeError, Plain, Writer};
///
/// fn json(write: impl FnOnce(&mut Writer)) -> Result<String, EncodeError> {
///     let mut writer = Writer::with_capacity(64);
///     write(&mut writer);
///     writer.finish().map(|json| String::from_utf8_lossy(&json).into_owned())
/// }
///
/// # fn main() -> Result<(), EncodeError> {
/// assert_eq!(json(|writer| writer.string("x"))?, r#"{"S":"x"}"#);
/// assert_eq!(json(|writer| writer.binary(&[1, 2]))?, r#"{"B":"AQI="}"#);
/// assert_eq!(json(|writer| writer.bool(true))?, r#"{"BOOL":true}"#);
/// assert_eq!(json(|writer| writer.null())?, r#"{"NULL":true}"#);
/// assert_eq!(json(|writer| writer.integer(-7))?, r#"{"N":"-7"}"#);
/// assert_eq!(json(|writer| writer.decimal("1.50"))?, r#"{"N":"1.50"}"#);
/// assert_eq!(json(|writer| writer.float(0.5))?, r#"{"N":"0.5"}"#);
/// assert_eq!(json(|writer| writer.float32(0.1))?, r#"{"N":"0.1"}"#);
///
/// let list = json(|writer| writer.list([1, 2], |number, writer| writer.integer(number)))?;
/// assert_eq!(list, r#"{"L":[{"N":"1"},{"N":"2"}]}"#);
/// assert_eq!(json(|writer| writer.set(&[1, 2]))?, r#"{"NS":["1","2"]}"#);
///
/// let map = json(|writer| {
///     writer.map(|writer| {
///         writer.attribute("a", "x");
///         writer.attribute_as::<Plain, _>("b", &7);
///         writer.entry(&"c".to_owned(), &None::<u8>); // a key is kept
///     });
/// })?;
/// assert_eq!(map, r#"{"M":{"a":{"S":"x"},"b":{"N":"7"},"c":{"NULL":true}}}"#);
/// # Ok(())
/// # }
/// ```
///
/// A writer can be used again:
///
/// ```
/// use dynamo_runtime::codec::Writer;
///
/// let mut writer = Writer::default();
/// writer.string("four");
/// assert_eq!((writer.as_bytes(), writer.item_size()), (&br#"{"S":"four"}"#[..], 4));
/// writer.clear();
/// assert!(writer.as_bytes().is_empty());
/// ```
#[derive(Default)]
pub struct Writer {
    pub(super) buffer: Vec<u8>,
    pub(super) depth: usize,
    pub(super) item_size: usize,
    pub(super) error: Option<EncodeError>,
}

impl Writer {
    /// A writer with room for this many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { buffer: Vec::with_capacity(bytes), ..Self::default() }
    }

    /// A writer that goes on after these bytes, with a value that is so deep in its item.
    pub(crate) fn appending_to(buffer: Vec<u8>, depth: usize) -> Self {
        Self { buffer, depth, ..Self::default() }
    }

    /// What was written.
    ///
    /// # Errors
    /// When a value was written that DynamoDB cannot hold.
    pub fn finish(self) -> Result<Vec<u8>, EncodeError> {
        match self.error {
            None => Ok(self.buffer),
            Some(error) => Err(error),
        }
    }

    /// Forgets what was written and keeps the buffer.
    pub fn clear(&mut self) {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        *self = Self { buffer, ..Self::default() };
    }

    /// The bytes so far.
    pub fn as_bytes(&self) -> &[u8] {
        &self.buffer
    }

    /// The size of what was written since the last item began, in bytes of DynamoDB's reckoning.
    ///
    /// Numbers are estimated by the documented rule, a byte for two digits and one more.
    ///
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>
    pub fn item_size(&self) -> usize {
        self.item_size
    }

    /// Refuses the value that is being written, for an implementation of [`Encode`].
    ///
    /// `reason` must not contain the value.
    ///
    /// ```
    /// use dynamo_runtime::codec::Writer;
    ///
    /// let mut writer = Writer::default();
    /// writer.refuse("a heading is less than 360 degrees");
    /// assert!(writer.finish().is_err());
    /// ```
    pub fn refuse(&mut self, reason: &'static str) {
        self.fail(EncodeProblem::Refused(reason));
    }

    pub(super) fn fail(&mut self, reason: EncodeProblem) {
        self.error.get_or_insert_with(|| EncodeError::new(reason));
    }
}

/// Items.
impl Writer {
    /// Begins an item, and the count of its size.
    pub(crate) fn begin_item(&mut self) {
        self.item_size = 0;
        self.begin_object();
    }

    /// Ends an item, which is refused if it is larger than [`MAX_ITEM_SIZE`].
    pub(crate) fn end_item(&mut self) {
        self.end_object();
        if self.item_size > MAX_ITEM_SIZE {
            self.fail(EncodeProblem::ItemTooLarge { size: self.item_size });
        }
    }

    /// Writes an attribute of an item or a map, unless its value is absent.
    pub fn attribute(&mut self, name: &str, value: &(impl Encode + ?Sized)) {
        if !value.is_absent() {
            self.named(name, |writer| writer.value(value, None));
        }
    }

    /// Writes an attribute in the form `C`, unless its value is absent.
    pub fn attribute_as<C: Encoding<T>, T>(&mut self, name: &str, value: &T) {
        if !C::is_absent(value) {
            self.named(name, |writer| C::encode(value, writer));
        } else if !C::MAY_BE_ABSENT {
            self.locating(Self::refuse_absent, |error| error.within_name(name));
        }
    }

    /// The same for a derive, where the compiler has the JSON of the name.
    #[doc(hidden)]
    #[expect(clippy::inline_always, reason = "the compiler is to see what the name is")]
    #[inline(always)]
    pub fn plain_attribute_as<C: Encoding<T>, T>(
        &mut self,
        PlainName { name, json }: &'static PlainName,
        value: &T,
    ) {
        if json.is_empty() {
            self.attribute_as::<C, T>(name, value);
        } else if !C::is_absent(value) {
            self.separate();
            self.buffer.extend_from_slice(json.as_bytes());
            self.named_value(name, |writer| C::encode(value, writer));
        } else if !C::MAY_BE_ABSENT {
            self.locating(Self::refuse_absent, |error| error.within_name(name));
        }
    }

    /// Writes an attribute that was read as it is; of its size only the name is counted.
    pub(super) fn raw_attribute(&mut self, name: &str, value: &[u8]) {
        self.named(name, |writer| writer.raw(value));
    }

    #[inline]
    fn named(&mut self, name: &str, encode: impl FnOnce(&mut Self)) {
        self.member(name);
        self.named_value(name, encode);
    }

    #[inline]
    fn named_value(&mut self, name: &str, encode: impl FnOnce(&mut Self)) {
        // An attribute of a map has a byte of its own, one of an item has not.
        self.item_size += name.len() + usize::from(self.depth > 0);
        self.locating(encode, |error| error.within_name(name));
    }

    /// Writes a value of which no error shows more than where it is, as
    /// [`Reader::sensitive`](super::Reader::sensitive) reads it.
    pub(crate) fn sensitive(&mut self, encode: impl FnOnce(&mut Self)) {
        self.locating(encode, EncodeError::hide_path);
    }

    /// Adds to the path of an error, if the error arises here.
    #[inline]
    pub(super) fn locating(
        &mut self,
        encode: impl FnOnce(&mut Self),
        locate: impl FnOnce(&mut EncodeError),
    ) {
        let had_error = self.error.is_some();
        encode(self);
        if let Some(error) = &mut self.error
            && !had_error
        {
            locate(error);
        }
    }
}

/// Attribute values.
impl Writer {
    /// Writes a string, `S`.
    #[inline]
    pub fn string(&mut self, text: &str) {
        self.item_size += text.len();
        self.text(b"{\"S\":\"", text, b"\"}");
    }

    /// Writes a boolean, `BOOL`.
    pub fn bool(&mut self, value: bool) {
        self.item_size += 1;
        self.raw(if value { b"{\"BOOL\":true}" } else { b"{\"BOOL\":false}" });
    }

    /// Writes a null, `NULL`.
    pub fn null(&mut self) {
        self.item_size += 1;
        self.raw(b"{\"NULL\":true}");
    }

    /// Writes bytes, `B`.
    pub fn binary(&mut self, bytes: &[u8]) {
        self.item_size += bytes.len();
        self.buffer.extend_from_slice(b"{\"B\":\"");
        base64_simd::STANDARD.encode_append(bytes, &mut self.buffer);
        self.buffer.extend_from_slice(b"\"}");
    }

    /// Writes a whole number, `N`, which may have 38 significant digits.
    #[inline]
    pub fn integer(&mut self, number: impl itoa::Integer) {
        let mut buffer = itoa::Buffer::new();
        let text = buffer.format(number);
        let negative = text.starts_with('-');
        let zeros = text.bytes().rev().take_while(|&digit| digit == b'0').count();
        let digits = text.len() - zeros - usize::from(negative);
        if digits > MAX_DIGITS {
            self.fail(EncodeProblem::TooPrecise);
        }
        self.number(text, digits, negative);
    }

    /// Writes a number, `N`, by its text in the grammar of JSON: exactly, and `-0` as `0`.
    pub fn decimal(&mut self, text: &str) {
        let Some(number) = Decimal::parse(text) else {
            return self.refuse("the text of the number is no number");
        };
        let digits = number.digit_count();
        if digits > MAX_DIGITS {
            self.fail(EncodeProblem::TooPrecise);
        } else if !number.is_in_range() {
            self.fail(EncodeProblem::OutOfRange);
        }
        let text = if number.is_zero() { "0" } else { text };
        self.number(text, digits, number.negative);
    }

    /// Writes a number, `N`, which must be finite and in DynamoDB's range; `-0.0` is written as
    /// `0`, since DynamoDB has one zero.
    pub fn float(&mut self, number: f64) {
        self.finite(number, number);
    }

    /// The same with the digits of an `f32`: `0.1`, not `0.10000000149011612`.
    pub fn float32(&mut self, number: f32) {
        self.finite(number, f64::from(number));
    }

    fn finite(&mut self, number: impl zmij::Float, wide: f64) {
        let size = wide.abs();
        if !wide.is_finite() {
            self.fail(EncodeProblem::NotFinite);
        } else if size >= 1e126 || (size < 1e-130 && size > 0.0) {
            self.fail(EncodeProblem::OutOfRange);
        }
        if size == 0.0 {
            return self.integer(0_u8);
        }
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format(number);
        let text = text.strip_suffix(".0").unwrap_or(text);
        self.number(text, digits_of_float(text), wide < 0.0);
    }

    #[inline]
    fn number(&mut self, text: &str, significant_digits: usize, negative: bool) {
        self.item_size += significant_digits.div_ceil(2) + 1 + usize::from(negative);
        self.buffer.extend_from_slice(b"{\"N\":\"");
        self.buffer.extend_from_slice(text.as_bytes());
        self.buffer.extend_from_slice(b"\"}");
    }

    /// Writes a list, `L`; `encode` must write one attribute value for each element.
    pub fn list<I: IntoIterator>(
        &mut self,
        elements: I,
        mut encode: impl FnMut(I::Item, &mut Self),
    ) {
        self.nested(b"{\"L\":[", b"]}", |writer| {
            for (index, element) in elements.into_iter().enumerate() {
                writer.indexed(index, |writer| encode(element, writer));
            }
        });
    }

    /// Writes an element of a list.
    pub(super) fn indexed(&mut self, index: usize, encode: impl FnOnce(&mut Self)) {
        self.separate();
        self.item_size += 1;
        self.locating(encode, |error| error.within_index(index));
    }

    /// Writes a map, `M`; `attributes` writes what is in it by [`attribute`](Self::attribute).
    pub fn map(&mut self, attributes: impl FnOnce(&mut Self)) {
        self.nested(b"{\"M\":{", b"}}", attributes);
    }

    /// Writes a set, `SS`, `NS` or `BS`; an empty one is refused, since it is the absent attribute.
    pub fn set<'a, T: SetElement + 'a>(&mut self, elements: impl IntoIterator<Item = &'a T>) {
        self.raw(T::Set::SET.prefix());
        self.begin_array();
        for (index, element) in elements.into_iter().enumerate() {
            self.separate();
            self.locating(|writer| writer.element(element), |error| error.within_index(index));
        }
        if self.buffer.ends_with(b"[") {
            self.refuse("an empty set is the absent attribute, and no value");
        }
        self.raw(b"]}");
    }

    /// Writes an entry of a map, `M`, whose key is any text; an absent value is written as null, so
    /// that its key is kept.
    pub fn entry<K: SetElement<Set = TextSet>>(&mut self, key: &K, value: &impl AttributeValue) {
        self.separate();
        self.locating(
            |writer| {
                let size = writer.item_size;
                writer.element(key);
                writer.check_key(writer.item_size - size);
                writer.item_size += 1;
                writer.buffer.push(b':');
                encode_in_place(value, writer);
            },
            EncodeError::within_key,
        );
    }

    /// Writes an entry of a map, whose key is this text.
    #[cfg(feature = "serde")]
    pub(super) fn keyed(&mut self, key: &str, encode: impl FnOnce(&mut Self)) {
        self.located_entry(key, encode, EncodeError::within_key);
    }

    /// Writes an entry of a map, whose key is the name of a field.
    #[cfg(feature = "serde")]
    pub(super) fn field(&mut self, name: &'static str, encode: impl FnOnce(&mut Self)) {
        self.located_entry(name, encode, |error| error.within_name(name));
    }

    #[cfg(feature = "serde")]
    fn located_entry(
        &mut self,
        key: &str,
        encode: impl FnOnce(&mut Self),
        locate: impl FnOnce(&mut EncodeError),
    ) {
        let write = |writer: &mut Self| {
            writer.begin_entry(key);
            encode(writer);
        };
        self.locating(write, locate);
    }

    /// Writes the key of an entry; its value is to follow.
    #[cfg(feature = "serde")]
    pub(super) fn begin_entry(&mut self, key: &str) {
        self.member(key);
        self.item_size += key.len() + 1;
        self.check_key(key.len());
    }

    fn check_key(&mut self, size: usize) {
        match size {
            0 => self.refuse("the key of a map is empty"),
            1..=MAX_KEY_SIZE => {}
            _ => self.refuse("the key of a map has more than 65535 bytes"),
        }
    }

    /// Writes an element as a value, and takes its descriptor off again.
    fn element<T: SetElement>(&mut self, element: &T) {
        let start = self.buffer.len();
        self.value(element, None);
        let prefix = T::Set::ELEMENT.prefix();
        let written = self.buffer.get(start..).unwrap_or_default();
        if written.starts_with(prefix) {
            self.buffer.pop();
            self.buffer.drain(start..start + prefix.len());
        } else {
            self.refuse("the element is not of the type of its set");
        }
    }

    fn nested(&mut self, open: &[u8], close: &[u8], content: impl FnOnce(&mut Self)) {
        if self.begin_nested(open) {
            content(self);
            self.end_nested(close);
        }
    }

    /// Begins a list or a map, unless it is too deep in others.
    pub(super) fn begin_nested(&mut self, open: &[u8]) -> bool {
        self.item_size += 3;
        self.raw(open);
        if self.depth >= MAX_DEPTH {
            self.fail(EncodeProblem::TooDeep);
            return false;
        }
        self.depth += 1;
        true
    }

    /// Ends a list or a map that was begun.
    pub(super) fn end_nested(&mut self, close: &[u8]) {
        self.depth -= 1;
        self.raw(close);
    }
}

/// The significant digits of a float as it is written, such as 2 of `-0.015` and of `1.5e-7`.
fn digits_of_float(text: &str) -> usize {
    let is_digit = |byte: &u8| (b'1'..=b'9').contains(byte);
    let text = text.as_bytes();
    let mantissa = text.iter().position(|&byte| byte == b'e').and_then(|end| text.get(..end));
    let mantissa = mantissa.unwrap_or(text);
    let ends = (mantissa.iter().position(is_digit), mantissa.iter().rposition(is_digit));
    let (Some(first), Some(last)) = ends else { return 0 };
    let between = mantissa.get(first..=last).unwrap_or_default();
    between.len() - usize::from(between.contains(&b'.'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_digits_of_a_float_are_those_of_its_number(float: f64, whole: i32) {
            for float in [float, f64::from(whole), f64::from(whole) / 8.0, 1.0 / f64::from(whole)] {
                let mut buffer = zmij::Buffer::new();
                let text = buffer.format(float);
                let Some(number) = Decimal::parse(text) else { continue };
                prop_assert_eq!(digits_of_float(text), number.digit_count(), "{}", text);
            }
        }
    }
}
