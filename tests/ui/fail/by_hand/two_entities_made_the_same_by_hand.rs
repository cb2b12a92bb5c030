include!("../../entities.rs");

use dynamo_runtime::expression::SameEntity;

impl SameEntity<User> for Order {}

fn main() {}
