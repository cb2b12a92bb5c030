//! The faults, as data: what the server does, and what must come of it.

use std::fmt;
use std::time::Duration;

use super::super::server::{Act, ServerIdentity, failure, raw, response, success};
use super::{PLENTY, Seen};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Read,
    /// A put whose second arrival could do harm.
    Write,
}

/// One fault.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) fault: Fault,
    pub(super) sdk: Told,
    /// Of a read, and of a write that may arrive twice; nothing where no read can have that answer.
    read: Option<Told>,
    /// Of a write whose second arrival could do harm.
    write: Told,
    /// Whether a write may have been carried out, as far as its client knows.
    is_unknown: bool,
    /// Why the client differs from the SDK, where it does.
    pub(super) why: Vec<&'static str>,
}

pub(super) enum Fault {
    /// The first request is answered so, and those after it with a success.
    Once(fn() -> Act),
    /// Each request is answered so.
    Always(fn() -> Act),
    /// Nobody listens.
    Absent,
    /// Its certificate is of another authority.
    Untrusted,
}

/// What a client makes of a fault.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    pub(super) attempts: u32,
    pub(super) pace: Pace,
    pub(super) outcome: Outcome,
}

/// What bounds the pause before the second attempt, and that before the third.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Pace {
    Fast,
    Throttled,
    /// What the server asked for.
    Stated(Duration),
    /// The most that a server can ask for, beyond the pause of who is throttled.
    Capped,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    Success,
    /// An error of the service, by its code, which may be empty.
    Service(String),
    Timeout,
    Connection,
    /// The response was not read or not believed.
    Response,
    /// The machine's clock is off.
    Clock,
    /// The server is not the one that is trusted.
    Refused,
    /// Something else.
    Unsent,
}

impl Pace {
    fn bound(self, retry: u32) -> Duration {
        match self {
            Self::Fast => Duration::from_millis(25) * 2_u32.pow(retry),
            Self::Throttled => Duration::from_secs(1) * 2_u32.pow(retry),
            Self::Stated(pause) => pause,
            Self::Capped => LONGEST_ASKED_FOR + Self::Throttled.bound(retry),
        }
    }

    fn admits(self, retry: u32, pause: Duration) -> bool {
        match self {
            Self::Stated(stated) => pause == stated,
            Self::Capped => pause >= LONGEST_ASKED_FOR && pause < self.bound(retry),
            _ => pause < self.bound(retry),
        }
    }
}

impl Told {
    pub(super) fn judge(&self, seen: &Seen) -> Result<(), String> {
        let retries = self.attempts - 1;
        let mut each = (0..).zip(&seen.pauses);
        if seen.attempts == self.attempts
            && seen.outcome == self.outcome
            && seen.pauses.len() == retries as usize
            && each.all(|(retry, pause)| self.pace.admits(retry, *pause))
        {
            return Ok(());
        }
        Err(format!("expected {self:?}, seen {seen:?}"))
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Outcome::Success => f.write_str("success"),
            Outcome::Service(code) if code.is_empty() => f.write_str("error without a code"),
            Outcome::Service(code) => write!(f, "`{code}`"),
            Outcome::Timeout => f.write_str("timeout"),
            Outcome::Connection => f.write_str("connection error"),
            Outcome::Response => f.write_str("response error"),
            Outcome::Clock => f.write_str("clock error"),
            Outcome::Refused => f.write_str("server refused"),
            Outcome::Unsent => f.write_str("other error"),
        }?;
        let pauses = (0..self.attempts - 1).map(|retry| format!("{:?}", self.pace.bound(retry)));
        let pauses = pauses.collect::<Vec<_>>().join(" and ");
        let word = if matches!(self.pace, Pace::Stated(_)) { "of" } else { "below" };
        match self.attempts {
            1 => f.write_str(" after 1 attempt"),
            more => write!(f, " after {more} attempts, pauses {word} {pauses}"),
        }
    }
}

impl Row {
    fn same(name: &'static str, fault: Fault, told: Told) -> Self {
        Self {
            name,
            fault,
            sdk: told.clone(),
            read: Some(told.clone()),
            write: told,
            is_unknown: false,
            why: Vec::new(),
        }
    }

    fn of_writes(mut self) -> Self {
        self.read = None;
        self
    }

    /// Whether the write was carried out is not known: it is not sent again, and the error says so.
    fn not_twice(self) -> Self {
        let outcome = self.write.outcome.clone();
        self.not_twice_but(outcome)
    }

    /// The same, where a second attempt of a read has another outcome than the first.
    fn not_twice_but(mut self, first: Outcome) -> Self {
        self.write.attempts = 1;
        self.write.outcome = first;
        self.is_unknown = true;
        if self.read.as_ref().is_some_and(|read| read.attempts > 1) {
            self.why.push(RULE);
        }
        self
    }

    fn ours(mut self, told: Told, why: &'static str) -> Self {
        self.read = Some(told.clone());
        self.write = told;
        self.why.push(why);
        self
    }

    /// What this client makes of it.
    pub(super) fn of_ours(&self, operation: Operation) -> Option<&Told> {
        match operation {
            Operation::Read => self.read.as_ref(),
            Operation::Write => Some(&self.write),
        }
    }

    /// Whether the error says that the request may have been carried out.
    pub(super) fn is_unknown(&self, operation: Operation) -> bool {
        let of_ours = self.of_ours(operation);
        self.is_unknown && of_ours.is_some_and(|told| told.outcome != Outcome::Success)
    }

    /// The time for a response.
    pub(super) fn response_limit(&self) -> Duration {
        let is_stalled = self.sdk.outcome == Outcome::Timeout;
        if is_stalled { Duration::from_millis(200) } else { PLENTY }
    }

    /// Who the server is: what it shows, and what its client trusts.
    pub(super) fn identity(&self) -> ServerIdentity {
        match self.fault {
            Fault::Untrusted => {
                ServerIdentity { ca_pem: ServerIdentity::good().ca_pem, ..ServerIdentity::good() }
            }
            _ => ServerIdentity::good(),
        }
    }

    pub(super) fn is_absent(&self) -> bool {
        matches!(self.fault, Fault::Absent)
    }

    pub(super) fn script(&self) -> Vec<Act> {
        match self.fault {
            Fault::Once(act) => vec![act()],
            Fault::Always(act) => (0..10).map(|_| act()).collect(),
            Fault::Absent | Fault::Untrusted => Vec::new(),
        }
    }
}

const RULE: &str = "what may have been carried out is not risked twice";

fn told(attempts: u32, pace: Pace, outcome: Outcome) -> Told {
    Told { attempts, pace, outcome }
}

fn service(attempts: u32, pace: Pace, code: &str) -> Told {
    told(attempts, pace, Outcome::Service(code.to_owned()))
}

/// An answer of this status and code.
macro_rules! answer {
    ($status:literal, $code:literal) => {
        || Act::Answer(failure($status, $code))
    };
}

/// A code after which a client gives up at once.
macro_rules! final_code {
    ($code:literal) => {
        Row::same(
            concat!("`", $code, "`"),
            Fault::Always(answer!(400, $code)),
            service(1, Pace::Fast, $code),
        )
    };
}

/// A code after which a client waits for longer.
macro_rules! throttling_code {
    ($code:literal) => {
        Row::same(
            concat!("`", $code, "`"),
            Fault::Always(answer!(400, $code)),
            service(3, Pace::Throttled, $code),
        )
    };
}

const HTML: &[u8] = b"<html>somebody else</html>";

fn html(status: u16) -> Act {
    let length = HTML.len().to_string();
    Act::Answer(raw(status, &[("content-type", "text/html"), ("content-length", &length)], HTML))
}

fn cut() -> Act {
    let mut cut = success(b"{\"Item\":{}}");
    cut.truncate(cut.len() - 5);
    Act::AnswerAndClose(cut)
}

fn asking_for(status: u16, code: &str, milliseconds: &str) -> Act {
    let body = format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}"}}"#);
    let crc = crc32fast::hash(body.as_bytes()).to_string();
    let headers = [("x-amz-crc32", crc.as_str()), ("x-amz-retry-after", milliseconds)];
    Act::Answer(response(status, &headers, body.as_bytes()))
}

const LONGEST_ASKED_FOR: Duration = Duration::from_secs(5);
const ASKED_FOR: Pace = Pace::Stated(Duration::from_millis(1700));

pub(super) fn all() -> Vec<Row> {
    let mut rows = throttling();
    rows.extend(rejections());
    rows.extend(failures());
    rows.extend(losses());
    rows.extend(what_is_not_believed());
    rows
}

fn throttling() -> Vec<Row> {
    vec![
        throttling_code!("ThrottlingException"),
        Row::same(
            "`ThrottlingException`, once",
            Fault::Once(answer!(400, "ThrottlingException")),
            told(2, Pace::Throttled, Outcome::Success),
        ),
        throttling_code!("ProvisionedThroughputExceededException"),
        throttling_code!("RequestLimitExceeded"),
        throttling_code!("LimitExceededException"),
        throttling_code!("TransactionInProgressException"),
        Row::same(
            "`ReplicatedWriteConflictException`",
            Fault::Always(answer!(400, "ReplicatedWriteConflictException")),
            service(3, Pace::Fast, "ReplicatedWriteConflictException"),
        )
        .of_writes(),
        Row::same(
            "`ThrottlingException` that asks for a pause",
            Fault::Always(|| asking_for(400, "ThrottlingException", "1700")),
            service(3, ASKED_FOR, "ThrottlingException"),
        ),
        Row::same(
            "`ThrottlingException` that asks for a pause of hours",
            Fault::Always(|| asking_for(400, "ThrottlingException", "7200000")),
            service(3, Pace::Capped, "ThrottlingException"),
        ),
    ]
}

fn rejections() -> Vec<Row> {
    vec![
        final_code!("ConditionalCheckFailedException"),
        final_code!("ValidationException"),
        final_code!("ResourceNotFoundException"),
        final_code!("ItemCollectionSizeLimitExceededException"),
        final_code!("AccessDeniedException"),
        final_code!("UnrecognizedClientException"),
        final_code!("ExpiredTokenException"),
        final_code!("ACodeThatNobodyKnows"),
        Row::same(
            "`RequestTimeoutException`",
            Fault::Always(answer!(400, "RequestTimeoutException")),
            service(3, Pace::Fast, "RequestTimeoutException"),
        ),
        final_code!("TransactionConflictException").ours(
            service(3, Pace::Fast, "TransactionConflictException"),
            "a conflict passes, and nothing was written",
        ),
        Row::same(
            "`TransactionConflictException`, once",
            Fault::Once(answer!(400, "TransactionConflictException")),
            service(1, Pace::Fast, "TransactionConflictException"),
        )
        .ours(told(2, Pace::Fast, Outcome::Success), "a conflict passes, and nothing was written"),
    ]
}

fn failures() -> Vec<Row> {
    vec![
        Row::same(
            "`InternalServerError` (500)",
            Fault::Always(answer!(500, "InternalServerError")),
            service(3, Pace::Fast, "InternalServerError"),
        )
        .not_twice(),
        Row::same(
            "`InternalServerError` (500), once",
            Fault::Once(answer!(500, "InternalServerError")),
            told(2, Pace::Fast, Outcome::Success),
        )
        .not_twice_but(Outcome::Service("InternalServerError".to_owned())),
        Row::same(
            "`ServiceUnavailable` (503)",
            Fault::Always(answer!(503, "ServiceUnavailable")),
            service(3, Pace::Fast, "ServiceUnavailable"),
        )
        .not_twice(),
        Row::same("a page of HTML (502)", Fault::Always(|| html(502)), service(3, Pace::Fast, ""))
            .not_twice(),
        Row::same(
            "a page of HTML (504), once",
            Fault::Once(|| html(504)),
            told(2, Pace::Fast, Outcome::Success),
        )
        .not_twice_but(Outcome::Service(String::new())),
        Row::same(
            "`InternalServerError` (500) that asks for a pause",
            Fault::Always(|| asking_for(500, "InternalServerError", "1700")),
            service(3, ASKED_FOR, "InternalServerError"),
        )
        .not_twice(),
    ]
}

fn losses() -> Vec<Row> {
    vec![
        Row::same(
            "a connection that ends before the request is read",
            Fault::Always(|| Act::CloseUnread),
            told(3, Pace::Fast, Outcome::Connection),
        )
        .not_twice(),
        Row::same(
            "a connection that ends before the answer",
            Fault::Always(|| Act::CloseRead),
            told(3, Pace::Fast, Outcome::Connection),
        )
        .not_twice(),
        Row::same(
            "a connection that ends before the answer, once",
            Fault::Once(|| Act::CloseRead),
            told(2, Pace::Fast, Outcome::Success),
        )
        .not_twice_but(Outcome::Connection),
        Row::same(
            "a connection that ends in the answer",
            Fault::Always(cut),
            told(3, Pace::Fast, Outcome::Response),
        )
        .ours(told(3, Pace::Fast, Outcome::Connection), "it is the connection that broke")
        .not_twice(),
        Row::same("no answer", Fault::Always(|| Act::Stall), told(3, Pace::Fast, Outcome::Timeout))
            .not_twice(),
        Row::same("nobody listens", Fault::Absent, told(3, Pace::Fast, Outcome::Connection)),
    ]
}

fn what_is_not_believed() -> Vec<Row> {
    const CHECKED: &str = "a response is checked before it is believed";
    vec![
        Row::same(
            "a certificate of another authority",
            Fault::Untrusted,
            told(3, Pace::Fast, Outcome::Connection),
        )
        .ours(told(1, Pace::Fast, Outcome::Refused), "another attempt does not heal it"),
        Row::same(
            "a success whose CRC is wrong",
            Fault::Always(|| Act::Answer(response(200, &[("x-amz-crc32", "1")], b"{}"))),
            told(1, Pace::Fast, Outcome::Success),
        )
        .ours(told(3, Pace::Fast, Outcome::Response), CHECKED)
        .not_twice(),
        Row::same(
            "a success without a body",
            Fault::Always(|| Act::Answer(response(200, &[("x-amz-crc32", "0")], b""))),
            told(1, Pace::Fast, Outcome::Success),
        )
        .ours(told(3, Pace::Fast, Outcome::Response), CHECKED)
        .not_twice(),
        Row::same("a page of HTML (403)", Fault::Always(|| html(403)), service(1, Pace::Fast, ""))
            .ours(
                told(1, Pace::Fast, Outcome::Response),
                "it is somebody's who stands before the service",
            )
            .not_twice(),
        Row::same(
            "`InvalidSignatureException` with a date that is a year off",
            Fault::Always(a_year_off),
            service(3, Pace::Fast, "InvalidSignatureException"),
        )
        .ours(told(1, Pace::Fast, Outcome::Clock), "no response corrects the clock"),
    ]
}

fn a_year_off() -> Act {
    let body = br#"{"__type":"InvalidSignatureException","message":"Signature expired"}"#;
    let crc = crc32fast::hash(body).to_string();
    let date = "Thu, 01 Jan 2015 00:00:00 GMT";
    Act::Answer(response(400, &[("date", date), ("x-amz-crc32", &crc)], body))
}
