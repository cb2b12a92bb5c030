// A field of which only serde knows the form is set, compared and removed as any other.

use std::net::IpAddr;
use std::time::Duration;

use dynamo_runtime::prelude::*;

#[derive(serde::Serialize, serde::Deserialize, Clone, Debug, PartialEq)]
enum Theme {
    Light,
    Dark,
}

#[derive(Entity, Clone, Debug)]
#[dynamo(table = "profiles", rename_all = "camelCase")]
struct Profile {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(serde)]
    theme: Theme,
    #[dynamo(serde, default, rename = "wait")]
    pause: Duration,
    #[dynamo(serde)]
    last_address: Option<IpAddr>,
}

fn main() {
    let address = IpAddr::from([127, 0, 0, 1]);
    let condition = Profile::THEME
        .is_in([Theme::Light, Theme::Dark])
        .and(Profile::PAUSE.eq(Duration::ZERO))
        .and(Profile::LAST_ADDRESS.ne(address))
        .and(Profile::LAST_ADDRESS.exists());
    let _ = Profile::update(Profile::key("p"))
        .set(Profile::THEME, &Theme::Dark)
        .set(Profile::LAST_ADDRESS, address)
        .condition(condition);
    let _ = Profile::update(Profile::key("p"))
        .remove(Profile::PAUSE)
        .remove(Profile::LAST_ADDRESS)
        .if_exists();
}
