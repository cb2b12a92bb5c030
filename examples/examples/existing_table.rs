//! A table that another program made, and goes on writing: camelCase names, seconds since 1970, an
//! enum as a number, and a null for what is absent.

use dynamo_runtime::UnknownAttributes;
use dynamo_runtime::codec::{decode_item, encode_item};
use dynamo_runtime::prelude::*;

/// As the other program has written it; `dynamo-inspect` tells such structs from items.
#[expect(clippy::struct_field_names, reason = "they are the other program's")]
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "tasks", rename_all = "camelCase")]
#[dynamo(index(by_assignee, name = "assignee-index", partition_key = assignee_id, sort_key = due_at))]
struct Task {
    #[dynamo(partition_key)]
    task_id: String,
    title: String,
    priority: Priority,
    // The other program reads a null where nobody has the task.
    #[dynamo(null_when_none)]
    note: Option<String>,
    assignee_id: Option<String>,
    #[dynamo(form = epoch_seconds)]
    due_at: Timestamp,
    #[dynamo(created_at, form = epoch_seconds)]
    created_at: Timestamp,
    #[dynamo(updated_at, form = epoch_seconds)]
    updated_at: Timestamp,
    // The other program's version begins at 0.
    #[dynamo(version(starts_at = 0))]
    version: Version,
    // What this program does not know, it keeps.
    #[dynamo(unknown)]
    rest: UnknownAttributes,
}

#[derive(Document, Clone, Copy, Debug, PartialEq)]
#[dynamo(number)]
enum Priority {
    Low = 1,
    High = 2,
}

/// An item of the table, as `aws dynamodb get-item` prints it.
const STORED: &str = r#"{"taskId":{"S":"t1"},"title":{"S":"Paint the door"},"priority":{"N":"2"},"note":{"NULL":true},"assigneeId":{"S":"ann"},"dueAt":{"N":"1796042096"},"createdAt":{"N":"1795000000"},"updatedAt":{"N":"1795000000"},"version":{"N":"0"},"color":{"S":"green"}}"#;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // It is read, and written back as it was.
    let task: Task = decode_item(STORED.as_bytes())?;
    assert_eq!((task.priority, task.note.as_ref()), (Priority::High, None));
    assert_eq!(task.due_at.to_string(), "2026-11-30T12:34:56.000000Z");
    assert_eq!(String::from_utf8(encode_item(&task)?)?, STORED);

    // The table of the other program, for this run.
    let file = std::env::temp_dir().join(format!("existing-table-{}.jsonl", std::process::id()));
    std::fs::write(&file, format!("{{\"Item\":{STORED}}}\n"))?;
    let client = SecureClient::local().table::<Task>().seed(&file).build().await?;
    std::fs::remove_file(&file)?;

    // A query compares the time as it is stored: as a number of seconds.
    let due = Task::by_assignee("ann").due_at(Timestamp::EPOCH..=task.due_at);
    assert_eq!(due.items(&client).collect().await?, std::slice::from_ref(&task));

    // A write is checked against the version that the other program counts too, and raises it.
    let noted = Task::modify(Task::key("t1"), |task| {
        task.note = Some("twice".to_owned());
        Ok(())
    });
    let noted = noted.send(&client).await?;
    assert_eq!(
        (noted.version, noted.rest.names().collect::<Vec<_>>()),
        (Version::new(1), vec!["color"])
    );
    let stale = Task::replace(task).send(&client).await.unwrap_err();
    assert!(stale.is_condition_failed());
    println!("{noted:#?}");
    Ok(())
}
