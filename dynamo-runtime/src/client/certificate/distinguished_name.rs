//! Distinguished names as text, for those that the program itself gives: of a root, and of a list's issuer.
//!
//! Source: [RFC 4514](https://www.rfc-editor.org/rfc/rfc4514).

use std::fmt::Write;

use super::der::{IA5_STRING, PRINTABLE_STRING, UTF8_STRING, Value};
use super::names::rdns;

/// The attributes of a name that have a short name of their own.
const SHORT_NAMES: [(&[u8], &str); 9] = [
    (&[0x55, 4, 3], "CN"),
    (&[0x55, 4, 6], "C"),
    (&[0x55, 4, 7], "L"),
    (&[0x55, 4, 8], "ST"),
    (&[0x55, 4, 9], "STREET"),
    (&[0x55, 4, 10], "O"),
    (&[0x55, 4, 11], "OU"),
    (&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1], "UID"),
    (&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25], "DC"),
];

/// The text of a name, given by its `SEQUENCE`'s content; empty where it is no name.
pub(in crate::client) fn text(name: &[u8]) -> String {
    let mut text = String::new();
    for attributes in rdns(name).unwrap_or_default().iter().rev() {
        for (position, attribute) in attributes.iter().enumerate() {
            if !text.is_empty() {
                text.push(if position == 0 { ',' } else { '+' });
            }
            if let Some((_, short)) = SHORT_NAMES.iter().find(|(kind, _)| *kind == attribute.kind) {
                text.push_str(short);
                text.push('=');
                write_value(&mut text, &attribute.value);
            } else {
                text.push_str(&dotted(attribute.kind));
                text.push('=');
                write_hex(&mut text, attribute.value.whole);
            }
        }
    }
    text
}

/// A string with what has a meaning in the text escaped; anything else in hexadecimal digits.
fn write_value(text: &mut String, value: &Value<'_>) {
    let is_text = [UTF8_STRING, PRINTABLE_STRING, IA5_STRING].contains(&value.tag);
    let Some(string) = std::str::from_utf8(value.content).ok().filter(|_| is_text) else {
        return write_hex(text, value.whole);
    };
    for (at, letter) in string.char_indices() {
        let is_last = at + letter.len_utf8() == string.len();
        let is_at_end = (letter == ' ' && (at == 0 || is_last)) || (letter == '#' && at == 0);
        if letter.is_control() {
            for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(text, "\\{byte:02x}");
            }
        } else if is_at_end || "\"+,;<>\\".contains(letter) {
            text.extend(['\\', letter]);
        } else {
            text.push(letter);
        }
    }
}

fn write_hex(text: &mut String, der: &[u8]) {
    text.push('#');
    for byte in der {
        let _ = write!(text, "{byte:02x}");
    }
}

/// An object identifier's arcs.
fn dotted(identifier: &[u8]) -> String {
    let (mut arcs, mut arc) = (Vec::new(), 0_u128);
    for byte in identifier {
        arc = arc << 7 | u128::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            // The first two arcs are one number: the first is at most 2, and the second below 40 unless it is 2.
            if arcs.is_empty() {
                let first = (arc / 40).min(2);
                arcs.push(first.to_string());
                arc -= first * 40;
            }
            arcs.push(arc.to_string());
            arc = 0;
        }
    }
    arcs.join(".")
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, KeyPair};

    use super::*;
    use crate::client::certificate::Certificate;

    fn told(attributes: &[(DnType, &str)]) -> String {
        let mut params = CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        for (kind, value) in attributes {
            params.distinguished_name.push(kind.clone(), *value);
        }
        let certificate = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
        text(Certificate::parse(certificate.der()).unwrap().subject)
    }

    #[test]
    fn a_name_begins_with_what_is_last_in_it() {
        let name = [
            (DnType::CountryName, "DE"),
            (DnType::OrganizationName, "Example"),
            (DnType::CommonName, "Root 1"),
        ];
        assert_eq!(told(&name), "CN=Root 1,O=Example,C=DE");
        assert_eq!(told(&[]), "");
        assert_eq!(text(b"no name"), "");
    }

    #[test]
    fn what_has_a_meaning_is_escaped() {
        for (value, escaped) in [
            ("a,b=c+d", "a\\,b=c\\+d"),
            ("#1 ", "\\#1\\ "),
            (" #", "\\ #"),
            ("line\nline", "line\\0aline"),
            ("\u{85}", "\\c2\\85"),
            ("\"<\\>;", "\\\"\\<\\\\\\>\\;"),
            ("caf\u{e9}", "caf\u{e9}"),
        ] {
            assert_eq!(told(&[(DnType::CommonName, value)]), format!("CN={escaped}"));
        }
    }

    #[test]
    fn an_attribute_without_a_short_name_is_told_by_its_identifier() {
        // PKCS #9's email address.
        let email = DnType::CustomDnType(vec![1, 2, 840, 113_549, 1, 9, 1]);
        assert_eq!(told(&[(email, "a")]), "1.2.840.113549.1.9.1=#0c0161");
        assert_eq!(dotted(&[0x88, 0x37]), "2.999");
        assert_eq!(dotted(&[]), "");
    }

    #[test]
    fn amazons_roots_are_told_by_their_names() {
        let anchors = crate::client::Trust::amazon().anchors();
        let names: Vec<_> = anchors.roots.iter().map(|root| text(&root.subject)).collect();
        assert!(names.contains(&"CN=Amazon Root CA 1,O=Amazon,C=US".to_owned()), "{names:?}");
    }
}
