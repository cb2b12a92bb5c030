//! What goes wrong, how often, and whom it met.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Random numbers that a seed gives again.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// By the finaliser of `SplitMix64`.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// Below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    pub fn one_in(&mut self, number: usize) -> bool {
        self.below(number) == 0
    }

    pub fn milliseconds(&mut self, from: u64, to: u64) -> Duration {
        Duration::from_millis(from + self.next() % (to - from))
    }

    pub fn pick<T: Copy>(&mut self, among: &[T]) -> T {
        among[self.below(among.len())]
    }
}

/// What happens to a connection, by the bytes that the server has sent on it.
#[derive(Clone, Copy, Debug)]
pub enum Wire {
    Sound,
    /// It is closed as soon as it is open.
    Closed,
    /// Nothing of TLS is spoken.
    Plaintext,
    /// The server's certificate is of another authority.
    Untrusted,
    /// A bit of that byte is flipped.
    Flipped(usize),
    /// It is cut after so many bytes.
    Cut(usize),
    /// Neither side of it is heard any more after so many bytes.
    Stalled(usize),
}

/// What happens to one request and its response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Delay,
    /// It is not carried out, and the connection closed.
    Drop,
    /// It is carried out, and the connection closed.
    Lose,
    /// The connection is closed, and the request carried out some time later.
    Late,
    /// The connection is closed within the response.
    Truncate,
    /// A byte of the response's body is another one.
    Corrupt,
    /// The response has no CRC.
    WithoutCrc,
    /// A proxy's page of HTML; the request was carried out, or was not.
    Html {
        is_applied: bool,
    },
    /// DynamoDB's own error 500; the request was carried out, or was not.
    Failure {
        is_applied: bool,
    },
    /// It is throttled, and may be asked to wait for hours.
    Throttle {
        asks_for_hours: bool,
    },
    /// The keys are said to have expired.
    Expired,
    /// A whole success that nobody asked for follows the response.
    Planted,
    /// Bytes that are no HTTP come before the response.
    Garbage,
    /// It is carried out or not, and there is no response.
    Silence {
        is_applied: bool,
    },
    /// The response comes in small pieces.
    Drip,
}

const FAULTS: [Fault; 20] = [
    Fault::Delay,
    Fault::Delay,
    Fault::Drop,
    Fault::Lose,
    Fault::Late,
    Fault::Truncate,
    Fault::Corrupt,
    Fault::WithoutCrc,
    Fault::Html { is_applied: true },
    Fault::Html { is_applied: false },
    Fault::Failure { is_applied: true },
    Fault::Failure { is_applied: false },
    Fault::Throttle { asks_for_hours: true },
    Fault::Throttle { asks_for_hours: false },
    Fault::Expired,
    Fault::Planted,
    Fault::Garbage,
    Fault::Silence { is_applied: true },
    Fault::Silence { is_applied: false },
    Fault::Drip,
];

/// The dice of the surroundings, and the counts of what they came to.
pub struct Faults {
    dice: Mutex<Dice>,
    is_over: AtomicBool,
    /// Of requests, by the writer.
    met: Vec<AtomicU64>,
    /// Of connections, which may be any writer's.
    wire: AtomicU64,
    counts: Mutex<BTreeMap<String, u64>>,
}

impl Faults {
    pub fn new(seed: u64, writers: usize) -> Self {
        Self {
            dice: Mutex::new(Dice::new(seed)),
            is_over: AtomicBool::new(false),
            met: (0..writers).map(|_| AtomicU64::new(0)).collect(),
            wire: AtomicU64::new(0),
            counts: Mutex::default(),
        }
    }

    /// From now on nothing goes wrong.
    pub fn stop(&self) {
        self.is_over.store(true, Ordering::SeqCst);
    }

    pub fn roll<T>(&self, roll: impl FnOnce(&mut Dice) -> T) -> T {
        roll(&mut self.dice.lock().unwrap())
    }

    fn count(&self, fault: &dyn fmt::Debug) {
        *self.counts.lock().unwrap().entry(format!("{fault:?}")).or_default() += 1;
    }

    /// What happens to the next request, which is this writer's.
    pub fn of_request(&self, writer: Option<usize>) -> Option<Fault> {
        let fault = self.roll(|dice| dice.one_in(6).then(|| dice.pick(&FAULTS)))?;
        self.count(&fault);
        if let Some(met) = writer.and_then(|writer| self.met.get(writer)) {
            met.fetch_add(1, Ordering::SeqCst);
        }
        Some(fault)
    }

    /// What happens to the next connection.
    pub fn of_connection(&self) -> Wire {
        self.roll(|dice| match dice.below(40) {
            0 => Wire::Closed,
            1 => Wire::Plaintext,
            2 => Wire::Untrusted,
            3 | 4 => Wire::Flipped(dice.below(60_000)),
            5 | 6 => Wire::Cut(dice.below(60_000)),
            7 => Wire::Stalled(dice.below(60_000)),
            _ => Wire::Sound,
        })
    }

    /// Notes what happened to a connection before it carried a request.
    pub fn note(&self, what: &str) {
        self.count(&format_args!("connection: {what}"));
    }

    /// Notes what happened to a connection, and perhaps to what it carried.
    pub fn met_wire(&self, what: &str) {
        self.wire.fetch_add(1, Ordering::SeqCst);
        self.count(&format_args!("connection: {what}"));
    }

    /// How often a request of this writer, or a connection, met a fault.
    pub fn met(&self, writer: usize) -> u64 {
        self.met[writer].load(Ordering::SeqCst) + self.wire.load(Ordering::SeqCst)
    }

    /// What the resolver does: it answers, fails, or takes its time, up to more than a connection may.
    pub fn look_up(&self) -> io::Result<Vec<IpAddr>> {
        let pause = self.roll(|dice| match dice.below(60) {
            0 => Some(Err("fails")),
            1 => Some(Ok(dice.milliseconds(1500, 2500))),
            2..5 => Some(Ok(dice.milliseconds(5, 200))),
            _ => None,
        });
        match pause {
            Some(Err(what)) => {
                self.count(&format_args!("resolver: {what}"));
                return Err(io::Error::other("no name server answers"));
            }
            Some(Ok(pause)) => {
                self.count(&format_args!("resolver: is slow"));
                std::thread::sleep(pause);
            }
            None => {}
        }
        Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)])
    }

    /// What the source of credentials does: how long its keys are good for.
    pub async fn keys(&self) -> Result<Duration, io::Error> {
        let (pause, fails, life) = self.roll(|dice| {
            let pause = if dice.one_in(4) { dice.milliseconds(1, 2500) } else { Duration::ZERO };
            (pause, dice.one_in(6), dice.milliseconds(4000, 15_000))
        });
        if !pause.is_zero() {
            self.count(&format_args!("source of credentials: is slow"));
            tokio::time::sleep(pause).await;
        }
        if fails {
            self.count(&format_args!("source of credentials: fails"));
            return Err(io::Error::other("the source is down"));
        }
        Ok(life)
    }

    /// The faults of requests that never happened.
    pub fn unmet(&self) -> Vec<Fault> {
        let counts = self.counts.lock().unwrap();
        FAULTS.into_iter().filter(|fault| !counts.contains_key(&format!("{fault:?}"))).collect()
    }

    pub fn counts(&self) -> BTreeMap<String, u64> {
        self.counts.lock().unwrap().clone()
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Faults")
    }
}
