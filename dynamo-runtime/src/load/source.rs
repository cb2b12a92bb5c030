//! The lines of files, one window after another.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};

use super::LoadError;
use super::attributes::PlainAttributes;
use super::format::{FileCompression, ItemFormat};
use super::line::SourceLine;
use super::rows::{LONGEST, Rows};
use super::zstd::ZstdFrames;

/// The most lines and bytes that are written between two marks of progress.
const LINES: usize = 400;
const BYTES: usize = 4 << 20;

/// The lines of one file or of several; of CSV its rows, but for the first.
pub(super) struct SourceLines {
    format: ItemFormat,
    attributes: PlainAttributes,
    /// Those that are left, the next one last.
    files: Vec<PathBuf>,
    current: Option<(PathBuf, SourceReader)>,
    /// Lines that were read.
    lines: u64,
}

enum SourceReader {
    Lines(Box<dyn BufRead + Send>),
    Rows(Rows),
}

impl SourceLines {
    pub(super) fn open(
        path: &Path,
        format: ItemFormat,
        attributes: PlainAttributes,
    ) -> Result<Self, LoadError> {
        let mut files = vec![path.to_owned()];
        if path.is_dir() {
            let failed = LoadError::file(path);
            let entries: io::Result<Vec<_>> = fs::read_dir(path)
                .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
            files = entries.map_err(failed)?;
            files.retain(|file| file.is_file() && format.is_of_file(file));
            files.sort_unstable_by(|one, other| other.cmp(one));
        }
        Ok(Self { format, attributes, files, current: None, lines: 0 })
    }

    /// Passes over the lines that are done.
    pub(super) fn skip(&mut self, lines: u64) -> Result<(), LoadError> {
        while self.lines < lines && self.next_line()?.is_some() {}
        Ok(())
    }

    /// The next lines, each with its number; none at the end.
    pub(super) fn window(&mut self) -> Result<Vec<(u64, SourceLine)>, LoadError> {
        let (mut window, mut size) = (Vec::new(), 0);
        while window.len() < LINES && size < BYTES {
            let Some((number, line)) = self.next_line()? else { break };
            size += line.length();
            window.push((number, line));
        }
        Ok(window)
    }

    pub(super) fn attributes(&self) -> &PlainAttributes {
        &self.attributes
    }

    /// The next line, and its number; `None` at the end of all files.
    fn next_line(&mut self) -> Result<Option<(u64, SourceLine)>, LoadError> {
        loop {
            let (path, reader) = match &mut self.current {
                Some(current) => current,
                None => match self.files.pop() {
                    None => return Ok(None),
                    Some(path) => {
                        let reader = open(&path).map_err(LoadError::file(&path))?;
                        let reader = match self.format {
                            ItemFormat::Csv => SourceReader::Rows(Rows::new(reader)),
                            _ => SourceReader::Lines(reader),
                        };
                        self.current.insert((path, reader))
                    }
                },
            };
            let read = match reader {
                SourceReader::Rows(rows) => {
                    let row = rows.next(path, &self.attributes)?;
                    row.map(|(number, row)| (number, SourceLine::Row(row)))
                }
                SourceReader::Lines(reader) => {
                    let line = next_text(reader.as_mut(), path, self.lines + 1)?;
                    let line = line.map(|line| match self.format {
                        ItemFormat::PlainJson => SourceLine::Plain(line),
                        _ => SourceLine::DynamoDb(line),
                    });
                    line.map(|line| (self.lines + 1, line))
                }
            };
            match read {
                None => self.current = None,
                Some(line) => {
                    self.lines += 1;
                    return Ok(Some(line));
                }
            }
        }
    }
}

/// The next line without its end; `None` at the end of the file.
fn next_text(
    reader: &mut (dyn BufRead + Send),
    path: &Path,
    number: u64,
) -> Result<Option<Vec<u8>>, LoadError> {
    let mut line = Vec::new();
    let read = reader.take(LONGEST).read_until(b'\n', &mut line);
    let read = read.map_err(LoadError::file(path))?;
    if read == 0 {
        return Ok(None);
    }
    if line.pop_if(|last| *last == b'\n').is_none() && u64::try_from(read) == Ok(LONGEST) {
        return Err(LoadError::Line { number, reason: "it is longer than any item".to_owned() });
    }
    Ok(Some(line))
}

fn open(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    let file = File::open(path)?;
    Ok(match FileCompression::of_file(path) {
        FileCompression::Gzip => Box::new(BufReader::new(flate2::read::MultiGzDecoder::new(file))),
        FileCompression::Zstd => Box::new(BufReader::new(ZstdFrames::new(BufReader::new(file)))),
        FileCompression::None => Box::new(BufReader::new(file)),
    })
}
