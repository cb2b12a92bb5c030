//! The signer against the SDK's own and against AWS's published vectors.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SigningParams, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_types::body::SdkBody;
use proptest::prelude::*;
use serde_json::Value;
use zeroize::ZeroizeOnDrop;

use super::*;
use crate::client::Api;
use crate::client::tests::built_crates;
use crate::sha256::sha256_hex;

const AGENT: &str = "aws-sdk-rust/1.0 ua/2.1 api/dynamodb#1.0 os/linux";

fn request(api: Api, length: usize) -> HttpRequest {
    let mut request = HttpRequest::new(SdkBody::empty());
    request.set_method("POST").unwrap();
    let headers = request.headers_mut();
    headers.insert("content-type", "application/x-amz-json-1.0");
    headers.insert("content-length", length.to_string());
    headers.insert(TARGET, api.target());
    headers.insert("user-agent", AGENT);
    headers.insert("x-amz-user-agent", AGENT);
    request
}

fn headers(request: &HttpRequest) -> BTreeMap<String, String> {
    request.headers().iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The same request, signed by the SDK's function.
pub(in super::super) fn signed_by_the_sdk(
    request: &HttpRequest,
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
    let signable =
        SignableRequest::new("POST", uri, request.headers().iter(), SignableBody::Bytes(body));
    let signed = sign(signable.unwrap(), &SigningParams::V4(params)).unwrap().into_parts().0;
    let mut all = headers(request);
    all.extend(signed.headers().map(|(name, value)| (name.to_owned(), value.to_owned())));
    all
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
        let signer = Signer::new(&authority, region);
        let first = &calls[0];
        for (credentials, at, api, body) in &calls {
            // Of the same credentials and near the same time the key is at hand.
            let (credentials, at) = if repeated { (&first.0, first.1 + at % 60) } else { (credentials, *at) };
            let now = UNIX_EPOCH + Duration::from_secs(at) + Duration::from_millis(999);
            let unsigned = request(*api, body.len());
            let mut expected =
                signed_by_the_sdk(&unsigned, &authority, region.name(), body, credentials, now);
            // The token is signed here, and added by the connector.
            expected.remove(TOKEN);
            let mut signed = unsigned;
            signer.sign(&mut signed, &sha256_hex(body), credentials, now).unwrap();
            prop_assert_eq!(headers(&signed), expected);
        }
    }
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

#[test]
fn the_key_is_derived_once_for_a_day_and_a_secret() {
    let signer = Signer::new("host", Region::US_EAST_1);
    let of = |id, secret, token: Option<&str>| {
        Credentials::new(id, secret, token.map(str::to_owned), None, "test")
    };
    let mut last = signer.key(&of("ID", "secret", None), 5).unwrap();
    let again = signer.key(&of("ID", "secret", Some("token")), 5).unwrap();
    assert!(Arc::ptr_eq(&last, &again), "a token has no part in the key");
    for (id, secret, day) in [("ID", "secret", 6), ("ID", "another", 5), ("ANOTHER", "secret", 5)] {
        let other = signer.key(&of(id, secret, None), day).unwrap();
        assert!(!Arc::ptr_eq(&last, &other));
        assert_eq!(last.key == other.key, id == "ANOTHER", "an id has no part in it either");
        // And there is never more than one.
        let back = signer.key(&of("ID", "secret", None), 5).unwrap();
        assert!(!Arc::ptr_eq(&other, &back) && back.key == last.key);
        last = back;
    }
}

#[test]
fn a_key_is_wiped_when_it_is_dropped() {
    fn is_wiped<T: ZeroizeOnDrop>(_: &T) {}
    let signer = Signer::new("host", Region::US_EAST_1);
    let credentials = Credentials::new("ID", "secret", None, None, "test");
    let key = signer.key(&credentials, 5).unwrap();
    is_wiped(&key.key);
    assert_eq!(key.key.len(), 32);
    assert_eq!(Arc::strong_count(&key), 2, "no other copy is kept");
    signer.key(&credentials, 6).unwrap();
    assert_eq!(Arc::strong_count(&key), 1);
}

#[test]
fn debug_shows_no_secret() {
    let signer = Signer::new("host", Region::US_EAST_1);
    let credentials = Credentials::new("AKID", "hidden", Some("hidden".into()), None, "test");
    let mut request = request(Api::GetItem, 0);
    signer.sign(&mut request, &sha256_hex(b""), &credentials, at(0)).unwrap();
    assert_eq!(format!("{signer:?}"), r#"Signer { region: "us-east-1", .. }"#);
    // The SDK's own `Debug` of a request leaves the token out by its name.
    assert!(!format!("{request:?}").contains("hidden"), "{request:?}");
}

#[test]
fn what_cannot_be_signed_is_an_error() {
    let signer = Signer::new("host", Region::US_EAST_1);
    let credentials = Credentials::new("ID", "secret", None, None, "test");
    let sign = |request: &mut HttpRequest, now| {
        signer.sign(request, &sha256_hex(b""), &credentials, now).map_err(|it| it.to_string())
    };
    sign(&mut request(Api::GetItem, 0), at(0)).unwrap();
    sign(&mut request(Api::GetItem, 0), UNIX_EPOCH - Duration::from_secs(1)).unwrap_err();
    for missing in ["content-length", "content-type", TARGET, "x-amz-user-agent"] {
        let mut request = request(Api::GetItem, 0);
        request.headers_mut().remove(missing);
        let error = sign(&mut request, at(0)).unwrap_err();
        assert!(error.contains(missing), "{error}");
        assert!(request.headers().get("authorization").is_none());
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
    let time = key.time(seconds % SECONDS_OF_A_DAY);

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
    let authorization = key.authorization(&time, headers, &body_sha256);
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
