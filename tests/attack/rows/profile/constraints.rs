//! Constraints of names, of a private root and of an intermediate, in all their forms.

use dynamo_runtime::client::CertificateRule as Rule;

use super::{Change, passes, refused, root_breaks, unbuilt};
use crate::row::Row;
use crate::rows::HOST;
use crate::x509::{
    ALTERNATIVE_NAMES, AUTHORITY_KEY, Chain, NAME_CONSTRAINTS, bytes, constructed, integer, name,
    oid, primitive, sequence,
};

const FORBIDDEN: &str = "an authority of its chain may not speak for its name";

pub fn rows() -> Vec<Row> {
    let malformed: [(&str, Change); 12] = [
        ("a permitted name with a point before it", |it| {
            permit(it, &[dns(".amazonaws.com")]);
        }),
        ("an excluded name with a wildcard", |it| exclude(it, &[dns("*.example.com")])),
        ("an excluded name that is none", |it| exclude(it, &[dns("a b")])),
        ("an excluded network of five bytes", |it| exclude(it, &[primitive(7, &[10, 0, 0, 0, 0])])),
        ("an excluded address without a mask", |it| exclude(it, &[primitive(7, &[10, 0, 0, 0])])),
        ("an excluded network whose mask is no prefix", |it| {
            exclude(it, &[primitive(7, &[10, 0, 0, 0, 255, 0, 255, 0])]);
        }),
        ("an excluded mailbox without a user", |it| exclude(it, &[primitive(1, b"@example.com")])),
        ("an excluded mailbox with two at signs", |it| {
            exclude(it, &[primitive(1, b"a@b@example.com")]);
        }),
        ("an excluded mailbox of no host", |it| exclude(it, &[primitive(1, b"a@b c")])),
        ("an excluded directory that is malformed", |it| {
            exclude(it, &[constructed(4, &sequence(&[&integer(&[1])]))]);
        }),
        ("an excluded URI with a scheme", |it| exclude(it, &[primitive(6, b"https://a.example")])),
        ("an empty list of excluded names beside a permitted one", |it| {
            let permitted = constructed(0, &sequence(&[&dns("amazonaws.com")]));
            let value = sequence(&[&permitted, &constructed(1, &[])]);
            it.root.set(&NAME_CONSTRAINTS, true, value);
        }),
    ];
    let malformed = malformed.into_iter();
    let malformed =
        malformed.flat_map(|(name, change)| root_breaks(Rule::NameConstraints, name, change));
    let sound = [of_hosts(), of_networks_and_directories(), of_mailboxes_and_others(), of_chains()];
    malformed.chain(sound.into_iter().flatten()).collect()
}

fn of_hosts() -> Vec<Row> {
    vec![
        passes("a permitted domain", |it| permit(it, &[dns("amazonaws.com")])),
        passes("a permitted host", |it| permit(it, &[dns(HOST)])),
        passes("a permitted domain in capitals", |it| permit(it, &[dns("AMAZONAWS.COM")])),
        passes("every domain permitted", |it| permit(it, &[dns("")])),
        passes("one of two permitted domains", |it| {
            permit(it, &[dns("example.com"), dns("amazonaws.com")]);
        }),
        passes("constraints that are not critical", |it| {
            permit(it, &[dns("amazonaws.com")]);
            it.root.set_critical(&NAME_CONSTRAINTS, false);
        }),
        passes("another domain excluded", |it| exclude(it, &[dns("example.com")])),
        passes("a domain that ends alike excluded", |it| exclude(it, &[dns("zonaws.com")])),
        refused(FORBIDDEN, "another domain permitted", |it| permit(it, &[dns("example.com")])),
        refused(FORBIDDEN, "a domain that ends alike permitted", |it| {
            permit(it, &[dns("zonaws.com")]);
        }),
        refused(FORBIDDEN, "a host below permitted", |it| {
            permit(it, &[dns(&format!("a.{HOST}"))]);
        }),
        refused(FORBIDDEN, "another domain permitted, and not critical", |it| {
            permit(it, &[dns("example.com")]);
            it.root.set_critical(&NAME_CONSTRAINTS, false);
        }),
        refused(FORBIDDEN, "the domain excluded", |it| exclude(it, &[dns("amazonaws.com")])),
        refused(FORBIDDEN, "every domain excluded", |it| exclude(it, &[dns("")])),
        refused(FORBIDDEN, "the domain permitted and excluded", |it| {
            let subtree = sequence(&[&dns("amazonaws.com")]);
            let value = sequence(&[&constructed(0, &subtree), &constructed(1, &subtree)]);
            it.root.set(&NAME_CONSTRAINTS, true, value);
        }),
        refused(
            FORBIDDEN,
            "another name beside the host, of a domain that is not permitted",
            |it| {
                permit(it, &[dns("amazonaws.com")]);
                beside(it, &dns("example.com"));
            },
        ),
        refused(FORBIDDEN, "a wildcard that stands for an excluded host", |it| {
            exclude(it, &[dns("a.example.com")]);
            beside(it, &dns("*.example.com"));
        }),
        refused(FORBIDDEN, "a wildcard that stands for more than the permitted host", |it| {
            permit(it, &[dns("amazonaws.com"), dns("a.example.com")]);
            beside(it, &dns("*.example.com"));
        }),
        passes("a wildcard beside an excluded host", |it| {
            exclude(it, &[dns("a.b.example.com")]);
            beside(it, &dns("*.example.com"));
        }),
        passes("another domain permitted, an address only", |it| {
            permit(it, &[dns("example.com")]);
            it.is_local = true;
            it.server.set(&ALTERNATIVE_NAMES, false, sequence(&[&primitive(7, &[127, 0, 0, 1])]));
        }),
    ]
}

fn of_networks_and_directories() -> Vec<Row> {
    const OWN: &[u8] = &[127, 0, 0, 0, 255, 0, 0, 0];
    const OTHERS: &[u8] = &[10, 0, 0, 0, 255, 0, 0, 0];
    vec![
        passes("a permitted network", |it| {
            permit(it, &[primitive(7, OWN)]);
            beside(it, &primitive(7, &[127, 0, 0, 1]));
        }),
        refused(FORBIDDEN, "another network permitted", |it| {
            permit(it, &[primitive(7, OTHERS)]);
            beside(it, &primitive(7, &[127, 0, 0, 1]));
        }),
        refused(FORBIDDEN, "a network of IPv6 permitted, of an IPv4 address", |it| {
            permit(it, &[primitive(7, &[0; 32])]);
            beside(it, &primitive(7, &[127, 0, 0, 1]));
        }),
        passes("another network excluded", |it| {
            exclude(it, &[primitive(7, OTHERS)]);
            beside(it, &primitive(7, &[127, 0, 0, 1]));
        }),
        refused(FORBIDDEN, "the network excluded", |it| {
            exclude(it, &[primitive(7, OWN)]);
            beside(it, &primitive(7, &[127, 0, 0, 1]));
        }),
        passes("a permitted subject", |it| {
            let base = name("a server");
            permit(it, &[constructed(4, &base), constructed(4, &name("intermediate 1"))]);
        }),
        passes("no subject, where subjects are constrained", |it| {
            it.server.subject = sequence(&[]);
            it.server.set_critical(&ALTERNATIVE_NAMES, true);
            permit(it, &[constructed(4, &name("intermediate 1"))]);
        }),
        passes("a permitted subject in other letters and spaces", |it| {
            it.between.clear();
            permit(it, &[constructed(4, &name("A  Server "))]);
        }),
        refused(FORBIDDEN, "another subject permitted", |it| {
            it.between.clear();
            permit(it, &[constructed(4, &name("another server"))]);
        }),
        refused(FORBIDDEN, "a permitted directory below the subject", |it| {
            it.between.clear();
            let [server, below] = [name("a server"), name("below")];
            permit(it, &[constructed(4, &sequence(&[&server[2..], &below[2..]]))]);
        }),
        refused(FORBIDDEN, "the subject of the intermediate not permitted", |it| {
            permit(it, &[constructed(4, &name("a server"))]);
        }),
        refused(FORBIDDEN, "the subject excluded", |it| {
            exclude(it, &[constructed(4, &name("a server"))]);
        }),
        passes("another subject excluded", |it| {
            exclude(it, &[constructed(4, &name("another server"))]);
        }),
        refused(FORBIDDEN, "a permitted subject, and another name of a directory", |it| {
            it.between.clear();
            permit(it, &[constructed(4, &name("a server"))]);
            beside(it, &constructed(4, &name("another")));
        }),
    ]
}

fn of_mailboxes_and_others() -> Vec<Row> {
    vec![
        passes("a permitted mailbox", |it| {
            permit(it, &[primitive(1, b"a@example.com")]);
            beside(it, &primitive(1, b"a@EXAMPLE.com"));
        }),
        passes("a mailbox of a permitted host", |it| {
            permit(it, &[primitive(1, b"example.com")]);
            beside(it, &primitive(1, b"a@example.com"));
        }),
        passes("a mailbox of a permitted domain", |it| {
            permit(it, &[primitive(1, b".example.com")]);
            beside(it, &primitive(1, b"a@mail.example.com"));
        }),
        refused(FORBIDDEN, "a mailbox of another host", |it| {
            permit(it, &[primitive(1, b"example.com")]);
            beside(it, &primitive(1, b"a@mail.example.com"));
        }),
        refused(FORBIDDEN, "an excluded mailbox", |it| {
            exclude(it, &[primitive(1, b"a@example.com")]);
            beside(it, &primitive(1, b"a@example.com"));
        }),
        refused(FORBIDDEN, "a mailbox of the subject that is not permitted", |it| {
            it.between.clear();
            permit(it, &[primitive(1, b"example.com")]);
            let kind = oid(&[1, 2, 840, 113_549, 1, 9, 1]);
            let mail = sequence(&[&kind, &[&[0x16, 9], b"a@b.local".as_slice()].concat()]);
            let set = [&[0x31, u8::try_from(mail.len()).unwrap()], mail.as_slice()].concat();
            // A mailbox of a subject counts where there are no alternative names.
            it.between.push(crate::x509::Draft::authority("intermediate 1"));
            it.between[0].subject = sequence(&[&set]);
        }),
        passes("a permitted host of a URI", |it| {
            permit(it, &[primitive(6, b"example.com")]);
            beside(it, &primitive(6, b"https://example.com/a"));
        }),
        refused(FORBIDDEN, "another host of a URI", |it| {
            permit(it, &[primitive(6, b"example.com")]);
            beside(it, &primitive(6, b"https://www.example.com/a"));
        }),
        refused(FORBIDDEN, "an excluded domain of a URI", |it| {
            exclude(it, &[primitive(6, b".example.com")]);
            beside(it, &primitive(6, b"https://www.example.com/a"));
        }),
        refused(FORBIDDEN, "a URI without a host, where hosts are constrained", |it| {
            permit(it, &[primitive(6, b"example.com")]);
            beside(it, &primitive(6, b"urn:a"));
        }),
        refused(FORBIDDEN, "a name of another kind, excluded", |it| {
            exclude(it, &[other()]);
            beside(it, &other());
        }),
        refused(FORBIDDEN, "a name of another kind, permitted", |it| {
            permit(it, &[other()]);
            beside(it, &other());
        }),
        passes("a name of another kind than the one that is constrained", |it| {
            permit(it, &[primitive(8, &[42, 3])]);
            beside(it, &other());
        }),
        passes("names of another kind constrained, and none there", |it| permit(it, &[other()])),
    ]
}

fn of_chains() -> Vec<Row> {
    vec![
        passes("constraints of an intermediate", |it| {
            it.between[0].set(&NAME_CONSTRAINTS, true, permitted(&[dns("amazonaws.com")]));
        }),
        refused(FORBIDDEN, "an intermediate for another domain", |it| {
            it.between[0].set(&NAME_CONSTRAINTS, true, permitted(&[dns("example.com")]));
        }),
        refused(FORBIDDEN, "an intermediate that widens what its root permits", |it| {
            permit(it, &[dns("example.com")]);
            it.between[0].set(&NAME_CONSTRAINTS, true, permitted(&[dns("amazonaws.com")]));
        }),
        passes("a self-issued intermediate that constraints are not about", |it| {
            it.between[0] = it.root.clone();
            it.between[0].set_key(std::sync::Arc::new(crate::identity::key()));
            it.between[0].set(&AUTHORITY_KEY, false, Vec::new());
            permit(it, &[constructed(4, &name("a server"))]);
        }),
        refused(FORBIDDEN, "a self-issued leaf that constraints are about", |it| {
            it.between.clear();
            it.server.subject = it.root.subject.clone();
            permit(it, &[constructed(4, &name("a server"))]);
        }),
        refused("malformed", "a root whose constraints have a minimum", |it| {
            let subtree = sequence(&[&dns("amazonaws.com"), &primitive(0, &[0])]);
            it.root.set(&NAME_CONSTRAINTS, true, sequence(&[&constructed(0, &subtree)]));
            it.profile = it.profile.clone().tolerating(Rule::NameConstraints);
        }),
        unbuilt("malformed", "a root whose constraints are none", |it| {
            it.root.set(&NAME_CONSTRAINTS, true, bytes(&integer(&[1])));
        }),
        refused("its chain is too much to verify", "600 names, and 600 constraints", |it| {
            let number = |at: u16| dns(&format!("a{at}.example"));
            let hosts = (0..600).map(number).collect::<Vec<_>>();
            exclude(it, &hosts.iter().map(|_| dns("b.example")).collect::<Vec<_>>());
            beside(it, &hosts.concat());
        }),
    ]
}

fn dns(name: &str) -> Vec<u8> {
    primitive(2, name.as_bytes())
}

fn other() -> Vec<u8> {
    constructed(0, &[oid(&[1, 2, 3]), constructed(0, &primitive(6, b"x"))].concat())
}

fn subtrees(bases: &[Vec<u8>]) -> Vec<u8> {
    bases.iter().flat_map(|base| sequence(&[base])).collect()
}

fn permitted(bases: &[Vec<u8>]) -> Vec<u8> {
    sequence(&[&constructed(0, &subtrees(bases))])
}

fn permit(chain: &mut Chain, bases: &[Vec<u8>]) {
    chain.root.set(&NAME_CONSTRAINTS, true, permitted(bases));
}

fn exclude(chain: &mut Chain, bases: &[Vec<u8>]) {
    let value = sequence(&[&constructed(1, &subtrees(bases))]);
    chain.root.set(&NAME_CONSTRAINTS, true, value);
}

/// Beside the host, which stays the server's.
fn beside(chain: &mut Chain, other: &[u8]) {
    chain.server.set(&ALTERNATIVE_NAMES, false, sequence(&[&dns(HOST), other]));
}
