//! Chains that keep every rule but one, written by hand: the profile's own suite.
//!
//! Each way to break a rule is two rows: it is refused by the name of the rule, and with that rule tolerated, and no
//! other, the chain passes. So no row is refused for another reason than its own.

mod authorities;
mod constraints;
mod lists;
mod names;
mod roots;
mod servers;
mod staples;

use dynamo_runtime::Endpoint;
use dynamo_runtime::client::{AuditEvent, CertificateRule};

use super::certificates::ESTABLISHED;
use super::responses::success;
use crate::account::{Call, aws_client, client};
use crate::row::{Expected, Outcome, Row, Section, Seen};
use crate::server::{answering, configuration, proxy};
use crate::x509::Chain;

/// What is changed of a chain with one intermediate that is right.
type Change = fn(&mut Chain);

pub fn rows() -> Vec<Row> {
    [
        servers::rows(),
        names::rows(),
        authorities::rows(),
        roots::rows(),
        constraints::rows(),
        lists::rows(),
        staples::rows(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn row(
    name: &str,
    expected: Expected,
    change: impl Fn(&mut Chain) + Copy + Send + Sync + 'static,
) -> Row {
    Row::new(Section::Profile, name, expected, move |call| async move {
        let mut chain = Chain::new(1);
        change(&mut chain);
        send(call, &chain).await
    })
}

async fn send(call: Call, chain: &Chain) -> Seen {
    let trust = match chain.trust() {
        Ok(trust) => trust,
        Err(error) => return Seen::without_server(Outcome::Unbuilt(error)),
    };
    let (port, tally) = answering(configuration(chain.identity()), success(b"{}")).await;
    let client = if chain.is_local {
        client(port, trust).endpoint(Endpoint::compatible("127.0.0.1", port).unwrap())
    } else {
        let (proxy, _, _) = proxy(ESTABLISHED, Some(port)).await;
        aws_client(proxy, trust)
    };
    let mut seen = call.send(client, &tally).await;
    // What is old enough to be told of is a row of its own.
    seen.events.retain(|event| !matches!(event, AuditEvent::TrustExpiring { .. }));
    seen
}

fn passes(name: &str, change: Change) -> Row {
    row(name, Expected::Passes("TLSv1_3".to_owned()), change)
}

fn refused(says: &str, name: &str, change: Change) -> Row {
    row(name, Expected::Refused(says.to_owned()), change)
}

fn unbuilt(says: &str, name: &str, change: Change) -> Row {
    row(name, Expected::Unbuilt(says.to_owned()), change)
}

/// Refused by this rule, and by nothing else.
fn breaks(rule: CertificateRule, name: &str, change: Change) -> [Row; 2] {
    let says = format!("(rule `{rule}`)");
    [row(name, Expected::Refused(says), change), tolerated(rule, name, change)]
}

/// As [`breaks`], of a root: there is no client.
fn root_breaks(rule: CertificateRule, name: &str, change: Change) -> [Row; 2] {
    let says = format!("(rule `{rule}`)");
    [row(name, Expected::Unbuilt(says), change), tolerated(rule, name, change)]
}

fn tolerated(rule: CertificateRule, name: &str, change: Change) -> Row {
    let name = format!("{name}, tolerated");
    row(&name, Expected::Passes("TLSv1_3".to_owned()), move |chain: &mut Chain| {
        change(chain);
        chain.profile = chain.profile.clone().tolerating(rule);
    })
}
