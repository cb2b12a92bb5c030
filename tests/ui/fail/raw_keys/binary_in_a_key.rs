use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "tasks", partition_key("pk", raw) = "task:{digest}")]
struct Task {
    digest: Vec<u8>,
}

fn main() {}
