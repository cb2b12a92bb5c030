//! The rows, by section.

mod ambient;
mod certificates;
mod controls;
mod handle;
mod responses;
mod tls;

use crate::row::Row;

pub fn all() -> Vec<Row> {
    [
        ambient::rows(),
        handle::rows(),
        tls::rows(),
        certificates::rows(),
        responses::rows(),
        controls::rows(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
