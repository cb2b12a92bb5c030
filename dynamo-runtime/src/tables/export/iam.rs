//! IAM policies.

use serde_json::{Value, json};

use crate::client::Region;
use crate::entity::Allowed;
use crate::tables::schema::{EntityShape, IndexKeys, Schema, Table};

/// What a program does with its entities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grant {
    /// Gets, queries and searches of vectors, which no condition limits to some keys. A scan only
    /// where each entity of the table allows it.
    Read,
    /// Creates, puts, updates, and the conditions of transactions.
    Write,
    /// Deletes.
    Delete,
    /// Writes of a batch, which DynamoDB takes without conditions.
    BatchWrite,
    /// `SecureClient::verify` and `describe`, at a program's start.
    Verify,
    /// `Schema::create`, and plans: for what deploys, not for what serves.
    Deploy,
}

/// Where the tables are: what an ARN begins with.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::tables::{ArnScope, Grant, Schema};
/// # #[derive(Entity, Clone, Debug, PartialEq)]
/// # #[dynamo(table = "users")]
/// # struct User { #[dynamo(partition_key)] user_id: String }
/// let scope = ArnScope::new("aws", Region::EU_CENTRAL_1, "123456789012");
/// let policy = Schema::of::<User>()?.to_iam_policy(&scope, &[Grant::Read]);
/// assert!(policy.contains("arn:aws:dynamodb:eu-central-1:123456789012:table/users"));
/// # Ok::<(), dynamo_runtime::tables::Contradiction>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArnScope {
    partition: String,
    region: Region,
    account: String,
}

impl ArnScope {
    /// The tables of an account in a region; the partition is `aws`, `aws-cn` or another.
    pub fn new(partition: &str, region: Region, account: &str) -> Self {
        Self { partition: partition.to_owned(), region, account: account.to_owned() }
    }

    fn table(&self, table: &Table) -> String {
        let Self { partition, region, account } = self;
        let region = region.name();
        format!("arn:{partition}:dynamodb:{region}:{account}:table/{}", table.name())
    }
}

pub(super) fn policy(schema: &Schema, scope: &ArnScope, grants: &[Grant]) -> Value {
    let statements = schema.tables().iter().flat_map(|table| statements(table, scope, grants));
    json!({ "Version": "2012-10-17", "Statement": statements.collect::<Value>() })
}

fn statements(table: &Table, scope: &ArnScope, grants: &[Grant]) -> Vec<Value> {
    let arn = scope.table(table);
    let mut statements = Vec::new();
    let mut keyed = Vec::new();
    let has = |grant| grants.contains(&grant);
    if has(Grant::Read) {
        keyed.extend(["GetItem", "BatchGetItem", "Query"]);
    }
    if has(Grant::Write) {
        keyed.extend(["PutItem", "UpdateItem", "ConditionCheckItem"]);
    }
    if has(Grant::Delete) {
        keyed.push("DeleteItem");
    }
    if has(Grant::BatchWrite) {
        keyed.push("BatchWriteItem");
    }
    if !keyed.is_empty() {
        let keys = table.entities().iter().map(|entity| prefix(&entity.partition_key));
        statements.push(keyed_statement(&keyed, &arn, keys.collect()));
    }
    if has(Grant::Read) {
        for index in table.indexes() {
            let arn = format!("{arn}/index/{}", index.name);
            statements.push(keyed_statement(&["Query"], &arn, keys_of(table, index.name)));
        }
        // Of a search no key is known to IAM: a condition on one would never hold.
        for index in table.vector_indexes() {
            statements.push(statement(&["SearchVectors"], &format!("{arn}/index/{}", index.name)));
        }
        // A scan has no leading key: a condition on it would hold of every scan, or of none.
        let allows_scan = |entity: &EntityShape| entity.allows.contains(&Allowed::Scan);
        if table.entities().iter().all(allows_scan) {
            statements.push(statement(&["Scan"], &arn));
        }
    }
    if has(Grant::Verify) || has(Grant::Deploy) {
        let mut actions = vec!["DescribeTable", "DescribeTimeToLive", "DescribeContinuousBackups"];
        if has(Grant::Deploy) || !table.settings().tags.is_empty() {
            actions.push("ListTagsOfResource");
        }
        if has(Grant::Deploy) || table.settings().resource_policy.is_some() {
            actions.push("GetResourcePolicy");
        }
        statements.push(statement(&actions, &arn));
    }
    if has(Grant::Deploy) {
        let actions = [
            "CreateTable",
            "UpdateTable",
            "UpdateTimeToLive",
            "UpdateContinuousBackups",
            "TagResource",
            "PutResourcePolicy",
        ];
        statements.push(statement(&actions, &arn));
    }
    statements
}

fn statement(actions: &[&str], arn: &str) -> Value {
    let actions: Vec<_> = actions.iter().map(|action| format!("dynamodb:{action}")).collect();
    json!({ "Effect": "Allow", "Action": actions, "Resource": arn })
}

/// With a condition on the partition keys, where all of them begin with a fixed text.
///
/// `ForAllValues` holds of a request without the key too, so that it is asked for.
///
/// Source: [Using IAM policy conditions](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html).
fn keyed_statement(actions: &[&str], arn: &str, keys: Vec<Option<String>>) -> Value {
    let mut statement = statement(actions, arn);
    let keys: Option<Vec<String>> = keys.into_iter().collect();
    if let (Some(mut keys), Some(members)) = (keys, statement.as_object_mut())
        && !keys.is_empty()
    {
        keys.sort();
        keys.dedup();
        let condition = json!({
            "ForAllValues:StringLike": { "dynamodb:LeadingKeys": keys },
            "Null": { "dynamodb:LeadingKeys": "false" },
        });
        members.insert("Condition".to_owned(), condition);
    }
    statement
}

/// The partition keys of the entities in an index, each where it begins with a fixed text.
fn keys_of(table: &Table, index: &str) -> Vec<Option<String>> {
    let of_index = table.entities().iter().flat_map(|entity| &entity.indexes);
    let of_index = of_index.filter(|keys| keys.index == index);
    // Of several attributes it is not documented what the leading key is.
    let key = |keys: &IndexKeys| match &keys.partition_keys[..] {
        [key] => prefix(key),
        _ => None,
    };
    of_index.map(key).collect()
}

/// What all keys of the form are like, where they begin with a fixed text.
fn prefix(form: &str) -> Option<String> {
    let (fixed, is_whole) = match form.split_once('{') {
        Some((fixed, _)) => (fixed, false),
        None => (form, true),
    };
    if fixed.is_empty() {
        return None;
    }
    let mut like = String::new();
    for letter in fixed.chars() {
        match letter {
            '*' | '?' | '$' => like.extend(['$', '{', letter, '}']),
            letter => like.push(letter),
        }
    }
    Some(if is_whole { like } else { like + "*" })
}
