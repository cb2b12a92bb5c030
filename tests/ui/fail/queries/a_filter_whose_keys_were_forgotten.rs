include!("../../entities.rs");

fn main() {
    let _ = User::by_email("a@example.com").filter(User::AGE.gt(3).any_keys());
}
