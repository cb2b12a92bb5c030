//! The parsed types that a request and a user are made of.
//!
//! Whoever holds one of these types holds a value that fulfils its rule: nothing is checked twice.

use std::fmt;
use std::str::FromStr;

use dynamo_runtime::prelude::*;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Parses by `FromStr` wherever serde meets a text, and names the rule that the text must fulfil.
macro_rules! parsed_from_text {
    ($($parsed:ident: $rule:expr;)+) => {$(
        impl $parsed {
            /// What a text must be to be one, in the words of the service.
            pub const RULE: &'static str = $rule;

            const INVALID: Invalid = Invalid::new(Self::RULE);
        }

        impl TryFrom<String> for $parsed {
            type Error = Invalid;

            fn try_from(text: String) -> Result<Self, Invalid> {
                text.parse()
            }
        }
    )+};
}

/// Who a user is stays out of every log, an `{:?}` left behind included.
macro_rules! redacted_debug {
    ($($personal:ident),+) => {$(
        impl fmt::Debug for $personal {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($personal), "([redacted])"))
            }
        }
    )+};
}

mod email;

pub use self::email::{Domain, EmailAddress};

/// A text that breaks the rule of its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invalid {
    rule: &'static str,
}

impl Invalid {
    pub(crate) const fn new(rule: &'static str) -> Self {
        Self { rule }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.rule)
    }
}

impl std::error::Error for Invalid {}

parsed_from_text! {
    UserId: "A user's id is a UUID in its hyphenated form.";
    Name: "A name has 1 to 100 characters, none of them a control character, and no space around it.";
    Expiry: "A time of expiry is in the future and in RFC 3339, such as 2030-01-31T12:00:00Z.";
}

/// A user's id: a UUID, chosen by the caller or at random.
#[derive(KeyPart, Deserialize, ToSchema, Clone, Debug, PartialEq, Eq, Hash)]
#[serde(try_from = "String")]
#[schema(value_type = String, format = "uuid", pattern = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", example = "0b9f8c1e-6f0a-4b1e-9c55-2f1d3a4b5c6d")]
pub struct UserId(String);

impl UserId {
    /// An id that nobody can guess.
    pub fn random() -> Self {
        Self(Uuid::new_v4().to_string())
    }
}

impl FromStr for UserId {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let id = Uuid::try_parse(text).map_err(|_| Self::INVALID)?.to_string();
        if id.eq_ignore_ascii_case(text) { Ok(Self(id)) } else { Err(Self::INVALID) }
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name that a user goes by, in any script.
#[derive(KeyPart, Deserialize, ToSchema, Clone, PartialEq, Eq, Hash)]
#[serde(try_from = "String")]
#[schema(
    value_type = String,
    min_length = 1,
    max_length = 100,
    pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069\\t-\\r\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]([^\\u0000-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]*[^\\u0000-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069\\t-\\r\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000])?$",
    example = "Ada Lovelace"
)]
pub struct Name(String);

impl Name {
    const MAX_CHARACTERS: usize = 100;

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let is_name = (1..=Self::MAX_CHARACTERS).contains(&text.chars().count())
            && text.trim() == text
            && !text.chars().any(|character| character.is_control() || turns_text_round(character));
        if is_name { Ok(Self(text.to_owned())) } else { Err(Self::INVALID) }
    }
}

/// Unicode's explicit directional formatting characters, by which one name is shown as another.
fn turns_text_round(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

redacted_debug!(Name);

/// A time that was in the future when it was parsed.
#[derive(Deserialize, ToSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(try_from = "String")]
#[schema(value_type = String, format = DateTime, example = "2030-01-31T12:00:00Z")]
pub struct Expiry(Timestamp);

impl Expiry {
    /// The time itself.
    pub fn timestamp(self) -> Timestamp {
        self.0
    }
}

impl FromStr for Expiry {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text.parse::<Timestamp>() {
            Ok(timestamp) if timestamp > Timestamp::now() => Ok(Self(timestamp)),
            _ => Err(Self::INVALID),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_form() {
        let id: UserId = "0B9F8C1E-6F0A-4B1E-9C55-2F1D3A4B5C6D".parse().unwrap();
        assert_eq!(id.to_string(), "0b9f8c1e-6f0a-4b1e-9c55-2f1d3a4b5c6d");
        for text in [
            "",
            "1",
            "ada@example.com",
            "0b9f8c1e6f0a4b1e9c552f1d3a4b5c6d",
            "{0b9f8c1e-6f0a-4b1e-9c55-2f1d3a4b5c6d}",
            "urn:uuid:0b9f8c1e-6f0a-4b1e-9c55-2f1d3a4b5c6d",
            "0b9f8c1e-6f0a-4b1e-9c55-2f1d3a4b5c6d ",
            "0b9f8c1e-6f0a-4b1e-9c55-2f1d3a4b5c6g",
        ] {
            assert_eq!(text.parse::<UserId>(), Err(UserId::INVALID), "{text:?}");
        }
    }

    #[test]
    fn a_name_is_of_any_script_and_has_no_hidden_characters() {
        for text in
            ["Ada", "Ada Lovelace", "王小明", "O'Brien; DROP TABLE users", &"名".repeat(100)]
        {
            assert!(text.parse::<Name>().is_ok(), "{text:?}");
        }
        for text in [
            "",
            " ",
            " Ada",
            "Ada\u{a0}",
            "A\0a",
            "A\nb",
            "A\u{202e}b",
            "A\u{2066}b",
            &"x".repeat(101),
        ] {
            assert_eq!(text.parse::<Name>(), Err(Name::INVALID), "{text:?}");
        }
    }

    #[test]
    fn an_expiry_lies_in_the_future() {
        assert!("2999-01-01T00:00:00Z".parse::<Expiry>().is_ok());
        for text in ["", "tomorrow", "1999-01-01T00:00:00Z", "2999-01-01", "9999999999"] {
            assert_eq!(text.parse::<Expiry>(), Err(Expiry::INVALID), "{text:?}");
        }
    }
}
