include!("../../entities.rs");

fn main() {
    let _ = User::EMAIL.eq_attribute(User::AGE);
    let _ = User::TAGS.lt_attribute(User::TAGS.at(0));
    let _ = User::EMAIL.eq_attribute(Order::STATUS);
}
