//! A batch that is applied in part, as under throttling.

use bytes::Bytes;
use http::Response;
use http::request::Parts;
use http_body_util::{BodyExt, Full};

use super::engine::Engine;
use super::front::operation;
use super::response;
use crate::codec::Writer;
use crate::codec::response::{ByTable, batch_requested};

/// Applies the first keys or writes of a batch, and answers that the others are unprocessed.
pub(super) async fn apply_in_part(
    engine: &Engine,
    head: &Parts,
    body: &Bytes,
    applied: usize,
) -> Response<Full<Bytes>> {
    let Ok(requested) = batch_requested(body) else {
        return response::injected_error(400, "ValidationException");
    };
    let is_get = operation(head) == "BatchGetItem";
    let (now, later) = split(requested, applied);
    let empty = if is_get {
        r#"{"Responses":{},"UnprocessedKeys":{}}"#
    } else {
        r#"{"UnprocessedItems":{}}"#
    };
    let mut answer = Bytes::from_static(empty.as_bytes());
    if now.values().any(|elements| !elements.is_empty()) {
        let mut writer = Writer::default();
        writer.begin_object();
        writer.member("RequestItems");
        write(&mut writer, &now, is_get);
        writer.end_object();
        let applied = engine.apply(head, writer.as_bytes().to_vec().into()).await;
        if !applied.status().is_success() {
            return applied;
        }
        let Ok(body) = applied.into_body().collect().await;
        answer = body.to_bytes();
    }
    let member = if is_get { "UnprocessedKeys" } else { "UnprocessedItems" };
    let mut left = Writer::default();
    write(&mut left, &later, is_get);
    let left = format!("\"{member}\":{}", String::from_utf8_lossy(left.as_bytes()));
    let answer = String::from_utf8_lossy(&answer).replace(&format!("\"{member}\":{{}}"), &left);
    response::success(answer.into())
}

/// The first so many elements, and the others.
fn split(requested: ByTable<'_>, count: usize) -> (ByTable<'_>, ByTable<'_>) {
    let (mut first, mut others) = (ByTable::new(), ByTable::new());
    let mut left = count;
    for (table, mut elements) in requested {
        let later = elements.split_off(left.min(elements.len()));
        left -= elements.len();
        for (part, elements) in [(&mut first, elements), (&mut others, later)] {
            if !elements.is_empty() {
                part.insert(table.clone(), elements);
            }
        }
    }
    (first, others)
}

fn write(writer: &mut Writer, tables: &ByTable<'_>, is_get: bool) {
    writer.begin_object();
    for (table, elements) in tables {
        writer.member(table);
        if is_get {
            writer.begin_object();
            writer.member("Keys");
        }
        writer.begin_array();
        for element in elements {
            writer.separate();
            writer.raw(element);
        }
        writer.end_array();
        if is_get {
            writer.member("ConsistentRead");
            writer.json_bool(true);
            writer.end_object();
        }
    }
    writer.end_object();
}
