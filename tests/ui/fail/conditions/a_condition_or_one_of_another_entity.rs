include!("../../entities.rs");

fn main() {
    let _ = User::EMAIL.eq("a@example.com").or(Order::STATUS.eq("new"));
}
