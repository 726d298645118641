//! The daily proof of completeness: a day that proves wholly, and for each statement a copy of the shop's file in which
//! somebody changed something: that statement differs, says where first, and no other one does.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use domain::signing::{SigningStep, Subject, Transaction, UnitKind, UnitSettings};
use domain::{DayNo, LineNo, ReceiptRef, TillCommand, TillId, UnitId};
use jiff::SignedDuration;
use rusqlite::{Connection, params};
use shop::clock::Clock as _;
use shop::proof::nightly::{night_of, one, round, waiting};
use shop::proof::{DayProof, Difference, StatementKind as Kind, Verdict, prove};
use signing::{Began, Software, Unit as _};
use store::{DayCheck, Reader};

use crate::engine_cards::Lane;
use crate::engine_kit::{Kit, MANAGER, PAY, count, euros, scan};
use crate::engine_printing::blocking;
use crate::fiscal_export::{configure, wait_until_signed};

const TILL: TillId = TillId(1);

/// A day at a till: sales, a return, one given up, training, cash in and out.
fn sell(kit: &mut Kit, till: u16) {
    let reason = || "Test".to_owned();
    for item in [1, 2, 3] {
        kit.ok(till, scan(item));
        kit.ok(till, PAY);
    }
    let number = kit.view(till).last_receipt.expect("a receipt").receipt.number;
    let receipt = ReceiptRef { till: TillId(till), number };
    kit.ok(till, TillCommand::ReturnLine { receipt, line: LineNo(1), quantity: None });
    kit.ok(till, PAY);
    kit.ok(till, scan(4));
    kit.ok(till, TillCommand::AbortBasket { reason: Some(reason()) });
    kit.ok(till, TillCommand::Training { on: true });
    kit.ok(till, scan(5));
    kit.ok(till, PAY);
    kit.ok(till, TillCommand::Training { on: false });
    kit.ok(till, TillCommand::PaidIn { amount: euros(2_500), reason: reason(), purpose: None });
    kit.ok(till, TillCommand::PaidOut { amount: euros(1_200), reason: reason(), purpose: None });
    kit.ok(till, TillCommand::Drop { amount: euros(5_000), reason: reason() });
    kit.ok(till, TillCommand::NoSale { reason: reason() });
    kit.ok(till, scan(6));
    kit.ok(till, PAY);
}

/// A cent is missing at each till.
pub(crate) fn close(kit: &mut Kit, tills: &[u16]) {
    for till in tills {
        let drawer = kit.engine_drawer(*till);
        kit.ok(*till, count(u32::try_from(drawer - 1).expect("cents")));
        kit.ok(*till, TillCommand::CloseDay { despite_doubt: None });
        kit.clock.advance(Duration::from_secs(60));
    }
}

/// A shop whose two tills sold a day, signed, closed.
pub(crate) fn closed_shop() -> Kit {
    let mut kit = Kit::new();
    configure(&mut kit);
    for till in [1, 2] {
        kit.ok(till, TillCommand::SignIn { person: MANAGER });
        kit.ok(till, TillCommand::OpenDay { float: euros(20_000) });
    }
    for till in [2, 1] {
        sell(&mut kit, till);
        kit.clock.advance(Duration::from_secs(60));
    }
    wait_until_signed(&kit);
    close(&mut kit, &[1, 2]);
    wait_until_signed(&kit);
    kit
}

pub(crate) fn looked_at(reader: &Reader, till: TillId, day: u32) -> (DayCheck, DayProof) {
    let now = "2026-11-03T02:00:00Z".parse().expect("a time");
    let (check, proof) = one(reader, (till, DayNo(day)), now).expect("readable");
    (check, proof.expect("closed"))
}

/// What each statement came to that is not proved.
pub(crate) fn open(proof: &DayProof) -> Vec<(Kind, Verdict, Option<String>)> {
    let open = proof.statements.iter().filter(|one| one.verdict != Verdict::Proved);
    open.map(|one| (one.kind, one.verdict, one.why.clone())).collect()
}

pub(crate) fn figure(proof: &DayProof, kind: Kind, what: &str) -> i64 {
    let statement = proof.statement(kind).expect("a statement");
    statement.figures.iter().find(|figure| figure.what == what).expect(what).value
}

#[test]
fn a_day_of_two_tills_proves_wholly_and_training_counts_nowhere() {
    let kit = closed_shop();
    for till in [1, 2] {
        let (check, proof) = looked_at(&kit.reader(), TillId(till), 1);
        assert_eq!(open(&proof), [], "till {till}");
        assert_eq!(proof.statements.len(), 11);
        let closed = kit.reader().closed_day(TillId(till), DayNo(1)).expect("read").expect("there");
        // Three sales, a return, and one more; training beside them.
        assert_eq!(figure(&proof, Kind::Numbers, "receipts"), 5);
        assert_eq!(figure(&proof, Kind::Numbers, "last_receipt"), 5);
        assert_eq!(figure(&proof, Kind::Numbers, "training"), 1);
        let turnover = closed.day.totals.receipts.amount.minor();
        assert_eq!(figure(&proof, Kind::Taxes, "turnover"), turnover);
        assert_eq!(figure(&proof, Kind::Cash, "difference"), -1);
        assert_eq!(figure(&proof, Kind::Cash, "expected"), closed.day.drawer.minor());
        // Receipts, the basket that was given up, and training are signed; the float, cash four times, the difference.
        assert_eq!(figure(&proof, Kind::Signatures, "signed"), 13);
        assert_eq!(figure(&proof, Kind::Transactions, "explained"), 0);
        assert_eq!((check.state.as_str(), check.differs, check.unproved), ("right", 0, 0));
        assert_eq!(check.verified, 13);
    }
}

#[test]
fn a_basket_that_waited_for_long_leaves_no_gap_among_the_numbers_since() {
    let mut kit = Kit::new();
    configure(&mut kit);
    let open = |kit: &mut Kit| {
        for till in [1, 2] {
            kit.ok(till, TillCommand::SignIn { person: MANAGER });
            kit.ok(till, TillCommand::OpenDay { float: euros(20_000) });
        }
    };
    let path = kit.folder.path().join("own.tse");
    let unit = Software::open(&path, || signing::fresh(&[1; 32], "test"), kit.clock.now());
    let unit = Arc::new(unit.expect("a unit"));
    let set = UnitSettings { id: UnitId(1), name: "TSE".to_owned(), kind: UnitKind::Software };
    kit.engine.units().put(&set, Arc::<Software>::clone(&unit));
    open(&mut kit);
    wait_until_signed(&kit);
    kit.ok(1, scan(1));
    let basket = kit.view(1).basket.expect("a basket").id;
    kit.ok(1, TillCommand::Park { name: None });
    // The unit was slow: its transaction is there when the basket waits already.
    let client = "TRESEN-TEST-1".to_owned();
    let Began { number, at: began } = unit.begin(&client, kit.clock.now()).expect("begun");
    let transaction = Transaction { unit: UnitId(1), client, number, began };
    let step = SigningStep::Began(Box::new(transaction));
    kit.ok(1, TillCommand::Signing { of: Subject::Basket(basket), step });
    sell(&mut kit, 2);
    wait_until_signed(&kit);
    close(&mut kit, &[1, 2]);
    open(&mut kit);
    // More entries than are read at a time, with nothing of signing among them.
    let before = kit.reader().head().expect("read").seq;
    kit.ok(2, scan(1));
    for n in 0..2_100 {
        kit.ok(2, TillCommand::Note { line: None, text: format!("Probe {n}") });
    }
    kit.ok(2, PAY);
    wait_until_signed(&kit);
    assert!(kit.reader().head().expect("read").seq > before + 2_100);
    close(&mut kit, &[1, 2]);
    wait_until_signed(&kit);
    open(&mut kit);
    kit.ok(1, TillCommand::Recall { basket });
    kit.ok(1, PAY);
    wait_until_signed(&kit);
    close(&mut kit, &[1, 2]);
    wait_until_signed(&kit);
    let (check, proof) = looked_at(&kit.reader(), TILL, 3);
    assert_eq!(self::open(&proof), []);
    // Where nobody names any more what till 2 signed in between, that is found.
    let proof = changed(&kit, "lost", &check, |copy| {
        let sql = "UPDATE journal SET bytes = replace(bytes, '\"transaction\":', '\"transactiom\":') \
                   WHERE json_extract(bytes, '$.till') = 2";
        assert!(copy.conn.execute(sql, []).expect("changed") > 20);
        copy.rechain();
    });
    assert_eq!(only(&proof, Kind::Transactions).field, "transaction_gap");
}

/// A copy of a shop's file that somebody got hold of.
pub(crate) struct Copy {
    path: PathBuf,
    pub(crate) conn: Connection,
}

impl Copy {
    pub(crate) fn of(kit: &Kit, name: &str) -> Copy {
        let path = kit.folder.path().join(format!("{name}.sqlite"));
        kit.reader().backup(&path, |_, _| {}).expect("a copy");
        Copy::at(path)
    }

    fn at(path: PathBuf) -> Copy {
        let conn = Connection::open(&path).expect("a file");
        conn.execute_batch("DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete")
            .expect("dropped");
        Copy { path, conn }
    }

    /// The till's entries of a kind: number and bytes.
    fn entries(&self, kind: &str) -> Vec<(i64, String)> {
        let sql = "SELECT seq, bytes FROM journal WHERE bytes LIKE ?1 AND json_extract(bytes, '$.till') = 1 ORDER BY seq";
        let mut statement = self.conn.prepare(sql).expect("SQL");
        let like = format!("%\"kind\":\"{kind}\"%");
        let rows = statement.query_map([like], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
        rows.map(|row| row.expect("a row")).collect()
    }

    /// Changes an entry's bytes alone.
    pub(crate) fn edit(&self, seq: i64, bytes: &str) {
        let changed =
            self.conn.execute("UPDATE journal SET bytes = ?2 WHERE seq = ?1", params![seq, bytes]);
        assert_eq!(changed.expect("changed"), 1);
    }

    /// Writes the whole chain anew, and what was noted of it.
    pub(crate) fn rechain(&self) {
        let mut before = journal::GENESIS;
        let mut statement =
            self.conn.prepare("SELECT seq, bytes FROM journal ORDER BY seq").expect("SQL");
        let rows =
            statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)));
        for row in rows.expect("rows") {
            let (seq, bytes) = row.expect("a row");
            before = journal::hash(&before, bytes.as_bytes());
            let hash = before.as_slice();
            self.conn
                .execute("UPDATE journal SET hash = ?2 WHERE seq = ?1", params![seq, hash])
                .expect("changed");
            self.conn
                .execute("UPDATE anchor SET hash = ?2 WHERE seq = ?1", params![seq, hash])
                .expect("changed");
        }
    }

    pub(crate) fn run(&self, sql: &str) {
        assert!(self.conn.execute(sql, []).expect(sql) > 0, "{sql} changes nothing");
    }

    pub(crate) fn reader(self) -> Reader {
        let Copy { path, conn } = self;
        drop(conn);
        Reader::open(&path).expect("a reader")
    }
}

/// Exactly this statement differs; where first.
#[track_caller]
pub(crate) fn only(proof: &DayProof, kind: Kind) -> Difference {
    assert_eq!(open(proof), [(kind, Verdict::Differs, None)]);
    proof.statement(kind).expect("a statement").first.clone().expect("a difference")
}

/// The proof out of a changed copy. `check` is what was found in the file as it was: what the tables for an audit make
/// of the change is a statement of its own.
fn changed(kit: &Kit, name: &str, check: &DayCheck, change: impl FnOnce(&Copy)) -> DayProof {
    let copy = Copy::of(kit, name);
    change(&copy);
    let day = (check.till, check.number);
    prove(&copy.reader(), day, Some(check)).expect("readable").expect("closed")
}

#[test]
fn whatever_is_changed_in_the_file_the_statement_about_it_differs_and_no_other() {
    let kit = closed_shop();
    let (check, _) = looked_at(&kit.reader(), TILL, 1);

    // A name in a line, as if nobody would look at the chain.
    let mut edited = 0;
    let proof = changed(&kit, "chain", &check, |copy| {
        let (seq, bytes) = copy.entries("line_added").swap_remove(1);
        edited = seq;
        copy.edit(seq, &bytes.replacen("\"name\":\"", "\"name\":\"X", 1));
    });
    let first = only(&proof, Kind::Journal);
    assert_eq!(
        (first.entry, first.field.as_str()),
        (Some(u64::try_from(edited).expect("a number")), "entry_hash")
    );

    // An entry is gone, and all that follow moved up.
    let proof = changed(&kit, "gap", &check, |copy| {
        let (seq, _) = copy.entries("line_added").swap_remove(1);
        edited = seq;
        copy.conn.execute("DELETE FROM journal WHERE seq = ?1", [seq]).expect("deleted");
    });
    assert_eq!(only(&proof, Kind::Journal).field, "entry_missing");

    // Written anew with all hashes behind it: what was noted at the closing says so.
    let proof = changed(&kit, "anew", &check, |copy| {
        let noted: Vec<u8> = copy
            .conn
            .query_row("SELECT hash FROM anchor WHERE why = 'day'", [], |row| row.get(0))
            .expect("noted");
        let (seq, bytes) = copy.entries("line_added").swap_remove(1);
        copy.edit(seq, &bytes.replacen("\"name\":\"", "\"name\":\"X", 1));
        copy.rechain();
        let last = copy.entries("day_closed").swap_remove(0).0;
        copy.conn
            .execute(
                "UPDATE anchor SET seq = ?1, hash = ?2 WHERE why = 'day'",
                params![last, noted],
            )
            .expect("noted");
    });
    assert_eq!(only(&proof, Kind::Journal).field, "entry_rewritten");

    // A receipt that was is not there any more: the last one has the number behind it.
    let proof = changed(&kit, "number", &check, |copy| {
        let (seq, bytes) = copy.entries("receipt_issued").pop().expect("receipts");
        copy.edit(seq, &bytes.replacen("\"number\":5", "\"number\":6", 1));
        copy.rechain();
    });
    let first = only(&proof, Kind::Numbers);
    assert_eq!((first.receipt, first.field.as_str()), (Some(6), "number_gap"));
    let proof = changed(&kit, "double", &check, |copy| {
        let (seq, bytes) = copy.entries("receipt_issued").pop().expect("receipts");
        copy.edit(seq, &bytes.replacen("\"number\":5", "\"number\":4", 1));
        copy.rechain();
    });
    assert_eq!(only(&proof, Kind::Numbers).field, "number_twice");

    // The Z report.
    let body = |field: &str, to: &str| {
        format!("UPDATE closed_day SET body = json_set(body, '{field}', {to}) WHERE till = 1")
    };
    let z = |name: &str, field: &str, to: &str| {
        changed(&kit, name, &check, |copy| copy.run(&body(field, to)))
    };
    let proof =
        z("tax", "$.day.totals.tax[0].tax", "1 + json_extract(body, '$.day.totals.tax[0].tax')");
    assert!(only(&proof, Kind::Taxes).field.starts_with("report_tax_"));
    let proof = z("count", "$.day.totals.receipts.count", "4");
    assert_eq!(
        only(&proof, Kind::Taxes),
        Difference {
            field: "report_receipts".to_owned(),
            found: "4".to_owned(),
            expected: "5".to_owned(),
            ..Difference::default()
        }
    );
    let proof = z("tender", "$.day.totals.tenders.cash.amount", "1");
    assert_eq!(only(&proof, Kind::Tenders).field, "report_tender_cash");
    let proof = z("drawer", "$.day.drawer", "1 + json_extract(body, '$.day.drawer')");
    assert_eq!(only(&proof, Kind::Cash).field, "drawer_expected");
    let proof = z("difference", "$.difference", "0");
    let first = only(&proof, Kind::Cash);
    assert_eq!(
        (first.field.as_str(), first.found.as_str(), first.expected.as_str()),
        ("report_difference", "0.00", "-0.01")
    );

    // A signature that is gone, and one over something else.
    let proof = changed(&kit, "unsigned", &check, |copy| {
        copy.run("DELETE FROM signature WHERE basket = (SELECT basket FROM receipt WHERE till = 1 AND number = 2 AND training = 0)");
    });
    let first = only(&proof, Kind::Signatures);
    assert_eq!((first.receipt, first.field.as_str()), (Some(2), "signature_missing"));
    let signed = |copy: &Copy, nth: usize| {
        let all = copy.entries("signing_finished").into_iter();
        let sales = all.filter(|(_, bytes)| bytes.contains("\"basket\":"));
        sales.collect::<Vec<_>>().swap_remove(nth)
    };
    let proof = changed(&kit, "data", &check, |copy| {
        let (seq, bytes) = signed(copy, 0);
        copy.edit(
            seq,
            &bytes.replacen("\"process_data\":\"Beleg^", "\"process_data\":\"Beleg^1", 1),
        );
        copy.rechain();
    });
    let first = only(&proof, Kind::Signatures);
    assert_eq!((first.receipt, first.field.as_str()), (Some(1), "signed_data"));

    // The unit's own numbers.
    let number = |bytes: &str, path: &str| -> i64 {
        let entry: serde_json::Value = serde_json::from_str(bytes).expect("JSON");
        entry.pointer(path).and_then(serde_json::Value::as_i64).expect("a number")
    };
    let proof = changed(&kit, "counter", &check, |copy| {
        let (seq, bytes) = signed(copy, 2);
        let counter = number(&bytes, "/body/signature/counter");
        let (from, to) = (format!("\"counter\":{counter}"), "\"counter\":1".to_owned());
        copy.edit(seq, &bytes.replacen(&from, &to, 1));
        copy.rechain();
    });
    let first = only(&proof, Kind::Counters);
    assert_eq!((first.receipt, first.found.as_str()), (Some(3), "1"));
    let proof = changed(&kit, "transaction", &check, |copy| {
        let sales = copy.entries("signing_finished").into_iter();
        let mut sales = sales
            .filter(|(_, bytes)| bytes.contains("\"basket\":") && bytes.contains(",\"till\":1,"));
        let (seq, bytes) = sales.nth(2).expect("signed");
        let transaction = number(&bytes, "/body/signature/transaction/number");
        let (from, to) =
            (format!("\"number\":{transaction}"), format!("\"number\":{}", transaction + 1_000));
        copy.edit(seq, &bytes.replacen(&from, &to, 1));
        for (seq, bytes) in copy.entries("signing_started") {
            if number(&bytes, "/body/transaction/number") == transaction {
                copy.edit(seq, &bytes.replacen(&from, &to, 1));
            }
        }
        copy.rechain();
    });
    assert_eq!(only(&proof, Kind::Transactions).field, "transaction_gap");

    // As it would be handed to an auditor: the signature is not over what it says any more.
    let copy = Copy::of(&kit, "export");
    let (seq, bytes) = signed(&copy, 1);
    let entry: serde_json::Value = serde_json::from_str(&bytes).expect("JSON");
    let value =
        entry.pointer("/body/signature/value").and_then(|v| v.as_str()).expect("a signature");
    let other = if value.starts_with('A') { "B" } else { "A" };
    copy.edit(seq, &bytes.replacen(value, &format!("{other}{}", &value[1..]), 1));
    copy.rechain();
    let (check, proof) = looked_at(&copy.reader(), TILL, 1);
    let first = only(&proof, Kind::Export);
    assert_eq!((first.receipt, first.field.as_str()), (Some(2), "transactions_tse.csv TSE_TA_SIG"));
    assert_eq!(first.rule.expect("a rule").code, "tse-signature");
    assert_eq!((check.state.as_str(), check.differs), ("wrong", 1));
}

#[test]
fn a_closing_that_is_missing_is_said_at_the_day_behind_it() {
    let mut kit = closed_shop();
    kit.ok(1, TillCommand::OpenDay { float: euros(20_000) });
    kit.ok(1, scan(1));
    kit.ok(1, PAY);
    wait_until_signed(&kit);
    close(&mut kit, &[1]);
    wait_until_signed(&kit);
    let (check, proof) = looked_at(&kit.reader(), TILL, 2);
    assert_eq!(open(&proof), []);
    assert_eq!(figure(&proof, Kind::Numbers, "first_receipt"), 6);
    let proof = changed(&kit, "closing", &check, |copy| {
        copy.run("DELETE FROM closed_day WHERE till = 1 AND number = 1");
    });
    let first = only(&proof, Kind::Closings);
    assert_eq!((first.field.as_str(), first.expected.as_str()), ("day_before", "1"));
}

#[test]
fn before_there_was_a_unit_nothing_can_be_said_of_signatures() {
    let mut kit = Kit::open();
    sell(&mut kit, 1);
    close(&mut kit, &[1]);
    let (_, proof) = looked_at(&kit.reader(), TILL, 1);
    let no_unit = |kind| (kind, Verdict::Unproved, Some("no_unit".to_owned()));
    assert_eq!(
        open(&proof),
        [no_unit(Kind::Signatures), no_unit(Kind::Counters), no_unit(Kind::Transactions)]
    );
    // Nobody looked at it yet: that is said as well.
    let proof = prove(&kit.reader(), (TILL, DayNo(1)), None).expect("readable").expect("closed");
    let export = proof.statement(Kind::Export).expect("a statement");
    assert_eq!((export.verdict, export.why.as_deref()), (Verdict::Unproved, Some("not_checked")));
    assert!(prove(&kit.reader(), (TILL, DayNo(2)), None).expect("readable").is_none());
}

#[test]
fn an_outage_that_was_recorded_is_proved_and_one_that_still_waits_is_not() {
    let mut kit = Kit::new();
    configure(&mut kit);
    kit.ok(1, TillCommand::SignIn { person: MANAGER });
    kit.ok(1, TillCommand::OpenDay { float: euros(20_000) });
    for item in [1, 2] {
        kit.ok(1, scan(item));
        kit.ok(1, PAY);
    }
    let signings = |kit: &Kit| kit.reader().signings().expect("read");
    let failed = |of| TillCommand::Signing {
        of,
        step: domain::signing::SigningStep::Failed {
            unit: None,
            why: "unreachable".to_owned(),
            process_type: String::new(),
            process_data: String::new(),
        },
    };
    // Two receipts and the float.
    let waits = signings(&kit);
    assert_eq!(waits.len(), 3);
    for one in &waits[1..] {
        kit.ok(1, failed(one.of));
    }
    close(&mut kit, &[1]);
    let (_, proof) = looked_at(&kit.reader(), TILL, 1);
    assert_eq!(open(&proof), [(Kind::Signatures, Verdict::Unproved, Some("waiting".to_owned()))]);
    // The check after the closing waits for it, for a while.
    let reader = kit.reader();
    let now = kit.clock.now();
    assert_eq!(waiting(&reader, now, false).expect("read"), []);
    let later = now + SignedDuration::from_mins(15);
    assert_eq!(waiting(&reader, later, false).expect("read"), [(TILL, DayNo(1))]);
    for one in signings(&kit) {
        kit.ok(1, failed(one.of));
    }
    let (_, proof) = looked_at(&kit.reader(), TILL, 1);
    assert_eq!(open(&proof), []);
    assert_eq!(figure(&proof, Kind::Signatures, "outages"), 4);
}

#[test]
fn a_closed_day_is_checked_once_and_what_is_wrong_again_each_night() {
    let kit = closed_shop();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let now = kit.clock.now();
    let look = |night| {
        let cancel = Arc::new(AtomicBool::new(false));
        runtime.block_on(round(kit.engine.clone(), now, night, cancel)).expect("looked")
    };
    assert_eq!(look(false), 2);
    assert_eq!(look(false), 0);
    // Nothing is wrong: by night there is nothing to do either.
    assert_eq!(look(true), 0);
    let kept = kit.reader().day_check(TILL, DayNo(1)).expect("read").expect("checked");
    assert_eq!((kept.state.as_str(), kept.proved), ("right", 11));
    let since = now - SignedDuration::from_hours(24);
    assert_eq!(kit.reader().wrong_days(since).expect("read"), 0);
    let wrong = DayCheck { state: "wrong".to_owned(), differs: 1, ..kept };
    kit.with_store(move |store| store.put_day_check(&wrong)).expect("noted");
    assert_eq!(kit.reader().wrong_days(since).expect("read"), 1);
    assert_eq!(look(true), 1);
    assert_eq!(kit.reader().wrong_days(since).expect("read"), 0);
    // Whoever ends the program need not wait for it.
    let ended = Arc::new(AtomicBool::new(true));
    kit.with_store(|store| {
        let mut check = store.day_check(TILL, DayNo(1)).expect("read").expect("checked");
        check.differs = 1;
        store.put_day_check(&check)
    })
    .expect("noted");
    assert_eq!(runtime.block_on(round(kit.engine.clone(), now, true, ended)).expect("ended"), 0);
}

#[test]
fn it_is_night_from_three_oclock_of_the_shops_own_time() {
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").expect("a zone");
    let date = |at: &str| night_of(at.parse().expect("a time"), &zone).map(|date| date.to_string());
    assert_eq!(date("2026-11-03T01:59:59Z"), None);
    assert_eq!(date("2026-11-03T02:00:00Z").as_deref(), Some("2026-11-03"));
    assert_eq!(date("2026-11-02T23:30:00Z"), None);
}

fn till_1(path: &Path) -> DayProof {
    let reader = Reader::open(path).expect("a reader");
    let (_, proof) = looked_at(&reader, TILL, 1);
    proof
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_paid_by_card_is_what_the_terminal_says() {
    let mut lane = Lane::start(Some(0)).await;
    lane.sale(1).await;
    lane.sale(2).await;
    lane.send(count(20_000)).await;
    lane.send(TillCommand::CloseDay { despite_doubt: None }).await;
    assert!(lane.closed().await.matches);
    let path = lane.kit.file();
    blocking(move || {
        let terminals = |proof: &DayProof| proof.statement(Kind::Terminals).expect("there").clone();
        let said = terminals(&till_1(&path));
        assert_eq!(said.verdict, Verdict::Proved, "{said:?}");
        let value =
            |what: &str| said.figures.iter().find(|one| one.what == what).expect(what).value;
        assert!(value("cards") > 0);
        assert_eq!(value("terminal"), value("cards"));
        let copied = |name: &str, sql: &str| {
            let to = path.with_file_name(format!("{name}.sqlite"));
            Reader::open(&path).expect("a reader").backup(&to, |_, _| {}).expect("a copy");
            let copy = Copy::at(to);
            copy.run(sql);
            terminals(
                &prove(&copy.reader(), (TILL, DayNo(1)), None).expect("readable").expect("closed"),
            )
        };
        let other = copied(
            "terminal",
            "UPDATE terminal_day SET body = json_set(body, '$.totals.cards[0].sum', 1)",
        );
        let first = other.first.expect("a difference");
        assert!(first.field.starts_with("terminal_1_"), "{first:?}");
        let other =
            copied("attempt", "UPDATE attempt_line SET counts = counts + 1 WHERE receipt = 2");
        let first = other.first.expect("a difference");
        assert_eq!((first.receipt, first.field.as_str()), (Some(2), "attempt_amount"));
        let open = copied("open", "DELETE FROM terminal_day");
        assert_eq!((open.verdict, open.why.as_deref()), (Verdict::Unproved, Some("terminal_open")));
    })
    .await;
}
