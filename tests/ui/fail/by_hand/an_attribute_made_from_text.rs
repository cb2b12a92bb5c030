include!("../../entities.rs");

use dynamo_runtime::Attribute;

fn main() {
    let _: Attribute<User, String, 1> = "email".into();
}
