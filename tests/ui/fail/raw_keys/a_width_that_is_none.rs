use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "tasks", partition_key("pk", raw) = "task:{number:5}", sort_key("sk", raw) = "{project:?}")]
struct Task {
    task_id: String,
    project: String,
    number: u32,
}

fn main() {}
