use std::collections::VecDeque;
use std::sync::atomic::AtomicUsize;

use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, SharedCredentialsProvider, future};
use aws_smithy_async::time::TimeSource;

use super::*;
use crate::client::{AuditEvent, AuditLog};

const HOUR: Duration = Duration::from_hours(1);

/// A wall clock that goes with the paused time of a test, from a time that can be set.
#[derive(Clone, Debug)]
struct Clock {
    start: Instant,
    epoch: Arc<Mutex<SystemTime>>,
}

impl Clock {
    fn new() -> Self {
        Self { start: Instant::now(), epoch: Arc::new(Mutex::new(SystemTime::UNIX_EPOCH + HOUR)) }
    }

    fn set_back(&self, by: Duration) {
        *lock(&self.epoch) -= by;
    }

    fn set_ahead(&self, by: Duration) {
        *lock(&self.epoch) += by;
    }
}

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        *lock(&self.epoch) + self.start.elapsed()
    }
}

#[derive(Clone, Debug)]
enum Act {
    /// Keys of this id that are good for so long from now.
    Keys(&'static str, Duration),
    /// Keys of this id that expired so long ago.
    Expired(&'static str, Duration),
    Forever(&'static str),
    Fails,
    Hangs,
}

/// Does one act after the other, and the last one for ever.
#[derive(Clone, Debug)]
struct Source {
    clock: Clock,
    acts: Arc<Mutex<VecDeque<Act>>>,
    asked: Arc<AtomicUsize>,
    fallback: Option<Keys>,
}

impl Source {
    fn new(clock: &Clock, acts: &[Act]) -> Self {
        let acts = Arc::new(Mutex::new(acts.iter().cloned().collect()));
        Self { clock: clock.clone(), acts, asked: Arc::default(), fallback: None }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    async fn answer(&self) -> provider::Result {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let act = {
            let mut acts = lock(&self.acts);
            if acts.len() > 1 { acts.pop_front().unwrap() } else { acts[0].clone() }
        };
        // Whoever asks at the same time does so before there is an answer.
        tokio::time::sleep(Duration::from_millis(1)).await;
        let now = self.clock.now();
        match act {
            Act::Keys(id, left) => Ok(keys(id, Some(now + left))),
            Act::Expired(id, ago) => Ok(keys(id, Some(now - ago))),
            Act::Forever(id) => Ok(keys(id, None)),
            Act::Fails => Err(CredentialsError::provider_error("down")),
            Act::Hangs => std::future::pending().await,
        }
    }
}

fn keys(id: &str, expiry: Option<SystemTime>) -> Keys {
    Keys::new(id, "secret", None, expiry, "test")
}

impl ProvideCredentials for Source {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.answer())
    }

    fn fallback_on_interrupt(&self) -> Option<Keys> {
        self.fallback.clone()
    }
}

/// A failure that was told: how long the keys at hand are good for.
#[derive(Debug, PartialEq)]
struct Told(Option<Duration>);

struct Test {
    clock: Clock,
    source: Source,
    log: AuditLog,
    cache: KeyCache,
}

impl Test {
    fn new(acts: &[Act]) -> Self {
        let clock = Clock::new();
        let source = Source::new(&clock, acts);
        Self::with(clock, source)
    }

    fn with(clock: Clock, source: Source) -> Self {
        let log = AuditLog::default();
        let cache = KeyCache::with_clock(
            Checked(SharedCredentialsProvider::new(source.clone())),
            Auditor::new(log.clone()),
            SharedTimeSource::new(clock.clone()),
        );
        Self { clock, source, log, cache }
    }

    /// The id of the keys that a call would be signed with now, or why there are none.
    async fn id(&self) -> Result<String, String> {
        let keys = self.cache.ask(PATIENCE).await.map_err(|error| error.to_string())?;
        Ok(keys.keys.access_key_id().to_owned())
    }

    /// The failures that were told.
    fn told(&self) -> Vec<Told> {
        let of_event = |event| match event {
            AuditEvent::CredentialsNotRenewed { expires_in, .. } => Some(Told(expires_in)),
            _ => None,
        };
        self.log.events().into_iter().filter_map(of_event).collect()
    }

    /// Lets so much time pass, in steps in which what was begun goes on.
    async fn after(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}

#[tokio::test(start_paused = true)]
async fn good_keys_are_used_while_the_source_is_down_and_until_they_expire() {
    let test = Test::new(&[Act::Keys("A", 4 * HOUR), Act::Fails]);
    for _ in 0..406 {
        assert_eq!(test.id().await.unwrap(), "A");
        test.after(Duration::from_secs(35)).await;
    }
    test.after(Duration::from_millis(2)).await;
    let asked = test.source.asked();
    // The first time, and in the last ten minutes or less a renewal each half minute or less often.
    assert!((2..30).contains(&asked), "{asked}");
    let told = test.told();
    assert_eq!(told.len(), asked - 1);
    assert!(told.iter().all(|told| told.0.unwrap() <= Duration::from_mins(10)), "{told:?}");

    test.after(Duration::from_secs(400)).await;
    let error = test.id().await.unwrap_err();
    assert_eq!(error, "the provider failed");
    let asked = test.source.asked();
    for _ in 0..100 {
        assert!(test.id().await.is_err());
    }
    assert!(test.source.asked() <= asked + 1, "each call asked the source");
}

#[tokio::test(start_paused = true)]
async fn keys_with_seconds_left_are_used_while_the_source_is_down() {
    let test = Test::new(&[Act::Keys("A", Duration::from_secs(4)), Act::Fails]);
    for _ in 0..39 {
        assert_eq!(test.id().await.unwrap(), "A");
        test.after(Duration::from_millis(100)).await;
    }
    test.after(Duration::from_secs(1)).await;
    test.id().await.unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn no_call_waits_for_a_renewal() {
    let test = Test::new(&[Act::Keys("A", HOUR), Act::Hangs, Act::Keys("B", HOUR)]);
    assert_eq!(test.id().await.unwrap(), "A");
    test.after(Duration::from_mins(56)).await;
    let before = Instant::now();
    assert_eq!(test.id().await.unwrap(), "A");
    assert_eq!(before.elapsed(), Duration::ZERO);
    // The one that hangs is given up, and the next one is asked for.
    for _ in 0..20 {
        test.id().await.unwrap();
        test.after(Duration::from_secs(1)).await;
    }
    assert_eq!(test.id().await.unwrap(), "B");
    assert_eq!(test.source.asked(), 3);
}

#[tokio::test(start_paused = true)]
async fn keys_are_renewed_five_to_ten_minutes_before_they_expire() {
    for _ in 0..20 {
        let test = Test::new(&[Act::Keys("A", HOUR), Act::Keys("B", HOUR)]);
        test.id().await.unwrap();
        let (mut minute, mut renewed) = (0, None);
        while renewed.is_none() {
            test.after(Duration::from_mins(1)).await;
            minute += 1;
            assert_eq!(test.id().await.unwrap(), "A");
            test.after(Duration::from_millis(2)).await;
            renewed = (test.source.asked() == 2).then_some(minute);
        }
        assert!((50..=56).contains(&renewed.unwrap()), "{renewed:?}");
        assert_eq!(test.id().await.unwrap(), "B");
    }
}

#[tokio::test(start_paused = true)]
async fn a_source_that_hangs_gives_what_it_has_in_hand() {
    let clock = Clock::new();
    let mut source = Source::new(&clock, &[Act::Hangs]);
    source.fallback = Some(keys("F", Some(clock.now() + HOUR)));
    let test = Test::with(clock, source);
    assert_eq!(test.id().await.unwrap(), "F");
    assert_eq!(test.told(), []);

    let test = Test::new(&[Act::Hangs]);
    let before = Instant::now();
    let error = test.id().await.unwrap_err();
    assert!(error.contains("no answer within 10s"), "{error}");
    assert_eq!(before.elapsed(), LOAD_LIMIT);
    assert_eq!(test.told(), [Told(None)]);
}

#[tokio::test(start_paused = true)]
async fn calls_that_begin_together_ask_once() {
    let test = Arc::new(Test::new(&[Act::Keys("A", HOUR)]));
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let test = test.clone();
            tokio::spawn(async move { test.id().await })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), "A");
    }
    assert_eq!(test.source.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_goes_away_leaves_its_turn_to_the_next() {
    let test = Test::new(&[Act::Hangs, Act::Keys("A", HOUR)]);
    let gone = timeout(Duration::from_millis(10), test.id()).await;
    assert!(gone.is_err());
    assert_eq!(test.id().await.unwrap(), "A");
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_nobody_drives_holds_up_no_other() {
    let test = Test::new(&[Act::Hangs, Act::Keys("A", HOUR)]);
    let mut stalled = Box::pin(test.id());
    assert!(futures_once(stalled.as_mut()).await.is_none());
    assert_eq!(test.id().await.unwrap(), "A");
    drop(stalled);
}

/// Polls a future once.
async fn futures_once<T>(mut future: std::pin::Pin<&mut impl Future<Output = T>>) -> Option<T> {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match future.as_mut().poll(context) {
            std::task::Poll::Ready(value) => Some(value),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn keys_that_the_service_refuses_are_dropped_whatever_is_written_on_them() {
    let test =
        Test::new(&[Act::Keys("A", 1000 * HOUR), Act::Keys("B", HOUR), Act::Keys("C", HOUR)]);
    let refused = test.cache.ask(PATIENCE).await.unwrap().keys;
    // The clock went back, so they look good for even longer.
    test.clock.set_back(HOUR / 2);
    test.cache.kept().refuse(&refused);
    assert_eq!(test.id().await.unwrap(), "B");
    // A second call that was signed with the same drops none of the new ones.
    test.cache.kept().refuse(&refused);
    assert_eq!(test.id().await.unwrap(), "B");
    assert_eq!(test.source.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn refused_keys_are_not_taken_again_at_once() {
    let test = Test::new(&[Act::Forever("A")]);
    let refused = test.cache.ask(PATIENCE).await.unwrap().keys;
    test.cache.kept().refuse(&refused);
    for _ in 0..100 {
        let error = test.id().await.unwrap_err();
        assert!(error.contains("refuses as expired"), "{error}");
    }
    assert_eq!(test.source.asked(), 2);
    test.after(2 * LONGEST_PAUSE).await;
    assert_eq!(test.id().await.unwrap(), "A");
}

#[tokio::test(start_paused = true)]
async fn what_has_expired_when_it_is_given_is_left_to_the_service_and_renewed_with_pauses() {
    let test = Test::new(&[Act::Expired("A", HOUR)]);
    for _ in 0..100 {
        assert_eq!(test.id().await.unwrap(), "A");
    }
    assert_eq!(test.source.asked(), 1);
    for _ in 0..600 {
        test.after(Duration::from_secs(1)).await;
        test.id().await.unwrap();
    }
    let asked = test.source.asked();
    assert!((10..40).contains(&asked), "{asked}");
}

#[tokio::test(start_paused = true)]
async fn keys_expire_also_where_the_clock_stands_still() {
    let test = Test::new(&[Act::Keys("A", HOUR), Act::Keys("B", HOUR)]);
    assert_eq!(test.id().await.unwrap(), "A");
    test.after(2 * HOUR).await;
    test.clock.set_back(2 * HOUR);
    assert_eq!(test.id().await.unwrap(), "B");
}

/// A machine that slept, whose monotonic clock stood still.
#[tokio::test(start_paused = true)]
async fn keys_expire_also_where_only_the_clock_went_on() {
    let test = Test::new(&[Act::Keys("A", HOUR), Act::Keys("B", HOUR)]);
    assert_eq!(test.id().await.unwrap(), "A");
    test.clock.set_ahead(2 * HOUR);
    assert_eq!(test.id().await.unwrap(), "B");
}

#[tokio::test(start_paused = true)]
async fn a_source_is_asked_once_for_one_renewal_and_not_within_its_pause() {
    for act in [Act::Hangs, Act::Fails] {
        let test = Test::new(&[Act::Keys("A", HOUR), act.clone()]);
        test.id().await.unwrap();
        test.after(Duration::from_mins(56)).await;
        for _ in 0..100 {
            assert_eq!(test.id().await.unwrap(), "A");
            test.after(Duration::from_millis(4)).await;
        }
        assert_eq!(test.source.asked(), 2, "{act:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failing_source_is_asked_with_growing_pauses() {
    let test = Test::new(&[Act::Fails]);
    let mut asked_at = Vec::new();
    for second in 0..600 {
        let before = test.source.asked();
        test.id().await.unwrap_err();
        if test.source.asked() > before {
            asked_at.push(second);
        }
        test.after(Duration::from_secs(1)).await;
    }
    assert!((10..30).contains(&asked_at.len()), "{asked_at:?}");
    assert_eq!(test.told().len(), asked_at.len());
}

#[tokio::test(start_paused = true)]
async fn no_renewal_outlives_its_client() {
    let test = Test::new(&[Act::Keys("A", HOUR), Act::Hangs]);
    test.id().await.unwrap();
    test.after(Duration::from_mins(56)).await;
    test.id().await.unwrap();
    test.after(Duration::from_millis(1)).await;
    let kept = Arc::downgrade(&test.cache.kept());
    drop(test);
    tokio::task::yield_now().await;
    assert!(kept.upgrade().is_none());
}

#[test]
fn a_renewal_on_a_runtime_that_ended_is_begun_again() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap()
    };
    let first = runtime();
    let test = first.block_on(async {
        let test = Test::new(&[Act::Keys("A", HOUR), Act::Hangs, Act::Keys("B", HOUR)]);
        test.id().await.unwrap();
        test.after(Duration::from_mins(56)).await;
        test.id().await.unwrap();
        test
    });
    assert!(test.cache.kept.is_renewing.load(Ordering::SeqCst));
    drop(first);
    assert!(!test.cache.kept.is_renewing.load(Ordering::SeqCst));
}

#[test]
fn debug_shows_no_key() {
    let clock = Clock { start: Instant::now(), epoch: Arc::new(Mutex::new(SystemTime::now())) };
    let test = Test::with(clock.clone(), Source::new(&clock, &[Act::Fails]));
    let shown = format!("{:?} {:?}", test.cache, test.cache.kept());
    assert_eq!(shown, "KeyCache(..) KeptKeys(..)");
}
