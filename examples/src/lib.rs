//! The examples are in `examples/`; see `README.md`.
