use dynamo_runtime::prelude::*;

#[derive(Document)]
struct Created {
    by: String,
}

#[derive(Document)]
struct Changed {
    #[dynamo(flatten)]
    how: How,
}

#[derive(Document)]
struct How {
    by: String,
}

#[derive(Document)]
struct Article<'a> {
    title: std::borrow::Cow<'a, str>,
    #[dynamo(flatten)]
    created: Created,
    #[dynamo(flatten)]
    changed: Changed,
}

fn main() {}
