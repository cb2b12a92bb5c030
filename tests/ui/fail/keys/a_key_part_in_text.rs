include!("../../entities.rs");

fn main() {
    let _ = User::key("u1");
}
