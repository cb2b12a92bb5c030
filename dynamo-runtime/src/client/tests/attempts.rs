//! What the attempts of one call have in common, and what each has of its own.

use super::server::{Act, Server, ServerIdentity, failure};
use super::*;

/// The value of a header in each request that arrived.
fn each(server: &Server, name: &str) -> Vec<String> {
    let prefix = format!("{name}: ");
    let of_request = |request: &String| {
        let mut values = request.lines().filter_map(|line| line.strip_prefix(prefix.as_str()));
        let value = values.next().unwrap().to_owned();
        assert_eq!(values.next(), None, "{name}");
        value
    };
    server.requests().iter().map(of_request).collect()
}

#[tokio::test]
async fn attempts_are_numbered_and_belong_to_one_call() {
    let again = || Act::Answer(failure(500, "InternalServerError"));
    let server = Server::start(ServerIdentity::good(), vec![again(), again()]).await;
    let client = client(&server);
    for _ in 0..2 {
        send(&client, Replay::Harmless).await.unwrap();
    }
    let marks = each(&server, "amz-sdk-request");
    let expected = ["attempt=1; max=3", "attempt=2; max=3", "attempt=3; max=3", "attempt=1; max=3"];
    assert_eq!(marks, expected);
    let ids = each(&server, "amz-sdk-invocation-id");
    assert!(ids[..3].iter().all(|id| *id == ids[0]) && ids[3] != ids[0], "{ids:?}");
    for id in ids {
        let is_hyphen = |at| [8, 13, 18, 23].contains(&at);
        let is_uuid = id.len() == 36
            && id.char_indices().all(|(at, digit)| match at {
                14 => digit == '4',
                19 => "89ab".contains(digit),
                at if is_hyphen(at) => digit == '-',
                _ => digit.is_ascii_hexdigit() && !digit.is_ascii_uppercase(),
            });
        assert!(is_uuid, "{id}");
    }
    for name in ["user-agent", "x-amz-user-agent"] {
        for agent in each(&server, name) {
            assert!(agent.starts_with("aws-sdk-rust/"), "{agent}");
            let version = aws_sdk_dynamodb::meta::PKG_VERSION;
            assert!(agent.contains(&format!(" api/dynamodb/{version} ")), "{agent}");
        }
    }
}
