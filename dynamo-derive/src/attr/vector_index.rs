//! The words of a vector index.

use proc_macro2::{Ident, TokenStream};
use syn::punctuated::Punctuated;
use syn::{LitStr, Path, Token};

use super::index::{function, tolerated};
use super::shared::{Seen, parentheses};
use crate::errors::Errors;
use crate::near::nearest;
use crate::words::{Said, Vocabulary, read, word};

/// What `vector_index(..)` says.
pub(crate) struct VectorIndexAttribute {
    pub(crate) seen: Seen,
    pub(crate) function: Ident,
    pub(crate) name: Option<LitStr>,
    pub(crate) vector: Option<Ident>,
    pub(crate) distance: Option<DistanceWord>,
    pub(crate) partition_key: Option<Ident>,
    pub(crate) filters: Vec<Ident>,
    pub(crate) projects: Option<Path>,
    pub(crate) of: Option<Ident>,
    pub(crate) sparse: Option<Ident>,
    pub(crate) zero_vector: Option<Ident>,
}

/// How far two vectors are from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DistanceWord {
    Cosine,
    Euclidean,
    DotProduct,
}

impl DistanceWord {
    const ALL: [(&'static str, Self); 3] = [
        ("cosine", Self::Cosine),
        ("euclidean", Self::Euclidean),
        ("dot_product", Self::DotProduct),
    ];
}

#[derive(Clone, Copy)]
enum VectorIndexWord {
    Name,
    Vector,
    Distance,
    PartitionKey,
    Filter,
    Projects,
    Of,
    Sparse,
    ZeroVector,
}

pub(super) const VECTOR_INDEX_EXAMPLE: &str = r#"#[dynamo(vector_index(by_meaning, name = "meaning-index", vector = embedding, distance = cosine, projects = NoteHit))]"#;
const PARTITIONED_EXAMPLE: &str = r#"#[dynamo(vector_index(by_meaning, name = "meaning-index", vector = embedding, distance = cosine, partition_key = tenant, projects = NoteHit))]"#;
const FILTERED_EXAMPLE: &str = r#"#[dynamo(vector_index(by_meaning, name = "meaning-index", vector = embedding, distance = cosine, filter(category, year), projects = NoteHit))]"#;
const OF_EXAMPLE: &str = r#"#[dynamo(vector_index(by_meaning, name = "meaning-index", vector = embedding, of = text, distance = cosine, projects = NoteHit))]"#;
const SPARSE_EXAMPLE: &str = r#"#[dynamo(vector_index(by_meaning, name = "meaning-index", vector = embedding, sparse, distance = cosine, projects = NoteHit))]"#;
const ZERO_EXAMPLE: &str = r#"#[dynamo(vector_index(by_meaning, name = "meaning-index", vector = embedding, distance = cosine, zero_vector = tolerated, projects = NoteHit))]"#;

const VECTOR_INDEX_WORDS: Vocabulary<VectorIndexWord> = Vocabulary {
    of: "a vector index",
    words: &[
        word("name", VectorIndexWord::Name, VECTOR_INDEX_EXAMPLE),
        word("vector", VectorIndexWord::Vector, VECTOR_INDEX_EXAMPLE),
        word("distance", VectorIndexWord::Distance, VECTOR_INDEX_EXAMPLE),
        word("partition_key", VectorIndexWord::PartitionKey, PARTITIONED_EXAMPLE),
        word("filter", VectorIndexWord::Filter, FILTERED_EXAMPLE),
        word("projects", VectorIndexWord::Projects, VECTOR_INDEX_EXAMPLE),
        word("of", VectorIndexWord::Of, OF_EXAMPLE),
        word("sparse", VectorIndexWord::Sparse, SPARSE_EXAMPLE),
        word("zero_vector", VectorIndexWord::ZeroVector, ZERO_EXAMPLE),
    ],
    elsewhere: &[("sort_key", "an index"), ("local", "an index")],
};

/// `vector_index(function, ..)`, or `None` where what was said is no index at all.
pub(super) fn vector_index<M>(
    said: &Said<'_, M>,
    errors: &mut Errors,
) -> syn::Result<VectorIndexAttribute> {
    let content = parentheses(said)?;
    let mut index = VectorIndexAttribute {
        seen: Seen::default(),
        function: function(said, &content)?,
        name: None,
        vector: None,
        distance: None,
        partition_key: None,
        filters: Vec::new(),
        projects: None,
        of: None,
        sparse: None,
        zero_vector: None,
    };
    read(&content, &VECTOR_INDEX_WORDS, errors, |said, _| {
        index.seen.once(&said)?;
        match said.word.meaning {
            VectorIndexWord::Name => index.name = Some(said.string()?),
            VectorIndexWord::Vector => index.vector = Some(field(&said)?),
            VectorIndexWord::Distance => index.distance = Some(distance(&said)?),
            VectorIndexWord::PartitionKey => index.partition_key = Some(field(&said)?),
            VectorIndexWord::Filter => index.filters = filters(&said)?,
            VectorIndexWord::Projects => {
                index.projects = Some(said.value("the name of a projection")?);
            }
            VectorIndexWord::Of => index.of = Some(field(&said)?),
            VectorIndexWord::Sparse => index.sparse = Some(said.alone()?),
            VectorIndexWord::ZeroVector => index.zero_vector = Some(tolerated(&said)?),
        }
        Ok(())
    });
    Ok(index)
}

fn field(said: &Said<'_, VectorIndexWord>) -> syn::Result<Ident> {
    said.value("the name of a field, without quotes")
}

/// `filter(category, year)`.
fn filters(said: &Said<'_, VectorIndexWord>) -> syn::Result<Vec<Ident>> {
    let content = parentheses(said)?;
    let all = Punctuated::<Ident, Token![,]>::parse_terminated(&content);
    let fields: Vec<Ident> = all.map(|all| all.into_iter().collect()).unwrap_or_default();
    // What is left was no name of a field.
    let rest: TokenStream = content.parse()?;
    if fields.is_empty() || !rest.is_empty() {
        return Err(said.mistake(&said.ident, "`filter(..)` takes the names of fields"));
    }
    Ok(fields)
}

fn distance(said: &Said<'_, VectorIndexWord>) -> syn::Result<DistanceWord> {
    let name: Ident = said.value("`cosine`, `euclidean` or `dot_product`")?;
    let text = name.to_string();
    if let Some((_, distance)) = DistanceWord::ALL.iter().find(|(known, _)| *known == text) {
        return Ok(*distance);
    }
    let help = match nearest(&text, DistanceWord::ALL.map(|(known, _)| known)) {
        Some(meant) => format!("did you mean `distance = {meant}`?"),
        None => "it is one of `cosine`, `euclidean` and `dot_product`".to_owned(),
    };
    Err(crate::errors::mistake(
        &name,
        format_args!("`{text}` is not a distance of a vector index"),
        help,
    ))
}
