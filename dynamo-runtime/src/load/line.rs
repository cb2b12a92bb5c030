//! A line of a file: an item, or a change of one.

use std::borrow::Cow;

use super::attributes::PlainAttributes;
use super::entities::{entity_of, identity};
use super::rows::Row;
use crate::codec::response::raw_member;
use crate::entity::Description;

/// A line as it was read.
pub(super) enum SourceLine {
    DynamoDb(Vec<u8>),
    Plain(Vec<u8>),
    Row(Row),
}

impl SourceLine {
    /// In bytes, without its end.
    pub(super) fn length(&self) -> usize {
        match self {
            Self::DynamoDb(text) | Self::Plain(text) => text.len(),
            Self::Row(row) => row.length(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::DynamoDb(text) | Self::Plain(text) => text.trim_ascii().is_empty(),
            Self::Row(_) => false,
        }
    }

    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::DynamoDb(text) | Self::Plain(text) => String::from_utf8_lossy(text),
            Self::Row(row) => row.text().into(),
        }
    }

    pub(super) fn parse(
        &self,
        attributes: &PlainAttributes,
        entities: &[Description],
    ) -> Result<LineWrite, String> {
        match self {
            Self::DynamoDb(text) => parse(text, entities),
            Self::Plain(text) => put(&attributes.item(text)?, entities),
            Self::Row(row) => put(&row.item(attributes)?, entities),
        }
    }
}

/// What a line has written.
#[derive(Clone, Debug)]
pub(super) struct LineWrite {
    /// The logical name of its table.
    pub(super) table: &'static str,
    /// The key in one spelling.
    pub(super) key: Vec<u8>,
    /// The item to put, or the key to delete.
    pub(super) json: Vec<u8>,
    pub(super) is_put: bool,
}

/// Reads a line, as DynamoDB's exports to S3 have it: `{"Item":..}` of a full one; of an incremental
/// one `{"Metadata":..,"Keys":..,"NewImage":..}`, without the image where the item was deleted.
///
/// Source: [Export formats](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html).
fn parse(line: &[u8], entities: &[Description]) -> Result<LineWrite, String> {
    let member = |name| raw_member(line, name).map_err(|error| error.to_string());
    if let Some(item) = member("Item")? {
        return put(item, entities);
    }
    if let Some(image) = member("NewImage")? {
        return put(image, entities);
    }
    match member("Keys")? {
        Some(key) => delete(key, entities),
        None => Err("it has neither `Item` nor `NewImage` nor `Keys`".to_owned()),
    }
}

fn put(item: &[u8], entities: &[Description]) -> Result<LineWrite, String> {
    let entity = entity_of(entities, item)?;
    let (table, key) = identity(entity, item)?;
    Ok(LineWrite { table, key, json: item.to_vec(), is_put: true })
}

/// Of which entity a key is, it does not say; all of a table have the same key attributes.
fn delete(json: &[u8], entities: &[Description]) -> Result<LineWrite, String> {
    let mut tables: Vec<_> = entities.iter().map(|entity| entity.entity.schema.table).collect();
    tables.dedup();
    let (Some(entity), [_]) = (entities.first(), &tables[..]) else {
        return Err("it is a deletion, and the entities are of several tables".to_owned());
    };
    let (table, key) = identity(entity, json)?;
    Ok(LineWrite { table, key, json: json.to_vec(), is_put: false })
}
