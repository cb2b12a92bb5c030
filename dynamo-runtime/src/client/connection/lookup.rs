//! Host names to addresses: one lookup of each host at a time, shared by all that wait for it.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;

use tokio::sync::watch;

/// Looks host names up, each on a thread of its own.
///
/// Not on the blocking threads of the runtime: a resolver that swallows queries would take one for each connection that
/// is opened, and the runtime could not end before the last of them.
pub(in crate::client) struct Resolver {
    resolve: Box<Resolve>,
    under_way: Mutex<HashMap<String, watch::Receiver<Option<LookupResult>>>>,
}

/// Gives the addresses of a host, with whatever port. It may block.
type Resolve = dyn Fn(&str) -> io::Result<Vec<SocketAddr>> + Send + Sync;

/// What a lookup found; an I/O error cannot be cloned.
type LookupResult = Result<Arc<[SocketAddr]>, Arc<io::Error>>;

impl Resolver {
    /// The system's resolver, with one lookup of each host for all clients of the process.
    pub(in crate::client) fn system() -> Arc<Self> {
        static SYSTEM: LazyLock<Arc<Resolver>> =
            LazyLock::new(|| Resolver::new(|host| Ok((host, 0).to_socket_addrs()?.collect())));
        SYSTEM.clone()
    }

    pub(in crate::client) fn new(
        resolve: impl Fn(&str) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self { resolve: Box::new(resolve), under_way: Mutex::default() })
    }

    /// The addresses of a host, with this port. Who stops waiting does not stop the lookup, and what it found is not
    /// kept for a later one.
    pub(super) async fn addresses(
        self: &Arc<Self>,
        host: &str,
        port: u16,
    ) -> io::Result<Vec<SocketAddr>> {
        let mut lookup = self.join(host);
        let found = match lookup.wait_for(Option::is_some).await {
            Ok(found) => found.clone(),
            Err(_) => None,
        };
        match found.unwrap_or_else(|| Err(Arc::new(abandoned()))) {
            Ok(addresses) => Ok(addresses
                .iter()
                .map(|address| {
                    let mut address = *address;
                    address.set_port(port);
                    address
                })
                .collect()),
            Err(error) => Err(io::Error::new(error.kind(), error.to_string())),
        }
    }

    /// The lookup of this host that is under way; begins one where there is none.
    fn join(self: &Arc<Self>, host: &str) -> watch::Receiver<Option<LookupResult>> {
        let mut under_way = self.under_way();
        if let Some(lookup) = under_way.get(host) {
            return lookup.clone();
        }
        let (told, lookup) = watch::channel(None);
        under_way.insert(host.to_owned(), lookup.clone());
        drop(under_way);
        let begun = Lookup { resolver: self.clone(), host: host.to_owned(), found: None, told };
        // Without a thread the lookup is dropped, which ends it.
        drop(thread::Builder::new().name("dynamo-dns".to_owned()).spawn(move || begun.run()));
        lookup
    }

    fn under_way(&self) -> MutexGuard<'_, HashMap<String, watch::Receiver<Option<LookupResult>>>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resolver(..)")
    }
}

/// One lookup, which ends when it is dropped.
struct Lookup {
    resolver: Arc<Resolver>,
    host: String,
    found: Option<LookupResult>,
    told: watch::Sender<Option<LookupResult>>,
}

impl Lookup {
    fn run(mut self) {
        let found = (self.resolver.resolve)(&self.host);
        self.found = Some(found.map(Into::into).map_err(Arc::new));
    }
}

impl Drop for Lookup {
    /// Also after a panic of the resolver.
    fn drop(&mut self) {
        let found = self.found.take().unwrap_or_else(|| Err(Arc::new(abandoned())));
        // Before it is told: whoever comes after that looks the host up anew.
        self.resolver.under_way().remove(&self.host);
        self.told.send_replace(Some(found));
    }
}

fn abandoned() -> io::Error {
    io::Error::other("the lookup of the host ended without a result")
}

#[cfg(test)]
pub(in crate::client) mod tests {
    use std::sync::Condvar;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    /// A resolver that answers no query before it is told to.
    #[derive(Default)]
    pub(in crate::client) struct Silent {
        hosts: Mutex<Vec<String>>,
        is_over: Mutex<bool>,
        over: Condvar,
    }

    impl Silent {
        pub(in crate::client) fn resolver(self: &Arc<Self>) -> Arc<Resolver> {
            let silent = self.clone();
            Resolver::new(move |host| {
                silent.hosts.lock().unwrap().push(host.to_owned());
                let is_over = silent.is_over.lock().unwrap();
                drop(silent.over.wait_while(is_over, |is_over| !*is_over).unwrap());
                Ok(vec![SocketAddr::from(([127, 0, 0, 1], 0))])
            })
        }

        /// The hosts that it was asked for, once for each lookup.
        pub(in crate::client) fn hosts(&self) -> Vec<String> {
            self.hosts.lock().unwrap().clone()
        }

        pub(in crate::client) fn answer(&self) {
            *self.is_over.lock().unwrap() = true;
            self.over.notify_all();
        }
    }

    /// Waits until the lookup's thread has begun.
    async fn asked(silent: &Silent, times: usize) {
        while silent.hosts().len() < times {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn all_that_wait_for_a_host_share_one_lookup() {
        let silent = Arc::new(Silent::default());
        let resolver = silent.resolver();
        let lookup = |port| {
            let resolver = resolver.clone();
            tokio::spawn(async move { resolver.addresses("a.example", port).await })
        };
        let given_up: Vec<_> = (0..100).map(|_| lookup(1)).collect();
        asked(&silent, 1).await;
        let waiting: Vec<_> = (0..100).map(lookup).collect();
        tokio::task::yield_now().await;
        for lookup in given_up {
            lookup.abort();
            assert!(lookup.await.unwrap_err().is_cancelled());
        }
        silent.answer();
        for (port, lookup) in (0..).zip(waiting) {
            let found = lookup.await.unwrap().unwrap();
            assert_eq!(found, [SocketAddr::from(([127, 0, 0, 1], port))]);
        }
        assert_eq!(silent.hosts(), ["a.example"]);
        resolver.addresses("a.example", 1).await.unwrap();
        assert_eq!(silent.hosts().len(), 2, "what was found is not kept");
        assert!(resolver.under_way().is_empty());
    }

    #[tokio::test]
    async fn a_lookup_without_an_end_holds_up_no_other_host() {
        let silent = Arc::new(Silent::default());
        let (asked_for, resolver) = (silent.clone(), silent.resolver());
        let both = Resolver::new(move |host| match host {
            "a.example" => (resolver.resolve)(host),
            _ => Ok(vec![SocketAddr::from(([127, 0, 0, 2], 0))]),
        });
        for _ in 0..10 {
            let lookup = both.addresses("a.example", 1);
            tokio::time::timeout(Duration::from_millis(1), lookup).await.unwrap_err();
        }
        assert_eq!(both.addresses("b.example", 1).await.unwrap().len(), 1);
        asked(&asked_for, 1).await;
        assert_eq!(asked_for.hosts(), ["a.example"]);
        asked_for.answer();
        // Either the same lookup, or one more after its end.
        both.addresses("a.example", 1).await.unwrap();
    }

    #[tokio::test]
    async fn a_failure_is_told_to_all_that_wait_and_not_kept() {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = asked.clone();
        let resolver = Resolver::new(move |_| match count.fetch_add(1, Ordering::SeqCst) {
            0 => Err(io::Error::new(io::ErrorKind::NotFound, "no such host")),
            1 => panic!("a resolver that panics"),
            _ => Ok(Vec::new()),
        });
        let error = resolver.addresses("a.example", 1).await.unwrap_err();
        assert_eq!((error.kind(), &*error.to_string()), (io::ErrorKind::NotFound, "no such host"));
        let error = resolver.addresses("a.example", 1).await.unwrap_err();
        assert_eq!(error.to_string(), "the lookup of the host ended without a result");
        assert_eq!(resolver.addresses("a.example", 1).await.unwrap(), []);
        assert_eq!(asked.load(Ordering::SeqCst), 3);
    }
}
