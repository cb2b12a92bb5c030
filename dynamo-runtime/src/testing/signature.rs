//! Signature Version 4, seen from the side that verifies it.

use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use bytes::Bytes;
use http::header::{AUTHORIZATION, HOST};
use http::request::Parts;
use http::{HeaderMap, Response, StatusCode};
use http_body_util::Full;

use super::response;
use crate::sha256::sha256_hex;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const SERVICE: &str = "dynamodb";
const DATE: &str = "x-amz-date";
const SESSION_TOKEN: &str = "x-amz-security-token";

/// How far a request's date may be from now, either way.
const TOLERANCE: Duration = Duration::from_mins(5);

/// Why a request is not taken for one that the holder of the secret has sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SignatureProblem {
    Missing,
    Incomplete,
    UnknownKey,
    WrongScope,
    Unsigned,
    NotCurrent,
    Mismatch,
}

impl SignatureProblem {
    fn code_and_message(self) -> (&'static str, &'static str) {
        match self {
            Self::Missing => {
                ("MissingAuthenticationTokenException", "Request is missing Authentication Token")
            }
            Self::Incomplete => (
                "IncompleteSignatureException",
                "Authorization needs Credential, SignedHeaders and Signature, once each, and \
                 X-Amz-Date must be in ISO 8601 basic format",
            ),
            Self::UnknownKey => (
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
            ),
            Self::WrongScope => (
                "InvalidSignatureException",
                "Credential must be scoped to the day of X-Amz-Date, a region, dynamodb and \
                 aws4_request",
            ),
            Self::Unsigned => {
                ("InvalidSignatureException", "Host and every X-Amz header must be signed")
            }
            Self::NotCurrent => (
                "InvalidSignatureException",
                "Signature expired or not yet current: X-Amz-Date is more than 5 minutes off",
            ),
            Self::Mismatch => (
                "InvalidSignatureException",
                "The request signature we calculated does not match the signature you provided.",
            ),
        }
    }
}

impl From<SignatureProblem> for Response<Full<Bytes>> {
    fn from(refusal: SignatureProblem) -> Self {
        let (code, message) = refusal.code_and_message();
        response::service_error(StatusCode::BAD_REQUEST, code, message)
    }
}

/// Checks that the request was signed with `credentials`, within minutes of `now`.
pub(super) fn verify(
    head: &Parts,
    body: &[u8],
    credentials: &Credentials,
    now: SystemTime,
) -> Result<(), SignatureProblem> {
    let authorization = Authorization::of(&head.headers)?;
    if authorization.access_key_id != credentials.access_key_id()
        || head.headers.contains_key(SESSION_TOKEN)
    {
        return Err(SignatureProblem::UnknownKey);
    }
    let date = only(&head.headers, DATE).ok_or(SignatureProblem::Incomplete)?;
    let time = parse_date(date).ok_or(SignatureProblem::Incomplete)?;
    if !is_current(time, now) {
        return Err(SignatureProblem::NotCurrent);
    }
    let region = authorization.region(date).ok_or(SignatureProblem::WrongScope)?;
    if !authorization.covers(&head.headers) {
        return Err(SignatureProblem::Unsigned);
    }

    let expected = signature(head, body, &authorization, region, time, credentials)
        .ok_or(SignatureProblem::Mismatch)?;
    if !equal_in_constant_time(expected.as_bytes(), authorization.signature.as_bytes()) {
        return Err(SignatureProblem::Mismatch);
    }
    Ok(())
}

/// What the header of that name says: `AWS4-HMAC-SHA256 Credential=.., SignedHeaders=.., Signature=..`.
struct Authorization<'a> {
    access_key_id: &'a str,
    scope: &'a str,
    signed_headers: Vec<&'a str>,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    fn of(headers: &'a HeaderMap) -> Result<Self, SignatureProblem> {
        if !headers.contains_key(AUTHORIZATION) {
            return Err(SignatureProblem::Missing);
        }
        let (algorithm, parts) = only(headers, AUTHORIZATION.as_str())
            .and_then(|value| value.split_once(' '))
            .ok_or(SignatureProblem::Incomplete)?;
        if algorithm != ALGORITHM {
            return Err(SignatureProblem::Incomplete);
        }
        Self::from_parts(parts).ok_or(SignatureProblem::Incomplete)
    }

    fn from_parts(parts: &'a str) -> Option<Self> {
        let (mut credential, mut signed_headers, mut signature) = (None, None, None);
        for part in parts.split(',') {
            let (name, value) = part.trim().split_once('=')?;
            let slot = match name {
                "Credential" => &mut credential,
                "SignedHeaders" => &mut signed_headers,
                "Signature" => &mut signature,
                _ => return None,
            };
            if slot.replace(value).is_some() {
                return None;
            }
        }
        let (access_key_id, scope) = credential?.split_once('/')?;
        Some(Self {
            access_key_id,
            scope,
            signed_headers: signed_headers?.split(';').collect(),
            signature: signature?,
        })
    }

    /// The region of the scope, if the rest of it is as it must be on that `date`.
    fn region(&self, date: &str) -> Option<&'a str> {
        let (day, rest) = self.scope.split_once('/')?;
        let (region, rest) = rest.split_once('/')?;
        let (service, end) = rest.split_once('/')?;
        let is_right = date.starts_with(day)
            && day.len() == 8
            && !region.is_empty()
            && service == SERVICE
            && end == "aws4_request";
        is_right.then_some(region)
    }

    /// Whether the headers that a request means something by are signed.
    fn covers(&self, headers: &HeaderMap) -> bool {
        self.signed_headers.contains(&HOST.as_str())
            && headers.contains_key(HOST)
            && headers
                .keys()
                .filter(|name| name.as_str().starts_with("x-amz-"))
                .all(|name| self.signed_headers.contains(&name.as_str()))
    }
}

/// The signature that the request ought to have; none if it cannot have one.
fn signature(
    head: &Parts,
    body: &[u8],
    authorization: &Authorization<'_>,
    region: &str,
    time: SystemTime,
    credentials: &Credentials,
) -> Option<String> {
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let headers = signed_values(&head.headers, &authorization.signed_headers)?;
    let request = SignableRequest::new(
        head.method.as_str(),
        // The host that counts is the one among the headers.
        Cow::Owned(format!("https://localhost{path}")),
        headers.into_iter(),
        // Its digest rather than the body itself, which the signer may log.
        SignableBody::Precomputed(String::from_utf8_lossy(&sha256_hex(body)).into_owned()),
    )
    .ok()?;

    let mut settings = SigningSettings::default();
    settings.excluded_headers = None;
    let identity = credentials.clone().into();
    let params = SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(SERVICE)
        .time(time)
        .settings(settings)
        .build()
        .ok()?
        .into();
    let (_, signature) = sign(request, &params).ok()?.into_parts();
    Some(signature)
}

/// The headers named, which must be there: the signature covers the list of names as well.
fn signed_values<'a>(headers: &'a HeaderMap, names: &[&'a str]) -> Option<Vec<(&'a str, &'a str)>> {
    let is_canonical = names.is_sorted_by(|left, right| left < right)
        && names.iter().all(|name| {
            headers.contains_key(*name) && !name.bytes().any(|byte| byte.is_ascii_uppercase())
        });
    if !is_canonical {
        return None;
    }
    let mut signed = Vec::with_capacity(names.len());
    for name in names {
        for value in headers.get_all(*name) {
            signed.push((*name, value.to_str().ok()?));
        }
    }
    Some(signed)
}

/// The value of a header that is there once.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// The time of `20260131T235959Z`.
///
/// A day that the month lacks gives the day after it, which the signature then disagrees with.
fn parse_date(text: &str) -> Option<SystemTime> {
    let [y1, y2, y3, y4, m1, m2, d1, d2, b'T', hour1, hour2, min1, min2, s1, s2, b'Z'] =
        *text.as_bytes()
    else {
        return None;
    };
    let year = number(&[y1, y2, y3, y4])?;
    let month = number(&[m1, m2]).filter(|month| (1..=12).contains(month))?;
    let day = number(&[d1, d2]).filter(|day| (1..=31).contains(day))?;
    let hour = number(&[hour1, hour2]).filter(|hour| *hour < 24)?;
    let minute = number(&[min1, min2]).filter(|minute| *minute < 60)?;
    let second = number(&[s1, s2]).filter(|second| *second < 60)?;

    let days = days_since_epoch(year, month, day)?;
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second;
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}

fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + u64::from(digit - b'0'))
    })
}

/// Days from 1970-01-01 in the Gregorian calendar; none before it.
fn days_since_epoch(year: u64, month: u64, day: u64) -> Option<u64> {
    // Years that begin in March end with the leap day.
    let (year, month) =
        if month > 2 { (year, month - 3) } else { (year.checked_sub(1)?, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    let days = year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1;
    days.checked_sub(719_468)
}

fn is_current(time: SystemTime, now: SystemTime) -> bool {
    let distance = match now.duration_since(time) {
        Ok(age) => age,
        Err(ahead) => ahead.duration(),
    };
    distance <= TOLERANCE
}

/// Takes as long for a near miss as for any other text of that length.
fn equal_in_constant_time(left: &[u8], right: &[u8]) -> bool {
    let differences = left
        .iter()
        .zip(right)
        .fold(0, |differences, (left, right)| std::hint::black_box(differences | (left ^ right)));
    left.len() == right.len() && differences == 0
}

#[cfg(test)]
mod tests;
