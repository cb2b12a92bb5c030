include!("../../entities.rs");

fn main() {
    let _ = User::delete(User::key(UserId("u1".to_owned()))).condition(Order::STATUS.eq("new"));
}
