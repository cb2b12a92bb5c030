//! A caller who knows at any time what its users can be.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use hyper::Method;

use crate::client::{Answer, Client};
use crate::faults::{Dice, Faults};

/// What the edge gives a request, and some time for a busy machine.
const LONGEST: Duration = Duration::from_secs(35);
/// After a refusal.
const PAUSE: Duration = Duration::from_millis(50);
/// Tries of a request that may be sent again.
const TRIES: usize = 30;

/// What the caller knows of a user.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) id: String,
    pub(crate) email: String,
    /// None where it is not there. A creation that was given up may have been made.
    there: Option<(u64, String)>,
    /// Of changes of that version of which it is not known whether they were made, or will be.
    maybe: Vec<Maybe>,
}

#[derive(Clone, Debug, PartialEq)]
enum Maybe {
    Named(String),
    Gone,
    Created(String),
}

impl Known {
    /// Whether the user can be this now.
    pub(crate) fn admits(&self, found: Option<&(u64, String)>) -> bool {
        self.there.as_ref() == found
            || self.maybe.iter().any(|maybe| self.after(maybe).as_ref() == found)
    }

    fn after(&self, maybe: &Maybe) -> Option<(u64, String)> {
        match maybe {
            Maybe::Named(name) => {
                self.there.as_ref().map(|(version, _)| (version + 1, name.clone()))
            }
            Maybe::Gone => None,
            Maybe::Created(name) => Some((1, name.clone())),
        }
    }

    /// The user is this now; what was not known of an earlier version no longer matters, since each
    /// change names the version that it changes.
    fn is(&mut self, found: Option<(u64, String)>) {
        if self.there != found {
            self.there = found;
            self.maybe.clear();
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) users: Vec<Known>,
    pub(crate) acknowledged: u64,
    pub(crate) refused: u64,
    /// Of each request, whatever became of it.
    times: Vec<Duration>,
    answers: BTreeMap<String, u64>,
    pub(crate) violations: Vec<String>,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        self.users.extend(other.users);
        self.acknowledged += other.acknowledged;
        self.refused += other.refused;
        self.times.extend(other.times);
        for (answer, count) in other.answers {
            *self.answers.entry(answer).or_default() += count;
        }
        self.violations.extend(other.violations);
    }

    pub(crate) fn print(&self, faults: &Faults) {
        let mut times = self.times.clone();
        times.sort_unstable();
        let [half, most, all] = [50, 99, 100].map(|percent| {
            let place = (times.len() * percent).div_ceil(100);
            times.get(place.saturating_sub(1)).copied().unwrap_or_default()
        });
        println!(
            "{} requests: {} answered, {} refused; p50 {half:.0?}, p99 {most:.1?}, the longest {all:.1?}",
            times.len(),
            self.acknowledged,
            self.refused
        );
        println!("answers: {:?}", self.answers);
        println!("faults: {:?}", faults.counts());
        for violation in &self.violations {
            println!("VIOLATION: {violation}");
        }
    }
}

pub(crate) struct Caller<F> {
    client: Client,
    dice: Dice,
    /// Why the service cannot reach its store now, whatever is asked of it; or nothing.
    standing: F,
    tally: Tally,
}

impl<F: Fn() -> &'static str> Caller<F> {
    pub(crate) fn new(client: Client, dice: Dice, standing: F) -> Self {
        Self { client, dice, standing, tally: Tally::default() }
    }

    pub(crate) async fn call_until(mut self, end: Instant) -> Tally {
        while Instant::now() < end {
            let mut known = self.create().await;
            for _ in 0..self.dice.below(20) {
                if known.there.is_none() || Instant::now() > end {
                    break;
                }
                match self.dice.below(8) {
                    0 => self.delete(&mut known).await,
                    1..=4 => self.rename(&mut known).await,
                    _ => self.read(&mut known).await,
                }
            }
            self.tally.users.push(known);
        }
        self.tally
    }

    /// One request: none where it was refused for now.
    async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> (Option<Answer>, String) {
        let begun = Instant::now();
        let before = (self.standing)();
        let answer = self.client.request(method.clone(), path, headers, body).await;
        let took = begun.elapsed();
        self.tally.times.push(took);
        if took > LONGEST {
            self.tally.violations.push(format!("{method} {} took {took:?}", answer.status));
        }
        let code = if answer.status.as_u16() < 400 { String::new() } else { answer.problem() };
        let standing = if before.is_empty() { (self.standing)() } else { before };
        let counted = format!("{method} {} {code}{standing}", answer.status.as_u16());
        *self.tally.answers.entry(counted).or_default() += 1;
        if answer.status.is_server_error() {
            let is_right = ["throttled", "timeout", "not-ready", "outcome-unknown", "internal"]
                .contains(&&*code);
            if !is_right {
                self.tally.violations.push(format!("{method}: {code}"));
            }
            self.tally.refused += 1;
            // Less than it was told to wait, so that more happens.
            tokio::time::sleep(PAUSE).await;
            return (None, code);
        }
        self.tally.acknowledged += 1;
        (Some(answer), code)
    }

    fn violation(&mut self, what: &str, answer: &Answer, known: &Known) {
        let (status, text) = (answer.status, &answer.text);
        self.tally.violations.push(format!("{what}: {status} {text} of {known:?}"));
    }

    async fn create(&mut self) -> Known {
        let id = uuid::Uuid::new_v4().to_string();
        let email = format!("{id}@example.com");
        let name = self.name();
        let body = format!(
            r#"{{"user_id":"{id}","email":"{email}","name":"{name}","password":"correct horse"}}"#
        );
        let headers = [("content-type", "application/json"), ("idempotency-key", &*id)];
        let created = Maybe::Created(name.clone());
        let mut known = Known { id: id.clone(), email, there: None, maybe: vec![created] };
        for _ in 0..TRIES {
            let (Some(answer), _) = self.send(Method::POST, "/users", &headers, &body).await else {
                continue;
            };
            if answer.status == 201 {
                known.is(Some((1, name)));
            } else {
                self.violation("create", &answer, &known);
            }
            break;
        }
        known
    }

    fn name(&mut self) -> String {
        format!("Ada {}", self.dice.below(1_000_000))
    }

    async fn read(&mut self, known: &mut Known) {
        let path = format!("/users/{}", known.id);
        if let (Some(answer), _) = self.send(Method::GET, &path, &[], "").await {
            self.learn(known, &answer);
        }
    }

    /// What the user is, by an answer that shows it.
    fn learn(&mut self, known: &mut Known, answer: &Answer) {
        let found = match answer.status.as_u16() {
            200 => {
                let user = answer.json();
                let name = user["name"].as_str().unwrap_or_default().to_owned();
                Some((user["version"].as_u64().unwrap_or_default(), name))
            }
            404 => None,
            _ => return self.violation("read", answer, known),
        };
        if known.admits(found.as_ref()) {
            known.is(found);
        } else {
            self.violation("read", answer, known);
        }
    }

    async fn rename(&mut self, known: &mut Known) {
        let Some((version, _)) = known.there.clone() else { return };
        let name = self.name();
        let (path, etag) = (format!("/users/{}", known.id), format!("\"{version}\""));
        let headers = [("content-type", "application/merge-patch+json"), ("if-match", &*etag)];
        let body = format!(r#"{{"name":"{name}"}}"#);
        let maybe = Maybe::Named(name.clone());
        match self.send(Method::PATCH, &path, &headers, &body).await {
            (Some(answer), _) if answer.status == 200 => {
                known.is(Some((version + 1, name)));
                self.learn(known, &answer);
            }
            (Some(answer), code) => self.was_changed(known, &answer, &code).await,
            (None, _) => known.maybe.push(maybe),
        }
    }

    async fn delete(&mut self, known: &mut Known) {
        let Some((version, _)) = known.there.clone() else { return };
        let (path, etag) = (format!("/users/{}", known.id), format!("\"{version}\""));
        match self.send(Method::DELETE, &path, &[("if-match", &*etag)], "").await {
            (Some(answer), _) if answer.status == 204 => known.is(None),
            (Some(answer), code) => self.was_changed(known, &answer, &code).await,
            (None, _) => known.maybe.push(Maybe::Gone),
        }
    }

    /// A change was refused for what the user is: so one of which nothing was known was made.
    async fn was_changed(&mut self, known: &mut Known, answer: &Answer, code: &str) {
        if known.maybe.is_empty() || !["version-moved-on", "user-not-found"].contains(&code) {
            self.violation("change", answer, known);
        } else {
            self.read(known).await;
        }
    }
}
