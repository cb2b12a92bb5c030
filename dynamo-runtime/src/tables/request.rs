//! One request about a table.

use serde_json::Value;

use super::error::TableError;
use crate::client::{Api, Call, Replay, SecureClient};
use crate::codec::response::Asked;
use crate::subject::Subject;

/// Sends the request, which any attempt may repeat, and reads the response as JSON.
pub(super) async fn send(
    client: &SecureClient,
    table: &str,
    api: Api,
    body: &Value,
) -> Result<Value, TableError> {
    let subject = Subject { entity: "Table", operation: api.name() };
    let call = Call {
        subject,
        table,
        api,
        body: body.to_string().into(),
        asked: Asked::default(),
        replay: Replay::Harmless,
        deadline: None,
    };
    let response = client
        .call(call)
        .await
        .map_err(|error| TableError::call(table, subject.call_error(error)))?;
    serde_json::from_slice(&response.body)
        .map_err(|error| TableError::unreadable(table, api, &error))
}
