use dynamo_runtime::prelude::*;

#[derive(KeyPart)]
struct SensorId(String);

fn main() {}
