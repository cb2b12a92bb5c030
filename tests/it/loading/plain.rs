//! Plain JSON and CSV, for people.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use dynamo_runtime::load::{Dump, ItemFormat, Load, LoadError};
use dynamo_runtime::prelude::*;
use dynamo_runtime::{Number, UnknownAttributes};
use serde_json::{Value, json};

use super::{Folder, stopped};
use crate::engine::{client, embedded};

/// One of each form that a value can have.
#[derive(Entity, Clone, Debug, Default, PartialEq)]
#[dynamo(table = "things", allow(scan, load))]
pub(super) struct Thing {
    #[dynamo(partition_key)]
    id: Vec<u8>,
    #[dynamo(sort_key)]
    number: i64,
    text: Option<String>,
    price: Option<Number>,
    is_new: Option<bool>,
    tags: BTreeSet<String>,
    counts: BTreeSet<u64>,
    parts: BTreeSet<Vec<u8>>,
    #[dynamo(default)]
    names: Vec<String>,
    #[dynamo(default)]
    sizes: BTreeMap<String, u32>,
    place: Option<Place>,
    #[dynamo(unknown)]
    more: UnknownAttributes,
}

#[derive(Document, Clone, Debug, Default, PartialEq)]
pub(super) struct Place {
    city: String,
    photo: Option<Vec<u8>>,
}

/// Items with all that makes plain forms hard.
fn hard() -> Vec<Value> {
    let base = |number: u32, more: Value| {
        let mut item = json!({ "id": {"B": "aWQ="}, "number": {"N": number.to_string()} });
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        item
    };
    let texts = [
        "",
        " ",
        "\"",
        "\"a\"",
        "a\"b",
        "=1+1",
        "+1",
        "-1",
        "@a",
        "\tb",
        "a\r\nb",
        "a,b",
        "ä€😀",
        "null",
        "7",
    ];
    let texts = texts
        .iter()
        .enumerate()
        .map(|(place, text)| base(u32::try_from(place).unwrap(), json!({ "text": {"S": text} })));
    let others = [
        json!({}),
        json!({ "text": {"NULL": true}, "place": {"NULL": true}, "tags": {"NULL": true} }),
        json!({ "price": {"N": "12345678901234567890123456789012345678"}, "is_new": {"BOOL": false} }),
        json!({ "price": {"N": "-0.000000000000000000000000000000000001"}, "is_new": {"BOOL": true} }),
        json!({ "tags": {"SS": ["=", "a", "b\""]}, "counts": {"NS": ["1", "18446744073709551615"]} }),
        json!({ "parts": {"BS": ["AQ==", "/w=="]}, "names": {"L": [{"S": ""}, {"S": "b"}]} }),
        json!({ "names": {"L": []}, "sizes": {"M": {}}, "place": {"M": {"city": {"S": "Ulm"}}} }),
        json!({ "sizes": {"M": {"a b": {"N": "1"}, "$dynamodb": {"N": "2"}}} }),
        json!({ "place": {"M": {"city": {"S": "Ulm"}, "photo": {"B": "AQI="}}} }),
        // What no field is: in the field for what is unknown.
        json!({ "a": {"S": "x"}, "b": {"N": "7"}, "c": {"BOOL": true}, "d": {"NULL": true} }),
        json!({ "e": {"B": "AQ=="}, "f": {"SS": ["a"]}, "g": {"L": [{"NS": ["1"]}, {"N": "1"}]} }),
        json!({ "$dynamodb": {"S": "x"}, "h": {"M": {"i": {"L": [{"S": "1"}, {"N": "1"}]}}} }),
    ];
    let others = others.into_iter().zip(100..).map(|(more, number)| base(number, more));
    texts.chain(others).collect()
}

async fn things() -> SecureClient {
    client().table::<Thing>().build().await
}

/// All that is in the table, each item as DynamoDB JSON, in the order of its text.
async fn stored(client: &SecureClient, folder: &Folder) -> Vec<String> {
    let file = folder.file("stored.jsonl");
    Dump::of::<Thing>(&file).send(client).await.unwrap();
    let text = fs::read_to_string(&file).unwrap();
    let mut lines: Vec<_> =
        text.lines().map(|line| line.parse::<Value>().unwrap()["Item"].to_string()).collect();
    lines.sort_unstable();
    lines
}

#[tokio::test]
async fn nothing_of_an_item_is_lost_in_a_plain_form() {
    let folder = Folder::new("plain");
    let source = folder.file("things.jsonl");
    let lines: Vec<_> = hard().iter().map(|item| json!({ "Item": item }).to_string()).collect();
    fs::write(&source, lines.join("\n")).unwrap();
    let client = things().await;
    let loaded = Load::of::<Thing>(&source).send(&client).await.unwrap();
    assert_eq!(loaded.put, lines.len() as u64);
    let before = stored(&client, &folder).await;

    for (name, format) in [
        ("plain.json", ItemFormat::PlainJson),
        ("things.csv", ItemFormat::Csv),
        ("plain.json.gz", ItemFormat::PlainJson),
        ("things.csv.zst", ItemFormat::Csv),
    ] {
        let file = folder.file(name);
        let dumped = Dump::of::<Thing>(&file).format(format).send(&client).await.unwrap();
        assert_eq!((dumped.items, dumped.foreign), (loaded.put, 0), "{name}");
        let another = things().await;
        let again = Load::of::<Thing>(&file).format(format).send(&another).await.unwrap();
        assert_eq!((again.lines, again.put), (loaded.put, loaded.put), "{name}");
        assert_eq!(stored(&another, &folder).await, before, "{name}");
    }
    // The same, without the word, by the end of the name.
    let another = things().await;
    let again = Load::of::<Thing>(folder.file("things.csv")).send(&another).await.unwrap();
    assert_eq!(again.put, loaded.put);
}

#[tokio::test]
async fn plain_files_are_what_a_person_would_write() {
    let folder = Folder::new("person");
    let (csv, json) = (folder.file("things.csv"), folder.file("things.json"));
    // As a spreadsheet writes it: a mark of the byte order, ends of lines, words in capitals.
    let rows = "\u{feff}number,id,text,is_new,price,tags,place\r\n\
        1,aWQ=,Ann,TRUE,1.50,\"[\"\"a\"\",\"\"b\"\"]\",\"{\"\"city\"\":\"\"Ulm\"\"}\"\r\n\
        2,aWQ=,\"two\nlines\",false,,,\r\n";
    fs::write(&csv, rows).unwrap();
    let client = things().await;
    assert_eq!(Load::of::<Thing>(&csv).send(&client).await.unwrap().put, 2);
    let thing = |number| Thing::get(ThingKey { id: b"id".to_vec(), number }).send(&client);
    let first = thing(1).await.unwrap().unwrap();
    assert_eq!((first.text.as_deref(), first.is_new), (Some("Ann"), Some(true)));
    assert_eq!(first.price, Some("1.50".parse().unwrap()));
    assert_eq!(first.tags, BTreeSet::from(["a".to_owned(), "b".to_owned()]));
    assert_eq!(first.place, Some(Place { city: "Ulm".into(), photo: None }));
    let second = thing(2).await.unwrap().unwrap();
    assert_eq!((second.text.as_deref(), second.price), (Some("two\nlines"), None));

    Dump::of::<Thing>(&json).format(ItemFormat::PlainJson).send(&client).await.unwrap();
    let text = fs::read_to_string(&json).unwrap();
    let first = text.lines().find(|line| line.contains("Ann")).unwrap();
    let whole = r#"{"id":"aWQ=","number":1,"text":"Ann","price":1.5,"is_new":true,"tags":["a","b"],"place":{"city":"Ulm"}}"#;
    assert_eq!(first.replace("1.50", "1.5"), whole);

    fs::write(&csv, "").unwrap();
    assert_eq!(Load::of::<Thing>(&csv).send(&client).await.unwrap().lines, 0);
    let empty = things().await;
    Dump::of::<Thing>(&csv).send(&empty).await.unwrap();
    let header = "id,number,text,price,is_new,tags,counts,parts,names,sizes,place,$dynamodb\n";
    assert_eq!(fs::read_to_string(&csv).unwrap(), header);
}

#[tokio::test]
async fn what_is_no_item_is_told_without_its_values() {
    let folder = Folder::new("wrong");
    let (csv, json, rejects) =
        (folder.file("things.csv"), folder.file("things.json"), folder.file("rejects.jsonl"));
    let client = things().await;
    let rows = "id,number,price,is_new,tags,$dynamodb\n\
        aWQ=,hunter2,,,,\n\
        aWQ=,1,hunter2,,,\n\
        aWQ=,2,,hunter2,,\n\
        aWQ=,3,,,hunter2,\n\
        aWQ=,4,,,[],\n\
        aWQ=,5,,,,hunter2\n\
        aWQ=,6,,,,\"{\"\"price\"\":{\"\"N\"\":\"\"1\"\"},\"\"number\"\":{\"\"N\"\":\"\"1\"\"}}\"\n\
        hunter2!,7,,,,\n\
        aWQ=,8\n\
        aWQ=,9,,,,\n";
    fs::write(&csv, rows).unwrap();
    let loaded = Load::of::<Thing>(&csv).rejects(&rejects).send(&client).await.unwrap();
    assert_eq!((loaded.lines, loaded.put, loaded.rejected), (10, 1, 9));
    let rejected = fs::read_to_string(&rejects).unwrap();
    let rejected: Vec<Value> = rejected.lines().map(|line| line.parse().unwrap()).collect();
    let reasons: Vec<_> = rejected.iter().map(|line| line["reason"].as_str().unwrap()).collect();
    for (reason, part) in reasons.iter().zip([
        "`number`: expected a number",
        "`price`: expected a number",
        "`is_new`: expected `true` or `false`",
        "`tags`: expected an array of texts",
        "`tags`: a set has an element at least",
        "`$dynamodb` has to be an object of DynamoDB JSON",
        "an attribute is in `$dynamodb` and beside it",
        "Base64",
        "it has 2 cells, and the first row has 6",
    ]) {
        assert!(reason.contains(part) && !reason.contains("hunter2"), "{part}: {reason}");
    }
    assert_eq!((rejected[0]["line"].as_u64(), rejected[8]["line"].as_u64()), (Some(2), Some(10)));
    assert_eq!(rejected[1]["was"], "aWQ=,1,hunter2,,,");

    for (header, part) in [
        ("id,nummer\n", "line 1: the first row has in column 2 no attribute of the entities"),
        ("id,number,id\n", "line 1: the first row has `id` twice"),
    ] {
        fs::write(&csv, header.to_owned() + "a,1\n").unwrap();
        let error = Load::of::<Thing>(&csv).send(&client).await.unwrap_err();
        assert!(error.to_string().starts_with(part), "{error}");
    }
    // A quote without its end is no reason to read the whole file as one row.
    let long = format!("id,number\n\"a,1\n{}", "b,2\n".repeat(3 << 20));
    fs::write(&csv, long).unwrap();
    let error = Load::of::<Thing>(&csv).send(&client).await.unwrap_err();
    assert!(error.to_string().contains("a quote may lack its end"), "{error}");

    let lines = [
        r#"{"id":"aWQ=","number":"hunter2"}"#,
        r#"{"id":"aWQ=","number":1,"number":2}"#,
        r#"{"id":"aWQ=","number":1,"place":{"city":7}}"#,
        r#"["hunter2"]"#,
        r#"{"id":"aWQ=","number":1}"#,
    ];
    fs::write(&json, lines.join("\n")).unwrap();
    let load = Load::of::<Thing>(&json).format(ItemFormat::PlainJson).rejects(&rejects);
    let loaded = load.send(&client).await.unwrap();
    assert_eq!((loaded.put, loaded.rejected), (1, 4));
    let text = fs::read_to_string(&rejects).unwrap();
    let first: Value = text.lines().next().unwrap().parse().unwrap();
    assert_eq!(first["reason"], "`number`: expected a number");
}

#[tokio::test]
async fn a_plain_dump_and_load_that_are_stopped_go_on_in_their_form() {
    let folder = Folder::new("plain-stopped");
    let (source, csv) = (folder.file("things.jsonl"), folder.file("things.csv"));
    let long = "long\n".repeat(6_000);
    let item = |number: u32| json!({ "Item": { "id": {"B": "aWQ="}, "number": {"N": number.to_string()}, "text": {"S": long} } });
    let lines: Vec<_> = (0..120).map(|number| item(number).to_string()).collect();
    fs::write(&source, lines.join("\n")).unwrap();
    let client = embedded().table::<Thing>().build().await.unwrap();
    Load::of::<Thing>(&source).send(&client).await.unwrap();
    let before = stored(&client, &folder).await;

    let mut stops = 0;
    while stopped(Dump::of::<Thing>(&csv).send(&client), 2 + stops * 5).await.is_none() {
        stops += 1;
        if folder.file("things.csv.progress").exists() {
            let other = Dump::of::<Thing>(&csv).format(ItemFormat::PlainJson);
            let error = other.send(&client).await.unwrap_err();
            assert!(matches!(&error, LoadError::Progress(..)), "{error}");
        }
        assert!(stops < 500, "it does not get on");
    }
    assert!(stops >= 2, "{stops}");
    let another = embedded().table::<Thing>().build().await.unwrap();
    let mut stops = 0;
    let loaded = loop {
        match stopped(Box::pin(Load::of::<Thing>(&csv).send(&another)), 2 + stops * 3).await {
            None => stops += 1,
            Some(loaded) => break loaded.unwrap(),
        }
        assert!(stops < 500, "it does not get on");
    };
    assert!(stops >= 2, "{stops}");
    assert_eq!((loaded.lines, loaded.put), (120, 120));
    assert!(stored(&another, &folder).await == before, "other items");
}
