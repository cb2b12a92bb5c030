//! What retries are paid from, so that a service in trouble is not asked several times as often.
//!
//! The costs are those of the SDK's retries of version 2.1. There a call that fails leaves what its last retry cost to
//! the next call that succeeds, and of two calls that retry at once one loses it; here each call gets back its own.

use std::sync::atomic::{AtomicU32, Ordering};

use aws_smithy_types::retry::ErrorKind;

const CAPACITY: u32 = 500;
const COST: u32 = 14;
const COST_WHERE_THROTTLED: u32 = 5;

/// How many tokens are left.
pub(super) struct Quota(AtomicU32);

/// What a call has paid for its last retry, if it has made one.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct RetryPayment(Option<u32>);

impl Quota {
    /// Pays for a retry, where enough is left.
    pub(super) fn pay(&self, kind: ErrorKind) -> Option<RetryPayment> {
        let cost = if kind == ErrorKind::ThrottlingError { COST_WHERE_THROTTLED } else { COST };
        let paid = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(cost));
        paid.ok().map(|_| RetryPayment(Some(cost)))
    }

    /// Gives back to a call that succeeded what its last retry cost, and a token where it needed none.
    pub(super) fn succeeded(&self, RetryPayment(paid): RetryPayment) {
        // So it is nearly always, and then nothing is written that other threads share.
        if self.0.load(Ordering::Relaxed) == CAPACITY {
            return;
        }
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
            Some(left.saturating_add(paid.unwrap_or(1)).min(CAPACITY))
        });
    }
}

impl Default for Quota {
    fn default() -> Self {
        Self(AtomicU32::new(CAPACITY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Quota {
        fn left(&self) -> u32 {
            self.0.load(Ordering::Relaxed)
        }
    }

    #[test]
    fn a_retry_costs_less_where_the_service_throttles() {
        for (kind, cost) in [
            (ErrorKind::ThrottlingError, 5),
            (ErrorKind::TransientError, 14),
            (ErrorKind::ServerError, 14),
            (ErrorKind::ClientError, 14),
        ] {
            let quota = Quota::default();
            assert_eq!(quota.pay(kind), Some(RetryPayment(Some(cost))));
            assert_eq!(quota.left(), 500 - cost);
        }
    }

    #[test]
    fn what_is_not_there_is_not_paid() {
        let quota = Quota::default();
        for _ in 0..35 {
            assert!(quota.pay(ErrorKind::TransientError).is_some());
        }
        assert_eq!((quota.pay(ErrorKind::TransientError), quota.left()), (None, 10));
        assert!(quota.pay(ErrorKind::ThrottlingError).is_some(), "of this there is enough");
        assert!(quota.pay(ErrorKind::ThrottlingError).is_some());
        assert_eq!((quota.pay(ErrorKind::ThrottlingError), quota.left()), (None, 0));
    }

    #[test]
    fn a_success_gives_back_its_own_last_retry_or_a_token() {
        let quota = Quota::default();
        // The call made another one.
        let _first = quota.pay(ErrorKind::TransientError).unwrap();
        let last = quota.pay(ErrorKind::ThrottlingError).unwrap();
        quota.succeeded(last);
        assert_eq!(quota.left(), 486);
        quota.succeeded(RetryPayment::default());
        assert_eq!(quota.left(), 487);
    }

    #[test]
    fn there_is_never_more_than_at_the_beginning() {
        let quota = Quota::default();
        quota.succeeded(RetryPayment::default());
        assert_eq!(quota.left(), 500);
        let paid = quota.pay(ErrorKind::TransientError).unwrap();
        for _ in 0..20 {
            quota.succeeded(RetryPayment::default());
        }
        assert_eq!(quota.left(), 500);
        quota.pay(ErrorKind::ThrottlingError).unwrap();
        quota.succeeded(paid);
        assert_eq!(quota.left(), 500);
    }

    #[test]
    fn threads_pay_no_token_twice() {
        let quota = Quota::default();
        let pay = || (0..100).filter(|_| quota.pay(ErrorKind::ThrottlingError).is_some()).count();
        let paid: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(pay)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!((paid, quota.left()), (100, 0));
    }
}
