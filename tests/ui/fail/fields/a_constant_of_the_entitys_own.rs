use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "readings")]
struct Reading {
    #[dynamo(partition_key)]
    sensor: String,
}

impl Reading {
    const SENSOR: &str = "kitchen";
}

fn main() {}
