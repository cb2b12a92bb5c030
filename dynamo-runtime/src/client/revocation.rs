//! Which of the given revocation lists count: the newest of each issuer, whatever order they were given in.

use std::sync::Arc;

use rustls_pki_types::UnixTime;
use webpki::{CertRevocationList, OwnedCertRevocationList};

use super::certificate::der::{Der, INTEGER, SEQUENCE, constructed, primitive};
use super::certificate::{AUTHORITY_KEY_IDENTIFIER, Certificate, KeyUsage, extensions};
use super::error::BuildError;
use super::profile::{CertificateProfile, CertificateRule as Rule};
use crate::sha256::sha256;

const NUMBER: &[u8] = &[0x55, 0x1d, 20];
const DISTRIBUTION_POINT: &[u8] = &[0x55, 0x1d, 28];

/// One list, as its issuer, number and time tell it from others.
#[derive(Debug)]
pub(super) struct ParsedRevocationList {
    pub(super) list: CertRevocationList<'static>,
    /// The content of the issuer's name.
    pub(super) issuer: Vec<u8>,
    key: Option<Vec<u8>>,
    /// The part of the issuer's certificates that it is for.
    scope: Option<Vec<u8>>,
    /// Without leading zeros.
    number: Option<Vec<u8>>,
    is_number_critical: bool,
    pub(super) this_update: UnixTime,
    pub(super) next_update: UnixTime,
    pub(super) sha256: [u8; 32],
}

impl ParsedRevocationList {
    pub(super) fn parse(der: &[u8]) -> Option<Self> {
        let list = OwnedCertRevocationList::from_der(der).ok()?.into();
        let mut fields = Der::only(der, SEQUENCE)?.expect(SEQUENCE)?;
        fields.expect(INTEGER)?;
        fields.expect(SEQUENCE)?;
        let issuer = fields.expect(SEQUENCE)?.rest().to_vec();
        let (this_update, next_update) = (fields.time()?.at, fields.time()?.at);
        fields.optional(SEQUENCE)?;
        let extensions = extensions(fields.expect(constructed(0))?)?;
        fields.end()?;
        let find = |id: &[u8]| extensions.iter().find(|it| it.id == id);
        let key = find(AUTHORITY_KEY_IDENTIFIER);
        let number = find(NUMBER);
        let is_number_critical = number.is_some_and(|it| it.is_critical);
        let key = key.and_then(|it| {
            let key = Der::only(it.value, SEQUENCE)?.optional(primitive(0))??;
            Some(key.rest().to_vec())
        });
        let number = number.and_then(|it| {
            let digits = Der::new(it.value).integer()?;
            Some(digits.strip_prefix(&[0]).unwrap_or(digits).to_vec())
        });
        Some(Self {
            list,
            issuer,
            key,
            scope: find(DISTRIBUTION_POINT).map(|it| it.value.to_vec()),
            number,
            is_number_critical,
            this_update,
            next_update,
            sha256: sha256(der),
        })
    }

    /// Without leading zeros.
    pub(super) fn number(&self) -> Option<&[u8]> {
        self.number.as_deref()
    }

    fn is_of_the_series_of(&self, other: &Self) -> bool {
        self.issuer == other.issuer && self.key == other.key && self.scope == other.scope
    }

    /// Whether it replaces the other list of its series; nothing where they contradict each other.
    fn replaces(&self, other: &Self) -> Option<bool> {
        let age = self.this_update.cmp(&other.this_update);
        let number = match (&self.number, &other.number) {
            (Some(mine), Some(others)) => (mine.len(), mine).cmp(&(others.len(), others)),
            _ => age,
        };
        if number.is_eq() {
            return (self.sha256 == other.sha256).then_some(false);
        }
        // Lists that are issued in one second have one time and two numbers.
        (age.is_eq() || age == number).then_some(number.is_gt())
    }
}

/// The newest list of each series.
///
/// # Errors
/// Two of one series contradict each other, or the newest cannot be used at this time.
pub(super) fn newest(
    lists: &[Arc<ParsedRevocationList>],
    profile: &CertificateProfile,
    now: UnixTime,
) -> Result<Vec<Arc<ParsedRevocationList>>, BuildError> {
    let mut newest: Vec<Arc<ParsedRevocationList>> = Vec::new();
    for list in lists {
        let has_number = list.number.is_some() && !list.is_number_critical;
        if !has_number && !profile.tolerates(Rule::RevocationListNumber) {
            return Err(BuildError::trust(format!(
                "a revocation list has no number, or a critical one (rule `{}`)",
                Rule::RevocationListNumber,
            )));
        }
        match newest.iter_mut().find(|it| list.is_of_the_series_of(it)) {
            None => newest.push(list.clone()),
            Some(other) => match list.replaces(other) {
                Some(true) => *other = list.clone(),
                Some(false) => {}
                None => {
                    return Err(BuildError::trust(
                        "two revocation lists of one issuer contradict each other: the one of the higher number is the older, or two have one number",
                    ));
                }
            },
        }
    }
    // webpki takes the first that is about a certificate, so the order must not be that of the caller.
    newest.sort_by(|left, right| {
        (&left.issuer, &left.scope, &left.key).cmp(&(&right.issuer, &right.scope, &right.key))
    });
    for list in &newest {
        if now < list.this_update {
            return Err(BuildError::trust("a revocation list is not valid yet"));
        }
        if list.next_update <= now {
            return Err(BuildError::trust("a revocation list has expired: give the current one"));
        }
    }
    Ok(newest)
}

/// Whether the issuer of a list says that it may sign lists, or says nothing.
pub(super) fn may_sign_lists(issuer: &Certificate<'_>) -> bool {
    issuer.key_usage().is_none_or(|it| it.is_ok_and(|it| it.has(KeyUsage::CRL_SIGN)))
}

#[cfg(test)]
mod tests {
    use rcgen::{
        BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer,
        IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose, SerialNumber, date_time_ymd,
    };

    use super::*;

    type Issuer = CertifiedIssuer<'static, KeyPair>;

    fn issuer() -> Issuer {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
    }

    fn list(issuer: &Issuer, number: u64, year: i32, next: i32) -> Arc<ParsedRevocationList> {
        let list = CertificateRevocationListParams {
            this_update: date_time_ymd(year, 1, 1),
            next_update: date_time_ymd(next, 1, 1),
            crl_number: SerialNumber::from(number),
            issuing_distribution_point: None,
            revoked_certs: Vec::new(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let list = list.signed_by(issuer).unwrap();
        Arc::new(ParsedRevocationList::parse(list.der()).unwrap())
    }

    fn chosen(lists: &[Arc<ParsedRevocationList>]) -> Result<Vec<[u8; 32]>, String> {
        let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(1_700_000_000));
        let newest = newest(lists, &CertificateProfile::standard(), now);
        newest.map(|all| all.iter().map(|it| it.sha256).collect()).map_err(|it| it.to_string())
    }

    #[test]
    fn the_newest_list_counts_in_any_order() {
        let issuer = issuer();
        let [old, middle, new] = [(9, 2020), (10, 2021), (300, 2022)]
            .map(|(number, year)| list(&issuer, number, year, 2100));
        let [a, b, c] = [&old, &middle, &new];
        for order in [[a, b, c], [c, b, a], [b, c, a], [a, c, b], [b, a, c], [c, a, b]] {
            assert_eq!(chosen(&order.map(Clone::clone)), Ok(vec![new.sha256]));
        }
        // One that is given twice is given once.
        assert_eq!(chosen(&[new.clone(), new.clone()]), Ok(vec![new.sha256]));
    }

    #[test]
    fn lists_of_two_keys_of_one_name_are_two_series() {
        let lists = [list(&issuer(), 1, 2020, 2100), list(&issuer(), 1, 2021, 2100)];
        let found = chosen(&lists).unwrap();
        assert_eq!(found.len(), 2);
        let [first, second] = lists;
        assert_eq!(chosen(&[second, first]).unwrap(), found);
    }

    #[test]
    fn lists_that_contradict_each_other_are_refused() {
        let issuer = issuer();
        let right = list(&issuer, 2, 2020, 2100);
        for wrong in [list(&issuer, 2, 2021, 2100), list(&issuer, 3, 2019, 2100)] {
            for order in [[right.clone(), wrong.clone()], [wrong, right.clone()]] {
                assert!(chosen(&order).unwrap_err().contains("contradict"));
            }
        }
        assert!(chosen(&[right, list(&issuer, 3, 2020, 2100)]).is_ok());
    }

    #[test]
    fn only_the_newest_must_be_current() {
        let issuer = issuer();
        let [expired, later] = [list(&issuer, 1, 2020, 2021), list(&issuer, 3, 2090, 2100)];
        let current = list(&issuer, 2, 2021, 2100);
        assert!(chosen(std::slice::from_ref(&expired)).unwrap_err().contains("expired"));
        assert!(chosen(&[later, current.clone()]).unwrap_err().contains("not valid yet"));
        assert_eq!(chosen(&[expired, current.clone()]), Ok(vec![current.sha256]));
    }

    #[test]
    fn a_list_is_told_from_others_by_its_number() {
        let issuer = issuer();
        let with = Arc::into_inner(list(&issuer, 1, 2020, 2100)).unwrap();
        let without = Arc::new(ParsedRevocationList { number: None, ..with });
        assert!(
            chosen(std::slice::from_ref(&without)).unwrap_err().contains("revocation-list-number")
        );
        let lax = CertificateProfile::standard().tolerating(Rule::RevocationListNumber);
        let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(1_700_000_000));
        assert_eq!(newest(&[without], &lax, now).unwrap().len(), 1);
    }
}
