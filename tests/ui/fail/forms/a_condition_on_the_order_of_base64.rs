use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "sessions")]
struct Session {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(form = base64)]
    token: Vec<u8>,
}

fn of_order() -> dynamo_runtime::Condition<Session> {
    Session::TOKEN.gt(vec![1])
}

fn main() {}
