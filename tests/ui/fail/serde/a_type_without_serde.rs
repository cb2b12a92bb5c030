use dynamo_runtime::prelude::*;

#[derive(Clone, Debug)]
struct Theme;

#[derive(Entity)]
#[dynamo(table = "profiles")]
struct Profile {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(serde)]
    theme: Theme,
}

fn main() {}
