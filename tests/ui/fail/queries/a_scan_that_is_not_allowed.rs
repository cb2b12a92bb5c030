include!("../../entities.rs");

fn main() {
    let _ = User::scan();
}
