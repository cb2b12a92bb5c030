use dynamo_runtime::prelude::*;

#[derive(Projection)]
#[dynamo(of = User)]
struct Tuple(String);

#[derive(Projection)]
#[dynamo(of = User)]
struct Nothing;

#[derive(Projection)]
#[dynamo(of = User)]
enum Either {}

#[derive(Projection)]
#[dynamo(off = User)]
struct Of<'a, 'b: 'a, T, const N: usize>
where
    T: Copy,
{
    #[dynamo(rename = "mail")]
    email: &'a T,
    r#email: &'b T,
}

#[derive(Projection)]
#[dynamo(table = "users", of)]
struct Unsaid {
    email: String,
}

fn main() {}
