use dynamo_runtime::prelude::*;

struct User;

#[derive(Projection)]
#[dynamo(of = User)]
struct Profile {
    email: String,
}

fn main() {}
