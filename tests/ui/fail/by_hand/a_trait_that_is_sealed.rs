include!("../../entities.rs");

use dynamo_runtime::__private as generated;

struct Mine;

// What an entity allows.
impl dynamo_runtime::operation::traits::CanBeAbsent for OrderId {}

// What an attribute can do.
impl dynamo_runtime::operation::traits::SetAlone<2, Mine> for Order {}
impl dynamo_runtime::operation::traits::Computed<2, Mine> for Order {}
impl dynamo_runtime::expression::Countable for Mine {
    type Number = u64;
    const COUNTS_FROM_ZERO: bool = true;
    fn into_number(self) -> Option<u64> {
        None
    }
}
impl dynamo_runtime::attribute::Contains<Mine> for String {}
impl dynamo_runtime::attribute::ComparedWith<String> for Mine {}
impl dynamo_runtime::attribute::Elements<Mine> for Mine {}
impl dynamo_runtime::attribute::Growing<Mine> for Mine {
    type Element = String;
}
impl dynamo_runtime::attribute::Entries<Mine> for Mine {
    type Key = String;
    type Value = String;
}
impl dynamo_runtime::attribute::Gathering<Mine> for Mine {}
impl dynamo_runtime::attribute::Place<User, String, 1> for Mine {}
impl dynamo_runtime::attribute::Leaf<String> for Mine {}
impl dynamo_runtime::attribute::Removable for Mine {}
impl dynamo_runtime::attribute::Fillable for Mine {}
impl dynamo_runtime::attribute::TopLevel for Mine {}
impl dynamo_runtime::attribute::Holds<Mine, dynamo_runtime::codec::kind::Map> for User {}
impl dynamo_runtime::attribute::InGroup<User, Mine, 12> for Mine {}

// Which keys a condition touches, and whose it is.
impl dynamo_runtime::expression::SameEntity<User> for Order {}
impl dynamo_runtime::expression::ConditionKeys for Mine {}
impl dynamo_runtime::expression::Join<Mine> for Mine {}
impl dynamo_runtime::expression::Avoids<UserByEmail> for generated::KeyOf<UserByEmail> {}
impl dynamo_runtime::expression::Filters<User, UserByEmail, Mine> for Order {}
impl dynamo_runtime::expression::Distinct<UserByEmail> for UserByEmail {}

// Whether a write has a condition, and what it gives back.
impl dynamo_runtime::operation::traits::Conditioned for Mine {}
impl dynamo_runtime::operation::traits::ConditionFor<User> for Mine {}
impl dynamo_runtime::operation::traits::PutConditionFor<User> for Mine {}
impl dynamo_runtime::operation::ConditionOn<User> for dynamo_runtime::operation::NoCondition {}
impl dynamo_runtime::operation::PutConditionOn<User> for dynamo_runtime::operation::NoCondition {}
impl dynamo_runtime::operation::traits::Returning<User> for Mine {}
impl dynamo_runtime::operation::traits::GivesNothingBack for Mine {}
impl dynamo_runtime::collection::TakesFilter for Mine {}
impl dynamo_runtime::operation::traits::TakesNothingBack for Mine {}
impl dynamo_runtime::operation::traits::SingleWrite for Mine {}
impl dynamo_runtime::operation::traits::OneMore for User {}
impl dynamo_runtime::operation::traits::Slots for Mine {}
impl dynamo_runtime::operation::traits::Slot for Mine {}
impl dynamo_runtime::operation::traits::TransactionGets for Mine {}

// What an operation takes as a key and as a condition.
impl dynamo_runtime::operation::traits::KeyFor<User> for Mine {
    fn into_key(self) -> UserKey {
        todo!()
    }
}
impl dynamo_runtime::operation::traits::IntoKeyPart<UserId> for Mine {
    fn into_key_part(self) -> UserId {
        todo!()
    }
}
impl dynamo_runtime::operation::traits::CursorFor<User, generated::Unsorted> for Mine {
    fn into_cursor(self) -> dynamo_runtime::operation::Cursor<User, generated::Unsorted> {
        todo!()
    }
}
impl dynamo_runtime::expression::IntoCondition<User> for Mine {
    fn into_condition(self) -> dynamo_runtime::Condition<User, dynamo_runtime::expression::AnyKeys> {
        todo!()
    }
}
impl dynamo_runtime::expression::IntoFilter<User, generated::Unsorted> for Mine {
    fn into_filter(self) -> dynamo_runtime::Condition<User, dynamo_runtime::expression::AnyKeys> {
        todo!()
    }
}

// What a sort key takes.
impl dynamo_runtime::operation::traits::WithoutSort for Mine {}
impl dynamo_runtime::operation::traits::SortCondition<String, generated::WholeKey> for Mine {}
impl dynamo_runtime::operation::traits::Gives for Mine {
    type Then<After> = generated::Unsorted;
}

// How an attribute is stored.
impl dynamo_runtime::codec::Kind for Mine {}
impl dynamo_runtime::codec::kind::Ordered for Mine {}
impl dynamo_runtime::codec::kind::Prefixed for Mine {}
impl dynamo_runtime::codec::kind::Measured for Mine {}
impl dynamo_runtime::codec::kind::Addable for Mine {}
impl dynamo_runtime::codec::kind::SetKind for Mine {}
impl generated::KeyKind for Mine {}
impl dynamo_runtime::codec::Encoding<String> for Mine {}
impl<'de> dynamo_runtime::codec::Decoding<'de, String> for Mine {}
impl dynamo_runtime::codec::UnknownField for Mine {}
impl dynamo_runtime::operation::traits::IndexKeyPart for Mine {}
impl generated::NoneAsNull for Mine {}
impl generated::BytesIn<generated::Base64Text> for Mine {}
impl generated::TimeIn<generated::Epoch<1>> for Mine {}
impl generated::TimeField for Mine {}
impl generated::Expiry for Mine {}

// What a vector index is searched by, and what it gives.
impl dynamo_runtime::value::EmbeddingValue for Mine {
    const DIMENSIONS: usize = 3;
    fn numbers(&self) -> &[f32] {
        &[]
    }
}
impl dynamo_runtime::operation::traits::Metric for Mine {
    type Score = dynamo_runtime::operation::DotScore;
}
impl dynamo_runtime::operation::traits::Score for Mine {}
impl dynamo_runtime::operation::traits::Bounded for Mine {}
impl dynamo_runtime::operation::traits::IntoSearchFilter<User, Mine> for Mine {
    fn into_fragment(self) -> dynamo_runtime::expression::Fragment {
        todo!()
    }
}

fn main() {}
