//! The derives of `dynamo-runtime`, which exports them: use that crate, not
//! this one.
#![forbid(unsafe_code)]
#![warn(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod attr;
mod case;
mod errors;
mod expand;
mod fallback;
mod lower;
mod model;
mod near;
mod words;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct with named fields an entity: an item of a DynamoDB table,
/// with a typed key, typed attributes and the operations of the trait `Entity`.
///
/// ```ignore
/// #[derive(Entity)]
/// #[dynamo(table = "orders")]
/// #[dynamo(index(by_email, name = "email-index", partition_key = email, sort_key = placed_at))]
/// pub struct Order {
///     #[dynamo(partition_key)]
///     pub customer_id: CustomerId,
///     #[dynamo(sort_key)]
///     pub order_id: String,
///     pub email: Option<String>,
///     pub placed_at: Timestamp,
///     #[dynamo(version)]
///     pub version: Version,
/// }
/// ```
///
/// # On the struct
///
/// | word | meaning |
/// |---|---|
/// | `table = "orders"` | The table's name, required; the client may give the table another one. |
/// | `partition_key("pk") = "CUSTOMER#{customer_id}"` | The table's partition key, where it is an attribute that is made of fields: see below. |
/// | `sort_key("sk") = "ORDER#{placed_at}#{order_id}"` | The table's sort key, made of fields. |
/// | `rename_all = "camelCase"` | How fields are named in the table, as serde has it: `camelCase`, `PascalCase`, `snake_case`, `SCREAMING_SNAKE_CASE`, `kebab-case`, `lowercase` or `UPPERCASE`. |
/// | `index(by_email, name = "email-index", partition_key = email, sort_key = placed_at)` | A global index, queried by `Order::by_email(..)`, which has what was written a moment later; `sort_key` may be left out. The keys are fields. |
/// | `index(by_status, name = "gsi1", partition_key("gsi1pk") = "STATUS#{status}", sort_key("gsi1sk") = "{placed_at}")` | An index whose keys are made of fields; an item without one of them, an `Option`, is left out. |
/// | `index(by_tournament, name = "cup-index", partition_key(tournament, region), sort_key(round, id))` | A global index whose keys are several attributes, up to four each. The query takes all of the partition key, by name, and the sort key from left to right. |
/// | `index(by_total, name = "total-index", local, sort_key = total)` | A local index: the table's partition key and another sort key. |
/// | `index(by_email, name = "email-index", partition_key = email, projects = OrderContact)` | An index that does not hold whole items: what it holds is [`OrderContact`](macro@Projection), which is what its queries give; where the entity has a `ttl`, it has that too. |
/// | `vector_index(by_meaning, name = "meaning-index", vector = embedding, of = text, distance = cosine, partition_key = tenant, filter(category, year), projects = NoteHit)` | A vector index, searched by `Note::by_meaning(tenant, embedding)` for what is nearest to an embedding: what it has, and gives, is the projection `NoteHit`. The vector is an `Embedding`; `distance` is `cosine`, `euclidean` or `dot_product`; `partition_key`, `filter` and `of` may be left out; `sparse` leaves out the items whose vector or partition key is `None`; `zero_vector = tolerated` lets a search by the angle be made for a vector that has none. |
/// | `allow(scan, unconditional_put, unconditional_delete, unconditional_upsert, load)` | Dangerous operations that the entity has nevertheless. |
/// | `attributes = OrderAttributes` | Puts the attributes' constants on this generated type, where the entity has constants of these names itself. |
/// | `deny_unknown` | An item with an attribute that is no field's is a decode error. |
/// | `upgrade = OldOrder` | An item that does not decode is decoded as this older shape, and converted. |
/// | `crate = "path"` | The path of `dynamo_runtime`, where it is not `::dynamo_runtime`. |
///
/// # On a field
///
/// | word | meaning |
/// |---|---|
/// | `partition_key` | The table's partition key, required once, here or on the struct. |
/// | `sort_key` | The table's sort key. |
/// | `rename = "mail"` | The name in the table, whatever `rename_all` says. |
/// | `default` | An item without the attribute, or with a null, reads as the type's default. |
/// | `default = path` | An item without the attribute, or with a null, reads as what the function returns. |
/// | `skip` | The field is not stored, and reads as the type's default. |
/// | `alias = "e-mail"` | An older name, under which the attribute is read too; there may be several. |
/// | `unknown` | An `UnknownAttributes`: keeps the attributes that are no field's, and writes them back. |
/// | `serde` | A type of which only serde knows the form, by the runtime's feature `serde`; it is compared by `eq`, `ne` and `is_in`, and cannot be a key. |
/// | `form = epoch_millis` | The form in which another program stores the value: of a time `epoch_seconds`, `epoch_millis`, `epoch_micros`, or `rfc3339(digits = 3, offset = "+00:00")` with `0`, `3`, `6` or `9` digits and `"Z"`, `"+00:00"` or `"+0000"`; of bytes `base64` or `base64_binary`; of a type with serde's traits `json`. A key has a form of a time only; a part of a key has none. |
/// | `null_when_none` | A `None` is stored as a null, for another program that expects one. |
/// | `flatten` | The attributes of the field, a `#[derive(Document)]`, stand in the item itself, each named by `User::AUDIT.then(Audit::CREATED_BY)`. |
/// | `version` | A `Version`: every write checks it and raises it; or a `VersionToken` or `VersionBytes`, which every write replaces. |
/// | `version(starts_at = 0)` | The same, where the first version is not 1. |
/// | `created_at` | A `Timestamp`: the first write sets it. |
/// | `updated_at` | A `Timestamp`: every write sets it. |
/// | `ttl` | A `Timestamp` or an `Option` of one: the time of expiry, stored as whole epoch seconds. An item expires as DynamoDB has it: by a number that passed within the last five years. |
///
/// Words can share one `#[dynamo(..)]` or have one each.
///
/// # Keys that are made of fields
///
/// ```ignore
/// #[derive(Entity)]
/// #[dynamo(table = "shop")]
/// #[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}")]
/// #[dynamo(sort_key("sk") = "ORDER#{placed_at}#{order_id}")]
/// #[dynamo(index(by_depot, name = "gsi1", partition_key("gsi1pk") = "DEPOT#{country}#{depot}"))]
/// pub struct Order {
///     pub customer_id: CustomerId,
///     pub placed_at: Timestamp,
///     pub order_id: u32,
///     pub country: Option<String>,
///     pub depot: Option<u8>,
/// }
///
/// let key = OrderKey { customer_id, placed_at, order_id };
/// let this_week = Order::query(customer_id).placed_at(monday..=sunday);
/// let one = Order::query(customer_id).placed_at(monday).order_id(7);
/// let packed = Order::update(key).set_index_key(OrderByDepotKey { country, depot }).if_exists();
/// ```
///
/// A template is fixed text and `{fields}`, each between `#` and `#` or an end of
/// the text. The fields are stored as attributes too, and an item whose key is
/// not the one that they make is an error when it is read; the key of an index
/// may be absent, as in an item that is older than the index. How each type is
/// written, so that no two keys are one and their order is that of the fields,
/// is in the documentation of the runtime's `key_encoding`.
///
/// - A query finds the items of its entity only, whatever else is in the
///   partition. The parts of the sort key are given in their order, each by its
///   value; the last one given may be a range `a..`, `..=b` or `a..=b`, or a
///   `begins_with(..)`.
/// - A part of the table's key never changes. A part of an index's key is set
///   with the key: by `.set(Order::STATUS, status)` where it is the only one, and
///   else by `.set_index_key(OrderByDepotKey { .. })`, of all parts at once. Parts
///   of the table's key are known.
/// - A partition key of several parts is given by name: `OrderPartition { .. }`,
///   and of an index `OrderByDepotPartition { .. }`. One without parts is `()`, and
///   the function of such an index takes nothing.
/// - What the library writes, such as `updated_at`, can be the only part of an
///   index's key; the `ttl` is no part.
///
/// # Items that another program, or an older one, has written
///
/// **Under an older name.** An attribute is read under its `alias` too, and written under its own
/// name only: a whole write leaves the older name out, and an update that sets or removes the
/// attribute removes the older name. An update that builds on what is there (`add`, `append`,
/// `set_if_absent`, a path into it) requires that it is not there under an older name: else its
/// condition fails, and the error holds the item. Conditions, filters and indexes know the
/// attribute's own name only. An item with two of the names is a decode error: neither value is
/// dropped. What the library compares itself, keys, the version, the managed times and the expiry,
/// has one name.
///
/// **Of an older shape.** An item that does not decode is decoded as the type that `upgrade` names,
/// which derives `Document` or `Entity` and is converted by `From`, or by `TryFrom` with a
/// `&'static str` as its error; it may have an older shape itself. The error names every shape.
/// Give the older shape `deny_unknown`, so that it takes no item of a newer one that is broken.
/// Conditions, filters and projections know the attributes of now only.
///
/// **With more attributes.** A struct reads the attributes that it knows, and an update writes
/// those that it names. But `put`, `replace` and `modify` write the whole item, and with it erase
/// what the struct does not know, as a newer program may have added it. A field with `unknown` keeps
/// and writes it; `deny_unknown` refuses to read such an item. Of the size of what is kept only the
/// names are counted before an item is sent.
///
/// # What is generated
///
/// For an entity `Order`: the struct `OrderKey` with the key's fields; a
/// constant for each stored field, `Order::EMAIL`; for each index a function
/// `Order::by_email` and a type `OrderByEmail`; where there are sort keys, the
/// trait `OrderQuery` with a method for each, to be imported where queries are
/// made outside of the entity's module; where keys are made of several fields, the
/// structs `OrderPartition`, `OrderByEmailPartition` and `OrderByEmailKey`.
#[proc_macro_derive(Entity, attributes(dynamo))]
pub fn derive_entity(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    match lower::entity(&input) {
        Ok(entity) => expand::entity(&entity).into(),
        Err(failed) => fallback::beside(&failed, expand::entity).into(),
    }
}

/// Makes a struct of one field, or an enum without fields, a type of keys: the
/// struct is stored as its field, the enum as text, or as numbers by
/// `#[dynamo(number)]`.
///
/// ```ignore
/// #[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
/// pub struct CustomerId(String);
///
/// #[derive(KeyPart, Clone, Copy, Debug, PartialEq, Eq, Hash)]
/// #[dynamo(rename_all = "snake_case")]
/// pub enum Status { Open, InTransit }
/// ```
///
/// It can also be an element of a set and, where it is text, the key of a map.
/// DynamoDB compares an enum by its text, whatever order the variants have.
///
/// A struct may have type parameters and const parameters. A field of type
/// `PhantomData` is not stored: `struct Id<T>(String, PhantomData<fn() -> T>);` is
/// an id of one type, of which each `T` must have what a key has, `Clone`, `Debug`,
/// `Eq` and `Hash`, if `Id<T>` gets them by the standard derives.
///
/// # On the type
///
/// | word | meaning |
/// |---|---|
/// | `rename_all = "snake_case"` | How the variants of an enum are written, as serde has it. |
/// | `number` | An enum is stored as the numbers of its variants, each of which says its own: `Low = 1`. They are those of its `repr`, or else of an `i64`. |
/// | `text` | An enum with numbers is stored as text all the same. |
/// | `crate = "path"` | The path of `dynamo_runtime`, where it is not `::dynamo_runtime`. |
///
/// # On a variant
///
/// | word | meaning |
/// |---|---|
/// | `rename = "gone"` | The variant's text, whatever `rename_all` says. |
/// | `other` | A variant with a `String`, which holds every other text; without one, such a text is an error that lists the known ones. |
#[proc_macro_derive(KeyPart, attributes(dynamo))]
pub fn derive_key_part(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    match lower::key_part(&input) {
        Ok(part) => expand::key_part(&part).into(),
        Err(failed) => fallback::beside(&failed, expand::key_part).into(),
    }
}

/// Makes a type the value of an attribute: a struct with named fields a map,
/// a struct of one field what that field is, an enum without fields text, and
/// an enum with a tag a map.
///
/// ```ignore
/// #[derive(Document, Clone, Debug, PartialEq)]
/// #[dynamo(rename_all = "camelCase")]
/// pub struct Address {
///     pub street: String,
///     pub postal_code: Option<String>,
/// }
///
/// #[derive(Document, Clone, Debug, PartialEq)]
/// #[dynamo(tag = "type", rename_all = "snake_case")]
/// pub enum Payment {
///     Cash,
///     BankTransfer { account_number: String },
///     Card(Card),         // what the document `Card` has in its map, beside the tag
/// }
/// ```
///
/// A document can be the value of a field of an entity or of another document,
/// also in an `Option`, a `Vec`, or a map. A struct with named fields has a
/// constant for each stored field, `Address::STREET`. An enum without fields is
/// an element of sets and a key of maps too; for one that is a key of a table
/// use `#[derive(KeyPart)]` instead.
///
/// An attribute of a document is reached from the one that holds it:
/// `User::ADDRESS.then(Address::STREET)`, through a list by
/// `Order::LINES.at(0).then(Line::PRODUCT)`, and through a map by
/// `Shop::STOCK.entry("tea").then(Line::QUANTITY)`. Conditions, filters, updates
/// and `Order::get(key).attribute(..)` take such a path as they take an attribute.
///
/// # On the type
///
/// | word | meaning |
/// |---|---|
/// | `rename_all = "camelCase"` | How the fields of a struct, or the variants of an enum, are written, as serde has it. |
/// | `tag = "type"` | The attribute that names the variant of an enum; required where a variant has fields. |
/// | `rename_all_fields = "camelCase"` | How the fields of the variants are written. |
/// | `number` | An enum without fields is stored as the numbers of its variants, each of which says its own: `Low = 1`. They are those of its `repr`, or else of an `i64`. |
/// | `text` | An enum with numbers is stored as text all the same. |
/// | `attributes = AddressAttributes` | Puts the attributes' constants on this generated type. |
/// | `deny_unknown` | A map with an attribute that is no field's is a decode error. |
/// | `upgrade = OldAddress` | The older shape, as for an entity. |
/// | `crate = "path"` | The path of `dynamo_runtime`, where it is not `::dynamo_runtime`. |
///
/// # On a field
///
/// | word | meaning |
/// |---|---|
/// | `rename = "zip"` | The name in the map, whatever `rename_all` says. |
/// | `default` | A map without the attribute reads as the type's default. |
/// | `default = path` | A map without the attribute reads as what the function returns. |
/// | `skip` | The field is not stored, and reads as the type's default. |
/// | `alias = "zip"` | An older name, as for an entity. |
/// | `unknown` | Keeps the attributes that are no field's, as for an entity. |
/// | `serde` | A type of which only serde knows the form, by the runtime's feature `serde`. |
/// | `form = epoch_millis` | The form in which another program stores the value, as for an entity. |
/// | `null_when_none` | A `None` is stored as a null. |
/// | `flatten` | The attributes of the field, a document, stand in this map: `User::ADDRESS.then(Address::POINT.then(Point::LATITUDE))`. |
///
/// # On a variant
///
/// | word | meaning |
/// |---|---|
/// | `rename = "gone"` | The variant's text, whatever `rename_all` says. |
/// | `other` | A variant with a `String`, which holds every other text, in an enum without a tag; without one, such a text is an error that lists the known ones. |
///
/// # Parameters
///
/// A document may have type parameters, which must be values of attributes
/// where they are used, const parameters and lifetimes: a `Cow<'a, str>` is
/// borrowed from what is read. In a struct without names a `PhantomData` beside
/// the one field is not stored.
#[proc_macro_derive(Document, attributes(dynamo))]
pub fn derive_document(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    match lower::document(&input) {
        Ok(document) => expand::document(&document).into(),
        Err(failed) => fallback::beside(&failed, expand::document).into(),
    }
}

/// Makes a struct with named fields a projection of an entity, or of a document:
/// reads by `.project::<..>()` give it, and ask for its attributes only.
///
/// ```ignore
/// #[derive(Projection)]
/// #[dynamo(of = User)]
/// pub struct UserName {
///     pub name: String,
///     pub age: Option<u32>,
/// }
/// ```
///
/// Each field is one of the entity's, with its type; its name in the table, its
/// default and its form are the entity's too. What is a `String` there may be a
/// `Cow<'a, str>` here, and an `Option<String>` or a `Sensitive<String>` one of
/// a `Cow<'a, str>`: such a projection is read by `.fetch_borrowed::<..>(&client)`, which
/// keeps the response that it borrows from.
///
/// # Attributes of a document
///
/// A projection of a document is a field, with `project`, of a projection of what
/// holds that document, to any depth. Of the attribute it asks for `address.city`:
///
/// ```ignore
/// #[derive(Projection)]
/// #[dynamo(of = Address)]
/// pub struct City {
///     pub city: String,
/// }
///
/// #[derive(Projection)]
/// #[dynamo(of = User)]
/// pub struct UserCity {
///     pub name: String,
///     #[dynamo(project)]
///     pub address: City,
///     #[dynamo(project)]
///     pub postal_address: Option<City>,      // an `Option<Address>` in the entity
/// }
/// ```
///
/// The field is an `Option` or a `Sensitive` where the entity's is one; a `Box` or
/// an `Arc` is left out. DynamoDB gives no document of which none of these
/// attributes is there: in an `Option` it reads as `None`, and else as one
/// that is empty, an error where an attribute must be there. So of a document in
/// an `Option`, ask for an attribute that it always has, if it matters whether it
/// is there. An attribute with a `default` is read as a whole, and so are those
/// in lists and maps, and an enum. One element of a list, or one entry of a map, is
/// read by `User::get(key).attribute(User::PHONES.at(0))`.
///
/// # On the struct
///
/// | word | meaning |
/// |---|---|
/// | `of = User` | The entity or the document, required. |
/// | `attributes = UserAttributes` | The type that has the attributes' constants, where the entity says so. |
/// | `crate = "path"` | The path of `dynamo_runtime`, where it is not `::dynamo_runtime`. |
///
/// # On a field
///
/// | word | meaning |
/// |---|---|
/// | `project` | The field is a projection of the document in the attribute. |
#[proc_macro_derive(Projection, attributes(dynamo))]
pub fn derive_projection(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    match lower::projection(&input) {
        Ok(projection) => expand::projection(&projection).into(),
        Err(errors) => errors.to_compile_errors().into(),
    }
}

/// Makes an enum or a struct a collection: the items that share a partition key, each in the variant
/// or the field of its entity, distinguished by the form of its key.
///
/// ```ignore
/// #[derive(Collection)]
/// pub enum CustomerItem {
///     Customer(Customer),     // sort_key("sk") = "PROFILE"
///     Order(Order),           // sort_key("sk") = "ORDER#{placed_at}#{order_id}"
///     Address(Address),       // sort_key("sk") = "ADDRESS#{label}"
/// }
///
/// let everything = CustomerItem::query(customer_id).items(&client);
/// ```
///
/// Each variant holds an entity. All are of one table and have a partition key of one form, which
/// is that of the first; two whose keys could be equal, of the table or of an index that both use,
/// do not compile. A time of expiry is one
/// attribute in all that have one, and expired items are left out. An item that has the key of no
/// variant is an error that names the keys expected, unless the collection says `skip_others`.
///
/// A part of the partition is what lies between two keys of its entities, or goes on from one:
///
/// ```ignore
/// let recent = CustomerItem::query(customer_id).starting_at(&order_key).ending_at(&profile_key);
/// let order_and_its_lines = CustomerItem::query(customer_id).under(&order_key);
/// ```
///
/// A collection of an index has the entities that share a partition of it; each has an index of that
/// name, with partition keys of one form and all attributes:
///
/// ```ignore
/// #[derive(Collection)]
/// #[dynamo(index = OrderByDepot)]
/// pub enum AtDepot {
///     Order(Order),           // index(by_depot, name = "gsi1", ..)
///     Driver(Driver),         // index(by_depot, name = "gsi1", ..)
/// }
/// ```
///
/// A struct is the whole partition as one value: a field for each entity, of one, of an `Option` or
/// of a `Vec`. An entity that is missing where one must be, or is there twice where one may be, is
/// an error; a partition without items is `None`.
///
/// ```ignore
/// #[derive(Collection)]
/// pub struct Account {
///     pub customer: Customer,
///     pub orders: Vec<Order>,         // in the order of their keys
///     pub address: Option<Address>,
/// }
///
/// let account: Option<Account> = Account::query(customer_id).send(&client).await?;
/// ```
///
/// The records of the table's stream are read by `record.change::<CustomerItem>()`, and each entity
/// becomes a variant by `From`.
///
/// # On the enum or the struct
///
/// | word | meaning |
/// |---|---|
/// | `skip_others` | Passes over the items of entities that it does not list; DynamoDB reads, and charges, them all the same. Without it one is an error, so that no entity is forgotten. |
/// | `index = OrderByDepot` | Queries this index, by the type that the first entity has for it, instead of the table. |
/// | `crate = "path"` | The path of `dynamo_runtime`, where it is not `::dynamo_runtime`. |
#[proc_macro_derive(Collection, attributes(dynamo))]
pub fn derive_collection(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    match lower::collection(&input) {
        Ok(collection) => expand::collection(&collection).into(),
        Err(errors) => errors.to_compile_errors().into(),
    }
}
