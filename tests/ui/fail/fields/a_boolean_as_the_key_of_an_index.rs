use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "readings")]
#[dynamo(index(by_validity, name = "validity-index", partition_key = is_valid))]
struct Reading {
    #[dynamo(partition_key)]
    sensor: String,
    is_valid: bool,
}

fn main() {}
