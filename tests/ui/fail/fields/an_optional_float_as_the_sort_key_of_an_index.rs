use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "readings")]
#[dynamo(index(by_unit, name = "unit-index", partition_key = unit, sort_key = value))]
struct Reading {
    #[dynamo(partition_key)]
    sensor: String,
    unit: String,
    value: Option<f64>,
}

fn main() {}
