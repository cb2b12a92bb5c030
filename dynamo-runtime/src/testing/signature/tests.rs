use http::Request;

use super::*;

const KEY_ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const BODY: &[u8] = br#"{"TableName":"users","Key":{"user_id":{"S":"1"}}}"#;
const SIGNED: &str = "content-type;host;x-amz-date;x-amz-target";
/// Computed for these headers and this body by another implementation of the algorithm.
const SIGNATURE: &str = "f4c13b9664616028b9d46b7394f403fafdb734fe595b967e128d1436fe57fa11";
const SCOPE: &str = "20260131/eu-west-1/dynamodb/aws4_request";
const DATE_SECONDS: u64 = 1_769_903_999;

fn credentials() -> Credentials {
    Credentials::new(KEY_ID, SECRET, None, None, "test")
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn authorization(key_id: &str, scope: &str, signed: &str, signature: &str) -> String {
    format!(
        "{ALGORITHM} Credential={key_id}/{scope}, SignedHeaders={signed}, Signature={signature}"
    )
}

fn request() -> Parts {
    let (head, ()) = Request::post("/")
        .header("host", "localhost:8443")
        .header("content-type", "application/x-amz-json-1.0")
        .header("x-amz-date", "20260131T235959Z")
        .header("x-amz-target", "DynamoDB_20120810.GetItem")
        .header("user-agent", "not signed")
        .header(AUTHORIZATION, authorization(KEY_ID, SCOPE, SIGNED, SIGNATURE))
        .body(())
        .unwrap()
        .into_parts();
    head
}

fn with(name: &'static str, value: &str) -> Parts {
    let mut head = request();
    head.headers.insert(name, value.parse().unwrap());
    head
}

fn without(name: &str) -> Parts {
    let mut head = request();
    head.headers.remove(name).unwrap();
    head
}

fn verdict(head: &Parts) -> Result<(), SignatureProblem> {
    verify(head, BODY, &credentials(), at(DATE_SECONDS + 60))
}

#[test]
fn a_signature_from_another_implementation_is_accepted() {
    assert_eq!(verdict(&request()), Ok(()));
}

#[test]
fn each_signed_part_matters() {
    let now = at(DATE_SECONDS);
    for head in [
        with("host", "elsewhere:8443"),
        with("content-type", "text/plain"),
        with("x-amz-target", "DynamoDB_20120810.DeleteItem"),
        with("x-amz-date", "20260131T235958Z"),
        without("content-type"),
    ] {
        let verdict = verify(&head, BODY, &credentials(), now);
        assert_eq!(verdict, Err(SignatureProblem::Mismatch), "{:?}", head.headers);
    }

    let mut head = request();
    head.method = http::Method::PUT;
    assert_eq!(verdict(&head), Err(SignatureProblem::Mismatch));
    head = request();
    head.uri = "/?a=b".parse().unwrap();
    assert_eq!(verdict(&head), Err(SignatureProblem::Mismatch));
    head = request();
    head.headers.append("content-type", "text/html".parse().unwrap());
    assert_eq!(verdict(&head), Err(SignatureProblem::Mismatch));

    let mut body = BODY.to_vec();
    body[0] ^= 1;
    let verdict = verify(&request(), &body, &credentials(), now);
    assert_eq!(verdict, Err(SignatureProblem::Mismatch));

    let other = Credentials::new(KEY_ID, "another secret", None, None, "test");
    let verdict = verify(&request(), BODY, &other, now);
    assert_eq!(verdict, Err(SignatureProblem::Mismatch));
}

#[test]
fn an_unsigned_header_that_means_something_is_refused() {
    for header in ["x-amz-target", "x-amz-date", "host"] {
        let signed: Vec<&str> = SIGNED.split(';').filter(|name| *name != header).collect();
        let value = authorization(KEY_ID, SCOPE, &signed.join(";"), SIGNATURE);
        let head = with("authorization", &value);
        assert_eq!(verdict(&head), Err(SignatureProblem::Unsigned), "{header}");
    }
    assert_eq!(verdict(&without("host")), Err(SignatureProblem::Unsigned));
    assert_eq!(verdict(&with("x-amz-meaning", "more")), Err(SignatureProblem::Unsigned));
}

#[test]
fn the_list_of_signed_headers_is_signed_too() {
    for signed in [
        "content-type;host;x-amz-date;x-amz-target;",
        "content-type;host;x-absent;x-amz-date;x-amz-target",
        "host;content-type;x-amz-date;x-amz-target",
        "content-type;host;host;x-amz-date;x-amz-target",
        "Content-Type;host;x-amz-date;x-amz-target",
        "content-type;host;user-agent;x-amz-date;x-amz-target",
    ] {
        let value = authorization(KEY_ID, SCOPE, signed, SIGNATURE);
        let head = with("authorization", &value);
        assert_eq!(verdict(&head), Err(SignatureProblem::Mismatch), "{signed}");
    }
}

#[test]
fn another_key_or_a_session_token_is_unknown() {
    let value = authorization("AKIDOTHER", SCOPE, SIGNED, SIGNATURE);
    assert_eq!(verdict(&with("authorization", &value)), Err(SignatureProblem::UnknownKey));
    assert_eq!(verdict(&with(SESSION_TOKEN, "token")), Err(SignatureProblem::UnknownKey));
}

#[test]
fn a_date_counts_for_five_minutes_either_way() {
    let cases = [
        (DATE_SECONDS - 301, Err(SignatureProblem::NotCurrent)),
        (DATE_SECONDS - 300, Ok(())),
        (DATE_SECONDS + 300, Ok(())),
        (DATE_SECONDS + 301, Err(SignatureProblem::NotCurrent)),
    ];
    for (now, expected) in cases {
        let verdict = verify(&request(), BODY, &credentials(), at(now));
        assert_eq!(verdict, expected, "{now}");
    }
}

#[test]
fn the_scope_must_be_of_that_day_and_of_dynamodb() {
    for scope in [
        "20260130/eu-west-1/dynamodb/aws4_request",
        "2026/eu-west-1/dynamodb/aws4_request",
        "/eu-west-1/dynamodb/aws4_request",
        "20260131//dynamodb/aws4_request",
        "20260131/eu-west-1/s3/aws4_request",
        "20260131/eu-west-1/dynamodb/aws4",
        "20260131/eu-west-1/dynamodb",
        "",
    ] {
        let value = authorization(KEY_ID, scope, SIGNED, SIGNATURE);
        let head = with("authorization", &value);
        assert_eq!(verdict(&head), Err(SignatureProblem::WrongScope), "{scope}");
    }
}

#[test]
fn an_authorization_must_be_whole_and_single() {
    assert_eq!(verdict(&without("authorization")), Err(SignatureProblem::Missing));

    let whole = authorization(KEY_ID, SCOPE, SIGNED, SIGNATURE);
    let signature = format!(", Signature={SIGNATURE}");
    for value in [
        "",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 ",
        "Basic dXNlcjpwYXNz",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE, SignedHeaders=host, Signature=0",
        &whole.replace(&signature, ""),
        &whole.replace(&signature, &signature.repeat(2)),
        &whole.replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"),
        &format!("{whole}, More=1"),
    ] {
        let head = with("authorization", value);
        assert_eq!(verdict(&head), Err(SignatureProblem::Incomplete), "{value}");
    }

    let mut head = request();
    head.headers.append(AUTHORIZATION, whole.parse().unwrap());
    assert_eq!(verdict(&head), Err(SignatureProblem::Incomplete));
}

#[test]
fn a_shorter_or_longer_signature_is_no_match() {
    for signature in ["", &SIGNATURE[..63], &format!("{SIGNATURE}0")] {
        let value = authorization(KEY_ID, SCOPE, SIGNED, signature);
        let head = with("authorization", &value);
        assert_eq!(verdict(&head), Err(SignatureProblem::Mismatch), "{signature}");
    }
}

#[test]
fn dates_are_parsed_strictly() {
    for (text, seconds) in [
        ("19700101T000000Z", 0),
        ("20000301T000000Z", 951_868_800),
        ("20240229T000000Z", 1_709_164_800),
        ("20260131T235959Z", DATE_SECONDS),
    ] {
        assert_eq!(parse_date(text), Some(at(seconds)), "{text}");
    }
    for text in [
        "",
        "20260131T235959",
        "20260131 235959Z",
        "2026-01-31T23:59Z",
        "20261331T235959Z",
        "20260100T235959Z",
        "20260131T245959Z",
        "20260131T236059Z",
        "20260131T235960Z",
        "19691231T235959Z",
        "00000101T000000Z",
        "2026013aT235959Z",
        "+0260131T235959Z",
    ] {
        assert_eq!(parse_date(text), None, "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn no_header_text_panics(value in "[ -~]{0,80}", date in "[0-9TZ]{16}") {
        let mut head = with("x-amz-date", &date);
        head.headers.insert(AUTHORIZATION, value.parse().unwrap());
        proptest::prop_assert!(verdict(&head).is_err());
    }

    #[test]
    fn no_signed_header_names_panic(names in "[ -+.-~]{0,40}", path in "/[!-~]{0,20}") {
        let value = authorization(KEY_ID, SCOPE, &format!("{SIGNED};{names}"), SIGNATURE);
        let mut head = with("authorization", &value);
        if let Ok(uri) = path.parse() {
            head.uri = uri;
        }
        proptest::prop_assert!(verdict(&head).is_err());
    }
}
