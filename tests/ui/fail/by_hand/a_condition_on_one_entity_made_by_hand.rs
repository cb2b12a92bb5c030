use dynamo_runtime::operation::{ConditionOn, NoCondition};

struct User;

impl ConditionOn<User> for NoCondition {}

fn main() {}
