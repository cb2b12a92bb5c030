//! The records of DynamoDB Streams as changes of entities.
//!
//! A Lambda function that a table's stream calls gets its event as JSON, and `GetRecords` responds
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
//! writing, a program that counts its writes or waits for one sees changes only. Those two change with
//! every write. (The embedded engine gives a record all the same.)
//!
//! Source: [Change data capture for DynamoDB Streams](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html).
//!
//! A [`Change`] has the item before and after, so its stream has the view type
//! `NEW_AND_OLD_IMAGES`. Of every other stream [`kind`](StreamRecord::kind) says what happened,
//! [`key`](StreamRecord::key) to which item, and [`new_image`](StreamRecord::new_image) and
//! [`old_image`](StreamRecord::old_image) give what its records have.
//!
//! What is wrong with one record is an error of that record, whatever is asked of it; the others
//! are there. So a Lambda function that [reports batch item failures][failures] names each record
//! that failed by its [`sequence_number`](StreamRecord::sequence_number):
//!
//! ```
//! # use dynamo_runtime::prelude::*;
//! # use dynamo_runtime::stream::{self, Change};
//! # #[derive(Entity, Debug, PartialEq)]
//! # #[dynamo(table = "users")]
//! # struct User {
//! #     #[dynamo(partition_key)]
//! #     user_id: String,
//! #     email: String,
//! # }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let event = br#"{"Records": [
//! #     {"eventName": "MODIFY", "dynamodb": {"Keys": {"user_id": {"S": "u1"}}, "SequenceNumber": "111"}},
//! #     {"eventName": "UPSERT", "dynamodb": {"SequenceNumber": "222"}}
//! # ]}"#;
//! let mut failed = Vec::new();
//! for record in stream::records(event)? {
//!     match record.key::<User>() {
//!         Ok(key) => assert_eq!(key.user_id, "u1"),
//!         Err(_) => failed.extend(record.sequence_number().map(str::to_owned)),
//!     }
//! }
//! assert_eq!(failed, ["222"]);
//! # Ok(())
//! # }
//! ```
//!
//! Kinesis Data Streams carry the same changes in another envelope: [`records`] reads the event
//! that Lambda has of them and the response to `GetRecords` of Kinesis, and [`record`] the data of
//! one record.
//!
//! [failures]: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html

mod record;

use std::borrow::Cow;
use std::fmt;

use self::record::{Entry, Event, RecordContent, View};
use crate::codec::{DecodeError, DecodeItem};
use crate::entity::{Entity, read_key};
use crate::error::{Error, ErrorKind};
use crate::subject::Subject;
use crate::value::Timestamp;

/// The records of an event of Lambda or of a response to `GetRecords`, of DynamoDB Streams or of Kinesis
/// Data Streams, in their order; or of an array of records, as pipes of `EventBridge` hand over.
///
/// ```
/// use dynamo_runtime::stream::{self, ChangeKind};
///
/// let event = br#"{"Records": [{
///     "eventName": "REMOVE",
///     "dynamodb": {"Keys": {"user_id": {"S": "u1"}}, "SequenceNumber": "111"}
/// }]}"#;
/// let records = stream::records(event)?;
/// assert_eq!(records[0].kind()?, ChangeKind::Removed);
/// assert!(stream::records(b"{}").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The JSON is none of these. A record that cannot be read is one of the records, and an error when
/// it is asked for its content.
pub fn records(json: &[u8]) -> Result<Vec<StreamRecord<'_>>, DecodeError> {
    let records = record::records(json)?;
    Ok(records.into_iter().map(StreamRecord).collect())
}

/// One record by itself, such as the data of a record of Kinesis Data Streams.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// # use dynamo_runtime::stream::{self, ChangeKind};
/// # #[derive(Entity, Debug, PartialEq)]
/// # #[dynamo(table = "users")]
/// # struct User {
/// #     #[dynamo(partition_key)]
/// #     user_id: String,
/// #     email: String,
/// # }
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let data = br#"{
///     "eventName": "REMOVE",
///     "recordFormat": "application/json",
///     "tableName": "users",
///     "dynamodb": {
///         "ApproximateCreationDateTime": 1700000000123,
///         "Keys": {"user_id": {"S": "u1"}},
///         "OldImage": {"user_id": {"S": "u1"}, "email": {"S": "a@example.com"}}
///     }
/// }"#;
/// let record = stream::record(data);
/// assert_eq!(record.kind()?, ChangeKind::Removed);
/// assert_eq!(record.key::<User>()?, User::key("u1"));
/// assert_eq!(record.old_image::<User>()?.map(|user| user.email).as_deref(), Some("a@example.com"));
/// # Ok(())
/// # }
/// ```
pub fn record(json: &[u8]) -> StreamRecord<'_> {
    StreamRecord(record::entry(json))
}

/// One record of a stream.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::stream::{self, Change, ChangeKind, StreamView};
///
/// #[derive(Entity, Debug, PartialEq)]
/// #[dynamo(table = "users")]
/// struct User {
///     #[dynamo(partition_key)]
///     user_id: String,
///     email: String,
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let event = br#"{"Records": [{
///     "eventID": "1",
///     "eventName": "MODIFY",
///     "eventSourceARN": "arn:aws:dynamodb:eu-west-1:123456789012:table/users/stream/label",
///     "dynamodb": {
///         "ApproximateCreationDateTime": 1700000000,
///         "Keys": {"user_id": {"S": "u1"}},
///         "OldImage": {"user_id": {"S": "u1"}, "email": {"S": "a@example.com"}},
///         "NewImage": {"user_id": {"S": "u1"}, "email": {"S": "b@example.com"}},
///         "SequenceNumber": "111",
///         "StreamViewType": "NEW_AND_OLD_IMAGES"
///     }
/// }]}"#;
/// let records = stream::records(event)?;
/// let record = &records[0];
/// assert_eq!(record.kind()?, ChangeKind::Modified);
/// assert_eq!(record.key::<User>()?, User::key("u1"));
/// assert_eq!(record.old_image::<User>()?.map(|user| user.email).as_deref(), Some("a@example.com"));
/// assert_eq!(record.new_image::<User>()?.map(|user| user.email).as_deref(), Some("b@example.com"));
/// assert!(matches!(record.change::<User>()?, Change::Modified { .. }));
///
/// assert_eq!(record.view(), Some(StreamView::NewAndOldImages));
/// assert_eq!((record.event_id(), record.sequence_number()), (Some("1"), Some("111")));
/// assert_eq!(record.table_name(), Some("users"));
/// assert_eq!(record.written_at(), Timestamp::from_epoch_seconds(1_700_000_000).ok());
/// # Ok(())
/// # }
/// ```
pub struct StreamRecord<'a>(Entry<'a>);

impl StreamRecord<'_> {
    /// The change that it records.
    ///
    /// # Errors
    /// The record cannot be read, or an image does not fit `T` or is not in the record.
    pub fn change<T: StreamItem>(&self) -> Result<Change<T>, Error> {
        let subject = Subject { entity: T::NAME, operation: "change" };
        let there = |image: Option<T>, member| {
            image.ok_or_else(|| subject.error(ErrorKind::NoImage { member }))
        };
        let new = || there(self.image(subject, NEW_IMAGE)?, NEW_IMAGE);
        let old = || there(self.image(subject, OLD_IMAGE)?, OLD_IMAGE);
        Ok(match self.kind_of(subject)? {
            ChangeKind::Inserted => Change::Inserted(new()?),
            ChangeKind::Modified => Change::Modified { old: old()?, new: new()? },
            ChangeKind::Removed => Change::Removed(old()?),
            ChangeKind::Expired => Change::Expired(old()?),
        })
    }

    /// What happened to the item, which every record has.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn kind(&self) -> Result<ChangeKind, Error> {
        self.kind_of(Subject { entity: "StreamRecord", operation: "kind" })
    }

    /// The key of the item, which every record has.
    ///
    /// # Errors
    /// The record cannot be read, or its key is none of `E`.
    pub fn key<E: Entity>(&self) -> Result<E::Key, Error> {
        let subject = Subject { entity: E::SCHEMA.entity, operation: "key" };
        let Some(json) = &self.content(subject)?.keys else {
            return Err(subject.error(DecodeError::refused(0, "it is missing").within("Keys")));
        };
        read_key(json).map_err(|error| subject.error(error.within("Keys")))
    }

    /// The item after the change, if it has one and the stream has new images.
    ///
    /// # Errors
    /// The record cannot be read, or the image does not fit `T`.
    pub fn new_image<T: StreamItem>(&self) -> Result<Option<T>, Error> {
        self.image(Subject { entity: T::NAME, operation: "new_image" }, NEW_IMAGE)
    }

    /// The item before the change, if there was one and the stream has old images.
    ///
    /// # Errors
    /// The record cannot be read, or the image does not fit `T`.
    pub fn old_image<T: StreamItem>(&self) -> Result<Option<T>, Error> {
        self.image(Subject { entity: T::NAME, operation: "old_image" }, OLD_IMAGE)
    }

    /// What the stream's records have of an item; `None` where the record does not say, as those of
    /// Kinesis Data Streams, which have both images.
    pub fn view(&self) -> Option<StreamView> {
        Some(match self.0.record.as_ref().ok()?.view? {
            View::KeysOnly => StreamView::KeysOnly,
            View::NewImage => StreamView::NewImage,
            View::OldImage => StreamView::OldImage,
            View::Both => StreamView::NewAndOldImages,
        })
    }

    /// Where the record stands in its shard, if it says: by this a Lambda function names a record
    /// that failed. The data of a record of Kinesis has none.
    pub fn sequence_number(&self) -> Option<&str> {
        self.0.sequence_number.as_deref()
    }

    /// The identifier of the change, by which a duplicate is recognized: Kinesis Data Streams may have
    /// some.
    pub fn event_id(&self) -> Option<&str> {
        self.0.event_id.as_deref()
    }

    /// The table's name, if the record says: in an event of Lambda, and in Kinesis Data Streams.
    pub fn table_name(&self) -> Option<&str> {
        self.0.table_name.as_deref()
    }

    /// About when the item was written, if the record says: DynamoDB Streams have whole seconds as a
    /// rule, Kinesis Data Streams milliseconds or microseconds.
    pub fn written_at(&self) -> Option<Timestamp> {
        self.0.record.as_ref().ok()?.written_at
    }

    fn content(&self, subject: Subject) -> Result<&RecordContent<'_>, Error> {
        self.0.record.as_ref().map_err(|error| subject.error(error.clone()))
    }

    fn kind_of(&self, subject: Subject) -> Result<ChangeKind, Error> {
        let RecordContent { event, is_expiry, .. } = self.content(subject)?;
        Ok(match event {
            Event::Insert => ChangeKind::Inserted,
            Event::Modify => ChangeKind::Modified,
            Event::Remove if *is_expiry => ChangeKind::Expired,
            Event::Remove => ChangeKind::Removed,
        })
    }

    fn image<T: StreamItem>(
        &self,
        subject: Subject,
        member: &'static str,
    ) -> Result<Option<T>, Error> {
        let RecordContent { new_image, old_image, .. } = self.content(subject)?;
        let image = if member == NEW_IMAGE { new_image } else { old_image };
        let image = image.as_ref().map(|json: &Cow<'_, [u8]>| record::image(json, member));
        image.transpose().map_err(|error| subject.error(error))
    }
}

const NEW_IMAGE: &str = "NewImage";
const OLD_IMAGE: &str = "OldImage";

/// Shows no item.
impl fmt::Debug for StreamRecord<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let record = self.0.record.as_ref();
        f.debug_struct("StreamRecord")
            .field("event", &record.map(|record| record.event))
            .field("sequence_number", &self.sequence_number())
            .field("written_at", &self.written_at())
            .finish_non_exhaustive()
    }
}

/// What happened to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Inserted,
    /// It was written again.
    Modified,
    /// It was deleted, by a program or a person.
    Removed,
    /// The service deleted it, since its time of expiry had passed.
    Expired,
}

/// What the records of a stream have of an item, besides its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamView {
    /// Nothing.
    KeysOnly,
    /// The item as it is after the change.
    NewImage,
    /// The item as it was before.
    OldImage,
    /// Both.
    NewAndOldImages,
}

#[cfg(feature = "schema")]
impl StreamView {
    /// DynamoDB's name of it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::KeysOnly => "KEYS_ONLY",
            Self::NewImage => "NEW_IMAGE",
            Self::OldImage => "OLD_IMAGE",
            Self::NewAndOldImages => "NEW_AND_OLD_IMAGES",
        }
    }
}

/// What happened to an item, with the item before and after.
///
/// ```
/// use dynamo_runtime::stream::Change;
///
/// let change = Change::Modified { old: 1, new: 2 };
/// assert_eq!((change.before(), change.after()), (Some(&1), Some(&2)));
/// assert_eq!(Change::Removed(1).after(), None);
/// ```
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
