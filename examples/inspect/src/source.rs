//! Where the items come from.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use dynamo_runtime::load::Dump;
use dynamo_runtime::prelude::*;
use dynamo_runtime::tables::{IndexDescription, TableDescription};
use dynamo_runtime::{Endpoint, TableName, Trust};
use flate2::read::MultiGzDecoder;
use serde_json::Value;
use tokio::sync::mpsc;

use crate::Failure;
use crate::arguments::{From, InspectArguments, NamedIndex, Where};
use crate::groups::is_key;
use crate::sighting::Item;

/// Some items of a table.
pub(crate) struct Sample {
    pub(crate) table: String,
    pub(crate) items: Vec<Item>,
    /// The keys, where they are known.
    pub(crate) keys: Option<TableKeys>,
}

/// The attributes that are keys.
pub(crate) struct TableKeys {
    pub(crate) partition_key: String,
    pub(crate) sort_key: Option<String>,
    pub(crate) indexes: Vec<NamedIndex>,
}

impl TableKeys {
    pub(crate) fn names(&self) -> BTreeSet<String> {
        let own = std::iter::once(&self.partition_key).chain(&self.sort_key);
        let of_indexes = self
            .indexes
            .iter()
            .flat_map(|index| std::iter::once(&index.partition_key).chain(&index.sort_key));
        own.chain(of_indexes).cloned().collect()
    }

    /// The keys of items that do not say them: attributes that each item has, and of which no two
    /// items have the same values.
    pub(crate) fn told_from(items: &[Item]) -> Result<Self, Failure> {
        let in_each = |name: &&String| items.iter().all(|item| item.get(*name).is_some_and(is_key));
        let mut names: Vec<_> = items[0].keys().filter(in_each).collect();
        // Those that are named as keys first.
        names.sort_by_key(|name| {
            let lower = name.to_lowercase();
            (
                !["pk", "sk", "id", "hashkey", "sortkey", "partitionkey"].contains(&lower.as_str()),
                !lower.ends_with("id"),
            )
        });
        let are_unique = |names: &[&String]| {
            let keys: BTreeSet<_> = items
                .iter()
                .map(|item| names.iter().map(|name| item[*name].to_string()).collect::<Vec<_>>())
                .collect();
            keys.len() == items.len()
        };
        let found = |partition_key: &String, sort_key: Option<&String>| Self {
            partition_key: partition_key.clone(),
            sort_key: sort_key.cloned(),
            indexes: Vec::new(),
        };
        let called =
            |wanted: &str| names.iter().find(|name| name.eq_ignore_ascii_case(wanted)).copied();
        if let (Some(pk), Some(sk)) = (called("pk"), called("sk")) {
            return Ok(found(pk, Some(sk)));
        }
        if let Some(key) = names.iter().find(|name| are_unique(&[name])) {
            return Ok(found(key, None));
        }
        Err("the keys cannot be told from the values: say `--partition-key`, and `--sort-key` if there is one".into())
    }
}

pub(crate) async fn read(arguments: InspectArguments) -> Result<Sample, Failure> {
    match arguments.from {
        From::File { source, table, partition_key, sort_key, indexes, items } => {
            let items = read_files(&source, items)?;
            let keys =
                partition_key.map(|partition_key| TableKeys { partition_key, sort_key, indexes });
            Ok(Sample { table, items, keys })
        }
        From::Scan { table, place, items, rate } => scan(table, &place, items, rate).await,
    }
}

/// Whatever is in the table: a name for it, and leave to scan it.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "inspected", allow(scan))]
struct AnyItem {
    #[dynamo(partition_key)]
    key: String,
}

/// The first items of the table, by a dump that is ended once it has enough.
async fn scan(
    table: String,
    place: &Where,
    items: NonZeroU32,
    rate: NonZeroU32,
) -> Result<Sample, Failure> {
    let client = client(&table, place).await?;
    let keys = keys(&client.describe::<AnyItem>().await?.ok_or("there is no such table")?);
    let folder = TempFolder::new()?;
    let file = folder.0.join("items.jsonl");
    let (enough, mut is_enough) = mpsc::unbounded_channel();
    let dump =
        Dump::of::<AnyItem>(&file).items_per_second(rate.min(items)).progress(move |dumped| {
            if dumped.items >= u64::from(items.get()) {
                // Nobody listens once the whole table is read.
                let _ = enough.send(());
            }
        });
    tokio::select! {
        dumped = dump.send(&client) => drop(dumped?),
        _ = is_enough.recv() => {}
    }
    let items = read_files(&file, usize::try_from(items.get())?)?;
    Ok(Sample { table, items, keys: Some(keys) })
}

async fn client(table: &str, place: &Where) -> Result<SecureClient, Failure> {
    let mut client = SecureClient::builder()
        .region(Region::parse(&place.region)?)
        .credentials(Credentials::environment())
        .table::<AnyItem>(TableName::new(table)?);
    if let (Some(endpoint), Some(ca)) = (&place.endpoint, &place.ca) {
        let (host, port) = endpoint.rsplit_once(':').ok_or("an endpoint is `HOST:PORT`")?;
        client = client
            .endpoint(Endpoint::compatible(host, port.parse()?)?)
            .trust(Trust::private_ca(&fs::read_to_string(ca)?)?);
    }
    Ok(client.build().await?)
}

/// The keys as the table is described. An index with a key of several attributes is left out.
fn keys(table: &TableDescription) -> TableKeys {
    let one = |key: &[String]| key.first().cloned().unwrap_or_default();
    let is_simple =
        |index: &&IndexDescription| index.partition_key.len() == 1 && index.sort_key.len() < 2;
    let indexes = table.indexes.iter().filter(is_simple).map(|index| NamedIndex {
        name: index.name.clone(),
        partition_key: one(&index.partition_key),
        sort_key: index.sort_key.first().cloned(),
        is_local: !index.is_global,
    });
    TableKeys {
        partition_key: one(&table.partition_key),
        sort_key: table.sort_key.first().cloned(),
        indexes: indexes.collect(),
    }
}

/// A folder of this run, which goes with it: items are nobody else's to read.
struct TempFolder(PathBuf);

impl TempFolder {
    fn new() -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("dynamo-inspect-{}", std::process::id()));
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The first items of a file, or of the files of a folder.
fn read_files(source: &Path, most: usize) -> Result<Vec<Item>, Failure> {
    let mut items = Vec::new();
    for path in files(source)? {
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let file = File::open(&path).map_err(|error| failed(&error))?;
        let is_compressed = path.extension().is_some_and(|extension| extension == "gz");
        let reader: Box<dyn BufRead> = if is_compressed {
            Box::new(BufReader::new(MultiGzDecoder::new(file)))
        } else {
            Box::new(BufReader::new(file))
        };
        for (number, line) in reader.lines().enumerate() {
            if items.len() == most {
                return Ok(items);
            }
            let line = line.map_err(|error| failed(&error))?;
            if line.trim().is_empty() {
                continue;
            }
            let item = item(&line).ok_or_else(|| {
                format!("{}: line {} is no item of DynamoDB JSON", path.display(), number + 1)
            })?;
            items.push(item);
        }
    }
    Ok(items)
}

fn files(source: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error| format!("{}: {error}", source.display());
    if !source.is_dir() {
        return Ok(vec![source.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(source).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|it| it == "gz" || it == "json" || it == "jsonl") {
            files.push(path);
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// An item by itself, or in an `Item` as exports have it, or the `NewImage` of an incremental one.
fn item(line: &str) -> Option<Item> {
    let Value::Object(mut line) = serde_json::from_str(line).ok()? else { return None };
    for member in ["Item", "NewImage"] {
        if line.get(member).is_some_and(is_item) {
            let Some(Value::Object(item)) = line.remove(member) else { return None };
            return Some(item);
        }
    }
    is_item(&Value::Object(line.clone())).then_some(line)
}

/// Whether it is a map of values, of which each is an object of one member.
fn is_item(json: &Value) -> bool {
    let is_value = |value: &Value| value.as_object().is_some_and(|value| value.len() == 1);
    json.as_object().is_some_and(|item| !item.is_empty() && item.values().all(is_value))
}
