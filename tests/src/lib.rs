//! The suites of the workspace; see `it/` and `ui.rs`.
