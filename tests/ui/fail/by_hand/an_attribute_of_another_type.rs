include!("../../entities.rs");

use dynamo_runtime::Attribute;

fn main() {
    let email: Attribute<User, u64, 1> = dynamo_runtime::__private::attribute();
    let _ = email.eq(5_u64);
}
