//! What DynamoDB would reject is an error before anything is sent.

use dynamo_runtime::Error;
use dynamo_runtime::prelude::*;

use super::{Address, Line, Parcel, address, engine, line};

fn change() -> dynamo_runtime::operation::Update<
    Parcel,
    dynamo_runtime::operation::HasCondition,
    dynamo_runtime::operation::ReturnNothing,
> {
    Parcel::update(Parcel::key("p")).if_exists()
}

/// Asserts that each gives an error of this path and with this text, and that nothing was sent.
macro_rules! refused {
    ($($operation:expr => $path:expr, $message:expr;)*) => {{
        let (client, engine) = engine().await;
        let before = engine.requests().len();
        $(
            let error: Error = $operation.send(&client).await.map(|_| ()).unwrap_err().into();
            assert!(error.is_invalid(), "{error}");
            assert_eq!(error.path(), $path, "{error}");
            let text = error.to_string();
            assert!(text.contains($message), "{text}");
        )*
        assert_eq!(engine.requests().len(), before);
    }};
}

#[tokio::test]
async fn paths_of_which_one_is_a_part_of_the_other() {
    let city = || Parcel::ADDRESS.then(Address::CITY);
    refused! {
        change().set(city(), "a").set(city(), "b")
            => Some("address.city"), "the update writes `address.city` twice";
        change().set(city(), "a").set(Parcel::ADDRESS, address("b"))
            => Some("address"), "writes `address` and `address.city`, and one is a part of the other";
        change().set(Parcel::LINES.at(0), line("a", 1)).remove(Parcel::LINES.at(0).then(Line::DISCOUNT))
            => Some("lines[0].discount"), "`lines[0].discount` and `lines[0]`";
        change().append(Parcel::GRID.at(1), [1]).add(Parcel::GRID.at(1).at(0), 1)
            => Some("grid[1][0]"), "`grid[1][0]` and `grid[1]`";
        change().set(Parcel::PRICES.entry("tea"), 1).remove(Parcel::PRICES.entry("tea"))
            => Some("prices.?"), "writes `prices.?` twice";
        change().insert(Parcel::ROLES, ["a"]).discard(Parcel::ROLES, ["b"])
            => Some("roles"), "the update writes `roles` twice";
    }
}

#[tokio::test]
async fn paths_that_no_item_has() {
    let deep = |levels: usize| "x".repeat(levels);
    refused! {
        change().set(Parcel::PRICES.entry(""), 1) => Some("prices.?"), "has 0 bytes";
        change().set(Parcel::PRICES.entry(deep(65_536)), 1) => Some("prices.?"), "has 65536 bytes";
        change().remove(Parcel::LINES.at(usize::MAX))
            => Some("lines[18446744073709551615]"), "no list in an item is as long";
        Parcel::delete(Parcel::key("p")).condition(Parcel::PRICES.entry("").eq(1))
            => Some("prices.?"), "has 0 bytes";
        Parcel::delete(Parcel::key("p")).condition(Parcel::GRID.at(0).at(1 << 20).not_exists())
            => Some("grid[0][1048576]"), "no list in an item is as long";
    }
}

#[tokio::test]
async fn operands_that_a_guard_would_vanish_with() {
    let city = || Parcel::ADDRESS.then(Address::CITY);
    let none: [&str; 0] = [];
    refused! {
        change().insert(Parcel::ROLES, none)
            => Some("roles"), "`insert` on `roles` was given no elements";
        change().discard(Parcel::MARKS, Vec::<u16>::new())
            => Some("marks"), "`discard` on `marks` was given no elements";
        Parcel::delete(Parcel::key("p")).condition(city().begins_with(""))
            => Some("address.city"), "the prefix for `address.city` is empty";
        Parcel::delete(Parcel::key("p")).condition(city().contains(""))
            => Some("address.city"), "is empty";
        Parcel::delete(Parcel::key("p")).condition(city().between("b", "a"))
            => Some("address.city"), "the bounds for `address.city` are reversed";
        Parcel::delete(Parcel::key("p")).condition(city().is_in(["a"; 100]))
            => Some("address.city"), "`is_in` on `address.city` was given 100 values";
    }
}
