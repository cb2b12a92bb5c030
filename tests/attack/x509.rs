//! Certificates, revocation lists and stapled responses, written by hand so that each byte of them can be wrong.

mod chain;
mod der;
mod list;
mod staple;

pub use self::chain::{Chain, Draft, name};
pub use self::der::{
    bits, bytes, constructed, flag, generalized, integer, oid, primitive, sequence, utc,
};
pub use self::list::List;
pub use self::staple::{Part, Signer, Staple, Status, unknown_extension};

/// `2.5.29.n`.
pub const fn x509(number: u64) -> [u64; 4] {
    [2, 5, 29, number]
}

pub const SUBJECT_KEY: [u64; 4] = x509(14);
pub const KEY_USAGE: [u64; 4] = x509(15);
pub const ALTERNATIVE_NAMES: [u64; 4] = x509(17);
pub const BASIC_CONSTRAINTS: [u64; 4] = x509(19);
pub const NAME_CONSTRAINTS: [u64; 4] = x509(30);
pub const POLICIES: [u64; 4] = x509(32);
pub const POLICY_MAPPINGS: [u64; 4] = x509(33);
pub const AUTHORITY_KEY: [u64; 4] = x509(35);
pub const POLICY_CONSTRAINTS: [u64; 4] = x509(36);
pub const PURPOSES: [u64; 4] = x509(37);
pub const INHIBIT_ANY_POLICY: [u64; 4] = x509(54);
pub const AUTHORITY_INFORMATION: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 1, 1];
pub const TLS_FEATURE: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 1, 24];

/// `1.3.6.1.5.5.7.3.n`: of servers, clients, code, mail, time stamps and status responses.
pub const fn purpose(number: u64) -> [u64; 9] {
    [1, 3, 6, 1, 5, 5, 7, 3, number]
}
