//! Cursors that leave the program: whoever holds one can neither read, forge nor move it.

use dynamo_runtime::operation::Primary;
use dynamo_runtime::operation::{Cursor, CursorKey, CursorKeys};
use dynamo_runtime::prelude::*;
use proptest::prelude::*;

use crate::entities::{Reading, ReadingByUnit, ReadingQuery, Session, client, engine, reading};

fn key(byte: u8) -> CursorKey {
    CursorKey::from_bytes(&[byte; 32])
}

fn keys() -> CursorKeys {
    CursorKeys::new(key(1))
}

async fn readings(client: &SecureClient) {
    for number in 0..5 {
        Reading::create(reading("s", number)).send(client).await.unwrap();
        Reading::create(reading("t", number)).send(client).await.unwrap();
    }
}

/// After the second reading of the sensor `s`.
async fn cursor(client: &SecureClient) -> Cursor<Reading, Primary> {
    readings(client).await;
    Reading::query("s").limit(2).page(client).await.unwrap().next.unwrap()
}

fn opens(keys: &CursorKeys, text: &str) -> bool {
    keys.open::<Reading, Primary>(text).is_ok()
}

#[tokio::test]
async fn pages_go_on_from_text() {
    let client = client().await;
    readings(&client).await;
    let keys = keys();
    let mut numbers = Vec::new();
    let mut text: Option<String> = None;
    loop {
        let mut query = Reading::query("s").number(1..).limit(2);
        if let Some(text) = &text {
            query = query.after(keys.open(text).unwrap());
        }
        let page = query.page(&client).await.unwrap();
        numbers.extend(page.items.iter().map(|reading| reading.number));
        let Some(next) = page.next else { break };
        text = Some(keys.seal(&next).unwrap());
    }
    assert_eq!(numbers, [1, 2, 3, 4]);
}

#[tokio::test]
async fn a_scan_goes_on_from_text() {
    let client = client().await;
    readings(&client).await;
    let first = Reading::scan().limit(7).page(&client).await.unwrap();
    let text = keys().seal(&first.next.unwrap()).unwrap();
    let rest = Reading::scan().after(keys().open(&text).unwrap()).page(&client).await.unwrap();
    assert_eq!((first.items.len(), rest.items.len()), (7, 3));
}

#[tokio::test]
async fn the_text_shows_nothing_and_is_never_the_same() {
    let cursor = cursor(&client().await).await;
    let [one, other] = [(); 2].map(|()| keys().seal(&cursor).unwrap());
    assert_ne!(one, other);
    assert!(one.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    let bytes = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(&one).unwrap();
    let shown = String::from_utf8_lossy(&bytes);
    assert!(!shown.contains("sensor") && !shown.contains("number"), "{shown}");
    // The version, the secret's id, the nonce and the tag are around steps of 64 bytes.
    assert_eq!((bytes.len() - 1 - 4 - 12 - 16) % 64, 0);
    assert!(!format!("{cursor:?} {:?}", keys()).contains('1'));
}

#[tokio::test]
async fn a_text_that_was_changed_anywhere_is_refused() {
    let cursor = cursor(&client().await).await;
    let text = keys().seal(&cursor).unwrap();
    assert!(opens(&keys(), &text));
    for position in 0..text.len() {
        let mut changed = text.clone().into_bytes();
        changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(!opens(&keys(), &changed), "at {position}");
        assert!(!opens(&keys(), &text[..position]), "up to {position}");
    }
    for added in [format!("{text}A"), format!("{text}AAAA"), format!("{text}="), format!(" {text}")]
    {
        assert!(!opens(&keys(), &added));
    }
    assert!(!opens(&keys(), &"A".repeat(100_000)));
}

proptest! {
    #[test]
    fn what_nobody_sealed_is_refused(text in "\\PC{0,200}|[A-Za-z0-9_-]{0,400}") {
        let error = keys().open::<Reading, Primary>(&text).unwrap_err();
        prop_assert!(error.is_refused());
    }
}

#[tokio::test]
async fn a_secret_opens_what_it_sealed_and_what_an_earlier_one_did() {
    let cursor = cursor(&client().await).await;
    let text = keys().seal(&cursor).unwrap();
    assert!(!opens(&CursorKeys::new(key(2)), &text));
    assert!(opens(&CursorKeys::new(key(2)).opening(key(3)).opening(key(1)), &text));
    let sealed_now = CursorKeys::new(key(2)).opening(key(1)).seal(&cursor).unwrap();
    assert!(!opens(&keys(), &sealed_now), "it seals with the new one");
}

#[tokio::test]
async fn a_text_for_one_audience_is_nothing_for_another() {
    let cursor = cursor(&client().await).await;
    let keys = keys();
    let text = keys.seal_for(&cursor, b"ann").unwrap();
    assert!(keys.open_for::<Reading, Primary>(&text, b"ann").is_ok());
    for audience in [&b"bob"[..], b"an", b"annn", b""] {
        assert!(keys.open_for::<Reading, Primary>(&text, audience).is_err());
    }
}

#[tokio::test]
async fn a_text_cannot_move_to_another_entity_or_index() {
    let cursor = cursor(&client().await).await;
    let text = keys().seal(&cursor).unwrap();
    assert!(keys().open::<Session, Primary>(&text).unwrap_err().is_refused());
    assert!(keys().open::<Reading, ReadingByUnit>(&text).unwrap_err().is_refused());
}

#[tokio::test]
async fn a_cursor_cannot_move_to_another_query() {
    let (client, engine) = engine().await;
    let cursor = cursor(&client).await;
    engine.forget_requests();
    let others = [
        Reading::query("t").after(cursor.clone()),
        Reading::query("s").descending().after(cursor.clone()),
        Reading::query("s").after(cursor.clone()).descending(),
        Reading::query("s").after(cursor.clone()).filter(Reading::VALUE.gt(0.0)),
    ];
    for query in others {
        let text = format!("{query:?}");
        let error = query.clone().page(&client).await.unwrap_err();
        assert!(error.is_invalid(), "{text}: {error}");
        assert!(error.to_string().contains("another query"), "{error}");
        assert!(query.clone().items(&client).collect().await.is_err());
        assert!(query.count(&client).await.is_err());
    }
    let sorted = Reading::query("s").number(1..).after(cursor.clone());
    assert!(sorted.page(&client).await.unwrap_err().is_invalid());
    let scan = Reading::scan().after(cursor.clone());
    assert!(scan.page(&client).await.unwrap_err().is_invalid());
    assert_eq!(engine.requests().len(), 0);

    let same = Reading::query("s").limit(1).after(cursor).eventually_consistent();
    assert_eq!(same.page(&client).await.unwrap().items[0].number, 2);
}

#[tokio::test]
async fn a_filter_may_have_other_values_on_the_next_page() {
    let client = client().await;
    readings(&client).await;
    let above = |value: f64| Reading::query("s").filter(Reading::VALUE.gt(value)).limit(1);
    let next = above(0.0).page(&client).await.unwrap().next.unwrap();
    assert_eq!(above(1.7).after(next).page(&client).await.unwrap().items[0].number, 4);
}

/// Cursors that earlier builds have sealed by the secret of `keys`, as callers hold them: a query
/// goes on from its own, whatever has changed in how the library writes or shows a query.
const SEALED: [(&str, &str); 6] = [
    (
        "all",
        "ApC846DEEpH9z8IZEkV_g_TZBpXsBoU-biN8ZtbLXbjs4UhGnxBS5DEe9mrjGrJMGDBgpSKwxFH6epFn8ph4jSLDpZ35x4uleDW_WTmXq--UusHnAAXVmBch54KkXvssGdC7di-NTBiLmqbneUM53mP3Mh4kmbiu2NEgLZlmpcEf1djyhWjwyCWx5CGjRR29I74Z8O22f-29BU4SHwCST8k",
    ),
    (
        "range",
        "ApC846ANCa_vByimyqGKR0tOIb5j2TnMPxMWzNjDLNI2ieV4eu20km0INWYzQyhr_JMmAOe7D8gBPNH_IlCWcmVaqYmR9pO2Y3-FnfggapwhHbPTgmaWlEGcBeiQwiYWpFgDh7QTpgtp_fv8s7zdKZILl4XGYLe9RGzOPPRSIPG9pIx5uNIrE17CM_Go-yilC_EKKsRbI-p3DmBxM7LaMyo",
    ),
    (
        "filtered",
        "ApC846Comj3FZAS6pN8aefYIDFSQA1Z58cjBtVhPDoWiF1hYWHfyUAzfEr5jSD3kuNIu0HAK3_I03Cf6uKpfVpjuB4taJk9iBRfiyuU5Y3VcxlZZ4V2aMo-lRqlhISiB4ogQ1KHIoAxXGVa8wYShYsUptcK8uZGYSvUaepkaZTL8x6u83ygz_X5wTStcO9hE7nYwLeTJ2tcI-scjeZ_lCBQ",
    ),
    (
        "index",
        "ApC846ATU0PDFeWE6CjYCjeL1zh57KPRxvLCYFN8MNEajML7sdL-sB8AL08q5tJlTfwHft6QrUD22O5f4fEhEAqTzCanzO391l1mcaoewNlu2-OH6KTKsjXa8SEkCLWKMVCBZrr5aNN4K7f7q21WsK8_dUFZTKKzm2_LCaMf25gDF1XVRf_fKNTGh8mPPW-lwS8jgJ6Fn_cpJa0lCyX8zxn_kaeaMXsMY_CNTTnWx7tJc_zUSeb1bIjq6FYAnQV7H2ygKUfRf9XuUN3ylWfqLThUCQApy3rqXBQTMViitBSL",
    ),
    (
        "scan",
        "ApC846ATUsRTJ8Zg7cshkvD4SEa7JEKEJIzfsuPvyIjGxlrRuvh5K7gDMfGDhXD56ML651RmxMa7yQqiFYusRn55txM3SgrgGlhk-GbEGFkqNJYsahsscOC1SBIZhh_Yv6Ch-FEyZGSvscn0M20R2Rt4mSgJ90nFrZgFwklvSX6fto0jSOQ2sNxpC5cZGMNWTOWtr-VjctzmVMyITH9lYHQ",
    ),
    (
        "scan of an index",
        "ApC846ACv0Q-ExT8LTC_fXwJ-pxle0_URTMqNWeSZzYSXr-EAEgavVrND2VKiY-sL1EiQSu90pkXtOc3LqaqXOoZ6GQ0DgXGdSHYZQ6QtToIMoF5CKN1xqMLtRjQh9qJtoPZYCM0amFkRcrSWqMVWpDw_GbwG9LkMy79mhO70szZpBt8bc1uW7P_wIg5M18D0E5D9K3dfPxO7KNBqjs8bcNyBaM6JVVAfQHYbcPFFOjCdxvzZBXNXb6Ngti3s6BKtz3PPb0PHFwvC7EuMFQgaIhdDUjeCxONBY0JS9jiFcwg",
    ),
];

/// Six queries, each with its name, after the cursor of this text, or from the start.
async fn go_on(
    name: &str,
    text: Option<&str>,
    client: &SecureClient,
) -> (Vec<u32>, Option<String>) {
    let keys = keys();
    macro_rules! page {
        ($query:expr) => {{
            let query = $query.limit(2);
            let query = match text {
                Some(text) => query.after(keys.open(text).unwrap()),
                None => query,
            };
            let page = query.page(client).await.unwrap();
            let numbers = page.items.iter().map(|reading| reading.number).collect();
            (numbers, page.next.map(|next| keys.seal(&next).unwrap()))
        }};
    }
    let filter = || {
        let tags = Reading::TAGS.at(0).eq("a").and(Reading::VALUE.between(0.0, 99.0));
        tags.or(Reading::REMARK.begins_with("b")).and(Reading::COUNT.is_in([0, 1]))
    };
    match name {
        "all" => page!(Reading::query("s")),
        "range" => page!(Reading::query("s").number(0..=3).descending()),
        "filtered" => page!(Reading::query("s").number(..4).filter(filter())),
        "index" => page!(Reading::by_unit("celsius").taken_at(Timestamp::EPOCH..)),
        "scan" => page!(Reading::scan().filter(filter())),
        _ => page!(Reading::scan_index::<ReadingByUnit>()),
    }
}

#[tokio::test]
async fn a_cursor_of_an_earlier_build_is_taken() {
    let client = client().await;
    readings(&client).await;
    for (name, sealed) in SEALED {
        let (first, next) = go_on(name, None, &client).await;
        assert_eq!(first.len(), 2, "{name}");
        let now = go_on(name, next.as_deref(), &client).await.0;
        let then = go_on(name, Some(sealed), &client).await.0;
        // Engines scan in orders of their own.
        assert!(then == now || name.starts_with("scan"), "{name}: {then:?}");
    }
}

/// What a build has sealed whose digests were of another form.
#[test]
fn a_cursor_of_another_version_is_refused() {
    let (_, sealed) = SEALED[0];
    let mut bytes = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(sealed).unwrap();
    assert_eq!(bytes[0], 2);
    for version in [0, 1, 3] {
        bytes[0] = version;
        assert!(!opens(&keys(), &base64_simd::URL_SAFE_NO_PAD.encode_to_string(&bytes)));
    }
}

#[tokio::test]
async fn the_path_of_a_filter_is_a_part_of_its_form() {
    let client = client().await;
    readings(&client).await;
    let tagged = |index| Reading::query("s").filter(Reading::TAGS.at(index).ne("x")).limit(2);
    let next = tagged(0).page(&client).await.unwrap().next.unwrap();
    assert!(tagged(1).after(next.clone()).page(&client).await.unwrap_err().is_invalid());
    assert_eq!(tagged(0).after(next).page(&client).await.unwrap().items.len(), 2);
}
