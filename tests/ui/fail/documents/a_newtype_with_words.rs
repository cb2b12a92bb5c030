use dynamo_runtime::prelude::*;

#[derive(Document)]
#[dynamo(rename_all = "camelCase", attributes = CityAttributes)]
struct City(#[dynamo(rename = "c", default, skip)] String);

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
struct CityId(#[dynamo(rename = "id")] String);

fn main() {}
