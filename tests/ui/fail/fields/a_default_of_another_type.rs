use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "readings")]
struct Reading {
    #[dynamo(partition_key)]
    sensor: String,
    #[dynamo(default = celsius)]
    degrees: f64,
}

fn celsius() -> String {
    "celsius".to_owned()
}

fn main() {}
