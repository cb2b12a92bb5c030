//! The signer against the SDK's own and against AWS's published vectors.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SigningParams, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use http::HeaderMap;
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::client::credentials::SigningKeys;
use crate::client::flight::Flight;
use crate::client::head::{AttemptMark, Heads};
use crate::client::tests::built_crates;
use crate::client::{Api, Replay};

/// The head of an attempt, as it goes out.
fn head(
    (heads, signer): (&Heads, &Signer),
    api: Api,
    body: &[u8],
    credentials: &Credentials,
    now: SystemTime,
) -> HeaderMap {
    let flight = Flight::new(api, Replay::Harmless, Bytes::copy_from_slice(body));
    let call = heads.of_call(&flight);
    let mark = AttemptMark { attempt: 1, of: 3 };
    let token = credentials.session_token().map(|token| secret::header(token).unwrap());
    let keys = SigningKeys { keys: credentials.clone(), token };
    heads.of_attempt(&call, mark, &keys, signer, now).unwrap().headers
}

fn headers(headers: &HeaderMap) -> BTreeMap<String, String> {
    let text = |value: &HeaderValue| value.to_str().unwrap().to_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}

/// What nobody signs, of the SDK's requests too: what signs, or what each attempt has of its own.
const UNSIGNED: [&str; 6] = [
    "authorization",
    "x-amz-date",
    "x-amz-security-token",
    "host",
    "amz-sdk-invocation-id",
    "amz-sdk-request",
];

/// The same request, signed by the SDK's function: the headers that it adds.
pub(in super::super) fn signed_by_the_sdk(
    headers: &BTreeMap<String, String>,
    authority: &str,
    region: &str,
    body: &[u8],
    credentials: &Credentials,
    now: SystemTime,
) -> BTreeMap<String, String> {
    let identity = credentials.clone().into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name("dynamodb")
        .time(now)
        .settings(SigningSettings::default())
        .build()
        .unwrap();
    let uri = format!("https://{authority}/");
    let unsigned = headers.iter().map(|(name, value)| (&**name, &**value));
    let unsigned = unsigned.filter(|(name, _)| !UNSIGNED.contains(name));
    let signable = SignableRequest::new("POST", uri, unsigned, SignableBody::Bytes(body));
    let signed = sign(signable.unwrap(), &SigningParams::V4(params)).unwrap().into_parts().0;
    signed.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn credentials() -> impl Strategy<Value = Credentials> {
    ("[A-Z0-9]{16,32}", "[!-~]{1,64}", prop::option::of("[!-~]{1,300}"))
        .prop_map(|(id, secret, token)| Credentials::new(id, secret, token, None, "test"))
}

/// In seconds since 1970, to the end of the year 9999.
fn times() -> impl Strategy<Value = u64> {
    let midnight = (0..100_000_u64).prop_map(|day| day * SECONDS_OF_A_DAY);
    prop_oneof![0..253_402_300_800_u64, midnight.clone(), midnight.prop_map(|at| at + 86_399)]
}

proptest! {
    #[test]
    fn each_request_is_signed_as_the_sdk_signs_it(
        calls in prop::collection::vec((credentials(), times(), prop::sample::select(Api::ALL), prop::collection::vec(any::<u8>(), 0..2000)), 1..4),
        repeated in any::<bool>(),
        authority in "[a-z0-9.-]{1,40}(:[1-9][0-9]{0,3})?",
        region in prop::sample::select(vec![Region::US_EAST_1, Region::EU_CENTRAL_1, Region::US_GOV_WEST_1]),
    ) {
        prop_assume!(format!("https://{authority}/").parse::<http::Uri>().is_ok());
        // The default port stands in no authority, and the SDK leaves it out.
        prop_assume!(!authority.ends_with(":443"));
        let (heads, signer) = (Heads::new(&authority).unwrap(), Signer::new(region));
        let first = &calls[0];
        for (credentials, at, api, body) in &calls {
            // Of the same credentials and near the same time the key is at hand.
            let (credentials, at) = if repeated { (&first.0, first.1 + at % 60) } else { (credentials, *at) };
            let now = UNIX_EPOCH + Duration::from_secs(at) + Duration::from_millis(999);
            let found = headers(&head((&heads, &signer), *api, body, credentials, now));
            for (name, value) in
                signed_by_the_sdk(&found, &authority, region.name(), body, credentials, now)
            {
                prop_assert_eq!(found.get(&name), Some(&value), "{}", name);
            }
            prop_assert_eq!(&found["host"], &authority);
            prop_assert_eq!(&found["content-length"], &body.len().to_string());
            prop_assert_eq!(&found["x-amz-target"], api.target());
            prop_assert_eq!(found.len(), if credentials.session_token().is_some() { 11 } else { 10 });
        }
    }
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

#[test]
fn the_key_is_derived_once_for_a_day_and_a_secret() {
    let signer = Signer::new(Region::US_EAST_1);
    let of = |id, secret, token: Option<&str>| {
        Credentials::new(id, secret, token.map(str::to_owned), None, "test")
    };
    let mut last = signer.key(&of("ID", "secret", None), 5).unwrap();
    let again = signer.key(&of("ID", "secret", Some("token")), 5).unwrap();
    assert!(Arc::ptr_eq(&last, &again), "a token has no part in the key");
    for (id, secret, day) in [("ID", "secret", 6), ("ID", "another", 5), ("ANOTHER", "secret", 5)] {
        let other = signer.key(&of(id, secret, None), day).unwrap();
        assert!(!Arc::ptr_eq(&last, &other));
        let is_same = last.signature(b"text") == other.signature(b"text");
        assert_eq!(is_same, id == "ANOTHER", "an id has no part in it either");
        // And there is never more than one.
        let back = signer.key(&of("ID", "secret", None), 5).unwrap();
        assert!(!Arc::ptr_eq(&other, &back));
        assert_eq!(back.signature(b"text"), last.signature(b"text"));
        last = back;
    }
}

/// It is wiped when it is dropped, as the library of it does.
#[test]
fn no_key_is_kept_beside_the_last_one() {
    let signer = Signer::new(Region::US_EAST_1);
    let credentials = Credentials::new("ID", "secret", None, None, "test");
    let key = signer.key(&credentials, 5).unwrap();
    assert_eq!(Arc::strong_count(&key), 2, "no other copy is kept");
    signer.key(&credentials, 6).unwrap();
    assert_eq!(Arc::strong_count(&key), 1);
}

#[test]
fn debug_shows_no_secret() {
    let (heads, signer) = (Heads::new("host").unwrap(), Signer::new(Region::US_EAST_1));
    let credentials = Credentials::new("AKID", "hidden", Some("hidden".into()), None, "test");
    let head = head((&heads, &signer), Api::GetItem, b"{}", &credentials, at(0));
    assert_eq!(format!("{signer:?}"), r#"Signer { region: "us-east-1", .. }"#);
    assert_eq!(format!("{heads:?}"), r#"Heads { authority: "host", .. }"#);
    let shown = format!("{head:?}");
    assert!(!shown.contains("hidden") && !shown.contains("Signature="), "{shown}");
}

#[test]
fn what_cannot_be_signed_is_an_error() {
    let signer = Signer::new(Region::US_EAST_1);
    let credentials = Credentials::new("ID", "secret", None, None, "test");
    let request = ToSign {
        content_length: "2",
        content_type: "application/x-amz-json-1.0",
        host: "host",
        target: "DynamoDB_20120810.GetItem",
        user_agent: "agent",
        body_sha256: &sha256_hex(b"{}"),
    };
    let mut text = Vec::new();
    signer.sign(&request, &credentials, at(0), &mut text).unwrap();
    text.clear();
    for time in [UNIX_EPOCH - Duration::from_secs(1), at(400_000_000_000)] {
        let error = signer.sign(&request, &credentials, time, &mut text).err().unwrap();
        assert!(error.0.contains("the clock"), "{error:?}");
        assert!(text.is_empty());
    }
}

/// The vectors that AWS publishes, as they come with the SDK's crate.
fn vectors() -> PathBuf {
    built_crates::folder("aws-sigv4").join("aws-signing-test-suite/v4")
}

/// The signature of a vector's request by our own rules, if it is one of a `POST /`.
fn signature_of(folder: &Path) -> Option<String> {
    let read = |name| std::fs::read_to_string(folder.join(name)).unwrap();
    let request = read("request.txt");
    let (head, body) = request.split_once("\n\n").unwrap_or((&request, ""));
    let mut lines = head.lines();
    if lines.next() != Some("POST / HTTP/1.1") {
        return None;
    }
    let context: Value = serde_json::from_str(&read("context.json")).unwrap();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let keys = &context["credentials"];
    let token = text(&keys["token"]);
    let credentials = Credentials::new(
        text(&keys["access_key_id"]).unwrap(),
        text(&keys["secret_access_key"]).unwrap(),
        token.clone(),
        None,
        "test",
    );
    let time = text(&context["timestamp"]).unwrap();
    let time = DateTime::from_str(&time, Format::DateTime).unwrap();
    let seconds = u64::try_from(time.secs()).unwrap();
    let (region, service) = (text(&context["region"])?, text(&context["service"])?);
    let day = seconds / SECONDS_OF_A_DAY;
    let key = DayKey::new(&credentials, day, &region, &service).unwrap();
    let time = String::from_utf8(key.time(seconds % SECONDS_OF_A_DAY).to_vec()).unwrap();

    let of_line = |line: &str| {
        let (name, value) = line.split_once(':').unwrap();
        (name.to_ascii_lowercase(), value.trim().to_owned())
    };
    let mut headers: BTreeMap<_, _> = lines.map(of_line).collect();
    headers.insert("x-amz-date".to_owned(), time.clone());
    let is_token_signed = context["omit_session_token"] != true;
    headers.extend(
        token.filter(|_| is_token_signed).map(|token| ("x-amz-security-token".to_owned(), token)),
    );
    let body_sha256 = sha256_hex(body.as_bytes());
    if context["sign_body"] == true {
        let hash = String::from_utf8(body_sha256.to_vec()).unwrap();
        headers.insert("x-amz-content-sha256".to_owned(), hash);
    }
    let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let mut authorization = Vec::new();
    key.authorize(&time, headers, &body_sha256, &mut authorization);
    let authorization = String::from_utf8(authorization).unwrap();
    let (_, signature) = authorization.rsplit_once("Signature=").unwrap();
    Some(signature.to_owned())
}

#[test]
fn the_vectors_of_aws_hold() {
    let mut held = Vec::new();
    for folder in std::fs::read_dir(vectors()).unwrap() {
        let folder = folder.unwrap().path();
        if let Some(signature) = signature_of(&folder) {
            let expected = std::fs::read_to_string(folder.join("header-signature.txt")).unwrap();
            assert_eq!(signature, expected.trim(), "{}", folder.display());
            held.push(folder.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    held.sort();
    assert_eq!(
        held,
        [
            "post-header-key-case",
            "post-header-key-sort",
            "post-header-value-case",
            "post-sts-header-after",
            "post-sts-header-before",
            "post-vanilla",
            "post-x-www-form-urlencoded",
            "post-x-www-form-urlencoded-parameters",
        ]
    );
}
