//! The table of the rows, on the terminal and in `SECURITY.md`.

use std::fmt::Write;
use std::path::PathBuf;

use crate::driver::Judgement;
use crate::row::{Row, Section};

const BEGIN: &str = "<!-- The attack matrix: `ATTACK=overwrite cargo test -p dynamo-tests --test attack` writes it. -->\n";
const END: &str = "<!-- The end of the attack matrix. -->\n";

pub fn print(rows: &[&Row], judgements: &[Judgement]) {
    for (row, judgement) in rows.iter().zip(judgements) {
        let name = row.title();
        match judgement {
            Ok(seen) => println!("ok      {name} | {} | {}", row.expected, seen.told),
            Err(fault) => println!("FAILED  {name} | {} | {fault}", row.expected),
        }
    }
}

/// Whether `SECURITY.md` has the table of this run; writes it where that is asked for.
pub fn is_fresh(rows: &[&Row], judgements: &[Judgement]) -> bool {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../SECURITY.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let table = markdown(rows, judgements);
    let bounds = text.split_once(BEGIN).and_then(|(before, rest)| {
        let (found, after) = rest.split_once(END)?;
        Some((before, found, after))
    });
    let Some((before, found, after)) = bounds else {
        println!("SECURITY.md has no place for the table: {BEGIN}{END}");
        return false;
    };
    if found == table {
        return true;
    }
    if std::env::var("ATTACK").as_deref() == Ok("overwrite") {
        std::fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
        println!("SECURITY.md is written anew");
        return true;
    }
    println!("SECURITY.md has another table: ATTACK=overwrite writes it anew");
    false
}

fn markdown(rows: &[&Row], judgements: &[Judgement]) -> String {
    let mut table = String::new();
    for section in Section::ALL {
        let mut of_section =
            rows.iter().zip(judgements).filter(|(row, _)| row.section == section).peekable();
        if of_section.peek().is_none() {
            continue;
        }
        if section == Section::Profile {
            table.push_str(&by_expectation(of_section.map(|(row, _)| row)));
            continue;
        }
        let _ = write!(table, "\n### {section}\n\n| attack | expected | seen |\n|---|---|---|\n");
        for (row, judgement) in of_section {
            let seen = judgement.as_ref().map_or("FAILED", |seen| &seen.told);
            let _ = writeln!(table, "| {} | {} | {seen} |", row.name, row.expected);
        }
    }
    table.push('\n');
    table
}

/// The chains of the profile, of which there are hundreds: a line for each thing that is expected of some.
fn by_expectation<'r>(rows: impl Iterator<Item = &'r &'r Row>) -> String {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    let (mut count, mut tolerated) = (0, 0);
    for row in rows {
        count += 1;
        if row.name.ends_with(", tolerated") {
            tolerated += 1;
            continue;
        }
        let expected = row.expected.to_string();
        match groups.iter_mut().find(|(of_group, _)| *of_group == expected) {
            Some((_, names)) => names.push(&row.name),
            None => groups.push((expected, vec![&row.name])),
        }
    }
    groups.sort_by_key(|(expected, _)| expected.starts_with("passes"));
    let mut table = format!(
        "\n### {}\n\n{count} chains. Each that is refused is so with one handshake, no byte of a request and one \
         event, and each of a root or a list without a packet. {tolerated} of them break one rule that is tolerated \
         by its name, and pass.\n\n| expected | of a chain with |\n|---|---|\n",
        Section::Profile,
    );
    for (expected, names) in groups {
        let _ = writeln!(table, "| {expected} | {} |", names.join("; "));
    }
    table
}
