//! `SigV4` for the one shape of request that the client sends. The key of a day is derived once, not for each request.
//!
//! The rules: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use aws_smithy_types::date_time::{DateTime, Format};
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderName, HeaderValue};
use zeroize::Zeroizing;

use super::region::Region;
use super::secret;
use crate::sha256::{Sha256, hex, sha256, sha256_hex};

#[cfg(test)]
pub(super) mod tests;

const SERVICE: &str = "dynamodb";
const SECONDS_OF_A_DAY: u64 = 86_400;
/// The header of a session's token.
pub(super) const TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

/// Signs for one region.
pub(super) struct Signer {
    region: &'static str,
    /// That of the last request: it changes once a day, and with the credentials.
    key: Mutex<Option<Arc<DayKey>>>,
}

/// What a secret signs with on one day, in one region and for one service.
struct DayKey {
    /// They wipe their secret by themselves.
    credentials: Credentials,
    day: u64,
    /// `20150830`
    date: [u8; 8],
    /// `20150830/us-east-1/dynamodb/aws4_request`
    scope: String,
    /// It wipes itself when it is dropped, as each copy does that a signature makes of it: `HMAC_CTX_cleanup`.
    key: Key,
}

/// What is signed of a request beside the time and a session's token.
pub(super) struct ToSign<'a> {
    pub(super) content_length: &'a str,
    pub(super) content_type: &'a str,
    pub(super) host: &'a str,
    pub(super) target: &'a str,
    pub(super) user_agent: &'a str,
    pub(super) body_sha256: &'a [u8; 64],
}

/// Where the headers of a signature were written.
pub(super) struct Signature {
    pub(super) time: Range<usize>,
    pub(super) authorization: Range<usize>,
}

/// Why a request is not signed: a fault of this machine, in words.
#[derive(Debug)]
pub(super) struct SigningError(pub(super) &'static str);

impl SigningError {
    const TIME: Self = Self("the clock shows no time that a signature can have");
    const TEXT: Self = Self("what is to be signed is no text");
    pub(super) const HEADER: Self = Self("what signs the request is no header value");
}

impl Signer {
    pub(super) fn new(region: Region) -> Self {
        Self { region: region.name(), key: Mutex::default() }
    }

    /// Signs a request, and appends the headers of its signature to this text.
    pub(super) fn sign(
        &self,
        request: &ToSign<'_>,
        credentials: &Credentials,
        now: SystemTime,
        text: &mut Vec<u8>,
    ) -> Result<Signature, SigningError> {
        let now = now.duration_since(UNIX_EPOCH).map_err(|_| SigningError::TIME)?.as_secs();
        let key = self.key(credentials, now / SECONDS_OF_A_DAY)?;
        let time = key.time(now % SECONDS_OF_A_DAY);
        let time = str::from_utf8(&time).map_err(|_| SigningError::TEXT)?;
        let token = credentials.session_token();
        let headers = [
            Some(("content-length", request.content_length)),
            Some(("content-type", request.content_type)),
            Some(("host", request.host)),
            Some(("x-amz-date", time)),
            token.map(|token| (TOKEN_NAME, token)),
            Some(("x-amz-target", request.target)),
            Some(("x-amz-user-agent", request.user_agent)),
        ];
        let start = text.len();
        text.extend_from_slice(time.as_bytes());
        let end = text.len();
        key.authorize(time, headers.into_iter().flatten(), request.body_sha256, text);
        Ok(Signature { time: start..end, authorization: end..text.len() })
    }

    /// The key of that day, counted from 1970: the one at hand, if it is of these credentials.
    fn key(&self, credentials: &Credentials, day: u64) -> Result<Arc<DayKey>, SigningError> {
        let mut last = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = last.as_ref().filter(|key| key.is_of(credentials, day)) {
            return Ok(key.clone());
        }
        let key = Arc::new(DayKey::new(credentials, day, self.region, SERVICE)?);
        *last = Some(key.clone());
        Ok(key)
    }
}

const TOKEN_NAME: &str = "x-amz-security-token";

impl DayKey {
    fn new(
        credentials: &Credentials,
        day: u64,
        region: &str,
        service: &str,
    ) -> Result<Self, SigningError> {
        let start = i64::try_from(day.saturating_mul(SECONDS_OF_A_DAY));
        let start = DateTime::from_secs(start.map_err(|_| SigningError::TIME)?);
        let start = start.fmt(Format::DateTime).map_err(|_| SigningError::TIME)?;
        let date = start.chars().filter(char::is_ascii_digit).take(8).collect::<String>();
        // The SDK's own function leaves the secret in memory.
        let secret = credentials.secret_access_key().as_bytes();
        let mut key = Zeroizing::new([b"AWS4", secret].concat());
        for piece in [&date, region, service, "aws4_request"] {
            let derived = sign(&Key::new(HMAC_SHA256, &key), piece.as_bytes());
            key = Zeroizing::new(derived.as_ref().to_vec());
        }
        Ok(Self {
            credentials: credentials.clone(),
            day,
            scope: format!("{date}/{region}/{service}/aws4_request"),
            date: date.into_bytes().try_into().map_err(|_| SigningError::TIME)?,
            key: Key::new(HMAC_SHA256, &key),
        })
    }

    fn is_of(&self, credentials: &Credentials, day: u64) -> bool {
        self.day == day
            && self.credentials.access_key_id() == credentials.access_key_id()
            && self.credentials.secret_access_key() == credentials.secret_access_key()
    }

    fn signature(&self, to_sign: &[u8]) -> [u8; 32] {
        let mut signature = [0; 32];
        signature.copy_from_slice(sign(&self.key, to_sign).as_ref());
        signature
    }

    /// That second of the day, as `20150830T123600Z`.
    fn time(&self, second: u64) -> [u8; 16] {
        let digits = |number: u64| [b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8];
        let clock = [second / 3600, second / 60 % 60, second % 60].map(digits);
        let mut time = [b'Z'; 16];
        let text = self.date.iter().chain(b"T").chain(clock.as_flattened());
        for (place, byte) in time.iter_mut().zip(text) {
            *place = *byte;
        }
        time
    }

    /// Appends the value of the header of that name, for a `POST /` with these headers, which are in the order of
    /// their names.
    fn authorize<'a>(
        &self,
        time: &str,
        headers: impl Iterator<Item = (&'a str, &'a str)> + Clone,
        body_sha256: &[u8; 64],
        text: &mut Vec<u8>,
    ) {
        let pieces = [
            "AWS4-HMAC-SHA256 Credential=",
            self.credentials.access_key_id(),
            "/",
            &self.scope,
            ", SignedHeaders=",
        ];
        append(text, &pieces);
        let names = text.len();
        for (name, _) in headers.clone() {
            if text.len() > names {
                text.push(b';');
            }
            text.extend_from_slice(name.as_bytes());
        }
        let mut canonical = Canonical::new();
        for (name, value) in headers {
            append(&mut canonical.text, &[name, ":"]);
            if name == TOKEN_NAME {
                canonical.secret(value);
            } else {
                canonical.text.extend_from_slice(value.as_bytes());
            }
            canonical.text.push(b'\n');
        }
        canonical.text.push(b'\n');
        canonical.text.extend_from_slice(text.get(names..).unwrap_or_default());
        canonical.text.push(b'\n');
        canonical.text.extend_from_slice(body_sha256);
        let (canonical, mut to_sign) = canonical.finish();
        to_sign.clear();
        append(&mut to_sign, &["AWS4-HMAC-SHA256\n", time, "\n", &self.scope, "\n"]);
        to_sign.extend_from_slice(&hex(&canonical));
        append(text, &[", Signature="]);
        text.extend_from_slice(&hex(&self.signature(&to_sign)));
    }
}

fn append(text: &mut Vec<u8>, pieces: &[&str]) {
    for piece in pieces {
        text.extend_from_slice(piece.as_bytes());
    }
}

/// A canonical request while it is written: it is hashed at once, but for a secret, of which no copy is made.
struct Canonical {
    text: Vec<u8>,
    /// What came before the text, if it had a secret.
    before: Option<Sha256>,
}

impl Canonical {
    fn new() -> Self {
        let mut text = Vec::with_capacity(640);
        text.extend_from_slice(b"POST\n/\n\n");
        Self { text, before: None }
    }

    fn secret(&mut self, secret: &str) {
        let hash = self.before.get_or_insert_with(Sha256::new);
        hash.update(&self.text);
        hash.update(secret);
        self.text.clear();
    }

    /// Its hash, and the buffer.
    fn finish(self) -> ([u8; 32], Vec<u8>) {
        let hash = match self.before {
            None => sha256(&self.text),
            Some(mut hash) => {
                hash.update(&self.text);
                hash.finish()
            }
        };
        (hash, self.text)
    }
}

/// Signs a `POST /` of another service, whose key is not kept.
pub(super) fn sign_once(
    request: &mut http::Request<Bytes>,
    authority: &str,
    region: Region,
    service: &str,
    credentials: &Credentials,
    now: SystemTime,
) -> Result<(), SigningError> {
    let now = now.duration_since(UNIX_EPOCH).map_err(|_| SigningError::TIME)?.as_secs();
    let key = DayKey::new(credentials, now / SECONDS_OF_A_DAY, region.name(), service)?;
    let time = key.time(now % SECONDS_OF_A_DAY);
    let time = str::from_utf8(&time).map_err(|_| SigningError::TEXT)?;
    let content_type = request.headers().get(CONTENT_TYPE).map(HeaderValue::to_str);
    let content_type = content_type.and_then(Result::ok).ok_or(SigningError::TEXT)?;
    let token = credentials.session_token();
    let headers = [
        Some(("content-type", content_type)),
        Some(("host", authority)),
        Some(("x-amz-date", time)),
        token.map(|token| (TOKEN_NAME, token)),
    ];
    let body_sha256 = sha256_hex(request.body());
    let mut authorization = Vec::new();
    key.authorize(time, headers.into_iter().flatten(), &body_sha256, &mut authorization);
    let header = |text: &[u8]| HeaderValue::from_bytes(text).map_err(|_| SigningError::TEXT);
    let (authorization, time) = (header(&authorization)?, header(time.as_bytes())?);
    let headers = request.headers_mut();
    headers.insert(AUTHORIZATION, authorization);
    headers.insert("x-amz-date", time);
    if let Some(token) = token {
        headers.insert(TOKEN, secret::header(token).map_err(|_| SigningError::TEXT)?);
    }
    Ok(())
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("region", &self.region).finish_non_exhaustive()
    }
}
