//! E-mail addresses and their domains.

use std::fmt;
use std::str::FromStr;

use dynamo_runtime::KeyPart;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Invalid;

parsed_from_text! {
    EmailAddress: "An e-mail address is ASCII such as ada@example.com, at most 254 characters long.";
    Domain: "A domain is ASCII such as example.com, at most 253 characters long.";
}

redacted_debug!(EmailAddress, Domain);

/// An e-mail address; its domain is in lower case.
#[derive(KeyPart, Deserialize, ToSchema, Clone, PartialEq, Eq, Hash)]
#[serde(try_from = "String")]
#[schema(
    value_type = String,
    format = Email,
    max_length = 254,
    pattern = "^[-A-Za-z0-9!#$%&'*+/=?^_`{|}~]+(\\.[-A-Za-z0-9!#$%&'*+/=?^_`{|}~]+)*@([A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?$",
    example = "ada@example.com"
)]
pub struct EmailAddress(String);

impl EmailAddress {
    const MAX_LENGTH: usize = 254;
    const MAX_LOCAL_LENGTH: usize = 64;

    /// The part behind the `@`.
    pub fn domain(&self) -> Domain {
        let domain = self.0.rsplit_once('@').map_or("", |(_, domain)| domain);
        Domain(domain.to_owned())
    }

    /// The address in lower case, by which it is unique.
    pub fn folded(&self) -> Self {
        Self(self.0.to_ascii_lowercase())
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EmailAddress {
    type Err = Invalid;

    /// Takes RFC 5321's dot-string; the quoted form is legal, unused and a source of confusion.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let (local, domain) = text.split_once('@').ok_or(Self::INVALID)?;
        let is_local = local.len() <= Self::MAX_LOCAL_LENGTH
            && local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atext));
        let Domain(domain) = domain.parse().map_err(|_| Self::INVALID)?;
        if is_local && text.len() <= Self::MAX_LENGTH {
            Ok(Self(format!("{local}@{domain}")))
        } else {
            Err(Self::INVALID)
        }
    }
}

/// The characters of an atom by RFC 5322.
fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

/// A domain in lower case.
#[derive(KeyPart, Deserialize, ToSchema, Clone, PartialEq, Eq, Hash)]
#[serde(try_from = "String")]
#[schema(
    value_type = String,
    max_length = 253,
    pattern = "^([A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?$",
    example = "example.com"
)]
pub struct Domain(String);

impl Domain {
    const MAX_LENGTH: usize = 253;
    const MAX_LABEL_LENGTH: usize = 63;
}

impl FromStr for Domain {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let is_label = |label: &str| {
            (1..=Self::MAX_LABEL_LENGTH).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let is_domain = text.len() <= Self::MAX_LENGTH
            && text.split('.').all(is_label)
            && text.rsplit_once('.').is_some_and(|(_, top)| begins_with_a_letter(top));
        if is_domain { Ok(Self(text.to_ascii_lowercase())) } else { Err(Self::INVALID) }
    }
}

/// As that of every top-level domain does, and the last number of an address does not.
fn begins_with_a_letter(label: &str) -> bool {
    label.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(text: &str) -> Result<String, Invalid> {
        text.parse().map(|EmailAddress(address)| address)
    }

    #[test]
    fn an_address_is_kept_with_its_domain_in_lower_case() {
        assert_eq!(email("Ada.L+x@Example.COM").unwrap(), "Ada.L+x@example.com");
        let address: EmailAddress = "ada@mail.EXAMPLE.com".parse().unwrap();
        assert_eq!(address.domain().0, "mail.example.com");
        assert_eq!(address.folded().0, "ada@mail.example.com");
        assert_eq!(email(&format!("{}@example.com", "x".repeat(64))).map(drop), Ok(()));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long_label = format!("ada@{}.com", "x".repeat(64));
        let long_domain = format!("ada@{}com", "x.".repeat(126));
        let long_local = format!("{}@example.com", "x".repeat(65));
        for text in [
            "",
            "@",
            "ada",
            "ada@",
            "@example.com",
            "ada@localhost",
            "a@b@example.com",
            "a b@example.com",
            ".ada@example.com",
            "ada.@example.com",
            "a..b@example.com",
            "\"a\"@example.com",
            "ada@example..com",
            "ada@-example.com",
            "ada@example-.com",
            "ada@example.com.",
            "ada@exam_ple.com",
            "ada@127.0.0.1",
            "ada@example.1com",
            "ada@[127.0.0.1]",
            "ada@example.com\n",
            "ada\0@example.com",
            "ädä@example.com",
            "ada@exämple.com",
            "ada@example.com#",
            &long_label,
            &long_domain,
            &long_local,
        ] {
            assert_eq!(email(text), Err(EmailAddress::INVALID), "{text:?}");
        }
    }
}
