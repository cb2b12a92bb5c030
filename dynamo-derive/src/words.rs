//! A list of words, `word, word = value, word(..)`, each from a vocabulary.
//! A mistake costs its own word only: reading goes on after the next comma.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{LitStr, Token};

use crate::errors::{Errors, mistake};
use crate::near::nearest;

/// A word that may be said, with the one example that every mistake in it shows.
#[derive(Debug)]
pub(crate) struct Word<M: 'static> {
    pub(crate) name: &'static str,
    pub(crate) meaning: M,
    pub(crate) example: &'static str,
}

pub(crate) const fn word<M: Copy>(
    name: &'static str,
    meaning: M,
    example: &'static str,
) -> Word<M> {
    Word { name, meaning, example }
}

/// The words that may be said in one place.
#[derive(Debug)]
pub(crate) struct Vocabulary<M: 'static> {
    /// Whose words these are: "an entity".
    pub(crate) of: &'static str,
    pub(crate) words: &'static [Word<M>],
    /// Words of another place, with that place.
    pub(crate) elsewhere: &'static [(&'static str, &'static str)],
}

/// What other libraries call the same.
const SYNONYMS: &[(&str, &str)] = &[
    ("hash_key", "partition_key"),
    ("pk", "partition_key"),
    ("range_key", "sort_key"),
    ("sk", "sort_key"),
    ("table_name", "table"),
    ("global_index", "index"),
    ("local_index", "index"),
    ("global_secondary_index", "index"),
    ("local_secondary_index", "index"),
    ("gsi", "index"),
    ("lsi", "index"),
    ("index_name", "name"),
    ("ignore", "skip"),
    ("optimistic_lock", "version"),
    ("time_to_live", "ttl"),
    ("expires_at", "ttl"),
    ("discriminator", "constant"),
];

/// Words of other libraries for what needs none here.
const NEEDLESS: &[(&str, &str)] = &[
    ("nullable", "leave it out: an `Option` that is `None` is not stored"),
    ("optional", "leave it out: an `Option` that is `None` is not stored"),
    ("dimensions", "leave it out: the type of the vector has them, as in `Embedding<1024>`"),
    ("skip_serializing_if", "leave it out: an `Option` that is `None` is not stored"),
];

/// A word as it was said, with what follows it still unread.
pub(crate) struct Said<'a, M: 'static> {
    pub(crate) word: &'static Word<M>,
    pub(crate) ident: Ident,
    pub(crate) rest: ParseStream<'a>,
}

/// Hands each known word of `input` to `take`, and reports the others.
pub(crate) fn read<M: 'static>(
    input: ParseStream<'_>,
    vocabulary: &Vocabulary<M>,
    errors: &mut Errors,
    mut take: impl FnMut(Said<'_, M>, &mut Errors) -> syn::Result<()>,
) {
    while !input.is_empty() {
        match read_word(input, vocabulary, errors) {
            Ok(said) => {
                let (name, example) = (said.word.name, said.word.example);
                match take(said, errors) {
                    Ok(()) => check_end(name, example, input, errors),
                    Err(mistake) => errors.push(mistake),
                }
            }
            Err(mistake) => errors.push(mistake),
        }
        skip_to_comma(input);
        // At a comma or at the end, so this cannot fail.
        let _: syn::Result<Option<Token![,]>> = input.parse();
    }
}

/// A word that is misspelt is reported, and taken as what it was meant to be.
fn read_word<'a, M>(
    input: ParseStream<'a>,
    vocabulary: &Vocabulary<M>,
    errors: &mut Errors,
) -> syn::Result<Said<'a, M>> {
    if !input.peek(Ident::peek_any) {
        let token: TokenTree = input.parse()?;
        return Err(mistake(
            &token,
            format_args!("expected a word of {}", vocabulary.of),
            vocabulary.list(),
        ));
    }
    let ident = Ident::parse_any(input)?;
    let name = ident.to_string();
    if let Some(word) = vocabulary.word(&name) {
        return Ok(Said { word, ident, rest: input });
    }
    let meant = vocabulary.meant(&name);
    let unknown = vocabulary.unknown(&ident, &name, meant);
    match meant {
        Some(word) => {
            errors.push(unknown);
            Ok(Said { word, ident, rest: input })
        }
        None => Err(unknown),
    }
}

fn check_end(name: &str, example: &str, input: ParseStream<'_>, errors: &mut Errors) {
    if !input.is_empty() && !input.peek(Token![,]) {
        let rest = skip_to_comma(input);
        errors.report(
            &rest,
            format_args!("unexpected text after `{name}`"),
            format_args!("separate words by a comma; one example is `{example}`"),
        );
    }
}

fn skip_to_comma(input: ParseStream<'_>) -> TokenStream {
    let mut skipped = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        let Ok(token) = input.parse::<TokenTree>() else {
            break;
        };
        token.to_tokens(&mut skipped);
    }
    skipped
}

impl<M> Vocabulary<M> {
    fn list(&self) -> String {
        if let [only] = self.words {
            return format!("the only word of {} is `{}`", self.of, only.name);
        }
        let names: Vec<_> = self.words.iter().map(|word| format!("`{}`", word.name)).collect();
        format!("the words of {} are {}", self.of, names.join(", "))
    }

    fn word(&self, name: &str) -> Option<&'static Word<M>> {
        self.words.iter().find(|word| word.name == name)
    }

    fn elsewhere(&self, name: &str) -> Option<&'static str> {
        self.elsewhere.iter().find(|(word, _)| *word == name).map(|(_, place)| *place)
    }

    /// The word that a misspelt one, or one of another library, was meant to be.
    fn meant(&self, name: &str) -> Option<&'static Word<M>> {
        if self.elsewhere(name).is_some() {
            return None;
        }
        let synonym = SYNONYMS.iter().find(|(other, _)| *other == name);
        let synonym = synonym.and_then(|(_, word)| self.word(word));
        synonym.or_else(|| {
            nearest(name, self.words.iter().map(|word| word.name)).and_then(|near| self.word(near))
        })
    }

    fn unknown(&self, ident: &Ident, name: &str, meant: Option<&Word<M>>) -> syn::Error {
        if let Some(place) = self.elsewhere(name) {
            return mistake(
                ident,
                format_args!("`{name}` is a word of {place}, not of {}", self.of),
                format_args!("move it to {place}; {}", self.list()),
            );
        }
        let wrong = format!("`{name}` is not a word of {}", self.of);
        if let Some((_, help)) = NEEDLESS.iter().find(|(other, _)| *other == name) {
            return mistake(ident, wrong, help);
        }
        match meant {
            Some(word) => mistake(
                ident,
                wrong,
                format_args!(
                    "did you mean `{}`, as in `{}`? {}",
                    word.name,
                    word.example,
                    self.list()
                ),
            ),
            None => mistake(ident, wrong, self.list()),
        }
    }
}

impl<M> Said<'_, M> {
    /// Whether a value follows.
    pub(crate) fn has_value(&self) -> bool {
        self.rest.peek(Token![=])
    }

    /// A word that stands alone.
    pub(crate) fn alone(self) -> syn::Result<Ident> {
        if self.rest.is_empty() || self.rest.peek(Token![,]) {
            return Ok(self.ident);
        }
        let rest = skip_to_comma(self.rest);
        Err(self.mistake(&rest, format_args!("`{}` takes no value", self.word.name)))
    }

    /// `word = ".."`.
    pub(crate) fn string(&self) -> syn::Result<LitStr> {
        self.value("a string")
    }

    /// `word = value`, where `what` is said if the value is another.
    pub(crate) fn value<T: Parse>(&self, what: &str) -> syn::Result<T> {
        let name = self.word.name;
        if !self.has_value() {
            return Err(self.mistake(&self.ident, format_args!("`{name}` needs a value")));
        }
        let equals: Token![=] = self.rest.parse()?;
        let ahead = self.rest.fork();
        self.rest.parse().map_err(|_| {
            let found = skip_to_comma(&ahead);
            let wrong = format!("`{name}` takes {what}");
            if found.is_empty() {
                self.mistake(&equals, wrong)
            } else {
                self.mistake(&found, wrong)
            }
        })
    }

    /// A mistake in this word; its help is the word's example.
    pub(crate) fn mistake(
        &self,
        place: &impl ToTokens,
        wrong: impl std::fmt::Display,
    ) -> syn::Error {
        mistake(place, wrong, format_args!("type `{}`", self.word.example))
    }
}
