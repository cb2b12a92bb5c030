include!("../../entities.rs");

fn save(user: User) {
    let _ = User::put(user).condition(Order::STATUS.eq("new"));
}

fn main() {}
