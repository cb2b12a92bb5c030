//! What a throttled request exceeded.

use aws_sdk_dynamodb::types;

/// One of the reasons for which DynamoDB throttled a request: what was exceeded, by what, and how.
///
/// DynamoDB words a reason as the kind of the resource, the kind of access and the limit, such as
/// `IndexWriteKeyRangeThroughputExceeded`. Of one that is worded otherwise the text is there, and the parts that are known.
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// use dynamo_runtime::client::{ThrottledAccess, ThrottledResource, ThrottlingLimit};
/// use dynamo_runtime::{Endpoint, Trust};
///
/// # let client = SecureClient::builder()
/// #     .region(Region::US_EAST_1)
/// #     .credentials(Credentials::fixed(engine.access_key_id(), engine.secret_access_key(), None))
/// #     .endpoint(Endpoint::compatible(engine.host(), engine.port())?)
/// #     .trust(Trust::private_ca(engine.ca_pem())?)
/// #     .retries(1)
/// #     .build()
/// #     .await?;
/// let table = "arn:aws:dynamodb:us-east-1:123456789012:table/users";
/// engine.faults().throttle("GetItem", "TableReadKeyRangeThroughputExceeded", table);
/// let error = User::get(User::key("ann")).send(&client).await.unwrap_err();
///
/// let reason = &error.throttling()[0];
/// assert_eq!(reason.as_str(), "TableReadKeyRangeThroughputExceeded");
/// assert_eq!(reason.resource(), Some(table));
/// assert_eq!(reason.resource_kind(), Some(ThrottledResource::Table));
/// assert_eq!(reason.access(), Some(ThrottledAccess::Read));
/// assert_eq!(reason.limit(), Some(ThrottlingLimit::KeyRange));
/// # Ok(()) }
/// ```
///
/// Source: [`ThrottlingReason`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ThrottlingReason.html).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThrottlingReason {
    text: String,
    resource: Option<String>,
    resource_kind: Option<ThrottledResource>,
    access: Option<ThrottledAccess>,
    limit: Option<ThrottlingLimit>,
}

/// What could not take the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ThrottledResource {
    /// A table.
    Table,
    /// A global secondary index: a write to its table is throttled with it.
    Index,
}

/// How the resource was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ThrottledAccess {
    /// By reading.
    Read,
    /// By writing.
    Write,
}

/// Which limit was exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ThrottlingLimit {
    /// The capacity that is provisioned for the table or the index.
    ProvisionedThroughput,
    /// The maximum that is configured for a table or an index with on-demand capacity.
    MaxOnDemandThroughput,
    /// What one range of keys can take: the load is not spread over the partition keys.
    KeyRange,
    /// The account's quota for a table in this region.
    Account,
}

impl ThrottlingReason {
    pub(super) fn new(text: &str, resource: Option<&str>) -> Self {
        let (resource_kind, rest) =
            part(text, &[("Table", ThrottledResource::Table), ("Index", ThrottledResource::Index)]);
        let (access, rest) =
            part(rest, &[("Read", ThrottledAccess::Read), ("Write", ThrottledAccess::Write)]);
        let limit = match rest {
            "ProvisionedThroughputExceeded" => Some(ThrottlingLimit::ProvisionedThroughput),
            "MaxOnDemandThroughputExceeded" => Some(ThrottlingLimit::MaxOnDemandThroughput),
            "KeyRangeThroughputExceeded" => Some(ThrottlingLimit::KeyRange),
            "AccountLimitExceeded" => Some(ThrottlingLimit::Account),
            _ => None,
        };
        let resource = resource.map(str::to_owned);
        Self { text: text.to_owned(), resource, resource_kind, access, limit }
    }

    /// The reason as DynamoDB words it, such as `TableReadProvisionedThroughputExceeded`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The Amazon Resource Name of the table or the index.
    pub fn resource(&self) -> Option<&str> {
        self.resource.as_deref()
    }

    /// Whether a table or an index was exceeded.
    pub fn resource_kind(&self) -> Option<ThrottledResource> {
        self.resource_kind
    }

    /// Whether reading or writing exceeded it.
    pub fn access(&self) -> Option<ThrottledAccess> {
        self.access
    }

    /// Which limit was exceeded.
    pub fn limit(&self) -> Option<ThrottlingLimit> {
        self.limit
    }

    /// The text, if it is all of DynamoDB's documented words, which logs and metrics may repeat.
    pub(super) fn documented(&self) -> Option<&str> {
        let is_whole =
            self.resource_kind.is_some() && self.access.is_some() && self.limit.is_some();
        is_whole.then_some(&*self.text)
    }
}

/// What the text begins with, and the rest.
fn part<'t, T: Copy>(text: &'t str, words: &[(&str, T)]) -> (Option<T>, &'t str) {
    let found = words.iter().find_map(|(word, of)| Some((Some(*of), text.strip_prefix(word)?)));
    found.unwrap_or((None, text))
}

impl From<&types::ThrottlingReason> for ThrottlingReason {
    fn from(reason: &types::ThrottlingReason) -> Self {
        Self::new(reason.reason().unwrap_or_default(), reason.resource())
    }
}

/// The documented reasons among these, for an error's text and a span.
pub(super) fn documented(reasons: &[ThrottlingReason]) -> Option<String> {
    let documented: Vec<_> = reasons.iter().filter_map(ThrottlingReason::documented).collect();
    (!documented.is_empty()).then(|| documented.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_reason_is_typed() {
        for (kind, resource) in
            [("Table", ThrottledResource::Table), ("Index", ThrottledResource::Index)]
        {
            for (verb, access) in
                [("Read", ThrottledAccess::Read), ("Write", ThrottledAccess::Write)]
            {
                for (limit, of) in [
                    ("ProvisionedThroughputExceeded", ThrottlingLimit::ProvisionedThroughput),
                    ("MaxOnDemandThroughputExceeded", ThrottlingLimit::MaxOnDemandThroughput),
                    ("KeyRangeThroughputExceeded", ThrottlingLimit::KeyRange),
                    ("AccountLimitExceeded", ThrottlingLimit::Account),
                ] {
                    let text = format!("{kind}{verb}{limit}");
                    let reason = ThrottlingReason::new(&text, Some("arn:x"));
                    assert_eq!(reason.resource_kind(), Some(resource), "{text}");
                    assert_eq!(reason.access(), Some(access), "{text}");
                    assert_eq!(reason.limit(), Some(of), "{text}");
                    assert_eq!((reason.as_str(), reason.resource()), (&*text, Some("arn:x")));
                    assert_eq!(reason.documented(), Some(&*text));
                }
            }
        }
    }

    #[test]
    fn what_is_not_known_is_kept_and_not_repeated() {
        for (text, known) in [
            ("", (false, false, false)),
            ("SomethingElse", (false, false, false)),
            ("TableReadSomethingElse", (true, true, false)),
            ("IndexScanKeyRangeThroughputExceeded", (true, false, false)),
            ("ReadAccountLimitExceeded", (false, true, true)),
            ("AccountLimitExceeded", (false, false, true)),
            ("TableAccountLimitExceeded", (true, false, true)),
            ("TableReadAccountLimitExceeded hunter2", (true, true, false)),
        ] {
            let reason = ThrottlingReason::new(text, None);
            let seen = (
                reason.resource_kind().is_some(),
                reason.access().is_some(),
                reason.limit().is_some(),
            );
            assert_eq!((reason.as_str(), seen), (text, known));
            assert_eq!(reason.documented(), None, "{text}");
        }
        let reasons =
            ["hunter2", "TableWriteAccountLimitExceeded", "IndexWriteAccountLimitExceeded"];
        let reasons = reasons.map(|text| ThrottlingReason::new(text, None));
        let both = "TableWriteAccountLimitExceeded, IndexWriteAccountLimitExceeded";
        assert_eq!(documented(&reasons).as_deref(), Some(both));
        assert_eq!(documented(&reasons[..1]), None);
    }
}
