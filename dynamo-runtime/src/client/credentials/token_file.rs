//! A file with a token or a session, which another program writes anew before it expires.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::source_error::{FileProblem, SourceError, SourceProblem};
use crate::client::small_file;

/// More than any token has: STS takes 20,000 characters.
const LIMIT: usize = 64 << 10;

pub(super) struct TokenFile {
    source: &'static str,
    path: PathBuf,
    /// Of whoever reads it. A file that hangs holds one thread up, and not one for each time that it is asked for.
    reading: Arc<Mutex<()>>,
}

impl TokenFile {
    pub(super) fn new(source: &'static str, path: impl Into<PathBuf>) -> Self {
        Self { source, path: path.into(), reading: Arc::default() }
    }

    /// What is in it, beside the call: a caller that has gone waits for nothing.
    pub(super) async fn bytes(&self) -> Result<Zeroizing<Vec<u8>>, SourceError> {
        let Ok(turn) = self.reading.clone().try_lock_owned() else {
            return Err(self.error(FileProblem::StillReading));
        };
        let path = self.path.clone();
        let read = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            small_file::read(&path, LIMIT)
        });
        match read.await {
            Ok(read) => read.map_err(|unread| self.error(FileProblem::Unread(unread))),
            // The runtime ends.
            Err(_) => Err(self.error(FileProblem::StillReading)),
        }
    }

    /// The token in it, without the line's end that an editor leaves.
    pub(super) async fn token(&self) -> Result<Zeroizing<String>, SourceError> {
        let bytes = self.bytes().await?;
        let token = bytes.trim_ascii();
        match str::from_utf8(token) {
            Ok(text) if !text.is_empty() && token.iter().all(u8::is_ascii_graphic) => {
                Ok(Zeroizing::new(text.to_owned()))
            }
            _ => Err(self.content("has no token: one has visible characters of ASCII only")),
        }
    }

    pub(super) fn content(&self, what: &'static str) -> SourceError {
        self.error(FileProblem::Content(what))
    }

    fn error(&self, problem: FileProblem) -> SourceError {
        SourceError::new(self.source, SourceProblem::File { path: self.path.clone(), problem })
    }
}

impl fmt::Debug for TokenFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TokenFile").field(&self.path).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_that_hangs_holds_one_thread_up_and_no_more() {
        let path = std::env::temp_dir().join(format!("dynamo-hangs-{}", std::process::id()));
        std::fs::write(&path, "token").unwrap();
        let file = TokenFile::new("the test", &path);
        let hanging = file.reading.clone().lock_owned().await;
        for _ in 0..2 {
            let error = file.token().await.unwrap_err();
            let hangs = "has not been read to its end since it was asked for";
            assert!(error.to_string().contains(hangs), "{error}");
        }
        drop(hanging);
        assert_eq!(file.token().await.unwrap().as_str(), "token");
        // Its turn ends with the read.
        assert_eq!(file.token().await.unwrap().as_str(), "token");
        std::fs::remove_file(&path).unwrap();
    }
}
