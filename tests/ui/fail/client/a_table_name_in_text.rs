include!("../../entities.rs");

fn main() {
    let _ = SecureClient::builder().region(Region::US_EAST_1).table::<User>("prod-users");
}
