//! The compile-fail suite.

fn main() {}
