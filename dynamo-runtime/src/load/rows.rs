//! The rows of a CSV file.

use std::io::{self, BufRead, Read};
use std::path::Path;
use std::sync::Arc;

use csv::{ByteRecord, ReaderBuilder, WriterBuilder};

use super::LoadError;
use super::attributes::{PlainAttributes, PlainColumn};

/// No line of an item is longer: 400 KB, of which each byte takes at most 14 as JSON.
pub(super) const LONGEST: u64 = 8 << 20;

/// The rows of a file but for the first, which names the columns.
pub(super) struct Rows {
    reader: csv::Reader<RowBytes>,
    columns: Option<Arc<[PlainColumn]>>,
}

/// A row, and what its columns are.
pub(super) struct Row {
    columns: Arc<[PlainColumn]>,
    record: ByteRecord,
}

impl Rows {
    pub(super) fn new(file: Box<dyn BufRead + Send>) -> Self {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(RowBytes { file, left: LONGEST });
        Self { reader, columns: None }
    }

    /// The next row, and the number of its first line; `None` at the end of the file.
    pub(super) fn next(
        &mut self,
        path: &Path,
        attributes: &PlainAttributes,
    ) -> Result<Option<(u64, Row)>, LoadError> {
        let columns = if let Some(columns) = &self.columns {
            Arc::clone(columns)
        } else {
            let Some((number, header)) = self.record(path)? else { return Ok(None) };
            let wrong = |reason| LoadError::Line { number, reason };
            let names: Result<Vec<_>, _> = header.iter().map(std::str::from_utf8).collect();
            let names = names.map_err(|_| wrong("it is not all UTF-8".to_owned()))?;
            let columns = attributes.columns(names.into_iter()).map_err(wrong)?;
            Arc::clone(self.columns.insert(columns.into()))
        };
        let Some((number, record)) = self.record(path)? else { return Ok(None) };
        Ok(Some((number, Row { columns, record })))
    }

    fn record(&mut self, path: &Path) -> Result<Option<(u64, ByteRecord)>, LoadError> {
        self.reader.get_mut().left = LONGEST;
        let mut record = ByteRecord::new();
        let failed = LoadError::file(path);
        if !self.reader.read_byte_record(&mut record).map_err(|error| failed(error.into()))? {
            return Ok(None);
        }
        let number = record.position().map_or(0, csv::Position::line);
        Ok(Some((number, record)))
    }
}

impl Row {
    pub(super) fn length(&self) -> usize {
        self.record.as_slice().len()
    }

    /// The row as it is written in a file.
    pub(super) fn text(&self) -> String {
        let text = String::from_utf8_lossy(&written(&self.record)).into_owned();
        text.trim_end_matches('\n').to_owned()
    }

    pub(super) fn item(&self, attributes: &PlainAttributes) -> Result<Vec<u8>, String> {
        let cells: Vec<_> = self.record.iter().collect();
        attributes.item_of_cells(&self.columns, cells.into_iter())
    }
}

/// A row as it is written in a file, with its end.
pub(super) fn written<C: AsRef<[u8]>>(cells: impl IntoIterator<Item = C>) -> Vec<u8> {
    let mut writer = WriterBuilder::new().flexible(true).from_writer(Vec::new());
    // Into memory, nothing fails.
    let _ = writer.write_record(cells);
    writer.into_inner().unwrap_or_default()
}

/// The bytes of a file, of which a row may have no more than an item can.
struct RowBytes {
    file: Box<dyn BufRead + Send>,
    left: u64,
}

impl Read for RowBytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        let Some(left) = self.left.checked_sub(read as u64) else {
            return Err(io::Error::other(
                "a row is longer than any item: a quote may lack its end",
            ));
        };
        self.left = left;
        Ok(read)
    }
}
