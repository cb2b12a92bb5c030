use dynamo_runtime::prelude::*;

#[derive(Clone, Debug)]
struct Theme;

#[derive(Document)]
struct Page {
    #[dynamo(serde)]
    theme: Option<Theme>,
}

fn main() {}
