use dynamo_runtime::operation::{Conditioned, NoCondition};

impl Conditioned for NoCondition {}

fn main() {}
