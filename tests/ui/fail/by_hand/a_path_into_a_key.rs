include!("../../entities.rs");

use dynamo_runtime::__private::{AttributeAt, NoKey, NoPart, Plain, attribute};
use dynamo_runtime::operation::traits::Record;
use dynamo_runtime::Attribute;

impl Record for UserId {
    const NAMES: &'static [&'static str] = &["inside"];
}

impl AttributeAt<0> for UserId {
    type Value = String;
    type Operand = String;
    type Encoding = Plain;
    type Keys = NoKey;
    type Absence = String;
    type Part = NoPart;
}

fn main() {
    let inside: Attribute<UserId, String, 0> = attribute();
    let _ = User::USER_ID.then(inside);
}
