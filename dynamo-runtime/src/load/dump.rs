//! A dump: a page of the table after another, each kept as done once it is in the file.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write as _};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use serde_json::{Value, json};
use tokio::time::{Duration, Instant, sleep_until};

use super::LoadError;
use super::attributes::PlainAttributes;
use super::entities::{check_allowed, entity_of};
use super::format::{FileCompression, ItemFormat};
use super::place::ProgressFile;
use super::rows::written;
use crate::client::{Api, Call, Replay, SecureClient};
use crate::codec::DecodeError;
use crate::codec::response::{Asked, raw_elements, raw_member};
use crate::entity::{Allowed, Description, Descriptions, Entities};
use crate::error::ErrorKind;
use crate::subject::Subject;

/// Writes the items of a table to a file, a line for each in an [`ItemFormat`]: made by
/// [`Dump::of`].
///
/// It scans the table, so each entity has to allow it: `#[dynamo(allow(scan))]`. An item of none of
/// the entities is counted, and written too: what is in the table is in the file.
///
/// It can be ended anywhere, and goes on from there: nothing is in the file twice, and nothing is
/// left out. What changes while it reads is in the file as it was before or after.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::load::{Dump, ItemFormat};
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
/// let (sender, told) = std::sync::mpsc::channel();
/// let dump = Dump::of::<User>(&file)
///     .items_per_second(500_u32.try_into()?)
///     .progress(move |so_far| drop(sender.send(so_far.items)));
/// let dumped = dump.send(&client).await?;
/// assert_eq!((dumped.items, dumped.foreign), (1, 0));
/// assert_eq!(told.iter().last(), Some(1)); // items were read at the end
/// assert_eq!(std::fs::read_to_string(&file)?, "{\"Item\":{\"user_id\":{\"S\":\"ann\"}}}\n");
///
/// let plain = folder.join("plain.jsonl");
/// Dump::of::<User>(&plain).format(ItemFormat::PlainJson).send(&client).await?;
/// assert_eq!(std::fs::read_to_string(&plain)?, "{\"user_id\":\"ann\"}\n");
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok(()) }
/// ```
#[must_use = "nothing is read before `.send(&client)`"]
pub struct Dump {
    file: PathBuf,
    format: ItemFormat,
    entities: Vec<Description>,
    rate: Option<NonZeroU32>,
    told: Option<DumpTold>,
}

/// Who is told how far it has come.
type DumpTold = Box<dyn FnMut(&Dumped) + Send>;

/// What a dump has read, earlier runs of it included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dumped {
    /// The items.
    pub items: u64,
    /// Those of them that are of none of the entities.
    pub foreign: u64,
    /// The bytes of the file, compressed if it is.
    pub bytes: u64,
}

impl Dump {
    /// A dump of the table of these entities into a file.
    pub fn of<E: Entities>(file: impl AsRef<Path>) -> Self {
        let file = file.as_ref().to_owned();
        let format = ItemFormat::of_file(&file);
        Self { file, format, entities: Descriptions::of::<E>(), rate: None, told: None }
    }

    /// Writes the items in this form, whatever the file's name ends in.
    pub fn format(mut self, format: ItemFormat) -> Self {
        self.format = format;
        self
    }

    /// Reads no more than so many items a second.
    pub fn items_per_second(mut self, items: NonZeroU32) -> Self {
        self.rate = Some(items);
        self
    }

    /// Tells how far it has come, after each page.
    pub fn progress(mut self, told: impl FnMut(&Dumped) + Send + 'static) -> Self {
        self.told = Some(Box::new(told));
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

    async fn run(mut self, client: &SecureClient, table: &str) -> Result<Dumped, LoadError> {
        let place = ProgressFile::beside(&self.file);
        let (mut dumped, mut after) = resume(&place, table, self.format)?;
        let mut file = open(&self.file, dumped.bytes)?;
        let path = self.file.clone();
        let failed = LoadError::file(&path);
        let attributes = PlainAttributes::of(&self.entities);
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
            let text = self.lines(&body, &attributes, &mut dumped)?;
            let text = compressed(&self.file, text).map_err(&failed)?;
            file.write_all(&text).and_then(|()| file.sync_data()).map_err(&failed)?;
            dumped.bytes += text.len() as u64;
            if let Some(told) = &mut self.told {
                told(&dumped);
            }
            let Some(key) = last_evaluated_key(&body)? else { break };
            let Dumped { items, foreign, bytes } = dumped;
            place.keep(&json!({
                "table": table, "format": self.format.name(), "after": key,
                "items": items, "foreign": foreign, "bytes": bytes,
            }))?;
            after = Some(key);
        }
        place.remove()?;
        Ok(dumped)
    }

    /// The items of a page, a line for each.
    fn lines(
        &self,
        body: &[u8],
        attributes: &PlainAttributes,
        dumped: &mut Dumped,
    ) -> Result<Vec<u8>, LoadError> {
        let decoded = |error| LoadError::Call(SUBJECT.error(ErrorKind::Decode(error)));
        let items = raw_member(body, "Items").map_err(decoded)?.unwrap_or(b"[]");
        let mut text = Vec::with_capacity(items.len() + 1024);
        if self.format == ItemFormat::Csv && dumped.bytes == 0 {
            text.extend(written(attributes.header()));
        }
        for item in raw_elements(items).map_err(decoded)? {
            dumped.items += 1;
            if entity_of(&self.entities, item).is_err() {
                dumped.foreign += 1;
            }
            let failed = |reason| LoadError::Line { number: dumped.items, reason };
            match self.format {
                ItemFormat::DynamoDbJson => {
                    text.extend_from_slice(b"{\"Item\":");
                    // Between tokens JSON may have ends of lines; within one it has none.
                    text.extend(item.iter().filter(|byte| !matches!(byte, b'\n' | b'\r')));
                    text.extend_from_slice(b"}\n");
                }
                ItemFormat::PlainJson => {
                    text.extend(attributes.line(item).map_err(failed)?.as_bytes());
                    text.push(b'\n');
                }
                ItemFormat::Csv => text.extend(written(attributes.cells(item).map_err(failed)?)),
            }
        }
        Ok(text)
    }
}

impl fmt::Debug for Dump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dump").field("file", &self.file).finish_non_exhaustive()
    }
}

/// One more member of a gzip file, or frame of a zstd file: one after another they are such a file.
fn compressed(path: &Path, text: Vec<u8>) -> std::io::Result<Vec<u8>> {
    Ok(match FileCompression::of_file(path) {
        FileCompression::None => text,
        FileCompression::Gzip => {
            let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
            gzip.write_all(&text)?;
            gzip.finish()?
        }
        FileCompression::Zstd => compress_to_vec(text.as_slice(), CompressionLevel::Fastest),
    })
}

const SUBJECT: Subject = Subject { entity: "Table", operation: "dump" };

/// Where the next page begins. What cannot be read is not the end of the table.
fn last_evaluated_key(body: &[u8]) -> Result<Option<Value>, LoadError> {
    let decoded = |error| LoadError::Call(SUBJECT.error(ErrorKind::Decode(error)));
    let Some(key) = raw_member(body, "LastEvaluatedKey").map_err(decoded)? else {
        return Ok(None);
    };
    let key = serde_json::from_slice(key).ok().filter(Value::is_object);
    let no_key = || decoded(DecodeError::refused(0, "`LastEvaluatedKey` is no key"));
    key.map(Some).ok_or_else(no_key)
}

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

fn resume(
    place: &ProgressFile,
    table: &str,
    format: ItemFormat,
) -> Result<(Dumped, Option<Value>), LoadError> {
    let Some(mut kept) = place.read()? else { return Ok((Dumped::default(), None)) };
    if kept.get("table").and_then(Value::as_str) != Some(table) {
        return Err(place.refuse("it is of another table"));
    }
    place.check_format(&kept, format)?;
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
