include!("../../entities.rs");

fn main() {
    let _ = User::IS_ACTIVE.begins_with(true);
}
