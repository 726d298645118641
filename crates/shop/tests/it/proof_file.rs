//! The proof as a file: verified with nothing but itself, held against the shop's journal, refused when anything in it
//! was changed; and over HTTP.

use domain::DayNo;
use domain::TillId;
use serde_json::Value;
use shop::clock::Clock as _;
use shop::proof::StatementKind;
use shop::proof::file::{Against, KeyOf, ReadFault, against, make, read};
use shop::proof::nightly::proof_of;

use crate::engine_kit::Kit;
use crate::http_world::World;
use crate::proof::closed_shop;

fn file(kit: &Kit) -> String {
    let reader = kit.reader();
    let now = kit.clock.now();
    let day = proof_of(&reader, (TillId(1), DayNo(1)), now).expect("readable").expect("closed");
    make(&reader, vec![day], now).expect("signed")
}

#[test]
fn whoever_has_the_file_can_verify_it_and_whoever_has_the_shops_can_hold_it_against_the_journal() {
    let kit = closed_shop();
    let text = file(&kit);
    let verified = read(&text).expect("a proof");
    assert_eq!(verified.proof.head.seq, kit.seq());
    assert_eq!(verified.proof.days.len(), 1);
    assert_eq!(verified.fingerprint.len(), 32);
    let held = against(&kit.reader(), &verified.proof).expect("readable");
    let good = Against { shop: true, key: KeyOf::Shop, head: true, differs: None };
    assert_eq!(held, good);
    assert!(held.holds());
    // The key lies beside the shop's file and nowhere in it; the same key signs the next proof.
    assert!(kit.folder.path().join("shop.sqlite.proof-key").is_file());
    assert_eq!(read(&file(&kit)).expect("a proof").fingerprint, verified.fingerprint);

    // A backup has no key. Whoever puts it back signs with another one.
    let copy = kit.folder.path().join("copy.sqlite");
    kit.reader().backup(&copy, |_, _| {}).expect("a backup");
    let reader = store::Reader::open(&copy).expect("a reader");
    assert_eq!(against(&reader, &verified.proof).expect("readable").key, KeyOf::Unknown);
    make(&reader, verified.proof.days.clone(), kit.clock.now()).expect("signed");
    let other = against(&reader, &verified.proof).expect("readable");
    assert_eq!(other.key, KeyOf::Other);
    assert!(!other.holds());

    // The Z report was changed since.
    let conn = rusqlite::Connection::open(&copy).expect("a file");
    let sql = "UPDATE closed_day SET body = json_set(body, '$.day.totals.tenders.cash.amount', 1) WHERE till = 1";
    assert_eq!(conn.execute(sql, []).expect("changed"), 1);
    let other = against(&reader, &verified.proof).expect("readable");
    assert_eq!(other.differs.map(|(_, kind)| kind), Some(StatementKind::Tenders));
    // The journal was cut off.
    conn.execute_batch("DROP TRIGGER journal_no_delete").expect("dropped");
    conn.execute("DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)", [])
        .expect("cut");
    assert!(!against(&reader, &verified.proof).expect("readable").head);
}

#[test]
fn a_proof_that_was_changed_anywhere_is_refused() {
    let kit = closed_shop();
    let text = file(&kit);
    let text = text.trim_end();
    // Each digit of it, one after the other: of the figures, of the head, of the times.
    let digits: Vec<usize> = text
        .bytes()
        .enumerate()
        .filter(|(_, byte)| byte.is_ascii_digit())
        .map(|(at, _)| at)
        .collect();
    assert!(digits.len() > 200);
    for at in digits {
        let mut bytes = text.as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'9' { b'8' } else { bytes[at] + 1 };
        let changed = String::from_utf8(bytes).expect("text");
        assert!(read(&changed).is_err(), "{}", &changed[at.saturating_sub(40)..=at]);
    }
    let differing = text.replacen("\"proved\"", "\"differs\"", 1);
    assert_eq!(read(&differing), Err(ReadFault::Signature));
    // Signed by somebody else, and his own key put in its place: it is another key's fingerprint then.
    let stranger = closed_shop();
    let (ours, theirs) = (read(text).expect("a proof"), read(&file(&stranger)).expect("a proof"));
    let swapped = text.replace(&ours.proof.public_key, &theirs.proof.public_key);
    assert_eq!(read(&swapped), Err(ReadFault::Signature));
    assert_ne!(ours.fingerprint, theirs.fingerprint);
    for nothing in
        ["", "{}", "[]", "null", "{\"proof\":{},\"signature\":{\"algorithm\":\"\",\"value\":\"\"}}"]
    {
        assert_eq!(read(nothing), Err(ReadFault::Form), "{nothing}");
    }
    let whole: Value = serde_json::from_str(text).expect("JSON");
    let later = text.replacen("\"v\":1", "\"v\":2", 1);
    assert_eq!(read(&later), Err(ReadFault::Form));
    let other = text.replacen("ecdsa-p256-sha256", "none", 1);
    assert_eq!(read(&other), Err(ReadFault::Form));
    assert!(whole["proof"]["days"][0]["statements"].as_array().is_some_and(|all| all.len() == 11));
}

#[tokio::test]
async fn the_office_sees_the_proof_of_a_day_and_takes_the_file_along() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let mut till = world.till(1, crate::http_world::MANAGER_PIN).await;
    let float = serde_json::json!({"amount": 10_000, "currency": "EUR"});
    let open = serde_json::json!({"type": "open_day", "float": float});
    let _ = till.command(open).await;
    office.get("/days/1/1/proof").await.expect(404, "not_found");
    let count =
        serde_json::json!({"type": "count_drawer", "pieces": [{"value": 10_000, "pieces": 1}]});
    till.command(count).await.expect_ok();
    till.command(serde_json::json!({"type": "close_day"})).await.expect_ok();
    let proof = office.get("/days/1/1/proof").await.expect_ok();
    assert_eq!(proof["statements"].as_array().map(Vec::len), Some(11));
    assert_eq!(proof["statements"][0]["kind"], "journal");
    let date = proof["date"].as_str().expect("a date").to_owned();
    let all = office.get(&format!("/proofs/{date}")).await.expect_ok();
    assert_eq!(all.as_array().map(Vec::len), Some(1));
    let file = office.get(&format!("/proofs/{date}/proof.json")).await;
    assert_eq!(read(&file.text).expect("a proof").proof.days.len(), 1);
    office.get("/proofs/2020-01-01/proof.json").await.expect(404, "not_found");
    // Nobody has looked yet; whoever asks for it has it looked at.
    let before = office.get("/days").await.expect_ok();
    assert_eq!(before["days"][0]["proof"], Value::Null);
    office.post("/days/1/1/proof", &serde_json::json!({})).await.expect_ok();
    let after = office.get("/days").await.expect_ok();
    // Its float and its difference are signed nowhere: nobody can prove that.
    assert_eq!(after["days"][0]["proof"], "unproved");
}
