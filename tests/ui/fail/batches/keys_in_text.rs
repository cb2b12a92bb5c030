include!("../../entities.rs");

fn read(ids: Vec<String>) {
    let _ = User::batch_get(ids);
}

fn main() {}
