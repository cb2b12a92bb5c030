//! A program of another library, in a process of its own: it answers calls, a line of JSON each.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::engine::EngineAddress;

/// The folder with the programs and their packages, as `scripts/interop` makes it.
const FOLDER: &str = "INTEROP_FOLDER";

pub(crate) struct Program {
    name: String,
    child: Child,
    calls: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Program {
    /// Starts `electrodb.mjs` or `boto3_program.py` on this table.
    pub(crate) fn start(name: &str, table: &str, engine: &EngineAddress) -> Self {
        let folder = PathBuf::from(std::env::var_os(FOLDER).expect("scripts/interop runs this"));
        let interpreter = match name.rsplit_once('.') {
            Some((_, "mjs")) => PathBuf::from("node"),
            _ if name == "bloop_program.py" => folder.join("venv-bloop/bin/python"),
            _ => folder.join("venv/bin/python"),
        };
        let mut command = Command::new(interpreter);
        command.arg(folder.join(name)).envs(engine.settings()).env("INTEROP_TABLE", table);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{name}: {error}"));
        let (calls, answers) = (child.stdin.take(), child.stdout.take());
        let answers = BufReader::new(answers.expect("it is piped"));
        Self { name: name.to_owned(), child, calls, answers }
    }

    fn answer(&mut self, call: &str, input: &Value) -> Value {
        let line = json!({ "call": call, "input": input }).to_string() + "\n";
        let calls = self.calls.as_mut().expect("it is open until the end");
        calls.write_all(line.as_bytes()).unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer)
            .unwrap_or_else(|error| panic!("{}: {call}: {error}: {answer:?}", self.name))
    }

    /// What the library does and gives.
    #[track_caller]
    pub(crate) fn call(&mut self, call: &str, input: impl Into<Value>) -> Value {
        let mut answer = self.answer(call, &input.into());
        assert!(answer.get("error").is_none(), "{}: {call}: {answer}", self.name);
        answer["value"].take()
    }

    /// What the library refuses, with this in its words.
    #[track_caller]
    pub(crate) fn refuses(&mut self, call: &str, input: impl Into<Value>, words: &str) {
        let answer = self.answer(call, &input.into());
        let error = answer["error"].as_str().unwrap_or_default();
        assert!(error.contains(words), "{}: {call}: {answer}", self.name);
    }
}

/// It ends when nobody can call it any more.
impl Drop for Program {
    fn drop(&mut self) {
        self.calls = None;
        let _ = self.child.wait();
    }
}
