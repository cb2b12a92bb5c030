include!("../../entities.rs");

use dynamo_runtime::CanBeAbsent;

impl CanBeAbsent for OrderId {}

fn main() {}
