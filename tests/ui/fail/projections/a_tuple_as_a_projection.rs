include!("../../entities.rs");

fn read(key: UserKey) {
    let _ = User::get(key).project::<(String, u32)>();
}

fn main() {}
