use dynamo_runtime::prelude::*;

#[derive(Document)]
#[dynamo(renameall = "camelCase", rename_all = "camels", allow(scan))]
struct Address {
    #[dynamo(version, sort_key)]
    street: String,
    #[dynamo(skip, rename = "c")]
    city: String,
    #[dynamo(rename = "")]
    country: String,
    #[dynamo(rename = "street")]
    Street: String,
}

fn main() {}
