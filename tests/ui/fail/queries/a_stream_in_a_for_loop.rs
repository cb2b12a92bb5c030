include!("../../entities.rs");

fn read(client: &SecureClient) {
    for order in Order::query(CustomerId("c".to_owned())).items(client) {
        let _ = order;
    }
}

fn main() {}
