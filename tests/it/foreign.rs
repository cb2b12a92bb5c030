//! What another program stored: read right, or refused.

mod discriminants;
mod keys;
mod nulls;
mod numbers;
mod sdk_items;
mod times;
mod tokens;
mod values;
mod versions;
