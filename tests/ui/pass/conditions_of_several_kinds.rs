include!("../entities.rs");

use dynamo_runtime::Condition;

/// A condition that is made up at run time has one type.
fn wanted(is_adult: bool, domain: Option<&str>) -> Condition<User, dynamo_runtime::expression::AnyKeys> {
    let mut all = vec![User::IS_ACTIVE.eq(true).any_keys()];
    if is_adult {
        all.push(User::AGE.ge(18).any_keys());
    }
    if let Some(domain) = domain {
        all.push(User::EMAIL.contains(domain).any_keys());
    }
    all_of(all)
}

fn main() {
    let key = User::key(UserId("u1".to_owned()));
    let mut update = User::update(key.clone()).set(User::IS_ACTIVE, false);
    for nickname in ["a", "b"] {
        update = update.set(User::NICKNAME, nickname);
    }
    let _ = update.condition(wanted(true, Some("example.com"))).condition(User::AGE.lt(99));
    let _ = User::delete(key).condition(any_of([User::AGE.lt(18), User::AGE.gt(99)]));
}
