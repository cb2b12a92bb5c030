include!("../../entities.rs");

use std::borrow::Cow;

#[derive(Projection)]
#[dynamo(of = User)]
struct Profile<'a> {
    password_hash: Cow<'a, str>,
}

fn main() {}
