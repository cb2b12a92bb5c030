include!("../../entities.rs");

fn main() {
    let _ = User::IS_ACTIVE.between(false, true);
}
