use dynamo_runtime::prelude::*;

struct Street;

#[derive(Document)]
struct Home(Street);

fn main() {}
