//! What DynamoDB tells of a table, as far as the caller may ask.

use serde_json::{Value, json};

use super::difference::Unknown;
use super::error::TableError;
use super::request::send;
use crate::client::{Api, SecureClient};

mod vectors;

pub(super) use vectors::LiveVectorIndex;

/// What is known of a thing that is asked for by a permission of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known<T> {
    Is(T),
    Not(Unknown),
}

impl<T> Known<T> {
    pub(super) fn get(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Not(_) => None,
        }
    }

    pub(super) fn unknown(&self) -> Option<Unknown> {
        match self {
            Self::Is(_) => None,
            Self::Not(unknown) => Some(*unknown),
        }
    }
}

/// The description of a table.
#[derive(Clone, Debug)]
pub(super) struct Live(Value);

/// A key attribute, as a description has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LiveKey {
    pub(super) name: String,
    pub(super) code: String,
    pub(super) is_partition_key: bool,
}

/// An index, as a description has it.
#[derive(Clone, Debug)]
pub(super) struct LiveIndex<'t> {
    json: &'t Value,
    table: &'t Live,
    pub(super) is_global: bool,
}

impl Live {
    /// The table; `None` where there is none.
    pub(super) async fn read(
        client: &SecureClient,
        table: &str,
    ) -> Result<Option<Self>, TableError> {
        let request = json!({ "TableName": table });
        match send(client, table, Api::DescribeTable, &request).await {
            Ok(mut response) => match response.get_mut("Table").map(Value::take) {
                Some(description @ Value::Object(_)) => Ok(Some(Self(description))),
                _ => Err(TableError::unreadable(table, Api::DescribeTable, &"it has no `Table`")),
            },
            Err(error) if error.has_code("ResourceNotFoundException") => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A member, under names of one within the other.
    pub(super) fn at(&self, path: &str) -> &Value {
        self.0.pointer(path).unwrap_or(&Value::Null)
    }

    pub(super) fn text(&self, path: &str) -> &str {
        self.at(path).as_str().unwrap_or_default()
    }

    pub(super) fn number(&self, path: &str) -> Option<u64> {
        self.at(path).as_u64()
    }

    pub(super) fn status(&self) -> &str {
        self.text("/TableStatus")
    }

    pub(super) fn keys(&self) -> Vec<LiveKey> {
        self.keys_of(&self.0)
    }

    pub(super) fn indexes(&self) -> Vec<LiveIndex<'_>> {
        let of = |member, is_global| {
            let elements = elements(&self.0, member).iter();
            elements.map(move |json| LiveIndex { json, table: self, is_global })
        };
        of("GlobalSecondaryIndexes", true).chain(of("LocalSecondaryIndexes", false)).collect()
    }

    pub(super) fn replicas(&self) -> &[Value] {
        elements(&self.0, "Replicas")
    }

    /// The view of its stream, where it has one.
    pub(super) fn stream(&self) -> Option<&str> {
        let is_on = self.at("/StreamSpecification/StreamEnabled").as_bool() == Some(true);
        is_on.then(|| self.text("/StreamSpecification/StreamViewType"))
    }

    /// What is not ready yet: the table, or one of its indexes.
    pub(super) fn waits_for(&self) -> Option<String> {
        if self.status() != "ACTIVE" {
            return Some(format!("the table is {}", self.status()));
        }
        if let Some(index) = self.indexes().into_iter().find(|index| !index.is_active()) {
            return Some(format!("the index `{}` is {}", index.name(), index.status()));
        }
        self.vector_indexes().into_iter().find_map(|index| {
            let status = index.waits_for()?;
            Some(format!("the vector index `{}` is {status}", index.name()))
        })
    }

    fn keys_of(&self, json: &Value) -> Vec<LiveKey> {
        let code = |name: &str| {
            let definition = elements(&self.0, "AttributeDefinitions")
                .iter()
                .find(|definition| text(definition, "AttributeName") == name);
            definition.map(|definition| text(definition, "AttributeType").to_owned())
        };
        let keys = elements(json, "KeySchema").iter().map(|key| {
            let name = text(key, "AttributeName");
            LiveKey {
                name: name.to_owned(),
                code: code(name).unwrap_or_default(),
                is_partition_key: text(key, "KeyType") == "HASH",
            }
        });
        keys.collect()
    }
}

impl<'t> LiveIndex<'t> {
    pub(super) fn name(&self) -> &'t str {
        text(self.json, "IndexName")
    }

    pub(super) fn keys(&self) -> Vec<LiveKey> {
        self.table.keys_of(self.json)
    }

    /// Of a global one; a local one is ready with its table.
    pub(super) fn status(&self) -> &'t str {
        text(self.json, "IndexStatus")
    }

    /// Whether it can be queried. An engine that tells no status has it at once.
    pub(super) fn is_active(&self) -> bool {
        !self.is_global || matches!(self.status(), "ACTIVE" | "UPDATING")
    }

    pub(super) fn number(&self, member: &str) -> Option<u64> {
        self.json.get(member).and_then(Value::as_u64)
    }

    /// What it holds besides keys; `None` for all.
    pub(super) fn projected(&self) -> Option<Vec<&'t str>> {
        projected(self.json)
    }
}

/// What an index holds besides keys; `None` for all.
fn projected(index: &Value) -> Option<Vec<&str>> {
    let projection = index.get("Projection")?;
    if text(projection, "ProjectionType") == "ALL" {
        return None;
    }
    Some(elements(projection, "NonKeyAttributes").iter().filter_map(Value::as_str).collect())
}

fn elements<'j>(json: &'j Value, member: &str) -> &'j [Value] {
    json.get(member).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn text<'j>(json: &'j Value, member: &str) -> &'j str {
    json.get(member).and_then(Value::as_str).unwrap_or_default()
}

/// What of a table is told by a request of its own: asked by those that need it alone.
///
/// A response of the service that the caller may not ask, or that the engine does not know, is no
/// error: it cannot be told then.
pub(super) async fn ask<T>(
    client: &SecureClient,
    table: &str,
    api: Api,
    request: &Value,
    read: impl FnOnce(&Value) -> T,
) -> Result<Known<T>, TableError> {
    match send(client, table, api, request).await {
        Ok(response) => Ok(Known::Is(read(&response))),
        Err(error) if error.is_denied() => Ok(Known::Not(Unknown::Denied(permission(api)))),
        Err(error) if error.has_code("UnknownOperationException") => {
            Ok(Known::Not(Unknown::NoOperation(api.name())))
        }
        Err(error) => Err(error),
    }
}

/// By which attribute items expire, or will when it has been turned on.
pub(super) async fn expiry(
    client: &SecureClient,
    table: &str,
) -> Result<Known<Option<String>>, TableError> {
    let request = json!({ "TableName": table });
    ask(client, table, Api::DescribeTimeToLive, &request, |response| {
        let description = response.get("TimeToLiveDescription")?;
        let is_on = matches!(text(description, "TimeToLiveStatus"), "ENABLED" | "ENABLING");
        is_on.then(|| text(description, "AttributeName").to_owned())
    })
    .await
}

/// The days of the backups that are kept; `None` for none.
pub(super) async fn recovery(
    client: &SecureClient,
    table: &str,
) -> Result<Known<Option<u64>>, TableError> {
    const AT: &str = "/ContinuousBackupsDescription/PointInTimeRecoveryDescription";
    /// What it is where the description does not say: the greatest.
    const DAYS: u64 = 35;
    let request = json!({ "TableName": table });
    ask(client, table, Api::DescribeContinuousBackups, &request, |response| {
        let description = response.pointer(AT)?;
        let is_on = text(description, "PointInTimeRecoveryStatus") == "ENABLED";
        let days = description.get("RecoveryPeriodInDays").and_then(Value::as_u64);
        is_on.then_some(days.unwrap_or(DAYS))
    })
    .await
}

/// Its tags; of several pages all.
pub(super) async fn tags(
    client: &SecureClient,
    table: &str,
    arn: &str,
) -> Result<Known<Vec<(String, String)>>, TableError> {
    let mut all = Vec::new();
    let mut request = json!({ "ResourceArn": arn });
    loop {
        let page = ask(client, table, Api::ListTagsOfResource, &request, |response| {
            let tags = elements(response, "Tags").iter();
            let tags = tags.map(|tag| (text(tag, "Key").to_owned(), text(tag, "Value").to_owned()));
            (tags.collect::<Vec<_>>(), text(response, "NextToken").to_owned())
        });
        match page.await? {
            Known::Not(unknown) => return Ok(Known::Not(unknown)),
            Known::Is((tags, next)) => {
                all.extend(tags);
                if next.is_empty() {
                    return Ok(Known::Is(all));
                }
                request = json!({ "ResourceArn": arn, "NextToken": next });
            }
        }
    }
}

/// Its resource policy.
pub(super) async fn policy(
    client: &SecureClient,
    table: &str,
    arn: &str,
) -> Result<Known<Option<String>>, TableError> {
    let request = json!({ "ResourceArn": arn });
    let asked = ask(client, table, Api::GetResourcePolicy, &request, |response| {
        Some(text(response, "Policy").to_owned())
    });
    match asked.await {
        Err(error) if error.has_code("PolicyNotFoundException") => Ok(Known::Is(None)),
        asked => asked,
    }
}

/// The permission that the operation asks for.
fn permission(api: Api) -> &'static str {
    match api {
        Api::DescribeTimeToLive => "dynamodb:DescribeTimeToLive",
        Api::DescribeContinuousBackups => "dynamodb:DescribeContinuousBackups",
        Api::ListTagsOfResource => "dynamodb:ListTagsOfResource",
        Api::GetResourcePolicy => "dynamodb:GetResourcePolicy",
        _ => "dynamodb:DescribeTable",
    }
}
