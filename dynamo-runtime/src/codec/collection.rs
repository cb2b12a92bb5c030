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
    let start = reader.position();
    if let Ok(text) = reader.string() {
        return Ok(Some(text));
    }
    reader.seek(start);
    reader.skip_value().map(|()| None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_that_are_text_are_found_wherever_they_are() {
        const OTHER: &str = r#""other":{"M":{"pk":{"S":"no"},"sk":{"S":"no"}}}"#;
        for (pk, sk, texts) in [
            (r#"{"S":"a"}"#, r#"{"S":"b"}"#, (Some("a"), Some("b"))),
            (r#"{"S":"a"}"#, r#"{"N":"1"}"#, (Some("a"), None)),
            (r#"{"N":"1"}"#, r#"{"S":"b"}"#, (None, Some("b"))),
            (r#"{"B":"AQ=="}"#, r#"{"L":[{"S":"no"}]}"#, (None, None)),
            (r#" { "S" : "\u0061" } "#, r#"{"NULL":true}"#, (Some("a"), None)),
        ] {
            let (pk, sk) = (format!(r#""pk":{pk}"#), format!(r#""sk":{sk}"#));
            for order in
                [[&*pk, &*sk, OTHER], [&*sk, &*pk, OTHER], [OTHER, &*pk, &*sk], [&*pk, OTHER, &*sk]]
            {
                let json = format!("{{{}}}", order.join(","));
                let mut reader = Reader::new(json.as_bytes()).unwrap();
                let item = reader.item().unwrap();
                let (partition, sort) = item.key_texts("pk", Some("sk")).unwrap();
                assert_eq!((partition.as_deref(), sort.as_deref()), texts, "{json}");
                let (partition, sort) = item.key_texts("pk", None).unwrap();
                assert_eq!((partition.as_deref(), sort), (texts.0, None), "{json}");
            }
        }
    }
}
