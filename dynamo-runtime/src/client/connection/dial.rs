//! The first address of a host that answers.
//!
//! As [RFC 8305](https://www.rfc-editor.org/rfc/rfc8305) has it: the families take turns, each attempt gives the one
//! before a quarter of a second, and the first that is connected wins. The system's resolver has sorted the addresses
//! (its section 4) and gives those of both families at once, so there is no waiting for the second answer (section 3).

use std::collections::VecDeque;
use std::future::{pending, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::sleep;

use super::lookup::Resolver;
use crate::client::endpoint::{Authority, Host};

/// The "Connection Attempt Delay" of RFC 8305, section 8.
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// Opens a TCP connection to a host.
pub(super) async fn dial(to: &Authority, resolver: &Arc<Resolver>) -> io::Result<TcpStream> {
    let addresses = match &to.host {
        Host::Address(address) => vec![SocketAddr::new(*address, to.port)],
        Host::Name(name) => resolver.addresses(name, to.port).await?,
    };
    first_of(in_turns(addresses), TcpStream::connect).await
}

/// The addresses in their order, but of the two families in turn.
fn in_turns(addresses: Vec<SocketAddr>) -> VecDeque<SocketAddr> {
    let starts_with_ipv6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) =
        addresses.into_iter().partition(|address| address.is_ipv6() == starts_with_ipv6);
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let mut sorted = VecDeque::new();
    loop {
        let before = sorted.len();
        sorted.extend(first.next());
        sorted.extend(second.next());
        if sorted.len() == before {
            return sorted;
        }
    }
}

/// Connects to each address in turn, beside those that have not answered yet; the others are given up when one has.
///
/// # Errors
/// All failed: the error of the first that did.
async fn first_of<T, F>(
    mut addresses: VecDeque<SocketAddr>,
    connect: impl Fn(SocketAddr) -> F,
) -> io::Result<T>
where
    F: Future<Output = io::Result<T>> + Send,
{
    let mut attempts: Vec<Pin<Box<F>>> = Vec::new();
    let mut first_error = None;
    loop {
        match addresses.pop_front() {
            Some(address) => attempts.push(Box::pin(connect(address))),
            None if attempts.is_empty() => break,
            None => {}
        }
        let next_is_due = async {
            if addresses.is_empty() { pending().await } else { sleep(ATTEMPT_DELAY).await }
        };
        tokio::select! {
            biased;
            ended = first_to_end(&mut attempts) => match ended {
                Ok(connection) => return Ok(connection),
                // The next address, if there is one, is tried at once.
                Err(error) => first_error = first_error.or(Some(error)),
            },
            () = next_is_due => {}
        }
    }
    Err(first_error.unwrap_or_else(|| io::Error::other("the host has no address")))
}

/// The output of the attempt that ends first, which is taken out; of none, it is waited for without end.
async fn first_to_end<F: Future>(attempts: &mut Vec<Pin<Box<F>>>) -> F::Output {
    poll_fn(|context| {
        let mut attempting = attempts.iter_mut().enumerate();
        let ended = attempting.find_map(|(position, attempt)| {
            let output = attempt.as_mut().poll(context);
            if let Poll::Ready(output) = output { Some((position, output)) } else { None }
        });
        match ended {
            Some((position, output)) => {
                drop(attempts.remove(position));
                Poll::Ready(output)
            }
            None => Poll::Pending,
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use tokio::time::Instant;

    use super::*;

    /// What an address does: it answers after that time, refuses after that time, or says nothing.
    #[derive(Clone, Copy)]
    enum Answer {
        Connects(u64),
        Refuses(u64),
        Silent,
    }

    use Answer::{Connects, Refuses, Silent};

    fn address(number: usize) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], u16::try_from(number).unwrap()))
    }

    /// Which of them is connected, when each was tried, and when that was over; in milliseconds.
    async fn dialled(answers: &[Answer]) -> (Result<usize, String>, Vec<u128>, u128) {
        let start = Instant::now();
        let tried = Mutex::new(Vec::new());
        let addresses = (0..answers.len()).map(address).collect();
        let connected = first_of(addresses, |address| {
            tried.lock().unwrap().push(start.elapsed().as_millis());
            let number = usize::from(address.port());
            let answer = answers[number];
            async move {
                match answer {
                    Connects(after) => sleep(Duration::from_millis(after)).await,
                    Refuses(after) => {
                        sleep(Duration::from_millis(after)).await;
                        return Err(io::Error::other(format!("{number} refused")));
                    }
                    Silent => pending().await,
                }
                Ok(number)
            }
        })
        .await;
        let over = start.elapsed().as_millis();
        (connected.map_err(|error| error.to_string()), tried.into_inner().unwrap(), over)
    }

    #[tokio::test(start_paused = true)]
    async fn a_dead_address_costs_a_quarter_of_a_second_and_a_refusal_nothing() {
        assert_eq!(dialled(&[Connects(9), Connects(0)]).await, (Ok(0), vec![0], 9));
        assert_eq!(dialled(&[Silent, Connects(5)]).await, (Ok(1), vec![0, 250], 255));
        assert_eq!(dialled(&[Silent, Silent, Connects(5)]).await, (Ok(2), vec![0, 250, 500], 505));
        assert_eq!(dialled(&[Refuses(3), Connects(5)]).await, (Ok(1), vec![0, 3], 8));
        assert_eq!(
            dialled(&[Silent, Refuses(3), Connects(5)]).await,
            (Ok(2), vec![0, 250, 253], 258)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_address_is_not_given_up_for_the_next_one() {
        assert_eq!(dialled(&[Connects(300), Silent]).await, (Ok(0), vec![0, 250], 300));
        assert_eq!(dialled(&[Connects(300), Connects(100)]).await, (Ok(0), vec![0, 250], 300));
        assert_eq!(dialled(&[Connects(400), Connects(100)]).await, (Ok(1), vec![0, 250], 350));
        assert_eq!(dialled(&[Connects(400), Refuses(0)]).await, (Ok(0), vec![0, 250], 400));
        assert_eq!(dialled(&[Connects(9_000)]).await, (Ok(0), vec![0], 9_000));
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_error_is_told_when_all_failed() {
        let all = dialled(&[Refuses(400), Refuses(1), Refuses(500)]).await;
        assert_eq!(all, (Err("1 refused".to_owned()), vec![0, 250, 251], 751));
        let none = dialled(&[]).await;
        assert_eq!(none, (Err("the host has no address".to_owned()), vec![], 0));
    }

    #[test]
    fn the_families_take_turns_in_the_order_of_the_resolver() {
        let sorted = |addresses: &[&str]| -> Vec<String> {
            let parsed = addresses.iter().map(|address| address.parse().unwrap()).collect();
            in_turns(parsed).iter().map(ToString::to_string).collect()
        };
        let six = ["[::1]:1", "[::2]:1", "[::3]:1", "127.0.0.1:1", "127.0.0.2:1"];
        assert_eq!(sorted(&six), ["[::1]:1", "127.0.0.1:1", "[::2]:1", "127.0.0.2:1", "[::3]:1"]);
        let four = ["127.0.0.1:1", "127.0.0.2:1", "[::1]:1"];
        assert_eq!(sorted(&four), ["127.0.0.1:1", "[::1]:1", "127.0.0.2:1"]);
        assert!(sorted(&[]).is_empty());
    }

    #[tokio::test]
    async fn a_name_is_dialled_by_all_of_its_addresses() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        for host in ["localhost", "127.0.0.1"] {
            let to = Authority { host: Host::parse(host).unwrap(), port };
            assert_eq!(
                dial(&to, &Resolver::system()).await.unwrap().peer_addr().unwrap().port(),
                port
            );
        }
    }
}
