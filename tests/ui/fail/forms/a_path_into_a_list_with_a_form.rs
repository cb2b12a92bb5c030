use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "sessions")]
struct Session {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(form = epoch_millis)]
    seen: Vec<Timestamp>,
}

fn first() -> dynamo_runtime::Condition<Session> {
    Session::SEEN.at(0).eq(Timestamp::EPOCH)
}

fn main() {}
