use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "tasks", partition_key("pk") = "TASK#{task_id}")]
struct Task {
    #[dynamo(key_only)]
    task_id: String,
    done: bool,
}

fn main() {
    let _ = Task::TASK_ID.eq("a");
}
