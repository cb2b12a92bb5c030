include!("../../entities.rs");

struct Profile {
    email: String,
}

fn main() {
    let _ = User::by_email("a@example.com").project::<Profile>();
}
