//! `ElectroDB`: keys with the names of their parts, in lower case, and two attributes without which it
//! takes an item for none of its own.

use std::collections::BTreeSet;

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::Tables;
use serde_json::{Value, json};

use super::soon;
use crate::engine::EngineAddress;
use crate::program::Program;
use crate::table::Row;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "electrodb", rename_all = "camelCase")]
#[dynamo(constant("__edb_e__") = "task", constant("__edb_v__") = "1")]
#[dynamo(partition_key("pk", raw, lowercase, lossy) = "$taskapp#taskid_{task_id}")]
#[dynamo(sort_key("sk", raw, lowercase, lossy) = "$task_1#project_{project}#num_{num}")]
#[dynamo(index(by_state, name = "gsi1",
    partition_key("gsi1pk", raw) = "$taskapp#st_{st}",
    sort_key("gsi1sk", raw, lowercase, lossy) = "$task_1#project_{project}#num_{num}"))]
#[allow(clippy::struct_field_names, reason = "the names of the table")]
struct Task {
    task_id: String,
    project: String,
    num: u32,
    done: bool,
    tags: BTreeSet<String>,
    st: TaskState,
}

#[derive(KeyPart, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[dynamo(rename_all = "lowercase")]
enum TaskState {
    Open,
    Closed,
}

fn task(id: &str) -> Task {
    let tags = ["a", "b"].map(str::to_owned).into();
    Task {
        task_id: id.into(),
        project: "p1".into(),
        num: 7,
        done: false,
        tags,
        st: TaskState::Open,
    }
}

pub(super) async fn run(engine: &EngineAddress) -> Row {
    let client = engine.client(Tables::new().table::<Task>()).await;
    let mut electrodb = Program::start("electrodb.mjs", "electrodb", engine);

    electrodb.call("write", "T-Ab");
    let read = Task::get(task("T-Ab").to_key()).send(&client).await.unwrap();
    assert_eq!(read, Some(task("T-Ab")));
    let closed = Task::update(task("T-Ab").to_key()).set(Task::ST, TaskState::Closed);
    let closed = closed.condition(Task::ST.eq(TaskState::Open)).returning_new();
    assert_eq!(closed.send(&client).await.unwrap().st, TaskState::Closed);
    let seen = electrodb.call("read", "T-Ab");
    assert_eq!((&seen["st"], &seen["tags"]), (&json!("closed"), &json!(["a", "b"])));
    electrodb.refuses("change", "T-Ab", "conditional request failed");

    Task::create(task("T-Cd")).send(&client).await.unwrap();
    assert_eq!(electrodb.call("read", "T-Cd")["taskId"], "T-Cd");
    assert!(soon(async || electrodb.call("find", "open") == json!(["T-Cd"])).await);
    electrodb.call("change", "T-Cd");
    let of_state = async |state| Task::by_state(state).items(&client).collect().await.unwrap();
    assert!(soon(async || of_state(TaskState::Closed).await.len() == 2).await);
    let stale = Task::delete(task("T-Cd").to_key()).condition(Task::ST.eq(TaskState::Open));
    assert!(stale.send(&client).await.unwrap_err().is_condition_failed());

    for id in ["T-Ab", "T-Cd"] {
        let delete = Task::delete(task(id).to_key()).condition(Task::ST.eq(TaskState::Closed));
        delete.send(&client).await.unwrap();
        assert_eq!(electrodb.call("read", id), Value::Null);
    }
    Row {
        library: "electrodb",
        forms: "keys `raw, lowercase, lossy`; `constant` for `__edb_e__` and `__edb_v__`; a set",
        read: "all, by key and by index",
        written_back: "update, create, delete by condition; both keys of an index",
        read_by_them: "all, by key and by index",
    }
}
