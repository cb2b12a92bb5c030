include!("../../parcels.rs");

fn change(key: ParcelKey, line: Line) {
    let _ = Parcel::update(key).insert(Parcel::ADDRESS.then(Address::FLAGS), ["new"]);
}

fn main() {}
