//! A session store with a time to live: an expired item reads as absent, though the service may keep
//! it for days.

use std::time::Duration;

use dynamo_runtime::prelude::*;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "sessions")]
struct Session {
    #[dynamo(partition_key)]
    token: String,
    user: String,
    #[dynamo(ttl)]
    expires_at: Timestamp,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = SecureClient::local().table::<Session>().build().await?;
    let session =
        |expires_at| Session { token: "t1".to_owned(), user: "u1".to_owned(), expires_at };

    let over = Timestamp::now() - Duration::from_secs(1);
    Session::create(session(over)).send(&client).await?;

    // It is there, and nobody sees it.
    assert_eq!(Session::get(Session::key("t1")).send(&client).await?, None);
    let asked = Session::get(Session::key("t1")).including_expired().send(&client).await?;
    assert!(asked.is_some());

    // It cannot be prolonged, for it is absent; a new one takes its place.
    let later = Timestamp::now() + Duration::from_hours(1);
    let prolong = Session::update(Session::key("t1")).set(Session::EXPIRES_AT, later);
    assert!(prolong.if_exists().send(&client).await.unwrap_err().is_absent());
    let fresh = Session::create(session(later)).send(&client).await?;
    assert_eq!(Session::get(Session::key("t1")).send(&client).await?, Some(fresh));
    Ok(())
}
