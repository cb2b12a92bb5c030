use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "tasks", partition_key("pk", raw) = "task:{task_id}")]
struct Task {
    #[dynamo(key_only, rename = "taskId")]
    task_id: String,
}

fn main() {}
