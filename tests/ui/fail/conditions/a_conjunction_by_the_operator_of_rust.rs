include!("../../entities.rs");

fn main() {
    let _ = User::AGE.gt(18) && User::EMAIL.exists();
}
