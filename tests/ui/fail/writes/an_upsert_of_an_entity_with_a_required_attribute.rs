include!("../../entities.rs");

fn main() {
    let _ = User::upsert(User::key(UserId("u1".to_owned())));
}
