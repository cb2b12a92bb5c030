//! The whole service while everything between it and its table fails at random: throttling, dropped, slow, cut and
//! corrupt answers, TLS refused, credentials that expire, a clock that is off. Each request ends in its time in a right
//! answer or in a right error, and what was acknowledged is there afterwards: nothing lost, nothing doubled.
//!
//! `FAULTS=10` before `cargo test -p user-service --test faults` runs it for so many minutes, and `FAULTS_SEED` throws
//! other dice.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod caller;
#[path = "../flow/client.rs"]
#[expect(dead_code, reason = "shared with the flow tests")]
mod client;
#[path = "../../../../tests/chaos/faults.rs"]
#[allow(dead_code, missing_docs, unreachable_pub, reason = "shared with the tests of the library")]
mod faults;
#[path = "../../../../tests/chaos/middle.rs"]
#[allow(missing_docs, unreachable_pub, clippy::pedantic, reason = "shared likewise")]
mod middle;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use aws_credential_types::Credentials as Keys;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use dynamo_runtime::client::Timeouts;
use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;
use dynamo_runtime::{Endpoint, Trust};
use tokio::sync::oneshot;
use user_service::api::KeptRequest;
use user_service::auth::{Party, Rate, SigningKey, TokenRequest};
use user_service::config::{Certificate, Config, Store, TokenKeys, Tokens};
use user_service::edge::Limits;
use user_service::fields::{Domain, EmailAddress, UserId};
use user_service::secret::Secret;
use user_service::user::{EmailClaim, User};
use user_service::{Clock, Server};

use caller::{Caller, Known, Tally};
use client::Client;
use faults::{Dice, Faults};
use middle::Middle;

const CALLERS: usize = 8;
/// Of the run that is made with all tests.
const SHORT: Duration = Duration::from_secs(8);
const SEED: u64 = 20_261_201;
/// In seconds: a signature may be off by fifteen minutes.
///
/// Source: [Signing AWS API requests](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html).
const TOO_FAR_AHEAD: u64 = 1200;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_fails_each_request_ends_well_and_what_was_acknowledged_is_there() {
    let number = |name: &str| std::env::var(name).ok().map(|it| it.parse::<u64>().unwrap());
    let length = number("FAULTS").map_or(SHORT, Duration::from_mins);
    let seed = number("FAULTS_SEED").unwrap_or(SEED);
    println!("faults: {length:?}, FAULTS_SEED={seed}");

    let engine = LocalEngine::in_memory().await.unwrap();
    let direct = SecureClient::local().engine(&engine).table::<User>().table::<EmailClaim>();
    let direct = direct.table::<KeptRequest>().table::<Rate>().build().await.unwrap();
    let faults = Arc::new(Faults::new(seed, 0));
    let middle = Middle::start(&engine, Arc::clone(&faults)).await;
    let ahead = Arc::new(AtomicU64::new(0));
    let has_no_keys = Arc::new(AtomicBool::new(false));
    let store = store(&engine, &middle, &faults, &ahead, &has_no_keys).await;
    let (client, stop, stopped) = serve(store).await;

    let end = Instant::now() + length;
    let callers: Vec<_> = (0..CALLERS)
        .map(|number| {
            let dice = Dice::new(seed ^ (1 + number as u64) << 32);
            let (ahead, has_no_keys) = (Arc::clone(&ahead), Arc::clone(&has_no_keys));
            let standing = move || match ahead.load(Ordering::Relaxed) {
                TOO_FAR_AHEAD => " (clock off)",
                _ if has_no_keys.load(Ordering::Relaxed) => " (no keys)",
                _ => "",
            };
            tokio::spawn(Caller::new(client.clone(), dice, standing).call_until(end))
        })
        .collect();
    let clock = tokio::spawn(disturb(Arc::clone(&ahead), Dice::new(!seed)));
    let mut tally = Tally::default();
    for caller in callers {
        tally.add(caller.await.unwrap());
    }
    clock.abort();
    faults.stop();
    middle.late_requests_are_over().await;
    stop.send(()).unwrap();
    stopped.await.unwrap();
    verify(&direct, &mut tally).await;
    tally.print(&faults);
    assert!(tally.violations.is_empty());
    assert!(tally.acknowledged > 0 && tally.refused > 0);
}

/// The service's client, with the middle between it and the engine.
async fn store(
    engine: &LocalEngine,
    middle: &Middle,
    faults: &Arc<Faults>,
    ahead: &Arc<AtomicU64>,
    has_no_keys: &Arc<AtomicBool>,
) -> SecureClient {
    let (names, clock) = (Arc::clone(faults), Arc::clone(ahead));
    let keys = (engine.access_key_id().to_owned(), engine.secret_access_key().to_owned());
    let name = TableName::new("users").unwrap();
    SecureClient::builder()
        .region(Region::US_EAST_1)
        .credentials(Credentials::provider(Source {
            keys,
            faults: Arc::clone(faults),
            ahead: Arc::clone(ahead),
            has_no_keys: Arc::clone(has_no_keys),
        }))
        .endpoint(Endpoint::compatible("localhost", middle.port).unwrap())
        .trust(Trust::private_ca(&middle.ca_pem).unwrap())
        .timeouts(
            Timeouts::default()
                .connect(Duration::from_millis(1500))
                .response(Duration::from_millis(1500)),
        )
        .clock(move || now(&clock))
        .resolver(move |_| names.look_up())
        .table::<User>(name.clone())
        .table::<EmailClaim>(name.clone())
        .table::<KeptRequest>(name.clone())
        .table::<Rate>(name)
        .build()
        .await
        .unwrap()
}

/// A source of credentials that is slow, or fails, and whose keys expire within seconds.
#[derive(Debug)]
struct Source {
    keys: (String, String),
    faults: Arc<Faults>,
    ahead: Arc<AtomicU64>,
    /// Since it failed, until it gives keys: the client leaves it alone for a while, which doubles.
    has_no_keys: Arc<AtomicBool>,
}

/// By a clock that is ahead.
fn now(ahead: &AtomicU64) -> SystemTime {
    SystemTime::now() + Duration::from_secs(ahead.load(Ordering::Relaxed))
}

impl ProvideCredentials for Source {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let life = self.faults.keys().await;
            self.has_no_keys.store(life.is_err(), Ordering::Relaxed);
            let life = life.map_err(CredentialsError::provider_error)?;
            let (id, secret) = &self.keys;
            Ok(Keys::new(id, secret, None, Some(now(&self.ahead) + life), "faults"))
        })
    }
}

/// Sets the client's clock forward and back, by more than a signature may be off: then all requests
/// are refused, so that it is for a short time only.
async fn disturb(ahead: Arc<AtomicU64>, mut dice: Dice) {
    loop {
        tokio::time::sleep(dice.milliseconds(500, 3000)).await;
        ahead.store(dice.pick(&[0, 0, 0, 60]), Ordering::Relaxed);
        if dice.one_in(4) {
            ahead.store(TOO_FAR_AHEAD, Ordering::Relaxed);
            tokio::time::sleep(dice.milliseconds(50, 400)).await;
            ahead.store(0, Ordering::Relaxed);
        }
    }
}

async fn serve(store: SecureClient) -> (Client, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let key = SigningKey::random().unwrap();
    let party = Party { issuer: "user-service".to_owned(), audience: "user-service".to_owned() };
    let config = Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        certificate: Certificate::ForThisRun,
        plain_listen: None,
        proxies: None,
        store: Store::Embedded,
        tokens: Tokens { party: party.clone(), keys: TokenKeys::Own(key.clone()) },
        collector: None,
        secret: Secret::random(),
        requests_per_minute: u32::MAX,
        limits: Limits::default(),
    };
    let server = Server::bind_with(&config, store, Clock::system()).await.unwrap();
    let scopes = "admin".parse().unwrap();
    let request = TokenRequest { subject: "operator", scopes, life: Duration::from_hours(24) };
    let client = Client::trusting(server.ca_pem().unwrap(), server.address())
        .with_token(&key.issue(party, &request).unwrap());
    let (stop, stopping) = oneshot::channel();
    let stopped = tokio::spawn(server.run(async {
        let _ = stopping.await;
    }));
    (client, stop, stopped)
}

/// Reads everything back, past the middle and past the service.
async fn verify(direct: &SecureClient, tally: &mut Tally) {
    let mut expected = BTreeSet::new();
    for known in std::mem::take(&mut tally.users) {
        let id: UserId = known.id.parse().unwrap();
        let user = User::get(User::key(id.clone())).send(direct).await.unwrap();
        let claim = EmailClaim::key(known.email.parse::<EmailAddress>().unwrap());
        let claim = EmailClaim::get(claim).send(direct).await.unwrap();
        if user.is_some() != claim.is_some_and(|claim| claim.user_id == id) {
            tally
                .violations
                .push(format!("{}: the user and the claim are not there together", known.id));
        }
        let found =
            user.map(|user| (user.version.number().unwrap(), user.name.as_str().to_owned()));
        if found.is_some() {
            expected.insert(known.id.clone());
        }
        if !Known::admits(&known, found.as_ref()) {
            tally.violations.push(format!("{known:?} is {found:?}"));
        }
    }
    // No user is there that nobody has created.
    let all = User::by_domain("example.com".parse::<Domain>().unwrap())
        .items(direct)
        .collect()
        .await
        .unwrap();
    let there: BTreeSet<_> = all.iter().map(|user| user.user_id.to_string()).collect();
    if there != expected || all.len() != there.len() {
        tally.violations.push(format!(
            "{} users are there, and {} should be",
            all.len(),
            expected.len()
        ));
    }
}
