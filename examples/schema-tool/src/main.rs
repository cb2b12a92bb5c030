//! The tables of a shop from its entities. To have the same for a program of your own, copy this
//! folder, and name your entities and what your tables have besides here.

mod arguments;
mod connect;
mod shop;
mod tool;

use std::process::ExitCode;

use dynamo_runtime::tables::{Samples, Schema, TableSettings};

use shop::{Order, ShopItem, example};

#[tokio::main]
async fn main() -> ExitCode {
    let settings = TableSettings::new().point_in_time_recovery(35).tag("service", "shop");
    let schema = match Schema::of::<ShopItem>() {
        Ok(schema) => schema.settings::<Order>(settings),
        Err(error) => return tool::failed(&error),
    };
    let samples = example().into_iter().try_fold(Samples::new(), shop::sample);
    match samples {
        Ok(samples) => tool::run::<ShopItem, Order>("Shop", schema, samples).await,
        Err(error) => tool::failed(&error),
    }
}
