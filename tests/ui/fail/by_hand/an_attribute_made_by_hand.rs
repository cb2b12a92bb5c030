include!("../../entities.rs");

use std::marker::PhantomData;

use dynamo_runtime::Attribute;

fn main() {
    let _: Attribute<User, String, 1> = Attribute(PhantomData);
}
