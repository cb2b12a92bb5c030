//! The two actions of STS that give keys of a role, in its [query protocol](https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html).

use std::time::SystemTime;

use aws_credential_types::Credentials as Keys;
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Request};

use super::source_error::{SourceError, SourceProblem};
use super::sts_answer;
use super::ways::{Service, Way, Ways};
use crate::client::error::BuildError;
use crate::client::region::Region;
use crate::client::secret::{self, SecretBuffer};
use crate::client::signing;

const FORM: &str = "application/x-www-form-urlencoded";

/// STS of one region.
#[derive(Debug)]
pub(super) struct Sts {
    way: Way,
    region: Region,
}

impl Sts {
    pub(super) fn new(ways: &Ways, region: Region) -> Result<Self, BuildError> {
        Ok(Self { way: ways.to_service(Service::Sts, region)?, region })
    }

    /// Asks for keys without any, by a token that is in the form.
    pub(super) async fn ask(&self, action: &str, form: Form) -> Result<Keys, SourceError> {
        self.exchange(action, self.request(form)?).await
    }

    /// Asks for keys with keys of a caller.
    pub(super) async fn ask_as(
        &self,
        caller: &Keys,
        action: &str,
        form: Form,
    ) -> Result<Keys, SourceError> {
        let mut request = self.request(form)?;
        let signed = signing::sign_once(
            &mut request,
            self.way.authority(),
            self.region,
            "sts",
            caller,
            SystemTime::now(),
        );
        signed
            .map_err(|_| self.way.error(SourceProblem::Request("its request cannot be signed")))?;
        self.exchange(action, request).await
    }

    fn request(&self, form: Form) -> Result<Request<Bytes>, SourceError> {
        let request = Request::post(format!("https://{}/", self.way.authority()))
            .header(ACCEPT, HeaderValue::from_static("text/xml"))
            .header(CONTENT_TYPE, HeaderValue::from_static(FORM))
            .body(form.into_body());
        request.map_err(|_| self.way.error(SourceProblem::Request("its request is none of HTTP")))
    }

    async fn exchange(&self, action: &str, request: Request<Bytes>) -> Result<Keys, SourceError> {
        let body = self.way.success(request).await?;
        sts_answer::keys(&body, action).ok_or_else(|| {
            self.way.error(SourceProblem::Answer(
                "is no XML with an access key's id, its secret, a session's token and when they expire",
            ))
        })
    }
}

/// The body of a request: parameters as `a=b&c=d`, wiped when it has been sent.
#[derive(Default)]
pub(super) struct Form(SecretBuffer);

impl Form {
    pub(super) fn new(action: &str) -> Self {
        let mut form = Self::default();
        form.set("Action", action);
        form.set("Version", "2011-06-15");
        form
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        if self.0.len() > 0 {
            self.0.extend(b"&");
        }
        self.0.extend(name.as_bytes());
        self.0.extend(b"=");
        for byte in value.bytes() {
            if is_unreserved(byte) {
                self.0.extend(&[byte]);
            } else {
                let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'0');
                self.0.extend(&[b'%', digit(byte >> 4), digit(byte & 0xf)]);
            }
        }
    }

    fn into_body(self) -> Bytes {
        secret::shared(self.0.into_inner())
    }
}

/// Of what stands in a query as it is, by [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-2.3).
pub(super) fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_its_values_and_nothing_of_them() {
        let mut form = Form::new("X");
        form.set("a", "b&c=d e+f/\u{e9}~");
        let body = form.into_body();
        let text = str::from_utf8(&body).unwrap();
        assert_eq!(text, "Action=X&Version=2011-06-15&a=b%26c%3Dd%20e%2Bf%2F%C3%A9~");
    }
}
