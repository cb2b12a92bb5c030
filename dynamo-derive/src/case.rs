//! How a field's name is written elsewhere.

/// A value of `rename_all`. Each does to a field's name what serde does, so
/// that a table written through serde keeps its attributes' names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
}

impl Case {
    pub(crate) const ALL: [(&'static str, Self); 7] = [
        ("camelCase", Self::Camel),
        ("PascalCase", Self::Pascal),
        ("snake_case", Self::Snake),
        ("SCREAMING_SNAKE_CASE", Self::ScreamingSnake),
        ("kebab-case", Self::Kebab),
        ("lowercase", Self::Lower),
        ("UPPERCASE", Self::Upper),
    ];

    /// The stored name of the field `field`, which is in snake case.
    pub(crate) fn apply(self, field: &str) -> String {
        match self {
            Self::Lower | Self::Snake => field.to_owned(),
            Self::Upper | Self::ScreamingSnake => field.to_ascii_uppercase(),
            Self::Pascal => pascal(field),
            Self::Camel => {
                let mut chars = pascal(field);
                if let Some(first) = chars.get_mut(..1) {
                    first.make_ascii_lowercase();
                }
                chars
            }
            Self::Kebab => field.replace('_', "-"),
        }
    }
}

impl Case {
    /// The stored name of the variant `variant`, which is in pascal case.
    pub(crate) fn apply_to_variant(self, variant: &str) -> String {
        match self {
            Self::Pascal => variant.to_owned(),
            Self::Lower => variant.to_ascii_lowercase(),
            Self::Upper => variant.to_ascii_uppercase(),
            Self::Camel => {
                let mut chars = variant.to_owned();
                if let Some(first) = chars.get_mut(..1) {
                    first.make_ascii_lowercase();
                }
                chars
            }
            Self::Snake => words(variant, '_'),
            Self::ScreamingSnake => words(variant, '_').to_ascii_uppercase(),
            Self::Kebab => words(variant, '-'),
        }
    }
}

/// The words of a name in pascal case, in lower case.
fn words(name: &str, between: char) -> String {
    let mut words = String::with_capacity(name.len());
    for (position, c) in name.char_indices() {
        if position > 0 && c.is_uppercase() {
            words.push(between);
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}

fn pascal(name: &str) -> String {
    name.split('_').map(capitalized).collect()
}

fn capitalized(word: &str) -> String {
    let mut word = word.to_owned();
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    word
}

/// The upper camel form of a function's name: `by_email` is `ByEmail`.
pub(crate) fn type_name(function: &str) -> String {
    pascal(function)
}

/// The upper snake form of a field's name: `userId` is `USER_ID`.
pub(crate) fn constant_name(field: &str) -> String {
    let mut name = String::with_capacity(field.len());
    let mut after_lower = false;
    for c in field.chars() {
        if after_lower && c.is_uppercase() {
            name.push('_');
        }
        after_lower = c.is_lowercase();
        name.push(upper(c));
    }
    name
}

/// The upper-case form, where it is one character: `ß` stays, as `SS` would
/// make two names one.
fn upper(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_case_as_serde_writes_it() {
        let stored = |field| Case::ALL.map(|(_, case)| case.apply(field));
        assert_eq!(
            stored("very_tasty"),
            [
                "veryTasty",
                "VeryTasty",
                "very_tasty",
                "VERY_TASTY",
                "very-tasty",
                "very_tasty",
                "VERY_TASTY"
            ]
        );
        assert_eq!(stored("a"), ["a", "A", "a", "A", "a", "a", "A"]);
        assert_eq!(stored("z42"), ["z42", "Z42", "z42", "Z42", "z42", "z42", "Z42"]);
        assert_eq!(Case::Camel.apply("_id"), "id");
    }

    #[test]
    fn each_case_of_a_variant_as_serde_writes_it() {
        let stored = |variant| Case::ALL.map(|(_, case)| case.apply_to_variant(variant));
        assert_eq!(
            stored("VeryTasty"),
            [
                "veryTasty",
                "VeryTasty",
                "very_tasty",
                "VERY_TASTY",
                "very-tasty",
                "verytasty",
                "VERYTASTY"
            ]
        );
        assert_eq!(stored("A"), ["a", "A", "a", "A", "a", "a", "A"]);
        assert_eq!(stored("Z42"), ["z42", "Z42", "z42", "Z42", "z42", "z42", "Z42"]);
    }

    #[test]
    fn letters_beyond_ascii_are_kept() {
        assert_eq!(Case::Camel.apply("été_chaud"), "étéChaud");
        assert_eq!(constant_name("straße"), "STRAßE");
        assert_eq!(constant_name("été"), "ÉTÉ");
    }

    #[test]
    fn constants_and_types() {
        assert_eq!(constant_name("user_id"), "USER_ID");
        assert_eq!(constant_name("userId"), "USER_ID");
        assert_eq!(constant_name("_x2"), "_X2");
        assert_eq!(type_name("by_email"), "ByEmail");
        assert_eq!(type_name("by_email_2"), "ByEmail2");
    }
}
