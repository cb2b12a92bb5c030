//! Makes the tables that entities describe.

use std::collections::BTreeSet;
use std::time::Duration;

use bytes::Bytes;

use super::compare::{Mismatch, compare, described};
use super::{Described, IndexSchema, IndexScope, KeyAttribute, Schema, conflict, time_to_live};
use crate::client::{Api, Call, CallError, CallErrorKind, Replay, SecureClient};
use crate::codec::response::{Asked, TableDescription, table_description, table_is_active};
use crate::codec::{DecodeError, EncodeError, Writer};
use crate::projection::Selected;

/// Makes the table of the entities, which share its logical name, unless it is there; then it must be the same.
pub(crate) async fn create_table(
    client: &SecureClient,
    entities: &[Described],
    has_stream: bool,
) -> Result<(), CreateTableError> {
    let schemas: Vec<_> = entities.iter().map(|entity| entity.schema).collect();
    let Some(first) = schemas.first() else { return Ok(()) };
    let table = client.physical_table(first.table);
    if let Some(reason) = conflict(entities, |_| table) {
        return Err(CreateTableError::Conflict(reason));
    }
    compare_all(table, &described(first, &distinct_indexes(&schemas)), &schemas)?;
    let body = body(table, first, &schemas, has_stream)?;
    match call(client, table, Api::CreateTable, body).await {
        Err(error) if error.has_code("ResourceInUseException") => {
            let description = table_description(&describe(client, table).await?)?;
            compare_all(table, &description, &schemas)
        }
        result => result.map(|_| ()),
    }
}

/// Waits until the table and its indexes can be used, and has its items expire: before that the
/// service refuses to turn it on.
pub(crate) async fn finish_table(
    client: &SecureClient,
    entities: &[Described],
    poll: Duration,
    polls: usize,
) -> Result<(), CreateTableError> {
    let Some(Described { schema: first, .. }) = entities.first() else { return Ok(()) };
    let table = client.physical_table(first.table);
    await_table(client, table, poll, polls).await?;
    match entities.iter().find_map(|entity| entity.schema.ttl) {
        Some(attribute) => time_to_live::turn_on(client, table, attribute).await,
        None => Ok(()),
    }
}

async fn await_table(
    client: &SecureClient,
    table: &str,
    poll: Duration,
    polls: usize,
) -> Result<(), CreateTableError> {
    for _ in 0..polls {
        if table_is_active(&describe(client, table).await?)? {
            return Ok(());
        }
        tokio::time::sleep(poll).await;
    }
    Err(CreateTableError::NotActive)
}

async fn describe(client: &SecureClient, table: &str) -> Result<Bytes, CreateTableError> {
    let mut writer = Writer::with_capacity(256);
    writer.begin_object();
    text(&mut writer, "TableName", table);
    writer.end_object();
    call(client, table, Api::DescribeTable, writer.finish()?).await
}

/// Entities that share a table have its key, and agree on its indexes.
fn compare_all(
    table: &str,
    description: &TableDescription,
    schemas: &[Schema],
) -> Result<(), CreateTableError> {
    let mismatch = schemas.iter().find_map(|schema| compare(description, schema).err());
    match mismatch {
        Some(mismatch) => Err(CreateTableError::Another { table: table.to_owned(), mismatch }),
        None => Ok(()),
    }
}

pub(super) async fn call(
    client: &SecureClient,
    table: &str,
    api: Api,
    body: Vec<u8>,
) -> Result<Bytes, CreateTableError> {
    let call = Call {
        api,
        body: body.into(),
        asked: Asked::default(),
        replay: Replay::Harmless,
        deadline: None,
        read_capacity: None,
    };
    client
        .call(table, call)
        .await
        .map(|answer| answer.body)
        .map_err(|error| CreateTableError::Call(Box::new(error)))
}

/// Why a table could not be made.
#[derive(Debug)]
pub(crate) enum CreateTableError {
    Encode(EncodeError),
    Call(Box<CallError>),
    Decode(DecodeError),
    NotActive,
    /// Entities that cannot share it.
    Conflict(String),
    /// There is another table of that name.
    Another {
        table: String,
        mismatch: Mismatch,
    },
    /// Its items expire by another attribute.
    OtherExpiry {
        expected: &'static str,
        found: String,
    },
}

impl CreateTableError {
    /// Whether the service answered with an error of this code.
    pub(super) fn has_code(&self, expected: &str) -> bool {
        matches!(self, Self::Call(error)
            if matches!(&error.kind, CallErrorKind::Service { code, .. } if code == expected))
    }
}

impl From<EncodeError> for CreateTableError {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}

impl From<DecodeError> for CreateTableError {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

impl std::fmt::Display for CreateTableError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Encode(error) => error.fmt(f),
            Self::Call(error) => error.kind.fmt(f),
            Self::Decode(error) => write!(f, "its description cannot be read: {error}"),
            Self::Conflict(reason) => f.write_str(reason),
            Self::Another { table, mismatch } => {
                write!(f, "the table `{table}` is another one: {mismatch}")
            }
            Self::NotActive => f.write_str("it did not become active in time"),
            Self::OtherExpiry { expected, found } => write!(
                f,
                "its items expire by `{found}`, and those of the entity by `{expected}`: a table has one attribute for it"
            ),
        }
    }
}

fn body(
    table: &str,
    first: &Schema,
    schemas: &[Schema],
    has_stream: bool,
) -> Result<Vec<u8>, EncodeError> {
    let indexes = distinct_indexes(schemas);
    let mut writer = Writer::with_capacity(1024);
    writer.begin_object();
    text(&mut writer, "TableName", table);
    text(&mut writer, "BillingMode", "PAY_PER_REQUEST");
    writer.member("AttributeDefinitions");
    array(&mut writer, &distinct_attributes(first, &indexes), |writer, attribute| {
        writer.begin_object();
        text(writer, "AttributeName", attribute.name);
        text(writer, "AttributeType", attribute.code);
        writer.end_object();
    });
    key_schema(&mut writer, &[first.partition_key], first.sort_key.as_slice());
    for (member, scope) in [
        ("GlobalSecondaryIndexes", IndexScope::Global),
        ("LocalSecondaryIndexes", IndexScope::Local),
    ] {
        let indexes: Vec<_> = indexes.iter().filter(|index| index.scope == scope).collect();
        if indexes.is_empty() {
            continue;
        }
        writer.member(member);
        array(&mut writer, &indexes, |writer, index| {
            writer.begin_object();
            text(writer, "IndexName", index.name);
            key_schema(writer, index.partition_keys, index.sort_keys);
            projection(writer, index, first, schemas);
            writer.end_object();
        });
    }
    if has_stream {
        writer.member("StreamSpecification");
        writer.begin_object();
        writer.member("StreamEnabled");
        writer.json_bool(true);
        text(&mut writer, "StreamViewType", "NEW_AND_OLD_IMAGES");
        writer.end_object();
    }
    writer.end_object();
    writer.finish()
}

/// What the index has: what every entity that uses it says that it has.
fn projection(writer: &mut Writer, index: &IndexSchema, table: &Schema, schemas: &[Schema]) {
    let of_each = || schemas.iter().filter_map(|schema| schema.index(Some(index.name)));
    let has_all = of_each().any(|index| index.projected.is_none());
    let keys: Vec<_> = std::iter::once(table.partition_key)
        .chain(table.sort_key)
        .chain(index.keys())
        .map(|key| key.name)
        .collect();
    let projected = of_each().flat_map(|index| index.projected.unwrap_or_default());
    let others = projected.flat_map(Selected::names);
    let others: BTreeSet<_> = others.filter(|name| !keys.contains(name)).collect();
    writer.member("Projection");
    writer.begin_object();
    let kind = match (has_all, others.is_empty()) {
        (true, _) => "ALL",
        (false, true) => "KEYS_ONLY",
        (false, false) => "INCLUDE",
    };
    text(writer, "ProjectionType", kind);
    if kind == "INCLUDE" {
        let others: Vec<_> = others.into_iter().collect();
        writer.member("NonKeyAttributes");
        array(writer, &others, |writer, name| writer.json_string(name));
    }
    writer.end_object();
}

fn distinct_indexes(schemas: &[Schema]) -> Vec<IndexSchema> {
    let mut indexes: Vec<IndexSchema> = Vec::new();
    for index in schemas.iter().flat_map(|schema| schema.indexes) {
        if indexes.iter().all(|known| known.name != index.name) {
            indexes.push(*index);
        }
    }
    indexes
}

fn distinct_attributes(table: &Schema, indexes: &[IndexSchema]) -> Vec<KeyAttribute> {
    let of_indexes = indexes.iter().flat_map(IndexSchema::keys);
    let all = std::iter::once(table.partition_key).chain(table.sort_key).chain(of_indexes);
    let mut attributes: Vec<KeyAttribute> = Vec::new();
    for attribute in all {
        if attributes.iter().all(|known| known.name != attribute.name) {
            attributes.push(attribute);
        }
    }
    attributes
}

fn key_schema(writer: &mut Writer, partition_keys: &[KeyAttribute], sort_keys: &[KeyAttribute]) {
    let partition_keys = partition_keys.iter().map(|key| (*key, "HASH"));
    let sort_keys = sort_keys.iter().map(|key| (*key, "RANGE"));
    let keys: Vec<_> = partition_keys.chain(sort_keys).collect();
    writer.member("KeySchema");
    array(writer, &keys, |writer, (key, role)| {
        writer.begin_object();
        text(writer, "AttributeName", key.name);
        text(writer, "KeyType", role);
        writer.end_object();
    });
}

pub(super) fn text(writer: &mut Writer, member: &'static str, value: &str) {
    writer.member(member);
    writer.json_string(value);
}

fn array<T>(writer: &mut Writer, elements: &[T], mut write: impl FnMut(&mut Writer, &T)) {
    writer.begin_array();
    for element in elements {
        writer.separate();
        write(writer, element);
    }
    writer.end_array();
}
