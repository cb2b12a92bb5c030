//! Whole tables from files and to files.

mod plain;

use std::fs;
use std::future::{Future, poll_fn};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::task::Poll;

use dynamo_runtime::load::{Dump, Load, LoadError};
use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;
use serde_json::{Value, json};

use crate::engine::{embedded, embedded_engine};

#[derive(Entity, Clone, Debug, PartialEq)]
#[expect(clippy::struct_field_names, reason = "the name of the attribute")]
#[dynamo(
    table = "ledger",
    partition_key("pk") = "ACCOUNT#{account}",
    sort_key("sk") = "ACCOUNT",
    allow(scan, load)
)]
struct Account {
    account: String,
    name: String,
    #[dynamo(version)]
    version: Version,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(
    table = "ledger",
    partition_key("pk") = "ACCOUNT#{account}",
    sort_key("sk") = "ENTRY#{number}",
    allow(scan, load)
)]
struct Entry {
    account: String,
    number: u64,
    cents: i64,
}

#[derive(Collection, Clone, Debug, PartialEq)]
enum Ledger {
    Account(Account),
    Entry(Entry),
}

/// A folder that is there as long as this.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("dynamo-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn account(account: &str, version: u64) -> String {
    json!({ "Item": {
        "pk": {"S": format!("ACCOUNT#{account}")}, "sk": {"S": "ACCOUNT"},
        "account": {"S": account}, "name": {"S": format!("of {account}")},
        "version": {"N": version.to_string()},
    } })
    .to_string()
}

/// An entry as the library itself writes it.
fn entry(account: &str, number: u64, cents: i64) -> String {
    let entry = Entry { account: account.into(), number, cents };
    let item = dynamo_runtime::codec::encode_item(&entry).unwrap();
    format!("{{\"Item\":{}}}", String::from_utf8(item).unwrap())
}

fn write(path: &Path, lines: &[String]) {
    fs::write(path, lines.join("\n") + "\n").unwrap();
}

async fn client() -> SecureClient {
    crate::engine::client().table::<Account>().table::<Entry>().build().await
}

async fn faulty() -> (SecureClient, LocalEngine) {
    let engine = embedded_engine().await;
    let client = embedded().engine(&engine).table::<Account>().table::<Entry>();
    (client.build().await.unwrap(), engine)
}

/// All that is in the table, in the order of its text.
async fn stored(client: &SecureClient, folder: &Folder) -> Vec<String> {
    let file = folder.file("stored.jsonl");
    Dump::of::<Ledger>(&file).send(client).await.unwrap();
    let text = fs::read_to_string(&file).unwrap();
    let mut lines: Vec<_> =
        text.lines().map(|line| line.parse::<Value>().unwrap().to_string()).collect();
    lines.sort_unstable();
    lines
}

fn sorted(lines: &[String]) -> Vec<String> {
    let mut lines: Vec<_> =
        lines.iter().map(|line| line.parse::<Value>().unwrap().to_string()).collect();
    lines.sort_unstable();
    lines
}

/// On each engine.
#[tokio::test]
async fn what_is_dumped_and_loaded_is_the_same_with_its_versions() {
    let folder = Folder::new("round-trip");
    let file = folder.file("ledger.jsonl");
    let mut lines: Vec<_> = (0..120).map(|number| entry("ann", number, -5)).collect();
    lines.push(account("ann", 41));
    write(&file, &lines);
    let client = client().await;
    let loaded = Load::of::<Ledger>(&file).send(&client).await.unwrap();
    assert_eq!((loaded.lines, loaded.put, loaded.rejected), (121, 121, 0));
    assert_eq!(stored(&client, &folder).await, sorted(&lines));
    let ann = Account::get(Account::key("ann")).send(&client).await.unwrap().unwrap();
    assert_eq!(ann.version, Version::new(41));
    // Nothing is left of the progress.
    let names = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["ledger.jsonl", "stored.jsonl"]);
}

#[tokio::test]
async fn compressed_files_and_folders_of_exports_are_read() {
    let folder = Folder::new("compressed");
    let data = folder.file("data");
    fs::create_dir(&data).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writeln!(gzip, "{}", entry("ann", 1, 1)).unwrap();
    fs::write(data.join("a.json.gz"), gzip.finish().unwrap()).unwrap();
    let text = format!("{}\n", entry("ann", 2, 2));
    let frame = |text: &str| {
        let fastest = ruzstd::encoding::CompressionLevel::Fastest;
        ruzstd::encoding::compress_to_vec(text.as_bytes(), fastest)
    };
    // Several frames, of which one is to be skipped, are one file.
    let skipped = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3].to_vec();
    let more = frame(&format!("{}\n", entry("ann", 4, 4)));
    fs::write(data.join("b.json.zst"), [frame(&text), skipped, more].concat()).unwrap();
    // The last line of a file may lack its end.
    fs::write(data.join("c.json"), entry("ann", 3, 3)).unwrap();
    fs::write(data.join("manifest.md5"), "no item").unwrap();
    let client = client().await;
    let loaded = Load::of::<Ledger>(&data).send(&client).await.unwrap();
    assert_eq!((loaded.lines, loaded.put), (4, 4));
    let lines = [1, 2, 3, 4].map(|number: u32| entry("ann", number.into(), number.into()));
    assert_eq!(stored(&client, &folder).await, sorted(&lines));
    for name in ["dump.json.gz", "dump.json.zst"] {
        let dump = folder.file(name);
        let dumped = Dump::of::<Ledger>(&dump).send(&client).await.unwrap();
        assert_eq!((dumped.items, dumped.bytes), (4, fs::metadata(&dump).unwrap().len()));
        assert!(!fs::read(&dump).unwrap().starts_with(b"{"), "{name}: it is not compressed");
        assert_eq!(Load::of::<Ledger>(&dump).send(&client).await.unwrap().put, 4, "{name}");
    }
}

#[tokio::test]
async fn an_incremental_export_is_put_and_deleted() {
    let folder = Folder::new("incremental");
    let file = folder.file("ledger.jsonl");
    let client = client().await;
    write(&file, &[entry("ann", 1, 1), entry("ann", 2, 2)]);
    Load::of::<Ledger>(&file).send(&client).await.unwrap();

    let change = |item: &str, image: &str| {
        let item: Value = item.parse().unwrap();
        let item = &item["Item"];
        let mut change = json!({
            "Metadata": {"WriteTimestampMicros": {"N": "1680109764000000"}},
            "Keys": {"pk": item["pk"], "sk": item["sk"]},
        });
        change[image] = item.clone();
        change.to_string()
    };
    let lines = [change(&entry("ann", 1, 10), "NewImage"), change(&entry("ann", 2, 2), "OldImage")];
    write(&file, &lines);
    let loaded = Load::of::<Ledger>(&file).send(&client).await.unwrap();
    assert_eq!((loaded.lines, loaded.put, loaded.deleted), (2, 1, 1));
    assert_eq!(stored(&client, &folder).await, sorted(&[entry("ann", 1, 10)]));
}

#[tokio::test]
async fn of_two_lines_with_one_key_the_later_one_stays() {
    let folder = Folder::new("twice");
    let file = folder.file("ledger.jsonl");
    let lines: Vec<_> =
        (0..300).map(|number| entry("ann", number % 7, number.cast_signed())).collect();
    write(&file, &lines);
    let client = client().await;
    let loaded = Load::of::<Ledger>(&file).send(&client).await.unwrap();
    assert_eq!((loaded.lines, loaded.put), (300, 300));
    assert_eq!(stored(&client, &folder).await, sorted(&lines[293..]));
}

#[tokio::test]
async fn rejected_lines_are_in_a_file_with_the_reason_and_the_counts_add_up() {
    let folder = Folder::new("rejected");
    let (file, rejects) = (folder.file("ledger.jsonl"), folder.file("rejected.jsonl"));
    let lines = [
        entry("ann", 1, 1),
        "{\"Item\":{\"pk\":{\"S\":\"hunter2\"}}}".to_owned(),
        String::new(),
        "no JSON".to_owned(),
        account("ann", 1).replace("\"S\":\"of ann\"", "\"N\":\"7\""),
        account("bob", 1),
    ];
    write(&file, &lines);
    let client = client().await;
    let error = Load::of::<Ledger>(&file).send(&client).await.unwrap_err();
    assert!(matches!(&error, LoadError::Line { number: 2, .. }), "{error}");
    assert!(!error.to_string().contains("hunter2"), "{error}");
    assert!(stored(&client, &folder).await.is_empty());

    let loaded = Load::of::<Ledger>(&file).rejects(&rejects).send(&client).await.unwrap();
    assert_eq!((loaded.put, loaded.rejected, loaded.empty), (2, 3, 1));
    assert_eq!(loaded.lines, loaded.put + loaded.deleted + loaded.rejected + loaded.empty);
    let rejected = fs::read_to_string(&rejects).unwrap();
    let rejected: Vec<Value> = rejected.lines().map(|line| line.parse().unwrap()).collect();
    assert_eq!(
        rejected.iter().map(|line| line["line"].as_u64().unwrap()).collect::<Vec<_>>(),
        [2, 4, 5]
    );
    assert_eq!(rejected[2]["was"].as_str(), Some(lines[4].as_str()));
    assert!(rejected[2]["reason"].as_str().unwrap().contains("name"), "{}", rejected[2]);
}

/// It is polled so many times, then dropped.
async fn stopped<F: Future>(future: F, polls: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

#[tokio::test]
async fn a_load_that_is_stopped_anywhere_and_resumed_leaves_the_same_table() {
    let folder = Folder::new("stopped");
    let (file, rejects) = (folder.file("ledger.jsonl"), folder.file("rejected.jsonl"));
    let mut lines = Vec::new();
    for number in 0..1000_u64 {
        lines.push(entry("ann", number % 800, number.cast_signed()));
        if number % 100 == 0 {
            lines.push(format!("no item {number}"));
        }
    }
    write(&file, &lines);
    let (client, _engine) = faulty().await;
    let mut stops = 0;
    let loaded = loop {
        // Each time somewhere else, and later in the end.
        let polls = 3 + (stops * 7) % 17 + stops / 2;
        let load = Load::of::<Ledger>(&file).rejects(&rejects);
        match stopped(Box::pin(load.send(&client)), polls).await {
            None => stops += 1,
            Some(loaded) => break loaded.unwrap(),
        }
        assert!(stops < 500, "it does not get on");
    };
    assert!(stops >= 20, "{stops}");
    assert_eq!((loaded.lines, loaded.put, loaded.rejected), (1010, 1000, 10));
    let expected: Vec<_> = (0..800_u64)
        .map(|number| {
            let last = if number < 200 { number + 800 } else { number };
            entry("ann", number, last.cast_signed())
        })
        .collect();
    assert_eq!(stored(&client, &folder).await, sorted(&expected));
    assert_eq!(fs::read_to_string(&rejects).unwrap().lines().count(), 10);
}

#[tokio::test]
async fn what_the_service_leaves_is_written_after_all_and_a_failure_goes_on_from_there() {
    let folder = Folder::new("unprocessed");
    let file = folder.file("ledger.jsonl");
    let lines: Vec<_> = (0..60).map(|number| entry("ann", number, 1)).collect();
    write(&file, &lines);
    let (client, engine) = faulty().await;
    engine.faults().leave_unprocessed("BatchWriteItem", 3);
    engine.faults().lose_response("BatchWriteItem");
    engine.faults().fail("BatchWriteItem", 400, "AccessDeniedException");
    let error = Load::of::<Ledger>(&file).send(&client).await.unwrap_err();
    assert!(matches!(&error, LoadError::Call(_)), "{error}");
    let loaded = Load::of::<Ledger>(&file).send(&client).await.unwrap();
    assert_eq!((loaded.lines, loaded.put), (60, 60));
    assert_eq!(engine.faults().pending(), 0);
    assert_eq!(stored(&client, &folder).await, sorted(&lines));
}

#[tokio::test]
async fn a_dump_goes_on_where_it_ended_and_has_each_item_once() {
    let folder = Folder::new("dump");
    let file = folder.file("ledger.jsonl");
    // Of several pages of 1 MB.
    let long = "x".repeat(30_000);
    let lines: Vec<_> = (0..120)
        .map(|number| account(&format!("{number:03}"), 1).replace("of ", &format!("{long} ")))
        .collect();
    write(&file, &lines);
    let (client, engine) = faulty().await;
    Load::of::<Ledger>(&file).send(&client).await.unwrap();

    let dump = folder.file("dump.jsonl");
    engine.forget_requests();
    assert_eq!(Dump::of::<Ledger>(&dump).send(&client).await.unwrap().items, 120);
    let pages = engine.requests().len();
    assert!(pages >= 3, "{pages}");

    let mut stops = 0;
    let again = folder.file("again.jsonl");
    let dumped = loop {
        match stopped(Dump::of::<Ledger>(&again).send(&client), 2 + stops * 5).await {
            None => stops += 1,
            Some(dumped) => break dumped.unwrap(),
        }
        assert!(stops < 500, "it does not get on");
    };
    assert_eq!((dumped.items, dumped.foreign), (120, 0));
    let lines = |file| {
        let text = fs::read_to_string(file).unwrap();
        sorted(&text.lines().map(str::to_owned).collect::<Vec<_>>())
    };
    assert!(lines(&again) == lines(&dump), "other items");
    assert_eq!(dumped.bytes, fs::metadata(&again).unwrap().len());
}

#[tokio::test]
async fn a_page_that_does_not_say_where_the_next_one_begins_is_not_the_last() {
    let folder = Folder::new("no-key");
    let (client, engine) = faulty().await;
    let page = r#"{"Items":[],"Count":0,"ScannedCount":0,"LastEvaluatedKey":7}"#;
    engine.faults().answer("Scan", page);
    let dump = Dump::of::<Ledger>(folder.file("dump.jsonl"));
    let error = dump.send(&client).await.unwrap_err();
    assert!(error.to_string().contains("`LastEvaluatedKey` is no key"), "{error}");
}

#[tokio::test]
async fn an_entity_declares_that_it_is_loaded() {
    mod plain {
        use dynamo_runtime::prelude::*;

        #[derive(Entity, Debug)]
        #[dynamo(table = "plain")]
        pub struct Plain {
            #[dynamo(partition_key)]
            pub id: String,
        }
    }
    let client = client().await;
    let error = Load::of::<(Account, plain::Plain)>("none.jsonl").send(&client).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`Plain` does not allow it: declare it, `#[dynamo(allow(load))]` on `Plain`"
    );
    let error = Dump::of::<plain::Plain>("none.jsonl").send(&client).await.unwrap_err();
    assert!(matches!(error, LoadError::NotAllowed { permission: "scan", .. }), "{error}");
    let error = Load::of::<Account>("/no/such/file").send(&client).await.unwrap_err();
    assert!(matches!(error, LoadError::File(..)), "{error}");
}

#[tokio::test]
async fn a_local_client_begins_with_what_it_is_seeded_with() {
    let folder = Folder::new("seed");
    let file = folder.file("ledger.jsonl");
    write(&file, &[account("ann", 3), entry("ann", 1, 1)]);
    let client = || embedded().table::<Account>().table::<Entry>();
    let seeded = client().seed(&file).build().await.unwrap();
    let ann = Account::get(Account::key("ann")).send(&seeded).await.unwrap().unwrap();
    assert_eq!(ann.version, Version::new(3));
    write(&file, &["no item".to_owned()]);
    let error = client().seed(&file).build().await.unwrap_err();
    assert!(error.to_string().contains("it cannot be seeded: line 1"), "{error}");
}
