//! What a program needs in most of its files: `use dynamo_runtime::prelude::*;`.

pub use crate::client::{Credentials, Region, SecureClient, TableName};
pub use crate::collection::{Aggregate, Collection};
pub use crate::entity::Entity;
pub use crate::error::{Error, WriteError};
pub use crate::expression::{all_of, any_of};
pub use crate::key::KeyPart;
pub use crate::operation::{BatchWrite, Operations, Transaction, begins_with};
pub use crate::projection::Projection;
pub use crate::value::{Embedding, Sensitive, Timestamp, Version};
pub use dynamo_derive::{Collection, Document, Entity, KeyPart, Projection};
