//! Versions that other programs began at 0 or left out, and tokens that each write replaces.

use crate::engine;

use dynamo_runtime::codec::{decode_item, encode_item};
use dynamo_runtime::prelude::*;
use dynamo_runtime::{VersionBytes, VersionToken};

/// As nova and the data mapper of AWS have it.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "nova")]
struct Nova {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(default)]
    name: String,
    #[dynamo(version(starts_at = 0), default)]
    v: Version,
}

#[tokio::test]
async fn a_version_starts_at_0_where_it_is_said() {
    let client = engine::client().table::<Nova>().build().await;
    let nova = |id: &str| Nova { id: id.to_owned(), name: "x".to_owned(), v: Version::UNSAVED };
    let created = Nova::create(nova("1")).send(&client).await.unwrap();
    assert_eq!(created.v, Version::new(0));
    assert!(
        String::from_utf8(encode_item(&created).unwrap()).unwrap().contains(r#""v":{"N":"0"}"#)
    );
    let put = Nova::put(nova("2")).condition(Nova::ID.not_exists()).send(&client).await.unwrap();
    assert_eq!(put.v, Version::new(0));
    let upserted =
        Nova::upsert(Nova::key("3")).set(Nova::NAME, "y").condition(Nova::ID.not_exists());
    let upserted = upserted.returning_new().send(&client).await.unwrap();
    assert_eq!(upserted.v, Version::new(0));

    for (id, first) in [("1", 1), ("2", 1), ("3", 1)] {
        let update = Nova::update(Nova::key(id)).set(Nova::NAME, "z").at_version(Version::new(0));
        let updated = update.clone().returning_new().send(&client).await.unwrap();
        assert_eq!(updated.v, Version::new(first));
        assert!(update.send(&client).await.unwrap_err().is_condition_failed());
        let modified = Nova::modify(Nova::key(id), |nova| {
            nova.name.push('!');
            Ok(())
        });
        assert_eq!(modified.send(&client).await.unwrap().v, Version::new(first + 1));
    }
}

/// `PynamoDB` writes items without a version in a batch.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "nova", allow(unconditional_put))]
struct Unversioned {
    #[dynamo(partition_key)]
    id: String,
    name: String,
}

#[tokio::test]
async fn an_item_without_a_version_is_given_the_first() {
    let client = engine::client().table::<Nova>().build().await;
    let write = async || {
        let item = Unversioned { id: "1".to_owned(), name: "x".to_owned() };
        Unversioned::put_unconditionally(item).send(&client).await.unwrap();
    };
    write().await;
    let read = Nova::get(Nova::key("1")).send(&client).await.unwrap().unwrap();
    assert_eq!(read.v, Version::UNSAVED);
    let replaced = Nova::replace(read.clone()).send(&client).await.unwrap();
    assert_eq!(replaced.v, Version::new(0));
    assert!(Nova::replace(read).send(&client).await.unwrap_err().is_condition_failed());
    write().await;
    let updated = Nova::update(Nova::key("1")).set(Nova::NAME, "y").at_version(Version::UNSAVED);
    assert_eq!(updated.returning_new().send(&client).await.unwrap().v, Version::new(0));
}

/// A lock of python-dynamodb-lock.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "locks")]
struct Lock {
    #[dynamo(partition_key, rename = "lock_key")]
    key: String,
    #[dynamo(default)]
    owner_name: String,
    #[dynamo(version, rename = "record_version_number", default)]
    rvn: VersionToken,
}

/// A lock of dynamodb-lock-client.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "guarded")]
struct Guarded {
    #[dynamo(partition_key)]
    id: String,
    owner: String,
    #[dynamo(version)]
    guid: VersionBytes,
}

#[test]
fn the_tokens_of_lock_clients_are_read_and_written_back() {
    let json = r#"{"lock_key":{"S":"l"},"owner_name":{"S":"a"},"record_version_number":{"S":"3a8eb9a8-1f2c-4a6c-9c5b-7f5dbb0d6c11"}}"#;
    let lock: Lock = decode_item(json.as_bytes()).unwrap();
    assert_eq!(String::from_utf8(encode_item(&lock).unwrap()).unwrap(), json);
    let json = r#"{"id":{"S":"my-lock"},"owner":{"S":"worker-1"},"guid":{"B":"ERhq62g2K/w="}}"#;
    let lock: Guarded = decode_item(json.as_bytes()).unwrap();
    assert_eq!(String::from_utf8(encode_item(&lock).unwrap()).unwrap(), json);
    let number = br#"{"lock_key":{"S":"l"},"record_version_number":{"N":"1"}}"#;
    assert!(decode_item::<Lock>(number).unwrap_err().is_wrong_type());
}

#[tokio::test]
async fn each_write_replaces_the_token_and_checks_it() {
    let client = engine::client().table::<Lock>().build().await;
    let key = || Lock::key("l");
    let lock =
        Lock { key: "l".to_owned(), owner_name: "ann".to_owned(), rvn: VersionToken::UNSAVED };
    let created = Lock::create(lock.clone()).send(&client).await.unwrap();
    assert_eq!(created.rvn.as_str().map(str::len), Some(36));
    assert!(Lock::create(lock.clone()).send(&client).await.unwrap_err().is_condition_failed());

    let replaced = Lock::replace(created.clone()).send(&client).await.unwrap();
    assert_ne!(replaced.rvn, created.rvn);
    let stale = Lock::replace(created.clone()).send(&client).await.unwrap_err();
    assert_eq!(stale.into_current(), Some(replaced.clone()));

    let update = Lock::update(key()).set(Lock::OWNER_NAME, "bob").at_version(replaced.rvn.clone());
    let updated = update.clone().returning_new().send(&client).await.unwrap();
    assert_ne!(updated.rvn, replaced.rvn);
    assert!(update.send(&client).await.unwrap_err().is_condition_failed());
    let unchecked = Lock::update(key()).set(Lock::OWNER_NAME, "cid").if_exists();
    let unchecked = unchecked.returning_new().send(&client).await.unwrap();
    assert_ne!(unchecked.rvn, updated.rvn);

    let modify = Lock::modify(key(), |lock| {
        // What the closure leaves there does not count.
        lock.rvn = VersionToken::new("mine");
        lock.owner_name.push('!');
        Ok(())
    });
    let modified = modify.send(&client).await.unwrap();
    assert!(modified.rvn != unchecked.rvn && modified.rvn != VersionToken::new("mine"));
    assert_eq!(Lock::get(key()).send(&client).await.unwrap(), Some(modified.clone()));

    assert!(Lock::delete_entity(&unchecked).send(&client).await.unwrap_err().is_condition_failed());
    let deleted = Lock::delete(key()).at_version(modified.rvn.clone());
    deleted.send(&client).await.unwrap();
    // Never stored, and not there.
    let put = Lock::put(lock).condition(Lock::KEY.not_exists()).send(&client).await.unwrap();
    assert_ne!(put.rvn, VersionToken::UNSAVED);
    let upsert = Lock::upsert(Lock::key("m")).set(Lock::OWNER_NAME, "dan");
    let upsert = upsert.condition(Lock::KEY.not_exists()).returning_new().send(&client).await;
    assert_eq!(upsert.unwrap().rvn.as_str().map(str::len), Some(36));
}

#[tokio::test]
async fn a_lost_response_is_known_by_the_token() {
    let engine = engine::embedded_engine().await;
    let client = SecureClient::local().engine(&engine).table::<Guarded>().build().await.unwrap();
    let lock = Guarded { id: "l".to_owned(), owner: "ann".to_owned(), guid: VersionBytes::UNSAVED };
    engine.faults().lose_response("PutItem");
    let created = Guarded::create(lock).send_with_metadata(&client).await.unwrap();
    assert_eq!(created.attempts, 2);
    let created = created.value;
    engine.faults().lose_response("PutItem");
    let replaced = Guarded::replace(created.clone()).send(&client).await.unwrap();
    assert_eq!(
        Guarded::get(Guarded::key("l")).send(&client).await.unwrap().as_ref(),
        Some(&replaced)
    );
    engine.faults().lose_response("UpdateItem");
    let update = Guarded::update(Guarded::key("l")).set(Guarded::OWNER, "bob");
    let updated = update.at_version(replaced.guid).returning_new().send(&client).await.unwrap();
    assert_eq!(updated.owner, "bob");
    assert_eq!(Guarded::get(Guarded::key("l")).send(&client).await.unwrap(), Some(updated));
}

#[tokio::test]
async fn an_equal_item_of_another_writer_is_not_taken_for_ones_own() {
    let engine = engine::embedded_engine().await;
    let client = SecureClient::local().engine(&engine).table::<Guarded>().table::<Coarse>();
    let client = client.build().await.unwrap();
    let lock =
        || Guarded { id: "l".to_owned(), owner: "ann".to_owned(), guid: VersionBytes::UNSAVED };
    let theirs = Guarded::create(lock()).send(&client).await.unwrap();
    engine.faults().lose_response("PutItem");
    let error = Guarded::create(lock()).send(&client).await.unwrap_err();
    assert!(error.is_condition_failed() && error.is_outcome_unknown(), "{error}");
    let now = Guarded::replace(theirs.clone()).send(&client).await.unwrap();
    for operation in ["PutItem", "UpdateItem"] {
        engine.faults().lose_response(operation);
        let error = if operation == "PutItem" {
            Guarded::replace(theirs.clone()).send(&client).await.unwrap_err()
        } else {
            let update = Guarded::update(Guarded::key("l")).set(Guarded::OWNER, "ann");
            update.at_version(theirs.guid.clone()).send(&client).await.unwrap_err()
        };
        assert!(error.is_condition_failed() && error.is_outcome_unknown(), "{operation}: {error}");
        assert_eq!(error.current(), Some(&now));
    }
}

/// Its times tell no write from another within their second.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "coarse")]
struct Coarse {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(default)]
    n: u32,
    #[dynamo(created_at, form = epoch_micros)]
    created_at: Timestamp,
    #[dynamo(updated_at, form = epoch_seconds)]
    updated_at: Timestamp,
    #[dynamo(version)]
    version: Version,
}

#[tokio::test]
async fn a_time_in_seconds_does_not_prove_whose_write_it_was() {
    let engine = engine::embedded_engine().await;
    let client = SecureClient::local().engine(&engine).table::<Coarse>().build().await.unwrap();
    let coarse = Coarse {
        id: "c".to_owned(),
        n: 0,
        created_at: Timestamp::EPOCH,
        updated_at: Timestamp::EPOCH,
        version: Version::UNSAVED,
    };
    // To the microsecond.
    engine.faults().lose_response("PutItem");
    let created = Coarse::create(coarse).send(&client).await.unwrap();
    assert_eq!(created.updated_at, created.created_at.floor_to_second());
    engine.faults().lose_response("PutItem");
    let error = Coarse::replace(created).send(&client).await.unwrap_err();
    assert!(error.is_outcome_unknown(), "{error}");
    let now = error.into_current().unwrap();
    assert_eq!(now.version, Version::new(2));

    let upsert = |id: &str| Coarse::upsert(Coarse::key(id)).set(Coarse::N, 7_u32);
    let made = upsert("d").condition(Coarse::ID.not_exists()).returning_new().send(&client).await;
    let made = made.unwrap();
    assert_eq!(made.updated_at, made.created_at.floor_to_second());
    let again = upsert("d").at_version(made.version).returning_new().send(&client).await.unwrap();
    assert_eq!(again.created_at, made.created_at);
}
