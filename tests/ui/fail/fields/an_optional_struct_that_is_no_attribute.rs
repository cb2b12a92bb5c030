use dynamo_runtime::prelude::*;

struct Unit;

#[derive(Entity)]
#[dynamo(table = "readings")]
struct Reading {
    #[dynamo(partition_key)]
    sensor: String,
    unit: Option<Unit>,
}

fn main() {}
