//! E. Answers that come over sound TLS and are not what DynamoDB sends.

use crate::account;
use crate::identity::{Identity, leaf, root, trust};
use crate::row::{Expected, Kind, Row, Section, Seen};
use crate::server::{answering, configuration};

pub fn rows() -> Vec<Row> {
    vec![answer(
        "a wrong CRC",
        Kind::Integrity,
        "does not match",
        response(&[("x-amz-crc32", "1")], b"{}"),
    )]
}

fn answer(name: &str, kind: Kind, says: &str, answer: Vec<u8>) -> Row {
    let expected = Expected::Rejected { kind, says: says.to_owned(), is_transient: true };
    Row::new(Section::Response, name, expected, move |call| {
        let answer = answer.clone();
        async move {
            let root = root();
            let config = configuration(Identity::new(&leaf("localhost"), &root));
            let (port, tally) = answering(config, answer).await;
            let outcome = call.send(account::client(port, trust(&root))).await;
            Seen::new(outcome, &tally)
        }
    })
}

/// A success as DynamoDB sends it.
pub fn success(body: &[u8]) -> Vec<u8> {
    response(&[("x-amz-crc32", &crc32fast::hash(body).to_string())], body)
}

fn response(headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let length = body.len().to_string();
    let mut text = "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\n".to_owned();
    for (name, value) in [&[("content-length", length.as_str())], headers].concat() {
        text.extend([name, ": ", value, "\r\n"]);
    }
    text.push_str("\r\n");
    [text.as_bytes(), body].concat()
}
