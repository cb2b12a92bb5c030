//! The structs that are written from the items of each library compile, read all of its items, and
//! write them back as they were.
//!
//! `INSPECT=overwrite` before the test writes `tests/structs`; read what has changed.

#![allow(missing_docs)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use dynamo_runtime::codec::{DecodeError, decode_item, encode_item};
use dynamo_runtime::{Entity, Number};
use serde_json::{Value, json};

const OVERWRITE: &str = "INSPECT=overwrite cargo test -p inspect";

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What is written from the items of a library.
fn told(library: &str, arguments: &[&str]) -> String {
    let items = folder().join(format!("tests/items/{library}.jsonl"));
    let output = Command::new(env!("CARGO_BIN_EXE_dynamo-inspect"))
        .arg("file")
        .arg(items)
        .args(["--table", library])
        .args(arguments)
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && error.is_empty(), "{library}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

fn is_as_committed(library: &str, arguments: &[&str]) {
    let file = folder().join(format!("tests/structs/{library}.rs"));
    let told = told(library, arguments);
    if std::env::var_os("INSPECT").is_some() {
        fs::write(&file, &told).unwrap();
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(told == committed, "{library} is told otherwise: {OVERWRITE}");
}

/// The item as the entity writes it, once it has read it.
fn round<E: Entity>(item: &str) -> Result<Value, DecodeError> {
    let entity: E = decode_item(item.as_bytes())?;
    Ok(serde_json::from_slice(&encode_item(&entity).unwrap()).unwrap())
}

/// Whether DynamoDB takes the two items for one: numbers have several spellings, and sets no order.
fn is_same_item(one: &Value, other: &Value) -> bool {
    let (one, other) = (one.as_object().unwrap(), other.as_object().unwrap());
    let is_same = |(name, value)| other.get(name).is_some_and(|other| is_same(value, other));
    one.len() == other.len() && one.iter().all(is_same)
}

fn is_same(one: &Value, other: &Value) -> bool {
    let number = |text: &Value| -> Number { text.as_str().unwrap().parse().unwrap() };
    let members = |value: &Value| {
        let (descriptor, inner) = value.as_object().unwrap().iter().next().unwrap();
        (descriptor.clone(), inner.clone())
    };
    let elements = |inner: &Value| inner.as_array().unwrap().clone();
    let texts = |inner: &Value| -> BTreeSet<String> {
        elements(inner).iter().map(Value::to_string).collect()
    };
    let numbers =
        |inner: &Value| -> BTreeSet<Number> { elements(inner).iter().map(number).collect() };
    let ((descriptor, one), (other_descriptor, other)) = (members(one), members(other));
    descriptor == other_descriptor
        && match descriptor.as_str() {
            "N" => number(&one) == number(&other),
            "NS" => numbers(&one) == numbers(&other),
            "SS" | "BS" => texts(&one) == texts(&other),
            "L" => {
                let (one, other) = (elements(&one), elements(&other));
                one.len() == other.len()
                    && one.iter().zip(&other).all(|(one, other)| is_same(one, other))
            }
            "M" => is_same_item(&one, &other),
            _ => one == other,
        }
}

type Round = fn(&str) -> Result<Value, DecodeError>;

/// Each item is read by one of the entities, and written as it was.
fn reads_all(library: &str, entities: &[(&str, Round)]) {
    let items = fs::read_to_string(folder().join(format!("tests/items/{library}.jsonl"))).unwrap();
    for line in items.lines() {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let item = line["Item"].take();
        let text = item.to_string();
        let mut refused = Vec::new();
        let read = entities.iter().find_map(|(name, round)| {
            round(&text).map_err(|error| refused.push(format!("{name}: {error}"))).ok()
        });
        let read = read.unwrap_or_else(|| panic!("{library}: {text}\n{refused:#?}"));
        // Where an attribute is null in one item and absent in another, `None` is written as absent.
        let mut expected = item.clone();
        expected
            .as_object_mut()
            .unwrap()
            .retain(|name, value| read.get(name).is_some() || *value != json!({ "NULL": true }));
        assert!(is_same_item(&read, &expected), "{library}: {item} is written as {read}");
    }
}

macro_rules! libraries {
    ($($module:ident: $library:literal [$($argument:literal),*] $($entity:ident)+;)+) => {$(
        mod $module {
            #[allow(dead_code, unreachable_pub, clippy::pedantic, reason = "as it is written")]
            mod structs {
                include!(concat!("structs/", $library, ".rs"));
            }

            #[test]
            fn it_is_as_committed() {
                crate::is_as_committed($library, &[$($argument),*]);
            }

            #[test]
            fn it_reads_all_items() {
                crate::reads_all($library, &[$((stringify!($entity), crate::round::<structs::$entity> as crate::Round)),+]);
            }
        }
    )+};
}

libraries! {
    auth_dynamodb_adapter: "auth-dynamodb-adapter" ["--partition-key", "pk", "--sort-key", "sk", "--index", "GSI1=GSI1PK,GSI1SK"] User Session Vt;
    aws_dynamodb_data_mapper: "aws-dynamodb-data-mapper" [] AwsDynamodbDataMapper;
    aws_lambda_powertools: "aws-lambda-powertools" [] AwsLambdaPowertools;
    aws_lambda_powertools_idempotency: "aws-lambda-powertools-idempotency" [] AwsLambdaPowertoolsIdempotency;
    aws_sdk_lib_dynamodb: "aws-sdk-lib-dynamodb" [] AwsSdkLibDynamodb;
    bloop: "bloop" [] Bloop;
    boto3: "boto3" [] Boto3;
    connect_dynamodb: "connect-dynamodb" [] ConnectDynamodb;
    credstash: "credstash" ["--partition-key", "name", "--sort-key", "version"] Credstash;
    dynamodb_data_types: "dynamodb-data-types" [] DynamodbDataTypes;
    dynamodb_json: "dynamodb-json" [] DynamodbJson;
    dynamodb_lock_client: "dynamodb-lock-client" [] DynamodbLockClient;
    dynamodb_onetable: "dynamodb-onetable" [] User Unique;
    dynamodb_onetable_buffers: "dynamodb-onetable-buffers" [] User;
    dynamodb_toolbox: "dynamodb-toolbox" [] Pokemon;
    dynamoose: "dynamoose" [] Dynamoose;
    electrodb: "electrodb" ["--partition-key", "pk", "--sort-key", "sk", "--index", "gsi1=gsi1pk,gsi1sk"] Task;
    electrodb_keys: "electrodb-keys" ["--partition-key", "pk", "--sort-key", "sk", "--index", "gsi1=gsi1pk,gsi1sk"] Task;
    electrodb_upper: "electrodb-upper" ["--partition-key", "pk", "--sort-key", "sk"] Task;
    nova_odm_mapper: "nova-odm-mapper" [] NovaOdmMapper;
    pynamodb: "pynamodb" ["--partition-key", "pk"] Pynamodb;
    pynamodb_attributes: "pynamodb-attributes" ["--partition-key", "pk"] PynamodbAttributes;
    python_dynamodb_lock: "python-dynamodb-lock" ["--partition-key", "lock_key", "--sort-key", "sort_key"] PythonDynamodbLock;
    serde_dynamo: "serde-dynamo" [] SerdeDynamo;
}

#[test]
fn each_file_of_items_is_tested() {
    let source = include_str!("structs.rs");
    for entry in fs::read_dir(folder().join("tests/items")).unwrap() {
        let path = entry.unwrap().path();
        let library = path.file_stem().unwrap().to_str().unwrap();
        assert!(source.contains(&format!(": \"{library}\" [")), "{library}");
    }
}
