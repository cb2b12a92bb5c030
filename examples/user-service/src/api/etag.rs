//! Versions of a user as `ETag`s, and what a request requires of them.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::{HeaderValue, IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;
use dynamo_runtime::Version;

use crate::problem::{Kind, Problem};

/// The `ETag` of a version.
pub(super) fn etag(version: Version) -> String {
    format!("\"{version}\"")
}

/// The version that the caller has seen, from `If-Match` with one strong `ETag`.
///
/// `*` and lists are refused: each would change what the caller has not seen.
pub(crate) struct IfMatch(pub(super) Version);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all(IF_MATCH).iter();
        match (values.next(), values.next()) {
            (None, _) => Err(Kind::IfMatchRequired.into()),
            (Some(value), None) => {
                version(value).map(Self).ok_or_else(|| Kind::InvalidIfMatch.into())
            }
            (Some(_), Some(_)) => Err(Kind::InvalidIfMatch.into()),
        }
    }
}

fn version(value: &HeaderValue) -> Option<Version> {
    let text = value.to_str().ok()?;
    let number = text.strip_prefix('"')?.strip_suffix('"')?.parse().ok()?;
    let version = Version::new(number);
    // Only what the service gave: no `+1`, no `01`, and no version before the first.
    (etag(version) == text && version >= Version::FIRST).then_some(version)
}

/// What the caller has already, from `If-None-Match`.
pub(crate) enum IfNoneMatch {
    /// Nothing that it says.
    Nothing,
    /// Whatever there is: `*`.
    Anything,
    /// Any of these opaque tags.
    Tags(Vec<String>),
}

impl IfNoneMatch {
    /// Whether the caller has this version. Weak tags are compared as strong ones (RFC 9110,
    /// section 13.1.2).
    pub(super) fn has(&self, version: Version) -> bool {
        match self {
            Self::Nothing => false,
            Self::Anything => true,
            Self::Tags(tags) => tags.contains(&etag(version)),
        }
    }

    fn parse(headers: &HeaderMap) -> Option<Self> {
        let mut tags = Vec::new();
        let mut values = headers.get_all(IF_NONE_MATCH).iter().peekable();
        if values.peek().is_none() {
            return Some(Self::Nothing);
        }
        if headers.get_all(IF_NONE_MATCH).iter().all(|value| value == "*") {
            return Some(Self::Anything);
        }
        for value in values {
            let mut rest = value.to_str().ok()?;
            loop {
                // A list may have empty elements (RFC 9110, section 5.6.1).
                rest = rest.trim_start_matches([' ', '\t', ',']);
                if rest.is_empty() {
                    break;
                }
                let quoted = rest.strip_prefix("W/").unwrap_or(rest).strip_prefix('"')?;
                // A comma may stand inside of a tag, a quote may not.
                let (tag, after) = quoted.split_once('"')?;
                tags.push(format!("\"{tag}\""));
                rest = after.trim_start_matches([' ', '\t']);
                if !(rest.is_empty() || rest.starts_with(',')) {
                    return None;
                }
            }
        }
        Some(Self::Tags(tags))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        Self::parse(&parts.headers).ok_or_else(|| Kind::InvalidIfNoneMatch.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_etag_reads_back_as_its_version() {
        for number in [1, 7, u64::MAX] {
            let value = HeaderValue::try_from(etag(Version::new(number))).unwrap();
            assert_eq!(version(&value), Some(Version::new(number)));
        }
    }

    #[test]
    fn what_the_service_never_gave_is_no_version() {
        for text in [
            "",
            "*",
            "1",
            "\"\"",
            "\"0\"",
            "\"01\"",
            "\"+1\"",
            "\"-1\"",
            "W/\"1\"",
            "\"1\", \"2\"",
            "\"1",
            "\"18446744073709551616\"",
            "\"one\"",
        ] {
            assert_eq!(version(&HeaderValue::try_from(text).unwrap()), None, "{text}");
        }
    }

    #[test]
    fn what_the_caller_has_is_a_list_of_tags() {
        let has = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(IF_NONE_MATCH, value.parse().unwrap());
            }
            IfNoneMatch::parse(&headers).map(|tags| tags.has(Version::new(2)))
        };
        assert_eq!(has(&[]), Some(false));
        for yes in [
            &["*"][..],
            &["\"2\""],
            &["W/\"2\""],
            &["\"1\", \"2\""],
            &["\"1\",W/\"2\""],
            &["\"1\"", "\"2\""],
            &["\"a,b\", \"2\""],
        ] {
            assert_eq!(has(yes), Some(true), "{yes:?}");
        }
        for no in [&["\"1\""][..], &["\"22\""], &["\"1, 2\""], &[""], &[", \"1\",,"]] {
            assert_eq!(has(no), Some(false), "{no:?}");
        }
        for bad in [&["2"][..], &["\"2"], &["\"2\" \"3\""], &["\"2\"x"], &["*", "\"2\""]] {
            assert_eq!(has(bad), None, "{bad:?}");
        }
    }
}
