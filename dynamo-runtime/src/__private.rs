//! All that generated code may call, by a short name: `__p::Option`. No part of the public
//! interface.

// Not those of the prelude, which a module of the user's may hide.
pub use std::clone::Clone;
pub use std::cmp::Eq;
pub use std::convert::From;
pub use std::default::Default;
pub use std::fmt::Debug;
pub use std::hash::{Hash, Hasher};
pub use std::marker::{PhantomData, Send, Sync};
pub use std::option::Option::{self, None, Some};
pub use std::primitive::{
    bool, i8, i16, i32, i64, i128, isize, str, u8, u16, u32, u64, u128, usize,
};
pub use std::result::Result::{self, Err, Ok};
pub use std::string::String;
pub use std::vec::Vec;

pub use crate::attribute::{Attribute, AttributeGroup, ValueFor, attribute, attribute_group};
pub use crate::codec::kind::{List, Map, Text, TextSet};
pub use crate::codec::origin::Origin;
pub use crate::codec::{
    Aside, AttributeFacts, AttributeNames, AttributeValue, Base64Binary, Base64Text, BytesIn,
    ConstantAttribute, Decode, DecodeError, DecodeItem, Decoding, Encode, EncodeItem, Encoding,
    Field, FieldNames, Group, IsOf, JsonText, Members, NoneAsNull, NotCompared, Plain, PlainName,
    ReadGroup, Reader, Serde, SetElement, ShapeAttributes, Shapes, Stored, UnknownField,
    ValueShape, Variant, Writer, assert_distinct, decode_map, encode_map, encode_other, upgrade,
};
pub use crate::collection::{
    Aggregate, Collection, CollectionMember, InCollection, MemberOf, OfTable, assert_apart,
    assert_together, at_most_one, constants_of, entity_of_a_collection, is_member, member_of, one,
};
pub use crate::entity::{
    Allowed, Descriptions, Entities, Entity, Expiry, IndexKey, IndexKeyAt, IndexPartAt, Key, KeyAt,
    KeyParts, KeyWriter, Managed, PartAttributes, Partition, SingleKey, Stamp, StoredKey,
    StoredKeys, StoredTime, TablePartAt, TimeField, check_index_partition_key,
    check_index_sort_key, check_partition_key, check_sort_key, check_templates, encode_templates,
    first_version, has_key_of, hash_key, hash_part, index_key_attribute, index_part_form,
    key_attribute, note_part, part_form, part_of_key, verify_templates, write_index_part,
    write_part,
};
pub use crate::expression::{DistinctFrom, KeyOf, NoKey};
pub use crate::key::{
    Casing, KeyAttribute, KeyError, KeyKind, KeyPart, PartForm, PartText, Parts, RawKey, Segment,
    TableKeyPart, Template, TemplatePart, TemplatedKey, WrittenParts, assert_raw_key,
    is_ordered_by, templated_key, templated_key_attribute, write_given_part,
};
pub use crate::operation::traits::{
    ComesBeforeNext, ConsistentlyReadable, Given, Gives, Index, PartOfKey, RawPart, SortCondition,
    Sorted, SortedAt, SortedBy, VectorIndex, WholeKey, WithoutSort,
};
pub use crate::operation::{
    Backfill, Cosine, DotProduct, EmbeddedAt, Euclidean, FilterAt, FilterAttribute, Primary, Query,
    SparseVectorAt, Unsorted, VectorAt, VectorPartitionAt, VectorSearch, assert_tells_expiry,
    assert_vector_index, filter_attribute, filter_key, projected_by, vector_index,
};
pub use crate::projection::{
    FieldSource, OwnedProjection, Projection, ReadWithin, absent_map, of_record, of_the_record,
};
pub use crate::record::{
    AttributeAt, Declared, Defaulted, Embedded, HasDefault, KeyForm, No, NoPart, OnlyPart, Record,
    RoleAt, Selected, Yes,
};
pub use crate::schema::{
    Confusion, EntitySchema, IndexSchema, IndexScope, UniqueAttribute, VectorIndexSchema,
    assert_guard, confusion,
};
pub use crate::stream::StreamItem;
pub use crate::value::{Epoch, EpochSeconds, Rfc3339, TimeIn, Timestamp, Version};
