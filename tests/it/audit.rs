//! What the audit is told: each thing once, with what a review needs, and no value.

use dynamo_runtime::client::{AuditEvent, AuditLog};
use dynamo_runtime::prelude::*;

use crate::engine::{embedded, embedded_engine};
use crate::entities::{Reading, User, reading, reading_key, user};

/// A client with its audit, once its table is made and its connection open.
async fn audited() -> (SecureClient, AuditLog) {
    let log = AuditLog::default();
    let client = embedded().table::<User>().table::<Reading>().audit(log.clone()).build().await;
    (client.unwrap(), log)
}

/// What was told since the last time, but for connections: a write that must not be sent twice may open one of its own.
fn told(log: &AuditLog) -> Vec<AuditEvent> {
    let is_other = |event: &AuditEvent| !matches!(event, AuditEvent::ConnectionOpened { .. });
    log.take().into_iter().filter(is_other).collect()
}

/// The dangerous operations since the last time, as they are named in the call.
fn dangers(log: &AuditLog) -> Vec<&'static str> {
    let danger = |event: &AuditEvent| match event {
        AuditEvent::DangerousOperation { entity, operation, table, .. } => {
            assert_eq!((*entity, table.as_str()), ("Reading", "readings"));
            *operation
        }
        other => panic!("{other:?}"),
    };
    told(log).iter().map(danger).collect()
}

#[tokio::test]
async fn a_client_is_attested_and_its_connection_told_once() {
    let (client, log) = audited().await;
    for id in ["u1", "u2"] {
        User::create(user(id)).send(&client).await.unwrap();
    }
    let events = log.events();
    let [
        AuditEvent::BuildAttested { region, authority, roots, pins, is_crc_required, .. },
        AuditEvent::ConnectionOpened { authority: opened, peer, .. },
    ] = &events[..]
    else {
        panic!("{events:?}");
    };
    assert_eq!((*region, *roots, *pins), (Region::US_EAST_1, "private_ca", 0));
    assert!(is_crc_required);
    assert_eq!(authority, opened);
    assert!(authority.ends_with(&peer.remote_address().port().to_string()), "{authority}");
    assert!(!format!("{events:?}").contains("example.com"));
}

#[tokio::test]
async fn a_dangerous_operation_is_told_once_by_its_name() {
    let (client, log) = audited().await;
    log.take();
    Reading::put_unconditionally(reading("s", 1)).send(&client).await.unwrap();
    assert_eq!(dangers(&log), ["put_unconditionally"]);
    let upsert = Reading::upsert_unconditionally(reading_key("s", 2)).set(Reading::COUNT, 3_u64);
    upsert.send(&client).await.unwrap();
    assert_eq!(dangers(&log), ["upsert_unconditionally"]);
    let page = Reading::scan().limit(1).page(&client).await.unwrap();
    assert_eq!(dangers(&log), ["scan"]);
    Reading::scan().after(page.next.unwrap()).send(&client).await.unwrap();
    assert_eq!(dangers(&log), ["scan"]);
    Reading::scan().count(&client).await.unwrap();
    assert_eq!(dangers(&log), ["scan"]);
    assert_eq!(Reading::scan().limit(2).items(&client).collect().await.unwrap().len(), 2);
    assert_eq!(dangers(&log), ["scan"]);
    Reading::delete_unconditionally(reading_key("s", 1)).send(&client).await.unwrap();
    assert_eq!(dangers(&log), ["delete_unconditionally"]);
}

#[tokio::test]
async fn what_has_a_condition_is_no_danger() {
    let (client, log) = audited().await;
    log.take();
    let stored = Reading::create(reading("s", 1)).send(&client).await.unwrap();
    let same = Reading::COUNT.eq(0);
    Reading::put_unconditionally(stored).condition(same.clone()).send(&client).await.unwrap();
    let upsert = Reading::upsert_unconditionally(reading_key("s", 1)).set(Reading::COUNT, 0_u64);
    upsert.condition(same.clone()).send(&client).await.unwrap();
    Reading::query("s").page(&client).await.unwrap();
    let delete = Reading::delete_unconditionally(reading_key("s", 1)).condition(same);
    delete.send(&client).await.unwrap();
    assert_eq!(told(&log), []);
}

#[tokio::test]
async fn a_damaged_response_is_rejected_and_told_once() {
    let engine = embedded_engine().await;
    let log = AuditLog::default();
    let client = embedded().engine(&engine).table::<User>().audit(log.clone());
    let client = client.build().await.unwrap();
    log.take();
    engine.faults().corrupt_response("GetItem");
    User::get(crate::entities::user_key("u1")).send(&client).await.unwrap();
    let events = log.events();
    let rejected = events.iter().filter(|event| event.name() == "response_rejected");
    let [AuditEvent::ResponseRejected { operation: "GetItem", reason, .. }] =
        rejected.collect::<Vec<_>>()[..]
    else {
        panic!("{events:?}");
    };
    assert!(reason.contains("x-amz-crc32"), "{reason}");
}
