//! One request about a table, and why it failed.

use bytes::Bytes;

use super::compare::Mismatch;
use crate::client::{Api, Call, CallError, CallErrorKind, Replay, SecureClient};
use crate::codec::response::Asked;
use crate::codec::{DecodeError, EncodeError, Writer};
use crate::subject::Subject;

const SUBJECT: Subject = Subject { entity: "Table", operation: "create" };

pub(super) async fn call(
    client: &SecureClient,
    table: &str,
    api: Api,
    body: Vec<u8>,
) -> Result<Bytes, CreateTableError> {
    let call = Call {
        subject: SUBJECT,
        table,
        api,
        body: body.into(),
        asked: Asked::default(),
        replay: Replay::Harmless,
        deadline: None,
    };
    client
        .call(call)
        .await
        .map(|response| response.body)
        .map_err(|error| CreateTableError::Call(Box::new(error)))
}

/// Why a table could not be made.
#[derive(Debug)]
pub(crate) enum CreateTableError {
    Encode(EncodeError),
    Call(Box<CallError>),
    Decode(DecodeError),
    NotActive,
    /// Entities that cannot share it.
    Conflict(String),
    /// There is another table of that name.
    Another {
        table: String,
        mismatch: Mismatch,
    },
    /// Its items expire by another attribute.
    OtherExpiry {
        expected: &'static str,
        found: String,
    },
}

impl CreateTableError {
    /// Whether the service responded with an error of this code.
    pub(super) fn has_code(&self, expected: &str) -> bool {
        matches!(self, Self::Call(error)
            if matches!(&error.kind, CallErrorKind::Service { code, .. } if code == expected))
    }
}

impl From<EncodeError> for CreateTableError {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}

impl From<DecodeError> for CreateTableError {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

impl std::fmt::Display for CreateTableError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Encode(error) => error.fmt(f),
            Self::Call(error) => error.kind.fmt(f),
            Self::Decode(error) => write!(f, "its description cannot be read: {error}"),
            Self::Conflict(reason) => f.write_str(reason),
            Self::Another { table, mismatch } => {
                write!(f, "the table `{table}` is another one: {mismatch}")
            }
            Self::NotActive => f.write_str("it did not become active in time"),
            Self::OtherExpiry { expected, found } => write!(
                f,
                "its items expire by `{found}`, and those of the entity by `{expected}`: a table has one attribute for it"
            ),
        }
    }
}

pub(super) fn text(writer: &mut Writer, member: &'static str, value: &str) {
    writer.member(member);
    writer.json_string(value);
}
