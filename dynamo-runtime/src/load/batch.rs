//! One request for up to 25 writes, and again for what the service leaves.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::LoadError;
use super::line::LineWrite;
use crate::client::{Api, Call, Replay, SecureClient};
use crate::codec::response::Asked;
use crate::subject::Subject;

const SUBJECT: Subject = Subject { entity: "BatchWrite", operation: "load" };

/// The most writes of a request.
///
/// Source for this and the next: [BatchWriteItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html).
const MOST_WRITES: usize = 25;
/// The largest request, in bytes, less some room for what is around the writes.
const MOST_BYTES: usize = (16 << 20) - (64 << 10);

/// The pauses before what is left is sent again, at first and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// As many of the writes as go into one request: at least one, if there is one.
pub(super) fn take<'w>(writes: &mut &'w [LineWrite]) -> &'w [LineWrite] {
    let (mut count, mut size) = (0, 0);
    for write in writes.iter().take(MOST_WRITES) {
        size += write.json.len() + 64;
        if count > 0 && size > MOST_BYTES {
            break;
        }
        count += 1;
    }
    let (batch, rest) = writes.split_at_checked(count).unwrap_or((*writes, &[]));
    *writes = rest;
    batch
}

pub(super) async fn send(client: &SecureClient, batch: &[LineWrite]) -> Result<(), LoadError> {
    let mut tables: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for write in batch {
        let table = client.physical_table(write.table);
        tables.entry(table).or_default().push(request(write));
    }
    let table = tables.keys().next().copied().unwrap_or_default().to_owned();
    let each = tables
        .iter()
        .map(|(table, writes)| format!("{}:[{}]", Value::from(*table), writes.join(",")));
    let mut items = format!("{{{}}}", each.collect::<Vec<_>>().join(","));
    let end = Instant::now() + client.default_deadline();
    let mut pause = FIRST_PAUSE;
    loop {
        let call = Call {
            subject: SUBJECT,
            table: &table,
            api: Api::BatchWriteItem,
            body: format!("{{\"RequestItems\":{items}}}").into(),
            asked: Asked::default(),
            // The same items over whatever is there, in the end.
            replay: Replay::Harmless,
            deadline: None,
        };
        let response = client.call(call).await;
        let response = response.map_err(|error| LoadError::Call(SUBJECT.call_error(error)))?;
        let left = left(&response.body);
        let Some(left) = left.filter(|left| count(left) > 0) else { return Ok(()) };
        if Instant::now() + pause > end {
            return Err(LoadError::Unprocessed(count(&left)));
        }
        sleep(pause.mul_f64(fastrand::f64())).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
        items = left.to_string();
    }
}

fn request(write: &LineWrite) -> String {
    let json = String::from_utf8_lossy(&write.json);
    if write.is_put {
        format!("{{\"PutRequest\":{{\"Item\":{json}}}}}")
    } else {
        format!("{{\"DeleteRequest\":{{\"Key\":{json}}}}}")
    }
}

fn left(body: &[u8]) -> Option<Value> {
    let mut body: Value = serde_json::from_slice(body).ok()?;
    body.get_mut("UnprocessedItems").map(Value::take)
}

fn count(left: &Value) -> usize {
    let tables = left.as_object().into_iter().flat_map(|tables| tables.values());
    tables.filter_map(Value::as_array).map(Vec::len).sum()
}
