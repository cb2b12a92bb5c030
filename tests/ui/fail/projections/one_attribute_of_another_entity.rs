include!("../../entities.rs");

fn main() {
    let _ = User::get(User::key(UserId("u1".to_owned()))).attribute(Order::TOTAL);
}
