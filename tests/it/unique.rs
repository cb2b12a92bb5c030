//! Unique attributes: no two items have one value, and what makes that so follows each write.

use dynamo_runtime::codec::encode_item;
use dynamo_runtime::operation::Transaction;
use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;
use dynamo_runtime::{UnknownAttributes, codec::decode_item};
use serde_json::{Value, json};

use crate::engine;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "members", constant("type") = "Member", allow(scan))]
#[dynamo(partition_key("pk") = "MEMBER#{id}", sort_key("sk") = "PROFILE")]
struct Member {
    id: u32,
    #[dynamo(unique = "EMAIL#{email}")]
    email: String,
    #[dynamo(unique = "PHONE#{phone}", rename = "tel")]
    phone: Option<u64>,
    name: String,
    #[dynamo(version)]
    version: Version,
}

/// Whatever is in the table.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "members", allow(scan))]
struct Anything {
    #[dynamo(partition_key)]
    pk: String,
    #[dynamo(sort_key)]
    sk: String,
    #[dynamo(unknown)]
    rest: UnknownAttributes,
}

fn member(id: u32, email: &str) -> Member {
    let (name, version) = ("Ann".to_owned(), Version::UNSAVED);
    Member { id, email: email.to_owned(), phone: None, name, version }
}

async fn client() -> SecureClient {
    engine::client().table::<Member>().build().await
}

/// The partition keys of the guards.
async fn guards(client: &SecureClient) -> Vec<String> {
    let all = Anything::scan().items(client).collect().await.unwrap();
    let guards = all.into_iter().filter(|item| item.sk == "_unique");
    let mut keys: Vec<_> = guards.map(|item| item.pk).collect();
    keys.sort();
    keys
}

async fn stored(client: &SecureClient, id: u32) -> Option<Member> {
    Member::get(Member::key(id)).send(client).await.unwrap()
}

#[tokio::test]
async fn a_value_is_of_one_item() {
    let client = client().await;
    let ann = Member::create(member(1, "a@b.c")).send(&client).await.unwrap();
    assert_eq!(ann.version, Version::FIRST);
    assert_eq!(stored(&client, 1).await, Some(ann.clone()));
    let error = Member::create(member(2, "a@b.c")).send(&client).await.unwrap_err();
    assert_eq!(error.taken_attribute(), Some("email"));
    assert!(error.is_condition_failed() && error.current().is_none(), "{error:?}");
    assert!(error.to_string().contains("the value of `email` is taken"), "{error}");
    assert!(!format!("{error} {error:?}").contains("a@b.c"), "no value: {error:?}");
    assert_eq!(stored(&client, 2).await, None);
    let error = Member::create(member(1, "other@b.c")).send(&client).await.unwrap_err();
    assert_eq!(error.taken_attribute(), None);
    assert_eq!(error.into_current(), Some(ann), "the key is taken");
    assert_eq!(guards(&client).await, ["EMAIL#a@b.c"]);
    let put = Member::put(member(2, "a@b.c")).condition(Member::NAME.not_exists());
    let error = put.send(&client).await.unwrap_err();
    assert_eq!(error.taken_attribute(), Some("email"));
    let put = Member::put(member(2, "b@b.c")).condition(Member::NAME.not_exists());
    put.send(&client).await.unwrap();
    assert_eq!(guards(&client).await, ["EMAIL#a@b.c", "EMAIL#b@b.c"]);
    // A guard is no member.
    assert_eq!(Member::scan().items(&client).collect().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_value_is_free_once_its_item_is_deleted() {
    let client = client().await;
    let ann = Member::create(member(1, "a@b.c")).send(&client).await.unwrap();
    for refused in [
        Member::delete(Member::key(1_u32)).if_exists().send(&client).await.unwrap_err(),
        Member::delete_entity(&ann).returning_old().send(&client).await.unwrap_err(),
    ] {
        assert!(refused.as_error().to_string().contains("delete_entity"), "{refused}");
    }
    // Not the values of the item: its guards would be left.
    let changed = Member { email: "other@b.c".to_owned(), ..ann.clone() };
    let error = Member::delete_entity(&changed).send(&client).await.unwrap_err();
    assert_eq!(error.into_current(), Some(ann.clone()));
    let stale = Member { version: Version::new(7), ..ann.clone() };
    assert!(Member::delete_entity(&stale).send(&client).await.is_err());
    assert_eq!(guards(&client).await, ["EMAIL#a@b.c"]);
    Member::delete_entity(&ann).send(&client).await.unwrap();
    assert_eq!((stored(&client, 1).await, guards(&client).await.len()), (None, 0));
    Member::create(member(2, "a@b.c")).send(&client).await.unwrap();
}

#[tokio::test]
async fn a_changed_value_takes_its_guard_along() {
    let client = client().await;
    let ann = Member::create(member(1, "a@b.c")).send(&client).await.unwrap();
    Member::create(member(2, "b@b.c")).send(&client).await.unwrap();
    let change = async |email: &str, phone: Option<u64>| {
        let modify = Member::modify(Member::key(1_u32), |member| {
            member.email = email.to_owned();
            member.phone = phone;
            Ok(())
        });
        modify.send(&client).await
    };
    let error = change("b@b.c", Some(7)).await.unwrap_err();
    assert_eq!(error.taken_attribute(), Some("email"));
    assert_eq!(stored(&client, 1).await, Some(ann.clone()));
    assert_eq!(guards(&client).await, ["EMAIL#a@b.c", "EMAIL#b@b.c"]);
    let moved = change("c@b.c", Some(7)).await.unwrap();
    assert_eq!(guards(&client).await, ["EMAIL#b@b.c", "EMAIL#c@b.c", "PHONE#00000000000000000007"]);
    assert_eq!(stored(&client, 1).await, Some(moved.clone()));
    let kept = change("c@b.c", Some(7)).await.unwrap();
    assert_eq!(kept.version, Version::new(3));
    let gone = change("c@b.c", None).await.unwrap();
    assert_eq!(guards(&client).await, ["EMAIL#b@b.c", "EMAIL#c@b.c"]);

    // A whole write does not know what was there.
    let other = Member { email: "d@b.c".to_owned(), ..gone.clone() };
    let error = Member::replace(other).send(&client).await.unwrap_err();
    assert!(error.is_condition_failed() && error.taken_attribute().is_none());
    let renamed = Member { name: "Bea".to_owned(), ..gone };
    Member::replace(renamed).send(&client).await.unwrap();
    let update = Member::update(Member::key(1_u32)).set(Member::NAME, "Cia").if_exists();
    update.send(&client).await.unwrap();
    assert_eq!(guards(&client).await, ["EMAIL#b@b.c", "EMAIL#c@b.c"]);
}

#[tokio::test]
async fn values_that_look_alike_in_a_key_are_apart() {
    let client = client().await;
    for (id, email) in
        ["a", "A", "a#b", "a%23b", "EMAIL#a", "a ", "_unique", "$"].iter().enumerate()
    {
        let member = member(u32::try_from(id).unwrap(), email);
        Member::create(member.clone()).send(&client).await.unwrap();
        let other = Member { id: 99, ..member };
        let error = Member::create(other).send(&client).await.unwrap_err();
        assert_eq!(error.taken_attribute(), Some("email"), "{email}");
    }
    assert_eq!(guards(&client).await.len(), 8);
}

#[tokio::test]
async fn a_transaction_changes_the_guards_too() {
    let client = client().await;
    let ann = Member::create(member(1, "a@b.c")).send(&client).await.unwrap();
    let transaction = Transaction::new().create(member(2, "b@b.c")).create(member(3, "a@b.c"));
    let error = transaction.send(&client).await.unwrap_err();
    assert_eq!(error.taken_attribute(), Some("email"));
    assert!(error.reasons()[0].is_none() && error.reasons()[1].is_none(), "{error:?}");
    assert_eq!(error.reasons().len(), 4);
    assert_eq!(error.reasons()[3].taken_attribute(), Some("email"));
    assert_eq!(guards(&client).await, ["EMAIL#a@b.c"]);
    let transaction =
        Transaction::new().create(member(2, "b@b.c")).delete(Member::delete_entity(&ann));
    transaction.send(&client).await.unwrap();
    assert_eq!(guards(&client).await, ["EMAIL#b@b.c"]);
}

#[tokio::test]
async fn of_several_that_want_a_value_at_once_one_has_it() {
    let client = client().await;
    let creates = (0..8).map(|id| {
        let client = client.clone();
        tokio::spawn(async move { Member::create(member(id, "a@b.c")).send(&client).await.is_ok() })
    });
    let mut count = 0;
    for create in creates.collect::<Vec<_>>() {
        count += usize::from(create.await.unwrap());
    }
    assert_eq!(count, 1);
    let all = Anything::scan().items(&client).collect().await.unwrap();
    assert_eq!(all.len(), 2, "a member and the guard: {all:?}");
}

#[tokio::test]
async fn a_create_whose_response_is_lost_is_applied_once() {
    let engine = engine::embedded_engine().await;
    let client = SecureClient::local().engine(&engine).table::<Member>().build().await.unwrap();
    let _: &LocalEngine = &engine;
    engine.faults().lose_response("TransactWriteItems");
    let ann = Member::create(member(1, "a@b.c")).send(&client).await.unwrap();
    assert_eq!(stored(&client, 1).await, Some(ann));
    assert_eq!(guards(&client).await, ["EMAIL#a@b.c"]);
}

#[tokio::test]
async fn items_that_have_no_guard_yet_get_one_and_again_without_harm() {
    let client = client().await;
    for (id, email) in [(1, "a@b.c"), (2, "b@b.c"), (3, "a@b.c")] {
        let item = json!({
            "pk": { "S": format!("MEMBER#{id:010}") }, "sk": { "S": "PROFILE" },
            "type": { "S": "Member" }, "id": { "N": id.to_string() }, "email": { "S": email },
            "name": { "S": "Ann" }, "version": { "N": "1" },
        });
        let item = decode_item::<Anything>(item.to_string().as_bytes()).unwrap();
        Anything::create(item).send(&client).await.unwrap();
    }
    let mut taken = Vec::new();
    for _ in 0..2 {
        for member in Member::scan().items(&client).collect().await.unwrap() {
            let id = member.id;
            if let Err(error) = Member::claim_unique(member).send(&client).await {
                assert_eq!(error.taken_attribute(), Some("email"));
                taken.push(id);
            }
        }
    }
    assert_eq!(taken.len(), 2, "one of the two, both times: {taken:?}");
    assert_eq!(taken[0], taken[1]);
    assert_eq!(guards(&client).await, ["EMAIL#a@b.c", "EMAIL#b@b.c"]);
    let guard = AnythingKey { pk: "EMAIL#b@b.c".to_owned(), sk: "_unique".to_owned() };
    let guard = Anything::get(guard).send(&client).await.unwrap().unwrap();
    let guard: Value = serde_json::from_slice(&encode_item(&guard).unwrap()).unwrap();
    let owner = json!({ "L": [{ "S": "MEMBER#0000000002" }, { "S": "PROFILE" }] });
    assert_eq!((&guard["unique_owner"], &guard["type"]), (&owner, &json!({ "S": "_unique" })));
}
