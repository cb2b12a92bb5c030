//! The derives in programs that leave them nothing: no prelude, a renamed crate, shadowed names,
//! strict lints, and fields, types and constants named as what is generated.

#![deny(warnings, missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]

extern crate dynamo_runtime as renamed;

/// Nothing is in scope that is not named.
pub mod without_a_prelude {
    #![no_implicit_prelude]

    /// A key.
    #[derive(
        ::dynamo_runtime::KeyPart,
        ::core::clone::Clone,
        ::core::fmt::Debug,
        ::core::cmp::PartialEq,
        ::core::cmp::Eq,
        ::core::hash::Hash,
    )]
    pub struct Id(pub ::std::string::String);

    /// A key of text.
    #[derive(
        ::dynamo_runtime::KeyPart,
        ::core::clone::Clone,
        ::core::fmt::Debug,
        ::core::cmp::PartialEq,
        ::core::cmp::Eq,
        ::core::hash::Hash,
    )]
    pub enum Region {
        /// Here.
        Here,
        /// There.
        There,
    }

    /// A map.
    #[derive(::dynamo_runtime::Document, ::core::clone::Clone, ::core::fmt::Debug)]
    pub struct Address {
        /// Where.
        #[dynamo(alias = "town")]
        pub city: ::std::string::String,
        /// The rest.
        #[dynamo(unknown)]
        pub rest: ::dynamo_runtime::UnknownAttributes,
    }

    /// A group.
    #[derive(::dynamo_runtime::Document, ::core::clone::Clone, ::core::fmt::Debug)]
    pub struct Names {
        /// First.
        #[dynamo(alias = "given")]
        pub first: ::std::string::String,
        /// Last.
        pub last: ::core::option::Option<::std::string::String>,
    }

    /// A map with a tag.
    #[derive(::dynamo_runtime::Document, ::core::clone::Clone, ::core::fmt::Debug)]
    #[dynamo(tag = "type")]
    pub enum Shape {
        /// Fields.
        Circle {
            /// How wide.
            radius: ::core::primitive::u32,
        },
        /// None.
        Nothing,
    }

    /// As it was.
    #[derive(::dynamo_runtime::Document, ::core::clone::Clone, ::core::fmt::Debug)]
    #[dynamo(deny_unknown)]
    pub struct OldUser {
        /// The key.
        pub id: Id,
    }

    /// Some of it.
    #[derive(::dynamo_runtime::Projection, ::core::clone::Clone, ::core::fmt::Debug)]
    #[dynamo(of = User)]
    pub struct Profile<'a> {
        /// Borrowed.
        pub email: ::std::borrow::Cow<'a, ::core::primitive::str>,
        /// Aliased.
        pub age: ::core::primitive::u32,
    }

    /// All words.
    #[derive(::dynamo_runtime::Entity, ::core::clone::Clone, ::core::fmt::Debug)]
    #[dynamo(table = "users", allow(scan, unconditional_delete, unconditional_upsert))]
    #[dynamo(index(by_email, name = "email-index", partition_key = email, sort_key = region))]
    #[dynamo(index(by_region, name = "region-index", local, sort_key = region))]
    #[dynamo(upgrade = OldUser)]
    pub struct User {
        /// The key.
        #[dynamo(partition_key)]
        pub id: Id,
        /// The other.
        #[dynamo(sort_key)]
        pub number: ::core::primitive::u64,
        /// Renamed.
        pub email: ::std::string::String,
        /// Of an index.
        pub region: Region,
        /// Nested.
        pub address: ::core::option::Option<Address>,
        /// Tagged.
        pub shape: ::core::option::Option<Shape>,
        /// Flattened.
        #[dynamo(flatten)]
        pub names: Names,
        /// Defaulted.
        #[dynamo(default, alias = "years")]
        pub age: ::core::primitive::u32,
        /// Defaulted by a function.
        #[dynamo(default = nothing)]
        pub note: ::std::string::String,
        /// Not stored.
        #[dynamo(skip)]
        pub cache: ::core::primitive::bool,
        /// Managed.
        #[dynamo(version)]
        pub version: ::dynamo_runtime::Version,
        /// Managed.
        #[dynamo(created_at)]
        pub created_at: ::dynamo_runtime::Timestamp,
        /// Managed.
        #[dynamo(updated_at)]
        pub updated_at: ::dynamo_runtime::Timestamp,
        /// Managed.
        #[dynamo(ttl)]
        pub expires_at: ::core::option::Option<::dynamo_runtime::Timestamp>,
    }

    /// A partition, by item.
    #[derive(::dynamo_runtime::Collection, ::core::clone::Clone, ::core::fmt::Debug)]
    pub enum Item {
        /// One.
        User(User),
    }

    /// A partition, as one.
    #[derive(::dynamo_runtime::Collection, ::core::clone::Clone, ::core::fmt::Debug)]
    pub struct Users {
        /// All.
        pub all: ::std::vec::Vec<User>,
    }

    impl ::core::convert::TryFrom<OldUser> for User {
        type Error = &'static ::core::primitive::str;

        fn try_from(_: OldUser) -> ::core::result::Result<Self, Self::Error> {
            ::core::result::Result::Err("there is no way")
        }
    }

    fn nothing() -> ::std::string::String {
        ::std::string::String::new()
    }
}

/// The crate has another name, and its own name and those of the language are something else.
pub mod shadowed {
    #![allow(dead_code, non_camel_case_types, missing_docs, unreachable_pub)]

    pub(crate) mod core {}
    pub(crate) mod std {}
    pub(crate) mod alloc {}
    pub(crate) mod dynamo_runtime {}
    pub(crate) mod __private {}

    type Text = ::std::string::String;
    type Maybe<T> = ::core::option::Option<T>;

    pub struct Option;
    pub struct Result;
    pub struct Some;
    pub struct None;
    pub struct Ok;
    pub struct Err;
    pub struct String;
    pub struct Vec;
    pub struct Box;
    pub struct Cow;
    pub struct Field;
    pub struct Reader;
    pub struct Writer;
    pub struct u32;
    pub struct u64;
    pub struct usize;
    pub struct bool;
    pub struct str;
    pub trait Clone {}
    pub trait Default {}
    pub trait From {}
    pub trait Into {}
    pub trait Iterator {}
    pub trait Send {}
    pub trait Sized {}
    pub trait Entity {}
    pub trait Document {}
    pub trait KeyPart {}
    pub trait Projection {}

    #[derive(
        ::renamed::KeyPart,
        ::core::clone::Clone,
        ::core::fmt::Debug,
        ::core::cmp::PartialEq,
        ::core::cmp::Eq,
        ::core::hash::Hash,
    )]
    #[dynamo(crate = "::renamed")]
    pub struct Id(Text);

    #[derive(::renamed::Document, ::core::clone::Clone, ::core::fmt::Debug)]
    #[dynamo(crate = "::renamed", deny_unknown)]
    pub struct Address {
        #[dynamo(default)]
        city: Text,
        #[dynamo(alias = "postcode")]
        zip: Maybe<::core::primitive::u32>,
    }

    #[derive(::renamed::Document, ::core::clone::Clone, ::core::fmt::Debug)]
    #[dynamo(crate = "::renamed", tag = "kind")]
    pub enum Shape {
        Circle { radius: ::core::primitive::u32 },
        Nothing,
    }

    #[derive(::renamed::Document, ::core::clone::Clone, ::core::fmt::Debug)]
    #[dynamo(crate = "::renamed")]
    pub enum Plain {
        One,
        #[dynamo(other)]
        Other(Text),
    }

    #[derive(::renamed::Entity, ::core::clone::Clone, ::core::fmt::Debug)]
    #[dynamo(crate = "::renamed", table = "things", attributes = Attributes)]
    #[dynamo(index(by_owner, name = "owner-index", partition_key = owner, sort_key = number))]
    pub struct Thing {
        #[dynamo(partition_key)]
        id: Id,
        #[dynamo(sort_key)]
        number: ::core::primitive::u64,
        owner: Id,
        address: Address,
        #[dynamo(alias = "form")]
        shape: Maybe<Shape>,
        plain: Maybe<Plain>,
        #[dynamo(version, default)]
        version: ::renamed::Version,
        #[dynamo(ttl)]
        expires_at: Maybe<::renamed::Timestamp>,
        #[dynamo(unknown)]
        rest: ::renamed::UnknownAttributes,
    }

    #[derive(::renamed::Projection, ::core::clone::Clone, ::core::fmt::Debug)]
    #[dynamo(crate = "::renamed", of = Thing, attributes = Attributes)]
    pub struct Placed {
        owner: Id,
        shape: Maybe<Shape>,
    }
}

/// Fields are named as methods, keywords, macros and as what is generated.
pub mod named_as_others {
    use dynamo_runtime::prelude::*;
    use dynamo_runtime::{Document, UnknownAttributes};

    /// Raw, too.
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "words", attributes = Words)]
    pub struct r#Word {
        /// A word.
        #[dynamo(partition_key)]
        pub key: String,
        /// A word.
        #[dynamo(sort_key)]
        pub r#type: String,
        /// A word.
        pub get: Option<u32>,
        /// A word.
        pub send: Option<u32>,
        /// A word.
        pub table: Option<u32>,
        /// A word.
        pub create: Option<u32>,
        /// A word.
        pub query: Option<u32>,
        /// A word.
        pub r#match: Option<u32>,
        /// A word.
        pub r#fn: Option<u32>,
        /// A word.
        pub item: Option<u32>,
        /// A word.
        pub reader: Option<u32>,
        /// A word.
        pub writer: Option<u32>,
        /// A word.
        pub name: Option<u32>,
        /// A word.
        pub names: Option<u32>,
        /// A word.
        pub schema: Option<u32>,
        /// A word.
        pub(crate) __item: Option<u32>,
        /// A word.
        pub(crate) __writer: Option<u32>,
        /// A word.
        #[dynamo(alias = "__0")]
        pub(crate) __1: Option<u32>,
        /// A word.
        #[dynamo(unknown)]
        pub(crate) __unknown: UnknownAttributes,
    }

    /// Constants of its own, as those of the attributes would be.
    impl Word {
        /// A constant.
        pub const KEY: u32 = 1;
        /// A constant.
        pub const GET: u32 = 2;
        /// A constant.
        pub const NAMES: u32 = 3;
        /// A constant.
        pub const SCHEMA: u32 = 4;
    }

    /// Some words.
    #[derive(Projection, Clone, Debug, PartialEq)]
    #[dynamo(of = r#Word, attributes = Words)]
    pub struct Some {
        /// A word.
        pub r#type: String,
        /// A word.
        pub get: Option<u32>,
        /// A word.
        pub(crate) __item: Option<u32>,
        /// A word.
        pub(crate) __1: Option<u32>,
    }

    /// More words.
    #[derive(Document, Clone, Debug, PartialEq)]
    #[dynamo(tag = "match")]
    pub enum r#Tagged {
        /// A word.
        r#Type {
            /// A word.
            r#fn: u32,
            /// A word.
            __item: u32,
            /// A word.
            __writer: u32,
        },
    }
}

/// Errors and warnings of a deprecated or an undocumented item are told where it is, not for what
/// is generated of it.
pub mod deprecated {
    use dynamo_runtime::prelude::*;

    /// It has a deprecated field.
    #[derive(Entity, Clone, Debug)]
    #[dynamo(table = "things")]
    pub struct Thing {
        /// The key.
        #[dynamo(partition_key)]
        pub id: String,
        /// Gone soon.
        #[deprecated]
        #[dynamo(alias = "older")]
        pub old: Option<String>,
    }

    /// It reads the deprecated attribute.
    #[derive(Projection, Clone)]
    #[dynamo(of = Thing)]
    pub struct Old {
        /// Gone soon.
        pub old: Option<String>,
    }
}

/// A local scope sees what is generated in it, and no other.
#[test]
fn derives_stand_in_a_function_beside_others_of_the_same_names() {
    use dynamo_runtime::codec::{decode_item, encode_item};
    use dynamo_runtime::prelude::*;

    mod other {
        use dynamo_runtime::prelude::*;

        #[derive(Entity, Clone, Debug, PartialEq)]
        #[dynamo(table = "others")]
        pub(super) struct User {
            #[dynamo(partition_key)]
            pub(super) id: u32,
        }
    }

    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "users")]
    struct User {
        #[dynamo(partition_key)]
        id: String,
    }

    let user: User = decode_item(br#"{"id":{"S":"a"}}"#).unwrap();
    assert_eq!(user.to_key(), UserKey { id: "a".to_owned() });
    let other: other::User = decode_item(br#"{"id":{"N":"1"}}"#).unwrap();
    assert_eq!(encode_item(&other).unwrap(), br#"{"id":{"N":"1"}}"#);
    assert_eq!(other.id, 1);
}

#[test]
fn words_of_all_kinds_are_stored_and_read() {
    use dynamo_runtime::codec::{decode_item, encode_item};

    use named_as_others::{Some as SomeWords, Tagged, Word, Words};

    let json = br#"{"key":{"S":"k"},"type":{"S":"t"},"get":{"N":"2"},"match":{"N":"3"},"__item":{"N":"4"},"__1":{"N":"5"},"more":{"BOOL":true}}"#;
    let word: Word = decode_item(json).unwrap();
    assert_eq!(
        (word.get, word.r#match, word.__item, word.__1),
        (Some(2), Some(3), Some(4), Some(5))
    );
    assert_eq!(encode_item(&word).unwrap(), json);
    let some: SomeWords = decode_item(json).unwrap();
    assert_eq!((some.r#type.as_str(), some.__item), ("t", Some(4)));
    assert_eq!(format!("{:?} {:?}", Words::TYPE, Words::FN), "type fn");
    assert_eq!(Word::KEY + Word::GET + Word::NAMES + Word::SCHEMA, 10);
    let tagged = Tagged::Type { r#fn: 1, __item: 2, __writer: 3 };
    let json = encode_item(&tagged).unwrap();
    assert_eq!(decode_item::<Tagged>(&json).unwrap(), tagged);
}
