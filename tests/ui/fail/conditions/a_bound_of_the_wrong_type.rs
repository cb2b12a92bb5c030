include!("../../entities.rs");

fn main() {
    let _ = User::AGE.between(18, "65");
}
