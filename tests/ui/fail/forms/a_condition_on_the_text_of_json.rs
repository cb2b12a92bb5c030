use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "sessions")]
struct Session {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(form = json)]
    data: Vec<u32>,
}

fn same() -> dynamo_runtime::Condition<Session> {
    Session::DATA.eq(vec![1])
}

fn main() {}
