//! A part is the name of a field in one pair of braces.

use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "shop", partition_key("pk") = "ORDER#{{id}}")]
struct Order {
    id: u32,
}

#[derive(Entity)]
#[dynamo(table = "shop", partition_key("pk") = "LINE#{id:05}")]
struct Line {
    id: u32,
}

#[derive(Entity)]
#[dynamo(table = "shop", partition_key("pk") = "STOCK#{self.id}")]
struct Stock {
    id: u32,
}

#[derive(Entity)]
#[dynamo(table = "shop", partition_key("pk") = "DEPOT#${id}")]
struct Depot {
    id: u32,
}

#[derive(Entity)]
#[dynamo(table = "shop", partition_key("pk") = "VAN#{id}}")]
struct Van {
    id: u32,
}

fn main() {}
