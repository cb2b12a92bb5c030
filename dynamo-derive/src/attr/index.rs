//! The words of an index.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::parse::ParseBuffer;
use syn::punctuated::Punctuated;
use syn::{LitStr, Path, Token, token};

use super::shared::{Seen, TemplateAttribute, parentheses, template};
use crate::errors::Errors;
use crate::words::{Said, Vocabulary, read, word};

/// What `index(..)` says.
pub(crate) struct IndexAttribute {
    pub(crate) seen: Seen,
    pub(crate) function: Ident,
    pub(crate) name: Option<LitStr>,
    pub(crate) local: Option<Ident>,
    pub(crate) partition_key: Option<IndexKey>,
    pub(crate) sort_key: Option<IndexKey>,
    pub(crate) projects: Option<Path>,
    pub(crate) stale: Option<Ident>,
}

/// A key of an index.
pub(crate) enum IndexKey {
    /// `partition_key = field`.
    Field { word: Ident, field: Ident },
    /// `partition_key(field, field)`.
    Fields { word: Ident, fields: Vec<Ident> },
    /// `partition_key("attribute") = "template"`.
    Template(TemplateAttribute),
}

#[derive(Clone, Copy)]
enum IndexWord {
    Name,
    Local,
    PartitionKey,
    SortKey,
    Projects,
    Stale,
}

pub(super) const INDEX_EXAMPLE: &str =
    r#"#[dynamo(index(by_email, name = "email-index", partition_key = email))]"#;
const LOCAL_INDEX_EXAMPLE: &str =
    r#"#[dynamo(index(by_status, name = "status-index", local, sort_key = status))]"#;
const PROJECTING_INDEX_EXAMPLE: &str = r#"#[dynamo(index(by_email, name = "email-index", partition_key = email, projects = UserContact))]"#;

const STALE_EXAMPLE: &str = r#"#[dynamo(index(by_email, name = "GSI1", partition_key("GSI1PK") = "USER#{email}", stale = tolerated))]"#;

const INDEX_WORDS: Vocabulary<IndexWord> = Vocabulary {
    of: "an index",
    words: &[
        word("name", IndexWord::Name, INDEX_EXAMPLE),
        word("partition_key", IndexWord::PartitionKey, INDEX_EXAMPLE),
        word("sort_key", IndexWord::SortKey, LOCAL_INDEX_EXAMPLE),
        word("local", IndexWord::Local, LOCAL_INDEX_EXAMPLE),
        word("projects", IndexWord::Projects, PROJECTING_INDEX_EXAMPLE),
        word("stale", IndexWord::Stale, STALE_EXAMPLE),
    ],
    elsewhere: &[],
};

/// `index(function, ..)`, or `None` where what was said is no index at all.
pub(super) fn index<M>(
    said: &Said<'_, M>,
    errors: &mut Errors,
) -> syn::Result<Option<IndexAttribute>> {
    let content = parentheses(said)?;
    let mut index = IndexAttribute {
        seen: Seen::default(),
        function: function(said, &content)?,
        name: None,
        local: None,
        partition_key: None,
        sort_key: None,
        projects: None,
        stale: None,
    };
    read(&content, &INDEX_WORDS, errors, |said, errors| {
        index.seen.once(&said)?;
        match said.word.meaning {
            IndexWord::Name => index.name = Some(said.string()?),
            IndexWord::Local => index.local = Some(said.alone()?),
            IndexWord::PartitionKey => index.partition_key = Some(index_key(said, errors)?),
            IndexWord::SortKey => index.sort_key = Some(index_key(said, errors)?),
            IndexWord::Stale => index.stale = Some(tolerated(&said)?),
            IndexWord::Projects => {
                index.projects = Some(said.value("the name of a projection")?);
            }
        }
        Ok(())
    });
    Ok(Some(index))
}

/// `stale = tolerated`, and the like.
pub(super) fn tolerated<M>(said: &Said<'_, M>) -> syn::Result<Ident> {
    let value: Ident = said.value("the word `tolerated`")?;
    if value != "tolerated" {
        let message = format!("`{}` takes the word `tolerated`", said.ident);
        return Err(said.mistake(&value, message));
    }
    Ok(said.ident.clone())
}

/// The name of an index's function, which stands first in its words.
pub(super) fn function<M>(said: &Said<'_, M>, content: &ParseBuffer<'_>) -> syn::Result<Ident> {
    let is_named = content.peek(syn::Ident) && !content.peek2(Token![=]);
    if !is_named {
        let rest: TokenStream = content.parse()?;
        let wrong = "an index starts with the name of its query function";
        return Err(if rest.is_empty() {
            said.mistake(&said.ident, wrong)
        } else {
            said.mistake(&rest.into_iter().next().to_token_stream(), wrong)
        });
    }
    let function = content.parse()?;
    if !content.is_empty() && content.parse::<Token![,]>().is_err() {
        let rest: TokenStream = content.parse()?;
        return Err(said.mistake(&rest, "a comma follows the name of an index's query function"));
    }
    Ok(function)
}

fn index_key(said: Said<'_, IndexWord>, errors: &mut Errors) -> syn::Result<IndexKey> {
    if said.rest.peek(token::Paren) {
        let name = said.word.name;
        let content = parentheses(&said)?;
        if content.peek(LitStr) {
            return template(said, &content, errors).map(IndexKey::Template);
        }
        let all = Punctuated::<Ident, Token![,]>::parse_terminated(&content);
        let fields: Vec<Ident> = all.map(|all| all.into_iter().collect()).unwrap_or_default();
        // What is left was no name of a field.
        let rest: TokenStream = content.parse()?;
        if fields.is_empty() || !rest.is_empty() {
            return Err(said.mistake(
                &said.ident,
                format_args!("`{name}(..)` takes the names of fields, or the name of an attribute in a string"),
            ));
        }
        return Ok(IndexKey::Fields { word: said.ident, fields });
    }
    let field = said.value("the name of a field, without quotes")?;
    Ok(IndexKey::Field { word: said.ident, field })
}
