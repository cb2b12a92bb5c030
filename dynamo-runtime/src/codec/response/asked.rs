//! Whether a response belongs to its request: it is about the tables and the items that were asked for.

use std::borrow::Cow;
use std::ops::Range;

use super::super::equality::same_value;
use super::super::error::{DecodeError, Problem};
use super::super::members::Members;
use super::super::reader::{Reader, read};
use super::super::stray::Stray;
use super::member;

/// The attributes of a table's key: the partition key, and the sort key if there is one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyNames([Option<&'static str>; 2]);

impl KeyNames {
    /// Of a request on several items.
    pub(crate) const NONE: Self = Self([None, None]);

    pub(crate) const fn new(partition_key: &'static str, sort_key: Option<&'static str>) -> Self {
        Self([Some(partition_key), sort_key])
    }

    pub(crate) fn each(self) -> impl Iterator<Item = &'static str> {
        self.0.into_iter().flatten()
    }
}

/// What a request asks for, as places in its body, so that nothing is copied.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) tables: AskedTables,
    pub(crate) items: AskedItems,
}

/// The tables that a request is about.
#[derive(Clone, Debug, Default)]
pub(crate) enum AskedTables {
    #[default]
    Any,
    /// The place of its physical name.
    One(Range<usize>),
    /// By their physical names.
    Each(Vec<String>),
}

/// The items that a request is about.
#[derive(Clone, Debug, Default)]
pub(crate) enum AskedItems {
    #[default]
    None,
    One {
        item: AskedItem,
        /// Whether what the service gives back of it has its key.
        has_key: bool,
    },
    /// By their places in a transaction.
    Each(Vec<AskedItem>),
    /// Those of a page or a batch, which are compared with the request while they are read.
    Many,
}

/// An item whose key a request has.
#[derive(Clone, Debug)]
pub(crate) struct AskedItem {
    pub(crate) names: KeyNames,
    /// Where in the request's body the key is, or the whole item.
    pub(crate) place: Range<usize>,
}

impl Asked {
    /// The items of a page or a batch.
    pub(crate) const MANY: Self = Self { tables: AskedTables::Any, items: AskedItems::Many };

    /// Checks the body of a success.
    ///
    /// # Errors
    /// It does not belong to this request.
    pub(crate) fn check_success(&self, request: &[u8], body: &[u8]) -> Result<(), Stray> {
        if matches!(self.items, AskedItems::Many) {
            return if is_in_braces(body) { Ok(()) } else { Err(Stray::NotAnObject) };
        }
        let checked = read(body, |reader| self.check_members(request, reader));
        checked.map_err(|error| error.stray().unwrap_or(Stray::NotAnObject))
    }

    fn check_members(&self, request: &[u8], reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        let is_asked = |table: &str| self.tables.have(request, table);
        let (mut item, mut items) = (None, None);
        let mut members = reader.object()?;
        while let Some(name) = members.next_name()? {
            match (&*name, &self.items) {
                ("Item" | "Attributes", AskedItems::One { item: asked, has_key }) => {
                    members.fill(&mut item, |reader| asked.check(request, reader, *has_key))?;
                }
                ("Responses", AskedItems::Each(asked)) => {
                    members.fill(&mut items, |reader| check_each(asked, request, reader))?;
                }
                _ => beside(&mut members, name, is_asked)?,
            }
        }
        Ok(())
    }

    /// Checks the body of a rejection, which has the items whose conditions failed.
    ///
    /// # Errors
    /// It has another item.
    pub(crate) fn check_rejection(&self, request: &[u8], body: &[u8]) -> Result<(), Stray> {
        let checked = read(body, |reader| match &self.items {
            AskedItems::One { item, .. } => {
                member(reader, "Item", |reader| item.check(request, reader, true)).map(drop)
            }
            AskedItems::Each(items) => {
                member(reader, "CancellationReasons", |reader| check_each(items, request, reader))
                    .map(drop)
            }
            AskedItems::None | AskedItems::Many => reader.skip_value(),
        });
        // What cannot be read of it gives no item.
        checked.or_else(|error| error.stray().map_or(Ok(()), Err))
    }
}

impl AskedTables {
    fn have(&self, request: &[u8], found: &str) -> bool {
        match self {
            Self::Any => true,
            Self::One(place) => request
                .get(place.clone())
                .is_some_and(|name| is_table(found, str::from_utf8(name).unwrap_or_default())),
            Self::Each(names) => names.iter().any(|name| is_table(found, name)),
        }
    }
}

impl AskedItem {
    /// Reads an item, which must be this one; the JSON is read whole, and an item's values are not
    /// looked at.
    fn check(
        &self,
        request: &[u8],
        reader: &mut Reader<'_>,
        has_key: bool,
    ) -> Result<(), DecodeError> {
        let start = reader.position();
        let found = values_of(&self.names, reader)?;
        let key = request.get(self.place.clone()).unwrap_or_default();
        let asked = read(key, |reader| values_of(&self.names, reader))?;
        let is_asked = self.names.0.iter().zip(asked).zip(found).all(|keys| match keys {
            ((None, _), _) => true,
            ((Some(_), Some(asked)), Some(found)) => is_same(asked, found),
            ((Some(_), _), None) => !has_key,
            ((Some(_), None), Some(_)) => false,
        });
        if is_asked { Ok(()) } else { Err(stray(start, Stray::OtherItem)) }
    }
}

/// The items of a transaction, or the reasons of its actions, each at the place of its request.
fn check_each(
    asked: &[AskedItem],
    request: &[u8],
    reader: &mut Reader<'_>,
) -> Result<(), DecodeError> {
    let mut places = asked.iter();
    reader.array(|reader| {
        let asked = places.next();
        if reader.peek() != Some(b'{') {
            return reader.skip_value();
        }
        let item = member(reader, "Item", |reader| match asked {
            Some(asked) => asked.check(request, reader, true),
            None => Err(stray(reader.position(), Stray::OtherItem)),
        });
        item.map(drop)
    })
}

/// The JSON of these attributes of an item.
fn values_of<'de>(
    names: &KeyNames,
    reader: &mut Reader<'de>,
) -> Result<[Option<&'de [u8]>; 2], DecodeError> {
    let mut values = [None, None];
    let mut item = reader.item()?;
    while let Some(name) = item.next_name()? {
        let key = names.0.iter().position(|key| *key == Some(&*name));
        match key.and_then(|key| values.get_mut(key)) {
            Some(value) => item.fill(value, Reader::raw_value)?,
            None => item.pass()?,
        }
    }
    Ok(values)
}

/// Whether two values of a key are one, which may be spelt in two ways.
pub(super) fn is_same(asked: &[u8], found: &[u8]) -> bool {
    asked == found || same_value(asked, found).unwrap_or(false)
}

/// Reads a member of a success that is beside what was asked for: it must be about the tables of the request.
pub(super) fn beside<'de>(
    members: &mut Members<'_, 'de>,
    name: Cow<'de, str>,
    is_asked: impl Fn(&str) -> bool,
) -> Result<(), DecodeError> {
    let start = members.start();
    match &*name {
        "__type" => Err(stray(start, Stray::ErrorDocument)),
        "ConsumedCapacity" | "ItemCollectionMetrics" => {
            let is_capacity = name == "ConsumedCapacity";
            let json = members.attribute_value(&name)?;
            let are_asked = read(json, |reader| {
                if is_capacity { tables_of(reader, &is_asked) } else { metrics(reader, &is_asked) }
            });
            if are_asked? { Ok(()) } else { Err(stray(start, Stray::OtherTable)) }
        }
        _ => members.skip(name),
    }
}

/// Whether the consumed capacity, of one table or of several, is that of tables which were asked for.
fn tables_of(
    reader: &mut Reader<'_>,
    is_asked: &impl Fn(&str) -> bool,
) -> Result<bool, DecodeError> {
    let mut are_asked = true;
    let mut one = |reader: &mut Reader<'_>| {
        if reader.peek() != Some(b'{') {
            return reader.skip_value();
        }
        let table = member(reader, "TableName", Reader::json_string)?;
        are_asked &= table.is_none_or(|table| is_asked(&table));
        Ok(())
    };
    if reader.peek() == Some(b'[') {
        reader.array(one)?;
    } else {
        one(reader)?;
    }
    Ok(are_asked)
}

/// Whether the metrics of collections, which a batch has by the names of tables, are those of tables which were asked
/// for.
fn metrics(reader: &mut Reader<'_>, is_asked: &impl Fn(&str) -> bool) -> Result<bool, DecodeError> {
    let mut are_asked = true;
    if reader.peek() != Some(b'{') {
        reader.skip_value()?;
        return Ok(are_asked);
    }
    let mut members = reader.object()?;
    while let Some(name) = members.next_name()? {
        // Those of a single write have no table, and these two members.
        let is_single = matches!(&*name, "ItemCollectionKey" | "SizeEstimateRangeGB");
        are_asked &= is_single || is_asked(&name);
        members.skip(name)?;
    }
    Ok(are_asked)
}

/// Whether the service means this table: by its name, or by its ARN.
pub(super) fn is_table(found: &str, asked: &str) -> bool {
    found == asked
        || found.starts_with("arn:")
            && found.split_once(":table/").is_some_and(|(_, name)| name == asked)
}

/// Whether it could be a JSON object; what is in it is read later.
fn is_in_braces(body: &[u8]) -> bool {
    matches!(body.trim_ascii(), [b'{', .., b'}'])
}

#[cold]
pub(super) fn stray(offset: usize, stray: Stray) -> DecodeError {
    DecodeError::new(offset, Problem::Stray(stray))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: &[u8] = br#"{"TableName":"users","Key":{"id":{"S":"a"},"at":{"N":"1"}}}"#;
    const KEY: &str = r#""id":{"S":"a"},"at":{"N":"1"}"#;

    fn place_of(part: &str) -> Range<usize> {
        let start = str::from_utf8(REQUEST).unwrap().find(part).unwrap();
        start..start + part.len()
    }

    fn item() -> AskedItem {
        AskedItem { names: KeyNames::new("id", Some("at")), place: place_of(&format!("{{{KEY}}}")) }
    }

    fn one(has_key: bool) -> Asked {
        let tables = AskedTables::One(place_of("users"));
        Asked { tables, items: AskedItems::One { item: item(), has_key } }
    }

    fn each() -> Asked {
        let other = AskedItem { names: KeyNames::new("id", None), place: item().place };
        let tables = AskedTables::Each(vec!["users".to_owned(), "orders".to_owned()]);
        Asked { tables, items: AskedItems::Each(vec![item(), other]) }
    }

    #[test]
    fn a_success_is_one_object_and_no_error() {
        let check = |body: &str| one(true).check_success(REQUEST, body.as_bytes());
        for body in ["{}", " {} ", r#"{"new":[{"x":1},null]}"#, r#"{"Type":"x"}"#] {
            assert_eq!(check(body), Ok(()), "{body}");
        }
        for body in ["", "[]", "null", "\"x\"", "1", "{}{}", "{} x", "{", "{\"x\":}", "<html>"] {
            assert_eq!(check(body), Err(Stray::NotAnObject), "{body}");
        }
        assert_eq!(one(true).check_success(REQUEST, b"{\"x\":\"\xff\"}"), Err(Stray::NotAnObject));
        for body in [r#"{"__type":"x"}"#, r#"{"Item":{},"message":"m","\u005f_type":null}"#] {
            let found = one(false).check_success(REQUEST, body.as_bytes());
            assert_eq!(found, Err(Stray::ErrorDocument), "{body}");
        }
        let nested = format!(r#"{{"Item":{{{KEY},"__type":{{"S":"x"}}}}}}"#);
        assert_eq!(check(&nested), Ok(()), "an attribute of that name is the user's");
    }

    #[test]
    fn a_page_is_in_braces_and_read_later() {
        for (body, is_one) in [("{}", true), ("\n{\"x\":1} ", true), ("[]", false), ("{} x", false)]
        {
            assert_eq!(Asked::MANY.check_success(b"", body.as_bytes()).is_ok(), is_one, "{body}");
        }
        assert_eq!(Asked::MANY.check_success(b"", b"{"), Err(Stray::NotAnObject));
    }

    #[test]
    fn an_item_has_the_key_that_was_asked_for() {
        for member in ["Item", "Attributes"] {
            let check = |asked: &Asked, item: &str| {
                asked.check_success(REQUEST, format!(r#"{{"{member}":{{{item}}}}}"#).as_bytes())
            };
            for item in [
                KEY,
                r#""at":{"N":"1"},"x":{"L":[{"M":{"id":{"S":"b"}}}]},"id":{"S":"a"}"#,
                r#""\u0069d" : {"S":"\u0061"}, "at":{"N":"10e-1"}"#,
            ] {
                assert_eq!(check(&one(true), item), Ok(()), "{item}");
                assert_eq!(check(&one(false), item), Ok(()), "{item}");
            }
            for item in [
                r#""id":{"S":"b"},"at":{"N":"1"}"#,
                r#""id":{"S":"a"},"at":{"N":"2"}"#,
                r#""id":{"S":"a"},"at":{"S":"1"}"#,
            ] {
                assert_eq!(check(&one(true), item), Err(Stray::OtherItem), "{item}");
                assert_eq!(check(&one(false), item), Err(Stray::OtherItem), "{item}");
            }
            for item in [r#""id":{"S":"a"}"#, r#""x":{"M":{"id":{"S":"a"},"at":{"N":"1"}}}"#, ""] {
                assert_eq!(check(&one(true), item), Err(Stray::OtherItem), "{item}");
                assert_eq!(check(&one(false), item), Ok(()), "a part has no key: {item}");
            }
        }
    }

    #[test]
    fn a_rejection_has_the_item_that_was_asked_for() {
        let check = |item: &str| {
            let body = format!(r#"{{"__type":"x#ConditionalCheckFailedException","Item":{item}}}"#);
            one(false).check_rejection(REQUEST, body.as_bytes())
        };
        assert_eq!(check(&format!("{{{KEY}}}")), Ok(()));
        assert_eq!(check(r#"{"id":{"S":"b"},"at":{"N":"1"}}"#), Err(Stray::OtherItem));
        assert_eq!(check("{}"), Err(Stray::OtherItem));
        for body in ["", "[]", "<html>", r#"{"__type":"x"}"#, r#"{"Item":[]}"#] {
            assert_eq!(one(true).check_rejection(REQUEST, body.as_bytes()), Ok(()), "{body}");
        }
        assert_eq!(Asked::default().check_rejection(REQUEST, b"{\"Item\":{}}"), Ok(()));
    }

    #[test]
    fn each_item_of_a_transaction_stands_at_its_own_place() {
        let (first, second) = (format!(r#"{{"Item":{{{KEY}}}}}"#), r#"{"Item":{"id":{"S":"a"}}}"#);
        let other = r#"{"Item":{"id":{"S":"b"},"at":{"N":"1"}}}"#;
        for (items, is_asked) in [
            (format!("{first},{second}"), true),
            ("{},null".to_owned(), true),
            (format!("null,{second}"), true),
            (format!("{second},{first}"), false),
            (format!("{first},{other}"), false),
            (format!("{first},{second},{first}"), false),
        ] {
            let expected = if is_asked { Ok(()) } else { Err(Stray::OtherItem) };
            let body = format!(r#"{{"Responses":[{items}]}}"#);
            assert_eq!(each().check_success(REQUEST, body.as_bytes()), expected, "{body}");
            let body = format!(r#"{{"CancellationReasons":[{items}]}}"#);
            assert_eq!(each().check_rejection(REQUEST, body.as_bytes()), expected, "{body}");
        }
    }

    #[test]
    fn what_is_told_of_tables_is_of_those_that_were_asked_for() {
        let arn = "arn:aws:dynamodb:us-east-1:123456789012:table/users";
        for (members, is_asked) in [
            (r#""ConsumedCapacity":{"TableName":"users","CapacityUnits":1}"#.to_owned(), true),
            (format!(r#""ConsumedCapacity":{{"TableName":"{arn}"}}"#), true),
            (r#""ConsumedCapacity":{"CapacityUnits":1}"#.to_owned(), true),
            (r#""ConsumedCapacity":null"#.to_owned(), true),
            (r#""ConsumedCapacity":[{"TableName":"users"}]"#.to_owned(), true),
            (r#""ConsumedCapacity":{"TableName":"admins"}"#.to_owned(), false),
            (r#""ConsumedCapacity":{"TableName":"user"}"#.to_owned(), false),
            (format!(r#""ConsumedCapacity":{{"TableName":"{arn}-2"}}"#), false),
            (r#""ConsumedCapacity":{"TableName":"x:table/users"}"#.to_owned(), false),
            (format!(r#""ConsumedCapacity":{{"TableName":"{arn}/index/i"}}"#), false),
            (r#""ConsumedCapacity":[{"TableName":"users"},{"TableName":"x"}]"#.to_owned(), false),
            (r#""ItemCollectionMetrics":{"ItemCollectionKey":{"id":{"S":"a"}}}"#.to_owned(), true),
            (r#""ItemCollectionMetrics":{"users":[]}"#.to_owned(), true),
            (r#""ItemCollectionMetrics":{"users":[],"admins":[]}"#.to_owned(), false),
        ] {
            let body = format!("{{{members}}}");
            let expected = if is_asked { Ok(()) } else { Err(Stray::OtherTable) };
            for asked in [one(true), each()] {
                assert_eq!(asked.check_success(REQUEST, body.as_bytes()), expected, "{body}");
            }
            assert_eq!(Asked::default().check_success(REQUEST, body.as_bytes()), Ok(()), "{body}");
        }
    }
}
