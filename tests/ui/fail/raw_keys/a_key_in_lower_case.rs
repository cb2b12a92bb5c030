use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "tasks", partition_key("pk", raw, lowercase) = "$app#taskid_{task_id}")]
struct Task {
    task_id: String,
    project: String,
    number: u32,
}

fn main() {}
