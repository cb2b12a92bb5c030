//! `SigV4` for the one shape of request that the client sends. The key of a day is derived once, not for each request.
//!
//! The rules: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use aws_runtime::auth::sigv4::SCHEME_ID;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::{
    AuthScheme, AuthSchemeEndpointConfig, AuthSchemeId, Sign,
};
use aws_smithy_runtime_api::client::identity::{Identity, SharedIdentityResolver};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::{GetIdentityResolver, RuntimeComponents};
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::date_time::{DateTime, Format};
use bytes::Bytes;
use http::HeaderValue;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use zeroize::Zeroizing;

use super::choke::TARGET;
use super::flight::Carried;
use super::region::Region;
use super::secret;
use crate::sha256::{Sha256, hex, sha256_hex};

#[cfg(test)]
pub(super) mod tests;

const SERVICE: &str = "dynamodb";
const SECONDS_OF_A_DAY: u64 = 86_400;
/// The header of a session's token.
pub(super) const TOKEN: &str = "x-amz-security-token";

/// Signs for one authority and one region.
pub(super) struct Signer {
    authority: String,
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
    date: String,
    /// `20150830/us-east-1/dynamodb/aws4_request`
    scope: String,
    key: Zeroizing<Vec<u8>>,
}

impl Signer {
    pub(super) fn new(authority: &str, region: Region) -> Self {
        Self { authority: authority.to_owned(), region: region.name(), key: Mutex::default() }
    }

    /// Signs the head of a request whose body has this hash.
    fn sign(
        &self,
        request: &mut HttpRequest,
        body_sha256: &[u8; 64],
        credentials: &Credentials,
        now: SystemTime,
    ) -> Result<(), BoxError> {
        let now = now.duration_since(UNIX_EPOCH)?.as_secs();
        let key = self.key(credentials, now / SECONDS_OF_A_DAY)?;
        let time = key.time(now % SECONDS_OF_A_DAY);
        let header = |name: &'static str| match request.headers().get(name) {
            Some(value) => Ok((name, value)),
            None => Err(format!("the request has no `{name}` to sign")),
        };
        let token = credentials.session_token();
        let headers = [
            Some(header("content-length")?),
            Some(header("content-type")?),
            Some(("host", &*self.authority)),
            Some(("x-amz-date", &*time)),
            token.map(|token| (TOKEN, token)),
            Some(header(TARGET)?),
            Some(header("x-amz-user-agent")?),
        ];
        let authorization = key.authorization(&time, headers.into_iter().flatten(), body_sha256);
        let headers = request.headers_mut();
        headers.try_insert("authorization", authorization)?;
        headers.try_insert("x-amz-date", time)?;
        // The token is added by the connector, so that no copy of it is in the machinery.
        Ok(())
    }

    /// The key of that day, counted from 1970: the one at hand, if it is of these credentials.
    fn key(&self, credentials: &Credentials, day: u64) -> Result<Arc<DayKey>, BoxError> {
        let mut last = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = last.as_ref().filter(|key| key.is_of(credentials, day)) {
            return Ok(key.clone());
        }
        let key = Arc::new(DayKey::new(credentials, day, self.region, SERVICE)?);
        *last = Some(key.clone());
        Ok(key)
    }
}

impl DayKey {
    fn new(
        credentials: &Credentials,
        day: u64,
        region: &str,
        service: &str,
    ) -> Result<Self, BoxError> {
        let start = day.saturating_mul(SECONDS_OF_A_DAY);
        let date = DateTime::from_secs(i64::try_from(start)?).fmt(Format::DateTime)?;
        let date = date.chars().filter(char::is_ascii_digit).take(8).collect::<String>();
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
            date,
            key,
        })
    }

    fn is_of(&self, credentials: &Credentials, day: u64) -> bool {
        self.day == day
            && self.credentials.access_key_id() == credentials.access_key_id()
            && self.credentials.secret_access_key() == credentials.secret_access_key()
    }

    fn signature(&self, to_sign: &[u8]) -> [u8; 32] {
        let mut signature = [0; 32];
        signature.copy_from_slice(sign(&Key::new(HMAC_SHA256, &self.key), to_sign).as_ref());
        signature
    }

    /// That second of the day, as `20150830T123600Z`.
    fn time(&self, second: u64) -> String {
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        format!("{}T{hour:02}{minute:02}{second:02}Z", self.date)
    }

    /// The header of that name, for a `POST /` with these headers, which are in the order of their names.
    fn authorization<'a>(
        &self,
        time: &str,
        headers: impl Iterator<Item = (&'a str, &'a str)> + Clone,
        body_sha256: &[u8; 64],
    ) -> String {
        // Hashed piece by piece, so that no copy of a session's token is left behind.
        let mut canonical = Sha256::new();
        canonical.update("POST\n/\n\n");
        let mut names = String::with_capacity(128);
        for (name, value) in headers {
            for piece in [name, ":", value, "\n"] {
                canonical.update(piece);
            }
            if !names.is_empty() {
                names.push(';');
            }
            names.push_str(name);
        }
        for piece in ["\n", &names, "\n"] {
            canonical.update(piece);
        }
        canonical.update(body_sha256);
        let mut to_sign = Vec::with_capacity(192);
        for piece in ["AWS4-HMAC-SHA256\n", time, "\n", &self.scope, "\n"] {
            to_sign.extend_from_slice(piece.as_bytes());
        }
        to_sign.extend_from_slice(&hex(&canonical.finish()));
        let signature = hex(&self.signature(&to_sign));
        let signature = String::from_utf8_lossy(&signature);
        let (id, scope) = (self.credentials.access_key_id(), &self.scope);
        let pieces = [
            "AWS4-HMAC-SHA256 Credential=",
            id,
            "/",
            scope,
            ", SignedHeaders=",
            &names,
            ", Signature=",
            &signature,
        ];
        pieces.concat()
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
) -> Result<(), BoxError> {
    let now = now.duration_since(UNIX_EPOCH)?.as_secs();
    let key = DayKey::new(credentials, now / SECONDS_OF_A_DAY, region.name(), service)?;
    let time = key.time(now % SECONDS_OF_A_DAY);
    let content_type = request.headers().get(CONTENT_TYPE).ok_or("it has no type")?.to_str()?;
    let token = credentials.session_token();
    let headers = [
        Some(("content-type", content_type)),
        Some(("host", authority)),
        Some(("x-amz-date", &*time)),
        token.map(|token| (TOKEN, token)),
    ];
    let body_sha256 = sha256_hex(request.body());
    let authorization = key.authorization(&time, headers.into_iter().flatten(), &body_sha256);
    let headers = request.headers_mut();
    headers.insert(AUTHORIZATION, HeaderValue::try_from(authorization)?);
    headers.insert("x-amz-date", HeaderValue::try_from(time)?);
    if let Some(token) = token {
        headers.insert(TOKEN, secret::header(token)?);
    }
    Ok(())
}

impl Sign for Signer {
    fn sign_http_request(
        &self,
        request: &mut HttpRequest,
        identity: &Identity,
        _: AuthSchemeEndpointConfig<'_>,
        components: &RuntimeComponents,
        cfg: &ConfigBag,
    ) -> Result<(), BoxError> {
        let credentials = identity.data::<Credentials>().ok_or("the identity has no keys")?;
        let carried = cfg.load::<Carried>().ok_or("no flight was carried")?;
        let now = components.time_source().unwrap_or_default().now();
        carried.flight.signed_with(credentials);
        self.sign(request, &carried.body_sha256, credentials, now)
    }
}

impl AuthScheme for Signer {
    fn scheme_id(&self) -> AuthSchemeId {
        SCHEME_ID
    }

    fn identity_resolver(
        &self,
        resolvers: &dyn GetIdentityResolver,
    ) -> Option<SharedIdentityResolver> {
        resolvers.identity_resolver(SCHEME_ID)
    }

    fn signer(&self) -> &dyn Sign {
        self
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("region", &self.region).finish_non_exhaustive()
    }
}
