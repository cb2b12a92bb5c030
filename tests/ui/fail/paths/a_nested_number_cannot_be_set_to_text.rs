include!("../../parcels.rs");

fn change(key: ParcelKey, line: Line) {
    let _ = Parcel::update(key).set(Parcel::ADDRESS.then(Address::FLOORS), "four");
}

fn main() {}
