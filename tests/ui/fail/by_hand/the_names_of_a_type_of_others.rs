use dynamo_runtime::operation::traits::Record;

impl Record for String {
    const NAMES: &'static [&'static str] = &["email"];
}

fn main() {}
