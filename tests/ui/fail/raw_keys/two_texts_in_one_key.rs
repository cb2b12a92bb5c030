use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "tasks", partition_key("pk", raw) = "$app#project_{project}#num_{number:05}#taskid_{task_id}")]
struct Task {
    task_id: String,
    project: String,
    number: u32,
}

fn main() {}
