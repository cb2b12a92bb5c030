//! The order of the members of the object that was read before, as a guess for the next one.
//!
//! The items of a page have their attributes in the same order, whichever it is. So the name that
//! followed another before is compared first, which is cheaper than to find out which one comes.

use super::strings::is_special;

/// Bytes of memory; more fields or depths than these share them.
const SIZE: usize = 128;

/// So many places for the objects at one depth: the start, any that is no field, and fields.
const PLACES: usize = 16;

/// For each field of an object at each depth, which one came after it.
///
/// It is a guess, and each use compares the name: objects of other types may have written it.
#[derive(Clone)]
pub(super) struct Order {
    /// A field and one more; nothing is zero.
    following: [u8; SIZE],
}

impl Order {
    pub(super) const fn new() -> Self {
        Self { following: [0; SIZE] }
    }

    /// The place that may follow this one.
    #[inline]
    pub(super) fn after(&self, place: FieldPlace) -> Option<usize> {
        let following = self.following.get(place.0 % SIZE)?;
        usize::from(*following).checked_sub(1)
    }

    #[inline]
    pub(super) fn learn(&mut self, place: FieldPlace, next: usize) {
        if let Some(following) = self.following.get_mut(place.0 % SIZE) {
            // What is no field, or too far, is nothing.
            *following = u8::try_from(next.wrapping_add(1)).unwrap_or(0);
        }
    }
}

/// A field of an object at a depth, any member that is none, or the object's start.
#[derive(Clone, Copy)]
pub(super) struct FieldPlace(usize);

impl FieldPlace {
    #[inline]
    pub(super) const fn start(depth: usize) -> Self {
        Self(depth.wrapping_mul(PLACES))
    }

    #[inline]
    pub(super) const fn field(depth: usize, field: usize) -> Self {
        Self(depth.wrapping_mul(PLACES).wrapping_add(field).wrapping_add(2))
    }
}

/// The names of a struct's attributes.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct FieldNames {
    /// Empty where one is not in JSON as it is, so that none is guessed.
    plain: &'static [&'static str],
}

impl FieldNames {
    /// The field of a name that is none of these.
    pub const OTHER: usize = usize::MAX;

    /// The names of the fields, each in its place.
    #[expect(clippy::indexing_slicing, reason = "the places are within the bounds")]
    pub const fn new(names: &'static [&'static str]) -> Self {
        let mut place = 0;
        while place < names.len() {
            let name = names[place].as_bytes();
            let mut byte = 0;
            while byte < name.len() {
                if is_special(name[byte]) {
                    return Self { plain: &[] };
                }
                byte += 1;
            }
            place += 1;
        }
        Self { plain: names }
    }

    /// The name at this place, which is the same in JSON.
    #[inline]
    pub(super) fn plain(&self, place: usize) -> Option<&'static str> {
        self.plain.get(place).copied()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codec::{Aside, DecodeError, Members, Reader, reader};

    /// Structs whose fields have the same places, and names that are not.
    const STRUCTS: [&[&str]; 3] = [&["a", "b", "c"], &["c", "a\"b", "a"], &["b", "ü", ""]];

    /// Each member's field, name and value.
    type Read = Vec<(usize, String, String)>;

    fn read_struct(reader: &mut Reader<'_>, names: &'static [&str]) -> Result<Read, DecodeError> {
        read_fields(reader.item()?, names)
    }

    fn read_fields(mut item: Members<'_, '_>, names: &'static [&str]) -> Result<Read, DecodeError> {
        let mut read = Vec::new();
        let find =
            |name: &str| names.iter().position(|known| *known == name).unwrap_or(FieldNames::OTHER);
        while let Some((field, name)) = item.next_field(&FieldNames::new(names), find)? {
            let value = item.read_by(Reader::string)?;
            read.push((field, name.into_owned(), value.into_owned()));
        }
        Ok(read)
    }

    /// The objects as one array, and what is read of it.
    fn read_together(
        objects: &[(String, &'static [&str])],
    ) -> (String, Result<Vec<Read>, DecodeError>) {
        let json: Vec<_> = objects.iter().map(|(json, _)| json.as_str()).collect();
        let json = format!("[{}]", json.join(","));
        let mut names = objects.iter().map(|(_, names)| *names);
        let mut read = Vec::new();
        let outcome = reader::read(json.as_bytes(), |reader| {
            reader.array(|reader| {
                read.push(read_struct(reader, names.next().unwrap_or_default())?);
                Ok(())
            })
        });
        (json, outcome.map(|()| read))
    }

    /// A member as JSON, as others write it and as nobody may.
    fn member() -> impl Strategy<Value = String> {
        let name = prop_oneof![
            8 => prop::sample::select(vec![r#""a""#, r#""b""#, r#""c""#, r#""d""#]),
            4 => prop::sample::select(vec![r#""\u0061""#, r#""a\"b""#, r#""ü""#, r#""""#, r#" "b""#]),
            1 => prop::sample::select(vec![r#""a"b""#, r#""a"#, "b"]),
        ];
        let after = prop_oneof![20 => Just(":"), 1 => Just(" :"), 1 => Just(""), 1 => Just("\"")];
        (name, after).prop_map(|(name, after)| format!(r#"{name}{after}{{"S":"x"}}"#))
    }

    proptest! {
        #[test]
        fn what_was_read_before_changes_nothing(
            objects in prop::collection::vec((prop::collection::vec(member(), 0..5), 0..3_usize), 1..8),
            of_one_struct: bool,
        ) {
            let objects = objects.into_iter().map(|(members, which)| {
                let which = if of_one_struct { 0 } else { which };
                (format!("{{{}}}", members.join(",")), STRUCTS[which])
            });
            let objects: Vec<_> = objects.collect();
            let (json, together) = read_together(&objects);
            let alone = objects.iter().map(|(json, names)| {
                reader::read(json.as_bytes(), |reader| read_struct(reader, names))
            });
            let alone: Result<Vec<_>, _> = alone.collect();
            prop_assert_eq!(together.is_ok(), alone.is_ok(), "{}", json);
            if let (Ok(together), Ok(alone)) = (together, alone) {
                prop_assert_eq!(together, alone);
            }
        }
    }

    fn objects(objects: &[&str]) -> Vec<(String, &'static [&'static str])> {
        let value = |object: &str| object.replace('=', r#":{"S":"x"}"#);
        objects.iter().map(|object| (value(object), STRUCTS[0])).collect()
    }

    #[test]
    fn what_is_guessed_is_read_as_what_is_not() {
        let same = objects(&[r#"{"a"=,"b"=}"#, r#"{"a"=,"b"=}"#, r#"{"a"=,"b"=,"c"=}"#]);
        let read = read_together(&same).1.unwrap();
        let fields = read.iter().map(|read| read.iter().map(|(field, ..)| *field).collect());
        assert_eq!(fields.collect::<Vec<Vec<_>>>(), [vec![0, 1], vec![0, 1], vec![0, 1, 2]]);
        for broken in [r#"{,"a"=}"#, r#"{"a"="b"=}"#, r#"{"a"=,,"b"=}"#, r#"{"a"=,"b"=,}"#] {
            let both = objects(&[r#"{"a"=,"b"=}"#, broken]);
            assert!(read_together(&both).1.unwrap_err().is_malformed(), "{broken}");
        }
    }

    #[test]
    fn a_guessed_name_that_stands_twice_has_its_place() {
        let (json, _) = read_together(&objects(&[r#"{"b"=,"a"=}"#, r#"{"a"=,"b"=,"a"=}"#]));
        let read = |reader: &mut Reader<'_>| {
            reader.array(|reader| {
                let mut item = reader.item()?;
                let mut values = [const { None }; 2];
                let find = |name: &str| usize::from(name == "b");
                while let Some((field, _)) = item.next_field(&FieldNames::new(&["a", "b"]), find)? {
                    item.fill(&mut values[field], Reader::string)?;
                }
                Ok(())
            })
        };
        let error = reader::read(json.as_bytes(), read).unwrap_err();
        assert!(error.is_duplicate(), "{error}");
        assert_eq!(error.offset(), json.rfind(r#""a""#).unwrap());
    }

    #[test]
    fn a_name_that_needs_an_escape_is_not_guessed_without_it() {
        let objects = [(r#"{"b":{"S":"x"}}"#.to_owned(), STRUCTS[0])];
        let escaped = (r#"{"a\"b":{"S":"x"}}"#.to_owned(), STRUCTS[1]);
        let bare = (r#"{"a"b":{"S":"x"}}"#.to_owned(), STRUCTS[1]);
        for (last, is_json) in [(escaped, true), (bare, false)] {
            let objects = [&objects[..], &[last]].concat();
            assert_eq!(read_together(&objects).1.is_ok(), is_json);
        }
    }

    #[test]
    fn what_follows_an_object_is_none_of_the_members_that_were_put_aside() {
        let json = br#"{"one":{"a":{"S":"x"}},"two":{"a":{"S":"y"}},"a":{"S":"z"}}"#;
        let read = |value: &str| vec![(0, "a".to_owned(), value.to_owned())];
        let outcome = reader::read(json, |reader| {
            let mut outer = reader.object()?;
            outer.next_name()?;
            assert_eq!(outer.read_by(|reader| read_struct(reader, STRUCTS[0]))?, read("x"));
            outer.next_name()?;
            let two = outer.read_by(|reader| {
                let mut item = reader.item()?;
                let mut aside = Aside::default();
                while let Some(name) = item.next_name()? {
                    item.put_aside(&mut aside, name)?;
                }
                read_fields(item.resume(aside), STRUCTS[0])
            })?;
            assert_eq!(two, read("y"));
            read_fields(outer, STRUCTS[0])
        });
        assert_eq!(outcome, Ok(read("z")));
    }

    #[test]
    fn an_order_with_members_that_are_no_fields_is_learnt_once() {
        let guessed = |names: [Option<usize>; 4]| {
            let mut order = Order::new();
            let guesses = [(); 2].map(|()| {
                let mut place = FieldPlace::start(3);
                names.map(|field| {
                    let field = field.unwrap_or(FieldNames::OTHER);
                    let guess = order.after(place);
                    order.learn(place, field);
                    place = FieldPlace::field(3, field);
                    guess
                })
            });
            guesses[1]
        };
        for names in [[Some(0), Some(1), None, Some(2)], [None, Some(0), Some(1), Some(2)]] {
            assert_eq!(guessed(names), names);
        }
    }

    #[test]
    fn places_that_are_too_far_are_forgotten() {
        let mut order = Order::new();
        for field in [0, 1, 127, 254, 255, usize::MAX - 1, usize::MAX] {
            let place = FieldPlace::field(3, field);
            order.learn(place, field);
            assert_eq!(order.after(place), Some(field).filter(|field| *field < 255));
        }
    }
}
