include!("../../entities.rs");

fn main() {
    let _ = User::IS_ACTIVE.lt(true);
}
