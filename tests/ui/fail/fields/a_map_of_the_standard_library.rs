use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "readings")]
struct Reading {
    #[dynamo(partition_key)]
    sensor: String,
    labels: std::collections::HashMap<String, String>,
}

fn main() {}
