//! The name of an attribute as JSON, made by the compiler.

use super::strings::is_special;

/// A name and its colon in JSON, where the name needs no escape.
///
/// It is made from the name alone, so that no other bytes reach a request by it.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct PlainName<const LENGTH: usize> {
    pub(super) name: &'static str,
    pub(super) json: [u8; LENGTH],
}

impl<const LENGTH: usize> PlainName<LENGTH> {
    /// The JSON of the name has so many bytes, with its quotes and the colon.
    ///
    /// # Panics
    /// When it has another length, or the name needs an escape, so that the compiler tells it.
    #[expect(clippy::indexing_slicing, reason = "the places are within the length")]
    pub const fn new(name: &'static str) -> Self {
        let bytes = name.as_bytes();
        assert!(bytes.len() + 3 == LENGTH, "the JSON of the name has another length");
        let mut json = [b'"'; LENGTH];
        let mut place = 0;
        while place < bytes.len() {
            assert!(!is_special(bytes[place]), "the name needs an escape");
            json[place + 1] = bytes[place];
            place += 1;
        }
        json[LENGTH - 1] = b':';
        Self { name, json }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_name_in_quotes_and_a_colon() {
        const NAME: PlainName<9> = PlainName::new("caf\u{e9} ");
        assert_eq!(&NAME.json, "\"caf\u{e9} \":".as_bytes());
        assert_eq!(NAME.name, "caf\u{e9} ");
    }

    #[test]
    fn bytes_of_json_are_no_name() {
        for name in ["a\"b", "a\\b", "a\nb", "a\u{0}b"] {
            assert!(std::panic::catch_unwind(|| PlainName::<6>::new(name)).is_err(), "{name}");
        }
        assert!(std::panic::catch_unwind(|| PlainName::<7>::new("abc")).is_err());
    }
}
