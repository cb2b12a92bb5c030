use dynamo_runtime::prelude::*;

struct Unit;

#[derive(Entity)]
#[dynamo(table = "readings")]
struct Reading {
    #[dynamo(partition_key)]
    sensor: f32,
    unit: Unit,
    count: isize,
}

fn main() {}
