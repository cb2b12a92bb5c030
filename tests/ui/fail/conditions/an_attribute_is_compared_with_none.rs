include!("../../entities.rs");

fn main() {
    let _ = User::AGE.eq(None);
    let _ = User::NICKNAME.ne(None);
}
