include!("../../entities.rs");

use dynamo_runtime::__private as generated;

#[derive(Document)]
struct Audit {
    created_by: String,
}

#[derive(Projection)]
#[dynamo(of = User)]
struct Contact {
    email: String,
}

#[derive(Collection)]
enum Customer {
    Order(Order),
}

#[derive(Collection)]
struct Orders {
    orders: Vec<Order>,
}

#[derive(Entity)]
#[dynamo(table = "notes")]
#[dynamo(vector_index(by_meaning, name = "meaning-index", vector = embedding, of = text, distance = cosine, partition_key = tenant, filter(year), projects = NoteHit))]
#[dynamo(vector_index(by_sound, name = "sound-index", vector = sound, sparse, distance = cosine, projects = NoteHit))]
struct Note {
    #[dynamo(partition_key)]
    id: String,
    tenant: String,
    year: u16,
    text: String,
    embedding: Embedding<3>,
    sound: Option<Embedding<3>>,
}

#[derive(Projection)]
#[dynamo(of = Note)]
struct NoteHit {
    id: String,
}

// What a vector index is.
impl dynamo_runtime::operation::traits::VectorIndex<Note> for NoteByMeaning {}
impl dynamo_runtime::operation::traits::ToleratesZeroVector<Note> for NoteByMeaning {}
impl generated::VectorAt<4> for Note {}
impl generated::SparseVectorAt<5> for Note {}
impl generated::VectorPartitionAt<1> for Note {}
impl generated::FilterAt<2> for Note {}
impl generated::EmbeddedAt<3> for Note {}

// What the entity has and allows.
impl dynamo_runtime::operation::traits::Versioned for Order {}
impl dynamo_runtime::operation::traits::AllowsScan for User {}
impl dynamo_runtime::operation::traits::AllowsUnconditionalDelete for User {}
impl dynamo_runtime::operation::traits::AllowsUnconditionalPut for User {}
impl dynamo_runtime::operation::traits::AllowsUnconditionalUpsert for User {}
impl dynamo_runtime::operation::traits::Upsertable for User {}

// What an attribute is.
impl dynamo_runtime::operation::traits::NotKey<0> for User {}
impl dynamo_runtime::operation::traits::NotManaged<8> for User {}
impl generated::RoleAt<8> for User {
    type InKey = generated::No;
    type Managed = generated::No;
}
impl dynamo_runtime::attribute::NameAt<90> for User {
    const NAME: &'static str = "email";
}
impl generated::AttributeAt<1> for User {
    type Value = u64;
    type Operand = u64;
    type Encoding = generated::Plain;
    type Keys = generated::NoKey;
    type Absence = u64;
    type Part = generated::NoPart;
}
impl generated::KeyAt<0> for User {}
impl generated::IndexKeyAt<1> for User {}

// What an index is.
impl dynamo_runtime::operation::traits::Index<User> for UserByEmail {
    const NAME: Option<&'static str> = Some("another-index");
    type PartitionKey = String;
    fn partition(email: &String) -> generated::Partition {
        generated::Partition::of_index::<User, 1>(email)
    }
    type Item = User;
}
impl dynamo_runtime::operation::traits::SortedAt<Order, 3> for OrderByStatus {
    type Before = generated::Unsorted;
    type After = generated::Unsorted;
    type Form = generated::WholeKey;
}

// What the entity is.
impl dynamo_runtime::Operations for User {}

impl dynamo_runtime::operation::traits::Record for User {
    const NAMES: &'static [&'static str] = &["user_id"];
}
impl dynamo_runtime::Entity for User {}
impl generated::Managed for User {}
impl generated::Parts for User {}
impl dynamo_runtime::Key for UserKey {}
impl dynamo_runtime::operation::traits::SingleKey for User {}
impl dynamo_runtime::stream::StreamItem for User {
    const NAME: &'static str = "Another";
}
impl dynamo_runtime::codec::EncodeItem for User {}
impl<'de> dynamo_runtime::codec::DecodeItem<'de> for User {}
impl dynamo_runtime::sdk::FromSdkItem for User {}
impl dynamo_runtime::sdk::ToSdkItem for User {}
impl dynamo_runtime::attribute::Element for UserId {}

// What a value is.
impl dynamo_runtime::codec::Encode for UserId {}
impl<'de> dynamo_runtime::codec::Decode<'de> for UserId {}
impl dynamo_runtime::codec::AttributeValue for UserId {}
impl dynamo_runtime::codec::SetElement for UserId {}
impl dynamo_runtime::KeyPart for UserId {}
impl generated::TemplatePart for UserId {}
impl generated::Group for Audit {}
impl<'de> generated::ReadGroup<'de> for Audit {}
impl generated::HasDefault for String {}

// What is read.
impl dynamo_runtime::Projection<User> for Contact {}
impl dynamo_runtime::operation::traits::OwnedProjection<User> for Contact {}
impl dynamo_runtime::Collection for Customer {}
impl dynamo_runtime::collection::Aggregate for Orders {}

fn main() {}
