use dynamo_runtime::Condition;
use dynamo_runtime::prelude::*;

use super::{Address, Line, Parcel, stored};
use crate::engine::eventually;

/// Whether a scan with the filter finds the parcel.
async fn finds<K>(client: &SecureClient, condition: Condition<Parcel, K>) -> bool {
    let filtered = Parcel::scan().filter(condition).count(client).await;
    filtered.unwrap_or_else(|error| panic!("{error}: {:?}", error.service_message())) == 1
}

macro_rules! holds {
    ($($condition:expr => $expected:expr,)*) => {{
        let (client, _) = stored().await;
        $(assert_eq!(finds(&client, $condition).await, $expected, stringify!($condition));)*
    }};
}

#[tokio::test]
async fn an_attribute_of_a_document() {
    holds! {
        Parcel::ADDRESS.then(Address::CITY).eq("Vienna") => true,
        Parcel::ADDRESS.then(Address::CITY).eq("Graz") => false,
        Parcel::ADDRESS.then(Address::CITY).ne("Graz") => true,
        Parcel::ADDRESS.then(Address::CITY).begins_with("Vie") => true,
        Parcel::ADDRESS.then(Address::CITY).contains("enn") => true,
        Parcel::ADDRESS.then(Address::CITY).size().eq(6) => true,
        Parcel::ADDRESS.then(Address::CITY).is_in(["Graz", "Vienna"]) => true,
        Parcel::ADDRESS.then(Address::ZIP).eq("1010") => true,
        Parcel::ADDRESS.then(Address::ZIP).lt("1009") => false,
        Parcel::ADDRESS.then(Address::VISITS).between(249, 251) => true,
        Parcel::ADDRESS.then(Address::VISITS).gt(250) => false,
        Parcel::ADDRESS.then(Address::VISITS).ge(250) => true,
        Parcel::ADDRESS.then(Address::VISITS).le(249) => false,
        Parcel::ADDRESS.then(Address::LINES).at(1).eq("b") => true,
        Parcel::ADDRESS.then(Address::LINES).contains("b") => true,
        Parcel::ADDRESS.then(Address::LINES).size().lt(2) => false,
        Parcel::ADDRESS.then(Address::FLAGS).contains("new") => true,
        Parcel::ADDRESS.then(Address::FLAGS).contains("old") => false,
        Parcel::ADDRESS.eq(super::address("Vienna")) => true,
        Parcel::ADDRESS.size().eq(5) => true,
    }
}

#[tokio::test]
async fn through_an_option_a_box_an_arc_and_what_is_sensitive() {
    holds! {
        Parcel::BILLING.then(Address::CITY).eq("Vienna") => false,
        Parcel::BILLING.then(Address::CITY).ne("Vienna") => true,
        Parcel::BILLING.then(Address::CITY).exists() => false,
        Parcel::BILLING.then(Address::CITY).not_exists() => true,
        Parcel::CONTACT.then(Address::CITY).eq("Graz") => true,
        Parcel::CONTACT.then(Address::LINES).at(0).eq("a") => true,
        Parcel::LINES.at(1).then(Line::PRODUCT).eq("cake") => true,
        Parcel::LINES.at(1).then(Line::DISCOUNT).not_exists() => true,
    }
}

#[tokio::test]
async fn an_element_of_a_list_and_an_entry_of_a_map() {
    holds! {
        Parcel::LINES.at(2).eq(super::line("jam", 3)) => true,
        Parcel::LINES.at(3).exists() => false,
        Parcel::LINES.at(2).exists() => true,
        Parcel::GRID.at(1).at(0).eq(3) => true,
        Parcel::GRID.at(1).at(0).lt(3) => false,
        Parcel::CORNERS.at(1).eq(6) => true,
        Parcel::CORNERS.contains(5) => true,
        Parcel::CORNERS.contains(7) => false,
        Parcel::NAMES.at(0).eq("x") => true,
        Parcel::NAMES.at(1).exists() => true,
        Parcel::NAMES.contains(None) => true,
        Parcel::PRICES.entry("tea").eq(10) => true,
        Parcel::PRICES.entry("tea".to_owned()).gt(10) => false,
        Parcel::PRICES.entry("a.b").eq(20) => true,
        Parcel::PRICES.entry("a").exists() => false,
        Parcel::DAYS.entry("monday").at(0).then(Line::QUANTITY).eq(7) => true,
        Parcel::DAYS.entry("friday").at(0).then(Line::QUANTITY).exists() => false,
        Parcel::DAYS.entry("monday").size().eq(1) => true,
        Parcel::ROLES.contains("reader") => true,
        Parcel::ROLES.contains("writer") => false,
        Parcel::ROLES.size().eq(1) => true,
    }
}

#[tokio::test]
async fn a_path_is_used_more_than_once() {
    let city = Parcel::ADDRESS.then(Address::CITY);
    holds! {
        city.exists().and(city.ne("Graz")).and(!city.eq("Linz")) => true,
        city.clone().eq("Graz").or(city.size().gt(5)) => true,
    }
}

#[tokio::test]
async fn a_filter_on_a_path_touches_no_key_of_an_index() {
    let (client, parcel) = stored().await;
    let sent = || {
        let filter = Parcel::ADDRESS.then(Address::CITY).eq("Vienna");
        Parcel::by_status("sent").filter(filter)
    };
    eventually(vec![parcel], async || sent().page(&client).await.unwrap().items).await;
}
