//! Writes a list of `f32` at the speed of its digits: an embedding is most of the item that has it.

use super::fraction::{Fraction, fraction};
use super::{Writer, digits_of_float};
use crate::codec::error::{EncodeError, EncodeProblem};

/// The bytes of an element that has few zeros after the point, such as `{"N":"-0.0012345678"},`.
const ELEMENT_SIZE_HINT: usize = 22;

/// What stands between the texts of two elements.
const BETWEEN: [u8; 9] = *b"\"},{\"N\":\"";

/// The same with the start of a fraction, which is positive or negative, and its length.
const BEFORE_FRACTION: [([u8; 16], usize); 2] =
    [(*b"\"},{\"N\":\"0.     ", 11), (*b"\"},{\"N\":\"-0.    ", 12)];

impl Writer {
    /// Writes a list, `L`, of numbers as [`float32`](Self::float32) writes each.
    pub(crate) fn floats(&mut self, numbers: &[f32]) {
        self.buffer.reserve(numbers.len() * ELEMENT_SIZE_HINT + 16);
        if self.begin_nested(b"{\"L\":[") {
            self.elements(numbers);
            self.end_nested(b"]}");
        }
    }

    /// Writes an array of such numbers that is no list: what is searched for.
    pub(crate) fn bare_floats(&mut self, numbers: &[f32]) {
        self.buffer.reserve(numbers.len() * ELEMENT_SIZE_HINT + 16);
        self.begin_array();
        self.elements(numbers);
        self.end_array();
    }

    fn elements(&mut self, numbers: &[f32]) {
        // It does not stop at the first, so that several are looked at at once.
        let are_finite = numbers.iter().fold(true, |all, number| all & number.is_finite());
        if !are_finite {
            let index = numbers.iter().position(|number| !number.is_finite());
            self.locating(
                |writer| writer.fail(EncodeProblem::NotFinite),
                |error: &mut EncodeError| error.within_index(index.unwrap_or_default()),
            );
            return;
        }
        let Some((&first, others)) = numbers.split_first() else { return };
        self.raw(b"{\"N\":\"");
        self.text_of_float(first);
        let mut block = Block { bytes: [0; _], length: 0 };
        for &number in others {
            let Some(fraction) = fraction(number) else {
                block.move_to(&mut self.buffer);
                self.raw(&BETWEEN);
                self.text_of_float(number);
                continue;
            };
            let is_negative = number.is_sign_negative();
            if !block.push(is_negative, &fraction) {
                block.move_to(&mut self.buffer);
                block.push(is_negative, &fraction);
            }
            self.item_size += size_of_element(fraction.significant, is_negative);
        }
        block.move_to(&mut self.buffer);
        self.raw(b"\"}");
    }

    /// Writes any finite number, without what is around it.
    fn text_of_float(&mut self, number: f32) {
        let mut buffer = zmij::Buffer::new();
        let text = if number == 0.0 { "0" } else { buffer.format_finite(number) };
        let text = text.strip_suffix(".0").unwrap_or(text);
        self.item_size += size_of_element(digits_of_float(text), number < 0.0);
        self.raw(text.as_bytes());
    }
}

/// The size of a number in a list, by the rule of [`Writer::item_size`].
#[inline]
const fn size_of_element(significant_digits: usize, is_negative: bool) -> usize {
    1 + significant_digits.div_ceil(2) + 1 + is_negative as usize
}

/// Elements that are not in the buffer yet: pieces of a known length are written one over the end of
/// the other, for which a `Vec` has no safe way that is as fast.
struct Block {
    bytes: [u8; 1024],
    length: usize,
}

impl Block {
    /// Adds an element, if there is room for one.
    #[inline]
    fn push(&mut self, is_negative: bool, fraction: &Fraction) -> bool {
        const MOST: usize = 32;
        let [positive, negative] = &BEFORE_FRACTION;
        let (before, length) = if is_negative { negative } else { positive };
        let room = self.bytes.get_mut(self.length..).and_then(|rest| rest.first_chunk_mut::<MOST>());
        let Some(room) = room else { return false };
        let (start, _) = room.split_at_mut(before.len());
        start.copy_from_slice(before);
        let Some(place) = room.get_mut(*length..*length + 16) else { return false };
        place.copy_from_slice(&fraction.text.to_le_bytes());
        self.length += length + fraction.length;
        true
    }

    /// Empties it into the buffer.
    fn move_to(&mut self, buffer: &mut Vec<u8>) {
        buffer.extend_from_slice(self.bytes.get(..self.length).unwrap_or_default());
        self.length = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_is_a_list() {
        let mut writer = Writer::default();
        writer.floats(&[]);
        assert_eq!(writer.as_bytes(), br#"{"L":[]}"#);
    }

    #[test]
    fn what_is_not_finite_is_refused_at_its_place() {
        for number in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut writer = Writer::default();
            writer.floats(&[1.0, number]);
            let error = writer.finish().unwrap_err();
            assert_eq!(error.path(), Some("[1]"));
        }
    }
}
