include!("../../entities.rs");

fn update(key: UserKey) {
    let _ = User::update(key).set(User::AGE, 5_u32).condition(|user: &User| user.age > 5);
}

fn main() {}
