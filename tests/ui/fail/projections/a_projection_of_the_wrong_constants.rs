include!("../../entities.rs");

#[derive(Projection)]
#[dynamo(of = User, attributes = Order)]
struct Profile {
    status: String,
}

fn main() {}
