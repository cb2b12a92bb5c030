//! One member of an object, by its name.

use super::error::DecodeError;
use super::reader::{Reader, read};

/// The member of this name, if there is one; the others are skipped.
pub(crate) fn member<'de, T>(
    reader: &mut Reader<'de>,
    name: &str,
    mut decode: impl FnMut(&mut Reader<'de>) -> Result<T, DecodeError>,
) -> Result<Option<T>, DecodeError> {
    let mut value = None;
    let mut members = reader.object()?;
    while let Some(found) = members.next_name()? {
        if found == name {
            members.fill(&mut value, &mut decode)?;
        } else {
            members.skip(found)?;
        }
    }
    Ok(value)
}

pub(crate) fn read_located<'de, T>(
    body: &'de [u8],
    decode: impl FnOnce(&mut Reader<'de>) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    read(body, decode).map_err(|error| error.locate(body))
}
