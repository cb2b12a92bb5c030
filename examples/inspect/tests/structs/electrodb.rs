// The items of the table "electrodb", told from 7 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use std::collections::BTreeSet;

use dynamo_runtime::prelude::*;
use dynamo_runtime::{Number, UnknownAttributes};

// `__edb_e__` is "task" in 7 items.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "electrodb", rename_all = "camelCase")]
#[dynamo(constant("__edb_e__") = "task")]
#[dynamo(constant("__edb_v__") = "1")]
// `pk` is `$taskapp#taskid_{taskId}` in lower case in all of 7.
#[dynamo(partition_key("pk", raw, lowercase, lossy) = "$taskapp#taskid_{task_id}")]
// `sk` is `$task_1#project_{project}#num_{num}` in lower case in all of 7.
#[dynamo(sort_key("sk", raw, lowercase, lossy) = "$task_1#project_{project}#num_{num}")]
// `gsi1pk` is `$taskapp#st_{st}` in lower case in all of 1.
// `gsi1sk` is `$task_1#project_{project}` in lower case in all of 1.
#[dynamo(index(by_gsi1, name = "gsi1", partition_key("gsi1pk", raw, lowercase, lossy) = "$taskapp#st_{st}", sort_key = gsi1sk))]
pub struct Task {
    // in 1 of 7
    pub gsi1sk: Option<String>,
    pub num: Number,
    pub project: String,
    // in 1 of 7
    pub st: Option<String>,
    // in 1 of 7
    pub tags: BTreeSet<String>,
    pub task_id: String,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
