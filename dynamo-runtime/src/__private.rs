//! All that generated code may call. No part of the public interface.

pub use crate::attribute::{
    Attribute, AttributeAt, AttributeGroup, RoleAt, ValueFor, attribute, attribute_group,
};
pub use crate::codec::by_hand::Origin;
pub use crate::codec::kind::{List, Map, Text, TextSet};
pub use crate::codec::{
    Aside, AttributeNames, AttributeValue, Decode, DecodeError, DecodeItem, Decoding, Encode,
    EncodeItem, Encoding, EpochSeconds, Field, FieldNames, Group, IsOf, Members, Plain, PlainName,
    ReadGroup, Reader, Serde, SetElement, Stored, UnknownField, Variant, Writer, assert_distinct,
    decode_map, encode_map, encode_other, upgrade,
};
pub use crate::collection::{
    Aggregate, Collection, InCollection, Member, MemberOf, OfTable, assert_apart, assert_together,
    at_most_one, is_member, member, member_of, one,
};
pub use crate::entity::{
    Declared, Defaulted, Entity, Expiry, HasDefault, Managed, No, Record, Stamp, TimeField,
    VersionField, Yes,
};
pub use crate::expression::{DistinctFrom, KeyOf, NoKey, NoPart, OnlyPart};
pub use crate::key::{
    Confusion, IndexKey, IndexKeyAt, IndexPartAt, Key, KeyAt, KeyError, KeyKind, KeyPart, KeyParts,
    KeyWriter, PartAttributes, PartText, Parts, Segment, SingleKey, StoredKey, StoredKeys,
    TableKeyPart, TablePartAt, Template, TemplatePart, TemplatedKey, WrittenParts,
    check_index_partition_key, check_index_sort_key, check_partition_key, check_sort_key,
    check_templates, confusion, encode_templates, has_key_of, hash_key, hash_part, note_part,
    templated_key, verify_templates, write_given_part, write_index_part, write_part,
};
pub use crate::operation::{
    ComesBeforeNext, ConsistentlyReadable, Given, Gives, Index, PartOfKey, Partition, Primary,
    Query, SortCondition, Sorted, SortedAt, SortedBy, Unsorted, WholeKey, WithoutSort,
    assert_tells_expiry, projected_by,
};
pub use crate::projection::{
    Owned, Projection, ReadWithin, Selected, Source, absent_map, of_record, of_the_record,
};
pub use crate::schema::{
    IndexSchema, IndexScope, KeyAttribute, Schema, index_key_attribute, key_attribute,
    templated_key_attribute,
};
pub use crate::stream::StreamItem;
pub use crate::value::{Timestamp, Version};
