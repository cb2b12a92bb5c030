//! What of the trust will expire, told before it does.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use rustls_pki_types::UnixTime;

use super::audit::{Auditor, TrustedItem};
use super::certificate::Certificate;
use super::trust::Trust;

const DAY: u64 = 24 * 60 * 60;
const NOTICE: u64 = 30 * DAY;

/// The ends of what is trusted.
#[derive(Debug)]
pub(super) struct ExpiryWatch {
    items: Vec<Item>,
    /// The second since 1970 in which was last looked.
    looked_at: AtomicU64,
}

#[derive(Debug)]
struct Item {
    kind: TrustedItem,
    sha256: [u8; 32],
    /// Seconds since 1970.
    told_from: u64,
    until: u64,
}

impl Item {
    /// Told of in the last quarter of its time, and for thirty days at most.
    fn new(kind: TrustedItem, sha256: [u8; 32], since: Option<u64>, until: u64) -> Self {
        let quarter = since.map_or(NOTICE, |since| until.saturating_sub(since) / 4);
        Self { kind, sha256, told_from: until.saturating_sub(quarter.min(NOTICE)), until }
    }
}

impl ExpiryWatch {
    /// Looks at all at once, and then once a day.
    pub(super) fn new(trust: &Trust, now: UnixTime, auditor: &Auditor) -> Self {
        let roots = trust.roots().iter().filter_map(|der| {
            let root = Certificate::parse(der)?;
            let sha256 = super::certificate::public_key_sha256(der).ok()?;
            let (since, until) = (root.not_before.at.as_secs(), root.not_after.at.as_secs());
            Some(Item::new(TrustedItem::Root, sha256, Some(since), until))
        });
        let pins = trust.pins().iter().filter_map(|pin| {
            let until = seconds(pin.until?);
            Some(Item::new(TrustedItem::Pin, pin.sha256, None, until))
        });
        let lists = trust.revocations().iter().map(|list| {
            let (since, until) = (list.this_update.as_secs(), list.next_update.as_secs());
            Item::new(TrustedItem::RevocationList, list.sha256, Some(since), until)
        });
        let items = roots.chain(pins).chain(lists).collect();
        let watch = Self { items, looked_at: AtomicU64::new(0) };
        watch.look(now, auditor);
        watch
    }

    /// Tells of each thing that expires soon, or has; of nothing where that was done in the last day.
    pub(super) fn look(&self, now: UnixTime, auditor: &Auditor) {
        let now = now.as_secs();
        let last = self.looked_at.load(Ordering::Relaxed);
        let is_due = last == 0 || now.abs_diff(last) >= DAY;
        let is_mine = is_due
            && self
                .looked_at
                .compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        if is_mine {
            for item in self.items.iter().filter(|item| now >= item.told_from) {
                let expires = SystemTime::UNIX_EPOCH + Duration::from_secs(item.until);
                auditor.trust_expiring(item.kind, item.sha256, expires);
            }
        }
    }
}

/// The whole seconds from 1970 to a time.
pub(super) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |it| it.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::audit::{AuditEvent, AuditLog};

    fn at(seconds: u64) -> UnixTime {
        UnixTime::since_unix_epoch(Duration::from_secs(seconds))
    }

    #[test]
    fn what_expires_is_told_of_once_a_day_from_thirty_days_before() {
        let (log, end) = (AuditLog::default(), 1000 * DAY);
        let auditor = Auditor::new(log.clone());
        let end_time = SystemTime::UNIX_EPOCH + Duration::from_secs(end);
        let trust = Trust::amazon().pin_spki([7; 32]).pin_spki_until([8; 32], end_time);
        let watch = ExpiryWatch::new(&trust, at(end - 30 * DAY - 1), &auditor);
        assert_eq!(log.take(), []);
        watch.look(at(end - 30 * DAY), &auditor);
        assert_eq!(log.take(), []);
        let told = AuditEvent::TrustExpiring {
            item: TrustedItem::Pin,
            sha256: [8; 32],
            expires: end_time,
        };
        for (now, events) in [
            (end - 29 * DAY - 1, vec![told.clone()]),
            (end - 28 * DAY - 2, vec![]),
            (end - 28 * DAY - 1, vec![told.clone()]),
            (end + DAY, vec![told]),
        ] {
            watch.look(at(now), &auditor);
            assert_eq!(log.take(), events, "{now}");
        }
    }

    #[test]
    fn what_is_made_for_a_week_is_told_of_in_its_last_quarter() {
        let item = Item::new(TrustedItem::RevocationList, [0; 32], Some(100 * DAY), 108 * DAY);
        assert_eq!(item.told_from, 106 * DAY);
    }
}
