//! Other libraries, as their users write them.

pub mod modyne;
