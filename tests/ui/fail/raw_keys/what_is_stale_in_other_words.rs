use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "tasks", partition_key("pk") = "TASK#{task_id}", index(by_project, name = "gsi1", partition_key("gsi1pk") = "{project}", stale = allowed))]
struct Task {
    task_id: String,
    project: String,
    number: u32,
}

fn main() {}
