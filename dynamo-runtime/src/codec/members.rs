//! The members of an object, one after the other.

use std::borrow::Cow;
use std::marker::PhantomData;

use super::descriptor::Descriptor;
use super::error::{DecodeError, Problem};
use super::kind::{SetElement, TextSet};
use super::names::NameSet;
use super::order::{FieldNames, FieldPlace};
use super::reader::Reader;
use super::variants::Variant;
use super::{Decode, Decoding};

/// The members of an object as they are read, such as the attributes of an item.
///
/// A member's value must be read or skipped before the next name is.
///
/// ```
/// use dynamo_runtime::codec::{DecodeError, Field, Plain, Reader};
///
/// let mut reader = Reader::new(br#"{"n": {"NULL": true}, "title": {"S": "x"}, "more": {"N": "1"}}"#)?;
/// let mut item = reader.item()?;
/// let mut number = Field::<Plain, u32>::new();
/// let (mut name, mut title) = (Field::<Plain, String>::new(), Field::<Plain, String>::new());
/// while let Some(member) = item.next_name()? {
///     match &*member {
///         "n" => item.field_or(&mut number, || 0)?, // a null is the default
///         "name" => item.field(&mut name)?,
///         "title" => item.field(&mut title)?,       // the older name of `name`
///         _ => item.skip(member)?,
///     }
/// }
/// item.take_over(&mut name, title, "name", "title")?;
/// assert_eq!(item.take(name, "name")?, "x");
/// assert_eq!(item.take_or(number, || 7), 0);
/// # Ok::<(), DecodeError>(())
/// ```
pub struct Members<'r, 'de> {
    reader: &'r mut Reader<'de>,
    start: usize,
    name_start: usize,
    is_first: bool,
    /// The field that was just named, to guess the next by.
    place: FieldPlace,
    skipped: NameSet<'de>,
    /// Those that were put aside and are read now.
    resumed: Option<Resumed<'de>>,
}

/// Whether an item is one of those that are read, where others are passed over.
#[doc(hidden)]
pub type IsOf = fn(&Members<'_, '_>) -> Result<bool, DecodeError>;

/// Members of an object that were put aside while it was read, to be read again.
#[doc(hidden)]
#[derive(Default)]
pub struct Aside<'de>(Vec<Passed<'de>>);

/// A member that was passed over.
struct Passed<'de> {
    name: Cow<'de, str>,
    name_start: usize,
    value_start: usize,
}

struct Resumed<'de> {
    rest: std::vec::IntoIter<Passed<'de>>,
    /// Where the reader goes on afterwards.
    end: usize,
}

impl<'r, 'de> Members<'r, 'de> {
    pub(super) fn open(
        reader: &'r mut Reader<'de>,
        expected: &'static str,
    ) -> Result<Self, DecodeError> {
        reader.peek();
        let start = reader.position();
        reader.enter(b'{', expected)?;
        Ok(Self {
            place: FieldPlace::start(reader.depth()),
            reader,
            start,
            name_start: start,
            is_first: true,
            skipped: NameSet::default(),
            resumed: None,
        })
    }

    /// The name of the next member, or `None` after the last.
    ///
    /// # Errors
    /// When the JSON is malformed.
    #[inline]
    pub fn next_name(&mut self) -> Result<Option<Cow<'de, str>>, DecodeError> {
        if self.resumed.is_some() {
            return Ok(self.next_resumed());
        }
        let start = self.reader.position();
        let usual = if self.is_first {
            self.reader.usual_text(b"\"", b"\":")
        } else {
            self.reader.usual_text(b",\"", b"\":")
        };
        let Some(name) = usual else { return self.last_or_unusual_name() };
        self.name_start = start + usize::from(!self.is_first);
        self.is_first = false;
        Ok(Some(Cow::Borrowed(name)))
    }

    /// The name of the next member, and which field of a struct it is: the place of the name among
    /// these, which `find` must give too, or what `find` gives.
    ///
    /// # Errors
    /// When the JSON is malformed.
    #[doc(hidden)]
    #[inline]
    pub fn next_field(
        &mut self,
        names: &FieldNames,
        find: impl FnOnce(&str) -> usize,
    ) -> Result<Option<(usize, Cow<'de, str>)>, DecodeError> {
        // What was put aside stands elsewhere, so that neither it nor what follows tells an order.
        let is_in_place = self.resumed.is_none();
        if is_in_place && let Some((field, name)) = self.expected_field(names) {
            return Ok(Some((field, Cow::Borrowed(name))));
        }
        let Some(name) = self.next_name()? else { return Ok(None) };
        let field = find(&name);
        if is_in_place {
            self.place = self.reader.learn(self.place, field);
        }
        Ok(Some((field, name)))
    }

    /// The field that is expected to be next, if it is.
    #[inline]
    fn expected_field(&mut self, names: &FieldNames) -> Option<(usize, &'static str)> {
        let start = self.reader.position();
        let (field, name) = self.reader.expected_name(self.place, !self.is_first, names)?;
        self.name_start = start + usize::from(!self.is_first);
        self.is_first = false;
        self.place = FieldPlace::field(self.reader.depth(), field);
        Some((field, name))
    }

    fn last_or_unusual_name(&mut self) -> Result<Option<Cow<'de, str>>, DecodeError> {
        if self.advance()? { self.reader.member_name().map(Some) } else { Ok(None) }
    }

    #[cold]
    fn next_resumed(&mut self) -> Option<Cow<'de, str>> {
        let resumed = self.resumed.as_mut()?;
        let Some(member) = resumed.rest.next() else {
            self.reader.seek(resumed.end);
            return None;
        };
        self.name_start = member.name_start;
        self.reader.seek(member.value_start);
        Some(member.name)
    }

    /// The members from here on, read by a [copy](Self::reader_ahead) of the reader.
    pub(super) fn ahead<'a>(&self, reader: &'a mut Reader<'de>) -> Members<'a, 'de> {
        Members {
            reader,
            start: self.start,
            name_start: self.name_start,
            is_first: self.is_first,
            place: self.place,
            skipped: NameSet::default(),
            resumed: None,
        }
    }

    /// A copy of the reader.
    pub(super) fn reader_ahead(&self) -> Reader<'de> {
        self.reader.clone()
    }

    /// Where the object begins.
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// Passes over the value of the member that was just named.
    ///
    /// # Errors
    /// When the value is malformed.
    #[doc(hidden)]
    pub fn put_aside(
        &mut self,
        aside: &mut Aside<'de>,
        name: Cow<'de, str>,
    ) -> Result<(), DecodeError> {
        let value_start = self.reader.position();
        self.reader.skip_value()?;
        aside.0.push(Passed { name, name_start: self.name_start, value_start });
        Ok(())
    }

    /// The members that were put aside, once all others are read.
    #[doc(hidden)]
    pub fn resume(&mut self, aside: Aside<'de>) -> Members<'_, 'de> {
        let resumed = Resumed { rest: aside.0.into_iter(), end: self.reader.position() };
        Members {
            start: self.start,
            name_start: self.start,
            is_first: false,
            place: self.place,
            skipped: NameSet::default(),
            resumed: Some(resumed),
            reader: self.reader,
        }
    }

    /// The variant that the member `tag` names, and the other members.
    ///
    /// They come in any order, so they are passed over until the tag is found.
    ///
    /// # Errors
    /// When the tag is missing or no text, or the JSON is malformed.
    #[doc(hidden)]
    pub fn tagged(
        mut self,
        tag: &'static str,
    ) -> Result<(Variant<'de>, Members<'r, 'de>), DecodeError> {
        let mut variant = None;
        let mut aside = Aside::default();
        while let Some(name) = self.next_name()? {
            if name == tag {
                self.fill(&mut variant, Variant::read)?;
            } else {
                self.put_aside(&mut aside, name)?;
            }
        }
        let variant = variant.ok_or_else(|| self.missing(tag))?;
        let end = self.reader.position();
        self.resumed = Some(Resumed { rest: aside.0.into_iter(), end });
        Ok((variant, self))
    }

    /// The name of the next member as the key of a map.
    pub(super) fn next_key<K>(&mut self) -> Result<Option<K>, DecodeError>
    where
        K: SetElement<Set = TextSet> + Decode<'de>,
    {
        if !self.advance()? {
            return Ok(None);
        }
        let key = self.reader.bare(Descriptor::Text, K::decode)?;
        self.reader.colon()?;
        Ok(Some(key))
    }

    /// Steps to the next member's name, if there is one.
    #[inline]
    fn advance(&mut self) -> Result<bool, DecodeError> {
        match self.reader.peek() {
            Some(b'}') => {
                self.reader.leave();
                return Ok(false);
            }
            Some(b',') if !self.is_first => {
                self.reader.advance();
                self.reader.peek();
            }
            Some(_) if self.is_first => self.is_first = false,
            _ => return Err(self.reader.error(Problem::Expected("`,` or `}`"))),
        }
        self.name_start = self.reader.position();
        Ok(true)
    }

    /// Reads the value of the member that was just named.
    pub(super) fn value<T: Decode<'de>>(&mut self) -> Result<T, DecodeError> {
        self.reader.peek();
        T::decode(self.reader)
    }

    /// Reads the value of the member that was just named.
    ///
    /// # Errors
    /// When the field is read already, or the value does not fit.
    #[inline]
    pub fn field<C: Decoding<'de, T>, T>(
        &mut self,
        field: &mut Field<C, T>,
    ) -> Result<(), DecodeError> {
        self.fill(&mut field.value, C::decode)
    }

    /// As [`field`](Self::field), where a null is the default, as the absent attribute is.
    ///
    /// # Errors
    /// As [`field`](Self::field).
    #[inline]
    pub fn field_or<C: Decoding<'de, T>, T>(
        &mut self,
        field: &mut Field<C, T>,
        default: impl FnOnce() -> T,
    ) -> Result<(), DecodeError> {
        self.fill(
            &mut field.value,
            |reader| {
                if reader.null()? { Ok(default()) } else { C::decode(reader) }
            },
        )
    }

    /// Skips the value of the member that was just named.
    ///
    /// # Errors
    /// When the name was skipped already, or the value is malformed.
    pub fn skip(&mut self, name: Cow<'de, str>) -> Result<(), DecodeError> {
        if !self.skipped.insert(name) {
            return Err(self.duplicate());
        }
        self.reader.skip_value()
    }

    /// Passes over the value of the member that was just named, and looks for no duplicate.
    pub(super) fn pass(&mut self) -> Result<(), DecodeError> {
        self.reader.pass_value()
    }

    /// Refuses the member that was just named: the struct does not know it.
    ///
    /// ```
    /// use dynamo_runtime::codec::Reader;
    ///
    /// let mut reader = Reader::new(br#"{"more": {"N": "1"}}"#)?;
    /// let mut item = reader.item()?;
    /// item.next_name()?;
    /// assert!(item.refuse::<()>().unwrap_err().is_unknown());
    /// # Ok::<(), dynamo_runtime::codec::DecodeError>(())
    /// ```
    ///
    /// # Errors
    /// Always.
    #[cold]
    pub fn refuse<T>(&self) -> Result<T, DecodeError> {
        Err(DecodeError::new(self.name_start, Problem::Unknown))
    }

    /// The JSON of the attribute that was just named, as it is.
    pub(super) fn attribute_value(
        &mut self,
        name: &Cow<'de, str>,
    ) -> Result<&'de [u8], DecodeError> {
        if !self.skipped.insert(name.clone()) {
            return Err(self.duplicate());
        }
        self.reader.raw_value()
    }

    /// Takes what a field holds under an older name, where it has nothing under its own.
    ///
    /// # Errors
    /// When it has: two values for one field.
    #[inline]
    pub fn take_over<C, T>(
        &self,
        field: &mut Field<C, T>,
        older: Field<C, T>,
        name: &'static str,
        alias: &'static str,
    ) -> Result<(), DecodeError> {
        match (&field.value, older.value) {
            (Some(_), Some(_)) => Err(self.two_names(name, alias)),
            (None, Some(value)) => {
                field.value = Some(value);
                Ok(())
            }
            (_, None) => Ok(()),
        }
    }

    #[cold]
    pub(crate) fn two_names(&self, name: &'static str, alias: &'static str) -> DecodeError {
        DecodeError::new(self.start, Problem::TwoNames { name, alias })
    }

    /// What a field holds at the end, or what its type has for an absent attribute.
    ///
    /// # Errors
    /// When the attribute is missing and its type has nothing for that.
    #[inline]
    pub fn take<C: Decoding<'de, T>, T>(
        &self,
        field: Field<C, T>,
        name: &'static str,
    ) -> Result<T, DecodeError> {
        match field.value {
            Some(value) => Ok(value),
            None => C::absent().ok_or_else(|| self.missing_field(name)),
        }
    }

    /// The same, or nothing.
    #[doc(hidden)]
    #[inline]
    pub fn held<C: Decoding<'de, T>, T>(&self, field: Field<C, T>) -> Option<T> {
        field.value.or_else(C::absent)
    }

    /// What a field holds at the end, or the default for an absent attribute.
    #[inline]
    pub fn take_or<C, T>(&self, field: Field<C, T>, default: impl FnOnce() -> T) -> T {
        field.value.unwrap_or_else(default)
    }

    /// The reader of the value of the member that was just named.
    #[cfg(feature = "serde")]
    pub(super) fn reader(&mut self) -> &mut Reader<'de> {
        self.reader
    }

    /// Where the name of the member starts that was just named.
    #[cfg(feature = "serde")]
    pub(super) fn name_start(&self) -> usize {
        self.name_start
    }

    /// Reads the value of the member that was just named into an empty place.
    #[inline]
    pub(crate) fn fill<T>(
        &mut self,
        place: &mut Option<T>,
        read: impl FnOnce(&mut Reader<'de>) -> Result<T, DecodeError>,
    ) -> Result<(), DecodeError> {
        if place.is_some() {
            return Err(self.duplicate());
        }
        *place = Some(self.read_by(read)?);
        Ok(())
    }

    /// Reads the value of the member that was just named.
    #[inline]
    pub(crate) fn read_by<T>(
        &mut self,
        read: impl FnOnce(&mut Reader<'de>) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        self.reader.peek();
        read(self.reader)
    }

    #[cold]
    pub(crate) fn disagrees(&self, name: &'static str) -> DecodeError {
        DecodeError::new(self.start, Problem::Disagrees(name))
    }

    #[cold]
    pub(crate) fn missing(&self, name: &'static str) -> DecodeError {
        DecodeError::new(self.start, Problem::Missing(name))
    }

    #[doc(hidden)]
    #[cold]
    pub fn missing_field(&self, name: &'static str) -> DecodeError {
        DecodeError::new(self.start, Problem::MissingField(name))
    }

    #[cold]
    pub(crate) fn duplicate(&self) -> DecodeError {
        DecodeError::new(self.name_start, Problem::Duplicate)
    }
}

/// A field of a struct while its item is read: `T` in the form `C`, or nothing yet.
///
/// ```
/// use dynamo_runtime::codec::{Field, Plain, Reader};
///
/// let mut reader = Reader::new(b"{}")?;
/// let mut item = reader.item()?;
/// assert_eq!(item.next_name()?, None);
/// let absent = Field::<Plain, Option<u32>>::new();
/// assert_eq!(item.take(absent, "count")?, None); // what its type has for an absent attribute
/// # Ok::<(), dynamo_runtime::codec::DecodeError>(())
/// ```
pub struct Field<C, T> {
    value: Option<T>,
    encoding: PhantomData<C>,
}

impl<C, T> Field<C, T> {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self { value: None, encoding: PhantomData }
    }
}

impl<C, T> Default for Field<C, T> {
    fn default() -> Self {
        Self::new()
    }
}
