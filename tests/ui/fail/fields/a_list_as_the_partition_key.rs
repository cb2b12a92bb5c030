use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "readings")]
struct Reading {
    #[dynamo(partition_key)]
    sensor: Vec<String>,
}

fn main() {}
