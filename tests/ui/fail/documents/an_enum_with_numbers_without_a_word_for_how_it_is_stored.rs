use dynamo_runtime::prelude::*;

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
enum Priority {
    Low = 1,
    High = 2,
}

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
enum Level {
    One,
    Two,
}

#[derive(Document)]
enum Outcome {
    Lost,
    Won = 3,
}

#[derive(Document)]
#[repr(align(4), i16)]
enum Mode {
    Read,
    Write,
}

fn main() {}
