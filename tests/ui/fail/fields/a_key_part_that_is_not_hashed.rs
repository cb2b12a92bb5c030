use dynamo_runtime::prelude::*;

#[derive(KeyPart, Clone, Debug, PartialEq, Eq)]
struct SensorId(String);

fn main() {}
