//! E. Answers that come over sound TLS and are not what DynamoDB sends.

use std::time::Duration;

use dynamo_runtime::client::Timeouts;

use crate::account;
use crate::identity::{Identity, leaf, root, trust};
use crate::row::{Expected, Kind, Row, Section};
use crate::server::raw::flipping;
use crate::server::{Answer, Then, answering, configuration};

const BODY: &[u8] = b"{}";
const JSON: (&str, &str) = ("content-type", "application/x-amz-json-1.0");
const CHUNKED: (&str, &str) = ("transfer-encoding", "chunked");

/// More than any answer to a read or a write of one item.
const OVERSIZE: usize = (8 << 20) + 1;

pub fn rows() -> Vec<Row> {
    [checksums(), bodies(), lengths(), heads(), vec![flipped()], held()]
        .into_iter()
        .flatten()
        .collect()
}

fn checksums() -> Vec<Row> {
    let crc = crc_of(BODY);
    let with = |values: &[&str]| {
        let values: Vec<_> = values.iter().map(|value| ("x-amz-crc32", *value)).collect();
        response(&values, BODY)
    };
    let list = format!("{crc}, {crc}");
    let signed = format!("+{crc}");
    vec![
        rejected(
            "a CRC that does not match",
            "its `x-amz-crc32` does not match its body",
            with(&["1"]),
        ),
        rejected("`{}` without a CRC", "it has no `x-amz-crc32`", with(&[])),
        rejected(
            "a CRC that is no number",
            "its `x-amz-crc32` is no number, or there are several",
            with(&["one"]),
        ),
        rejected(
            "an empty CRC",
            "its `x-amz-crc32` is no number, or there are several",
            with(&[""]),
        ),
        rejected(
            "a CRC with a sign",
            "its `x-amz-crc32` is no number, or there are several",
            with(&[&signed]),
        ),
        rejected(
            "a CRC beyond 32 bits",
            "its `x-amz-crc32` is no number, or there are several",
            with(&["4294967296"]),
        ),
        rejected(
            "the right CRC twice",
            "its `x-amz-crc32` is no number, or there are several",
            with(&[&crc, &crc]),
        ),
        rejected(
            "a list of CRCs",
            "its `x-amz-crc32` is no number, or there are several",
            with(&[&list]),
        ),
    ]
}

fn bodies() -> Vec<Row> {
    let mut tampered = success(br#"{"Item":{"balance":{"N":"100"}}}"#).bytes;
    let digit = tampered.len() - 6;
    tampered[digit] = b'9';
    let html = b"<html>Welcome to the airport</html>";
    let html_crc = crc_of(html);
    let html_with = |status, content_type| {
        raw(status, &[("content-type", content_type), ("x-amz-crc32", &html_crc)], html)
    };
    let crc = crc_of(BODY);
    let typed = |types: &[&str]| {
        let mut headers: Vec<_> = types.iter().map(|it| ("content-type", *it)).collect();
        headers.push(("x-amz-crc32", &crc));
        raw(200, &headers, BODY)
    };
    let gzip = response(&[("content-encoding", "gzip"), ("x-amz-crc32", &crc)], BODY);
    let other = |name, says, body: &str| rejected(name, says, success(body.as_bytes()).bytes);
    let no_object = "its body is not one JSON object";
    let no_success = "a success whose body is an error";
    let other_table = "it is about a table that was not asked for";
    vec![
        other("an array", no_object, "[]"),
        other("a text", no_object, r#""x""#),
        other("a null", no_object, "null"),
        other("two objects", no_object, "{}{}"),
        other("an object and more", no_object, "{} x"),
        other("half of an object", no_object, r#"{"Item":"#),
        other("an error with status 200", no_success, r#"{"__type":"x#ThrottlingException"}"#),
        other(
            "an error in other words",
            no_success,
            r#"{"message":"m","__type":"InternalServerError"}"#,
        ),
        other(
            "the capacity of another table",
            other_table,
            r#"{"ConsumedCapacity":{"TableName":"others","CapacityUnits":1}}"#,
        ),
        other(
            "the capacity of another table, by its ARN",
            other_table,
            r#"{"ConsumedCapacity":{"TableName":"arn:aws:dynamodb:us-east-1:1:table/others"}}"#,
        ),
        other(
            "the metrics of another table",
            other_table,
            r#"{"ItemCollectionMetrics":{"others":[]}}"#,
        ),
        rejected(
            "a body with one digit changed",
            "its `x-amz-crc32` does not match its body",
            tampered,
        ),
        rejected(
            "an empty 200",
            "a success without a body",
            response(&[("x-amz-crc32", "0")], b""),
        ),
        rejected(
            "HTML with status 200",
            "its content type is not DynamoDB's",
            html_with(200, "text/html"),
        ),
        final_one(
            "HTML with status 403",
            "its content type is not DynamoDB's",
            html_with(403, "text/html"),
        ),
        rejected(
            "another JSON",
            "its content type is not DynamoDB's",
            typed(&["application/json"]),
        ),
        rejected("no content type", "its content type is not DynamoDB's", typed(&[])),
        rejected(
            "two content types",
            "its content type is not DynamoDB's",
            typed(&[JSON.1, JSON.1]),
        ),
        rejected(
            "gzip that was not asked for",
            "it has a content encoding that was not asked for",
            gzip,
        ),
    ]
}

fn lengths() -> Vec<Row> {
    let crc = crc_of(BODY);
    let crc = ("x-amz-crc32", crc.as_str());
    let sized =
        |headers: &[(&str, &str)], body: &[u8]| head(200, &[&[JSON, crc], headers].concat(), body);
    let length = ("content-length", "2");
    let coded = |coding| ("transfer-encoding", coding);
    let chunks = chunked(BODY);
    let large = chunked(&vec![b' '; OVERSIZE]);
    let oversize = OVERSIZE.to_string();
    let cut = success(b"{\"Item\":{}}").bytes;
    let once = "its length is not stated once and plainly";
    vec![
        rejected("no length", once, sized(&[], BODY)),
        rejected("two lengths that agree", once, sized(&[length, length], BODY)),
        rejected(
            "two lengths that differ",
            "HTTP",
            sized(&[length, ("content-length", "1")], BODY),
        ),
        rejected("a list of lengths", once, sized(&[("content-length", "2, 2")], BODY)),
        rejected(
            "a length with a sign",
            "it is no HTTP that can be read",
            sized(&[("content-length", "+2")], BODY),
        ),
        rejected("a length and chunks", once, sized(&[length, CHUNKED], &chunks)),
        rejected("two codings", once, sized(&[CHUNKED, CHUNKED], &chunks)),
        rejected("another coding", once, sized(&[coded("identity")], BODY)),
        rejected("another coding after chunks", once, sized(&[coded("chunked, identity")], BODY)),
        rejected("another coding before chunks", once, sized(&[coded("gzip, chunked")], &chunks)),
        cut_off("a body cut before its length", &cut[..cut.len() - 1]),
        cut_off("a body without its last chunk", &sized(&[CHUNKED], &chunks[..chunks.len() - 5])),
        cut_off("half of the last chunk", &sized(&[CHUNKED], &chunks[..chunks.len() - 2])),
        cut_off("a chunk beyond all sizes", &sized(&[CHUNKED], b"fffffffffffffffff\r\nx")),
        final_one(
            "a length beyond the cap",
            "it is larger than 8388608 bytes",
            sized(&[("content-length", &oversize)], b""),
        ),
        final_one(
            "chunks beyond the cap",
            "it is larger than 8388608 bytes",
            sized(&[CHUNKED], &large),
        ),
        drip(),
    ]
}

fn heads() -> Vec<Row> {
    let upgrade = [("upgrade", "websocket"), ("connection", "upgrade")];
    let location = ("location", "https://evil.example/");
    let many = vec![("x-a", "b"); 1000];
    let long = "b".repeat(1 << 20);
    vec![
        final_one("101", "DynamoDB does not answer with status 101", head(101, &upgrade, b"")),
        final_one("204", "DynamoDB does not answer with status 204", head(204, &[], b"")),
        final_one(
            "a redirect",
            "DynamoDB does not answer with status 307",
            raw(307, &[location], b""),
        ),
        rejected("a thousand headers", "it is no HTTP that can be read", raw(200, &many, BODY)),
        rejected(
            "a header of a mebibyte",
            "it is no HTTP that can be read",
            raw(200, &[("x-a", &long)], BODY),
        ),
        rejected(
            "a header without a name",
            "it is no HTTP that can be read",
            raw(200, &[("", "b")], BODY),
        ),
        rejected(
            "another protocol",
            "it is no HTTP that can be read",
            b"SSH-2.0-OpenSSH_9.6\r\n".to_vec(),
        ),
    ]
}

/// Rows that need more than one answer.
fn held() -> Vec<Row> {
    let held = |name, file, test| Row::held_by(Section::Response, name, file, test);
    let calls = "dynamo-runtime/src/client/tests/calls.rs";
    let clock = "dynamo-runtime/src/client/tests/clock.rs";
    let hostile = "dynamo-runtime/src/client/tests/hostile.rs";
    let connections = "dynamo-runtime/src/client/tests/connections.rs";
    let desync = "dynamo-runtime/src/client/tests/desync.rs";
    let link = "dynamo-runtime/src/client/connection/link/tests.rs";
    vec![
        held(
            "a response after the last look at the connection",
            link,
            "what_comes_before_the_last_byte_is_handed_over_is_no_response",
        ),
        held(
            "a response too many, before a write that must not be sent twice is answered",
            desync,
            "a_response_too_many_is_not_that_to_a_write_which_must_not_be_sent_twice",
        ),
        held(
            "a response too many, with another item",
            desync,
            "an_item_of_another_key_is_refused_and_the_read_goes_to_another_connection",
        ),
        held(
            "what is left: a response in place of the real one, after the last byte of the request",
            desync,
            "a_response_too_many_that_comes_after_the_request_is_believed_and_the_real_one_is_told",
        ),
        held(
            "a page of another query",
            desync,
            "what_is_found_while_an_answer_is_read_ends_all_connections",
        ),
        held(
            "a response within the handshake",
            connections,
            "a_response_within_the_handshake_is_none",
        ),
        held(
            "a response before the whole request",
            connections,
            "a_response_before_the_whole_request_is_none",
        ),
        held(
            "a response that follows another at once",
            connections,
            "bytes_behind_a_response_are_not_the_next_one",
        ),
        held(
            "a response on an idle connection",
            connections,
            "bytes_that_nobody_asked_for_end_the_connection",
        ),
        held(
            "a server that reads no further",
            connections,
            "nothing_of_a_request_outlives_its_call",
        ),
        held(
            "two responses to one request",
            calls,
            "a_second_response_is_never_taken_for_the_next_calls",
        ),
        held(
            "a `Date` that is years off",
            clock,
            "no_response_shifts_the_time_of_the_next_signature",
        ),
        held(
            "a clock of this machine that is off",
            clock,
            "a_clock_that_is_off_is_told_with_the_offset_and_not_tried_again",
        ),
        held(
            "a storm of interim responses",
            hostile,
            "interim_responses_end_with_the_time_for_a_response",
        ),
        held(
            "a rejection without a code",
            hostile,
            "a_rejection_without_a_code_settles_nothing_and_fills_no_log",
        ),
    ]
}

/// An answer that another attempt may heal, if that does no harm.
fn rejected(name: &str, says: &str, bytes: Vec<u8>) -> Row {
    row(name, Kind::Integrity, says, true, Answer { bytes, then: Then::Closes })
}

/// An answer that no other attempt heals.
fn final_one(name: &str, says: &str, bytes: Vec<u8>) -> Row {
    row(name, Kind::Integrity, says, false, Answer { bytes, then: Then::Closes })
}

/// An answer that ends before its end.
fn cut_off(name: &str, bytes: &[u8]) -> Row {
    let answer = Answer { bytes: bytes.to_vec(), then: Then::Closes };
    row(name, Kind::Connection, "the connection broke", true, answer)
}

fn drip() -> Row {
    let answer = Answer { then: Then::Drips, ..success(&[b' '; 4096]) };
    row("a byte now and then", Kind::Timeout, "no complete response within 500ms", true, answer)
}

fn row(name: &str, kind: Kind, says: &str, is_transient: bool, answer: Answer) -> Row {
    let expected = Expected::Rejected { kind, says: says.to_owned(), is_transient };
    Row::new(Section::Response, name, expected, move |call| {
        let answer = answer.clone();
        async move {
            let root = root();
            let config = configuration(Identity::new(&leaf("localhost"), &root));
            let is_slow = answer.then == Then::Drips;
            let (port, tally) = answering(config, answer).await;
            let mut client = account::client(port, trust(&root));
            if is_slow {
                client = client.timeouts(Timeouts::default().response(Duration::from_millis(500)));
            }
            call.send(client, &tally).await
        }
    })
}

/// A bit of the answer is flipped on its way, under TLS.
fn flipped() -> Row {
    let says = "the connection broke".to_owned();
    let expected = Expected::Rejected { kind: Kind::Connection, says, is_transient: true };
    Row::new(Section::Response, "a record with one bit flipped", expected, |call| async move {
        let root = root();
        let mut config = configuration(Identity::new(&leaf("localhost"), &root));
        config.send_tls13_tickets = 0;
        let (port, tally) = answering(config, success(BODY)).await;
        let before = flipping(port, RECORD_OF_THE_ANSWER).await;
        call.send(account::client(before, trust(&root)), &tally).await
    })
}

/// After the `ServerHello`, the change of cipher, and one record with the rest of the handshake.
const RECORD_OF_THE_ANSWER: usize = 3;

/// A success as DynamoDB sends it.
pub fn success(body: &[u8]) -> Answer {
    Answer { bytes: response(&[("x-amz-crc32", &crc_of(body))], body), then: Then::Listens }
}

/// What DynamoDB may say as well.
pub fn passing_answers() -> Vec<(&'static str, Answer)> {
    let crc = crc_of(BODY);
    let crc = ("x-amz-crc32", crc.as_str());
    let charset = ("content-type", "application/x-amz-json-1.0; charset=utf-8");
    let whole = success(BODY).bytes;
    let after = |status| [head(status, &[("link", "</x>")], b""), whole.clone()].concat();
    let answers = vec![
        ("103, then 200", after(103)),
        ("100, then 102, then 200", [head(100, &[], b""), after(102)].concat()),
        ("a body in chunks", head(200, &[JSON, crc, CHUNKED], &chunked(BODY))),
        ("a content type with a charset", raw(200, &[charset, crc], BODY)),
    ];
    let answer = |(name, bytes)| (name, Answer { bytes, then: Then::Listens });
    answers.into_iter().map(answer).collect()
}

/// A response of DynamoDB's content type, with its CRC.
pub fn raw_json(status: u16, body: &[u8]) -> Vec<u8> {
    raw(status, &[JSON, ("x-amz-crc32", &crc_of(body))], body)
}

pub fn response(headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    raw(200, &[&[JSON], headers].concat(), body)
}

/// With a length.
pub fn raw(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let length = body.len().to_string();
    head(status, &[&[("content-length", length.as_str())], headers].concat(), body)
}

fn head(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status} Whatever\r\n");
    for (name, value) in headers.iter().copied() {
        text.extend([name, ": ", value, "\r\n"]);
    }
    text.push_str("\r\n");
    [text.as_bytes(), body].concat()
}

fn chunked(body: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", body.len()).as_bytes(), body, b"\r\n0\r\n\r\n"].concat()
}

fn crc_of(body: &[u8]) -> String {
    crc32fast::hash(body).to_string()
}
