//! What a row of the matrix is, and when what was seen is what was expected.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use dynamo_runtime::Error;
use dynamo_runtime::client::{AuditEvent, BuildError, PeerInfo};

use crate::account::{Call, SECRETS};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Ambient,
    Handle,
    Tls,
    Certificate,
    Profile,
    Response,
    Control,
    Injection,
    Credentials,
    Resources,
}

impl Section {
    pub const ALL: [Self; 10] = [
        Self::Ambient,
        Self::Handle,
        Self::Tls,
        Self::Certificate,
        Self::Profile,
        Self::Response,
        Self::Control,
        Self::Injection,
        Self::Credentials,
        Self::Resources,
    ];
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ambient => "A. The environment and the profiles",
            Self::Handle => "B. The handle and the final request",
            Self::Tls => "C. TLS",
            Self::Certificate => "D. Certificates",
            Self::Profile => "D. Certificates, by the rules of the profile",
            Self::Response => "E. Responses",
            Self::Control => "F. What must pass",
            Self::Injection => "G. Hostile values",
            Self::Credentials => "H. Sources of credentials",
            Self::Resources => "I. What would outlast a call",
        })
    }
}

/// One attack, and what must come of it.
pub struct Row {
    pub section: Section,
    pub name: String,
    pub expected: Expected,
    /// Variables with which the row runs in a process of its own; `{attacker}` in them is the port of a server that
    /// nothing may reach, and `{folder}` the path of an empty folder.
    pub environment: Vec<(String, String)>,
    /// Files of that folder, by their names; the same words stand for the same in their texts.
    pub files: Vec<(String, String)>,
    attack: Option<Attack>,
}

type Attack = Box<dyn Fn(Call) -> Pin<Box<dyn Future<Output = Seen>>> + Send + Sync>;

pub enum Expected {
    /// `build` fails with an error that says this, and no packet is sent.
    Unbuilt(String),
    /// One event says that this was seen and what came of it: where it is refused, `build` fails with an error that
    /// names it, and no packet is sent; else the call succeeds.
    Ambient { name: String, outcome: &'static str },
    /// No credentials can be had: nothing is sent for them nor with them, and `refusals` events tell of requests that
    /// were stopped.
    NoCredentials { says: String, refusals: usize },
    /// No credentials can be had, for whoever gives them is refused: one handshake, no byte of a request, one event, both with this
    /// reason.
    GiverRefused(String),
    /// The server is refused: one handshake, no byte of a request, one event, both with this reason.
    Refused(String),
    /// The server demands a certificate of the client: one connection, one event of its refusal, both with this reason,
    /// and by TLS 1.3 one that it was opened before.
    Demanded(String),
    /// There is no way to the server: so many attempts, no byte of a request, one event of each, all with this reason.
    Unreached { says: String, attempts: u32 },
    /// What became of a write is not known and told so, after one request; a read is tried again if it is worth it.
    Rejected { kind: Kind, says: String, is_transient: bool },
    /// What came is not the answer to the request: an integrity error after so many requests, each by a connection of its
    /// own, and of a write the outcome is unknown.
    OfAnother { says: String, sent: u32, is_write: bool },
    /// The operation does what its answer says, after one request.
    Answered,
    /// The call succeeds, by a connection of which this is told.
    Passes(String),
    /// The call succeeds, and one event of this name tells something of it.
    Told(&'static str),
    /// A test that sees more than the public interface shows.
    HeldBy { file: &'static str, test: &'static str },
    /// A case of the compile-fail suite, as `client/a_client_of_the_sdk`.
    DoesNotCompile { case: &'static str },
}

/// The predicate of the error that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Integrity,
    Connection,
    Timeout,
    Clock,
    /// DynamoDB's own error, with or without a code.
    Service,
}

impl Kind {
    fn of(error: &Error) -> Option<Self> {
        let kinds = [
            (Self::Integrity, error.is_integrity()),
            (Self::Connection, error.is_connection()),
            (Self::Timeout, error.is_timeout()),
            (Self::Clock, error.is_clock()),
            (Self::Service, error.code().is_some()),
        ];
        kinds.iter().find(|(_, holds)| *holds).map(|(kind, _)| *kind)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Integrity => "integrity error",
            Self::Connection => "connection error",
            Self::Timeout => "timeout",
            Self::Clock => "clock error",
            Self::Service => "service error",
        }
    }
}

/// What came of one call, and what the server saw of it.
pub struct Seen {
    pub outcome: Outcome,
    /// Connections that were begun.
    pub handshakes: u32,
    /// Bytes that came after a handshake, or in the clear.
    pub signed_bytes: usize,
    /// Whole requests.
    pub requests: u32,
    pub events: Vec<AuditEvent>,
    pub left: Left,
}

/// What was seen of a row that came out as expected.
#[derive(Debug, Default)]
pub struct Judged {
    /// In a few words.
    pub told: String,
    /// Every error and every reason of an event, in the client's words.
    pub said: Vec<String>,
    /// The names of its events.
    pub events: Vec<String>,
}

/// What there still is of a client that was dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Left {
    pub tasks: usize,
    pub sockets: f64,
    pub queued: f64,
}

pub enum Outcome {
    Unbuilt(BuildError),
    Failed(Error),
    Succeeded(Option<Arc<PeerInfo>>),
}

impl Seen {
    /// Of what is refused before there is a client.
    pub fn without_server(outcome: Outcome) -> Self {
        Self {
            outcome,
            handshakes: 0,
            signed_bytes: 0,
            requests: 0,
            events: Vec::new(),
            left: Left::default(),
        }
    }
}

impl Row {
    pub fn new<F>(
        section: Section,
        name: impl Into<String>,
        expected: Expected,
        attack: impl Fn(Call) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Seen> + 'static,
    {
        let attack: Attack = Box::new(move |call| Box::pin(attack(call)));
        let attack = Some(attack);
        Self { section, name: name.into(), expected, environment: vec![], files: vec![], attack }
    }

    /// A row whose test is elsewhere: `file` is a path in the repository.
    pub fn held_by(
        section: Section,
        name: impl Into<String>,
        file: &'static str,
        test: &'static str,
    ) -> Self {
        Self::without_attack(section, name, Expected::HeldBy { file, test })
    }

    pub fn does_not_compile(name: impl Into<String>, case: &'static str) -> Self {
        Self::without_attack(Section::Handle, name, Expected::DoesNotCompile { case })
    }

    fn without_attack(section: Section, name: impl Into<String>, expected: Expected) -> Self {
        let (environment, files) = (Vec::new(), Vec::new());
        Self { section, name: name.into(), expected, environment, files, attack: None }
    }

    /// Runs the row in a process of its own, with this variable.
    pub fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Puts a file into the folder of the row's process.
    pub fn with_file(mut self, name: &str, text: &str) -> Self {
        self.files.push((name.to_owned(), text.to_owned()));
        self
    }

    pub fn title(&self) -> String {
        format!("{}: {}", self.section, self.name)
    }

    /// The calls by which the row is run, each against a server of its own.
    pub fn calls(&self) -> &'static [Call] {
        match self.expected {
            Expected::HeldBy { .. } | Expected::DoesNotCompile { .. } => &[],
            Expected::Rejected { .. } => &[Call::Write, Call::Read],
            // A read would be tried again.
            _ => &[Call::Read],
        }
    }

    pub async fn attack(&self, call: Call) -> Option<Seen> {
        match &self.attack {
            Some(attack) => Some(attack(call).await),
            None => None,
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unbuilt(says) => write!(f, "`build` refuses: {says}"),
            Self::Ambient { name, outcome: "refused" } => write!(f, "`build` refuses `{name}`"),
            Self::Ambient { name, outcome } => write!(f, "`{name}` is {outcome}"),
            Self::NoCredentials { says, .. } => write!(f, "no credentials: {says}"),
            Self::GiverRefused(says) => write!(f, "no credentials: the server is refused: {says}"),
            Self::Refused(says) | Self::Demanded(says) => write!(f, "refused: {says}"),
            Self::Unreached { says, .. } => write!(f, "no connection: {says}"),
            Self::Rejected { kind, says, .. } => write!(f, "{}: {says}", kind.word()),
            Self::OfAnother { says, .. } => write!(f, "{}: {says}", Kind::Integrity.word()),
            Self::Answered => f.write_str("passes"),
            Self::Passes(says) => write!(f, "passes: {says}"),
            Self::Told(event) => write!(f, "passes, and `{event}` tells of it"),
            Self::HeldBy { test, .. } => f.write_str(&test.replace('_', " ")),
            Self::DoesNotCompile { .. } => f.write_str("does not compile"),
        }
    }
}

macro_rules! require {
    ($holds:expr, $($format:tt)+) => {
        if !$holds {
            return Err(format!($($format)+));
        }
    };
}

/// Says in a few words what was seen, if it is what was expected.
pub fn judge(expected: &Expected, call: Call, seen: &Seen) -> Result<String, String> {
    check_secrets(seen)?;
    require!(seen.left == Left::default(), "something outlives the client: {:?}", seen.left);
    let ambient: Vec<_> =
        seen.events.iter().filter(|it| matches!(it, AuditEvent::AmbientSeen { .. })).collect();
    // This machine's own environment is not the row's.
    let (without_keys, events): (Vec<_>, Vec<_>) = seen
        .events
        .iter()
        .filter(|it| !matches!(it, AuditEvent::AmbientSeen { .. }))
        .partition(|it| matches!(it, AuditEvent::CredentialsNotRenewed { .. }));
    let is_of_keys = matches!(expected, Expected::NoCredentials { .. } | Expected::GiverRefused(_));
    require!(without_keys.len() == usize::from(is_of_keys), "the events are: {without_keys:?}");
    let named = |name: &str| events.iter().filter(|event| event.name() == name).count();
    match (expected, &seen.outcome) {
        (Expected::Unbuilt(says), Outcome::Unbuilt(error)) => {
            require!(error.to_string().contains(says), "the error is: {error}");
            require!(seen.handshakes == 0, "a packet was sent");
            Ok("no packet".to_owned())
        }
        (Expected::Ambient { name, outcome: "refused" }, Outcome::Unbuilt(error)) => {
            require!(error.is_ambient() && error.variable() == Some(name), "the error is: {error}");
            require!(error.to_string().contains(name), "the error is: {error}");
            require!(seen.handshakes == 0, "a packet was sent");
            require!(is_told_once(&ambient, name, "refused"), "the events are: {ambient:?}");
            require!(events.is_empty(), "the events are: {events:?}");
            Ok("no packet, 1 event".to_owned())
        }
        (
            Expected::Ambient { name, outcome: outcome @ ("ignored" | "waived") },
            Outcome::Succeeded(_),
        ) => {
            require!(seen.requests == 1, "{} requests", seen.requests);
            require!(is_told_once(&ambient, name, outcome), "the events are: {ambient:?}");
            Ok("no effect, 1 event".to_owned())
        }
        (Expected::NoCredentials { says, refusals }, Outcome::Failed(error)) => {
            let is_stopped = *refusals > 0;
            require!(is_stopped == error.is_refused(), "the error is: {error:?}");
            require!(is_stopped || error.is_credentials(), "the error is: {error:?}");
            require!(error.attempts() == 0, "the error is: {error:?}");
            require!(error.to_string().contains(says), "the error is: {error}");
            require!(!error.is_outcome_unknown(), "the outcome is unknown: {error:?}");
            require!(seen.handshakes == 0, "a packet was sent");
            let told = named("request_refused");
            require!(told == *refusals && events.len() == 1 + told, "the events are: {events:?}");
            Ok(format!("no packet, {told} refused requests"))
        }
        (
            Expected::Refused(says)
            | Expected::Unreached { says, .. }
            | Expected::GiverRefused(says),
            Outcome::Failed(error),
        ) => judge_refusal(expected, says, seen, error, &events),
        (Expected::Demanded(says), Outcome::Failed(error)) => {
            let events: Vec<_> = events
                .into_iter()
                .filter(|it| !matches!(it, AuditEvent::ConnectionOpened { .. }))
                .collect();
            judge_refusal(expected, says, seen, error, &events)
        }
        (Expected::Rejected { kind, says, is_transient }, Outcome::Failed(error)) => {
            require!(Kind::of(error) == Some(*kind), "the error is: {error:?}");
            require!(error.to_string().contains(says), "the error is: {error}");
            judge_rejection(call, *is_transient, seen, error, named("response_rejected"))
        }
        (Expected::OfAnother { says, sent, is_write }, Outcome::Failed(error)) => {
            let told = named("response_rejected");
            judge_of_another(says, (*sent, *is_write), seen, error, told)
        }
        (Expected::Answered, Outcome::Succeeded(_)) => {
            require!(seen.requests == 1, "{} requests", seen.requests);
            require!(named("response_rejected") == 0, "the events are: {events:?}");
            Ok("1 request".to_owned())
        }
        (Expected::Passes(says), Outcome::Succeeded(peer)) => {
            let peer = format!("{peer:?}");
            require!(peer.contains(says), "the peer is: {peer}");
            require!(seen.handshakes == 1, "{} handshakes", seen.handshakes);
            require!(seen.requests == 1, "{} requests", seen.requests);
            let is_told = matches!(
                events[..],
                [AuditEvent::BuildAttested { .. }, AuditEvent::ConnectionOpened { .. }]
            );
            require!(is_told, "the events are: {events:?}");
            Ok("1 handshake, 1 request".to_owned())
        }
        (Expected::Told(event), Outcome::Succeeded(_)) => {
            require!(seen.requests == 1, "{} requests", seen.requests);
            require!(named(event) == 1, "the events are: {events:?}");
            Ok("1 request, 1 event".to_owned())
        }
        (_, Outcome::Unbuilt(error)) => Err(format!("`build` failed: {error}")),
        (_, Outcome::Failed(error)) => Err(format!("the call failed: {error:?}")),
        (_, Outcome::Succeeded(_)) => Err("the call succeeded".to_owned()),
    }
}

/// What a row has to show of the client's words and events.
pub fn said(seen: &Seen) -> (Vec<String>, Vec<String>) {
    let mut said: Vec<_> = match &seen.outcome {
        Outcome::Unbuilt(error) => vec![error.to_string()],
        Outcome::Failed(error) => vec![error.to_string()],
        Outcome::Succeeded(_) => vec![],
    };
    said.extend(seen.events.iter().filter_map(|event| match event {
        AuditEvent::ConnectionRefused { reason, .. }
        | AuditEvent::RequestRefused { reason, .. }
        | AuditEvent::ResponseRejected { reason, .. }
        | AuditEvent::CredentialsNotRenewed { reason, .. } => Some(reason.clone()),
        _ => None,
    }));
    (said, seen.events.iter().map(|event| event.name().to_owned()).collect())
}

/// Of a response that is none, which `told` events tell of.
fn judge_rejection(
    call: Call,
    is_transient: bool,
    seen: &Seen,
    error: &Error,
    told: usize,
) -> Result<String, String> {
    let sent = match call {
        Call::Read if is_transient => 3,
        _ => 1,
    };
    require!(seen.requests == sent, "{} requests, not {sent}", seen.requests);
    require!(error.attempts() == sent, "{} attempts, not {sent}", error.attempts());
    let unknown = call == Call::Write;
    require!(!unknown || error.is_outcome_unknown(), "the outcome is not unknown: {error:?}");
    require!(u32::try_from(told) == Ok(sent), "{told} events tell of it");
    Ok(match call {
        Call::Write => "a write is sent once, outcome unknown".to_owned(),
        Call::Read if sent == 1 => "a read as well".to_owned(),
        Call::Read => format!("a read is sent {sent} times"),
    })
}

/// Of what belongs to another request, which was sent so often; `told` events tell of it.
fn judge_of_another(
    says: &str,
    (sent, is_write): (u32, bool),
    seen: &Seen,
    error: &Error,
    told: usize,
) -> Result<String, String> {
    require!(error.is_integrity(), "the error is: {error:?}");
    require!(error.to_string().contains(says), "the error is: {error}");
    require!(seen.requests == sent, "{} requests, not {sent}", seen.requests);
    require!(seen.handshakes == sent, "{} handshakes, not {sent}", seen.handshakes);
    require!(error.attempts() == sent, "{} attempts, not {sent}", error.attempts());
    require!(error.is_outcome_unknown() == is_write, "the outcome: {error:?}");
    require!(u32::try_from(told) == Ok(sent), "{told} events, not {sent}");
    let times = if sent == 1 { "sent once".to_owned() } else { format!("sent {sent} times") };
    Ok(if is_write { format!("{times}, outcome unknown") } else { times })
}

/// Of a server to which no request went, for this reason.
fn judge_refusal(
    expected: &Expected,
    says: &str,
    seen: &Seen,
    error: &Error,
    events: &[&AuditEvent],
) -> Result<String, String> {
    let (is_right, attempts) = match expected {
        Expected::Refused(_) | Expected::Demanded(_) => (error.is_refused(), 1),
        Expected::GiverRefused(_) => (error.is_refused(), 0),
        Expected::Unreached { attempts, .. } => (error.is_connection(), *attempts),
        _ => (false, 0),
    };
    require!(is_right && error.attempts() == attempts, "the error is: {error:?}");
    require!(!error.is_outcome_unknown(), "the outcome is unknown: {error:?}");
    require!(error.to_string().contains(says), "the error is: {error}");
    // Keys are asked for before the first attempt.
    let handshakes = attempts.max(1);
    require!(seen.handshakes == handshakes, "{} handshakes", seen.handshakes);
    require!(seen.signed_bytes == 0, "{} bytes of a request", seen.signed_bytes);
    let is_told = are_refusals(events, says, handshakes);
    require!(is_told, "the events are: {events:?}");
    Ok(match handshakes {
        1 => "1 handshake, 0 bytes of a request, 1 event".to_owned(),
        _ => format!("{handshakes} handshakes, 0 bytes of a request, {handshakes} events"),
    })
}

/// Whether so many connections were refused for this reason, and nothing else happened to the client that was built.
fn are_refusals(events: &[&AuditEvent], says: &str, count: u32) -> bool {
    let [AuditEvent::BuildAttested { .. }, refusals @ ..] = events else {
        return false;
    };
    u32::try_from(refusals.len()) == Ok(count)
        && refusals.iter().all(|event| {
            matches!(event, AuditEvent::ConnectionRefused { reason, .. } if reason.contains(says))
        })
}

fn is_told_once(events: &[&AuditEvent], variable: &str, expected: &str) -> bool {
    let outcomes: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            AuditEvent::AmbientSeen { name, outcome, .. } if name == variable => Some(outcome),
            _ => None,
        })
        .collect();
    matches!(outcomes[..], [outcome] if format!("{outcome:?}").eq_ignore_ascii_case(expected))
}

/// No error and no event of any row has a secret or an item in it.
fn check_secrets(seen: &Seen) -> Result<(), String> {
    let events = &seen.events;
    let told = match &seen.outcome {
        Outcome::Unbuilt(error) => format!("{error} {error:?} {events:?}"),
        Outcome::Failed(error) => format!("{error} {error:?} {events:?}"),
        Outcome::Succeeded(peer) => format!("{peer:?} {events:?}"),
    };
    match SECRETS.iter().find(|secret| told.contains(**secret)) {
        Some(secret) => Err(format!("{secret} is told: {told}")),
        None => Ok(()),
    }
}
