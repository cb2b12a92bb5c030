//! Responses in the shape that DynamoDB gives them.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderValue, Response, StatusCode};
use http_body_util::Full;

use crate::codec::Writer;

pub(super) const JSON: &str = "application/x-amz-json-1.0";
pub(super) const CRC32: HeaderName = HeaderName::from_static("x-amz-crc32");
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

const CORAL: &str = "com.amazon.coral.service#";
const DYNAMODB: &str = "com.amazonaws.dynamodb.v20120810#";

/// An error that every AWS service of DynamoDB's kind may answer with, before the operation runs.
pub(super) fn service_error(
    status: StatusCode,
    code: &str,
    message: &str,
) -> Response<Full<Bytes>> {
    error(status, CORAL, code, message)
}

/// An error of DynamoDB's own model; a `code` with a namespace keeps it.
pub(super) fn injected_error(status: u16, code: &str) -> Response<Full<Bytes>> {
    let status = StatusCode::from_u16(status)
        .ok()
        .filter(|status| (200..600).contains(&status.as_u16()))
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let namespace = if code.contains('#') { "" } else { DYNAMODB };
    error(status, namespace, code, "A fault that was asked for")
}

/// A request that is throttled for this reason.
pub(super) fn throttled(reason: &str, resource: &str) -> Response<Full<Bytes>> {
    let mut writer = Writer::default();
    writer.begin_object();
    writer.member("__type");
    writer.json_string(&format!("{DYNAMODB}ThrottlingException"));
    writer.member("message");
    writer.json_string("A fault that was asked for");
    writer.member("throttlingReasons");
    writer.begin_array();
    writer.begin_object();
    writer.member("reason");
    writer.json_string(reason);
    writer.member("resource");
    writer.json_string(resource);
    writer.end_object();
    writer.end_array();
    writer.end_object();
    json(StatusCode::BAD_REQUEST, writer.as_bytes().to_vec().into())
}

/// A transaction that is cancelled, with a reason of each of these codes.
pub(super) fn cancelled(codes: &[String]) -> Response<Full<Bytes>> {
    let mut writer = Writer::default();
    writer.begin_object();
    writer.member("__type");
    writer.json_string(&format!("{DYNAMODB}TransactionCanceledException"));
    writer.member("Message");
    writer.json_string(&format!(
        "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
        codes.join(", ")
    ));
    writer.member("CancellationReasons");
    writer.begin_array();
    for code in codes {
        writer.separate();
        writer.begin_object();
        writer.member("Code");
        writer.json_string(code);
        writer.end_object();
    }
    writer.end_array();
    writer.end_object();
    json(StatusCode::BAD_REQUEST, writer.as_bytes().to_vec().into())
}

/// What the operation gave.
pub(super) fn success(body: Bytes) -> Response<Full<Bytes>> {
    json(StatusCode::OK, body)
}

fn error(status: StatusCode, namespace: &str, code: &str, message: &str) -> Response<Full<Bytes>> {
    // A code has no character that JSON must escape, unless a test made it up.
    let code: String = code
        .chars()
        .filter(|char| char.is_ascii_graphic() && !matches!(char, '"' | '\\'))
        .collect();
    let body = format!(r#"{{"__type":"{namespace}{code}","message":"{message}"}}"#);
    json(status, body.into())
}

fn json(status: StatusCode, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
    complete(response)
}

/// Adds the request id and the CRC that an error lacks.
pub(super) fn complete(mut response: Response<Bytes>) -> Response<Full<Bytes>> {
    let crc32 = crc32fast::hash(response.body());
    let headers = response.headers_mut();
    headers.entry(CRC32).or_insert_with(|| crc32.into());
    headers.entry(REQUEST_ID).or_insert_with(random_request_id);
    response.map(Full::from)
}

fn random_request_id() -> HeaderValue {
    let id: String = (0..52).map(|_| fastrand::alphanumeric().to_ascii_uppercase()).collect();
    HeaderValue::try_from(id).unwrap_or(HeaderValue::from_static("UNKNOWN"))
}

/// Flips one bit: in the last letter or digit, where only the CRC can tell, or else in the last byte.
pub(super) fn corrupt(body: &Bytes) -> Bytes {
    let mut bytes = body.to_vec();
    let position = bytes.iter().rposition(u8::is_ascii_alphanumeric).or(bytes.len().checked_sub(1));
    match position.and_then(|position| bytes.get_mut(position)) {
        Some(byte) => *byte ^= 1,
        None => bytes.push(0),
    }
    bytes.into()
}
