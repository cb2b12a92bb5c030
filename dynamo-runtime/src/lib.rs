//! Typed, conditional, man-in-the-middle-proof access to DynamoDB.
//!
//! Annotate a struct; [`derive@Entity`] gives it typed keys, typed attributes and the operations
//! of the trait [`trait@Entity`]; a [`SecureClient`] sends them.
// Its first example runs against the embedded engine.
#![cfg_attr(feature = "local", doc = include_str!("../../README.md"))]
#![forbid(unsafe_code)]
#![warn(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

pub mod attribute;
mod client;
pub mod codec;
mod collection;
mod entity;
mod error;
pub mod expression;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod key;
#[doc = include_str!("key/encoding.md")]
pub mod key_encoding {}
pub mod operation;
pub mod prelude;
mod projection;
mod schema;
pub mod stream;
#[cfg(feature = "local")]
pub mod testing;
mod value;

#[cfg(feature = "__benches")]
#[doc(hidden)]
pub mod __benches;
#[doc(hidden)]
pub mod __private;

pub use dynamo_derive::{Collection, Document, Entity, KeyPart, Projection};

pub use attribute::{Attribute, AttributeGroup, Contains, Size, ValueFor};
pub use client::{
    AccountId, AmbientOutcome, Audit, AuditEvent, AuditLog, BuildError, ConsumedCapacity,
    Credentials, Endpoint, NeedsCredentials, NeedsRegion, PeerInfo, Proxy, Region, SecureClient,
    SecureClientBuilder, TableName, Timeouts, TlsFloor, TracingAudit, Trust, VpcEndpointId,
};
pub use codec::UnknownAttributes;
pub use collection::{Aggregate, AggregateQuery, Collection, CollectionQuery, HasEntity, OfTable};
pub use entity::{CanBeAbsent, Entity, Record, Versioned};
pub use error::{BoxError, CancellationReason, Error, TransactionError, WriteError};
pub use expression::{Condition, all_of, any_of};
pub use key::{IndexKeyPart, Key, KeyError, KeyPart, SingleKey};
pub use operation::{
    BatchWrite, Cursor, CursorError, CursorKey, CursorKeys, Gathered, Items, ModifyResult, Page,
    Query, Response, Transaction, Writes, Written, begins_with,
};
pub use projection::{Owned, Projection};
pub use value::{Number, NumberError, Sensitive, Timestamp, TimestampError, Version};
