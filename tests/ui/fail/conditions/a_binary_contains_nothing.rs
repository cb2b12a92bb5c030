include!("../../entities.rs");

fn main() {
    let _ = User::PICTURE.contains(7_u8);
}
