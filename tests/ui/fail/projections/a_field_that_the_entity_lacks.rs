include!("../../entities.rs");

#[derive(Projection)]
#[dynamo(of = User)]
struct Profile {
    emial: String,
    age: u32,
}

fn main() {}
