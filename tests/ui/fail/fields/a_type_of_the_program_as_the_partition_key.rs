use dynamo_runtime::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Sensor(String);

#[derive(Entity)]
#[dynamo(table = "readings")]
struct Reading {
    #[dynamo(partition_key)]
    sensor: Sensor,
}

fn main() {}
