//! Who gives keys is waited for and listened to up to a limit, and asked again for what passes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::net::{TcpSocket, TcpStream};
use tokio::time::Instant;

use super::servers::{answer, answer_of, plain, sts_error};
use super::*;
use crate::client::connection::Resolver;

fn container() -> Fake {
    Fake::new([("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")])
}

#[tokio::test]
async fn an_answer_without_an_end_is_cut() {
    const LIMIT: usize = 64 << 10;
    for (size, is_read) in [(LIMIT, true), (LIMIT + 1, false)] {
        let (link_local, asked) = plain(move |_| {
            let mut body = br#"{"AccessKeyId":"A","SecretAccessKey":"s","Token":"t","Expiration":"2126-01-01T00:00:00Z"}"#.to_vec();
            body.resize(size, b' ');
            Some(answer(&[], &body))
        })
        .await;
        let keys = keys_of(Credentials::ecs(), &to(link_local), &container()).await;
        assert_eq!(keys.is_ok(), is_read, "{keys:?}");
        assert_eq!(asked.lock().unwrap().len(), 1, "another attempt fares no better");
    }
}

#[tokio::test]
async fn an_answer_that_ends_too_early_is_none() {
    let (link_local, asked) = plain(|_| {
        let mut bytes = keys_in_json("s", "t");
        bytes.truncate(bytes.len() - 1);
        Some(bytes)
    })
    .await;
    let error = keys_of(Credentials::ecs(), &to(link_local), &container()).await.unwrap_err();
    assert!(all_of(&error).contains("Broken("), "{error:?}");
    assert_eq!(asked.lock().unwrap().len(), 3, "the next one may be whole");
}

#[tokio::test]
async fn a_server_that_holds_its_tongue_is_not_waited_for() {
    let (link_local, asked) = plain(|_| None).await;
    let ways = to(link_local);
    let waiting = tokio::spawn(async move {
        let begun = Instant::now();
        (keys_of(Credentials::ecs(), &ways, &container()).await, begun.elapsed())
    });
    while asked.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    tokio::time::pause();
    let (keys, elapsed) = waiting.await.unwrap();
    assert!(all_of(&keys.unwrap_err()).contains("ResponseTimeout"));
    assert!(elapsed < Duration::from_secs(16), "three times five seconds: {elapsed:?}");
}

#[tokio::test]
async fn a_connection_that_does_not_open_is_not_waited_for() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    // Nobody accepts, so the queue is full before long.
    let mut queue = Vec::new();
    while let Ok(connected) =
        tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(address)).await
    {
        queue.push(connected.unwrap());
        assert!(queue.len() < 100, "the queue has no end");
    }
    let begun = Instant::now();
    tokio::time::pause();
    let error = keys_of(Credentials::ecs(), &to(address), &container()).await.unwrap_err();
    assert!(all_of(&error).contains("ConnectTimeout"), "{error:?}");
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn what_passes_is_asked_for_again_and_what_does_not_is_not() {
    let once = |first: Vec<u8>| {
        let first = std::sync::Mutex::new(Some(first));
        move |_: &str| Some(first.lock().unwrap().take().unwrap_or_else(|| keys_in_json("s", "t")))
    };
    for (status, body, is_again) in [
        (500, "", true),
        (503, "", true),
        (429, "", true),
        (400, r#"{"code":"ThrottlingException"}"#, true),
        (400, r#"{"code":"AccessDenied"}"#, false),
        (403, "", false),
        (404, "", false),
        (302, "", false),
        (204, "", false),
        (200, r#"{"code":"ThrottlingException"}"#, false),
    ] {
        let (link_local, asked) = plain(once(answer_of(status, &[], body.as_bytes()))).await;
        let keys = keys_of(Credentials::ecs(), &to(link_local), &container()).await;
        assert_eq!(keys.is_ok(), is_again, "{status}: {keys:?}");
        assert_eq!(asked.lock().unwrap().len(), 1 + usize::from(is_again), "{status}");
    }
    // Another address of a pod is for one at which nobody is, and not for an answer that is none.
    let token = File::new("token-of-a-pod", "t");
    let (link_local, asked) = plain(once(answer_of(403, &[], b""))).await;
    let pod = Credentials::eks_with_token(token.path());
    keys_of(pod, &to(link_local), &Fake::default()).await.unwrap_err();
    assert_eq!(asked.lock().unwrap().len(), 1);
    let answers = vec![
        sts_error(400, "IDPCommunicationError", "m"),
        of_sts("AssumeRoleWithWebIdentity", "s", "t"),
    ];
    let server = Server::start(ServerIdentity::of(STS), answers).await;
    let (ways, _) = to_service(&server).await;
    let token = File::new("token-again", "t");
    let environment =
        Fake::new([("AWS_ROLE_ARN", ROLE), ("AWS_WEB_IDENTITY_TOKEN_FILE", token.path())]);
    keys_of(Credentials::web_identity(), &ways, &environment).await.unwrap();
    assert_eq!(server.requests().len(), 2);
}

/// A host that has no address now may have one soon.
#[tokio::test]
async fn a_service_that_is_not_found_is_looked_for_again() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let resolver = Resolver::new(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        Err(std::io::Error::other("no such host"))
    });
    let ways = Ways::new(None, &Auditor::default()).resolved_by(resolver);
    let keys = Credentials::fixed("AKIDEXAMPLE", "secret", None);
    let source = Credentials::assume_role(RoleSession::new(ROLE, "n1"), keys);
    let error = keys_of(source, &ways, &Fake::default()).await.unwrap_err();
    assert!(all_of(&error).contains("Connect("), "{error:?}");
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}
