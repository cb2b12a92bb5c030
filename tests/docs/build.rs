//! Makes a program of the Rust in each chapter, so that a test can run what a reader reads.
//!
//! A chapter is one program, from top to bottom: its statements stand in one function, with the
//! line numbers of the Markdown. ```` ```rust,no_run ```` is compiled only. A document with a `main`
//! of its own is a program as it stands.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, error, fs};

/// The documents beside the chapters of the book that have Rust of their own.
const DOCUMENTS: [&str; 4] =
    ["README.md", "docs/attributes.md", "docs/certificates.md", "docs/existing-tables.md"];

/// Run by `scripts/getting-started`, in a package of its own.
const A_PACKAGE_OF_ITS_OWN: &str = "getting-started.md";

fn main() -> Result<(), Box<dyn error::Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../..").canonicalize()?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut documents: Vec<_> = DOCUMENTS.iter().map(|document| root.join(document)).collect();
    let book = root.join("docs/book");
    println!("cargo::rerun-if-changed={}", book.display());
    for entry in fs::read_dir(book)? {
        let path = entry?.path();
        if !path.ends_with(A_PACKAGE_OF_ITS_OWN) && !path.ends_with("README.md") {
            documents.push(path);
        }
    }
    documents.sort();
    let mut programs = String::new();
    for document in documents {
        println!("cargo::rerun-if-changed={}", document.display());
        let text = fs::read_to_string(&document)?;
        let stem = document.file_stem().and_then(|stem| stem.to_str()).ok_or("a name")?;
        let name = stem.to_lowercase().replace('-', "_");
        let file = out.join(format!("{name}.rs"));
        fs::write(&file, program(&text).map_err(|line| format!("{}:{line}", document.display()))?)?;
        let file = file.to_str().ok_or("a path")?;
        writeln!(programs, "#[path = {file:?}]\nmod {name};")?;
    }
    fs::write(out.join("programs.rs"), programs)?;
    Ok(())
}

const OUTCOME: &str = "Result<(), Box<dyn std::error::Error>>";

/// The program of a document, or the number of the line that is none of it.
fn program(text: &str) -> Result<String, usize> {
    let is_whole = text.contains("\nasync fn main()");
    let mut program = if is_whole {
        format!("#[test] fn main_runs() -> {OUTCOME} {{ main() }}")
    } else {
        format!(
            "#[tokio::test] async fn it_runs() -> {OUTCOME} {{ Box::pin(chapter()).await }} \
             async fn chapter() -> {OUTCOME} {{"
        )
    };
    let mut lines = text.lines().enumerate();
    // The heading's line has the beginning.
    lines.next();
    while let Some((number, line)) = lines.next() {
        program.push('\n');
        let Some(language) = line.strip_prefix("```") else { continue };
        let (before, after) = match (language, is_whole) {
            ("rust", _) => ("", ""),
            ("rust,no_run", true) => ("async fn no_run() -> OUTCOME {", "Ok(()) }"),
            ("rust,no_run", false) => {
                ("drop(async {", "Ok::<_, Box<dyn std::error::Error>>(()) });")
            }
            ("sh" | "toml" | "text", _) => {
                for (_, line) in lines.by_ref() {
                    program.push('\n');
                    if line == "```" {
                        break;
                    }
                }
                continue;
            }
            _ => return Err(number + 1),
        };
        program.push_str(&before.replace("OUTCOME", OUTCOME));
        for (_, line) in lines.by_ref() {
            program.push('\n');
            if line == "```" {
                break;
            }
            program.push_str(line);
        }
        program.push_str(after);
    }
    if !is_whole {
        program.push_str("\nOk(()) }");
    }
    program.push('\n');
    Ok(program)
}
