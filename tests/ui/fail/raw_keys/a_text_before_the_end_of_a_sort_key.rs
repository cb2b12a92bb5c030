use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "tasks", partition_key("pk", raw) = "task:{task_id}", sort_key("sk", raw) = "{project}|{number}")]
struct Task {
    task_id: String,
    project: String,
    number: u32,
}

fn main() {}
