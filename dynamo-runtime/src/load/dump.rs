//! A dump: a page of the table after another, each kept as done once it is in the file.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write as _};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tokio::time::{Duration, Instant, sleep_until};

use super::LoadError;
use super::entities::{check_allowed, entity_of};
use super::place::ProgressFile;
use crate::client::{Api, Call, Replay, SecureClient};
use crate::codec::response::{Asked, raw_elements, raw_member};
use crate::entity::{Allowed, Description, Descriptions, Entities};
use crate::error::ErrorKind;
use crate::subject::Subject;

/// Writes the items of a table to a file, a line for each, as DynamoDB's exports to S3 have them:
/// made by [`Dump::of`].
///
/// It scans the table, so each entity has to allow it: `#[dynamo(allow(scan))]`. An item of none of
/// the entities is counted, and written too: what is in the table is in the file.
///
/// It can be ended anywhere, and goes on from there: nothing is in the file twice, and nothing is
/// left out. What changes while it reads is in the file as it was before or after.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::load::Dump;
/// # #[derive(Entity, Clone, Debug, PartialEq)]
/// # #[dynamo(table = "users", allow(scan, load))]
/// # struct User { #[dynamo(partition_key)] user_id: String }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = std::env::temp_dir().join(format!("dynamo-dump-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let file = folder.join("users.jsonl");
/// let client = SecureClient::local().table::<User>().build().await?;
/// User::create(User { user_id: "ann".into() }).send(&client).await?;
///
/// let dump = Dump::of::<User>(&file).items_per_second(500_u32.try_into()?);
/// let dumped = dump.send(&client).await?;
/// assert_eq!((dumped.items, dumped.foreign), (1, 0));
/// assert_eq!(std::fs::read_to_string(&file)?, "{\"Item\":{\"user_id\":{\"S\":\"ann\"}}}\n");
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok(()) }
/// ```
#[must_use = "nothing is read before `.send(&client)`"]
#[derive(Debug)]
pub struct Dump {
    file: PathBuf,
    entities: Vec<Description>,
    rate: Option<NonZeroU32>,
}

/// What a dump has read, earlier runs of it included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dumped {
    /// The items.
    pub items: u64,
    /// Those of them that are of none of the entities.
    pub foreign: u64,
    /// The bytes of the file.
    pub bytes: u64,
}

impl Dump {
    /// A dump of the table of these entities into a file.
    pub fn of<E: Entities>(file: impl AsRef<Path>) -> Self {
        let file = file.as_ref().to_owned();
        Self { file, entities: Descriptions::of::<E>(), rate: None }
    }

    /// Reads no more than so many items a second.
    pub fn items_per_second(mut self, items: NonZeroU32) -> Self {
        self.rate = Some(items);
        self
    }

    /// Reads what is left of the table.
    ///
    /// # Errors
    /// An entity does not allow it, the entities are of several tables, the file cannot be written,
    /// or a call failed. The same dump goes on from there.
    pub async fn send(self, client: &SecureClient) -> Result<Dumped, LoadError> {
        check_allowed(&self.entities, Allowed::Scan, "scan")?;
        let mut tables: Vec<_> =
            self.entities.iter().map(|entity| entity.entity.schema.table).collect();
        tables.dedup();
        let [table] = tables[..] else { return Err(LoadError::SeveralTables) };
        for entity in &self.entities {
            client.audit_danger(entity.entity.schema.entity, "dump", table);
        }
        self.run(client, client.physical_table(table)).await
    }

    async fn run(self, client: &SecureClient, table: &str) -> Result<Dumped, LoadError> {
        let place = ProgressFile::beside(&self.file);
        let (mut dumped, mut after) = resume(&place, table)?;
        let mut file = open(&self.file, dumped.bytes)?;
        let failed = LoadError::file(&self.file);
        let mut next = Instant::now();
        loop {
            sleep_until(next).await;
            let mut request = json!({ "TableName": table });
            if let (Some(limit), Some(members)) = (self.rate, request.as_object_mut()) {
                members.insert("Limit".into(), json!(limit));
                next = Instant::now() + Duration::from_secs(1);
            }
            if let (Some(key), Some(members)) = (after.take(), request.as_object_mut()) {
                members.insert("ExclusiveStartKey".into(), key);
            }
            let body = page(client, table, &request).await?;
            let text = self.lines(&body, &mut dumped)?;
            file.write_all(&text).and_then(|()| file.sync_data()).map_err(&failed)?;
            dumped.bytes += text.len() as u64;
            let key = raw_member(&body, "LastEvaluatedKey").ok().flatten();
            let Some(key) = key.and_then(|key| serde_json::from_slice::<Value>(key).ok()) else {
                break;
            };
            let Dumped { items, foreign, bytes } = dumped;
            place.keep(&json!({
                "table": table, "after": key, "items": items, "foreign": foreign, "bytes": bytes,
            }))?;
            after = Some(key);
        }
        place.remove()?;
        Ok(dumped)
    }

    /// The items of a page, a line for each.
    fn lines(&self, body: &[u8], dumped: &mut Dumped) -> Result<Vec<u8>, LoadError> {
        let decoded = |error| LoadError::Call(SUBJECT.error(ErrorKind::Decode(error)));
        let items = raw_member(body, "Items").map_err(decoded)?.unwrap_or(b"[]");
        let mut text = Vec::with_capacity(items.len() + 1024);
        for item in raw_elements(items).map_err(decoded)? {
            dumped.items += 1;
            if entity_of(&self.entities, item).is_err() {
                dumped.foreign += 1;
            }
            text.extend_from_slice(b"{\"Item\":");
            // Between tokens JSON may have ends of lines; within one it has none.
            text.extend(item.iter().filter(|byte| !matches!(byte, b'\n' | b'\r')));
            text.extend_from_slice(b"}\n");
        }
        Ok(text)
    }
}

const SUBJECT: Subject = Subject { entity: "Table", operation: "dump" };

async fn page(
    client: &SecureClient,
    table: &str,
    request: &Value,
) -> Result<bytes::Bytes, LoadError> {
    let call = Call {
        subject: SUBJECT,
        table,
        api: Api::Scan,
        body: request.to_string().into(),
        asked: Asked::MANY,
        replay: Replay::Harmless,
        deadline: None,
    };
    let response = client.call(call).await;
    response
        .map(|response| response.body)
        .map_err(|error| LoadError::Call(SUBJECT.call_error(error)))
}

fn resume(place: &ProgressFile, table: &str) -> Result<(Dumped, Option<Value>), LoadError> {
    let Some(mut kept) = place.read()? else { return Ok((Dumped::default(), None)) };
    if kept.get("table").and_then(Value::as_str) != Some(table) {
        return Err(place.refuse("it is of another table"));
    }
    let number = |name: &str| {
        let number = kept.get(name).and_then(Value::as_u64);
        number.ok_or_else(|| place.refuse(&format!("it has no number `{name}`")))
    };
    let dumped =
        Dumped { items: number("items")?, foreign: number("foreign")?, bytes: number("bytes")? };
    let after = kept.get_mut("after").map(Value::take).filter(Value::is_object);
    Ok((dumped, Some(after.ok_or_else(|| place.refuse("it has no key `after`"))?)))
}

/// Without what was written after the last mark of progress, which is written again.
fn open(path: &Path, bytes: u64) -> Result<File, LoadError> {
    let failed = LoadError::file(path);
    let options = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    let mut file = options.map_err(&failed)?;
    file.set_len(bytes).map_err(&failed)?;
    file.seek(SeekFrom::Start(bytes)).map_err(&failed)?;
    Ok(file)
}
