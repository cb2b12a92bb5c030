include!("../../notes.rs");

fn main() {
    use dynamo_runtime::operation::{Cosine, Distance, Euclidean};

    fn is_closer(one: Distance<Cosine>, other: Distance<Euclidean>) -> bool {
        one < other
    }
    let _ = is_closer;
}
