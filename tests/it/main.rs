//! The integration suite: every operation against a real engine, over the real TLS path.

#![allow(missing_docs, unreachable_pub)]
#![allow(clippy::reversed_empty_ranges, reason = "they are refused, which is tested")]

mod audit;
mod batches;
mod by_hand;
mod capacity;
mod codec_agrees_with_sdk;
mod collections;
mod conditions;
mod create_get_delete;
mod cursors;
mod documents;
mod engine;
mod entities;
mod events;
mod evolution;
mod expiry;
mod hardening;
mod index_projections;
mod injection;
mod invalid_requests;
mod local_engine;
mod lost_responses;
mod modify;
mod native_keys;
mod operations;
mod parallel_scans;
mod paths;
mod projections;
mod published;
mod put_replace;
mod queries;
mod rules_of_expressions;
mod service_errors;
mod shared_tables;
mod sources_of_the_sdk;
mod strange_items;
mod streams;
mod templates;
mod transactions;
mod types;
mod updates;
mod upserts;
