include!("../../entities.rs");

use std::borrow::Cow;

#[derive(Projection)]
#[dynamo(of = User)]
struct Profile<'a> {
    email: Cow<'a, str>,
}

fn main() {
    let _ = User::get(User::key(UserId("u1".to_owned()))).project::<Profile<'_>>();
    let _ = User::by_email("a@example.com").project::<Profile<'_>>();
}
