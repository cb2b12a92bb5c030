//! Turns on the expiry of a table's items.

use super::request::{CreateTableError, call, text};
use crate::client::{Api, SecureClient};
use crate::codec::response::time_to_live_attribute;
use crate::codec::{EncodeError, Writer};

/// Has the items of the table, which is active, expire by the attribute.
///
/// To turn it on where it is on is an error of the service, so it is asked first.
///
/// An engine that knows no time to live keeps what has expired, which reads leave out all the same.
pub(super) async fn turn_on(
    client: &SecureClient,
    table: &str,
    attribute: &'static str,
) -> Result<(), CreateTableError> {
    match turn_on_or_fail(client, table, attribute).await {
        Err(error) if error.has_code("UnknownOperationException") => Ok(()),
        result => result,
    }
}

async fn turn_on_or_fail(
    client: &SecureClient,
    table: &str,
    attribute: &'static str,
) -> Result<(), CreateTableError> {
    if is_on(client, table, attribute).await? {
        return Ok(());
    }
    match call(client, table, Api::UpdateTimeToLive, update(table, attribute)?).await {
        // Another may have turned it on meanwhile.
        Err(error) if error.has_code("ValidationException") => {
            if is_on(client, table, attribute).await? { Ok(()) } else { Err(error) }
        }
        result => result.map(|_| ()),
    }
}

/// Whether the table's items expire by the attribute.
async fn is_on(
    client: &SecureClient,
    table: &str,
    attribute: &'static str,
) -> Result<bool, CreateTableError> {
    let mut writer = Writer::with_capacity(256);
    writer.begin_object();
    text(&mut writer, "TableName", table);
    writer.end_object();
    let description = call(client, table, Api::DescribeTimeToLive, writer.finish()?).await?;
    match time_to_live_attribute(&description)? {
        None => Ok(false),
        Some(found) if found == attribute => Ok(true),
        Some(found) => {
            Err(CreateTableError::OtherExpiry { expected: attribute, found: found.into_owned() })
        }
    }
}

fn update(table: &str, attribute: &str) -> Result<Vec<u8>, EncodeError> {
    let mut writer = Writer::with_capacity(256);
    writer.begin_object();
    text(&mut writer, "TableName", table);
    writer.member("TimeToLiveSpecification");
    writer.begin_object();
    text(&mut writer, "AttributeName", attribute);
    writer.member("Enabled");
    writer.json_bool(true);
    writer.end_object();
    writer.end_object();
    writer.finish()
}
