//! What the text of a part can be where it stands in a raw key as it is stored.

use crate::codec::AttributeValue;
use crate::codec::kind::descriptor_of;
use crate::codec::{Descriptor, is_same};

/// What the text of a part can be, in a raw key.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartForm {
    /// Any text.
    Text,
    /// Up to so many digits.
    Digits(usize),
    /// A number, with its sign.
    Number,
    /// A text without delimiters, such as this one.
    Word(&'static str),
    /// A text of the length that this one has.
    OneLength(&'static str),
    /// Binary, which is no text.
    Binary,
}

/// The characters that no [`PartForm::Word`] has.
const DELIMITERS: &[u8] = b"#$|:/@!,;&+=~^";

impl PartForm {
    /// That of all values of the type's data type.
    pub(crate) const fn of<T: AttributeValue + ?Sized>() -> Self {
        match descriptor_of::<T>() {
            Some(Descriptor::Number) => Self::Number,
            Some(Descriptor::Text) => Self::Text,
            Some(Descriptor::Boolean) => Self::Word("true"),
            _ => Self::Binary,
        }
    }

    /// That of an enum with variants of these texts.
    pub const fn of_words(words: &'static [&'static str]) -> Self {
        let mut rest = words;
        while let [word, others @ ..] = rest {
            if !is_word(word.as_bytes()) || has_in_another_case(word.as_bytes(), others) {
                return Self::Text;
            }
            rest = others;
        }
        match words {
            [first, ..] => Self::Word(first),
            [] => Self::Text,
        }
    }

    /// Whether the text between this part and another one tells where this one ends.
    pub(super) const fn is_ended_by(self, fixed: &str) -> bool {
        if matches!(self, Self::OneLength(_)) {
            return true;
        }
        let mut bytes = fixed.as_bytes();
        while let [byte, rest @ ..] = bytes {
            if !self.may_have(*byte) {
                return true;
            }
            bytes = rest;
        }
        false
    }

    pub(super) const fn may_have(self, byte: u8) -> bool {
        match self {
            Self::Text | Self::Binary | Self::OneLength(_) => true,
            Self::Digits(_) => byte.is_ascii_digit(),
            Self::Number => matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'),
            Self::Word(_) => !is_delimiter(byte),
        }
    }

    /// The text of a value.
    pub(super) const fn sample(self) -> &'static str {
        match self {
            Self::Text | Self::Binary => "a",
            Self::Digits(_) | Self::Number => "1",
            Self::Word(sample) | Self::OneLength(sample) => sample,
        }
    }
}

const fn is_delimiter(byte: u8) -> bool {
    let mut delimiters = DELIMITERS;
    while let [delimiter, rest @ ..] = delimiters {
        if byte == *delimiter {
            return true;
        }
        delimiters = rest;
    }
    false
}

const fn is_word(word: &[u8]) -> bool {
    let mut bytes = word;
    while let [byte, rest @ ..] = bytes {
        // What other letters are in another case is not known to the compiler.
        if is_delimiter(*byte) || !byte.is_ascii() {
            return false;
        }
        bytes = rest;
    }
    !word.is_empty()
}

const fn has_in_another_case(word: &[u8], mut others: &[&str]) -> bool {
    while let [other, rest @ ..] = others {
        if word.eq_ignore_ascii_case(other.as_bytes()) && !is_same(word, other.as_bytes()) {
            return true;
        }
        others = rest;
    }
    false
}
