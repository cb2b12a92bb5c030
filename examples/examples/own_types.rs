//! Types of your own: an id that belongs to one type, an enum as a number, and a type of another crate.

use std::marker::PhantomData;
use std::net::IpAddr;

use dynamo_runtime::codec::{AttributeValue, Decode, DecodeError, Encode, Reader, Writer, kind};
use dynamo_runtime::prelude::*;

/// The id of a `T`, stored as its text.
///
/// The standard derives require of `T` what they give to `Id<T>`, so the entities below have them too.
#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
struct Id<T>(String, PhantomData<fn() -> T>);

impl<T> Id<T> {
    fn new(id: &str) -> Self {
        Self(id.to_owned(), PhantomData)
    }
}

/// Stored as a number, so that DynamoDB compares it as one.
#[derive(Document, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[dynamo(number)]
enum Severity {
    Notice = 1,
    Warning = 2,
    Outage = 3,
}

/// A type of the standard library, stored as its text. It is no key, so it needs no `KeyPart`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Address(IpAddr);

impl Encode for Address {
    fn encode(&self, writer: &mut Writer) {
        writer.string(&self.0.to_string());
    }
}

impl Decode<'_> for Address {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let place = reader.position();
        let text = reader.string()?;
        text.parse().map(Self).map_err(|_| DecodeError::refused(place, "it is not an IP address"))
    }
}

impl AttributeValue for Address {
    type Kind = kind::Text;
    type ListKind = kind::List;
    type Operand = Self;
}

#[derive(Entity, Clone, Debug, PartialEq, Eq, Hash)]
#[dynamo(table = "hosts")]
struct Host {
    #[dynamo(partition_key)]
    id: Id<Host>,
    address: Address,
}

#[derive(Entity, Clone, Debug, PartialEq, Eq, Hash)]
#[dynamo(table = "incidents")]
#[dynamo(partition_key("pk") = "HOST#{host}", sort_key("sk") = "INCIDENT#{id}")]
struct Incident {
    host: Id<Host>,
    id: Id<Incident>,
    severity: Severity,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = SecureClient::local().table::<Host>().table::<Incident>().build().await?;

    let (old, new) = (Address("192.0.2.1".parse()?), Address("2001:db8::1".parse()?));
    let host = Host { id: Id::new("web-1"), address: old };
    Host::create(host.clone()).send(&client).await?;
    Host::update(Host::key(host.id.clone()))
        .set(Host::ADDRESS, new)
        .condition(Host::ADDRESS.eq(old))
        .send(&client)
        .await?;
    // `Host::key(incident.id)` does not compile: that is the id of an incident.
    let found = Host::get(Host::key(host.id.clone())).send(&client).await?;
    assert_eq!(found.map(|host| host.address), Some(new));

    for (id, severity) in
        [("i-1", Severity::Notice), ("i-2", Severity::Outage), ("i-3", Severity::Warning)]
    {
        let incident = Incident { host: host.id.clone(), id: Id::new(id), severity };
        Incident::create(incident).send(&client).await?;
    }
    let serious = Incident::query(host.id).filter(Incident::SEVERITY.ge(Severity::Warning));
    let serious = serious.items(&client).collect().await?;
    let ids: Vec<_> = serious.into_iter().map(|incident| incident.id).collect();
    assert_eq!(ids, [Id::new("i-2"), Id::new("i-3")]);
    Ok(())
}
