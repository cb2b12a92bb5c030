use dynamo_runtime::operation::NoCondition;
use dynamo_runtime::operation::traits::Conditioned;

impl Conditioned for NoCondition {}

fn main() {}
