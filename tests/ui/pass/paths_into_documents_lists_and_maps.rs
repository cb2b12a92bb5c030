include!("../parcels.rs");

use dynamo_runtime::Condition;

fn changed(key: ParcelKey, prices: BTreeMap<String, u64>, quantities: Vec<u32>) {
    let mut update = Parcel::update(key).set(Parcel::ADDRESS.then(Address::ZIP), None);
    for (product, price) in prices {
        update = update.set(Parcel::PRICES.entry(product), price);
    }
    for (index, quantity) in quantities.into_iter().enumerate() {
        update = update.add(Parcel::LINES.at(index).then(Line::QUANTITY), quantity);
    }
    let _ = update.remove(Parcel::LINES.at(9)).insert(Parcel::ROLES, ["admin"]).if_exists();
}

fn is_home() -> Condition<Parcel> {
    let address = Parcel::ADDRESS;
    address.then(Address::IS_HOME).eq(true).and(address.then(Address::CITY).begins_with("G"))
}

fn main() {
    let _ = is_home();
    let _: fn(ParcelKey, BTreeMap<String, u64>, Vec<u32>) = changed;
}
