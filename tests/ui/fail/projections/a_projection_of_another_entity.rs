include!("../../entities.rs");

#[derive(Projection)]
#[dynamo(of = Order)]
struct Total {
    total: u64,
}

fn main() {
    let _ = User::get(User::key(UserId("u1".to_owned()))).project::<Total>();
}
