include!("../../entities.rs");

fn read(key: OrderKey) {
    let _ = User::batch_get([key]);
}

fn main() {}
