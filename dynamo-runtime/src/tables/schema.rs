//! The tables of entities as data.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::settings::TableSettings;
use crate::client::SecureClient;
use crate::codec::AttributeShape;
use crate::entity::{Allowed, Description, Descriptions, Entities, Entity};
use crate::key;
use crate::record::Selected;
use crate::schema::{Described, EntitySchema, IndexSchema, IndexScope, conflict};

mod vectors;

pub use vectors::TableVectorIndex;
use vectors::vector_indexes;
pub(super) use vectors::{name_of, told};

/// The tables of entities as data: keys, indexes with what they hold, expiry, and each attribute.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::tables::Schema;
///
/// #[derive(Entity)]
/// #[dynamo(table = "shop", partition_key("pk") = "CUSTOMER#{customer}", sort_key("sk") = "PROFILE")]
/// struct Customer {
///     customer: String,
/// }
///
/// #[derive(Entity)]
/// #[dynamo(table = "shop", partition_key("pk") = "CUSTOMER#{customer}", sort_key("sk") = "ORDER#{number}")]
/// struct Order {
///     customer: String,
///     number: u64,
/// }
///
/// let schema = Schema::of::<(Customer, Order)>()?;
/// let [table] = schema.tables() else { panic!("one table") };
/// assert_eq!((table.name(), table.partition_key().name), ("shop", "pk"));
/// assert_eq!(table.entities()[1].sort_key.as_deref(), Some("ORDER#{number}"));
/// # Ok::<(), dynamo_runtime::tables::Contradiction>(())
/// ```
#[derive(Clone, Debug)]
pub struct Schema {
    descriptions: Vec<Description>,
    /// By the logical names of the tables.
    settings: BTreeMap<&'static str, TableSettings>,
    tables: Vec<Table>,
}

/// A table, merged over the entities that share it.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::tables::{IndexProjection, Schema, TableSettings};
///
/// #[derive(Entity)]
/// #[dynamo(table = "shop", partition_key("pk") = "CUSTOMER#{customer}", sort_key("sk") = "ORDER#{number}")]
/// #[dynamo(index(by_depot, name = "by-depot", partition_key = depot))]
/// struct Order {
///     customer: String,
///     number: u64,
///     depot: String,
///     #[dynamo(ttl)]
///     expires_at: Option<Timestamp>,
/// }
///
/// let schema = Schema::of::<Order>()?.settings::<Order>(TableSettings::new());
/// let [table] = schema.tables() else { panic!("one table") };
/// assert_eq!((table.name(), table.entities()[0].name), ("shop", "Order"));
/// assert_eq!((table.partition_key().name, table.partition_key().code), ("pk", "S"));
/// assert_eq!(table.sort_key().map(|key| key.name), Some("sk"));
/// assert_eq!(table.indexes()[0].name, "by-depot");
/// assert_eq!(table.indexes()[0].projection, IndexProjection::All);
/// assert!(table.vector_indexes().is_empty());
/// assert_eq!(table.expiry(), Some("expires_at"));
/// assert_eq!(table.settings(), &TableSettings::new());
/// let keys: Vec<_> = table.key_attributes().iter().map(|key| key.name).collect();
/// assert_eq!(keys, ["pk", "sk", "depot"]); // what `AttributeDefinitions` lists
/// # Ok::<(), dynamo_runtime::tables::Contradiction>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    name: String,
    entities: Vec<EntityShape>,
    partition_key: TableKey,
    sort_key: Option<TableKey>,
    indexes: Vec<TableIndex>,
    vector_indexes: Vec<TableVectorIndex>,
    expiry: Option<&'static str>,
    /// `None` where nothing was said of them.
    settings: Option<TableSettings>,
}

/// A key attribute of a table or of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableKey {
    /// The attribute's name.
    pub name: &'static str,
    /// Its data type: `S`, `N` or `B`.
    pub code: &'static str,
}

/// A secondary index of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableIndex {
    /// Its name.
    pub name: &'static str,
    /// Whether it is a global index; a local one has the table's partition key, and must be there
    /// when the table is made.
    pub is_global: bool,
    /// The attributes of its partition key, up to four.
    pub partition_keys: Vec<TableKey>,
    /// The attributes of its sort key, up to four.
    pub sort_keys: Vec<TableKey>,
    /// What it holds.
    pub projection: IndexProjection,
}

/// What an index holds besides its keys and those of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IndexProjection {
    /// The whole items.
    All,
    /// Nothing.
    KeysOnly,
    /// These attributes.
    Include(Vec<&'static str>),
}

/// An entity of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EntityShape {
    /// The struct's name.
    pub name: &'static str,
    /// What its partition key is made of, such as `CUSTOMER#{customer}`.
    pub partition_key: String,
    /// What its sort key is made of.
    pub sort_key: Option<String>,
    /// The indexes that it is in.
    pub indexes: Vec<IndexKeys>,
    /// Its attributes.
    pub attributes: Vec<AttributeShape>,
    /// The attribute of its version.
    pub version: Option<&'static str>,
    /// The attribute of its time of expiry.
    pub expiry: Option<&'static str>,
    pub(crate) allows: &'static [Allowed],
    /// The attributes that are made of others.
    pub(crate) made: Vec<&'static str>,
}

/// What an entity's keys of an index are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexKeys {
    /// The index's name.
    pub index: &'static str,
    /// Each attribute of its partition key.
    pub partition_keys: Vec<String>,
    /// Each attribute of its sort key.
    pub sort_keys: Vec<String>,
}

/// Two entities that cannot be in one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction(String);

impl Schema {
    /// The tables of one entity, of several as a tuple, or of those of a collection.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::tables::Schema;
    /// # #[derive(Entity)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// # #[derive(Entity)]
    /// # #[dynamo(table = "users")]
    /// # struct Account { #[dynamo(partition_key)] account_id: u64 }
    /// assert_eq!(Schema::of::<User>()?.tables().len(), 1);
    /// let both = Schema::of::<(User, Account)>().unwrap_err().to_string();
    /// assert!(both.contains("`User` and `Account` have different keys"));
    /// # Ok::<(), dynamo_runtime::tables::Contradiction>(())
    /// ```
    ///
    /// # Errors
    /// Two of them contradict each other about a table that they share, or their items could be
    /// taken for each other. Both are named.
    pub fn of<E: Entities>() -> Result<Self, Contradiction> {
        let descriptions = Descriptions::of::<E>();
        let settings = BTreeMap::new();
        let tables = tables(&descriptions, &settings, |table| table)?;
        Ok(Self { descriptions, settings, tables })
    }

    /// Sets the settings of the entity's table that no entity declares.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::tables::{Schema, TableSettings};
    /// # #[derive(Entity)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// let schema = Schema::of::<User>()?
    ///     .settings::<User>(TableSettings::new().point_in_time_recovery(35));
    /// assert_eq!(schema.tables()[0].settings().recovery_days(), Some(35));
    /// # Ok::<(), dynamo_runtime::tables::Contradiction>(())
    /// ```
    pub fn settings<E: Entity>(mut self, settings: TableSettings) -> Self {
        for table in &mut self.tables {
            if table.name == E::SCHEMA.table {
                table.settings = Some(settings.clone());
            }
        }
        self.settings.insert(E::SCHEMA.table, settings);
        self
    }

    /// The tables by their logical names, in the order in which an entity of theirs is named.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// The tables of all these entities as the client names them, all with the same settings.
    #[cfg(feature = "local")]
    pub(crate) fn of_all(
        entities: &Descriptions,
        settings: &TableSettings,
        client: &SecureClient,
    ) -> Result<Vec<Table>, Contradiction> {
        let of_each =
            entities.each().iter().map(|each| (each.entity.schema.table, settings.clone()));
        tables(entities.each(), &of_each.collect(), |table| client.physical_table(table))
    }

    /// The tables as the client names them.
    pub(super) fn of_client(&self, client: &SecureClient) -> Result<Vec<Table>, Contradiction> {
        tables(&self.descriptions, &self.settings, |table| client.physical_table(table))
    }
}

impl Table {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The entities that share it.
    pub fn entities(&self) -> &[EntityShape] {
        &self.entities
    }

    /// Its partition key.
    pub fn partition_key(&self) -> TableKey {
        self.partition_key
    }

    /// Its sort key.
    pub fn sort_key(&self) -> Option<TableKey> {
        self.sort_key
    }

    /// Its secondary indexes.
    pub fn indexes(&self) -> &[TableIndex] {
        &self.indexes
    }

    /// Its vector indexes.
    pub fn vector_indexes(&self) -> &[TableVectorIndex] {
        &self.vector_indexes
    }

    /// The attribute by which its items expire.
    pub fn expiry(&self) -> Option<&'static str> {
        self.expiry
    }

    /// Its settings that no entity declares.
    pub fn settings(&self) -> &TableSettings {
        const DEFAULT: &TableSettings = &TableSettings::DEFAULT;
        self.settings.as_ref().unwrap_or(DEFAULT)
    }

    /// Whether anything was said of what no entity tells.
    pub(super) fn has_settings(&self) -> bool {
        self.settings.is_some()
    }

    /// The attributes that are a key of it or of one of its indexes, each once.
    pub fn key_attributes(&self) -> Vec<TableKey> {
        let of_indexes = self.indexes.iter().flat_map(TableIndex::keys);
        each_once(std::iter::once(self.partition_key).chain(self.sort_key).chain(of_indexes))
    }

    /// The same with those by which vector indexes are searched: all that a table defines.
    pub(super) fn defined_attributes(&self) -> Vec<TableKey> {
        let of_vectors = self.vector_indexes.iter().flat_map(TableVectorIndex::searched);
        each_once(self.key_attributes().into_iter().chain(of_vectors))
    }

    /// The entities that use the index.
    pub(crate) fn entities_of(&self, index: &str) -> Vec<&'static str> {
        let uses = |entity: &&EntityShape| entity.indexes.iter().any(|keys| keys.index == index);
        self.entities.iter().filter(uses).map(|entity| entity.name).collect()
    }
}

impl TableIndex {
    /// The attributes of both keys.
    pub(crate) fn keys(&self) -> impl Iterator<Item = TableKey> {
        self.partition_keys.iter().chain(&self.sort_keys).copied()
    }
}

impl From<key::KeyAttribute> for TableKey {
    fn from(key: key::KeyAttribute) -> Self {
        Self { name: key.name, code: key.code }
    }
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Contradiction {}

/// The tables of the entities, under the names that `name` gives.
fn tables<'n>(
    descriptions: &[Description],
    settings: &BTreeMap<&'static str, TableSettings>,
    name: impl Fn(&'static str) -> &'n str,
) -> Result<Vec<Table>, Contradiction> {
    let described: Vec<Described> = descriptions.iter().map(|each| each.entity).collect();
    if let Some(reason) = conflict(&described, &name) {
        return Err(Contradiction(reason));
    }
    let mut names: Vec<&str> = Vec::new();
    for each in descriptions {
        let name = name(each.entity.schema.table);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let tables = names.into_iter().filter_map(|physical| {
        let of_table = |each: &&Description| name(each.entity.schema.table) == physical;
        let of_table: Vec<_> = descriptions.iter().filter(of_table).collect();
        let given = of_table.iter().find_map(|each| settings.get(each.entity.schema.table));
        table(physical, &of_table, given.cloned())
    });
    Ok(tables.collect())
}

fn each_once(keys: impl Iterator<Item = TableKey>) -> Vec<TableKey> {
    let mut each: Vec<TableKey> = Vec::new();
    for key in keys {
        if each.iter().all(|known| known.name != key.name) {
            each.push(key);
        }
    }
    each
}

fn table(name: &str, entities: &[&Description], settings: Option<TableSettings>) -> Option<Table> {
    let schemas: Vec<_> = entities.iter().map(|each| each.entity.schema).collect();
    let first = schemas.first()?;
    Some(Table {
        name: name.to_owned(),
        entities: entities.iter().map(|each| entity(each)).collect(),
        partition_key: first.partition_key.into(),
        sort_key: first.sort_key.map(TableKey::from),
        indexes: indexes(first, &schemas),
        vector_indexes: vector_indexes(first, &schemas),
        expiry: schemas.iter().find_map(|schema| schema.ttl),
        settings,
    })
}

fn entity(description: &Description) -> EntityShape {
    let Description { entity, names, allows, attributes, .. } = description;
    let schema = &entity.schema;
    let form = |key: key::KeyAttribute| form(key, names);
    let indexes = schema.indexes.iter().map(|index| IndexKeys {
        index: index.name,
        partition_keys: index.partition_keys.iter().copied().map(form).collect(),
        sort_keys: index.sort_keys.iter().copied().map(form).collect(),
    });
    EntityShape {
        name: schema.entity,
        partition_key: form(schema.partition_key),
        sort_key: schema.sort_key.map(form),
        indexes: indexes.collect(),
        attributes: attributes.clone(),
        version: schema.version,
        expiry: schema.ttl,
        allows,
        made: schema.templates.iter().map(|template| template.attribute).collect(),
    }
}

/// What a key is made of, as the entity declares it: `ORDER#{order_id}`.
fn form(key: key::KeyAttribute, names: &[&str]) -> String {
    let Some(template) = key.template else { return format!("{{{}}}", key.name) };
    let described = template.described(names);
    match template.as_raw() {
        None => described,
        Some(raw) => format!("{described} ({})", raw.words().join(", ")),
    }
}

/// The indexes of all entities, each with what every entity that uses it says that it has.
fn indexes(table: &EntitySchema, schemas: &[&EntitySchema]) -> Vec<TableIndex> {
    let mut indexes: Vec<TableIndex> = Vec::new();
    for index in schemas.iter().flat_map(|schema| schema.indexes) {
        if indexes.iter().any(|known| known.name == index.name) {
            continue;
        }
        indexes.push(TableIndex {
            name: index.name,
            is_global: index.scope == IndexScope::Global,
            partition_keys: index.partition_keys.iter().map(|key| (*key).into()).collect(),
            sort_keys: index.sort_keys.iter().map(|key| (*key).into()).collect(),
            projection: projection(index, table, schemas),
        });
    }
    indexes
}

fn projection(
    index: &IndexSchema,
    table: &EntitySchema,
    schemas: &[&EntitySchema],
) -> IndexProjection {
    let of_each = || schemas.iter().filter_map(|schema| schema.index(Some(index.name)));
    if of_each().any(|index| index.projected.is_none()) {
        return IndexProjection::All;
    }
    let keys: Vec<_> = std::iter::once(table.partition_key)
        .chain(table.sort_key)
        .chain(index.keys())
        .map(|key| key.name)
        .collect();
    let projected = of_each().flat_map(|index| index.projected.unwrap_or_default());
    let others = projected.flat_map(Selected::names);
    let others: BTreeSet<_> = others.filter(|name| !keys.contains(name)).collect();
    if others.is_empty() {
        IndexProjection::KeysOnly
    } else {
        IndexProjection::Include(others.into_iter().collect())
    }
}
