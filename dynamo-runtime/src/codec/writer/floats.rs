//! Writes a list of `f32` at the speed of its digits: an embedding is most of the item that has it.

use super::fraction::fraction;
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
        let mut block = [0; 1024];
        let mut rest = others;
        while let Some((&number, others)) = rest.split_first() {
            let filled = fill(&mut block, rest);
            self.raw(block.get(..filled.length).unwrap_or_default());
            self.item_size += filled.size;
            rest = rest.get(filled.count..).unwrap_or_default();
            if filled.count == 0 {
                self.raw(&BETWEEN);
                self.text_of_float(number);
                rest = others;
            }
        }
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

/// The elements that a block was filled with.
struct Filled {
    count: usize,
    /// Of their text.
    length: usize,
    /// Of the numbers, in bytes of DynamoDB's reckoning.
    size: usize,
}

/// Writes elements until one is no fraction or there is no room: pieces of a known length, each over
/// the end of the one before, for which a `Vec` has no safe way that is as fast.
fn fill(block: &mut [u8; 1024], numbers: &[f32]) -> Filled {
    let [positive, negative] = &BEFORE_FRACTION;
    let mut filled = Filled { count: 0, length: 0, size: 0 };
    for &number in numbers {
        let Some(room) = block.get_mut(filled.length..).and_then(<[u8]>::first_chunk_mut::<32>)
        else {
            break;
        };
        let Some(fraction) = fraction(number) else { break };
        let is_negative = number.is_sign_negative();
        let (before, length) = if is_negative { negative } else { positive };
        let (start, _) = room.split_at_mut(before.len());
        start.copy_from_slice(before);
        let Some(place) = room.get_mut(*length..*length + 16) else { break };
        place.copy_from_slice(&fraction.text.to_le_bytes());
        filled.count += 1;
        filled.length += length + fraction.length;
        filled.size += size_of_element(fraction.significant, is_negative);
    }
    filled
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
