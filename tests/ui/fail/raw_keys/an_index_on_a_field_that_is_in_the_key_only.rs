use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "tasks", partition_key("pk") = "TASK#{task_id}", index(by_id, name = "id-index", partition_key = task_id))]
struct Task {
    #[dynamo(key_only)]
    task_id: String,
}

fn main() {}
