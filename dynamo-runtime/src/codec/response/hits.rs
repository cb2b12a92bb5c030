//! The items that a search of a vector index found.

use super::beside;
use super::capacity::json_number;
use super::expected::Expected;
use crate::codec::error::DecodeError;
use crate::codec::member::read_located;
use crate::codec::reader::Reader;

/// An item, and its score.
#[derive(Debug)]
pub(crate) struct ScoredItem<'de, T> {
    /// As it came.
    pub(crate) item: &'de [u8],
    /// As what it was read, which matters only where the item is wanted.
    pub(crate) value: Result<T, DecodeError>,
    pub(crate) score: f64,
}

/// Reads a response, which has at most so many items, each with a score.
pub(crate) fn found<'de, T>(
    body: &'de [u8],
    at_most: usize,
    expected: Expected<'_>,
    decode: fn(&mut Reader<'de>) -> Result<T, DecodeError>,
) -> Result<Vec<ScoredItem<'de, T>>, DecodeError> {
    read_located(body, |reader| {
        let mut results = None;
        let mut members = reader.object()?;
        while let Some(name) = members.next_name()? {
            match name.as_bytes() {
                b"SearchResults" => members.fill(&mut results, |reader| {
                    let start = reader.position();
                    let mut found = Vec::new();
                    reader.array(|reader| {
                        if found.len() == at_most {
                            let reason = "there are more results than were asked for";
                            return Err(DecodeError::refused(start, reason));
                        }
                        let mut one = result(reader, expected, decode)?;
                        one.value = one.value.map_err(|error| error.locate(body));
                        found.push(one);
                        Ok(())
                    })?;
                    Ok(found)
                })?,
                _ => beside(&mut members, name, |table| expected.has_table(table))?,
            }
        }
        results.ok_or_else(|| members.missing("SearchResults"))
    })
}

fn result<'de, T>(
    reader: &mut Reader<'de>,
    expected: Expected<'_>,
    decode: fn(&mut Reader<'de>) -> Result<T, DecodeError>,
) -> Result<ScoredItem<'de, T>, DecodeError> {
    let (mut item, mut score) = (None, None);
    let mut members = reader.object()?;
    while let Some(name) = members.next_name()? {
        match name.as_bytes() {
            b"Item" => members.fill(&mut item, |reader| {
                reader.peek();
                let (start, depth) = (reader.position(), reader.depth());
                let value = decode(reader);
                if value.is_err() {
                    // One that is not wanted need not fit, but is as strict JSON as any.
                    reader.restart(start, depth);
                    reader.skip_value()?;
                }
                expected.check(reader, start)?;
                Ok((reader.since(start), value))
            })?,
            b"Score" => members.fill(&mut score, |reader| {
                let start = reader.position();
                let score = json_number(reader)?;
                if score.is_finite() {
                    Ok(score)
                } else {
                    Err(DecodeError::refused(start, "the score is not finite"))
                }
            })?,
            _ => members.skip(name)?,
        }
    }
    let (item, value) = item.ok_or_else(|| members.missing("Item"))?;
    let score = score.ok_or_else(|| members.missing("Score"))?;
    Ok(ScoredItem { item, value, score })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(body: &str) -> Result<Vec<f64>, DecodeError> {
        let found = found(body.as_bytes(), 2, Expected::ANY, Reader::skip_value)?;
        Ok(found.into_iter().map(|found| found.score).collect())
    }

    #[test]
    fn each_result_has_an_item_and_a_score() {
        let one = r#"{"Item":{"id":{"S":"a"}},"Score":0.25}"#;
        let other = r#"{"Score":-1.5E-3,"Item":{},"More":[]}"#;
        let body = format!(r#"{{"SearchResults":[{one}, {other}],"ConsumedCapacity":{{}}}}"#);
        assert_eq!(scores(&body), Ok(vec![0.25, -0.0015]));
        assert_eq!(scores(r#"{"SearchResults":[]}"#), Ok(vec![]));
    }

    #[test]
    fn what_no_service_sends_is_an_error() {
        let result = |score: &str| format!(r#"{{"SearchResults":[{{"Item":{{}}{score}}}]}}"#);
        for score in [
            "",
            r#","Score":null"#,
            r#","Score":"0.5""#,
            r#","Score":"NaN""#,
            r#","Score":NaN"#,
            r#","Score":1e999"#,
            r#","Score":-1e999"#,
            r#","Score":[0.5]"#,
            r#","Score":0.5,"Score":0.5"#,
        ] {
            assert!(scores(&result(score)).is_err(), "{score}");
        }
        for body in [
            "{}",
            r#"{"SearchResults":null}"#,
            r#"{"SearchResults":{}}"#,
            r#"{"SearchResults":[{"Score":1}]}"#,
            r#"{"SearchResults":[null]}"#,
            r#"{"SearchResults":[],"SearchResults":[]}"#,
            r#"{"SearchResults":[],"__type":"x"}"#,
        ] {
            assert!(scores(body).is_err(), "{body}");
        }
        let one = r#"{"Item":{},"Score":1}"#;
        let error = scores(&format!(r#"{{"SearchResults":[{one},{one},{one}]}}"#)).unwrap_err();
        assert!(error.to_string().contains("more results than were asked for"), "{error}");
    }
}
