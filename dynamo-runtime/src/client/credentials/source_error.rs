//! Why a source gave no keys, in our own words: no text of whoever answered is repeated.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;

use aws_credential_types::provider::error::CredentialsError;

use crate::client::small_file::Unread;
use crate::client::transport::TransportError;

/// Which source it was, and what happened.
#[derive(Clone, Debug)]
pub(in crate::client) struct SourceError {
    source: &'static str,
    problem: SourceProblem,
}

#[derive(Clone, Debug)]
pub(super) enum SourceProblem {
    /// It is not there, or not told of: another source may have some.
    Absent(String),
    Transport(TransportError),
    /// An answer of this status; the code is one of those that are documented.
    Status {
        status: u16,
        code: Option<&'static str>,
    },
    /// What is wrong with an answer.
    Answer(&'static str),
    /// A failure that is told by an answer of success.
    Code(Option<&'static str>),
    File {
        path: PathBuf,
        problem: FileProblem,
    },
    /// What cannot be sent.
    Request(&'static str),
    /// What is wrong with the keys that it gave.
    Keys(&'static str),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum FileProblem {
    Unread(Unread),
    /// It hangs, as a file of a network can.
    StillReading,
    /// What is wrong with what is in it.
    Content(&'static str),
}

impl SourceError {
    pub(super) fn new(source: &'static str, problem: SourceProblem) -> Self {
        Self { source, problem }
    }

    pub(super) fn absent(source: &'static str, what: impl Into<String>) -> Self {
        Self::new(source, SourceProblem::Absent(what.into()))
    }

    /// The status of an answer that is no success.
    pub(super) fn status(&self) -> Option<u16> {
        match self.problem {
            SourceProblem::Status { status, .. } => Some(status),
            _ => None,
        }
    }

    /// Why there was no answer, where there was none.
    pub(in crate::client) fn transport(&self) -> Option<&TransportError> {
        match &self.problem {
            SourceProblem::Transport(error) => Some(error),
            _ => None,
        }
    }
}

impl From<SourceError> for CredentialsError {
    fn from(error: SourceError) -> Self {
        match &error.problem {
            SourceProblem::Absent(_) => Self::not_loaded(error),
            SourceProblem::Request(_) | SourceProblem::Keys(_) => {
                Self::invalid_configuration(error)
            }
            _ => Self::provider_error(error),
        }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, problem } = self;
        match problem {
            SourceProblem::Absent(what) => write!(f, "{source}: {what}"),
            SourceProblem::Transport(error) => write!(f, "{source}: {error}"),
            SourceProblem::Status { status, code: None } => {
                write!(f, "{source} answered with status {status}")
            }
            SourceProblem::Status { status, code: Some(code) } => {
                write!(f, "{source} answered {code} (status {status})")
            }
            SourceProblem::Answer(what) => write!(f, "{source} gave an answer that {what}"),
            SourceProblem::Code(found) => {
                write!(f, "{source} answered {}", found.unwrap_or("a code that is not documented"))
            }
            SourceProblem::File { path, problem } => {
                write!(f, "{source}: the file {} {problem}", path.display())
            }
            SourceProblem::Keys(what) => write!(f, "what {source} gave {what}"),
            SourceProblem::Request(what) => write!(f, "{source} cannot be asked: {what}"),
        }
    }
}

impl Error for SourceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.transport().map(|error| error as &(dyn Error + 'static))
    }
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unread(reason) => reason.fmt(f),
            Self::StillReading => {
                f.write_str("has not been read to its end since it was asked for")
            }
            Self::Content(what) => f.write_str(what),
        }
    }
}

/// The codes of errors that these services document; no other text of an answer is repeated.
///
/// Sources: the errors of [STS](https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html) and of its
/// actions, of [GetRoleCredentials](https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html),
/// of [EKS Auth](https://docs.aws.amazon.com/eks/latest/APIReference/API_auth_AssumeRoleForPodIdentity.html), and of the
/// [instance's metadata](https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html).
const DOCUMENTED: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "AssumeRoleUnauthorizedAccess",
    "ExpiredToken",
    "ExpiredTokenException",
    "IDPCommunicationError",
    "IDPRejectedClaim",
    "IncompleteSignature",
    "InstanceProfileNotFound",
    "InternalFailure",
    "InternalServerException",
    "InvalidClientTokenId",
    "InvalidIdentityToken",
    "InvalidParameterException",
    "InvalidParameterValue",
    "InvalidRequestException",
    "InvalidTokenException",
    "MalformedPolicyDocument",
    "MissingAuthenticationToken",
    "NotAuthorized",
    "OptInRequired",
    "PackedPolicyTooLarge",
    "RegionDisabledException",
    "RequestExpired",
    "ResourceNotFoundException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "SignatureDoesNotMatch",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "UnauthorizedException",
    "ValidationError",
    "ValidationException",
];

/// The code of that name, if it is documented: `Code`, `namespace#Code` or `Code:http://..`.
pub(super) fn documented(found: &str) -> Option<&'static str> {
    let found = found.rsplit('#').next().unwrap_or_default();
    let found = found.split(':').next().unwrap_or_default();
    DOCUMENTED.iter().copied().find(|code| *code == found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_told_in_each_of_its_spellings_and_no_other_text() {
        for found in [
            "AccessDenied",
            "com.amazonaws.sts#AccessDenied",
            "AccessDenied:http://x/",
            "a#b#AccessDenied:x",
        ] {
            assert_eq!(documented(found), Some("AccessDenied"), "{found}");
        }
        for found in ["", "accessdenied", "AccessDenied hunter2", "hunter2", "hunter2:AccessDenied"]
        {
            assert_eq!(documented(found), None, "{found}");
        }
        assert!(DOCUMENTED.is_sorted(), "for whoever reads it");
    }
}
