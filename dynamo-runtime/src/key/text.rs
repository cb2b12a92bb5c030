//! The text of one part of a key: written, and read back.

/// The text of a part of a key, while it is written.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct PartText {
    text: String,
    problem: Option<PartProblem>,
    /// Whether the part is to be as it is stored.
    is_raw: bool,
}

/// Why a part has no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartProblem {
    /// It is an `Option` without a value.
    Absent,
    Refused(&'static str),
}

impl PartText {
    pub(super) fn after(text: String) -> Self {
        Self { text, problem: None, is_raw: false }
    }

    /// For a key in the form of another library.
    pub(crate) fn raw() -> Self {
        Self { is_raw: true, ..Self::default() }
    }

    pub(crate) fn is_raw(&self) -> bool {
        self.is_raw
    }

    pub(crate) fn finish(self) -> Result<String, PartProblem> {
        self.problem.map_or(Ok(self.text), Err)
    }

    /// Text, with every character up to `%` escaped.
    pub fn text(&mut self, mut text: &str) {
        while let Some(position) = text.bytes().position(|byte| byte <= b'%') {
            let (plain, rest) = text.split_at(position);
            self.text.push_str(plain);
            self.text.push('%');
            self.hex(rest.as_bytes().first().copied().unwrap_or_default(), b'A');
            text = rest.get(1..).unwrap_or_default();
        }
        self.text.push_str(text);
    }

    /// Bytes, as two hexadecimal digits each.
    pub fn binary(&mut self, bytes: &[u8]) {
        self.text.reserve(bytes.len() * 2);
        for byte in bytes {
            self.hex(*byte, b'a');
        }
    }

    fn hex(&mut self, byte: u8, ten: u8) {
        for digit in [byte >> 4, byte & 0xf] {
            self.text.push(char::from(if digit < 10 { b'0' + digit } else { ten + digit - 10 }));
        }
    }

    /// A number that is not negative, filled with zeros to a fixed width.
    pub(super) fn unsigned(&mut self, number: u128, width: usize) {
        let mut buffer = itoa::Buffer::new();
        let digits = buffer.format(number);
        self.text.extend(std::iter::repeat_n('0', width.saturating_sub(digits.len())));
        self.text.push_str(digits);
    }

    /// A number with its sign in front: `0`, or `-` and the digits of 10^width plus the number.
    pub(super) fn signed(&mut self, number: i128, width: usize) {
        if number >= 0 {
            self.text.push('0');
            self.unsigned(number.unsigned_abs(), width);
        } else {
            self.text.push('-');
            let start = self.text.len();
            self.unsigned(number.unsigned_abs() - 1, width);
            self.complement_from(start);
        }
    }

    /// Turns the digits round, so that what was greater is less.
    fn complement_from(&mut self, start: usize) {
        let digits = self.text.split_off(start);
        self.text.extend(complement(&digits));
    }

    /// A decimal number: its sign, its power of ten, its digits.
    pub(crate) fn decimal(&mut self, negative: bool, magnitude: i64, digits: &str) {
        if digits.is_empty() {
            self.text.push('0');
            return;
        }
        self.text.push(if negative { '-' } else { '1' });
        let start = self.text.len();
        self.unsigned(u128::from((magnitude + MAGNITUDE_OF_ZERO).unsigned_abs()), 3);
        self.text.push_str(digits);
        if negative {
            self.complement_from(start);
            // After its digits: of two negative numbers the one with more digits is less.
            self.text.push('~');
        }
    }

    /// Refuses a value that has no text; `reason` must not contain it.
    pub fn refuse(&mut self, reason: &'static str) {
        self.fail(PartProblem::Refused(reason));
    }

    pub(crate) fn leave_out(&mut self) {
        self.fail(PartProblem::Absent);
    }

    pub(crate) fn fail(&mut self, problem: PartProblem) {
        self.problem.get_or_insert(problem);
    }

    /// A part's text as it was written before.
    pub(crate) fn verbatim(&mut self, part: &str) {
        self.text.push_str(part);
    }
}

/// What is added to a decimal's power of ten, so that it is never negative.
const MAGNITUDE_OF_ZERO: i64 = 500;

fn complement(digits: &str) -> impl Iterator<Item = char> {
    digits.bytes().map(|digit| char::from(b'0' + b'9'.saturating_sub(digit)))
}

/// The text that was escaped as this.
pub(super) fn text(part: &str) -> Option<String> {
    let mut text = String::with_capacity(part.len());
    let mut rest = part;
    while let Some(position) = rest.bytes().position(|byte| byte <= b'%') {
        let (plain, escape) = rest.split_at(position);
        text.push_str(plain);
        let &[b'%', high, low, ..] = escape.as_bytes() else { return None };
        let byte = hex(high, b'A')? << 4 | hex(low, b'A')?;
        if byte > b'%' {
            return None;
        }
        text.push(char::from(byte));
        rest = escape.get(3..)?;
    }
    text.push_str(rest);
    Some(text)
}

/// The bytes of which these are the hexadecimal digits.
pub(super) fn binary(part: &str) -> Option<Vec<u8>> {
    let (pairs, []) = part.as_bytes().as_chunks() else { return None };
    pairs.iter().map(|[high, low]| Some(hex(*high, b'a')? << 4 | hex(*low, b'a')?)).collect()
}

fn hex(digit: u8, ten: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        _ if (ten..ten + 6).contains(&digit) => Some(digit - ten + 10),
        _ => None,
    }
}

pub(super) fn unsigned(part: &str, width: usize) -> Option<u128> {
    let is_number = part.len() == width && part.bytes().all(|digit| digit.is_ascii_digit());
    if is_number { part.parse().ok() } else { None }
}

pub(super) fn signed(part: &str, width: usize) -> Option<i128> {
    if let Some(digits) = part.strip_prefix('0') {
        return unsigned(digits, width)?.try_into().ok();
    }
    let digits = part.strip_prefix('-').filter(|digits| unsigned_digits(digits))?;
    let distance = unsigned(&complement(digits).collect::<String>(), width)?;
    (-1_i128).checked_sub_unsigned(distance)
}

fn unsigned_digits(digits: &str) -> bool {
    digits.bytes().all(|digit| digit.is_ascii_digit())
}

/// A decimal number as text in the grammar of JSON.
pub(crate) fn decimal(part: &str) -> Option<String> {
    if part == "0" {
        return Some("0".to_owned());
    }
    let (sign, digits) = if let Some(digits) = part.strip_prefix('1') {
        ("", digits.to_owned())
    } else {
        let digits = part.strip_prefix('-')?.strip_suffix('~')?;
        ("-", Some(digits).filter(|digits| unsigned_digits(digits)).map(complement)?.collect())
    };
    let (magnitude, digits) = digits.split_at_checked(3)?;
    let magnitude = i64::try_from(unsigned(magnitude, 3)?).ok()? - MAGNITUDE_OF_ZERO;
    let is_number = !digits.is_empty() && unsigned_digits(digits);
    is_number.then(|| format!("{sign}0.{digits}E{magnitude}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_written_as_a_number_is_none() {
        assert_eq!(unsigned("042", 3), Some(42));
        for (part, width) in [("42", 3), ("0042", 3), ("+42", 3), ("4x2", 3), ("", 0)] {
            assert_eq!(unsigned(part, width), None, "{part:?}");
        }
        assert_eq!(signed("0042", 3), Some(42));
        assert_eq!(signed("-957", 3), Some(-43));
        for part in ["042", "-57", "-9a7", "-:57", "-+57", "1042", "--57", "00042", ""] {
            assert_eq!(signed(part, 3), None, "{part:?}");
        }
        assert!(decimal("15005").is_some());
        for part in ["1500", "15005x", "1+005", "-4994", "-499x~", "499~"] {
            assert_eq!(decimal(part), None, "{part:?}");
        }
    }

    #[test]
    fn what_is_not_written_as_text_or_binary_is_none() {
        assert_eq!(text("a%23b%25%00"), Some("a#b%\0".to_owned()));
        // An escape is of a character up to `%`, in upper case and whole; what needs one has it.
        for part in ["%26", "%41", "%7F", "%FF", "%0a", "%2", "%", "%G0", "a b", "a#b", "$"] {
            assert_eq!(text(part), None, "{part:?}");
        }
        assert_eq!(binary("00ff"), Some(vec![0, 255]));
        for part in ["0", "00f", "FF", "0g", "0/", "%20"] {
            assert_eq!(binary(part), None, "{part:?}");
        }
    }
}
