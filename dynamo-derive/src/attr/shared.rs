//! The words that several types have, and how the words of all `#[dynamo(..)]` are read.

use proc_macro2::{Ident, TokenStream};
use syn::parse::{ParseBuffer, ParseStream, Parser};
use syn::{Attribute, LitStr, Meta, Path, parenthesized, token};

use crate::case::Case;
use crate::errors::{Errors, mistake};
use crate::near::nearest;
use crate::words::{Said, Vocabulary, read, word};

/// The words for items that another program or an older version wrote.
#[derive(Default)]
pub(crate) struct Evolution {
    pub(crate) deny_unknown: Option<Ident>,
    pub(crate) upgrade: Option<(Ident, Path)>,
}

impl Evolution {
    pub(crate) fn words(&self) -> impl Iterator<Item = &Ident> {
        self.deny_unknown.iter().chain(self.upgrade.iter().map(|(word, _)| word))
    }
}

/// `partition_key("attribute") = "template"`.
pub(crate) struct TemplateAttribute {
    pub(crate) word: Ident,
    pub(crate) name: LitStr,
    pub(crate) form: KeyForm,
    pub(crate) template: LitStr,
}

/// The words for a key in the form of another library, each where it was said.
#[derive(Default)]
pub(crate) struct KeyForm {
    pub(crate) raw: Option<Ident>,
    pub(crate) lowercase: Option<Ident>,
    pub(crate) uppercase: Option<Ident>,
    pub(crate) lossy: Option<Ident>,
}

#[derive(Clone, Copy)]
enum KeyFormWord {
    Raw,
    Lowercase,
    Uppercase,
    Lossy,
}

const RAW_EXAMPLE: &str = r#"#[dynamo(partition_key("pk", raw) = "user:{user_id}")]"#;
const CASING_EXAMPLE: &str =
    r#"#[dynamo(partition_key("pk", raw, lowercase, lossy) = "$app#userid_{user_id}")]"#;

const KEY_FORM_WORDS: Vocabulary<KeyFormWord> = Vocabulary {
    of: "a template",
    words: &[
        word("raw", KeyFormWord::Raw, RAW_EXAMPLE),
        word("lowercase", KeyFormWord::Lowercase, CASING_EXAMPLE),
        word("uppercase", KeyFormWord::Uppercase, CASING_EXAMPLE),
        word("lossy", KeyFormWord::Lossy, CASING_EXAMPLE),
    ],
    elsewhere: &[],
};

/// What says how an enum is stored whose variants have numbers.
#[derive(Default)]
pub(crate) struct StoredAs {
    pub(crate) number: Option<Ident>,
    pub(crate) text: Option<Ident>,
}

pub(super) const NUMBER_EXAMPLE: &str = "#[dynamo(number)]";
pub(super) const TEXT_EXAMPLE: &str = "#[dynamo(text)]";
pub(super) const RENAME_ALL_EXAMPLE: &str = r#"#[dynamo(rename_all = "camelCase")]"#;
pub(super) const DENY_UNKNOWN_EXAMPLE: &str = "#[dynamo(deny_unknown)]";
pub(super) const UPGRADE_EXAMPLE: &str = "#[dynamo(upgrade = OldUser)]";
pub(super) const CRATE_EXAMPLE: &str = r#"#[dynamo(crate = "path::to::dynamo_runtime")]"#;

/// Reads the words of all `#[dynamo(..)]` among `attributes`.
pub(super) fn each_word<M: 'static>(
    attributes: &[Attribute],
    vocabulary: &Vocabulary<M>,
    errors: &mut Errors,
    mut take: impl FnMut(Said<'_, M>, &mut Errors) -> syn::Result<()>,
) {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("dynamo")) {
        let Some(words) = words_of(&attribute.meta) else {
            let example = vocabulary.words.first().map_or("#[dynamo(..)]", |word| word.example);
            errors.report(
                &attribute.meta,
                "`#[dynamo(..)]` takes its words in parentheses",
                format_args!("type `{example}`"),
            );
            continue;
        };
        let mut read_all = |input: ParseStream<'_>| {
            read(input, vocabulary, errors, &mut take);
            Ok(())
        };
        if let Err(mistake) = Parser::parse2(&mut read_all, words) {
            errors.push(mistake);
        }
    }
}

pub(super) fn words_of(meta: &Meta) -> Option<TokenStream> {
    match meta {
        Meta::List(list) => Some(list.tokens.clone()),
        Meta::Path(_) | Meta::NameValue(_) => None,
    }
}

/// The words that were said, also those whose value was a mistake.
#[derive(Default)]
pub(crate) struct Seen(Vec<&'static str>);

impl Seen {
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.contains(&name)
    }

    pub(super) fn once<M>(&mut self, said: &Said<'_, M>) -> syn::Result<()> {
        let name = said.word.name;
        if self.contains(name) {
            return Err(mistake(
                &said.ident,
                format_args!("`{name}` is said twice"),
                format_args!("keep one `{name}`"),
            ));
        }
        self.0.push(name);
        Ok(())
    }
}

pub(super) fn case<M>(said: &Said<'_, M>) -> syn::Result<Case> {
    let name = said.string()?;
    let value = name.value();
    if let Some((_, case)) = Case::ALL.iter().find(|(known, _)| *known == value) {
        return Ok(*case);
    }
    let known: Vec<_> = Case::ALL.iter().map(|(known, _)| format!("`{known}`")).collect();
    let known = format!("`rename_all` takes one of {}", known.join(", "));
    let help = match nearest(&value, Case::ALL.map(|(known, _)| known)) {
        Some(meant) => format!("did you mean `{meant}`? {known}"),
        None => known,
    };
    Err(mistake(&name, format_args!("`{value}` is not a case of `rename_all`"), help))
}

pub(super) fn upgrade<M>(said: Said<'_, M>) -> syn::Result<(Ident, Path)> {
    let older = said.value("the name of a type")?;
    Ok((said.ident, older))
}

pub(super) fn runtime<M>(said: &Said<'_, M>) -> syn::Result<Path> {
    let path = said.string()?;
    path.parse_with(Path::parse_mod_style)
        .map_err(|_| said.mistake(&path, "`crate` takes a path in a string"))
}

/// `("attribute") = "template"`, with what is said of its form: `("attribute", raw) = ".."`.
pub(super) fn template<M>(
    said: Said<'_, M>,
    content: ParseStream<'_>,
    errors: &mut Errors,
) -> syn::Result<TemplateAttribute> {
    let name = attribute_name(&said, content)?;
    let mut form = KeyForm::default();
    if !content.is_empty() {
        if content.parse::<syn::Token![,]>().is_err() {
            let rest: TokenStream = content.parse()?;
            let wrong = format!("`{}(..)` takes one name", said.word.name);
            return Err(said.mistake(&rest, wrong));
        }
        let mut seen = Seen::default();
        read(content, &KEY_FORM_WORDS, errors, |said, _| {
            seen.once(&said)?;
            let place = match said.word.meaning {
                KeyFormWord::Raw => &mut form.raw,
                KeyFormWord::Lowercase => &mut form.lowercase,
                KeyFormWord::Uppercase => &mut form.uppercase,
                KeyFormWord::Lossy => &mut form.lossy,
            };
            *place = Some(said.alone()?);
            Ok(())
        });
    }
    let template = said.string()?;
    Ok(TemplateAttribute { word: said.ident, name, form, template })
}

/// The name of an attribute, in a string.
pub(super) fn attribute_name<M>(
    said: &Said<'_, M>,
    content: ParseStream<'_>,
) -> syn::Result<LitStr> {
    content.parse().or_else(|_| {
        let rest: TokenStream = content.parse()?;
        let wrong = format!("`{}(..)` takes the name of an attribute in a string", said.word.name);
        Err(if rest.is_empty() {
            said.mistake(&said.ident, wrong)
        } else {
            said.mistake(&rest, wrong)
        })
    })
}

pub(super) fn parentheses<'a, M>(said: &Said<'a, M>) -> syn::Result<ParseBuffer<'a>> {
    if !said.rest.peek(token::Paren) {
        let wrong = format!("`{}` takes its words in parentheses", said.word.name);
        return Err(said.mistake(&said.ident, wrong));
    }
    let content;
    parenthesized!(content in said.rest);
    Ok(content)
}
