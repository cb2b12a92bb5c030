//! What the documents say, run and compared with the code.
#![cfg(test)]

mod attributes;
mod compared;
mod documents;
mod links;
mod programs;
mod published;
