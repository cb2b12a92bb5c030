include!("../../entities.rs");

#[derive(Projection)]
#[dynamo(of = User)]
struct Profile {
    email: String,
    age: u64,
    nickname: String,
}

fn main() {}
