include!("../../entities.rs");

fn rename(key: UserKey, order: OrderKey) {
    let rename = User::update(key).set(User::EMAIL, "new@example.com").if_exists();
    let _ = Transaction::new().update(rename.returning_new());
    let _ = Transaction::new().delete(Order::delete(order).if_exists().returning_old());
}

fn main() {}
