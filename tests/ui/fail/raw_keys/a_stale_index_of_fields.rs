use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "tasks", partition_key("pk") = "TASK#{task_id}", index(by_project, name = "project-index", partition_key = project, stale = tolerated))]
struct Task {
    task_id: String,
    project: String,
    number: u32,
}

fn main() {}
