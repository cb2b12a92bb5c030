use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "readings")]
struct Reading {
    #[dynamo(partition_key)]
    sensor: Sensitive<String>,
}

fn main() {}
