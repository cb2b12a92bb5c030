use dynamo_runtime::prelude::*;

#[derive(Document)]
#[dynamo(rename_all = "lowercase")]
enum Status {
    Open,
    #[dynamo(rename = "open")]
    Started,
}

fn main() {}
