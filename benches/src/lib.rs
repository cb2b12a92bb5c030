//! What the library costs, measured beside the SDK and others on the same bytes.
//!
//! `docs/performance.md` has the method; `README.md` of this package the commands.

#![allow(clippy::cast_precision_loss, reason = "what is counted and timed is far from 2^53")]

pub mod allocations;
pub mod cases;
pub mod compare;
pub mod counts;
pub mod floats;
pub mod latency;
#[cfg(feature = "load")]
pub mod load;
pub mod measure;
pub mod peers;
pub mod programs;
pub mod sdk;
pub mod soak;
pub mod things;
pub mod wire;
