//! The service's identifier of a request.

use std::ops::Deref;

use http::{HeaderMap, HeaderName, HeaderValue};

const NAME: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// As the response has it, without a copy.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(HeaderValue);

impl RequestId {
    /// That of a response, if it has one that can be repeated in a log.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(NAME)?;
        value.to_str().is_ok_and(is_plain).then(|| Self(value.clone()))
    }
}

impl Deref for RequestId {
    type Target = str;

    fn deref(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

/// Whether it is like an error code or a request id, which logs and messages repeat.
pub(super) fn is_plain(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_or_an_id_is_short_and_plain() {
        for text in ["A", "ValidationException", "a-b_c.D9", &"x".repeat(128)] {
            assert!(is_plain(text), "{text}");
        }
        for text in ["", " ", "a b", "a\n", "a:b", "a/b", "caf\u{e9}", &"x".repeat(129)] {
            assert!(!is_plain(text), "{text}");
        }
    }

    #[test]
    fn an_id_is_that_of_the_response_if_it_is_plain() {
        let of = |value: &'static str| {
            let headers = HeaderMap::from_iter([(NAME, HeaderValue::from_static(value))]);
            RequestId::of(&headers).map(|id| id.to_string())
        };
        assert_eq!(of("REQUEST1").as_deref(), Some("REQUEST1"));
        assert_eq!(of("a b"), None);
        assert!(RequestId::of(&HeaderMap::new()).is_none());
    }
}
