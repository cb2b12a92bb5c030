//! Keys that are made of fields: several entities in one table, told apart by their keys.

mod indexes;
mod queries;
mod shop;
mod stored;
mod updates;
