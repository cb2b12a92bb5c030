// The items of the table "electrodb-keys", told from 9 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use dynamo_runtime::prelude::*;
use dynamo_runtime::UnknownAttributes;

// `__edb_e__` is "task" in 9 items.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "electrodb-keys", rename_all = "camelCase")]
#[dynamo(constant("__edb_e__") = "task")]
#[dynamo(constant("__edb_v__") = "1")]
// `gsi1pk` is `$taskapp#st_{st}` in lower case in all of 1.
#[dynamo(index(by_gsi1, name = "gsi1", partition_key("gsi1pk", raw, lowercase, lossy) = "$taskapp#st_{st}", sort_key = gsi1sk))]
pub struct Task {
    #[dynamo(partition_key)]
    pub pk: String,
    #[dynamo(sort_key)]
    pub sk: String,
    // in 1 of 9
    pub done: Option<bool>,
    // in 1 of 9
    pub gsi1sk: Option<String>,
    pub num: i64,
    pub project: String,
    // in 1 of 9
    pub st: Option<String>,
    pub task_id: String,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
