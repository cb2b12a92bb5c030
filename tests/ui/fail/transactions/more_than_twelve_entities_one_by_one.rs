include!("../../entities.rs");

fn save(user: impl Fn() -> User) {
    let six = Transaction::new()
        .create(user())
        .create(user())
        .create(user())
        .create(user())
        .create(user())
        .create(user());
    let twelve = six
        .create(user())
        .create(user())
        .create(user())
        .create(user())
        .create(user())
        .create(user());
    let _ = twelve.create(user());
}

fn main() {}
