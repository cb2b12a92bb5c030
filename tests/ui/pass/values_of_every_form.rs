include!("../entities.rs");

fn main() {
    let text = "a@example.com".to_owned();
    let _ = User::EMAIL.eq("a").and(User::EMAIL.eq(&text)).and(User::EMAIL.eq(text.clone()));
    let _ = User::NICKNAME.eq("a").or(User::NICKNAME.ne(&text)).or(!User::NICKNAME.exists());
    let _ = User::AGE.between(18, 65).and(User::AGE.is_in([1, 2])).and(User::AGE.is_in(&[3]));
    let _ = User::TAGS.contains("a").and(User::TAGS.contains(&text)).and(User::TAGS.size().gt(1));
    let _ = User::EMAIL.contains("@").and(User::EMAIL.begins_with(&text));
    let _ = User::PASSWORD_HASH.eq(Sensitive::new(text.clone()));
    let _ = User::EXPIRES_AT.gt(Timestamp::EPOCH);
    let _ = User::USER_ID.ne(UserId(text.clone())).and(User::VERSION.lt(Version::FIRST));
    let key = User::key(UserId(text.clone()));
    let _ = User::update(key)
        .set(User::EMAIL, "b@example.com")
        .set(User::TAGS, vec![text.clone()])
        .set(User::EXPIRES_AT, Some(Timestamp::EPOCH))
        .set_if_absent(User::NICKNAME, text)
        .add(User::AGE, 1);
}
