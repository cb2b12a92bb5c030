use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "profiles")]
struct Profile {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(serde)]
    pause: std::time::Duration,
    #[dynamo(serde)]
    text: String,
}

fn main() {
    let second = std::time::Duration::from_secs(1);
    let _ = Profile::PAUSE.lt(second);
    let _ = Profile::TEXT.begins_with("a");
    let _ = Profile::TEXT.size();
    let _ = Profile::update(Profile::key("p")).add(Profile::PAUSE, second);
}
