//! Input files of `StartBulkPutItems`.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::LoadError;
use super::format::FileCompression;
use crate::client::SecureClient;
use crate::codec::response::raw_member;
use crate::operation::put_item_body;
use crate::operation::traits::WholeItemWrite;
use crate::subject::Subject;

/// The members of a line, as those of a `PutItem`.
const MEMBERS: [&str; 4] =
    ["Item", "ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues"];

const SUBJECT: Subject = Subject { entity: "BulkPut", operation: "write a file" };

/// An input file of `StartBulkPutItems`, which puts the items of files in S3 into a table: a line of
/// DynamoDB JSON for each item, with the condition of its write. What ends in `.gz` is compressed.
///
/// Each line is a write as it would be sent: a `create`, a `put` with a condition or a `replace`,
/// whose expression the library writes. One without a condition is declared on the entity
/// (`#[dynamo(allow(unconditional_put))]`), as everywhere else. DynamoDB writes the lines of a file
/// in no order, so a file must have no key twice.
///
/// **It has not been tried on DynamoDB**: the SDK cannot start the operation yet, and no file says
/// what a line is called but the guide. Here it has the members of a `PutItem`. So import a file
/// first whose only condition fails, with `OutputType` `CONDITION_CHECK_FAILURE`, and look whether
/// the report has it.
///
/// Source: [Input formats for bulk put items](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/BulkPutItems.Format.html).
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::load::BulkPutFile;
///
/// #[derive(Entity, Clone, Debug, PartialEq)]
/// #[dynamo(table = "users")]
/// struct User {
///     #[dynamo(partition_key)]
///     id: String,
///     name: String,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let path = std::env::temp_dir().join(format!("dynamo-bulk-put-{}.json", std::process::id()));
/// # let client = SecureClient::local().table::<User>().build().await?;
/// let mut file = BulkPutFile::create(&path)?;
/// file.put(&client, User::create(User { id: "ann".into(), name: "Ann".into() }))?;
/// let bob = User { id: "bob".into(), name: "Bob".into() };
/// file.put(&client, User::put(bob).condition(User::NAME.ne("Bob")))?;
/// assert_eq!(file.finish()?, 2); // lines
///
/// let text = std::fs::read_to_string(&path)?;
/// let line = r##"{"Item":{"id":{"S":"ann"},"name":{"S":"Ann"}},"ConditionExpression":"attribute_not_exists(#0)","ExpressionAttributeNames":{"#0":"id"}}"##;
/// assert_eq!(text.lines().next(), Some(line));
/// # std::fs::remove_file(&path)?;
/// # Ok(()) }
/// ```
#[must_use = "the file is whole after `.finish()`"]
pub struct BulkPutFile {
    path: PathBuf,
    file: BulkPutWriter,
    /// The logical name of the table of the first line.
    table: Option<&'static str>,
    lines: u64,
}

enum BulkPutWriter {
    Plain(BufWriter<File>),
    Gzip(GzEncoder<BufWriter<File>>),
}

impl BulkPutFile {
    /// Begins a new file.
    ///
    /// # Errors
    /// There is such a file, it cannot be written, or its name ends in `.zst`.
    pub fn create(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        let path = path.as_ref();
        let failed = LoadError::file(path);
        let compression = FileCompression::of_file(path);
        if compression == FileCompression::Zstd {
            let reason = "a file of `BulkPutFile` is plain, or compressed by gzip: `.gz`";
            return Err(failed(io::Error::new(io::ErrorKind::Unsupported, reason)));
        }
        let file = BufWriter::new(File::create_new(path).map_err(&failed)?);
        let file = match compression {
            FileCompression::Gzip => {
                BulkPutWriter::Gzip(GzEncoder::new(file, Compression::default()))
            }
            _ => BulkPutWriter::Plain(file),
        };
        Ok(Self { path: path.to_owned(), file, table: None, lines: 0 })
    }

    /// Writes a line. Nothing is sent: the client knows the time, and tells its audit of a write
    /// without a condition.
    ///
    /// # Errors
    /// The item or the condition is not one that DynamoDB takes, the item is of another table than
    /// those before it, or the file cannot be written.
    pub fn put<W: WholeItemWrite>(
        &mut self,
        client: &SecureClient,
        write: W,
    ) -> Result<(), LoadError> {
        let (table, body) = put_item_body(client, write).map_err(LoadError::Call)?;
        if *self.table.get_or_insert(table) != table {
            return Err(LoadError::SeveralTables);
        }
        let mut line = Vec::with_capacity(body.len());
        for name in MEMBERS {
            let member = raw_member(&body, name);
            let member = member.map_err(|error| {
                LoadError::Call(SUBJECT.error(crate::error::ErrorKind::Decode(error)))
            })?;
            let Some(member) = member else { continue };
            line.extend_from_slice(if line.is_empty() { b"{\"" } else { b",\"" });
            line.extend_from_slice(name.as_bytes());
            line.extend_from_slice(b"\":");
            line.extend_from_slice(member);
        }
        line.extend_from_slice(b"}\n");
        let written = match &mut self.file {
            BulkPutWriter::Plain(file) => file.write_all(&line),
            BulkPutWriter::Gzip(file) => file.write_all(&line),
        };
        written.map_err(LoadError::file(&self.path))?;
        self.lines += 1;
        Ok(())
    }

    /// Ends the file, and gives the number of its lines.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(self) -> Result<u64, LoadError> {
        let file = match self.file {
            BulkPutWriter::Plain(file) => Ok(file),
            BulkPutWriter::Gzip(file) => file.finish(),
        };
        let ended = file
            .and_then(|file| file.into_inner().map_err(io::IntoInnerError::into_error))
            .and_then(|file| file.sync_all());
        ended.map_err(LoadError::file(&self.path))?;
        Ok(self.lines)
    }
}

impl std::fmt::Debug for BulkPutFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BulkPutFile").field("path", &self.path).finish_non_exhaustive()
    }
}
