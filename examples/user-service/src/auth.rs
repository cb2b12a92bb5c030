//! Who calls, what for, and how often.

mod caller;
mod claims;
mod fetch;
mod issuer;
mod keys;
mod password;
mod rate;
mod scope;
mod source;
mod tokens;
mod verified;

pub use self::claims::Party;
pub use self::issuer::{Issuer, SigningKey, TokenRequest};
pub use self::rate::{Rate, RateKey};
pub use self::scope::{Scope, Scopes, UnknownScope};
pub use self::tokens::Tokens;

pub(crate) use self::caller::{Caller, authenticate};
pub(crate) use self::password::{Hasher, Password};
pub(crate) use self::rate::Rates;
