//! The records of DynamoDB Streams as changes of entities.
//!
//! A Lambda function that a table's stream calls gets its event as JSON, and `GetRecords` answers
//! in the same form: [`records`] reads both.
//!
//! ```
//! use dynamo_runtime::prelude::*;
//! use dynamo_runtime::stream::{self, Change};
//!
//! #[derive(Entity, Debug, PartialEq)]
//! #[dynamo(table = "users")]
//! struct User {
//!     #[dynamo(partition_key)]
//!     user_id: String,
//!     email: String,
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let event = br#"{"Records": [{
//!     "eventID": "1",
//!     "eventName": "INSERT",
//!     "dynamodb": {
//!         "Keys": {"user_id": {"S": "u1"}},
//!         "NewImage": {"user_id": {"S": "u1"}, "email": {"S": "a@example.com"}},
//!         "SequenceNumber": "111",
//!         "StreamViewType": "NEW_AND_OLD_IMAGES"
//!     }
//! }]}"#;
//! for record in stream::records(event)? {
//!     match record.change::<User>()? {
//!         Change::Inserted(user) => assert_eq!(user.email, "a@example.com"),
//!         Change::Modified { old, new } => println!("{} is {} now", old.email, new.email),
//!         Change::Removed(user) | Change::Expired(user) => println!("{} is gone", user.email),
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A write that changes nothing gives no record: of an entity without a version and a managed time of
//! writing, whoever counts its writes or waits for one is told of changes only. Those two change with
//! every write. (The embedded engine gives a record all the same.)
//!
//! Source: [Change data capture for DynamoDB Streams](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html).
//!
//! The stream needs the view type `NEW_AND_OLD_IMAGES`. In a Lambda function, take the event as
//! bytes or as raw JSON, and report the [`sequence_number`](StreamRecord::sequence_number) of the
//! first record that failed.

use std::fmt;

use crate::codec::stream::{self, Event, Record};
use crate::codec::{DecodeError, DecodeItem};
use crate::entity::Entity;
use crate::error::{Error, ErrorKind, Subject};
use crate::value::Timestamp;

/// The records of a Lambda event or of a `GetRecords` answer, in their order.
///
/// # Errors
/// The JSON is neither.
pub fn records(json: &[u8]) -> Result<Vec<StreamRecord<'_>>, DecodeError> {
    let records = stream::records(json)?;
    Ok(records.into_iter().map(StreamRecord).collect())
}

/// One record of a stream.
pub struct StreamRecord<'a>(Record<'a>);

impl StreamRecord<'_> {
    /// The change that it records.
    ///
    /// # Errors
    /// An image does not fit `T`, or is not in the record.
    pub fn change<T: StreamItem>(&self) -> Result<Change<T>, Error> {
        let Self(record) = self;
        Ok(match record.event {
            Event::Insert => Change::Inserted(self.new_image()?),
            Event::Modify => Change::Modified { old: self.old_image()?, new: self.new_image()? },
            Event::Remove if record.is_expiry => Change::Expired(self.old_image()?),
            Event::Remove => Change::Removed(self.old_image()?),
        })
    }

    /// Where the record stands in its shard: a Lambda function names the first one that failed.
    pub fn sequence_number(&self) -> &str {
        &self.0.sequence_number
    }

    /// About when the item was written: the service gives whole seconds.
    pub fn written_at(&self) -> Option<Timestamp> {
        self.0.written_at
    }

    fn new_image<T: StreamItem>(&self) -> Result<T, Error> {
        image(self.0.new_image, "NewImage")
    }

    fn old_image<T: StreamItem>(&self) -> Result<T, Error> {
        image(self.0.old_image, "OldImage")
    }
}

fn image<T: StreamItem>(json: Option<&[u8]>, member: &'static str) -> Result<T, Error> {
    let subject = Subject { entity: T::NAME, operation: "change" };
    let json = json.ok_or_else(|| subject.error(ErrorKind::NoImage { member }))?;
    stream::image(json, member).map_err(|error| subject.error(error))
}

/// Shows no item.
impl fmt::Debug for StreamRecord<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamRecord")
            .field("event", &self.0.event)
            .field("sequence_number", &self.sequence_number())
            .field("written_at", &self.written_at())
            .finish_non_exhaustive()
    }
}

/// What happened to an item, with the item before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change<T> {
    /// It is new. A `create` over an expired item that was still stored is a modification.
    Inserted(T),
    /// It was changed. A write that changes nothing gives no record.
    Modified {
        /// As it was.
        old: T,
        /// As it is.
        new: T,
    },
    /// It was deleted, by a program or a person.
    Removed(T),
    /// The service deleted it, since its time of expiry had passed.
    Expired(T),
}

impl<T> Change<T> {
    /// The item before the change, if there was one.
    pub fn before(&self) -> Option<&T> {
        match self {
            Self::Inserted(_) => None,
            Self::Modified { old, .. } | Self::Removed(old) | Self::Expired(old) => Some(old),
        }
    }

    /// The item after the change, if there is one.
    pub fn after(&self) -> Option<&T> {
        match self {
            Self::Inserted(new) | Self::Modified { new, .. } => Some(new),
            Self::Removed(_) | Self::Expired(_) => None,
        }
    }
}

/// What the images of a stream's records are read as: an entity.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an entity",
    label = "not an entity",
    note = "add `#[derive(Entity)]` and `#[dynamo(table = \"..\")]` to the struct"
)]
pub trait StreamItem: for<'de> DecodeItem<'de> {
    #[doc(hidden)]
    const NAME: &'static str;
}

impl<E: Entity> StreamItem for E {
    const NAME: &'static str = E::SCHEMA.entity;
}
