//! What can be said on the command line.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// The tables of this program, from its entities.
///
/// Exit codes: 0 it is done, 1 it failed, 2 the arguments are wrong, 3 something differs: a table
/// from its entities, or the entities from their lock.
#[derive(Parser)]
#[command(name = "dynamo-schema", version)]
pub(crate) struct Arguments {
    /// Print JSON, for other programs.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make the tables that are not there, and wait until they can be used.
    Create(Place),
    /// Show what would make the tables what the entities describe, or do it.
    Plan {
        #[command(flatten)]
        place: Place,
        /// Do it.
        #[arg(long)]
        apply: bool,
    },
    /// Compare the tables with the entities.
    Verify(Place),
    /// Show what DynamoDB has counted of the table, some hours ago.
    Describe(Place),
    /// Compare the entities with the lock of what is stored, and write what is new into it.
    Lock {
        /// The file.
        #[arg(default_value = "schema.lock.json")]
        file: PathBuf,
        /// Why breaking changes are accepted: it stays in the file.
        #[arg(long, value_name = "REASON")]
        accept: Option<String>,
    },
    /// Print the tables in the form of another tool.
    Export {
        form: Form,
        /// The regions of the replicas, of a global table.
        #[arg(long = "region")]
        regions: Vec<String>,
        /// The account of the tables, for IAM.
        #[arg(long, default_value = "123456789012")]
        account: String,
    },
    /// Print a drawing of the tables.
    Draw { drawing: Drawing },
    /// Put the items of a file into the tables as they are; goes on where it was stopped.
    Load {
        #[command(flatten)]
        place: Place,
        /// A file with a line for each item, or the folder `data` of an export to S3.
        source: PathBuf,
        /// The form of the file; by default CSV if its name ends in .csv, and else DynamoDB JSON.
        #[arg(long)]
        format: Option<Format>,
        /// Where lines go that are no item, with the reason; without it they end the load.
        #[arg(long)]
        rejects: Option<PathBuf>,
        /// The most items a second.
        #[arg(long)]
        rate: Option<NonZeroU32>,
    },
    /// Write the items of the table to a file; goes on where it was stopped.
    Dump {
        #[command(flatten)]
        place: Place,
        file: PathBuf,
        /// The form of the file; by default CSV if its name ends in .csv, and else DynamoDB JSON.
        #[arg(long)]
        format: Option<Format>,
        /// The most items a second.
        #[arg(long)]
        rate: Option<NonZeroU32>,
    },
    /// Print what completes this command in a shell.
    Completions { shell: Shell },
}

/// Where the tables are.
#[derive(Args)]
pub(crate) struct Place {
    /// The region; the credentials are those of the environment.
    #[arg(long, required_unless_present = "local")]
    pub(crate) region: Option<String>,
    /// A database of the embedded engine in this file, instead of DynamoDB.
    #[arg(long, value_name = "FILE", conflicts_with = "region")]
    pub(crate) local: Option<PathBuf>,
    /// Another service that speaks as DynamoDB does, by TLS, instead of DynamoDB.
    #[arg(long, value_name = "HOST:PORT", requires = "ca")]
    pub(crate) endpoint: Option<String>,
    /// The certificate of that service's authority, as PEM.
    #[arg(long, value_name = "FILE", requires = "endpoint")]
    pub(crate) ca: Option<PathBuf>,
    /// The name of the table, where it is another than the entities have.
    #[arg(long, value_name = "NAME", conflicts_with = "local")]
    pub(crate) table: Option<String>,
}

/// The form of a file of items.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// As DynamoDB's exports have it: `{"Item":{"id":{"S":"a"}}}`.
    DynamodbJson,
    /// `{"id":"a"}`.
    PlainJson,
    /// For spreadsheets.
    Csv,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Form {
    Cloudformation,
    GlobalTable,
    Terraform,
    Cdk,
    Workbench,
    JsonSchema,
    IamPolicy,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Drawing {
    Mermaid,
    Html,
}
