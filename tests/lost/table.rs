//! The table of the writes, on the terminal and in `SECURITY.md`.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::course::Resent;
use crate::oracle::Row;
use crate::writes::Write;

const BEGIN: &str = "<!-- The model of lost responses: `LOST=overwrite cargo test -p dynamo-tests --test lost` writes it. -->\n";
const END: &str = "<!-- The end of the model of lost responses. -->\n";

pub fn line(write: &Write, row: &Row) -> String {
    let Row { courses, ok, failed, unknown, twice, .. } = row;
    let verdict = if row.faults.is_empty() { "ok     " } else { "FAILED " };
    format!(
        "{verdict} {}: {courses} courses, {ok} ok, {failed} failed, {unknown} unknown, {twice} twice",
        write.title()
    )
}

/// Whether `SECURITY.md` has the table of this run; writes it where that is asked for.
pub fn is_fresh(writes: &[Write], rows: &[Row]) -> bool {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../SECURITY.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let table = markdown(writes, rows);
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
    if std::env::var("LOST").as_deref() == Ok("overwrite") {
        std::fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
        println!("SECURITY.md is written anew");
        return true;
    }
    println!("SECURITY.md has another table: LOST=overwrite writes it anew");
    false
}

fn markdown(writes: &[Write], rows: &[Row]) -> String {
    let mut table = String::from(
        "\n| write | entity | sent again | courses | ok | failed | unknown | may be applied twice, and says so |\n|---|---|---|---|---|---|---|---|\n",
    );
    for (write, row) in writes.iter().zip(rows) {
        let name = match write.delivery {
            "by default" => write.name.to_owned(),
            delivery => format!("{}, {delivery}", write.name),
        };
        let sent_again = match write.rules.resent {
            Resent::Never => "no",
            Resent::Guarded => "under its condition",
            Resent::WithToken => "with a token",
        };
        let twice = match write.remains {
            Some(remains) => format!("{}: {}", row.twice, remains.words),
            None => "0".to_owned(),
        };
        let Row { courses, ok, failed, unknown, .. } = row;
        let _ = writeln!(
            table,
            "| {name} | {} | {sent_again} | {courses} | {ok} | {failed} | {unknown} | {twice} |",
            write.entity
        );
    }
    table.push('\n');
    table
}
