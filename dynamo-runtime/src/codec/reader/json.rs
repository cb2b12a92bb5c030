//! The JSON below attribute values.

use std::borrow::Cow;

use super::{MAX_DEPTH, Reader, decode_base64};
use crate::codec::error::{DecodeError, Problem};
use crate::codec::members::Members;
use crate::codec::number::Decimal;
use crate::codec::order::{FieldNames, FieldPlace};
use crate::codec::strings::plain_length;

/// Envelopes.
impl<'de> Reader<'de> {
    /// Begins to read an object.
    pub(crate) fn object(&mut self) -> Result<Members<'_, 'de>, DecodeError> {
        Members::open(self, "an object")
    }

    /// Reads an array; `element` must read one element.
    pub(crate) fn array(
        &mut self,
        mut element: impl FnMut(&mut Self) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        self.enter(b'[', "an array")?;
        if self.peek() == Some(b']') {
            self.leave();
            return Ok(());
        }
        loop {
            element(self)?;
            match self.peek() {
                Some(b',') => self.position += 1,
                Some(b']') => {
                    self.leave();
                    return Ok(());
                }
                _ => return Err(self.error(Problem::Expected("`,` or `]`"))),
            }
            self.peek();
        }
    }

    /// Reads any JSON value and gives its bytes as they are.
    ///
    /// ```
    /// use dynamo_runtime::codec::Reader;
    ///
    /// assert_eq!(Reader::new(b" [1, 2] ")?.raw_value()?, b"[1, 2]");
    /// # Ok::<(), dynamo_runtime::codec::DecodeError>(())
    /// ```
    ///
    /// # Errors
    /// When it is no strict JSON.
    pub fn raw_value(&mut self) -> Result<&'de [u8], DecodeError> {
        self.peek();
        let start = self.position;
        self.skip_value()?;
        self.slice(start).map(str::as_bytes)
    }

    /// Reads a JSON string.
    ///
    /// ```
    /// use dynamo_runtime::codec::Reader;
    ///
    /// assert_eq!(Reader::new(br#""a\u0062""#)?.json_string()?, "ab");
    /// # Ok::<(), dynamo_runtime::codec::DecodeError>(())
    /// ```
    ///
    /// # Errors
    /// When there is none.
    pub fn json_string(&mut self) -> Result<Cow<'de, str>, DecodeError> {
        self.opening_quote()?;
        self.string_content()
    }

    /// Reads a JSON string that is Base64.
    pub(crate) fn json_base64(&mut self) -> Result<Vec<u8>, DecodeError> {
        let start = self.position;
        let text = self.json_string()?;
        decode_base64(start, &text)
    }

    /// Reads a JSON number that is a `u64` in its plain form.
    ///
    /// ```
    /// use dynamo_runtime::codec::Reader;
    ///
    /// assert_eq!(Reader::new(b"100")?.json_u64()?, 100);
    /// assert!(Reader::new(b"1e2")?.json_u64().is_err());
    /// # Ok::<(), dynamo_runtime::codec::DecodeError>(())
    /// ```
    ///
    /// # Errors
    /// When there is none.
    pub fn json_u64(&mut self) -> Result<u64, DecodeError> {
        self.peek();
        let start = self.position;
        self.skip_number()?;
        self.slice(start)?.parse().map_err(|_| DecodeError::new(start, Problem::OutOfRange("u64")))
    }

    /// Reads `true` or `false`.
    ///
    /// ```
    /// use dynamo_runtime::codec::Reader;
    ///
    /// assert!(Reader::new(b"true")?.json_bool()?);
    /// # Ok::<(), dynamo_runtime::codec::DecodeError>(())
    /// ```
    ///
    /// # Errors
    /// When there is neither.
    pub fn json_bool(&mut self) -> Result<bool, DecodeError> {
        self.peek();
        if self.skip_bytes(b"true") {
            Ok(true)
        } else if self.skip_bytes(b"false") {
            Ok(false)
        } else {
            Err(self.error(Problem::Expected("`true` or `false`")))
        }
    }

    /// Reads any JSON value; the depth of the recursion has a limit.
    pub(crate) fn skip_value(&mut self) -> Result<(), DecodeError> {
        match self.peek() {
            Some(b'"') => self.json_string().map(drop),
            Some(b'{') if self.skip_scalar()? => Ok(()),
            Some(b'{') => {
                let mut members = self.object()?;
                while let Some(name) = members.next_name()? {
                    members.skip(name)?;
                }
                Ok(())
            }
            Some(b'[') => self.array(Self::skip_value),
            Some(b'-' | b'0'..=b'9') => self.skip_number(),
            Some(b't' | b'f') => self.json_bool().map(drop),
            _ if self.skip_bytes(b"null") => Ok(()),
            _ => Err(self.error(Problem::Expected("a value"))),
        }
    }

    /// As [`skip_value`](Self::skip_value), but it looks for no duplicate: of what is read again.
    pub(in crate::codec) fn pass_value(&mut self) -> Result<(), DecodeError> {
        match self.peek() {
            Some(b'{') if self.skip_scalar()? => Ok(()),
            Some(b'{') => {
                let mut members = self.object()?;
                while members.next_name()?.is_some() {
                    members.pass()?;
                }
                Ok(())
            }
            Some(b'[') => self.array(Self::pass_value),
            _ => self.skip_value(),
        }
    }

    /// Skips a string, a number or binary in its usual form: one member has no duplicate to look
    /// for.
    fn skip_scalar(&mut self) -> Result<bool, DecodeError> {
        let start = self.position;
        if let [b'{', b'"', b'S' | b'N' | b'B', b'"', b':', b'"', ..] = self.rest() {
            self.position += 6;
            self.string_content()?;
            if self.skip_bytes(b"}") {
                return Ok(true);
            }
            self.position = start;
        }
        Ok(false)
    }

    fn skip_number(&mut self) -> Result<(), DecodeError> {
        match Decimal::parse_prefix(self.rest()) {
            Some((_, length)) => {
                self.position += length;
                Ok(())
            }
            None => Err(self.error(Problem::Expected("a number"))),
        }
    }
}

/// Structure.
impl<'de> Reader<'de> {
    /// Reads the start of an array or object.
    pub(crate) fn enter(&mut self, bracket: u8, expected: &'static str) -> Result<(), DecodeError> {
        if self.peek() != Some(bracket) {
            return Err(self.error(Problem::Expected(expected)));
        }
        if self.depth == MAX_DEPTH {
            return Err(self.error(Problem::TooDeep));
        }
        self.depth += 1;
        self.position += 1;
        Ok(())
    }

    /// Steps over the end of an array or object, which was seen already.
    pub(crate) fn leave(&mut self) {
        // An implementation by hand may ask for members after the last.
        self.depth = self.depth.saturating_sub(1);
        self.position += 1;
    }

    /// Steps over the separator that was seen already.
    pub(crate) fn advance(&mut self) {
        self.position += 1;
    }

    /// Reads a member's name and colon.
    #[inline]
    pub(crate) fn member_name(&mut self) -> Result<Cow<'de, str>, DecodeError> {
        match self.usual_text(b"\"", b"\":") {
            Some(name) => Ok(Cow::Borrowed(name)),
            None => self.unusual_member_name(),
        }
    }

    #[cold]
    fn unusual_member_name(&mut self) -> Result<Cow<'de, str>, DecodeError> {
        self.opening_quote()?;
        let name = self.string_content()?;
        self.colon()?;
        Ok(name)
    }

    /// Reads the name and colon of the field that came after this place last time, or leaves the
    /// reader where it is.
    #[inline]
    pub(in crate::codec) fn expected_name(
        &mut self,
        place: FieldPlace,
        has_comma: bool,
        names: &FieldNames,
    ) -> Option<(usize, &'static str)> {
        let field = self.order.after(place)?;
        let name = names.plain(field)?;
        let mut rest = self.rest();
        if has_comma {
            rest = rest.strip_prefix(b",")?;
        }
        let rest = rest.strip_prefix(b"\"")?.strip_prefix(name.as_bytes())?.strip_prefix(b"\":")?;
        self.position = self.text.len() - rest.len();
        Some((field, name))
    }

    /// Learns which field came after this place, and gives its own place.
    #[inline]
    pub(in crate::codec) fn learn(&mut self, place: FieldPlace, field: usize) -> FieldPlace {
        self.order.learn(place, field);
        FieldPlace::field(self.depth, field)
    }

    /// How many arrays and objects are open.
    #[inline]
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// Reads the colon after a member's name.
    #[inline]
    pub(crate) fn colon(&mut self) -> Result<(), DecodeError> {
        if !self.skip_bytes(b":") {
            self.peek();
            if !self.skip_bytes(b":") {
                return Err(self.error(Problem::Expected("`:` after a name")));
            }
        }
        Ok(())
    }

    /// The next byte that is no white space.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        match self.rest().first() {
            Some(&byte) if byte > b' ' => Some(byte),
            Some(_) => self.peek_after_space(),
            None => None,
        }
    }

    #[cold]
    fn peek_after_space(&mut self) -> Option<u8> {
        let rest = self.rest();
        let space =
            rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.position += space;
        rest.get(space).copied()
    }

    /// Steps over these bytes if they are next.
    #[inline]
    pub(crate) fn skip_bytes(&mut self, bytes: &[u8]) -> bool {
        let found = self.rest().starts_with(bytes);
        if found {
            self.position += bytes.len();
        }
        found
    }

    #[inline]
    pub(crate) fn rest(&self) -> &'de [u8] {
        self.text.as_bytes().get(self.position..).unwrap_or_default()
    }

    /// The text from `start` to where the reader is.
    #[inline]
    fn slice(&self, start: usize) -> Result<&'de str, DecodeError> {
        self.text.get(start..self.position).ok_or_else(|| self.error(Problem::Expected("a value")))
    }
}

/// Strings.
impl<'de> Reader<'de> {
    /// Reads the content of a string without escapes that stands between these bytes, or leaves the
    /// reader where it is.
    #[inline]
    pub(crate) fn usual_text<const BEFORE: usize, const AFTER: usize>(
        &mut self,
        before: &[u8; BEFORE],
        after: &[u8; AFTER],
    ) -> Option<&'de str> {
        let content = self.rest().strip_prefix(before)?;
        let length = plain_length(content);
        if !content.get(length..)?.starts_with(after) {
            return None;
        }
        let start = self.position + BEFORE;
        let text = self.text.get(start..start + length)?;
        self.position = start + length + AFTER;
        Some(text)
    }

    #[inline]
    pub(crate) fn opening_quote(&mut self) -> Result<(), DecodeError> {
        self.peek();
        if self.skip_bytes(b"\"") { Ok(()) } else { Err(self.error(Problem::Expected("a string"))) }
    }

    /// Reads a string from after its opening quote.
    #[inline]
    pub(crate) fn string_content(&mut self) -> Result<Cow<'de, str>, DecodeError> {
        let start = self.position;
        self.position += plain_length(self.rest());
        let plain = self.slice(start)?;
        if self.skip_bytes(b"\"") {
            Ok(Cow::Borrowed(plain))
        } else {
            self.escaped_content(plain).map(Cow::Owned)
        }
    }

    #[cold]
    fn escaped_content(&mut self, plain: &str) -> Result<String, DecodeError> {
        let mut text = plain.to_owned();
        loop {
            match self.rest().first() {
                Some(b'"') => {
                    self.position += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                _ => return Err(self.error(Problem::ControlCharacter)),
            }
            let start = self.position;
            self.position += plain_length(self.rest());
            text.push_str(self.slice(start)?);
        }
    }

    fn escape(&mut self) -> Result<char, DecodeError> {
        let character = match self.rest().get(1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.error(Problem::InvalidEscape)),
        };
        self.position += 2;
        Ok(character)
    }

    /// Reads `\u0041`, or two of them that are a surrogate pair.
    fn unicode_escape(&mut self) -> Result<char, DecodeError> {
        let start = self.position;
        let unit = self.code_unit()?;
        let character = match unit {
            0xd800..=0xdbff => char::decode_utf16([unit, self.code_unit()?]).next(),
            _ => char::decode_utf16([unit]).next(),
        };
        match character {
            Some(Ok(character)) => Ok(character),
            _ => Err(DecodeError::new(start, Problem::InvalidEscape)),
        }
    }

    fn code_unit(&mut self) -> Result<u16, DecodeError> {
        let digits = match self.rest() {
            [b'\\', b'u', digits @ ..] => digits.get(..4),
            _ => None,
        };
        let unit = digits
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u16::from_str_radix(digits, 16).ok());
        let Some(unit) = unit else {
            return Err(self.error(Problem::InvalidEscape));
        };
        self.position += 6;
        Ok(unit)
    }
}
