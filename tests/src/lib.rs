//! The suites of the workspace; see `it/`, `ui.rs` and `hygiene.rs`.
