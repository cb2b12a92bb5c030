use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "tasks", partition_key("pk", raw) = "task:{task_id}")]
struct Task {
    task_id: String,
    #[dynamo(key_only)]
    project: String,
}

fn main() {}
