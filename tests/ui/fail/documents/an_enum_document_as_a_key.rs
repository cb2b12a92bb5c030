use dynamo_runtime::prelude::*;

#[derive(Document, Clone, Debug, PartialEq, Eq, Hash)]
enum Status {
    Open,
    Lost,
}

#[derive(Entity)]
#[dynamo(table = "orders")]
struct Order {
    #[dynamo(partition_key)]
    status: Status,
}

fn main() {}
