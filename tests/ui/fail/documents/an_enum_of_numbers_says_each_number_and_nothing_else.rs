use dynamo_runtime::prelude::*;

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
#[dynamo(number, rename_all = "lowercase")]
enum Priority {
    Low = 1,
    Middle,
    #[dynamo(rename = "top")]
    High = 3,
}

#[derive(Document)]
#[dynamo(number, text)]
#[repr(u8)]
enum Outcome {
    Lost(u8),
    Won = 3,
}

#[derive(Document)]
#[dynamo(number, tag = "type")]
enum Payment {
    Cash = 1,
}

#[derive(Document)]
#[dynamo(text, tag = "type")]
enum Form {
    Paper,
}

#[derive(Document)]
#[dynamo(number)]
struct Amount(u8);

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
#[dynamo(number)]
struct Name(String);

#[derive(Document)]
#[dynamo(text)]
struct Address {
    city: String,
}

#[derive(Document)]
#[dynamo(number)]
enum Never {}

fn main() {}
