include!("../../entities.rs");

fn main() {
    let _ = User::get("u1");
}
