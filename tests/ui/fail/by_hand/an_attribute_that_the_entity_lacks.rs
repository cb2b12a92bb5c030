include!("../../entities.rs");

use dynamo_runtime::Attribute;

fn main() {
    let twelfth: Attribute<User, String, 12> = dynamo_runtime::__private::attribute();
    let _ = twelfth.eq("a");
}
