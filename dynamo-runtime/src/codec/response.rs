//! Responses: their members, and the items in them.
//!
//! Members that are not asked for are skipped, but strictly; an error has its path.

mod asked;
mod batch;
mod capacity;
mod expected;
mod hits;
mod transaction;

pub(crate) use asked::{Asked, AskedItem, AskedItems, AskedTables, KeyNames};
#[cfg(feature = "local")]
pub(crate) use batch::batch_requested;
pub(crate) use batch::{BatchGot, ByTable, batch_got, batch_unwritten};
pub(crate) use capacity::consumed_capacity;
pub(crate) use expected::{Expected, KeyBound, fulfils};
pub(crate) use hits::{ScoredItem, found};
pub(crate) use transaction::{ActionReason, cancellation_reasons, transaction_items};

#[cfg(feature = "load")]
use std::borrow::Cow;
#[cfg(feature = "load")]
use std::collections::HashSet;

use self::asked::beside;
use super::equality::attribute_of;
use super::error::{DecodeError, Problem};
use super::member::{member, read_located};
use super::members::Members;
use super::reader::{Reader, read};
use super::{DecodeItem, IsOf, Writer, decode_item};

/// The item in a member such as `Item` or `Attributes`, if there is one.
pub(crate) fn member_item<'de, E: DecodeItem<'de>>(
    body: &'de [u8],
    member: &str,
) -> Result<Option<E>, DecodeError> {
    read_member(body, member, E::decode_item)
}

/// The JSON of a member, as it is.
pub(crate) fn raw_member<'de>(
    body: &'de [u8],
    member: &str,
) -> Result<Option<&'de [u8]>, DecodeError> {
    read_member(body, member, Reader::raw_value)
}

/// A member of an object with its name, as it is.
#[cfg(feature = "load")]
pub(crate) type RawMember<'de> = (Cow<'de, str>, &'de [u8]);

/// The members of an object.
#[cfg(feature = "load")]
pub(crate) fn raw_members(json: &[u8]) -> Result<Vec<RawMember<'_>>, DecodeError> {
    read_located(json, |reader| {
        let mut members = reader.object()?;
        let (mut all, mut names) = (Vec::new(), HashSet::new());
        while let Some(name) = members.next_name()? {
            if !names.insert(name.clone()) {
                return Err(members.duplicate());
            }
            all.push((name, members.read_by(Reader::raw_value)?));
        }
        Ok(all)
    })
}

/// The text of a JSON string.
#[cfg(feature = "load")]
pub(crate) fn json_text(json: &[u8]) -> Result<Cow<'_, str>, DecodeError> {
    read_located(json, Reader::json_string)
}

/// The elements of an array, as they are.
pub(crate) fn raw_elements(json: &[u8]) -> Result<Vec<&[u8]>, DecodeError> {
    read_located(json, raw_array)
}

/// A page of a query or a scan.
#[derive(Debug)]
pub(crate) struct DecodedPage<E> {
    pub(crate) items: Vec<E>,
    /// Where these stand among all items of the page; empty where they are all.
    pub(crate) places: Vec<usize>,
    /// The JSON of the key to go on from, as it came.
    pub(crate) last_evaluated_key: Option<Box<[u8]>>,
}

pub(crate) fn page<'de, E: DecodeItem<'de>>(
    body: &'de [u8],
    expected: Expected<'_>,
) -> Result<DecodedPage<E>, DecodeError> {
    read_located(body, |reader| {
        let mut items = None;
        let mut extent = Extent::default();
        let mut members = reader.object()?;
        while let Some(name) = members.next_name()? {
            match name.as_bytes() {
                b"Items" => members.fill(&mut items, |reader| decode_items(reader, expected))?,
                _ if extent.read(&mut members, &name)? => {}
                _ => beside(&mut members, name, |table| expected.has_table(table))?,
            }
        }
        let items = items.ok_or_else(|| members.missing("Items"))?;
        let counted = extent.finish(&members)?;
        if usize::try_from(counted.count) != Ok(items.len()) {
            return Err(DecodeError::refused(0, "`Count` is not the number of the items"));
        }
        Ok(DecodedPage {
            items,
            places: Vec::new(),
            last_evaluated_key: counted.last_evaluated_key,
        })
    })
}

/// As [`page`] or [`page_of`], but each item is read by itself: one that cannot be read is an error
/// of its own.
pub(crate) fn each_item<'de, E: DecodeItem<'de>>(
    body: &'de [u8],
    is_of: Option<IsOf>,
) -> Result<DecodedPage<Result<E, DecodeError>>, DecodeError> {
    let counted = count(body, Expected::ANY)?;
    let all = read_located(body, |reader| member(reader, "Items", raw_array))?.unwrap_or_default();
    if u64::try_from(all.len()) != Ok(counted.count) {
        return Err(DecodeError::refused(0, "`Count` is not the number of the items"));
    }
    let is_one = |item| match is_of {
        None => Ok(true),
        Some(is_of) => read(item, |reader| {
            let is_one = is_of(&reader.clone().item()?)?;
            reader.skip_value()?;
            Ok(is_one)
        }),
    };
    let each = all.into_iter().enumerate().filter_map(|(place, item)| {
        let read = match is_one(item) {
            Ok(false) => return None,
            Ok(true) => decode_item(item),
            Err(error) => Err(error),
        };
        Some((read.map_err(|error| error.within(&format!("Items[{place}]"))), place))
    });
    let (items, places) = each.unzip();
    Ok(DecodedPage { items, places, last_evaluated_key: counted.last_evaluated_key })
}

fn raw_array<'de>(reader: &mut Reader<'de>) -> Result<Vec<&'de [u8]>, DecodeError> {
    let mut items = Vec::new();
    reader.array(|reader| {
        items.push(reader.raw_value()?);
        Ok(())
    })?;
    Ok(items)
}

/// A page without the items of others.
pub(crate) fn page_of<'de, E: DecodeItem<'de>>(
    body: &'de [u8],
    is_of: IsOf,
    expected: Expected<'_>,
) -> Result<DecodedPage<E>, DecodeError> {
    read_located(body, |reader| {
        let (mut items, mut places, mut all) = (Vec::new(), Vec::new(), 0);
        let last_evaluated_key = read_items(reader, expected, |reader| {
            let is_one = is_of(&reader.clone().item()?)?;
            if is_one {
                items.push(E::decode_item(reader)?);
                places.push(all);
            } else {
                reader.skip_value()?;
            }
            all += 1;
            Ok(())
        })?;
        Ok(DecodedPage { items, places, last_evaluated_key })
    })
}

/// How many items of a page are not those of others.
pub(crate) fn count_of(
    body: &[u8],
    is_of: IsOf,
    expected: Expected<'_>,
) -> Result<Counted, DecodeError> {
    read_located(body, |reader| {
        let mut count = 0;
        let last_evaluated_key = read_items(reader, expected, |reader| {
            count += u64::from(is_of(&reader.clone().item()?)?);
            reader.skip_value()
        })?;
        Ok(Counted { count, last_evaluated_key })
    })
}

/// Reads each item of a page, and gives the key to go on from.
fn read_items<'de>(
    reader: &mut Reader<'de>,
    expected: Expected<'_>,
    mut item: impl FnMut(&mut Reader<'de>) -> Result<(), DecodeError>,
) -> Result<Option<Box<[u8]>>, DecodeError> {
    let (mut items, mut extent, mut count) = (None, Extent::default(), 0);
    let mut members = reader.object()?;
    while let Some(name) = members.next_name()? {
        match name.as_bytes() {
            b"Items" => members.fill(&mut items, |reader| {
                reader.array(|reader| {
                    count += 1;
                    let start = reader.position();
                    item(reader)?;
                    expected.check(reader, start)
                })
            })?,
            _ if extent.read(&mut members, &name)? => {}
            _ => beside(&mut members, name, |table| expected.has_table(table))?,
        }
    }
    items.ok_or_else(|| members.missing("Items"))?;
    let counted = extent.finish(&members)?;
    if counted.count != count {
        return Err(DecodeError::refused(0, "`Count` is not the number of the items"));
    }
    Ok(counted.last_evaluated_key)
}

/// The named attributes of one item of a page, as an object of its own: a key to go on from.
pub(crate) fn key_of_item(
    body: &[u8],
    position: usize,
    names: &[&'static str],
) -> Result<Vec<u8>, DecodeError> {
    read_located(body, |reader| {
        let items = member(reader, "Items", raw_array)?.unwrap_or_default();
        let item = items.get(position).copied().unwrap_or(b"{}");
        let mut writer = Writer::with_capacity(256);
        writer.begin_object();
        for name in names {
            let value = attribute_of(item, name)?
                .ok_or_else(|| DecodeError::new(0, Problem::Missing(name)))?;
            writer.member(name);
            writer.raw(value);
        }
        writer.end_object();
        Ok(writer.as_bytes().to_vec())
    })
}

/// A page of a query or a scan whose items are only counted.
#[derive(Debug)]
pub(crate) struct Counted {
    pub(crate) count: u64,
    /// The JSON of the key to go on from, as it came.
    pub(crate) last_evaluated_key: Option<Box<[u8]>>,
}

/// The items are looked at, if there are any.
pub(crate) fn count(body: &[u8], expected: Expected<'_>) -> Result<Counted, DecodeError> {
    read_located(body, |reader| {
        let (mut items, mut extent) = (None, Extent::default());
        let mut members = reader.object()?;
        while let Some(name) = members.next_name()? {
            if name == "Items" {
                members.fill(&mut items, |reader| look_at_items(reader, expected))?;
            } else if !extent.read(&mut members, &name)? {
                beside(&mut members, name, |table| expected.has_table(table))?;
            }
        }
        extent.finish(&members)
    })
}

fn look_at_items(reader: &mut Reader<'_>, expected: Expected<'_>) -> Result<(), DecodeError> {
    reader.array(|reader| {
        let start = reader.position();
        reader.skip_value()?;
        expected.check(reader, start)
    })
}

/// What a page says of its extent, while it is read.
#[derive(Default)]
struct Extent {
    count: Option<u64>,
    scanned_count: Option<u64>,
    last_evaluated_key: Option<Box<[u8]>>,
}

impl Extent {
    /// Reads the member that was just named, if it is about this.
    fn read(&mut self, members: &mut Members<'_, '_>, name: &str) -> Result<bool, DecodeError> {
        match name {
            "Count" => members.fill(&mut self.count, Reader::json_u64)?,
            "ScannedCount" => members.fill(&mut self.scanned_count, Reader::json_u64)?,
            "LastEvaluatedKey" => members.fill(&mut self.last_evaluated_key, key)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn finish(self, members: &Members<'_, '_>) -> Result<Counted, DecodeError> {
        let count = self.count.ok_or_else(|| members.missing("Count"))?;
        self.scanned_count.ok_or_else(|| members.missing("ScannedCount"))?;
        Ok(Counted { count, last_evaluated_key: self.last_evaluated_key })
    }
}

fn decode_items<'de, E: DecodeItem<'de>>(
    reader: &mut Reader<'de>,
    expected: Expected<'_>,
) -> Result<Vec<E>, DecodeError> {
    let mut items = Vec::new();
    let start = reader.position();
    reader.array(|reader| {
        let item = reader.position();
        items.push(E::decode_item(reader)?);
        expected.check(reader, item)?;
        if items.len() == 1 {
            items.reserve(room::<E>(reader.rest().len(), reader.position() - start));
        }
        Ok(())
    })?;
    Ok(items)
}

/// For how many more items to make room, if each takes as many bytes as the first: in no more memory
/// than the bytes themselves take.
fn room<E>(bytes: usize, first: usize) -> usize {
    bytes / first.max(size_of::<E>()).max(1)
}

fn key(reader: &mut Reader<'_>) -> Result<Box<[u8]>, DecodeError> {
    if reader.peek() != Some(b'{') {
        return Err(reader.error(Problem::Expected("a key")));
    }
    reader.raw_value().map(Box::from)
}

/// What `decode` reads of the member of this name, if there is one.
pub(crate) fn read_member<'de, T>(
    body: &'de [u8],
    name: &str,
    decode: impl FnMut(&mut Reader<'de>) -> Result<T, DecodeError>,
) -> Result<Option<T>, DecodeError> {
    read_located(body, |reader| member(reader, name, decode))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::tests::Line;

    const LINE: &str = r#"{"product":{"S":"tea"},"quantity":{"N":"2"}}"#;

    fn line() -> Line {
        Line { product: "tea".to_owned(), quantity: 2 }
    }

    #[test]
    fn an_item_or_none() {
        let body = format!(r#"{{"ConsumedCapacity":{{"Units":0.5}},"Item":{LINE}}}"#);
        assert_eq!(member_item(body.as_bytes(), "Item"), Ok(Some(line())));
        assert_eq!(member_item::<Line>(body.as_bytes(), "Attributes"), Ok(None));
        assert_eq!(member_item::<Line>(b" {} ", "Item"), Ok(None));
    }

    #[test]
    fn what_is_no_response_is_an_error() {
        for body in [
            "",
            "[]",
            "null",
            "{}{}",
            "{} x",
            r#"{"Item":null}"#,
            r#"{"Item":[]}"#,
            r#"{"x":1,"x":2}"#,
            "<html>",
        ] {
            assert!(member_item::<Line>(body.as_bytes(), "Item").is_err(), "{body}");
        }
        let twice = format!(r#"{{"Item":{LINE},"Item":{LINE}}}"#);
        let error = member_item::<Line>(twice.as_bytes(), "Item").unwrap_err();
        assert!(error.is_duplicate());
        assert_eq!(error.path(), Some("Item"));
    }

    #[test]
    fn a_page_keeps_its_key_verbatim() {
        let key = r#"{"id" : {"N": "1.0"}}"#;
        let body = format!(
            r#"{{"Count":2,"Items":[{LINE}, {LINE}],"LastEvaluatedKey":{key},"ScannedCount":7}}"#
        );
        let read = page::<Line>(body.as_bytes(), Expected::ANY).unwrap();
        assert_eq!(read.items, [line(), line()]);
        assert_eq!(read.last_evaluated_key.as_deref(), Some(key.as_bytes()));
        let counted = count(body.as_bytes(), Expected::ANY).unwrap();
        assert_eq!((counted.count, counted.last_evaluated_key), (2, read.last_evaluated_key));
    }

    #[test]
    fn room_is_made_once_for_the_items_of_a_page() {
        let items = vec![LINE; 1_000].join(",");
        let body = format!(r#"{{"Items":[{items}],"Count":1000,"ScannedCount":1000}}"#);
        assert_eq!(page::<Line>(body.as_bytes(), Expected::ANY).unwrap().items.capacity(), 1_000);
        assert_eq!(room::<u8>(1_000, 10), 100);
        assert_eq!(room::<[u8; 50]>(1_000, 10), 20, "in no more memory than the bytes take");
        assert_eq!(room::<()>(1_000, 0), 1_000);
    }

    #[test]
    fn a_page_without_its_parts_is_an_error() {
        for (body, missing) in [
            ("{}", "Items"),
            (r#"{"Items":[],"ScannedCount":0}"#, "Count"),
            (r#"{"Items":[],"Count":0}"#, "ScannedCount"),
        ] {
            let error = page::<Line>(body.as_bytes(), Expected::ANY).unwrap_err();
            assert!(error.is_missing());
            assert_eq!(error.path(), Some(missing));
        }
        for body in [
            r#"{"Items":[],"Count":1,"ScannedCount":1}"#,
            r#"{"Items":[],"Count":-1,"ScannedCount":1}"#,
            r#"{"Items":[],"Count":0,"Count":0,"ScannedCount":1}"#,
            r#"{"Items":[],"Count":0,"ScannedCount":1,"LastEvaluatedKey":null}"#,
            r#"{"Items":{},"Count":0,"ScannedCount":1}"#,
        ] {
            assert!(page::<Line>(body.as_bytes(), Expected::ANY).is_err(), "{body}");
        }
    }

    #[test]
    fn an_error_has_its_place_in_the_page() {
        let body = format!(
            r#"{{"Items":[{LINE},{{"product":{{"S":"tea"}}}}],"Count":2,"ScannedCount":2}}"#
        );
        let error = page::<Line>(body.as_bytes(), Expected::ANY).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`Items[1].quantity`: the attribute is missing; a field that older items lack has `#[dynamo(default)]`"
        );
    }

    #[test]
    fn an_item_that_cannot_be_read_is_no_error_of_the_others() {
        let body = format!(
            r#"{{"Items":[{LINE},{{"product":{{"S":"tea"}}}},{LINE}],"Count":3,"ScannedCount":3}}"#
        );
        let items = each_item::<Line>(body.as_bytes(), None).unwrap().items;
        let [Ok(first), Err(second), Ok(third)] = items.as_slice() else { panic!("{items:?}") };
        assert_eq!([first, third], [&line(), &line()]);
        assert_eq!(
            second.to_string(),
            "`Items[1].quantity`: the attribute is missing; a field that older items lack has `#[dynamo(default)]`"
        );
        assert!(each_item::<Line>(br#"{"Items":[{}}"#, None).is_err(), "the page is malformed");
    }

    #[test]
    fn a_member_as_it_is() {
        assert_eq!(raw_member(br#"{"a": [1, 2.50] ,"b":"x"}"#, "a"), Ok(Some(&b"[1, 2.50]"[..])));
        assert_eq!(raw_member(b"{}", "a"), Ok(None));
    }
}
