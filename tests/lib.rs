//! The README, whose programs are run as tests of this package.
//!
//! ---
#![doc = include_str!("../README.md")]
