//! Typed, conditional, man-in-the-middle-proof access to DynamoDB.
//!
//! Annotate a struct: [`derive@Entity`] gives it typed keys, typed attributes and the operations of
//! the trait [`trait@Entity`], whose writes need a condition. A [`SecureClient`] sends them over
//! verified TLS to the host that its code names, searches of vectors to the one beside it, and
//! nothing else sends them.
//!
//! # The first program
#![cfg_attr(feature = "local", doc = "```")]
#![cfg_attr(not(feature = "local"), doc = "```ignore")]
//! use dynamo_runtime::prelude::*;
//!
//! #[derive(Entity, Clone, Debug, PartialEq)]
//! #[dynamo(table = "notes")]
//! struct Note {
//!     #[dynamo(partition_key)]
//!     author: String,
//!     #[dynamo(sort_key)]
//!     written_at: Timestamp,
//!     text: String,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // The embedded engine behind TLS, of the feature `local`.
//! let client = SecureClient::local().table::<Note>().build().await?;
//!
//! let note = Note { author: "ann".into(), written_at: Timestamp::now(), text: "first".into() };
//! Note::create(note.clone()).send(&client).await?; // a taken key is an error
//!
//! Note::update(note.to_key())
//!     .set(Note::TEXT, "second")
//!     .condition(Note::TEXT.eq("first")) // without a condition this does not compile
//!     .send(&client)
//!     .await?;
//!
//! let notes = Note::query("ann").send(&client).await?;
//! assert_eq!(notes.items[0].text, "second");
//! # Ok(())
//! # }
//! ```
//!
//! # Where to find it
//!
//! The repository's `docs/book` teaches the library chapter by chapter; here is the reference.
//!
//! | what | where |
//! |---|---|
//! | what a struct can say | [`derive@Entity`], [`derive@Document`], [`derive@KeyPart`], [`derive@Projection`], [`derive@Collection`] |
//! | get, create, put, update, delete, query, scan | the trait [`Operations`], and [`operation`] |
//! | conditions and updates | [`attribute`], [`all_of`], [`any_of`], and [`expression`] |
//! | several items at once | [`batch_get`](Operations::batch_get()), [`BatchWrite`], [`Transaction`] |
//! | the client and what it trusts | [`SecureClient`], [`Credentials`], [`Endpoint`], [`Trust`], and [`client`] |
//! | what a client trusts and has met, as a report | [`SecureClient::attestation`] |
//! | several entities in one partition | [`derive@Collection`], and [`collection`] |
//! | what failed | [`Error`], [`WriteError`], [`TransactionError`] |
//! | which types are stored as what | [`codec`] |
//! | how keys are written | [`key_encoding`] |
//! | records of a table's stream | [`stream`] |
//! | tables: created, verified, planned, locked, exported | the module `tables`, of the feature `schema` |
//! | whole tables from files and to files | the module `load`, of the feature `load` |
//! | tests without AWS | `SecureClient::local()` and the module `testing`, of the feature `local` |
//!
//! # Features
//!
//! None is on by default.
//!
//! | feature | what it adds |
//! |---|---|
//! | `local` | the embedded engine behind TLS, for tests and local work; it links `SQLite` |
//! | `schema` | tables from entities: created, verified, locked, exported, drawn; `local` has it |
//! | `load` | whole tables from files and to files; `local` has it |
//! | `metrics-024` | counters by the `metrics` crate |
//! | `serde` | `#[dynamo(serde)]` and `form = json` for fields whose types have only serde, and serde's traits for the crate's own values |
//! | `sdk` | items of the SDK, `HashMap<String, AttributeValue>`, to entities and back |
//! | `bytes-1`, `chrono-04`, `jiff-1`, `rust-decimal-1`, `time-03`, `url-2`, `uuid-1` | values of these crates as attributes and keys |
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]
#![warn(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

pub mod attribute;
pub mod client;
pub mod codec;
pub mod collection;
mod entity;
pub mod error;
pub mod expression;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod key;
#[cfg(feature = "load")]
pub mod load;
#[doc = include_str!("key/encoding.md")]
pub mod key_encoding {}
pub mod operation;
pub mod prelude;
mod projection;
mod record;
mod schema;
#[cfg(feature = "sdk")]
pub mod sdk;
mod sha256;
pub mod stream;
mod subject;
mod table;
#[cfg(feature = "schema")]
pub mod tables;
#[cfg(feature = "local")]
pub mod testing;
pub mod value;

#[cfg(feature = "__benches")]
#[doc(hidden)]
pub mod __benches;
#[doc(hidden)]
pub mod __private;

pub use dynamo_derive::{Collection, Document, Entity, KeyPart, Projection};

pub use attribute::Attribute;
pub use client::{Credentials, Endpoint, Region, SecureClient, TableName, Trust};
pub use codec::UnknownAttributes;
pub use collection::Collection;
pub use entity::{Entities, Entity, Key};
pub use error::{Error, TransactionError, WriteError};
pub use expression::{AttributeType, Condition, all_of, any_of};
pub use key::{KeyError, KeyPart};
pub use operation::{BatchWrite, Items, Operations, Page, Response, Transaction};
pub use projection::Projection;
pub use value::{
    AnyValue, Embedding, Number, Sensitive, Timestamp, Version, VersionBytes, VersionToken,
};
