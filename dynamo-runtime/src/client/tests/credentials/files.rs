//! Files of tokens that are none: a pipe, a device, a file without an end, and one that hangs.

use std::process::Command;

use super::servers::plain;
use super::*;

/// Each source that reads a file, told of this path.
fn sources(path: &str) -> Vec<(Credentials, Fake)> {
    let role = Fake::new([("AWS_ROLE_ARN", ROLE), ("AWS_WEB_IDENTITY_TOKEN_FILE", path)]);
    let task = Fake::new([
        ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", path),
    ]);
    vec![
        (Credentials::web_identity(), role),
        (Credentials::ecs(), task),
        (Credentials::eks_with_token(path), Fake::default()),
    ]
}

#[tokio::test]
async fn what_is_no_file_of_a_token_is_told_at_once_and_nobody_is_asked() {
    let (link_local, asked) = plain(|_| None).await;
    let pipe = std::env::temp_dir().join(format!("dynamo-{}-pipe", std::process::id()));
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let long = File::new("long-token", &"x".repeat((64 << 10) + 1));
    let empty = File::new("empty-token", " \n");
    let lines = File::new("lines-token", "a\nauthorization: b");
    for (path, says) in [
        ("/dev/zero", "is no regular file"),
        ("/dev/stdin", ""),
        (pipe.to_str().unwrap(), "is no regular file"),
        ("/", "is a folder"),
        ("/no/such/file", "cannot be read: entity not found"),
        (long.path(), "is larger"),
        (empty.path(), "has no token"),
        (lines.path(), "has no token"),
    ] {
        for (source, environment) in sources(path) {
            let shown = format!("{source:?} of {path}");
            let error = keys_of(source, &to(link_local), &environment).await.unwrap_err();
            let text = all_of(&error);
            assert!(text.contains(says) && text.contains(path), "{shown}: {text}");
        }
    }
    std::fs::remove_file(&pipe).unwrap();
    assert!(asked.lock().unwrap().is_empty());
}

/// A projected token of Kubernetes.
#[tokio::test]
async fn a_link_to_a_file_is_followed_and_a_new_token_is_read() {
    let (link_local, asked) = plain(|_| Some(keys_in_json("s", "t"))).await;
    let file = File::in_folder("projected", "..data-token", "first");
    let link = file.folder().join("token");
    let _ = std::fs::remove_file(&link);
    std::os::unix::fs::symlink("..data-token", &link).unwrap();
    let source = Credentials::eks_with_token(link.to_str().unwrap());
    let provider = source.over(&to(link_local), &Fake::default(), Region::US_EAST_1).unwrap();
    for token in ["first", "second"] {
        std::fs::write(file.path(), token).unwrap();
        provider.provide_credentials().await.unwrap();
        let head = asked.lock().unwrap().pop().unwrap();
        assert!(head.contains(&format!("\r\nauthorization: {token}\r\n")), "{head}");
        assert!(head.contains("\r\naccept: application/json\r\n"), "{head}");
    }
    std::fs::remove_file(&link).unwrap();
}
