include!("../../parcels.rs");

#[derive(Entity, Clone, Debug)]
#[dynamo(table = "letters")]
struct Letter {
    #[dynamo(partition_key)]
    letter_id: String,
    address: Address,
}

fn change(key: LetterKey) {
    let _ = Letter::update(key).set(Parcel::ADDRESS.then(Address::CITY), "Graz");
}

fn main() {}
