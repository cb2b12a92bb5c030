//! `docs/engines.md` says of each engine what it does.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use futures_util::future::LocalBoxFuture;
use serde_json::{Value, json};

use super::raw::Raw;
use crate::engine;

/// What the engine does with requests of one kind, to a table of their own, in the words of the
/// document.
type Probe = for<'a> fn(&'a Raw, &'a str) -> LocalBoxFuture<'a, String>;

macro_rules! probes {
    ($($what:literal => $probe:ident,)*) => {
        [$(($what, (|raw, table| Box::pin($probe(raw, table))) as Probe),)*]
    };
}

fn probes() -> BTreeMap<&'static str, Probe> {
    let probes = probes! {
        "`REMOVE x` alone, of an absent item" => removal_of_an_absent_item,
        "`REMOVE l[0], l[1]` of `[a, b, c]`" => removals_of_elements,
        "`IN` of 101 values" => operands_of_in,
        "`a = a`" => same_operand,
        "`SET m = :m, m.x = :x`" => overlapping_paths,
        "a filter on a key of the table, in a query of it" => filter_on_a_key,
        "`size` of `é` and of `😀`" => size_of_text,
        "`l = :l` of the lists `[1.0]` and `[1]`" => equal_lists,
        "`UPDATED_NEW` of an element of a list" => updated_new,
        "an empty text as the key of an index" => empty_index_key,
        "`LastEvaluatedKey` of a page that ends with the last item" => exact_limit,
        "a `Scan` of items with the sort keys 2, 3, 1" => order_of_a_partition,
        "a `Scan` of the partitions b, d, a, e, c" => order_of_a_scan,
        "the item with a failed condition" => item_on_failed_condition,
        "a transaction" => transaction,
        "capacity units of a put that writes an index too" => capacity_of_an_index,
        "capacity units of a `BatchGetItem` of one small item and an absent one" => capacity_of_absent,
        "`BatchGetItem` of the keys 1 and 1.0" => equal_keys,
        "time to live that is turned on a second time" => time_to_live_twice,
        "stream records of a put of an equal item" => record_of_no_change,
    };
    BTreeMap::from(probes)
}

fn key(sk: u32) -> Value {
    json!({ "pk": { "S": "p" }, "sk": { "N": sk.to_string() } })
}

/// The attributes with the key of an item.
fn item(sk: u32, attributes: &Value) -> Value {
    let mut item = key(sk);
    item.as_object_mut().unwrap().extend(attributes.as_object().unwrap().clone());
    item
}

async fn put(raw: &Raw, table: &str, sk: u32, attributes: Value) -> Result<Value, String> {
    raw.call("PutItem", json!({ "TableName": table, "Item": item(sk, &attributes) })).await
}

/// The item with the sort key 1, if it is there.
async fn get(raw: &Raw, table: &str) -> Value {
    let get = json!({ "TableName": table, "Key": key(1), "ConsistentRead": true });
    raw.call("GetItem", get).await.unwrap()["Item"].clone()
}

/// Updates the item with the sort key 1.
async fn update(
    raw: &Raw,
    table: &str,
    expression: &str,
    values: Value,
    others: Value,
) -> Result<Value, String> {
    let mut request = json!({ "TableName": table, "Key": key(1), "UpdateExpression": expression });
    let members = request.as_object_mut().unwrap();
    if !values.as_object().unwrap().is_empty() {
        members.insert("ExpressionAttributeValues".to_owned(), values);
    }
    members.extend(others.as_object().unwrap().clone());
    raw.call("UpdateItem", request).await
}

/// Whether the one item, with the attributes, is found by the filter.
async fn finds(raw: &Raw, table: &str, filter: &str, values: Value) -> Result<bool, String> {
    let scan = json!({
        "TableName": table,
        "FilterExpression": filter,
        "ExpressionAttributeValues": values,
    });
    Ok(raw.call("Scan", scan).await?["Count"] == 1)
}

fn taken<T>(result: Result<T, String>) -> String {
    match result {
        Ok(_) => "taken".to_owned(),
        Err(code) if code == "ValidationException" => "refused".to_owned(),
        Err(code) => code,
    }
}

fn texts(texts: &[&str]) -> Value {
    json!({ "L": texts.iter().map(|text| json!({ "S": text })).collect::<Vec<_>>() })
}

async fn removal_of_an_absent_item(raw: &Raw, table: &str) -> String {
    update(raw, table, "REMOVE x", json!({}), json!({})).await.unwrap();
    if get(raw, table).await.is_null() { "no item" } else { "an item of its key" }.to_owned()
}

async fn removals_of_elements(raw: &Raw, table: &str) -> String {
    put(raw, table, 1, json!({ "l": texts(&["a", "b", "c"]) })).await.unwrap();
    update(raw, table, "REMOVE l[0], l[1]", json!({}), json!({})).await.unwrap();
    format!("leaves {}", get(raw, table).await["l"]["L"][0]["S"].as_str().unwrap())
}

async fn operands_of_in(raw: &Raw, table: &str) -> String {
    let names: Vec<_> = (0..101).map(|number| format!(":v{number}")).collect();
    let values: BTreeMap<_, _> = names.iter().map(|name| (name, json!({ "S": name }))).collect();
    put(raw, table, 1, json!({ "x": { "S": "x" } })).await.unwrap();
    taken(finds(raw, table, &format!("x IN ({})", names.join(", ")), json!(values)).await)
}

async fn same_operand(raw: &Raw, table: &str) -> String {
    put(raw, table, 1, json!({ "x": { "S": "x" } })).await.unwrap();
    let scan = json!({ "TableName": table, "FilterExpression": "x = x" });
    taken(raw.call("Scan", scan).await)
}

async fn overlapping_paths(raw: &Raw, table: &str) -> String {
    put(raw, table, 1, json!({ "m": { "M": {} } })).await.unwrap();
    let values = json!({ ":m": { "M": {} }, ":x": { "S": "x" } });
    taken(update(raw, table, "SET m = :m, m.x = :x", values, json!({})).await)
}

async fn filter_on_a_key(raw: &Raw, table: &str) -> String {
    put(raw, table, 1, json!({})).await.unwrap();
    let query = json!({
        "TableName": table,
        "KeyConditionExpression": "pk = :pk",
        "FilterExpression": "sk = :sk",
        "ExpressionAttributeValues": { ":pk": { "S": "p" }, ":sk": { "N": "1" } },
    });
    taken(raw.call("Query", query).await)
}

async fn size_of_text(raw: &Raw, table: &str) -> String {
    let mut sizes = Vec::new();
    for text in ["é", "😀"] {
        put(raw, table, 1, json!({ "x": { "S": text } })).await.unwrap();
        for size in 1..=4 {
            let values = json!({ ":n": { "N": size.to_string() } });
            if finds(raw, table, "size(x) = :n", values).await.unwrap() {
                sizes.push(size.to_string());
            }
        }
    }
    sizes.join(" and ")
}

async fn equal_lists(raw: &Raw, table: &str) -> String {
    let list = |number: &str| json!({ "L": [{ "N": number }] });
    put(raw, table, 1, json!({ "l": list("1.0") })).await.unwrap();
    let holds = finds(raw, table, "l = :l", json!({ ":l": list("1") })).await.unwrap();
    if holds { "holds" } else { "does not hold" }.to_owned()
}

async fn updated_new(raw: &Raw, table: &str) -> String {
    put(raw, table, 1, json!({ "l": texts(&["a", "b"]) })).await.unwrap();
    let values = json!({ ":x": { "S": "x" } });
    let others = json!({ "ReturnValues": "UPDATED_NEW" });
    let answer = update(raw, table, "SET l[1] = :x", values, others).await.unwrap();
    let given = answer["Attributes"]["l"]["L"].as_array().unwrap().len();
    if given == 1 { "the element" } else { "the whole list" }.to_owned()
}

async fn empty_index_key(raw: &Raw, table: &str) -> String {
    taken(put(raw, table, 1, json!({ "a": { "S": "" } })).await)
}

async fn exact_limit(raw: &Raw, table: &str) -> String {
    for sk in 1..3 {
        put(raw, table, sk, json!({})).await.unwrap();
    }
    let query = json!({
        "TableName": table,
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": { ":pk": { "S": "p" } },
        "Limit": 2,
    });
    let page = raw.call("Query", query).await.unwrap();
    if page["LastEvaluatedKey"].is_null() { "none" } else { "a key" }.to_owned()
}

async fn order_of_a_partition(raw: &Raw, table: &str) -> String {
    for sk in [2, 3, 1] {
        put(raw, table, sk, json!({})).await.unwrap();
    }
    let page = raw.call("Scan", json!({ "TableName": table })).await.unwrap();
    let found: Vec<_> =
        page["Items"].as_array().unwrap().iter().map(|item| &item["sk"]["N"]).collect();
    if found == ["1", "2", "3"] { "in order" } else { "in another order" }.to_owned()
}

async fn order_of_a_scan(raw: &Raw, table: &str) -> String {
    for pk in ["b", "d", "a", "e", "c"] {
        let item = json!({ "pk": { "S": pk }, "sk": { "N": "1" } });
        raw.call("PutItem", json!({ "TableName": table, "Item": item })).await.unwrap();
    }
    let page = raw.call("Scan", json!({ "TableName": table })).await.unwrap();
    let found: Vec<_> =
        page["Items"].as_array().unwrap().iter().map(|item| &item["pk"]["S"]).collect();
    if found == ["a", "b", "c", "d", "e"] { "in order" } else { "in another order" }.to_owned()
}

async fn item_on_failed_condition(raw: &Raw, table: &str) -> String {
    put(raw, table, 1, json!({})).await.unwrap();
    let put = json!({
        "TableName": table,
        "Item": key(1),
        "ConditionExpression": "attribute_not_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    });
    let body = raw.error("PutItem", put).await;
    if body["Item"].is_null() { "not given" } else { "given" }.to_owned()
}

async fn transaction(raw: &Raw, table: &str) -> String {
    let put = json!({ "Put": { "TableName": table, "Item": key(1) } });
    taken(raw.call("TransactWriteItems", json!({ "TransactItems": [put] })).await)
}

/// The units that the answer names.
fn units(answer: &Value) -> String {
    let units = match &answer["ConsumedCapacity"] {
        Value::Array(tables) => &tables[0]["CapacityUnits"],
        table => &table["CapacityUnits"],
    };
    units.as_f64().unwrap().to_string()
}

async fn capacity_of_an_index(raw: &Raw, table: &str) -> String {
    let item = item(1, &json!({ "a": { "S": "a" } }));
    let put = json!({ "TableName": table, "Item": item, "ReturnConsumedCapacity": "TOTAL" });
    units(&raw.call("PutItem", put).await.unwrap())
}

async fn capacity_of_absent(raw: &Raw, table: &str) -> String {
    put(raw, table, 1, json!({})).await.unwrap();
    let request = json!({
        "RequestItems": { table: { "Keys": [key(1), key(2)] } },
        "ReturnConsumedCapacity": "TOTAL",
    });
    units(&raw.call("BatchGetItem", request).await.unwrap())
}

async fn equal_keys(raw: &Raw, table: &str) -> String {
    let keys = ["1", "1.0"].map(|sk| json!({ "pk": { "S": "p" }, "sk": { "N": sk } }));
    taken(raw.call("BatchGetItem", json!({ "RequestItems": { table: { "Keys": keys } } })).await)
}

async fn time_to_live_twice(raw: &Raw, table: &str) -> String {
    let request = json!({
        "TableName": table,
        "TimeToLiveSpecification": { "AttributeName": "until", "Enabled": true },
    });
    if let Err(code) = raw.call("UpdateTimeToLive", request.clone()).await {
        return code;
    }
    taken(raw.call("UpdateTimeToLive", request).await)
}

async fn record_of_no_change(raw: &Raw, table: &str) -> String {
    for _ in 0..2 {
        put(raw, table, 1, json!({ "x": { "S": "x" } })).await.unwrap();
    }
    let call = async |operation: &str, body| {
        raw.call(&format!("DynamoDBStreams_20120810.{operation}"), body).await
    };
    let streams = match call("ListStreams", json!({ "TableName": table })).await {
        Ok(streams) => streams,
        Err(code) => return code,
    };
    let Some(arn) = streams["Streams"][0]["StreamArn"].as_str() else {
        return "no stream".to_owned();
    };
    let described = call("DescribeStream", json!({ "StreamArn": arn })).await.unwrap();
    let mut records = 0;
    for shard in described["StreamDescription"]["Shards"].as_array().unwrap() {
        let request = json!({
            "StreamArn": arn,
            "ShardId": shard["ShardId"],
            "ShardIteratorType": "TRIM_HORIZON",
        });
        let iterator = call("GetShardIterator", request).await.unwrap();
        let request = json!({ "ShardIterator": iterator["ShardIterator"] });
        let given = call("GetRecords", request).await.unwrap();
        records += given["Records"].as_array().unwrap().len();
    }
    if records == 1 { "none" } else { "one" }.to_owned()
}

/// The rows of the first table: what is looked at, and what is said of DynamoDB and each engine.
fn rows() -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/engines.md");
    let text = fs::read_to_string(path).unwrap();
    let rows = text.lines().skip_while(|line| !line.starts_with("| what"));
    let rows = rows.take_while(|line| line.starts_with('|'));
    let cells =
        |row: &str| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    rows.map(cells).collect()
}

#[tokio::test]
async fn each_engine_does_what_is_said_of_it() {
    let rows = rows();
    let name = engine::name();
    let column = rows[0].iter().position(|title| title.contains(&name)).unwrap();
    let said: BTreeMap<_, _> =
        rows[2..].iter().map(|row| (row[0].as_str(), row[column].as_str())).collect();
    let probes = probes();
    assert!(said.keys().eq(probes.keys()), "{:?}\n{:?}", said.keys(), probes.keys());
    let raw = Raw::client().await;
    let mut wrong = Vec::new();
    for (what, probe) in probes {
        let table = raw.table().await;
        let done = probe(&raw, &table).await;
        if said[what] != done {
            wrong.push(format!("{what}: `{done}`, and not `{}`", said[what]));
        }
    }
    assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
}

#[test]
fn each_row_has_a_source() {
    for row in &rows()[2..] {
        let source = row.last().unwrap();
        assert!(
            source.contains("https://docs.aws.amazon.com/") || source.contains("Alternator"),
            "{row:?}"
        );
    }
}
