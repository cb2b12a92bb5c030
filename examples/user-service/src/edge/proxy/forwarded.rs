//! The header `Forwarded`.
//!
//! Source: [RFC 7239, section 4](https://www.rfc-editor.org/rfc/rfc7239#section-4).

/// What the proxy itself says: the last element.
#[derive(Debug, Default)]
pub(super) struct Hop {
    /// In lower case.
    pub(super) protocol: Option<String>,
    pub(super) client: Option<String>,
}

/// Nothing where any element cannot be read, or names one parameter twice.
pub(super) fn last_hop(value: &str) -> Option<Hop> {
    let mut rest = value;
    loop {
        let mut hop = Hop::default();
        let mut names: Vec<String> = Vec::new();
        loop {
            let (name, after) = token(rest.trim_start_matches([' ', '\t']))?;
            let (value, after) = self::value(after.strip_prefix('=')?)?;
            let name = name.to_ascii_lowercase();
            if names.contains(&name) {
                return None;
            }
            match &*name {
                "proto" => hop.protocol = Some(value.to_ascii_lowercase()),
                "for" => hop.client = Some(value),
                _ => {}
            }
            names.push(name);
            rest = after.trim_start_matches([' ', '\t']);
            match rest.strip_prefix(';') {
                Some(after) => rest = after,
                None => break,
            }
        }
        match rest.strip_prefix(',') {
            Some(after) => rest = after,
            None => return rest.is_empty().then_some(hop),
        }
    }
}

fn token(text: &str) -> Option<(&str, &str)> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let length = text.bytes().take_while(|byte| is_token(*byte)).count();
    (length > 0).then(|| text.split_at(length))
}

fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        return token(text).map(|(value, rest)| (value.to_owned(), rest));
    };
    let mut value = String::new();
    let mut characters = quoted.chars();
    loop {
        match characters.next()? {
            '"' => return Some((value, characters.as_str())),
            '\\' => value.push(characters.next()?),
            character => value.push(character),
        }
    }
}
