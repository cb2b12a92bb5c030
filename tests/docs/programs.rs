//! The chapters of the book, the README and the reference as the programs that they are.

#![allow(
    dead_code,
    unused_variables,
    clippy::pedantic,
    reason = "a text is not a program's source"
)]

include!(concat!(env!("OUT_DIR"), "/programs.rs"));
