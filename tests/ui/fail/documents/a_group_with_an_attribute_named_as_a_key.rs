use dynamo_runtime::prelude::*;

#[derive(Document)]
struct Partition {
    pk: String,
}

#[derive(Document)]
struct Inner {
    #[dynamo(rename = "gsi1sk")]
    rank: String,
}

#[derive(Document)]
struct Outer {
    #[dynamo(flatten)]
    inner: Inner,
}

#[derive(Document)]
struct Older {
    #[dynamo(alias = "sk")]
    sorted: String,
}

#[derive(Document)]
#[dynamo(tag = "gsi1pk")]
enum Kind {
    New,
    Used { age: u32 },
}

#[derive(Entity)]
#[dynamo(table = "tickets")]
#[dynamo(partition_key("pk") = "TICKET#{id}", sort_key("sk") = "TICKET")]
#[dynamo(index(by_rank, name = "gsi1", partition_key("gsi1pk") = "RANK", sort_key("gsi1sk") = "{id}"))]
struct Ticket {
    id: String,
    #[dynamo(flatten)]
    partition: Partition,
    #[dynamo(flatten)]
    outer: Outer,
    #[dynamo(flatten)]
    older: Older,
    #[dynamo(flatten)]
    kind: Kind,
}

fn main() {}
