include!("../entities.rs");

fn is_send<T: Send>(value: T) -> T {
    value
}

fn futures(client: &SecureClient, user: User, key: UserKey) {
    drop(is_send(User::get(key.clone()).send(client)));
    drop(is_send(User::create(user.clone()).send(client)));
    drop(is_send(User::put(user.clone()).condition(User::AGE.gt(18)).send(client)));
    drop(is_send(User::replace(user.clone()).send_with_metadata(client)));
    let update = || User::update(key.clone()).add(User::AGE, 1);
    drop(is_send(update().if_exists().send(client)));
    drop(is_send(update().at_version(Version::FIRST).returning_new().send(client)));
    drop(is_send(User::modify(key.clone(), |user| Ok(user.age += 1)).send(client)));
    drop(is_send(User::delete(key).if_exists().returning_old().send(client)));
    drop(is_send(User::delete_entity(&user).send(client)));
    drop(is_send(User::by_email("a@example.com").page(client)));
    drop(is_send(User::by_email("a@example.com").count(client)));
    drop(is_send(is_send(User::by_email("a@example.com").items(client)).collect()));
}

fn main() {}
