use dynamo_runtime::prelude::*;
use serde::Serialize;

#[derive(Serialize, Clone, Debug)]
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
