use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "tasks", partition_key("pk", raw) = "project:{project}", sort_key("sk", raw) = "n:{number}")]
struct Task {
    project: String,
    number: u32,
}

fn main() {
    let _ = Task::query("a").number(1_u32..=9_u32);
}
