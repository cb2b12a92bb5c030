//! The names of attributes as JSON, checked by the compiler.

use super::strings::is_special;

/// A name, and in JSON with its colon, where the name needs no escape.
///
/// It is compared with the name, so that no other bytes reach a request by it.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct PlainName {
    pub(super) name: &'static str,
    /// Empty where the name needs an escape.
    pub(super) json: &'static str,
}

impl PlainName {
    /// Names of attributes, each with the JSON of it.
    ///
    /// # Panics
    /// When one is not the JSON of the name, so that the compiler tells it.
    #[expect(clippy::indexing_slicing, reason = "the places are within the length")]
    pub const fn all<const COUNT: usize>(
        names: [(&'static str, &'static str); COUNT],
    ) -> [Self; COUNT] {
        let mut all = [Self { name: "", json: "" }; COUNT];
        let mut place = 0;
        while place < COUNT {
            let (name, json) = names[place];
            all[place] = Self::new(name, json);
            place += 1;
        }
        all
    }

    #[expect(clippy::indexing_slicing, reason = "the places are within the length")]
    const fn new(name: &'static str, json: &'static str) -> Self {
        let (bytes, in_json) = (name.as_bytes(), json.as_bytes());
        if in_json.is_empty() {
            return Self { name, json };
        }
        let last = in_json.len() - 1;
        assert!(bytes.len() + 3 == in_json.len(), "the JSON of the name has another length");
        assert!(
            in_json[0] == b'"' && in_json[last - 1] == b'"' && in_json[last] == b':',
            "this is not the JSON of a name"
        );
        let mut place = 0;
        while place < bytes.len() {
            assert!(!is_special(bytes[place]), "the name needs an escape");
            assert!(in_json[place + 1] == bytes[place], "this is the JSON of another name");
            place += 1;
        }
        Self { name, json }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_name_in_quotes_and_a_colon() {
        const ALL: [PlainName; 2] =
            PlainName::all([("caf\u{e9} ", "\"caf\u{e9} \":"), ("a\"b", "")]);
        assert_eq!(ALL.map(|name| name.name), ["caf\u{e9} ", "a\"b"]);
        assert_eq!(ALL.map(|name| name.json), ["\"caf\u{e9} \":", ""]);
    }

    #[test]
    fn other_bytes_are_no_name() {
        let others = [
            ("a\"b", "\"a\"b\":"),
            ("a\\b", "\"a\\b\":"),
            ("a\nb", "\"a\nb\":"),
            ("abc", "\"abd\":"),
            ("abc", "\"ab\":"),
            ("abc", "\"abc\":1"),
            ("abc", "\"abc\" "),
            ("abc", "\"abc :"),
            ("abc", " abc\":"),
            ("", ":"),
        ];
        for (name, json) in others {
            assert!(std::panic::catch_unwind(|| PlainName::all([(name, json)])).is_err(), "{json}");
        }
    }
}
