//! Limits of time of any length: none is too long, and in no time nothing is sent.

use std::time::Duration;

use dynamo_runtime::Error;
use dynamo_runtime::client::Timeouts;
use dynamo_runtime::prelude::*;

use crate::engine::embedded;
use crate::entities::{Reading, Session, User, engine, reading, reading_key, user, user_key};

/// Each operation with that deadline, and what came of it.
async fn each(client: &SecureClient, deadline: Duration) -> Vec<(&'static str, Result<(), Error>)> {
    fn of<T>(outcome: Result<T, impl Into<Error>>) -> Result<(), Error> {
        outcome.map(drop).map_err(Into::into)
    }
    let key = || reading_key("s", 1);
    let mut all = vec![
        ("create", of(User::create(user("u1")).deadline(deadline).send(client).await)),
        ("get", of(User::get(user_key("u1")).deadline(deadline).send(client).await)),
        (
            "put",
            of(Reading::put(reading("s", 1))
                .condition(Reading::SENSOR.not_exists())
                .deadline(deadline)
                .send(client)
                .await),
        ),
        (
            "attribute",
            of(Reading::get(key()).attribute(Reading::COUNT).deadline(deadline).send(client).await),
        ),
        (
            "update",
            of(Reading::update(key())
                .add(Reading::COUNT, 1)
                .if_exists()
                .deadline(deadline)
                .send(client)
                .await),
        ),
        (
            "modify",
            of(User::modify(user_key("u1"), |user| {
                "new".clone_into(&mut user.email);
                Ok(())
            })
            .deadline(deadline)
            .send(client)
            .await),
        ),
        ("page", of(Reading::query("s").deadline(deadline).page(client).await)),
        ("scan", of(Reading::scan().deadline(deadline).page(client).await)),
        (
            "items",
            match Reading::query("s").deadline(deadline).items(client).next().await {
                None => panic!("an end without an item or an error"),
                Some(item) => of(item),
            },
        ),
        ("delete", of(Reading::delete(key()).if_exists().deadline(deadline).send(client).await)),
    ];
    let batch = Reading::batch_get([reading_key("s", 2)]).deadline(deadline).send(client).await;
    all.push(("batch get", batch.and_then(|gathered| of(gathered.complete()))));
    let batch = BatchWrite::new().put(reading("s", 3)).deadline(deadline).send(client).await;
    all.push(("batch write", batch.and_then(|written| of(written.complete()))));
    all
}

#[tokio::test]
async fn in_no_time_nothing_is_sent() {
    let (client, engine) = engine().await;
    engine.forget_requests();
    for (name, outcome) in each(&client, Duration::ZERO).await {
        let error = outcome.expect_err(name);
        assert!(error.is_timeout(), "{name}: {error}");
        assert!(!error.is_outcome_unknown() && error.attempts() == 0, "{name}: {error}");
    }
    let transaction = Transaction::new()
        .create(user("u2"))
        .deadline(Duration::ZERO)
        .send(&client)
        .await
        .unwrap_err();
    assert!(transaction.as_error().is_timeout(), "{transaction}");
    assert!(engine.requests().is_empty(), "{:?}", engine.requests());
}

#[tokio::test]
async fn no_limit_is_too_long() {
    let (client, _engine) = engine().await;
    for (name, outcome) in each(&client, Duration::MAX).await {
        outcome.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    // The service remembers a client token for ten minutes.
    let transaction =
        Transaction::new().create(user("u2")).deadline(Duration::MAX).send(&client).await;
    assert!(transaction.unwrap_err().as_error().is_invalid());
}

#[tokio::test]
async fn the_clients_own_limits_are_any_but_none() {
    let (_, engine) = engine().await;
    let with = |timeouts| {
        embedded()
            .engine(&engine)
            .table::<User>()
            .table::<Reading>()
            .table::<Session>()
            .timeouts(timeouts)
    };
    let (zero, ever) = (Duration::ZERO, Duration::MAX);
    let default = Timeouts::default;
    let client = with(default().connect(ever).response(ever).deadline(ever)).build().await.unwrap();
    User::create(user("u1")).send(&client).await.unwrap();
    Transaction::new().create(user("u2")).send(&client).await.unwrap();
    for (timeouts, what) in [
        (default().connect(zero), "\"0s\" is no time for a connection"),
        (default().response(zero), "\"0s\" is no time for a response"),
        (default().deadline(zero), "\"0s\" is no deadline"),
    ] {
        let error = with(timeouts).build().await.unwrap_err();
        assert!(format!("{error:?}").contains(what), "{error:?}");
    }
}
