include!("../../entities.rs");

fn main() {
    let _ = User::EMAIL.eq("a@example.com").and(Order::STATUS.eq("new"));
}
