//! Reads DynamoDB JSON from one slice.
//!
//! What DynamoDB sends has no white space and few escapes: each method has a fast path for that,
//! which is one compare and one scan, and leaves the rest of JSON to functions marked `cold`.

use std::borrow::Cow;

use super::Decode;
use super::descriptor::Descriptor;
use super::error::{DecodeError, Problem};
use super::kind::sealed::Set as _;
use super::kind::{SetElement, TextSet};
use super::members::Members;
use super::order::Order;

mod floats;
mod json;
pub(super) mod numbers;

/// Arrays and objects in each other. DynamoDB's 32 levels take two each, and a response a few
/// around them.
const MAX_DEPTH: usize = 128;

/// Reads `json` as a whole.
pub(crate) fn read<'de, T>(
    json: &'de [u8],
    decode: impl FnOnce(&mut Reader<'de>) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    // In place: to move a reader costs as much as to read a name.
    let mut reader = Reader::of(utf8(json)?);
    let value = decode(&mut reader)?;
    reader.end()?;
    Ok(value)
}

fn utf8(json: &[u8]) -> Result<&str, DecodeError> {
    simdutf8::basic::from_utf8(json).map_err(|_| {
        let valid = json.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        DecodeError::new(valid.len(), Problem::NotUtf8)
    })
}

/// Reads attribute values and items from DynamoDB JSON.
///
/// What is read is strict JSON: no duplicate names, no lone surrogates, nothing after the end.
///
/// ```
/// use std::collections::{BTreeMap, BTreeSet};
///
/// use dynamo_runtime::codec::{DecodeError, Field, Plain, Reader};
///
/// # fn main() -> Result<(), DecodeError> {
/// assert_eq!(Reader::new(br#"{"S": "x"}"#)?.string()?, "x");
/// assert_eq!(Reader::new(br#"{"B": "AQI="}"#)?.binary()?, [1, 2]);
/// assert_eq!(Reader::new(br#"{"BOOL": true}"#)?.bool()?, true);
/// assert_eq!(Reader::new(br#"{"NULL": true}"#)?.null()?, true);
/// assert_eq!(Reader::new(br#"{"N": "1E2"}"#)?.integer::<u8>()?, 100);
/// assert_eq!(Reader::new(br#"{"N": "1.50"}"#)?.float()?, 1.5);
/// assert_eq!(Reader::new(br#"{"N": "1.50"}"#)?.float32()?, 1.5);
/// assert_eq!(Reader::new(br#"{"N": "1.50"}"#)?.decimal()?, "1.50");
///
/// let mut list = Vec::new();
/// Reader::new(br#"{"L": [{"S": "x"}, {"S": "y"}]}"#)?.list(|reader| {
///     list.push(reader.string()?.into_owned());
///     Ok(())
/// })?;
/// assert_eq!(list, ["x", "y"]);
///
/// let mut set = BTreeSet::new();
/// Reader::new(br#"{"NS": ["1", "2"]}"#)?.set(|number: u32| set.insert(number))?;
/// assert_eq!(set, BTreeSet::from([1, 2]));
///
/// let mut entries = BTreeMap::new();
/// Reader::new(br#"{"M": {"tea": {"N": "3"}}}"#)?
///     .entries(|key: String, price: u32| entries.insert(key, price).is_none())?;
/// assert_eq!(entries["tea"], 3);
///
/// let price = Reader::new(br#"{"M": {"tea": {"N": "3"}}}"#)?.map(|reader| {
///     let mut members = reader.item()?;
///     let mut price = Field::<Plain, u32>::new();
///     while members.next_name()?.is_some() {
///         members.field(&mut price)?;
///     }
///     members.take(price, "tea")
/// })?;
/// assert_eq!(price, 3);
/// # Ok(())
/// # }
/// ```
///
/// What comes after a value is an error:
///
/// ```
/// use dynamo_runtime::codec::Reader;
///
/// let mut reader = Reader::new(br#"{"S": "x"} {"S": "y"}"#)?;
/// reader.string()?;
/// assert_eq!(reader.position(), 10);
/// assert!(reader.finish().unwrap_err().is_malformed());
/// # Ok::<(), dynamo_runtime::codec::DecodeError>(())
/// ```
#[derive(Clone)]
pub struct Reader<'de> {
    text: &'de str,
    /// Never past the text's end, and between two characters wherever a slice is taken.
    position: usize,
    depth: usize,
    /// The type of the next value, where it has no descriptor of its own: an element of a set, or
    /// the key of a map.
    bare: Option<Descriptor>,
    order: Order,
}

impl<'de> Reader<'de> {
    /// A reader of this JSON.
    ///
    /// # Errors
    /// When it is not UTF-8.
    pub fn new(json: &'de [u8]) -> Result<Self, DecodeError> {
        utf8(json).map(Self::of)
    }

    pub(super) const fn of(text: &'de str) -> Self {
        Self { text, position: 0, depth: 0, bare: None, order: Order::new() }
    }

    /// Where the reader is, in bytes.
    pub fn position(&self) -> usize {
        self.position
    }

    /// The JSON that was read since a place.
    #[inline]
    pub(super) fn since(&self, position: usize) -> &'de [u8] {
        self.text.as_bytes().get(position..self.position).unwrap_or_default()
    }

    /// As [`since`](Self::since), as text.
    pub(super) fn text_since(&self, position: usize) -> &'de str {
        self.text.get(position..self.position).unwrap_or_default()
    }

    /// Goes to a place where a value starts or ends.
    pub(crate) fn seek(&mut self, position: usize) {
        self.position = position;
    }

    /// Goes back to a place where a value starts, out of what may have been left unread.
    pub(super) fn restart(&mut self, position: usize, depth: usize) {
        self.position = position;
        self.depth = depth;
    }

    /// Checks that nothing but white space is left.
    ///
    /// # Errors
    /// When something is left.
    pub fn finish(mut self) -> Result<(), DecodeError> {
        self.end()
    }

    fn end(&mut self) -> Result<(), DecodeError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.error(Problem::TrailingBytes)),
        }
    }

    /// Begins to read an item.
    ///
    /// ```
    /// use dynamo_runtime::codec::Reader;
    ///
    /// let mut reader = Reader::new(br#"{"user_id": {"S": "ann"}}"#)?;
    /// assert_eq!(reader.item()?.next_name()?.as_deref(), Some("user_id"));
    /// # Ok::<(), dynamo_runtime::codec::DecodeError>(())
    /// ```
    ///
    /// # Errors
    /// When there is no object.
    pub fn item(&mut self) -> Result<Members<'_, 'de>, DecodeError> {
        Members::open(self, "an item")
    }

    #[cold]
    pub(crate) fn error(&self, problem: Problem) -> DecodeError {
        let problem = if self.rest().is_empty() { Problem::Ended } else { problem };
        DecodeError::new(self.position, problem)
    }
}

/// Attribute values.
impl<'de> Reader<'de> {
    /// Reads a string, `S`, borrowed unless it has escapes.
    ///
    /// # Errors
    /// When the value is no string.
    #[inline]
    pub fn string(&mut self) -> Result<Cow<'de, str>, DecodeError> {
        self.quoted(Descriptor::Text, *b"{\"S\":\"")
    }

    /// Reads bytes, `B`.
    ///
    /// # Errors
    /// When the value is no binary.
    pub fn binary(&mut self) -> Result<Vec<u8>, DecodeError> {
        let start = self.position;
        let text = self.quoted(Descriptor::Binary, *b"{\"B\":\"")?;
        decode_base64(start, &text)
    }

    /// Reads a boolean, `BOOL`.
    ///
    /// # Errors
    /// When the value is no boolean.
    pub fn bool(&mut self) -> Result<bool, DecodeError> {
        if self.skip_bytes(b"{\"BOOL\":true}") {
            return Ok(true);
        }
        if self.skip_bytes(b"{\"BOOL\":false}") {
            return Ok(false);
        }
        self.open(Descriptor::Boolean)?;
        let value = self.json_bool()?;
        self.close()?;
        Ok(value)
    }

    /// Reads a null, `NULL`, if there is one, and tells whether there was.
    ///
    /// # Errors
    /// When there is no attribute value.
    #[inline]
    pub fn null(&mut self) -> Result<bool, DecodeError> {
        match self.rest() {
            [b'{', b'"', b'N', b'"', ..] => Ok(false),
            [b'{', b'"', letter, ..] if letter.is_ascii_uppercase() && *letter != b'N' => Ok(false),
            _ => self.null_or_unusual(),
        }
    }

    #[cold]
    fn null_or_unusual(&mut self) -> Result<bool, DecodeError> {
        let start = self.position;
        if self.descriptor()? != Descriptor::Null {
            self.position = start;
            return Ok(false);
        }
        self.null_content()?;
        Ok(true)
    }

    /// Reads what follows the descriptor of a null.
    pub(super) fn null_content(&mut self) -> Result<(), DecodeError> {
        self.peek();
        if !self.skip_bytes(b"true") {
            return Err(self.error(Problem::Expected("`true`, as the value of NULL")));
        }
        self.close()
    }

    /// Reads a value of which no error shows more than where it is: what is in it can be named by
    /// the keys of a map, which are as sensitive as it is.
    pub(crate) fn sensitive<T>(
        &mut self,
        decode: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        let start = self.position;
        decode(self).map_err(|error| error.at(start))
    }

    /// Reads a list, `L`; `element` must read one attribute value.
    ///
    /// # Errors
    /// When the value is no list, or `element` fails.
    pub fn list(
        &mut self,
        element: impl FnMut(&mut Self) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        self.open(Descriptor::List)?;
        self.array(element)?;
        self.close()
    }

    /// Reads a set, `SS`, `NS` or `BS`; `insert` tells whether an element is new.
    ///
    /// # Errors
    /// When the value is no such set, an element does not fit, or stands twice.
    pub fn set<T: SetElement + Decode<'de>>(
        &mut self,
        mut insert: impl FnMut(T) -> bool,
    ) -> Result<(), DecodeError> {
        self.open(T::Set::SET)?;
        self.array(|reader| {
            let start = reader.position;
            if insert(reader.bare(T::Set::ELEMENT, T::decode)?) {
                return Ok(());
            }
            Err(DecodeError::refused(start, "the element stands twice in its set"))
        })?;
        self.close()
    }

    /// Reads a map, `M`, whose keys are any text; `insert` tells whether a key is new.
    ///
    /// # Errors
    /// When the value is no map, a key or a value does not fit, or a key stands twice.
    pub fn entries<K, V>(&mut self, mut insert: impl FnMut(K, V) -> bool) -> Result<(), DecodeError>
    where
        K: SetElement<Set = TextSet> + Decode<'de>,
        V: Decode<'de>,
    {
        self.map(|reader| {
            let mut entries = reader.item()?;
            while let Some(key) = entries.next_key()? {
                if !insert(key, entries.value()?) {
                    return Err(entries.duplicate());
                }
            }
            Ok(())
        })
    }

    /// Reads a map, `M`; `attributes` must read what is in it, as an item.
    ///
    /// # Errors
    /// When the value is no map, or `attributes` fails.
    pub fn map<T>(
        &mut self,
        attributes: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        self.open(Descriptor::Map)?;
        let map = attributes(self)?;
        self.close()?;
        Ok(map)
    }

    /// Reads a value that is a string in JSON; `usual` is how it starts without white space.
    #[inline]
    fn quoted(
        &mut self,
        descriptor: Descriptor,
        usual: [u8; 6],
    ) -> Result<Cow<'de, str>, DecodeError> {
        match self.usual_text(&usual, b"\"}") {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => self.quoted_unusual(descriptor),
        }
    }

    #[cold]
    fn quoted_unusual(&mut self, descriptor: Descriptor) -> Result<Cow<'de, str>, DecodeError> {
        if self.bare == Some(descriptor) {
            return self.json_string();
        }
        self.open(descriptor)?;
        let text = self.json_string()?;
        self.close()?;
        Ok(text)
    }

    /// Reads a value that is a string in JSON and has no descriptor.
    pub(super) fn bare<T, E: From<DecodeError>>(
        &mut self,
        descriptor: Descriptor,
        read: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.peek() != Some(b'"') {
            return Err(self.error(Problem::Expected("a string")).into());
        }
        self.bare = Some(descriptor);
        let value = read(self);
        self.bare = None;
        value
    }

    /// The type of the next value, if it has no descriptor.
    #[cfg(feature = "serde")]
    pub(super) fn bare_type(&self) -> Option<Descriptor> {
        self.bare
    }

    /// Reads a value's start up to its colon.
    #[inline]
    fn open(&mut self, expected: Descriptor) -> Result<(), DecodeError> {
        if self.skip_bytes(expected.prefix()) { Ok(()) } else { self.open_unusual(expected) }
    }

    #[cold]
    fn open_unusual(&mut self, expected: Descriptor) -> Result<(), DecodeError> {
        let start = self.position;
        match self.descriptor()? {
            found if found == expected => Ok(()),
            found => Err(DecodeError::new(start, Problem::WrongType { expected, found })),
        }
    }

    /// Reads a value's start up to its colon, whatever its type.
    pub(super) fn descriptor(&mut self) -> Result<Descriptor, DecodeError> {
        self.peek();
        let start = self.position;
        if !self.skip_bytes(b"{") {
            return Err(self.error(Problem::UnknownType));
        }
        self.peek();
        if !self.rest().starts_with(b"\"") {
            return Err(self.error(Problem::UnknownType));
        }
        let name = self.member_name()?;
        Descriptor::from_name(&name).ok_or_else(|| DecodeError::new(start, Problem::UnknownType))
    }

    /// The type of the next value, which is not read.
    pub(crate) fn next_type(&mut self) -> Result<Descriptor, DecodeError> {
        let start = self.position;
        let found = self.descriptor()?;
        self.seek(start);
        Ok(found)
    }

    /// Reads a value's end.
    #[inline]
    pub(super) fn close(&mut self) -> Result<(), DecodeError> {
        if self.skip_bytes(b"}") { Ok(()) } else { self.close_unusual() }
    }

    #[cold]
    fn close_unusual(&mut self) -> Result<(), DecodeError> {
        self.peek();
        if self.skip_bytes(b"}") {
            return Ok(());
        }
        Err(self.error(Problem::Expected("`}` after the value of an attribute")))
    }
}

fn decode_base64(start: usize, text: &str) -> Result<Vec<u8>, DecodeError> {
    base64_simd::STANDARD
        .decode_to_vec(text.as_bytes())
        .map_err(|_| DecodeError::new(start, Problem::NotBase64))
}
