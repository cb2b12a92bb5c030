//! `vector_index(..)` to the model's vector indexes.

use std::rc::Rc;

use proc_macro2::Ident;
use syn::LitStr;
use syn::ext::IdentExt;

use super::indexes::{Table, check_function_is_free};
use super::names::{check_resource_name, generated_type};
use crate::attr::{DistanceWord, IndexAttribute, VectorIndexAttribute};
use crate::case::type_name;
use crate::errors::{Errors, quoted};
use crate::model::{Attribute, Entity, Field, Form, Purpose, VectorIndex};
use crate::near::nearest;

/// The most vector indexes of a table, and the most filters of one.
///
/// Source: [Quotas](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
const MAX_VECTOR_INDEXES: usize = 5;
const MAX_FILTERS: usize = 18;

impl Table<'_> {
    /// The vector indexes, but those with a mistake that leaves nothing to search.
    pub(super) fn lower_vectors(
        &self,
        attributes: &[VectorIndexAttribute],
        indexes: &[IndexAttribute],
        errors: &mut Errors,
    ) -> Vec<VectorIndex> {
        check_each_vector_index_once(attributes, indexes, errors);
        check_count_of_vector_indexes(attributes, errors);
        let mut lowered: Vec<VectorIndex> = Vec::new();
        for attribute in attributes {
            let is_free = check_function_is_free(&attribute.function, self.entity, errors);
            let name = check_vector_index_has_name(attribute, errors);
            check_has_vector(attribute, errors);
            check_has_distance(attribute, errors);
            check_has_projection(attribute, errors);
            check_zero_vector_has_no_angle(attribute, errors);
            check_filters(attribute, errors);
            check_partition_key_is_no_filter(attribute, errors);
            let mut field = |name: &Ident| self.indexed(name, errors);
            let vector = attribute.vector.as_ref().and_then(&mut field);
            let partition_key = attribute.partition_key.as_ref().map(&mut field);
            let filters: Vec<_> = filters(attribute).into_iter().map(&mut field).collect();
            let of = attribute.of.as_ref().map(&mut field);
            check_vector_is_nothing_else(attribute, errors);
            check_of_is_data(attribute, of.as_ref().and_then(Option::as_deref), errors);
            let earlier = |index: &VectorIndex| index.function == attribute.function;
            if !is_free || lowered.iter().any(earlier) {
                continue;
            }
            let (Some(vector), Some(distance), Some(projects)) =
                (vector, attribute.distance, attribute.projects.clone())
            else {
                continue;
            };
            let function = attribute.function.clone();
            let suffix = type_name(&function.unraw().to_string());
            lowered.push(VectorIndex {
                marker: generated_type(self.entity, &suffix),
                function,
                name,
                vector,
                distance,
                partition_key: partition_key.flatten(),
                filters: filters.into_iter().flatten().collect(),
                projects,
                of: of.flatten(),
                is_sparse: attribute.sparse.is_some(),
                tolerates_zero: attribute.zero_vector.is_some(),
            });
        }
        lowered
    }

    /// A vector index names fields that are stored, by their names in the struct.
    fn indexed(&self, name: &Ident, errors: &mut Errors) -> Option<Rc<Attribute>> {
        let wanted = name.unraw();
        let mut known = Vec::new();
        for field in self.fields {
            let unfit = match field {
                Field::Stored(attribute) if attribute.ident.unraw() == wanted => {
                    check_is_of_its_type(name, attribute, errors);
                    check_has_no_older_name(name, attribute, errors);
                    return Some(Rc::clone(attribute));
                }
                Field::Stored(attribute) => {
                    known.push(attribute.ident.unraw().to_string());
                    continue;
                }
                Field::Skipped(skipped) if skipped.ident.unraw() == wanted => "skipped",
                Field::Flattened(group) if group.ident.unraw() == wanted => "flattened",
                Field::Skipped(_) | Field::Flattened(_) | Field::Unknown(_) => continue,
            };
            errors.report(
                name,
                format_args!("`{name}` is {unfit}, so a vector index cannot have it"),
                "name a field of the entity itself that is stored",
            );
            return None;
        }
        let help = match nearest(&wanted.to_string(), known.iter().map(String::as_str)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("the fields are {}", quoted(&known)),
        };
        errors.report(name, format_args!("`{}` has no field `{name}`", self.entity), help);
        None
    }
}

/// Of a zero vector only the angle is not known.
fn check_zero_vector_has_no_angle(index: &VectorIndexAttribute, errors: &mut Errors) {
    let by_angle = index.distance.is_none_or(|distance| distance == DistanceWord::Cosine);
    if let (Some(word), false) = (&index.zero_vector, by_angle) {
        errors.report(
            word,
            format_args!(
                "the vector index `{}` compares no angles, so a zero vector is like any other",
                index.function
            ),
            "remove `zero_vector`: it is about `distance = cosine`",
        );
    }
}

/// The filters, without those that are reported as another thing of the index.
fn filters(index: &VectorIndexAttribute) -> Vec<&Ident> {
    let mut filters: Vec<&Ident> = Vec::new();
    for filter in index.filters.iter().take(MAX_FILTERS) {
        let is_other = [&index.vector, &index.partition_key].into_iter().flatten();
        if !filters.contains(&filter) && is_other.into_iter().all(|other| other != filter) {
            filters.push(filter);
        }
    }
    filters
}

/// What serde makes may be anything, and the time of expiry has a form of its own.
fn check_is_of_its_type(place: &Ident, attribute: &Attribute, errors: &mut Errors) {
    if attribute.form == Form::Serde {
        errors.report(
            place,
            format_args!("`{place}` is stored by serde, so a vector index cannot have it"),
            format_args!("remove `serde` from `{place}`, or name another field"),
        );
    }
    if attribute.form.named().is_some() {
        errors.report(
            place,
            format_args!("`{place}` is stored in a form that is named, and a vector index takes the type's own"),
            format_args!("remove `form` from `{place}`, or name another field"),
        );
    }
    if attribute.purpose == Some(Purpose::Ttl) {
        errors.report(
            place,
            format_args!("`{place}` is the `ttl`, and no search is for one second"),
            "the index has it if `projects` names it; a filter is another field",
        );
    }
}

/// DynamoDB indexes an attribute by its name.
fn check_has_no_older_name(place: &Ident, attribute: &Attribute, errors: &mut Errors) {
    if let Some(alias) = attribute.aliases.first() {
        errors.report(
            place,
            format_args!(
                "`{place}` has the older name `{alias}`, and a vector index has no item under that"
            ),
            format_args!(
                "write the items again under the name of now, and remove `alias` from `{place}`"
            ),
        );
    }
}

/// Each index of a table has a function and a name of its own.
fn check_each_vector_index_once(
    vectors: &[VectorIndexAttribute],
    indexes: &[IndexAttribute],
    errors: &mut Errors,
) {
    for (position, index) in vectors.iter().enumerate() {
        let others = vectors.iter().take(position).map(|other| (&other.function, &other.name));
        let others = || {
            let indexes = indexes.iter().map(|other| (&other.function, &other.name));
            indexes.chain(others.clone())
        };
        if others().any(|(function, _)| *function == index.function) {
            errors.report(
                &index.function,
                format_args!("two indexes have the function `{}`", index.function),
                "give one of them another function",
            );
        }
        let is_alike = |name: &Option<LitStr>| {
            name.as_ref().map(LitStr::value) == index.name.as_ref().map(LitStr::value)
        };
        if let Some(name) = index.name.as_ref().filter(|_| others().any(|(_, name)| is_alike(name)))
        {
            errors.report(
                name,
                format_args!("two indexes have the name `{}`", name.value()),
                "all indexes of a table share their names: correct or remove one of them",
            );
        }
    }
}

/// A table has at most five vector indexes.
fn check_count_of_vector_indexes(vectors: &[VectorIndexAttribute], errors: &mut Errors) {
    if let Some(index) = vectors.get(MAX_VECTOR_INDEXES) {
        errors.report(
            &index.function,
            format_args!(
                "a table has at most {MAX_VECTOR_INDEXES} vector indexes, and this has {}",
                vectors.len()
            ),
            "remove one of them",
        );
    }
}

/// A vector index has the name that the table gives it.
fn check_vector_index_has_name(index: &VectorIndexAttribute, errors: &mut Errors) -> String {
    let function = &index.function;
    match &index.name {
        Some(name) => {
            check_resource_name("an index", name, errors);
            return name.value();
        }
        None if index.seen.contains("name") => {}
        None => errors.report(
            function,
            format_args!("the vector index `{function}` has no name"),
            format_args!(
                r#"add its name in the table: `vector_index({function}, name = "meaning-index", ..)`"#
            ),
        ),
    }
    String::new()
}

/// A vector index is of one field.
fn check_has_vector(index: &VectorIndexAttribute, errors: &mut Errors) {
    if !index.seen.contains("vector") {
        errors.report(
            &index.function,
            format_args!("the vector index `{}` has no vector", index.function),
            "add the field that is an `Embedding`: `vector = embedding`",
        );
    }
}

/// DynamoDB has no default for the distance.
fn check_has_distance(index: &VectorIndexAttribute, errors: &mut Errors) {
    if !index.seen.contains("distance") {
        errors.report(
            &index.function,
            format_args!("the vector index `{}` does not say how vectors are compared", index.function),
            "add what the model was made for: `distance = cosine`, `distance = euclidean` or `distance = dot_product`",
        );
    }
}

/// A search gives what the index has, which is never the whole item: the vector is left out.
fn check_has_projection(index: &VectorIndexAttribute, errors: &mut Errors) {
    if !index.seen.contains("projects") {
        errors.report(
            &index.function,
            format_args!("the vector index `{}` does not say what a search gives", index.function),
            "name a struct with `#[derive(Projection)]` of what it is to have: `projects = NoteHit`",
        );
    }
}

/// An index has up to 18 filters, each once.
fn check_filters(index: &VectorIndexAttribute, errors: &mut Errors) {
    for (position, filter) in index.filters.iter().enumerate() {
        if index.filters.iter().take(position).any(|earlier| earlier == filter) {
            errors.report(
                filter,
                format_args!("`{filter}` is a filter of this index twice"),
                "name each field once",
            );
        }
    }
    if let Some(filter) = index.filters.get(MAX_FILTERS) {
        errors.report(
            filter,
            format_args!(
                "a vector index has at most {MAX_FILTERS} filters, and this has {}",
                index.filters.len()
            ),
            "keep those that searches need",
        );
    }
}

/// An attribute stands once in what a search can ask for.
fn check_partition_key_is_no_filter(index: &VectorIndexAttribute, errors: &mut Errors) {
    let Some(key) = &index.partition_key else { return };
    if let Some(filter) = index.filters.iter().find(|filter| *filter == key) {
        errors.report(
            filter,
            format_args!("`{filter}` cannot be both partition key and filter of a vector index"),
            "remove it from `filter(..)`: each search names the partition key already",
        );
    }
}

/// The vector is a list, which no key and no filter is.
fn check_vector_is_nothing_else(index: &VectorIndexAttribute, errors: &mut Errors) {
    let Some(vector) = &index.vector else { return };
    let others = index.filters.iter().chain(&index.partition_key).chain(&index.of);
    for other in others.filter(|other| *other == vector) {
        errors.report(
            other,
            format_args!("`{vector}` is the vector of the index, and nothing else of it"),
            "name another field here",
        );
    }
}

/// What an embedding is made of changes with it, so no key changes by it, and nothing that the library writes.
fn check_of_is_data(
    index: &VectorIndexAttribute,
    attribute: Option<&Attribute>,
    errors: &mut Errors,
) {
    let (Some(of), Some(attribute)) = (&index.of, attribute) else { return };
    if matches!(attribute.form, Form::Key | Form::NamedKey(_)) || attribute.purpose.is_some() {
        errors.report(
            of,
            format_args!("`{of}` is a key or written by the library, and no text that changes with its embedding"),
            "name the field that the embedding is made of, or remove `of`",
        );
    }
}

/// The vector is no key of the table or of an index, and a text has one embedding.
pub(super) fn check_vectors_of_entity(entity: &Entity, errors: &mut Errors) {
    for (position, index) in entity.vector_indexes.iter().enumerate() {
        let VectorIndex { vector, function, .. } = index;
        let is_key = entity.key.contains(vector)
            || entity.indexes_of(vector).next().is_some()
            || entity.is_index_part(vector);
        if is_key {
            errors.report(
                function,
                format_args!(
                    "`{}` is a key or a part of one, and a vector cannot be",
                    vector.ident
                ),
                "give the vector a field of its own",
            );
        }
        let Some(of) = &index.of else { continue };
        if entity.is_table_part(of) || entity.is_index_part(of) {
            errors.report(
                function,
                format_args!(
                    "`{}` is a part of a key, so it cannot be set with its embedding",
                    of.ident
                ),
                "remove `of`, or give the text a field of its own",
            );
        }
        let others = entity.vector_indexes.iter().take(position);
        let mut others = others.filter(|other| other.of.as_ref().is_some_and(|other| other.is(of)));
        if let Some(other) = others.find(|other| !other.vector.is(vector)) {
            errors.report(
                function,
                format_args!(
                    "`{}` has two embeddings, `{}` and `{}`",
                    of.ident, other.vector.ident, vector.ident
                ),
                "an update sets a text with one embedding: remove `of` from one of the indexes",
            );
        }
    }
}

/// The fields that are partition keys of vector indexes.
pub(super) fn partition_keys(indexes: &[VectorIndexAttribute]) -> impl Iterator<Item = &Ident> {
    indexes.iter().filter_map(|index| index.partition_key.as_ref())
}
