//! Whether a response is one that DynamoDB sends, whole and unchanged.
//!
//! A CRC is no MAC: it catches truncation, proxies and bit rot. Against a forger there is TLS.

use std::fmt;

use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use http::response::Parts;
use http::{HeaderMap, HeaderName, StatusCode};

use crate::codec::Stray;
use crate::codec::response::Asked;

const CRC32: HeaderName = HeaderName::from_static("x-amz-crc32");
const AMZ_JSON: &str = "application/x-amz-json-1.0";

/// What a sound response says of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The request was carried out.
    Success,
    /// The request was definitely not carried out, if the body has DynamoDB's reason.
    Rejected,
    /// The service failed, and the request may have been carried out.
    Failed,
}

/// Why a response cannot be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IntegrityError {
    NotHttp,
    Unasked,
    Status(u16),
    Framing,
    ContentEncoding,
    ContentType(u16),
    TooLarge { limit: usize },
    Empty,
    CrcMissing,
    SearchCrcMissing,
    CrcMalformed,
    CrcMismatch,
    Stray(Stray),
}

impl IntegrityError {
    /// Whether another attempt may bring a sound response.
    pub(super) fn is_transient(self) -> bool {
        match self {
            Self::TooLarge { .. } | Self::Status(_) => false,
            // Of another status it is somebody's who stands before the service, and stays there.
            Self::ContentType(status) => status == StatusCode::OK,
            Self::NotHttp
            | Self::Unasked
            | Self::Framing
            | Self::ContentEncoding
            | Self::Empty
            | Self::CrcMissing
            | Self::SearchCrcMissing
            | Self::CrcMalformed
            | Self::CrcMismatch
            | Self::Stray(_) => true,
        }
    }
}

impl fmt::Display for IntegrityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotHttp => f.write_str("it is no HTTP that can be read"),
            Self::Unasked => f.write_str("it came before the request had left"),
            Self::Status(status) => write!(f, "DynamoDB does not answer with status {status}"),
            Self::Framing => f.write_str("its length is not stated once and plainly"),
            Self::ContentEncoding => {
                f.write_str("it has a content encoding that was not asked for")
            }
            Self::ContentType(status) => {
                write!(f, "its content type is not DynamoDB's (status {status})")
            }
            Self::TooLarge { limit } => write!(f, "it is larger than {limit} bytes"),
            Self::Empty => f.write_str("a success without a body"),
            Self::CrcMissing => f.write_str("it has no `x-amz-crc32`"),
            Self::SearchCrcMissing => f.write_str(
                "it has no `x-amz-crc32`: if its host never sends one, give the client's `.search_endpoint(..)` a `.without_crc()`",
            ),
            Self::CrcMalformed => {
                f.write_str("its `x-amz-crc32` is no number, or there are several")
            }
            Self::CrcMismatch => f.write_str("its `x-amz-crc32` does not match its body"),
            Self::Stray(stray) => stray.fmt(f),
        }
    }
}

/// Checks what can be checked before the body is read.
pub(super) fn check_head(head: &Parts, limit: usize) -> Result<(), IntegrityError> {
    let status = head.status;
    if status != StatusCode::OK && !status.is_client_error() && !status.is_server_error() {
        return Err(IntegrityError::Status(status.as_u16()));
    }
    let length = check_framing(&head.headers)?;
    if head.headers.contains_key(CONTENT_ENCODING) {
        return Err(IntegrityError::ContentEncoding);
    }
    if length.is_some_and(|length| length > limit) {
        return Err(IntegrityError::TooLarge { limit });
    }
    Ok(())
}

/// Requires that the body says where it ends, in one way only, and gives its length if it states that.
///
/// Else its end is that of the connection, which an attacker on the path decides. So is the end of a body whose
/// coding is another than `chunked`, and hyper reads it so.
fn check_framing(headers: &HeaderMap) -> Result<Option<usize>, IntegrityError> {
    let mut lengths = headers.get_all(CONTENT_LENGTH).iter();
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    match (lengths.next(), lengths.next(), codings.next(), codings.next()) {
        (Some(length), None, None, None) => {
            let length = length.to_str().ok().and_then(|digits| digits.parse().ok());
            length.map(Some).ok_or(IntegrityError::Framing)
        }
        (None, None, Some(coding), None) if coding.as_bytes().eq_ignore_ascii_case(b"chunked") => {
            Ok(None)
        }
        _ => Err(IntegrityError::Framing),
    }
}

/// Checks the whole response, after [`check_head`].
pub(super) fn check(
    head: &Parts,
    body: &[u8],
    crc_expected: bool,
) -> Result<Verdict, IntegrityError> {
    let crc_expected = crc_expected && head.status == StatusCode::OK;
    check_crc(&head.headers, body, crc_expected)?;
    let json = is_amz_json(&head.headers);
    match head.status {
        StatusCode::OK if body.is_empty() => Err(IntegrityError::Empty),
        StatusCode::OK if json => Ok(Verdict::Success),
        status if status.is_client_error() && json => Ok(Verdict::Rejected),
        status if status.is_server_error() => Ok(Verdict::Failed),
        status => Err(IntegrityError::ContentType(status.as_u16())),
    }
}

/// Checks that it belongs to its request, after [`check`].
pub(super) fn check_asked(
    verdict: Verdict,
    asked: &Asked,
    request: &[u8],
    body: &[u8],
) -> Result<(), IntegrityError> {
    let belongs = match verdict {
        Verdict::Success => asked.check_success(request, body),
        Verdict::Rejected => asked.check_rejection(request, body),
        Verdict::Failed => Ok(()),
    };
    belongs.map_err(IntegrityError::Stray)
}

fn check_crc(headers: &HeaderMap, body: &[u8], expected: bool) -> Result<(), IntegrityError> {
    let mut values = headers.get_all(CRC32).iter();
    let Some(value) = values.next() else {
        return if expected { Err(IntegrityError::CrcMissing) } else { Ok(()) };
    };
    let digits = value.as_bytes();
    // `u32::from_str` takes a sign.
    if values.next().is_some() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(IntegrityError::CrcMalformed);
    }
    let stated = value.to_str().ok().and_then(|digits| digits.parse::<u32>().ok());
    match stated {
        None => Err(IntegrityError::CrcMalformed),
        Some(stated) if stated == crc32fast::hash(body) => Ok(()),
        Some(_) => Err(IntegrityError::CrcMismatch),
    }
}

fn is_amz_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return false;
    };
    let media_type = value.as_bytes().split(|&byte| byte == b';').next().unwrap_or_default();
    media_type.trim_ascii().eq_ignore_ascii_case(AMZ_JSON.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"Item":{}}"#;

    fn head(status: u16, headers: &[(&'static str, &str)]) -> Parts {
        let mut response = http::Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        response.body(()).unwrap().into_parts().0
    }

    fn crc() -> String {
        crc32fast::hash(BODY).to_string()
    }

    #[test]
    fn a_sound_success_is_believed() {
        let crc = crc();
        for content_type in
            ["application/x-amz-json-1.0", "Application/X-Amz-Json-1.0 ; charset=utf-8"]
        {
            let head = head(200, &[("content-type", content_type), ("x-amz-crc32", &crc)]);
            assert_eq!(check(&head, BODY, true), Ok(Verdict::Success));
        }
    }

    #[test]
    fn a_crc_is_one_number_that_matches() {
        let crc = crc();
        let json = ("content-type", AMZ_JSON);
        let wrong = crc32fast::hash(b"else").to_string();
        let of = |values: &[&str], expected| {
            let mut headers = vec![json];
            headers.extend(values.iter().map(|value| ("x-amz-crc32", *value)));
            check(&head(200, &headers), BODY, expected)
        };
        assert_eq!(of(&[&wrong], true), Err(IntegrityError::CrcMismatch));
        assert_eq!(of(&[&wrong], false), Err(IntegrityError::CrcMismatch));
        assert_eq!(of(&[], true), Err(IntegrityError::CrcMissing));
        assert_eq!(of(&[], false), Ok(Verdict::Success));
        assert_eq!(of(&[&crc, &crc], true), Err(IntegrityError::CrcMalformed));
        for malformed in
            ["", "x", "-1", "99999999999", &format!("+{crc}"), &format!("{crc}, {crc}")]
        {
            assert_eq!(of(&[malformed], true), Err(IntegrityError::CrcMalformed), "{malformed}");
        }
    }

    #[test]
    fn an_empty_or_foreign_success_is_refused() {
        let empty = head(200, &[("content-type", AMZ_JSON), ("x-amz-crc32", "0")]);
        assert_eq!(check(&empty, b"", true), Err(IntegrityError::Empty));
        let crc = crc();
        for content_type in ["text/html", "application/json", "application/x-amz-json-1.1"] {
            let head = head(200, &[("content-type", content_type), ("x-amz-crc32", &crc)]);
            assert_eq!(check(&head, BODY, true), Err(IntegrityError::ContentType(200)));
        }
        let json = ("content-type", AMZ_JSON);
        for headers in [&[("x-amz-crc32", crc.as_str())][..], &[json, json, ("x-amz-crc32", &crc)]]
        {
            let verdict = check(&head(200, headers), BODY, true);
            assert_eq!(verdict, Err(IntegrityError::ContentType(200)), "{headers:?}");
        }
    }

    #[test]
    fn what_stays_wrong_is_not_asked_for_again() {
        for fault in [
            IntegrityError::TooLarge { limit: 1 },
            IntegrityError::Status(204),
            IntegrityError::ContentType(403),
        ] {
            assert!(!fault.is_transient(), "{fault}");
        }
        for fault in [IntegrityError::ContentType(200), IntegrityError::Empty] {
            assert!(fault.is_transient(), "{fault}");
        }
    }

    #[test]
    fn only_dynamodbs_own_rejection_is_definite() {
        let json = [("content-type", AMZ_JSON)];
        assert_eq!(check(&head(400, &json), BODY, true), Ok(Verdict::Rejected));
        assert_eq!(check(&head(500, &json), BODY, true), Ok(Verdict::Failed));
        assert_eq!(
            check(&head(503, &[("content-type", "text/html")]), b"<html>", true),
            Ok(Verdict::Failed)
        );
        let portal = check(&head(403, &[("content-type", "text/html")]), b"<html>", true);
        assert_eq!(portal, Err(IntegrityError::ContentType(403)));
        let damaged = head(400, &[("content-type", AMZ_JSON), ("x-amz-crc32", "1")]);
        assert_eq!(check(&damaged, BODY, true), Err(IntegrityError::CrcMismatch));
    }

    #[test]
    fn the_head_states_one_length_and_no_encoding() {
        let limit = 100;
        for status in [101, 201, 204, 206, 301, 302, 307] {
            let head = head(status, &[("content-length", "0")]);
            assert_eq!(check_head(&head, limit), Err(IntegrityError::Status(status)));
        }
        assert_eq!(check_head(&head(200, &[("content-length", "100")]), limit), Ok(()));
        assert_eq!(check_head(&head(200, &[("transfer-encoding", "chunked")]), limit), Ok(()));
        for headers in [
            &[][..],
            &[("content-length", "1"), ("content-length", "1")],
            &[("content-length", "1"), ("transfer-encoding", "chunked")],
            &[("content-length", "1, 1")],
            &[("content-length", "one")],
            &[("transfer-encoding", "chunked"), ("transfer-encoding", "chunked")],
            &[("transfer-encoding", "identity")],
            &[("transfer-encoding", "chunked, identity")],
            &[("transfer-encoding", "gzip, chunked")],
        ] {
            assert_eq!(check_head(&head(200, headers), limit), Err(IntegrityError::Framing));
        }
        let large = head(200, &[("content-length", "101")]);
        assert_eq!(check_head(&large, limit), Err(IntegrityError::TooLarge { limit }));
        let gzip = head(200, &[("content-length", "9"), ("content-encoding", "gzip")]);
        assert_eq!(check_head(&gzip, limit), Err(IntegrityError::ContentEncoding));
    }
}
