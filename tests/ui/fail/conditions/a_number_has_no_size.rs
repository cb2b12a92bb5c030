include!("../../entities.rs");

fn main() {
    let _ = User::AGE.size();
}
