use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "tasks", partition_key("pk", lossy) = "TASK#{task_id}", sort_key("sk", lowercase) = "{project}")]
struct Task {
    task_id: String,
    project: String,
    number: u32,
}

fn main() {}
