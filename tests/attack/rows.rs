//! The rows, by section.

mod ambient;
mod belonging;
mod certificates;
mod controls;
mod credentials;
mod handle;
mod injection;
mod profile;
mod proxies;
mod resources;
mod responses;
mod searches;
mod tls;
mod told;

pub use self::certificates::HOST;
use crate::row::Row;

pub fn all() -> Vec<Row> {
    [
        ambient::rows(),
        handle::rows(),
        tls::rows(),
        proxies::rows(),
        certificates::rows(),
        profile::rows(),
        responses::rows(),
        belonging::rows(),
        searches::rows(),
        controls::rows(),
        injection::rows(),
        told::rows(),
        credentials::rows(),
        resources::rows(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
