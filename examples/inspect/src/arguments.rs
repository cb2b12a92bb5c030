//! The command line.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand};

/// Writes the structs for a table that is there already, from a sample of its items.
///
/// The source goes to the standard output. It has no value of an attribute but the fixed text of
/// keys and what tells entities apart.
#[derive(Parser)]
#[command(name = "dynamo-inspect", version)]
pub(crate) struct InspectArguments {
    #[command(subcommand)]
    pub(crate) from: From,
}

#[derive(Subcommand)]
pub(crate) enum From {
    /// Read a file with an item of DynamoDB JSON in each line, or the folder `data` of an export to S3.
    File {
        /// The file, or the folder; what ends in `.gz` is compressed.
        source: PathBuf,
        /// The name of the table.
        #[arg(long, default_value = "items")]
        table: String,
        /// The attribute that is the partition key; else it is told from the values.
        #[arg(long, value_name = "ATTRIBUTE")]
        partition_key: Option<String>,
        /// The attribute that is the sort key.
        #[arg(long, value_name = "ATTRIBUTE", requires = "partition_key")]
        sort_key: Option<String>,
        /// An index with its keys: `email-index=email` or `gsi1=gsi1pk,gsi1sk`.
        #[arg(long = "index", value_name = "NAME=KEYS")]
        indexes: Vec<NamedIndex>,
        /// The most items.
        #[arg(long, default_value_t = 10_000)]
        items: usize,
    },
    /// Scan the first items of a table: its keys and indexes are asked for.
    Scan {
        /// The name of the table.
        table: String,
        #[command(flatten)]
        place: Where,
        /// The most items.
        #[arg(long, default_value = "1000")]
        items: NonZeroU32,
        /// The most items a second.
        #[arg(long, default_value = "100")]
        rate: NonZeroU32,
    },
}

/// Where the table is: the credentials are those of the environment.
#[derive(Args)]
pub(crate) struct Where {
    #[arg(long)]
    pub(crate) region: String,
    /// Another service that speaks as DynamoDB does, by TLS, instead of DynamoDB.
    #[arg(long, value_name = "HOST:PORT", requires = "ca")]
    pub(crate) endpoint: Option<String>,
    /// The certificate of that service's authority, as PEM.
    #[arg(long, value_name = "FILE", requires = "endpoint")]
    pub(crate) ca: Option<PathBuf>,
}

/// An index and the attributes that are its keys.
#[derive(Clone, Debug)]
pub(crate) struct NamedIndex {
    pub(crate) name: String,
    pub(crate) partition_key: String,
    pub(crate) sort_key: Option<String>,
    /// Whether it is a local one, which has the partition key of the table.
    pub(crate) is_local: bool,
}

impl FromStr for NamedIndex {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, keys) =
            text.split_once('=').ok_or("it is written `NAME=KEY` or `NAME=KEY,KEY`")?;
        let (partition_key, sort_key) = match keys.split_once(',') {
            Some((partition_key, sort_key)) => (partition_key, Some(sort_key.to_owned())),
            None => (keys, None),
        };
        let (name, partition_key) = (name.to_owned(), partition_key.to_owned());
        Ok(Self { name, partition_key, sort_key, is_local: false })
    }
}
