//! Writes JSON: what is around items in a request.

use super::Writer;
use crate::codec::strings::{is_plain, plain_length};

/// Pieces of JSON, for what is around items in a request.
///
/// Not for an `Encode` of a user's: it could write itself out of its value and into an expression.
impl Writer {
    /// Writes `{`.
    pub(crate) fn begin_object(&mut self) {
        self.buffer.push(b'{');
    }

    /// Writes `}`.
    pub(crate) fn end_object(&mut self) {
        self.buffer.push(b'}');
    }

    /// Writes `[`.
    pub(crate) fn begin_array(&mut self) {
        self.buffer.push(b'[');
    }

    /// Writes `]`.
    pub(crate) fn end_array(&mut self) {
        self.buffer.push(b']');
    }

    /// Writes a member's name and colon, after a comma unless it is the first.
    #[inline]
    pub(crate) fn member(&mut self, name: &str) {
        self.separate();
        self.text(b"\"", name, b"\":");
    }

    /// Writes the comma before an element or member, unless it is the first.
    #[inline]
    pub(crate) fn separate(&mut self) {
        if !matches!(self.buffer.last(), None | Some(b'{' | b'[')) {
            self.buffer.push(b',');
        }
    }

    /// Writes a JSON string.
    #[inline]
    pub(crate) fn json_string(&mut self, text: &str) {
        self.text(b"\"", text, b"\"");
    }

    /// Writes what is in a JSON string, with what stands before and after it: pieces of a known
    /// length are cheap, and each of them costs as much as the others.
    #[inline]
    pub(super) fn text<const BEFORE: usize, const AFTER: usize>(
        &mut self,
        before: &[u8; BEFORE],
        text: &str,
        after: &[u8; AFTER],
    ) {
        let bytes = text.as_bytes();
        self.buffer.reserve(BEFORE + bytes.len() + AFTER);
        self.buffer.extend_from_slice(before);
        if is_plain(bytes) {
            self.buffer.extend_from_slice(bytes);
        } else {
            self.escaped(bytes);
        }
        self.buffer.extend_from_slice(after);
    }

    #[cold]
    fn escaped(&mut self, mut bytes: &[u8]) {
        loop {
            let (plain, special) = bytes.split_at(plain_length(bytes));
            self.raw(plain);
            let Some((&special, rest)) = special.split_first() else { return };
            match special {
                b'"' => self.raw(b"\\\""),
                b'\\' => self.raw(b"\\\\"),
                b'\n' => self.raw(b"\\n"),
                b'\r' => self.raw(b"\\r"),
                b'\t' => self.raw(b"\\t"),
                control => {
                    let digit = |value: u8| {
                        if value < 10 { b'0' + value } else { b'a' + value - 10 }
                    };
                    self.raw(&[b'\\', b'u', b'0', b'0', digit(control >> 4), digit(control & 0xf)]);
                }
            }
            bytes = rest;
        }
    }

    /// Writes a JSON number.
    pub(crate) fn json_u64(&mut self, number: u64) {
        self.buffer.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
    }

    /// Writes `true` or `false`.
    pub(crate) fn json_bool(&mut self, value: bool) {
        self.raw(if value { b"true" } else { b"false" });
    }

    /// Writes JSON as it is.
    #[inline]
    pub(crate) fn raw(&mut self, json: &[u8]) {
        self.buffer.extend_from_slice(json);
    }
}
