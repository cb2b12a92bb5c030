//! A document with a lifetime borrows from what is read.

use std::borrow::Cow;

use dynamo_runtime::codec::{decode_item, encode_item};
use dynamo_runtime::prelude::*;

#[derive(Document, Debug, PartialEq)]
struct Line<'a> {
    product: Cow<'a, str>,
    note: Option<Note<'a>>,
}

#[derive(Document, Debug, PartialEq)]
struct Note<'text>(Cow<'text, str>);

#[derive(Document, Debug, PartialEq)]
struct Both<'a, 'b, T> {
    first: Cow<'a, str>,
    second: Cow<'b, str>,
    third: T,
}

#[test]
fn text_without_escapes_is_borrowed() {
    let stored = br#"{"product":{"S":"tea"},"note":{"S":"a \"note\""}}"#.to_vec();
    let line: Line<'_> = decode_item(&stored).unwrap();
    assert!(matches!(line.product, Cow::Borrowed("tea")));
    assert!(matches!(&line.note, Some(Note(Cow::Owned(note))) if note == "a \"note\""));
    assert_eq!(encode_item(&line).unwrap(), stored);
}

#[test]
fn several_lifetimes_and_a_type() {
    let stored = br#"{"first":{"S":"a"},"second":{"S":"b"},"third":{"S":"c"}}"#.to_vec();
    let both: Both<'_, '_, Cow<'_, str>> = decode_item(&stored).unwrap();
    assert!(matches!(
        both,
        Both { first: Cow::Borrowed("a"), second: Cow::Borrowed("b"), third: Cow::Borrowed("c") }
    ));
}
