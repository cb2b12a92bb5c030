use dynamo_runtime::prelude::*;

struct Connection(u16);

#[derive(Entity)]
#[dynamo(table = "readings")]
struct Reading {
    #[dynamo(partition_key)]
    sensor: String,
    #[dynamo(skip)]
    connection: Connection,
}

fn main() {}
