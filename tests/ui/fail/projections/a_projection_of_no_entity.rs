use dynamo_runtime::prelude::*;

#[derive(Projection)]
struct Profile {
    email: String,
}

fn main() {}
