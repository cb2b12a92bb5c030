use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "tasks", partition_key("pk", raw, lowercase, lossy) = "task:{task_id}")]
struct Task {
    #[dynamo(key_only)]
    task_id: String,
}

fn main() {}
