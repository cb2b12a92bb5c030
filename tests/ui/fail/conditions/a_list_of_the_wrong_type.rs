include!("../../entities.rs");

fn main() {
    let _ = User::AGE.is_in(["18", "21"]);
}
