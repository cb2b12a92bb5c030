//! The entities of the model, and how they are stored by the documentation of their types.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::time::Duration;

use dynamo_runtime::prelude::*;

use super::value::{Item, OfValue, Path, PathExt, ToValue, Value, path};

/// Of every type that has operators of its own, under names that an expression could stumble over.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "model-things", rename_all = "camelCase")]
#[dynamo(allow(scan, unconditional_put, unconditional_delete, unconditional_upsert))]
#[dynamo(index(by_label, name = "label-index", partition_key = label, sort_key = rank))]
pub struct Thing {
    #[dynamo(partition_key)]
    pub id: String,
    #[dynamo(sort_key)]
    pub number: i32,
    pub label: Option<String>,
    pub rank: Option<i16>,
    #[dynamo(default, rename = "size")]
    pub count: u8,
    pub delta: Option<i8>,
    #[dynamo(default)]
    pub ratio: f64,
    #[dynamo(default)]
    pub flag: bool,
    #[dynamo(default)]
    pub bytes: Vec<u8>,
    #[dynamo(default = first_tag)]
    pub tags: Vec<String>,
    pub names: Option<Vec<String>>,
    #[dynamo(default)]
    pub slots: Vec<Option<u8>>,
    pub roles: BTreeSet<String>,
    pub marks: BTreeSet<i16>,
    pub prices: Option<BTreeMap<String, u8>>,
    pub detail: Option<Detail>,
    pub grid: Option<Vec<Vec<f64>>>,
}

pub fn first_tag() -> Vec<String> {
    vec!["first".to_owned()]
}

#[derive(Document, Clone, Debug, PartialEq)]
pub struct Detail {
    pub city: Option<String>,
    #[dynamo(default)]
    pub visits: u8,
    pub weights: Option<Vec<f64>>,
}

/// With keys of parts, a version and a time of expiry.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "model-tickets", allow(scan, unconditional_delete))]
#[dynamo(partition_key("pk") = "TEAM#{team}", sort_key("sk") = "TICKET#{day}#{number}")]
#[dynamo(index(
    by_state,
    name = "state-index",
    partition_key("gsi1pk") = "STATE#{state}",
    sort_key("gsi1sk") = "{place}#{owner}"
))]
pub struct Ticket {
    pub team: String,
    pub day: i8,
    pub number: u16,
    pub state: String,
    pub place: Option<String>,
    pub owner: Option<String>,
    pub points: u64,
    #[dynamo(ttl)]
    pub expires_at: Option<Timestamp>,
    #[dynamo(version)]
    pub version: Version,
}

/// An entity of which the model knows how it is stored.
pub trait Modelled: Entity + Clone + std::fmt::Debug {
    fn to_item(&self) -> Item;

    fn of_item(item: &Item) -> Self;
}

fn item<const N: usize>(attributes: [(&str, Option<Value>); N]) -> Item {
    let present =
        attributes.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    present.filter(|(_, value)| !value.is_empty_set()).collect()
}

fn read<T: OfValue>(item: &Item, name: &str) -> Option<T> {
    item.get(name).map(T::of)
}

impl Modelled for Thing {
    fn to_item(&self) -> Item {
        item([
            ("id", Some(self.id.value())),
            ("number", Some(self.number.value())),
            ("label", self.label.as_ref().map(ToValue::value)),
            ("rank", self.rank.as_ref().map(ToValue::value)),
            ("size", Some(self.count.value())),
            ("delta", self.delta.as_ref().map(ToValue::value)),
            ("ratio", Some(self.ratio.value())),
            ("flag", Some(self.flag.value())),
            ("bytes", Some(self.bytes.value())),
            ("tags", Some(self.tags.value())),
            ("names", self.names.as_ref().map(ToValue::value)),
            ("slots", Some(self.slots.value())),
            ("roles", Some(self.roles.value())),
            ("marks", Some(self.marks.value())),
            ("prices", self.prices.as_ref().map(ToValue::value)),
            ("detail", self.detail.as_ref().map(ToValue::value)),
            ("grid", self.grid.as_ref().map(ToValue::value)),
        ])
    }

    fn of_item(item: &Item) -> Self {
        Self {
            id: read(item, "id").unwrap(),
            number: read(item, "number").unwrap(),
            label: read(item, "label"),
            rank: read(item, "rank"),
            count: read(item, "size").unwrap_or_default(),
            delta: read(item, "delta"),
            ratio: read(item, "ratio").unwrap_or_default(),
            flag: read(item, "flag").unwrap_or_default(),
            bytes: read(item, "bytes").unwrap_or_default(),
            tags: read(item, "tags").unwrap_or_else(first_tag),
            names: read(item, "names"),
            slots: read(item, "slots").unwrap_or_default(),
            roles: read(item, "roles").unwrap_or_default(),
            marks: read(item, "marks").unwrap_or_default(),
            prices: read(item, "prices"),
            detail: read(item, "detail"),
            grid: read(item, "grid"),
        }
    }
}

impl ToValue for Detail {
    fn value(&self) -> Value {
        Value::Map(item([
            ("city", self.city.as_ref().map(ToValue::value)),
            ("visits", Some(self.visits.value())),
            ("weights", self.weights.as_ref().map(ToValue::value)),
        ]))
    }
}

impl OfValue for Detail {
    fn of(value: &Value) -> Self {
        let Value::Map(map) = value else { panic!("{value:?} is no map") };
        Self {
            city: read(map, "city"),
            visits: read(map, "visits").unwrap_or_default(),
            weights: read(map, "weights"),
        }
    }
}

/// The keys are left out: what they are and are for is modelled by what queries find.
impl Modelled for Ticket {
    fn to_item(&self) -> Item {
        let expires_at = self.expires_at.map(|time| Value::number(time.epoch_seconds()));
        item([
            ("team", Some(self.team.value())),
            ("day", Some(self.day.value())),
            ("number", Some(self.number.value())),
            ("state", Some(self.state.value())),
            ("place", self.place.as_ref().map(ToValue::value)),
            ("owner", self.owner.as_ref().map(ToValue::value)),
            ("points", Some(self.points.value())),
            ("expires_at", expires_at),
            ("version", Some(self.version.number().unwrap_or(0).value())),
        ])
    }

    fn of_item(item: &Item) -> Self {
        let expires_at = item.get("expires_at").map(|value| {
            let Value::Number(seconds) = value else { panic!("{value:?} is no time") };
            let seconds = i64::try_from(seconds.to_integer().unwrap()).unwrap();
            Timestamp::from_epoch_seconds(seconds).unwrap()
        });
        Self {
            team: read(item, "team").unwrap(),
            day: read(item, "day").unwrap(),
            number: read(item, "number").unwrap(),
            state: read(item, "state").unwrap(),
            place: read(item, "place"),
            owner: read(item, "owner"),
            points: read(item, "points").unwrap(),
            expires_at,
            version: Version::new(read(item, "version").unwrap()),
        }
    }
}

static START: LazyLock<Timestamp> = LazyLock::new(|| {
    let seconds = Timestamp::now().epoch_seconds();
    Timestamp::from_epoch_seconds(seconds).unwrap()
});

pub fn past() -> Timestamp {
    *START - Duration::from_hours(1)
}

pub fn future() -> Timestamp {
    *START + Duration::from_hours(24)
}

/// The rule of expiry: every time of the tests is an hour past, or a day ahead.
pub fn is_expired(ticket: &Ticket) -> bool {
    ticket.expires_at.is_some_and(|time| time <= *START)
}

/// The keys of the map of prices, of which some look like expressions.
pub const PRICES: [&str; 3] = ["tea", "a.b", "#0 = :0"];

/// A path into a `Thing`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    Id,
    Number,
    Label,
    Rank,
    Count,
    Delta,
    Ratio,
    Flag,
    Bytes,
    Tags,
    Tag(usize),
    Names,
    Name(usize),
    Slots,
    Slot(usize),
    Roles,
    Marks,
    Prices,
    /// By the place of its key in `PRICES`.
    Price(usize),
    Detail,
    City,
    Visits,
    Weights,
    Weight(usize),
    Grid,
    Row(usize),
    Cell(usize, usize),
}

/// What can be asked of, and done to, a value of a type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Text,
    /// Whole numbers of a field, within these bounds.
    Integer(i128, i128),
    Float,
    Boolean,
    Binary,
    List,
    TextSet,
    NumberSet,
    Map,
}

impl Target {
    pub fn path(self) -> Path {
        let price = |key: usize| path("prices").name(PRICES[key]);
        match self {
            Self::Id => path("id"),
            Self::Number => path("number"),
            Self::Label => path("label"),
            Self::Rank => path("rank"),
            Self::Count => path("size"),
            Self::Delta => path("delta"),
            Self::Ratio => path("ratio"),
            Self::Flag => path("flag"),
            Self::Bytes => path("bytes"),
            Self::Tags => path("tags"),
            Self::Tag(index) => path("tags").index(index),
            Self::Names => path("names"),
            Self::Name(index) => path("names").index(index),
            Self::Slots => path("slots"),
            Self::Slot(index) => path("slots").index(index),
            Self::Roles => path("roles"),
            Self::Marks => path("marks"),
            Self::Prices => path("prices"),
            Self::Price(key) => price(key),
            Self::Detail => path("detail"),
            Self::City => path("detail").name("city"),
            Self::Visits => path("detail").name("visits"),
            Self::Weights => path("detail").name("weights"),
            Self::Weight(index) => path("detail").name("weights").index(index),
            Self::Grid => path("grid"),
            Self::Row(row) => path("grid").index(row),
            Self::Cell(row, column) => path("grid").index(row).index(column),
        }
    }

    pub fn kind(self) -> Kind {
        let within = |least: i128, most: i128| Kind::Integer(least, most);
        match self {
            Self::Id | Self::Label | Self::Tag(_) | Self::Name(_) | Self::City => Kind::Text,
            Self::Number => within(i32::MIN.into(), i32::MAX.into()),
            Self::Rank => within(i16::MIN.into(), i16::MAX.into()),
            Self::Delta => within(i8::MIN.into(), i8::MAX.into()),
            Self::Count | Self::Slot(_) | Self::Price(_) | Self::Visits => {
                within(0, u8::MAX.into())
            }
            Self::Ratio | Self::Weight(_) | Self::Cell(..) => Kind::Float,
            Self::Flag => Kind::Boolean,
            Self::Bytes => Kind::Binary,
            Self::Tags | Self::Names | Self::Slots | Self::Weights | Self::Grid | Self::Row(_) => {
                Kind::List
            }
            Self::Roles => Kind::TextSet,
            Self::Marks => Kind::NumberSet,
            Self::Prices | Self::Detail => Kind::Map,
        }
    }

    /// Whether it is a key of the table or of an index, which is never empty.
    pub fn is_key(self) -> bool {
        matches!(self, Self::Id | Self::Number | Self::Label | Self::Rank)
    }

    /// What an absent one counts as, where an update builds on it.
    pub fn when_absent(self) -> Option<Value> {
        match (self, self.kind()) {
            (
                Self::Tag(_)
                | Self::Name(_)
                | Self::Slot(_)
                | Self::Weight(_)
                | Self::Row(_)
                | Self::Cell(..),
                _,
            ) => None,
            (Self::Tags, _) => Some(first_tag().value()),
            (_, Kind::Integer(..) | Kind::Float) => Some(Value::number(0_u8)),
            (_, Kind::List) => Some(Value::List(Vec::new())),
            _ => None,
        }
    }
}
