//! The head of each request: most of it is written once for a host, the rest into one buffer for each attempt.

use std::fmt;
use std::mem;
use std::ops::Range;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use aws_lc_rs::rand;
use aws_runtime::user_agent::{ApiMetadata, AwsUserAgent};
use aws_types::os_shim_internal::Env;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, USER_AGENT};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, Request, Version};

use super::choke::TARGET;
use super::credentials::SigningKeys;
use super::error::BuildError;
use super::flight::Flight;
use super::signing::{Signer, SigningError, TOKEN, ToSign};
use crate::sha256::sha256_hex;

const AMZ_JSON: &str = "application/x-amz-json-1.0";
const AMZ_USER_AGENT: HeaderName = HeaderName::from_static("x-amz-user-agent");
const AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const INVOCATION_ID: HeaderName = HeaderName::from_static("amz-sdk-invocation-id");
const ATTEMPT: HeaderName = HeaderName::from_static("amz-sdk-request");

/// What differs from one attempt to the next.
const OF_AN_ATTEMPT: [HeaderName; 6] =
    [CONTENT_LENGTH, TARGET, AMZ_DATE, AUTHORIZATION, INVOCATION_ID, ATTEMPT];

/// Who asks. It is made without the environment, so that `AWS_EXECUTION_ENV` has no say in a header.
static AGENT: LazyLock<String> = LazyLock::new(|| {
    let api = ApiMetadata::new("dynamodb", aws_sdk_dynamodb::meta::PKG_VERSION);
    AwsUserAgent::new_from_environment(Env::from_slice(&[]), api).aws_ua_header()
});

/// Makes the heads of a client's requests to one host.
pub(super) struct Heads {
    authority: String,
    /// With every header that a request has, but for a session's token; those of an attempt are empty.
    template: Parts,
    /// Which of an attempt's headers each of the template's is, in the order in which it gives them.
    places: Vec<Option<usize>>,
    ids: InvocationIds,
}

/// What the attempts of a call have in common.
pub(super) struct CallHead {
    target: &'static str,
    length: usize,
    body_sha256: [u8; 64],
    id: u128,
}

/// Which attempt it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct AttemptMark {
    pub(super) attempt: u32,
    pub(super) of: u32,
}

impl Heads {
    pub(super) fn new(authority: &str) -> Result<Self, BuildError> {
        let internal = |_| BuildError::internal("the host is no part of a request");
        let mut request = Request::new(());
        *request.method_mut() = Method::POST;
        *request.version_mut() = Version::HTTP_11;
        *request.uri_mut() = format!("https://{authority}/").parse().map_err(internal)?;
        let host = HeaderValue::try_from(authority)
            .map_err(|_| BuildError::internal("the host is no header value"))?;
        let agent = HeaderValue::from_static(&AGENT);
        let headers = request.headers_mut();
        headers.insert(HOST, host);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(AMZ_JSON));
        headers.insert(USER_AGENT, agent.clone());
        headers.insert(AMZ_USER_AGENT, agent);
        for name in OF_AN_ATTEMPT {
            headers.insert(name, HeaderValue::from_static(""));
        }
        let place = |name| OF_AN_ATTEMPT.iter().position(|other| other == name);
        Ok(Self {
            authority: authority.to_owned(),
            places: headers.keys().map(place).collect(),
            template: request.into_parts().0,
            ids: InvocationIds::new()?,
        })
    }

    /// What all attempts of a call have.
    pub(super) fn of_call(&self, flight: &Flight) -> CallHead {
        CallHead {
            target: flight.api.target(),
            length: flight.body.len(),
            body_sha256: sha256_hex(&flight.body),
            id: self.ids.next(),
        }
    }

    /// The head of an attempt, signed with these keys at this time.
    ///
    /// # Errors
    /// It cannot be signed, or the keys are none that a header can hold.
    pub(super) fn of_attempt(
        &self,
        call: &CallHead,
        mark: AttemptMark,
        keys: &SigningKeys,
        signer: &Signer,
        now: SystemTime,
    ) -> Result<Parts, SigningError> {
        let mut text = Vec::with_capacity(512);
        let (mut length, mut attempt) = (itoa::Buffer::new(), itoa::Buffer::new());
        let length = length.format(call.length);
        let to_sign = ToSign {
            content_length: length,
            content_type: AMZ_JSON,
            host: &self.authority,
            target: call.target,
            user_agent: &AGENT,
            body_sha256: &call.body_sha256,
        };
        let signature = signer.sign(&to_sign, &keys.keys, now, &mut text)?;
        let length = place(&mut text, &[length]);
        let id = place_id(&mut text, call.id);
        let mut of = itoa::Buffer::new();
        let attempt = ["attempt=", attempt.format(mark.attempt), "; max=", of.format(mark.of)];
        let attempt = place(&mut text, &attempt);

        let text = Bytes::from(text);
        let value = |place: Range<usize>| {
            HeaderValue::from_maybe_shared(text.slice(place)).map_err(|_| SigningError::HEADER)
        };
        let mut authorization = value(signature.authorization)?;
        authorization.set_sensitive(true);
        let mut values = [
            value(length)?,
            HeaderValue::from_static(call.target),
            value(signature.time)?,
            authorization,
            value(id)?,
            value(attempt)?,
        ];
        let mut head = self.template.clone();
        let headers = &mut head.headers;
        // By its place, so that no name is looked up.
        for (header, place) in headers.values_mut().zip(&self.places) {
            if let Some(value) = place.and_then(|place| values.get_mut(place)) {
                mem::swap(header, value);
            }
        }
        if let Some(token) = &keys.token {
            headers.insert(TOKEN, token.clone());
        }
        Ok(head)
    }
}

/// Writes these pieces, and says where.
fn place(text: &mut Vec<u8>, pieces: &[&str]) -> Range<usize> {
    let start = text.len();
    for piece in pieces {
        text.extend_from_slice(piece.as_bytes());
    }
    start..text.len()
}

/// Writes a UUID.
fn place_id(text: &mut Vec<u8>, id: u128) -> Range<usize> {
    let digit = |value| if value < 10 { b'0' + value } else { b'a' + value - 10 };
    let start = text.len();
    for (place, byte) in id.to_be_bytes().into_iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push(b'-');
        }
        text.extend_from_slice(&[digit(byte >> 4), digit(byte & 0x0f)]);
    }
    start..text.len()
}

impl fmt::Debug for Heads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Heads").field("authority", &self.authority).finish_non_exhaustive()
    }
}

/// A random UUID for each call: the n-th numbers of two sequences, each from a seed of the system's.
///
/// They need not be secret, only different in all clients. One counter is all that calls share.
struct InvocationIds {
    seeds: [u64; 2],
    calls: AtomicU64,
}

impl InvocationIds {
    fn new() -> Result<Self, BuildError> {
        let mut seeds = [[0; 8]; 2];
        for seed in &mut seeds {
            rand::fill(seed)
                .map_err(|_| BuildError::internal("the system gives no random numbers"))?;
        }
        Ok(Self { seeds: seeds.map(u64::from_ne_bytes), calls: AtomicU64::new(0) })
    }

    fn next(&self) -> u128 {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        let [high, low] = self.seeds.map(|seed| mixed(seed.wrapping_add(call.wrapping_mul(STEP))));
        let random = u128::from(high) << 64 | u128::from(low);
        // Its version is 4 (random), its variant that of RFC 9562.
        random & !(0xf << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62
    }
}

/// The step of `SplitMix64`, and its mixing function: <https://dl.acm.org/doi/10.1145/2714064.2660195>.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

fn mixed(number: u64) -> u64 {
    let number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ number >> 31
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn an_id_is_a_random_uuid() {
        let ids = InvocationIds::new().unwrap();
        let text = |id| {
            let mut text = b"before it".to_vec();
            let place = place_id(&mut text, id);
            String::from_utf8(text[place].to_vec()).unwrap()
        };
        let ids: Vec<_> = (0..200).map(|_| text(ids.next())).collect();
        for id in &ids {
            let is_uuid = id.len() == 36
                && id.char_indices().all(|(at, digit)| match at {
                    8 | 13 | 18 | 23 => digit == '-',
                    14 => digit == '4',
                    19 => "89ab".contains(digit),
                    _ => "0123456789abcdef".contains(digit),
                });
            assert!(is_uuid, "{id}");
        }
        // Each other digit takes each value.
        for at in (0..36).filter(|at| ![8, 13, 14, 18, 19, 23].contains(at)) {
            let digits: HashSet<_> = ids.iter().map(|id| id.as_bytes()[at]).collect();
            assert!(digits.len() > 10, "{at}: {digits:?}");
        }
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
    }

    #[test]
    fn clients_and_threads_have_no_id_in_common() {
        let clients = [InvocationIds::new().unwrap(), InvocationIds::new().unwrap()];
        let of_thread = |ids: &InvocationIds| (0..500).map(|_| ids.next()).collect::<Vec<_>>();
        let all: HashSet<_> = std::thread::scope(|scope| {
            let threads = [0, 0, 1, 1].map(|client| {
                scope.spawn({
                    let (ids, of_thread) = (&clients[client], &of_thread);
                    move || of_thread(ids)
                })
            });
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(all.len(), 2_000);
    }
}
