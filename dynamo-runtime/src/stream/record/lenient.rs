//! One damaged value in an event, kept apart from the others.

use std::borrow::Cow;

use crate::codec::{DecodeError, Descriptor, Problem, Reader, Writer, read};

/// The elements of an array as they are: only where each ends has been looked at.
pub(super) fn elements<'de>(reader: &mut Reader<'de>) -> Result<Vec<&'de [u8]>, DecodeError> {
    let mut elements = Vec::new();
    reader.array(|reader| {
        elements.push(value(reader)?);
        Ok(())
    })?;
    Ok(elements)
}

/// The members of an object, each with its value as it is.
pub(super) struct RecordMembers<'de>(Vec<(Cow<'de, str>, &'de [u8])>);

impl<'de> RecordMembers<'de> {
    pub(super) fn of(json: &'de [u8]) -> Result<Self, DecodeError> {
        read(json, |reader| {
            let mut parts: Vec<(Cow<'de, str>, &'de [u8])> = Vec::new();
            let mut members = reader.object()?;
            while let Some(name) = members.next_name()? {
                let mut json = None;
                members.fill(&mut json, value)?;
                if parts.iter().any(|(known, _)| *known == name) {
                    return Err(members.duplicate());
                }
                parts.extend(json.map(|json| (name, json)));
            }
            Ok(Self(parts))
        })
        .map_err(|error| error.locate(json))
    }

    /// The value of the member of this name, unless it is null.
    pub(super) fn get(&self, name: &str) -> Option<&'de [u8]> {
        let (_, json) = self.0.iter().find(|(known, _)| known == name)?;
        (*json != b"null").then_some(*json)
    }

    /// What is read of the member of this name, if it is there.
    pub(super) fn read<T>(
        &self,
        name: &str,
        decode: impl FnOnce(&mut Reader<'de>) -> Result<T, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        let Some(json) = self.get(name) else { return Ok(None) };
        match read(json, decode) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(error.locate(json).within(name)),
        }
    }
}

/// A value as it is, whose end alone is looked for.
fn value<'de>(reader: &mut Reader<'de>) -> Result<&'de [u8], DecodeError> {
    reader.peek();
    let rest = reader.rest();
    let json = length(rest).and_then(|length| rest.get(..length)).filter(|json| !json.is_empty());
    let json = json.ok_or_else(|| reader.error(Problem::Expected("a value")))?;
    reader.seek(reader.position() + json.len());
    Ok(json)
}

/// How long the value is that the text begins with, if it ends.
fn length(text: &[u8]) -> Option<usize> {
    let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
    for (position, byte) in text.iter().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' | b',' | b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => {
                return Some(position);
            }
            b'}' | b']' => depth -= 1,
            _ => continue,
        }
        let is_end = depth == 0 && !in_string && matches!(byte, b'}' | b']' | b'"');
        if is_end {
            return Some(position + 1);
        }
    }
    (depth == 0 && !in_string).then_some(text.len())
}

/// An item without the null members that some programs write beside a value, such as
/// `{"S":"x","N":null}`.
pub(super) fn without_nulls(item: &[u8]) -> Cow<'_, [u8]> {
    if !item.windows(4).any(|window| window == b"null") {
        return Cow::Borrowed(item);
    }
    let mut writer = Writer::with_capacity(item.len());
    match read(item, |reader| copy_attributes(reader, &mut writer)) {
        Ok(()) => Cow::Owned(writer.as_bytes().to_vec()),
        // What is wrong with it, its reader tells.
        Err(_) => Cow::Borrowed(item),
    }
}

fn copy_attributes(reader: &mut Reader<'_>, writer: &mut Writer) -> Result<(), DecodeError> {
    let mut members = reader.object()?;
    writer.begin_object();
    while let Some(name) = members.next_name()? {
        writer.member(&name);
        members.fill(&mut None, |reader| copy_value(reader, writer))?;
    }
    writer.end_object();
    Ok(())
}

fn copy_value(reader: &mut Reader<'_>, writer: &mut Writer) -> Result<(), DecodeError> {
    let mut members = reader.object()?;
    writer.begin_object();
    while let Some(name) = members.next_name()? {
        members.fill(&mut None, |reader| {
            if reader.peek() == Some(b'n') {
                return reader.skip_value();
            }
            writer.member(&name);
            match Descriptor::from_name(&name) {
                Some(Descriptor::Map) => copy_attributes(reader, writer),
                Some(Descriptor::List) => {
                    writer.begin_array();
                    reader.array(|reader| {
                        writer.separate();
                        copy_value(reader, writer)
                    })?;
                    writer.end_array();
                    Ok(())
                }
                _ => {
                    writer.raw(reader.raw_value()?);
                    Ok(())
                }
            }
        })?;
    }
    writer.end_object();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_ends_where_its_brackets_and_quotes_do() {
        for (text, value) in [
            ("1,2", "1"),
            ("null}", "null"),
            ("true ,", "true"),
            (r#""a,\"]}\\" ,1"#, r#""a,\"]}\\""#),
            (r#"{"a":[1,{"b":"]}"}]},2"#, r#"{"a":[1,{"b":"]}"}]}"#),
            ("[[],[]]]", "[[],[]]"),
            ("7", "7"),
        ] {
            assert_eq!(length(text.as_bytes()), Some(value.len()), "{text}");
        }
        for text in ["{", "[1,2", r#""a"#, r#"{"a":"}"#, r#""\"#] {
            assert_eq!(length(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn only_the_nulls_beside_a_value_are_left_out() {
        for (item, without) in [
            (r#"{"a":{"S":"null"}}"#, r#"{"a":{"S":"null"}}"#),
            (r#"{"a":{"S":"x","N":null}}"#, r#"{"a":{"S":"x"}}"#),
            (r#"{"a":{"NULL":true,"S":null}}"#, r#"{"a":{"NULL":true}}"#),
            (
                r#"{"a":{"N":null,"L":[{"M":{"b":{"BOOL":null,"SS":["x"]}},"S":null}]}}"#,
                r#"{"a":{"L":[{"M":{"b":{"SS":["x"]}}}]}}"#,
            ),
            // No value is none, whatever stands beside it.
            (r#"{"a":null}"#, r#"{"a":null}"#),
            (r#"{"a":{"L":[null]}}"#, r#"{"a":{"L":[null]}}"#),
            (r#"{"a":{"S":null}}"#, r#"{"a":{}}"#),
        ] {
            let found = without_nulls(item.as_bytes());
            assert_eq!(std::str::from_utf8(&found).unwrap(), without);
        }
    }
}
