use dynamo_runtime::Record;

impl Record for String {
    const NAMES: &'static [&'static str] = &["email"];
}

fn main() {}
