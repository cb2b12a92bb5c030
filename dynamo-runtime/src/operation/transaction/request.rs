//! The body of a transaction, and what is wrong with it before it is sent.

use std::collections::HashSet;
use std::time::Duration;

use aws_lc_rs::rand::fill;

use super::SUBJECT;
use crate::client::{Api, SecureClient};
use crate::codec::response::{Asked, AskedItems, AskedTables};
use crate::error::{Error, SeveralError};
use crate::operation::request::{Part, Request};
use crate::subject::Subject;

/// Source for this and the next two: [TransactWriteItems](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html).
const MAX_ACTIONS: usize = 100;
/// The size of all items together, in bytes.
const MAX_SIZE: usize = 4 * 1024 * 1024;
/// How long the service remembers a client token.
pub(in super::super) const TOKEN_LIFE: Duration = Duration::from_mins(10);
const MAX_TOKEN_LENGTH: usize = 36;

/// Begins the body with the actions.
pub(super) fn request<'a>(
    client: &'a SecureClient,
    api: Api,
    subject: Subject,
    parts: &[Part<'a>],
) -> Result<Request<'a>, Error> {
    check(subject, parts)?;
    let size = parts.iter().map(|part| part.body.len() + 32).sum();
    let table = parts.first().map_or("", |part| part.table);
    let mut request = Request::of_several(client, api, subject, table, size);
    let mut items = Vec::with_capacity(parts.len());
    let writer = request.writer();
    writer.member("TransactItems");
    writer.begin_array();
    for part in parts {
        writer.separate();
        writer.begin_object();
        writer.member(part.action);
        items.push(part.asked(writer.as_bytes().len()));
        writer.raw(&part.body);
        writer.end_object();
    }
    writer.end_array();
    let tables = AskedTables::Each(parts.iter().map(|part| part.table.to_owned()).collect());
    request.asks_for(Asked { tables, items: AskedItems::Each(items) });
    Ok(request)
}

fn check(subject: Subject, parts: &[Part<'_>]) -> Result<(), Error> {
    match parts.len() {
        0 => return Err(subject.error(SeveralError::NoActions)),
        1..=MAX_ACTIONS => {}
        count => return Err(subject.error(SeveralError::TooManyActions { count })),
    }
    let mut items = HashSet::with_capacity(parts.len());
    for part in parts {
        if !items.insert((part.table, &part.identity)) {
            return Err(part.subject.error(SeveralError::SameItem));
        }
    }
    // Of an update and a delete only the key is known.
    let size = parts.iter().map(|part| part.item_size).sum();
    if size > MAX_SIZE {
        return Err(subject.error(SeveralError::TransactionTooLarge { size }));
    }
    Ok(())
}

/// The deadline, within which the service remembers the token.
pub(super) fn check_deadline(
    client: &SecureClient,
    subject: Subject,
    deadline: Option<Duration>,
) -> Result<Duration, Error> {
    match deadline {
        None => Ok(client.default_deadline().min(TOKEN_LIFE)),
        Some(deadline) if deadline <= TOKEN_LIFE => Ok(deadline),
        Some(_) => Err(subject.error(SeveralError::DeadlineTooLong)),
    }
}

pub(super) fn check_token(token: &str) -> Result<&str, Error> {
    match token.chars().count() {
        1..=MAX_TOKEN_LENGTH => Ok(token),
        _ => Err(SUBJECT.error(SeveralError::ClientToken)),
    }
}

/// 128 bits of the system's randomness, which a child of this process does not repeat after a `fork`.
///
/// # Errors
/// The system gives no random bytes.
pub(super) fn random_token(subject: Subject) -> Result<String, Error> {
    let mut token = [0; 16];
    fill(&mut token).map_err(|_| subject.error(SeveralError::NoRandomness))?;
    Ok(format!("{:032x}", u128::from_be_bytes(token)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_not_of_the_generator_whose_seed_can_be_known() {
        let token = || {
            fastrand::seed(7);
            random_token(SUBJECT).unwrap()
        };
        let (first, second) = (token(), token());
        assert_ne!(first, second);
        assert_eq!(check_token(&first).unwrap().len(), 32);
    }
}
