include!("../../entities.rs");

fn main() {
    let _ = User::by_email("a@example.com").user_id(UserId("u1".to_owned()));
}
