//! `form = ..` on a field: the form in which another program stores its value.

use proc_macro2::Ident;
use syn::parse::ParseBuffer;
use syn::{LitInt, LitStr, parenthesized, token};

use super::shared::Seen;
use crate::errors::{Errors, mistake, quoted};
use crate::near::nearest;
use crate::words::{Said, Vocabulary, read, word};

/// A form that is named on a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamedForm {
    /// A number of units since the epoch, of which a second has so many.
    Epoch {
        per_second: u32,
    },
    /// A text in UTC, with so many digits of a second and one of [`ZONES`], by its place.
    Rfc3339 {
        digits: usize,
        zone: usize,
    },
    Base64,
    Base64Binary,
    Json,
}

/// How UTC is written, as the runtime has it.
const ZONES: [&str; 3] = ["Z", "+00:00", "+0000"];

const DIGITS: [usize; 4] = [0, 3, 6, 9];

const RFC3339: NamedForm = NamedForm::Rfc3339 { digits: 6, zone: 0 };

const FORMS: [(&str, NamedForm); 7] = [
    ("epoch_seconds", NamedForm::Epoch { per_second: 1 }),
    ("epoch_millis", NamedForm::Epoch { per_second: 1_000 }),
    ("epoch_micros", NamedForm::Epoch { per_second: 1_000_000 }),
    ("rfc3339", RFC3339),
    ("base64", NamedForm::Base64),
    ("base64_binary", NamedForm::Base64Binary),
    ("json", NamedForm::Json),
];

pub(super) const FORM_EXAMPLE: &str = "#[dynamo(form = epoch_millis)]";
const RFC3339_EXAMPLE: &str = r#"form = rfc3339(digits = 3, offset = "+00:00")"#;

#[derive(Clone, Copy)]
enum Rfc3339Word {
    Digits,
    Offset,
}

const RFC3339_WORDS: Vocabulary<Rfc3339Word> = Vocabulary {
    of: "`rfc3339(..)`",
    words: &[
        word("digits", Rfc3339Word::Digits, RFC3339_EXAMPLE),
        word("offset", Rfc3339Word::Offset, RFC3339_EXAMPLE),
    ],
    elsewhere: &[],
};

impl NamedForm {
    pub(crate) fn is_of_time(self) -> bool {
        matches!(self, Self::Epoch { .. } | Self::Rfc3339 { .. })
    }

    /// As it is named on a field.
    pub(crate) fn name(self) -> &'static str {
        let is_same = |form: &NamedForm| {
            std::mem::discriminant(form) == std::mem::discriminant(&self)
                && (matches!(self, Self::Rfc3339 { .. }) || *form == self)
        };
        FORMS.iter().find(|(_, form)| is_same(form)).map_or("", |(name, _)| name)
    }
}

pub(super) fn form<M>(said: &Said<'_, M>, errors: &mut Errors) -> syn::Result<NamedForm> {
    let name: Ident = said.value("the name of a form")?;
    let text = name.to_string();
    let Some((_, form)) = FORMS.iter().find(|(known, _)| *known == text) else {
        let known = FORMS.map(|(known, _)| known);
        let list = format!("the forms are {}", quoted(&known.map(str::to_owned)));
        let help = match nearest(&text, known) {
            Some(meant) => format!("did you mean `{meant}`? {list}"),
            None => list,
        };
        return Err(mistake(&name, format_args!("`{text}` is not a form of a value"), help));
    };
    if *form == RFC3339 && said.rest.peek(token::Paren) {
        let content;
        parenthesized!(content in said.rest);
        if content.is_empty() {
            let wrong = "`rfc3339(..)` has nothing in its parentheses";
            return Err(mistake(&name, wrong, format_args!("type `{RFC3339_EXAMPLE}`")));
        }
        return Ok(rfc3339(&content, errors));
    }
    Ok(*form)
}

/// The words in the parentheses of `rfc3339(..)`.
fn rfc3339(content: &ParseBuffer<'_>, errors: &mut Errors) -> NamedForm {
    let (mut digits, mut zone) = (6, 0);
    let mut seen = Seen::default();
    read(content, &RFC3339_WORDS, errors, |said, _| {
        seen.once(&said)?;
        match said.word.meaning {
            Rfc3339Word::Digits => digits = self::digits(&said.value("a number")?)?,
            Rfc3339Word::Offset => zone = self::zone(&said.string()?)?,
        }
        Ok(())
    });
    NamedForm::Rfc3339 { digits, zone }
}

fn digits(number: &LitInt) -> syn::Result<usize> {
    let digits = number.base10_parse().ok().filter(|digits| DIGITS.contains(digits));
    digits.ok_or_else(|| {
        let wrong = format!("a second is written with 0, 3, 6 or 9 digits, not with {number}");
        mistake(number, wrong, "choose one of them: `digits = 3`")
    })
}

fn zone(text: &LitStr) -> syn::Result<usize> {
    let value = text.value();
    ZONES.iter().position(|zone| *zone == value).ok_or_else(|| {
        let wrong = format!("a time is written in UTC, and `{value}` is no way to write UTC");
        mistake(text, wrong, r#"choose one of them: `offset = "Z"`, `"+00:00"` or `"+0000"`"#)
    })
}
