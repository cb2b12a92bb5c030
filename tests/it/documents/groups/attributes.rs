//! The attributes of groups in conditions, filters and updates.

use std::collections::{BTreeMap, BTreeSet};

use dynamo_runtime::Condition;
use dynamo_runtime::UnknownAttributes;
use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;

#[derive(Document, Clone, Debug, Default, PartialEq)]
#[dynamo(rename_all = "camelCase")]
struct Audit {
    created_by: Option<String>,
    #[dynamo(alias = "changer")]
    changed_by: Option<String>,
    #[dynamo(default)]
    changes: u8,
    #[dynamo(default)]
    roles: BTreeSet<String>,
    #[dynamo(default)]
    notes: Vec<String>,
    #[dynamo(default)]
    places: BTreeMap<String, Place>,
    #[dynamo(flatten)]
    origin: Origin<u16>,
}

#[derive(Document, Clone, Debug, Default, PartialEq)]
struct Origin<T: Default> {
    #[dynamo(default)]
    host: String,
    #[dynamo(default)]
    port: T,
    place: Option<Place>,
}

#[derive(Document, Clone, Debug, Default, PartialEq)]
struct Place {
    city: String,
    #[dynamo(flatten)]
    point: Point,
}

#[derive(Document, Clone, Debug, Default, PartialEq)]
struct Point {
    latitude: i8,
    #[dynamo(default)]
    tags: BTreeSet<String>,
}

#[derive(Entity, Clone, Debug, Default, PartialEq)]
#[dynamo(table = "pages", allow(scan))]
#[dynamo(index(by_title, name = "title-index", partition_key = title))]
struct Page {
    #[dynamo(partition_key)]
    id: String,
    /// Who and when.
    #[dynamo(flatten)]
    audit: Audit,
    title: Option<String>,
    #[dynamo(version)]
    version: Version,
}

fn place(city: &str, latitude: i8) -> Place {
    Place { city: city.to_owned(), point: Point { latitude, ..Point::default() } }
}

fn page() -> Page {
    Page {
        id: "p".to_owned(),
        audit: Audit {
            created_by: Some("ann".to_owned()),
            changed_by: None,
            changes: 250,
            roles: BTreeSet::from(["reader".to_owned()]),
            notes: vec!["a".to_owned(), "b".to_owned()],
            places: BTreeMap::from([("home".to_owned(), place("Graz", 47))]),
            origin: Origin { host: "h1".to_owned(), port: 443, place: Some(place("Linz", 48)) },
        },
        title: Some("Tea".to_owned()),
        version: Version::default(),
    }
}

async fn engine() -> (SecureClient, LocalEngine) {
    let engine = crate::engine::embedded_engine().await;
    let client = crate::engine::embedded().engine(&engine).table::<Page>().build().await.unwrap();
    (client, engine)
}

async fn stored() -> (SecureClient, LocalEngine, Page) {
    let (client, engine) = engine().await;
    let page = Page::create(page()).send(&client).await.unwrap();
    (client, engine, page)
}

async fn finds<K>(client: &SecureClient, condition: Condition<Page, K>) -> bool {
    Page::scan().filter(condition).count(client).await.unwrap() == 1
}

macro_rules! holds {
    ($($condition:expr => $expected:expr,)*) => {{
        let (client, _, _) = stored().await;
        $(assert_eq!(finds(&client, $condition).await, $expected, stringify!($condition));)*
    }};
}

#[tokio::test]
async fn an_attribute_of_a_group_has_the_conditions_of_an_attribute() {
    holds! {
        Page::AUDIT.then(Audit::CREATED_BY).eq("ann") => true,
        Page::AUDIT.then(Audit::CREATED_BY).ne("ann") => false,
        Page::AUDIT.then(Audit::CREATED_BY).begins_with("a") => true,
        Page::AUDIT.then(Audit::CREATED_BY).is_in(["bob", "ann"]) => true,
        Page::AUDIT.then(Audit::CREATED_BY).contains("b") => false,
        Page::AUDIT.then(Audit::CREATED_BY).size().eq(3) => true,
        Page::AUDIT.then(Audit::CHANGED_BY).exists() => false,
        Page::AUDIT.then(Audit::CHANGED_BY).not_exists() => true,
        Page::AUDIT.then(Audit::CHANGES).between(249, 251) => true,
        Page::AUDIT.then(Audit::CHANGES).lt(250) => false,
        Page::AUDIT.then(Audit::CHANGES).le(250) => true,
        Page::AUDIT.then(Audit::CHANGES).gt(250) => false,
        Page::AUDIT.then(Audit::CHANGES).ge(250) => true,
        Page::AUDIT.then(Audit::ROLES).contains("reader") => true,
        Page::AUDIT.then(Audit::ROLES).contains("writer") => false,
    }
}

#[tokio::test]
async fn a_path_goes_on_from_a_group_and_into_one() {
    let home = || Page::AUDIT.then(Audit::PLACES).entry("home");
    holds! {
        Page::AUDIT.then(Audit::NOTES).at(1).eq("b") => true,
        Page::AUDIT.then(Audit::NOTES.at(1)).eq("b") => true,
        home().then(Place::CITY).eq("Graz") => true,
        home().then(Place::CITY).eq("Linz") => false,
        Page::AUDIT.then(Audit::PLACES.entry("home").then(Place::CITY)).eq("Graz") => true,
        home().then(Place::POINT.then(Point::LATITUDE)).eq(47) => true,
        home().then(Place::POINT.then(Point::LATITUDE)).gt(47) => false,
    }
}

#[tokio::test]
async fn a_group_in_a_group_is_no_step_either() {
    holds! {
        Page::AUDIT.then(Audit::ORIGIN).then(Origin::HOST).eq("h1") => true,
        Page::AUDIT.then(Audit::ORIGIN.then(Origin::HOST)).eq("h1") => true,
        Page::AUDIT.then(Audit::ORIGIN).then(Origin::HOST).eq("h2") => false,
        Page::AUDIT.then(Audit::ORIGIN).then(Origin::PORT).between(1, 443) => true,
        Page::AUDIT.then(Audit::ORIGIN).then(Origin::PLACE).then(Place::CITY).eq("Linz") => true,
        Page::AUDIT
            .then(Audit::ORIGIN)
            .then(Origin::PLACE)
            .then(Place::POINT.then(Point::LATITUDE))
            .eq(48) => true,
    }
}

#[tokio::test]
async fn a_query_of_an_index_is_filtered_by_an_attribute_of_a_group() {
    let (client, _, _) = stored().await;
    for (by, count) in [("ann", 1), ("bob", 0)] {
        let filter = Page::AUDIT.then(Audit::CREATED_BY).eq(by);
        let found = Page::by_title("Tea").filter(filter).items(&client).collect().await.unwrap();
        assert_eq!(found.len(), count, "{by}");
    }
}

#[tokio::test]
async fn an_update_writes_the_attributes_of_a_group() {
    let (client, _, created) = stored().await;
    let audit = Page::AUDIT;
    let updated = Page::update(Page::key("p"))
        .set(audit.then(Audit::CHANGED_BY), "bob")
        .remove(audit.then(Audit::CREATED_BY))
        .add(audit.then(Audit::CHANGES), 5)
        .insert(audit.then(Audit::ROLES), ["writer"])
        .append(audit.then(Audit::NOTES), ["c"])
        .set(audit.then(Audit::PLACES).entry("home").then(Place::CITY), "Wels")
        .subtract(
            audit.then(Audit::PLACES.entry("home").then(Place::POINT.then(Point::LATITUDE))),
            1,
        )
        .set(audit.then(Audit::ORIGIN).then(Origin::HOST), "h2")
        .set_if_absent(audit.then(Audit::ORIGIN).then(Origin::PORT), 80)
        .condition(audit.then(Audit::CREATED_BY).eq("ann"))
        .returning_new()
        .send(&client)
        .await
        .unwrap();
    let mut expected = created;
    expected.version = updated.version;
    expected.audit.changed_by = Some("bob".to_owned());
    expected.audit.created_by = None;
    expected.audit.changes = 255;
    expected.audit.roles.insert("writer".to_owned());
    expected.audit.notes.push("c".to_owned());
    expected.audit.places.insert("home".to_owned(), place("Wels", 46));
    expected.audit.origin.host = "h2".to_owned();
    assert_eq!(updated, expected);

    let update = || Page::update(Page::key("p")).if_exists().returning_new();
    let updated = update()
        .discard(audit.then(Audit::ROLES), ["reader", "writer"])
        .prepend(audit.then(Audit::NOTES), ["0"])
        .send(&client)
        .await
        .unwrap();
    assert_eq!(updated.audit.roles, BTreeSet::new());
    assert_eq!(updated.audit.notes, ["0", "a", "b", "c"]);

    // 255 is the most that the field holds.
    let error = update().add(audit.then(Audit::CHANGES), 1).send(&client).await.unwrap_err();
    assert!(error.is_condition_failed(), "{error}");
}

#[tokio::test]
async fn an_upsert_makes_an_item_with_attributes_of_a_group() {
    let (client, _) = engine().await;
    let made = Page::upsert(Page::key("q"))
        .set(Page::AUDIT.then(Audit::CREATED_BY), "bob")
        .add(Page::AUDIT.then(Audit::ORIGIN).then(Origin::PORT), 80)
        .condition(Page::AUDIT.then(Audit::CREATED_BY).not_exists())
        .returning_new()
        .send(&client)
        .await
        .unwrap();
    assert_eq!(made.audit.created_by.as_deref(), Some("bob"));
    assert_eq!(made.audit.origin.port, 80);
}

#[tokio::test]
async fn one_attribute_is_written_once_whatever_leads_to_it() {
    let (client, engine, _) = stored().await;
    let before = engine.requests().len();
    let twice = Page::update(Page::key("p"))
        .set(Page::AUDIT.then(Audit::ORIGIN).then(Origin::HOST), "a")
        .set(Page::AUDIT.then(Audit::ORIGIN.then(Origin::HOST)), "b")
        .if_exists();
    let error = twice.send(&client).await.unwrap_err();
    assert!(error.to_string().contains("the update writes `host` twice"), "{error}");
    assert_eq!(engine.requests().len(), before);
}

#[tokio::test]
async fn an_update_whose_response_is_lost_is_told_from_the_attributes_of_a_group() {
    /// A page with the time of its last write, which tells whose it was.
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "pages")]
    struct Dated {
        #[dynamo(partition_key)]
        id: String,
        #[dynamo(flatten)]
        audit: Audit,
        #[dynamo(version)]
        version: Version,
        #[dynamo(updated_at)]
        updated_at: Timestamp,
    }

    let (client, engine, created) = stored().await;
    engine.faults().lose_response("UpdateItem");
    let updated = Dated::update(Dated::key("p"))
        .set(Dated::AUDIT.then(Audit::CHANGED_BY), "bob")
        .set(Dated::AUDIT.then(Audit::PLACES).entry("home").then(Place::CITY), "Wels")
        .remove(Dated::AUDIT.then(Audit::CREATED_BY))
        .at_version(created.version)
        .returning_new()
        .send_with_metadata(&client)
        .await
        .unwrap();
    assert_eq!(updated.attempts, 2);
    assert_eq!(updated.value.audit.changed_by.as_deref(), Some("bob"));

    // What another has written of the group at this version is no success.
    let version = updated.value.version;
    let theirs = Page::update(Page::key("p"))
        .set(Page::AUDIT.then(Audit::CHANGED_BY), "carl")
        .at_version(version);
    theirs.send(&client).await.unwrap();
    engine.faults().lose_response("UpdateItem");
    let ours = Dated::update(Dated::key("p"))
        .set(Dated::AUDIT.then(Audit::CHANGED_BY), "dora")
        .at_version(version);
    assert!(ours.send(&client).await.unwrap_err().is_condition_failed());
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "pages", allow(unconditional_put))]
struct Old {
    #[dynamo(partition_key)]
    id: String,
    changer: Option<String>,
    #[dynamo(unknown)]
    rest: UnknownAttributes,
}

#[tokio::test]
async fn an_update_of_an_attribute_of_a_group_removes_its_older_name() {
    let (client, _) = engine().await;
    let old = Old {
        id: "p".to_owned(),
        changer: Some("ann".to_owned()),
        rest: UnknownAttributes::default(),
    };
    Old::put_unconditionally(old).send(&client).await.unwrap();
    let changed_by = || Page::AUDIT.then(Audit::CHANGED_BY);
    let update = || Page::update(Page::key("p")).if_exists();
    let error = update().set_if_absent(changed_by(), "bob").send(&client).await.unwrap_err();
    assert!(error.is_condition_failed(), "{error}");
    update().set(changed_by(), "bob").send(&client).await.unwrap();
    let left = Old::get(Old::key("p")).send(&client).await.unwrap().unwrap();
    assert_eq!(left.changer, None);
    assert!(left.rest.names().any(|name| name == "changedBy"));
}

#[tokio::test]
async fn the_name_of_an_attribute_of_a_group_is_sent_as_a_placeholder() {
    let (client, engine, _) = stored().await;
    finds(&client, Page::AUDIT.then(Audit::ORIGIN).then(Origin::HOST).eq("h1")).await;
    let requests = engine.requests();
    let body = requests.last().unwrap().body();
    let sent = String::from_utf8_lossy(body);
    assert!(sent.contains(r##""#0":"host""##) && !sent.contains("audit"), "{sent}");
}

#[test]
fn a_group_and_what_is_in_it_are_shown_by_their_names() {
    assert_eq!(format!("{:?}", Page::AUDIT.then(Audit::ORIGIN).then(Origin::HOST)), "host");
    assert_eq!(format!("{:?}", Page::AUDIT.then(Audit::PLACES).entry("x")), "places.?");
    let group = format!("{:?}", Page::AUDIT.then(Audit::ORIGIN));
    assert_eq!(group, r#"AttributeGroup(["host", "port", "place"])"#);
}
