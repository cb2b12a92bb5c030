//! Writes a list of `f32` at the speed of its digits: an embedding is most of the item that has it.

use super::{Writer, digits_of_float};
use crate::codec::error::{EncodeError, EncodeProblem};

/// About how many bytes of JSON an element has, such as `{"N":"-0.012345678"},`.
const ELEMENT_SIZE_HINT: usize = 22;

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
        if let Some(index) = numbers.iter().position(|number| !number.is_finite()) {
            self.locating(
                |writer| writer.fail(EncodeProblem::NotFinite),
                |error: &mut EncodeError| error.within_index(index),
            );
            return;
        }
        let mut size = 0;
        let mut before: &[u8] = b"{\"N\":\"";
        let mut text = zmij::Buffer::new();
        for &number in numbers {
            self.buffer.extend_from_slice(before);
            before = b"\"},{\"N\":\"";
            let text = if number == 0.0 { "0" } else { text.format_finite(number) };
            let text = text.strip_suffix(".0").unwrap_or(text);
            self.buffer.extend_from_slice(text.as_bytes());
            size += 1 + size_of_number(text);
        }
        if !numbers.is_empty() {
            self.buffer.extend_from_slice(b"\"}");
        }
        self.item_size += size;
    }
}

/// The size of a float as it is written, by the rule of [`Writer::item_size`].
#[inline]
fn size_of_number(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (negative, digits) = match bytes {
        [b'-', digits @ ..] => (1, digits),
        digits => (0, digits),
    };
    // The shortest text has no zero at the end of a fraction.
    let digits = match digits {
        [b'0', b'.', fraction @ ..] => {
            fraction.len() - fraction.iter().take_while(|&&digit| digit == b'0').count()
        }
        _ => digits_of_float(text),
    };
    digits.div_ceil(2) + 1 + negative
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
