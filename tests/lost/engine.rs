//! Plays the courses on embedded engines, each behind TLS and with faults on demand.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::{LocalEngine, Pause};
use dynamo_runtime::{Endpoint, Trust};
use tokio::task::JoinHandle;

use crate::course::{self, Course, Event, Fate, Step};
use crate::entities::{Plain, Timed, Versioned};
use crate::oracle::{Seen, Told};
use crate::writes::Write;

/// How many engines play at once.
const ENGINES: usize = 12;
/// What no course takes.
const TOO_LONG: Duration = Duration::from_mins(1);
/// After so many a client is made anew, for its quota of retries would end.
const COURSES_OF_A_CLIENT: usize = 10;

/// All courses of all writes, with what came of each.
///
/// What a client does depends on what it sees alone. So of the courses in which it sees the same, the first and the
/// last are played, and must come to the same; or all, where that is asked for.
pub async fn run(writes: &[Write], plays_all: bool) -> Vec<Vec<Seen>> {
    let courses: Vec<_> = writes.iter().map(|write| course::all(&write.rules)).collect();
    let classes: Vec<_> = courses.iter().map(|courses| classes(courses)).collect();
    let mut plays = Vec::new();
    for (number, classes) in classes.iter().enumerate() {
        for class in classes {
            let ends = class.first().into_iter().chain(class.last());
            let played: BTreeSet<_> =
                if plays_all { class.iter().collect() } else { ends.collect() };
            plays.extend(played.into_iter().map(|place| (number, *place)));
        }
    }
    let told = play_all(writes, &courses, &plays).await;
    let mut seen = Vec::new();
    for (number, (courses, classes)) in courses.into_iter().zip(classes).enumerate() {
        let of_class = |place: usize| {
            let class = classes.iter().find(|class| class.contains(&place)).into_iter().flatten();
            let mut told = class.filter_map(|place| told.get(&(number, *place)));
            let first = told.next().cloned().unwrap_or_else(|| Err("it was not played".to_owned()));
            let other = told.find(|told| **told != first);
            other.map_or(first.clone(), |other| {
                Err(format!("it came to {first:?}, and to {other:?}"))
            })
        };
        let told: Vec<_> = (0..courses.len()).map(of_class).collect();
        seen.push(
            courses.into_iter().zip(told).map(|(course, told)| Seen { course, told }).collect(),
        );
    }
    seen
}

/// The places of the courses, by what the client sees.
fn classes(courses: &[Course]) -> Vec<Vec<usize>> {
    let mut classes: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (place, course) in courses.iter().enumerate() {
        classes.entry(&*course.seen).or_default().push(place);
    }
    classes.into_values().collect()
}

/// A course by its write and its place among those of the write.
type Place = (usize, usize);

async fn play_all(
    writes: &[Write],
    courses: &[Vec<Course>],
    plays: &[Place],
) -> BTreeMap<Place, Result<Told, String>> {
    let next = AtomicUsize::new(0);
    let players = (0..ENGINES).map(|_| async {
        let engine = LocalEngine::in_memory().await.unwrap();
        let tables = SecureClient::local().engine(&engine);
        tables.table::<Plain>().table::<Versioned>().table::<Timed>().build().await.unwrap();
        let mut told = Vec::new();
        let mut player = Player { client: client(&engine).await, engine };
        while let Some((number, place)) = plays.get(next.fetch_add(1, Ordering::Relaxed)) {
            if told.len() % COURSES_OF_A_CLIENT == 0 {
                player.client = client(&player.engine).await;
            }
            let id = format!("{number}-{place}");
            let course = player.play(&writes[*number], &courses[*number][*place], &id);
            let answer = tokio::time::timeout(TOO_LONG, course).await;
            let answer = answer.unwrap_or_else(|_| Err("it does not end".to_owned()));
            told.push(((*number, *place), answer));
        }
        told
    });
    futures_util::future::join_all(players).await.into_iter().flatten().collect()
}

async fn client(engine: &LocalEngine) -> SecureClient {
    SecureClient::builder()
        .region(Region::US_EAST_1)
        .credentials(Credentials::fixed(engine.access_key_id(), engine.secret_access_key(), None))
        .endpoint(Endpoint::compatible(engine.host(), engine.port()).unwrap())
        .trust(Trust::private_ca(engine.ca_pem()).unwrap())
        .build()
        .await
        .unwrap()
}

struct Player {
    engine: LocalEngine,
    client: SecureClient,
}

impl Player {
    /// What the caller was told, if the engine agrees with the model in all else.
    async fn play(&self, write: &Write, course: &Course, id: &str) -> Result<Told, String> {
        if write.rules.is_there {
            (write.store.create)(self.client.clone(), id.to_owned()).await;
        }
        self.engine.faults().clear();
        self.engine.forget_requests();
        let mut pauses: VecDeque<_> =
            (0..course.attempts()).map(|_| self.engine.faults().pause(write.operation)).collect();
        let mut call = tokio::spawn((write.send)(self.client.clone(), id.to_owned()));
        // The other writer acts while the call is under way, so after what it reads.
        arrives(&pauses[0], &mut call).await?;
        let (mut late, mut results, mut told) = (Vec::new(), Vec::new(), None);
        for event in &course.events {
            match event {
                Event::Step(step) => results.push(self.step(write, *step, id).await),
                Event::Attempt(fate) => {
                    let Some(mut pause) = pauses.pop_front() else {
                        return Err("the model has an attempt too few".to_owned());
                    };
                    arrives(&pause, &mut call).await?;
                    match fate {
                        Fate::Answered => pause.release().done().await,
                        Fate::Dropped => pause.drop_request().done().await,
                        Fate::Lost => pause.lose_response().done().await,
                        Fate::Conflict if write.is_transaction() => {
                            pause.cancel(&["TransactionConflict"]).done().await;
                        }
                        Fate::Conflict => {
                            pause.fail(400, "TransactionConflictException").done().await;
                        }
                        Fate::Late => {
                            pause.hang_up();
                            late.push(pause);
                        }
                    }
                }
                Event::Told => {
                    let answer = (&mut call).await.map_err(|error| error.to_string())?;
                    told = Some(answer);
                }
                Event::LateArrivals => {
                    for pause in late.drain(..) {
                        pause.release().done().await;
                    }
                }
            }
        }
        let requests = self.engine.requests();
        let sent = requests.iter().filter(|request| request.operation() == write.operation).count();
        if sent != course.attempts() {
            return Err(format!("it was sent {sent} times"));
        }
        if results != course.results {
            return Err(format!("the other writer was told {results:?}"));
        }
        let end = (write.store.read)(self.client.clone(), id.to_owned()).await;
        if end != course.end {
            return Err(format!("the item at the end is {end:?}"));
        }
        told.ok_or_else(|| "the model has no answer".to_owned())
    }

    /// Sent as another operation than the write, so that it meets none of its faults.
    async fn step(&self, write: &Write, step: Step, id: &str) -> bool {
        let (client, id) = (self.client.clone(), id.to_owned());
        match step {
            Step::Same => (write.same)(client, id).await,
            step if write.is_transaction() => (write.store.alone)(client, id, step).await,
            step => (write.store.in_transaction)(client, id, step).await,
        }
    }
}

/// Waits until the attempt is held, unless the call has ended without it.
async fn arrives(pause: &Pause, call: &mut JoinHandle<Told>) -> Result<(), String> {
    tokio::select! {
        biased;
        () = pause.reached() => Ok(()),
        told = call => Err(format!("the call ended before the attempt: {told:?}")),
    }
}
