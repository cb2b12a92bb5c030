include!("../../entities.rs");

fn save(user: User, order: Order) {
    let _ = User::create(user).condition(User::AGE.gt(1));
    let _ = Order::create(order).if_not_exists();
}

fn main() {}
