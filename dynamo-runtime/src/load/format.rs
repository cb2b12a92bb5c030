//! The forms that a file of items can have.

use std::ffi::OsStr;
use std::path::Path;

/// How a file has items.
///
/// By the end of its name a file is [`Csv`](Self::Csv) if that is `.csv`, and else
/// [`DynamoDbJson`](Self::DynamoDbJson); `.gz` or `.zst` may follow.
///
/// What a plain form cannot say of an item is in its member or column `$dynamodb`, as DynamoDB JSON:
/// nothing of an item is lost.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use std::collections::BTreeSet;
/// use dynamo_runtime::load::{Dump, ItemFormat, Load};
///
/// #[derive(Entity, Clone, Debug, PartialEq)]
/// #[dynamo(table = "users", allow(scan, load))]
/// struct User {
///     #[dynamo(partition_key)]
///     id: String,
///     name: String,
///     age: Option<u8>,
///     tags: BTreeSet<String>,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = std::env::temp_dir().join(format!("dynamo-formats-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let (csv, json) = (folder.join("users.csv"), folder.join("users.json"));
/// let client = SecureClient::local().table::<User>().build().await?;
/// std::fs::write(&csv, "id,name,tags\nann,Ann,\"[\"\"new\"\"]\"\n")?;
/// assert_eq!(Load::of::<User>(&csv).send(&client).await?.put, 1);
///
/// Dump::of::<User>(&json).format(ItemFormat::PlainJson).send(&client).await?;
/// let line = "{\"id\":\"ann\",\"name\":\"Ann\",\"tags\":[\"new\"]}\n";
/// assert_eq!(std::fs::read_to_string(&json)?, line);
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ItemFormat {
    /// A line for each item as DynamoDB's own exports to S3 have it: `{"Item":{"id":{"S":"a"}}}`.
    #[default]
    DynamoDbJson,
    /// A line for each item as a JSON object: `{"id":"a"}`. What a string, a number or an array is
    /// stored as, the entities decide; binary is Base64.
    PlainJson,
    /// A row for each item below a row of attribute names
    /// ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)). An empty cell is an absent attribute.
    /// Text is as it is, and a JSON string where it is empty, begins with a quote, or begins as a
    /// formula of a spreadsheet does; binary is Base64; a list, a map and a set are JSON.
    Csv,
}

impl ItemFormat {
    pub(super) fn of_file(path: &Path) -> Self {
        if extensions(path).any(|extension| extension == "csv") {
            Self::Csv
        } else {
            Self::DynamoDbJson
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::DynamoDbJson => "dynamodb-json",
            Self::PlainJson => "plain-json",
            Self::Csv => "csv",
        }
    }

    /// Whether a file of a folder has items: beside them an export has checksums and a list of its
    /// files.
    pub(super) fn is_of_file(self, path: &Path) -> bool {
        let mut extensions = extensions(path);
        let last = extensions.next();
        match (self, last) {
            (_, Some("gz" | "zst")) => true,
            (Self::Csv, last) => last == Some("csv"),
            (_, last) => matches!(last, Some("json" | "jsonl")),
        }
    }
}

/// How a file is compressed, by the end of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileCompression {
    None,
    Gzip,
    Zstd,
}

impl FileCompression {
    pub(super) fn of_file(path: &Path) -> Self {
        match extensions(path).next() {
            Some("gz") => Self::Gzip,
            Some("zst") => Self::Zstd,
            _ => Self::None,
        }
    }
}

/// The last one, and the one before it where the last is of a compressed file.
fn extensions(path: &Path) -> impl Iterator<Item = &str> {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let (before, last) = name.rsplit_once('.').unwrap_or((name, ""));
    let is_compressed = matches!(last, "gz" | "zst");
    let inner = before.rsplit_once('.').filter(|_| is_compressed).map(|(_, inner)| inner);
    std::iter::once(last).chain(inner)
}
