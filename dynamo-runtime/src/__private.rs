//! All that generated code may call. No part of the public interface.

pub use crate::attribute::{Attribute, AttributeAt, ValueFor, attribute};
pub use crate::codec::kind::{List, Map, Text, TextSet};
pub use crate::codec::{
    Aside, AttributeNames, AttributeValue, Decode, DecodeError, DecodeItem, Decoding, Encode,
    EncodeItem, Encoding, EpochSeconds, Field, Group, Members, Plain, ReadGroup, Reader, Serde,
    SetElement, Stored, Variant, Writer, assert_distinct, decode_map, encode_map, encode_other,
};
pub use crate::entity::{
    AllowsScan, AllowsUnconditionalDelete, AllowsUnconditionalPut, AllowsUnconditionalUpsert,
    Defaulted, Entity, Expiry, HasDefault, Managed, Record, Stamp, TimeField, VersionField,
    Versioned,
};
pub use crate::expression::{Distinct, KeyOf, NoKey, NotKey, NotManaged};
pub use crate::key::{
    IndexKeyAt, Key, KeyAt, KeyError, KeyKind, KeyPart, KeyWriter, SingleKey, TableKeyPart,
    check_index_partition_key, check_index_sort_key, check_partition_key, check_sort_key, hash_key,
};
pub use crate::operation::{
    ConsistentlyReadable, Index, Primary, Query, SortCondition, Sorted, SortedBy, Unsorted,
    WithoutSort,
};
pub use crate::projection::{
    Owned, Projected, Projection, Selected, of_entity, of_the_entity, selected,
};
pub use crate::schema::{
    IndexSchema, IndexScope, KeyAttribute, Schema, index_key_attribute, key_attribute,
};
pub use crate::value::{Timestamp, Version};
