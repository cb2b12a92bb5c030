//! The derives of `dynamo-runtime`.
#![forbid(unsafe_code)]
