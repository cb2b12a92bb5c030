//! Keys in the JSON of an answer or of a cache.

use std::time::SystemTime;

use aws_credential_types::Credentials as Keys;
use aws_smithy_types::date_time::{DateTime, Format};
use zeroize::Zeroizing;

use crate::codec::Reader;
use crate::codec::response::{raw_member, read_member};

/// How an answer names what it has.
pub(super) struct Names {
    pub(super) id: &'static str,
    pub(super) secret: &'static str,
    pub(super) token: &'static str,
    pub(super) expiry: &'static str,
}

const NO_KEYS: &str =
    "is no JSON with an access key's id, its secret, a session's token and when they expire";

impl Names {
    pub(super) fn keys(&self, json: &[u8], source: &'static str) -> Result<Keys, &'static str> {
        let member = |name| text(json, name).ok_or(NO_KEYS);
        let expiry = expiry(json, self.expiry).ok_or(NO_KEYS)?;
        let (id, secret) = (member(self.id)?, member(self.secret)?);
        Ok(Keys::new(id, secret, Some(member(self.token)?), Some(expiry), source))
    }
}

/// A member that is text. It is wiped by what takes it, as keys do.
pub(super) fn text(json: &[u8], name: &str) -> Option<String> {
    let found = read_member(json, name, Reader::json_string).ok().flatten()?;
    Some(found.into_owned())
}

pub(super) fn secret(json: &[u8], name: &str) -> Option<Zeroizing<String>> {
    text(json, name).map(Zeroizing::new)
}

/// The object of that name, as it is.
pub(super) fn object<'j>(json: &'j [u8], name: &str) -> Option<&'j [u8]> {
    raw_member(json, name).ok().flatten()
}

/// A time as text, or in milliseconds since 1970.
pub(super) fn expiry(json: &[u8], name: &str) -> Option<SystemTime> {
    let time = if let Some(text) = text(json, name) {
        time(&text)?
    } else {
        let milliseconds = read_member(json, name, Reader::json_u64).ok().flatten()?;
        DateTime::from_millis(i64::try_from(milliseconds).ok()?)
    };
    SystemTime::try_from(time).ok()
}

/// `2025-09-14T04:05:45Z`; older tools write `UTC` for the `Z`.
fn time(text: &str) -> Option<DateTime> {
    let written = text.strip_suffix("UTC").map(|text| format!("{text}Z"));
    DateTime::from_str(written.as_deref().unwrap_or(text), Format::DateTime).ok()
}
