//! What the documents say, run and compared with the code.
#![cfg(test)]

mod attributes;
mod compared;
mod documents;
mod links;
mod names;
mod programs;
mod published;
