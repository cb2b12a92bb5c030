//! `schema.lock.json`: a line for each fact.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::{Lock, LockError};

const FORMAT: u64 = 1;

/// The lock; `None` where there is no file yet.
pub(super) fn read(path: &Path) -> Result<Option<Lock>, LockError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(LockError::File(path.to_owned(), error)),
    };
    parse(&text).map(Some).map_err(|reason| LockError::Malformed(path.to_owned(), reason))
}

fn parse(text: &str) -> Result<Lock, String> {
    let json: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if json.get("format") != Some(&json!(FORMAT)) {
        return Err(format!("its `format` is not {FORMAT}"));
    }
    let texts = |member: &str| -> Result<BTreeMap<String, String>, String> {
        let texts = json.get(member).and_then(Value::as_object);
        let texts = texts.ok_or_else(|| format!("it has no object `{member}`"))?;
        let text = |(name, value): (&String, &Value)| match value {
            Value::String(value) => Ok((name.clone(), value.clone())),
            _ => Err(format!("`{name}` is no text")),
        };
        texts.iter().map(text).collect()
    };
    Ok(Lock { facts: texts("facts")?, accepted: texts("accepted")? })
}

/// Writes it whole or not at all.
pub(super) fn write(path: &Path, lock: &Lock) -> Result<(), LockError> {
    let failed = |error| LockError::File(path.to_owned(), error);
    let beside = path.with_extension("json.new");
    fs::write(&beside, text(lock)).map_err(failed)?;
    fs::rename(&beside, path).map_err(failed)
}

fn text(lock: &Lock) -> String {
    let object = |texts: &BTreeMap<String, String>| -> Map<String, Value> {
        texts.iter().map(|(name, value)| (name.clone(), json!(value))).collect()
    };
    let json = json!({
        "format": FORMAT,
        "facts": object(&lock.facts),
        "accepted": object(&lock.accepted),
    });
    // Indented, each member is on a line of its own.
    format!("{json:#}\n")
}
