use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "tasks", partition_key("pk", raw) = "{number}0{task_id}")]
struct Task {
    task_id: String,
    project: String,
    number: u32,
}

fn main() {}
