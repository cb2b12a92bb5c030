include!("../../entities.rs");

fn main() {
    let _ = User::IS_ACTIVE.eq(User::AGE.gt(5));
}
