include!("../../entities.rs");

fn main() {
    let _ = User::AGE.begins_with(4_u32);
}
