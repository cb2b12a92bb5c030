include!("../../entities.rs");

fn main() {
    let _ = User::AGE.contains(4_u32);
}
