//! The client beside the SDK's own, against the same faulty server: how often each sends a request, after what pauses,
//! and what error it gives. `docs/behaviour.md` carries the table: `BEHAVIOUR=overwrite cargo test -p dynamo-runtime
//! --lib behaviour` writes it anew.

mod cancelled;
mod identity;
mod ours;
mod pauses;
mod quota;
mod rows;
mod sdk;
mod table;

use std::time::Duration;

use tokio::net::TcpSocket;

use self::rows::{Operation, Outcome, Row};
use super::server::Server;

/// How often a call is attempted at most, by both clients.
const ATTEMPTS: u32 = 3;
/// For what must not end by a limit, however busy the machine is.
const PLENTY: Duration = Duration::from_mins(2);

/// What one client did.
#[derive(Debug)]
struct Seen {
    attempts: u32,
    pauses: Vec<Duration>,
    outcome: Outcome,
    is_unknown: bool,
}

#[tokio::test]
async fn each_fault_is_answered_as_by_the_sdk_but_where_a_reason_is_stated() {
    let mut faults = Vec::new();
    for row in rows::all() {
        for operation in [Operation::Read, Operation::Write] {
            if let Err(fault) = run(&row, operation).await {
                faults.push(format!("{}, {operation:?}: {fault}", row.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    table::check();
}

/// Runs both clients, with the same random numbers, each against a server of its own.
async fn run(row: &Row, operation: Operation) -> Result<(), String> {
    let Some(of_ours) = row.of_ours(operation) else { return Ok(()) };
    for seed in 0..3 {
        let sdk = sdk::run(row, operation, seed).await;
        row.sdk.judge(&sdk).map_err(|fault| format!("the SDK: {fault}"))?;
        let ours = ours::run(row, operation, seed).await;
        of_ours.judge(&ours)?;
        if ours.is_unknown != row.is_unknown(operation) {
            return Err(format!("whether the outcome is unknown: {ours:?}"));
        }
        let common = sdk.pauses.len().min(ours.pauses.len());
        if of_ours.pace == row.sdk.pace && sdk.pauses[..common] != ours.pauses[..common] {
            return Err(format!("the pauses are {:?}, the SDK's {:?}", ours.pauses, sdk.pauses));
        }
    }
    Ok(())
}

/// A row's server; where nobody listens, the socket keeps its port.
async fn server(row: &Row) -> (Server, Option<TcpSocket>) {
    let mut server = Server::start(row.identity(), row.script()).await;
    let unused = row.is_absent().then(|| {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        server.port = socket.local_addr().unwrap().port();
        socket
    });
    (server, unused)
}

#[test]
fn the_retries_are_those_of_the_sdk_for_dynamodb() {
    let sdk = sdk::retries();
    assert_eq!(sdk.max_attempts(), 4);
    assert_eq!(crate::client::attempts::retries(sdk.max_attempts()), sdk);
}
