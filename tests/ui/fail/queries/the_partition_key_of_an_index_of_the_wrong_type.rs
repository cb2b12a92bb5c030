include!("../../entities.rs");

fn main() {
    let _ = User::by_email(42);
}
