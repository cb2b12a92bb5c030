use dynamo_runtime::prelude::*;

#[derive(Document, KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
struct CityId(String);

fn main() {}
