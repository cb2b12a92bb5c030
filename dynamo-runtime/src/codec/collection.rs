//! The keys of an item, before it is known of which entity it is.

use std::borrow::Cow;

use super::error::{DecodeError, Problem};
use super::members::Members;
use super::reader::Reader;

type KeyText<'de> = Option<Cow<'de, str>>;

impl<'de> Members<'_, 'de> {
    /// The keys of the item that are text, read ahead.
    pub(crate) fn key_texts(
        &self,
        partition_key: &str,
        sort_key: Option<&str>,
    ) -> Result<(KeyText<'de>, KeyText<'de>), DecodeError> {
        let mut reader = self.reader_ahead();
        let mut item = self.ahead(&mut reader);
        let (mut partition, mut sort) = (None, None);
        // The item is read as a whole afterwards.
        while partition.is_none() || (sort.is_none() && sort_key.is_some()) {
            let Some(name) = item.next_name()? else { break };
            if name == partition_key {
                item.fill(&mut partition, text)?;
            } else if Some(&*name) == sort_key {
                item.fill(&mut sort, text)?;
            } else {
                item.skip(name)?;
            }
        }
        Ok((partition.flatten(), sort.flatten()))
    }

    /// That the item is of no entity of its collection: in these words, without a value.
    #[cold]
    pub(crate) fn no_member(&self, words: String) -> DecodeError {
        DecodeError::new(self.start(), Problem::NoMember(words.into()))
    }
}

fn text<'de>(reader: &mut Reader<'de>) -> Result<KeyText<'de>, DecodeError> {
    let start = reader.clone();
    if let Ok(text) = reader.string() {
        return Ok(Some(text));
    }
    *reader = start;
    reader.skip_value().map(|()| None)
}
