//! Keys and the codes of errors in the XML that STS answers with.

use std::time::SystemTime;

use aws_credential_types::Credentials as Keys;
use aws_smithy_types::date_time::{DateTime, Format};
use aws_smithy_xml::decode::{Document, ScopedDecoder, XmlDecodeError, try_data};

use super::source_error::documented;

/// `<XResponse><XResult><Credentials>..`
pub(super) fn keys(body: &[u8], action: &str) -> Option<Keys> {
    let mut document = Document::new(str::from_utf8(body).ok()?);
    let mut root = document.root_element().ok()?;
    if root.start_el().local() != format!("{action}Response") {
        return None;
    }
    within(&mut root, &format!("{action}Result"), |result| within(result, "Credentials", keys_in))
}

fn keys_in(credentials: &mut ScopedDecoder<'_, '_>) -> Option<Keys> {
    let (mut id, mut secret, mut token, mut expiry) = (None, None, None, None);
    while let Some(mut member) = credentials.next_tag() {
        let place = match member.start_el().local() {
            "AccessKeyId" => &mut id,
            "SecretAccessKey" => &mut secret,
            "SessionToken" => &mut token,
            "Expiration" => &mut expiry,
            _ => continue,
        };
        *place = Some(data(&mut member).ok()?);
    }
    let expiry = DateTime::from_str(&expiry?, Format::DateTime).ok()?;
    Some(Keys::new(id?, secret?, Some(token?), Some(SystemTime::try_from(expiry).ok()?), "STS"))
}

/// The documented code in `<ErrorResponse><Error><Code>`.
pub(super) fn error_code(body: &[u8]) -> Option<&'static str> {
    let mut document = Document::new(str::from_utf8(body).ok()?);
    let mut root = document.root_element().ok()?;
    within(&mut root, "Error", |error| within(error, "Code", |code| documented(&data(code).ok()?)))
}

/// What is read of the first element of this name.
fn within<'inp, T>(
    parent: &mut ScopedDecoder<'inp, '_>,
    name: &str,
    read: impl FnOnce(&mut ScopedDecoder<'inp, '_>) -> Option<T>,
) -> Option<T> {
    while let Some(mut tag) = parent.next_tag() {
        if tag.start_el().local() == name {
            return read(&mut tag);
        }
    }
    None
}

fn data(element: &mut ScopedDecoder<'_, '_>) -> Result<String, XmlDecodeError> {
    Ok(try_data(element)?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "<?xml version=\"1.0\"?><XResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><XResult>\
        <AssumedRoleUser><Arn>a</Arn></AssumedRoleUser><PackedPolicySize>1</PackedPolicySize>\
        <Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>s&amp;s</SecretAccessKey>\
        <SessionToken>t</SessionToken><Expiration>2126-01-01T00:00:00Z</Expiration></Credentials>\
        <SourceIdentity>x</SourceIdentity></XResult><ResponseMetadata/></XResponse>";

    #[test]
    fn keys_are_found_wherever_they_stand_in_the_result() {
        let keys = keys(ANSWER.as_bytes(), "X").unwrap();
        assert_eq!((keys.access_key_id(), keys.secret_access_key()), ("A", "s&s"));
        assert_eq!(keys.session_token(), Some("t"));
        assert!(keys.expiry().is_some());
    }

    #[test]
    fn what_is_no_whole_answer_has_no_keys() {
        for part in [
            "<AccessKeyId>A</AccessKeyId>",
            "<SecretAccessKey>s&amp;s</SecretAccessKey>",
            "<SessionToken>t</SessionToken>",
            "<Expiration>2126-01-01T00:00:00Z</Expiration>",
        ] {
            assert!(keys(ANSWER.replace(part, "").as_bytes(), "X").is_none(), "{part}");
        }
        for (part, other) in
            [("2126-01-01T00:00:00Z", "soon"), ("XResult>", "Result>"), ("XResponse", "YResponse")]
        {
            assert!(keys(ANSWER.replace(part, other).as_bytes(), "X").is_none(), "{other}");
        }
        for text in ["", "<", "<XResponse>", "{}", "<XResponse><XResult><Credentials>"] {
            assert!(keys(text.as_bytes(), "X").is_none(), "{text}");
        }
        for end in 0..ANSWER.len() {
            // It never panics, wherever it ends.
            let _ = keys(&ANSWER.as_bytes()[..end], "X");
        }
    }

    #[test]
    fn of_an_error_its_documented_code_is_known() {
        let of = |code: &str| {
            error_code(
                format!("<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>m</Message></Error></ErrorResponse>").as_bytes(),
            )
        };
        assert_eq!(of("AccessDenied"), Some("AccessDenied"));
        assert_eq!(of("hunter2"), None);
        assert_eq!(error_code(b"<html>"), None);
    }
}
