// The items of the table "electrodb-upper", told from 3 items by `dynamo-inspect`.
// Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.

use dynamo_runtime::prelude::*;
use dynamo_runtime::UnknownAttributes;

// `__edb_e__` is "task" in 3 items.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "electrodb-upper", rename_all = "camelCase")]
#[dynamo(constant("__edb_e__") = "task")]
#[dynamo(constant("__edb_v__") = "1")]
// `pk` is `$TASKAPP#TASKID_{taskId}` in upper case in all of 3.
#[dynamo(partition_key("pk", raw, uppercase, lossy) = "$TASKAPP#TASKID_{task_id}")]
// `sk` is `$TASK_1#NUM_{num:05}` in all of 3.
#[dynamo(sort_key("sk", raw) = "$TASK_1#NUM_{num:05}")]
pub struct Task {
    pub num: i64,
    pub task_id: String,
    #[dynamo(unknown)]
    pub rest: UnknownAttributes,
}
