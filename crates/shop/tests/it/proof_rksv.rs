//! What an Austrian day proves: each receipt has its code, the chain has no gap, the counter goes up by what was sold; and
//! for each of it a copy of the shop's file in which somebody changed something.

use domain::event::RksvSigned;
use domain::rksv::RksvKind;
use domain::settings::Country;
use domain::{DayNo, LineNo, ReceiptRef, ShopCommand, TillCommand, TillId};
use fiscal::at::{Counter, Jws, Signature};
use money::{Currency, Money};
use shop::proof::{DayProof, Difference, StatementKind as Kind, Verdict, prove};
use shop::rksv::keys_of;
use store::DayCheck;

use crate::engine_kit::Kit;
use crate::engine_rksv::Austria;
use crate::proof::{Copy, close, figure, looked_at, only, open};

const TILL: TillId = TillId(1);

async fn closed(mut shop: Austria) -> Austria {
    shop.halt().await;
    let closing = tokio::task::spawn_blocking(move || {
        close(&mut shop.kit, &[1]);
        shop
    });
    closing.await.expect("closed")
}

/// A day: two sales, one of them taken back, training, an outage, and one more sale.
async fn day() -> Austria {
    let mut shop = Austria::start(1).await;
    shop.first(2, RksvKind::Start).await;
    for _ in 0..2 {
        let sold = shop.sell(1).await;
        shop.code(sold).await;
    }
    let receipt = ReceiptRef { till: TILL, number: domain::ReceiptNo(2) };
    shop.at(1, TillCommand::ReturnLine { receipt, line: LineNo(1), quantity: None }).await;
    let back = shop.pay(1).await;
    assert_eq!(shop.code(back).await.kind, RksvKind::Cancellation);
    shop.at(1, TillCommand::Training { on: true }).await;
    let practised = shop.sell(1).await;
    shop.code(practised).await;
    shop.at(1, TillCommand::Training { on: false }).await;
    shop.plug(false);
    let during = shop.sell(1).await;
    assert!(shop.code(during).await.unsigned.is_some());
    shop.plug(true);
    shop.last(1, RksvKind::AfterOutage).await;
    let last = shop.sell(1).await;
    shop.code(last).await;
    closed(shop).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_in_austria_proves_its_codes_its_chain_and_its_counter() {
    let shop = day().await;
    let (check, proof) = looked_at(&shop.kit.reader(), TILL, 1);
    assert_eq!(open(&proof), []);
    assert_eq!(proof.statements.len(), 10);
    for gone in [Kind::Signatures, Kind::Counters, Kind::Transactions, Kind::Export] {
        assert_eq!(proof.statement(gone), None, "of Germany's forms there is nothing to say");
    }
    // Nobody is handed the German tables: what they say of the day is no finding.
    assert_eq!((check.state.as_str(), check.differs, check.unproved), ("right", 0, 0));
    // Two sales, the return, training and the last one; between them the one in the outage.
    assert_eq!(figure(&proof, Kind::Codes, "signed"), 5);
    assert_eq!(figure(&proof, Kind::Codes, "outages"), 1);
    // Startbeleg and collective receipt are signed as well.
    assert_eq!(figure(&proof, Kind::Codes, "verified"), 7);
    assert_eq!(figure(&proof, Kind::Chain, "codes"), 8);
    let day = shop.kit.reader().closed_day(TILL, DayNo(1)).expect("read").expect("there");
    let turnover = day.day.totals.receipts.amount.minor();
    assert!(turnover > 0);
    assert_eq!(figure(&proof, Kind::Turnover, "counter_from"), 0);
    assert_eq!(figure(&proof, Kind::Turnover, "counter_to"), turnover);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_day_goes_on_where_the_day_before_ended() {
    let mut shop = day().await;
    shop.put_devices();
    shop.run();
    shop.at(1, TillCommand::OpenDay { float: crate::engine_kit::euros(1_000) }).await;
    // A return comes first: its code holds no counter, nor does training.
    shop.at(1, TillCommand::Training { on: true }).await;
    let practised = shop.sell(1).await;
    shop.code(practised).await;
    shop.at(1, TillCommand::Training { on: false }).await;
    let sold = shop.sell(1).await;
    shop.code(sold).await;
    let shop = closed(shop).await;
    let (_, proof) = looked_at(&shop.kit.reader(), TILL, 2);
    assert_eq!(open(&proof), []);
    let (_, first) = looked_at(&shop.kit.reader(), TILL, 1);
    let ended = figure(&first, Kind::Turnover, "counter_to");
    assert_eq!(figure(&proof, Kind::Turnover, "counter_from"), ended);
    let sold = figure(&proof, Kind::Taxes, "turnover");
    assert!(sold > 0);
    assert_eq!(figure(&proof, Kind::Turnover, "counter_to"), ended + sold);
}

/// The proof out of a changed copy of the shop's file.
fn changed(kit: &Kit, name: &str, check: &DayCheck, change: impl FnOnce(&Copy)) -> DayProof {
    let copy = Copy::of(kit, name);
    // The key of the counter lies sealed; what opens it lies beside the file.
    let beside = |file: &str| kit.folder.path().join(format!("{file}.terminal-key"));
    let own = kit.file().file_name().expect("a name").to_string_lossy().into_owned();
    std::fs::copy(beside(&own), beside(&format!("{name}.sqlite"))).expect("copied");
    change(&copy);
    prove(&copy.reader(), (check.till, check.number), Some(check))
        .expect("readable")
        .expect("there")
}

/// Writes another code in the place of one, as whoever has the device and the key could.
fn forged(shop: &Austria, copy: &Copy, was: &RksvSigned, change: impl FnOnce(&mut Jws)) {
    let mut jws = Jws::parse(&was.jws).expect("a code");
    change(&mut jws);
    if matches!(jws.signature, Signature::Signed(_)) {
        jws.signature = Signature::Signed(Box::new(shop.sign(&jws.code.to_string())));
    }
    replaced(copy, was, &jws);
}

fn replaced(copy: &Copy, was: &RksvSigned, jws: &Jws) {
    let (seq, bytes): (i64, String) = copy
        .conn
        .query_row("SELECT seq, bytes FROM journal WHERE instr(bytes, ?1) > 0", [&was.jws], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .expect("the entry");
    copy.edit(seq, &bytes.replacen(&was.jws, &jws.compact(), 1));
    copy.rechain();
}

/// A statement's first difference.
#[track_caller]
fn differs(proof: &DayProof, kind: Kind) -> Difference {
    let statement = proof.statement(kind).expect("a statement");
    assert_eq!(statement.verdict, Verdict::Differs, "{statement:?}");
    statement.first.clone().expect("a difference")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_changed_in_a_chain_the_statement_about_it_differs_and_names_the_receipt() {
    let shop = day().await;
    let kit = &shop.kit;
    let (check, _) = looked_at(&kit.reader(), TILL, 1);
    let key = keys_of(&kit.reader(), "TR-1").expect("keys").counter.expect("kept");
    let codes = shop.codes(1).await;
    // The last one of the day: nothing is chained to it yet.
    let last = codes.last().expect("codes");

    // A code is gone from where it is looked for.
    let proof = changed(kit, "missing", &check, |copy| {
        copy.run("DELETE FROM rksv_code WHERE basket = (SELECT basket FROM receipt WHERE till = 1 AND number = 2 AND training = 0)");
    });
    let first = differs(&proof, Kind::Codes);
    assert_eq!((first.receipt, first.field.as_str()), (Some(2), "code_missing"));
    let first = differs(&proof, Kind::Chain);
    assert_eq!(
        (first.receipt, first.field.as_str(), first.expected.as_str()),
        (Some(3), "code_gap", "3")
    );
    assert_eq!(differs(&proof, Kind::Turnover).field, "code_counter");

    // The last code of the day.
    let proof = changed(kit, "last", &check, |copy| {
        copy.run(&format!(
            "DELETE FROM rksv_code WHERE register = 'TR-1' AND position = {}",
            last.position
        ));
    });
    assert_eq!(differs(&proof, Kind::Codes).receipt, Some(5));
    assert_eq!(differs(&proof, Kind::Chain).field, "code_gap");

    // Chained to something else, signed all the same.
    let proof = changed(kit, "chain", &check, |copy| {
        forged(&shop, copy, last, |jws| jws.code.chain = [7; 8]);
    });
    let first = only(&proof, Kind::Chain);
    assert_eq!((first.receipt, first.field.as_str()), (Some(5), "code_chain"));
    assert_eq!(first.found, "0707070707070707");

    // Two codes change their places.
    let proof = changed(kit, "places", &check, |copy| {
        let at = |to: i64, from: u64| {
            copy.run(&format!(
                "UPDATE rksv_code SET position = {to} WHERE register = 'TR-1' AND position = {from}"
            ));
        };
        at(-1, 2);
        at(2, 3);
        copy.run("UPDATE rksv_code SET position = 3 WHERE position = -1");
    });
    assert_eq!(differs(&proof, Kind::Chain).receipt, Some(2));

    // A counter that is a cent too high, signed all the same.
    let proof = changed(kit, "counter", &check, |copy| {
        forged(&shop, copy, last, |jws| {
            let (code, counter) = (&mut jws.code, last.carried.counter.minor() + 1);
            let counter = Money::new(counter);
            code.counter =
                Counter::encipher(&key, &code.cashbox, &code.receipt, counter, 8).expect("fits");
        });
    });
    let first = only(&proof, Kind::Turnover);
    assert_eq!((first.receipt, first.field.as_str()), (Some(5), "code_counter"));
    assert_ne!(first.found, first.expected);

    // Another amount than the receipt's.
    let proof = changed(kit, "sums", &check, |copy| {
        forged(&shop, copy, last, |jws| {
            jws.code.sums.normal = Money::new(jws.code.sums.normal.minor() + 100);
        });
    });
    let first = differs(&proof, Kind::Codes);
    assert_eq!((first.receipt, first.field.as_str()), (Some(5), "code_sums"));
    assert_eq!(differs(&proof, Kind::Turnover).receipt, Some(5));

    // A signature that is not the device's.
    let proof = changed(kit, "signature", &check, |copy| {
        let mut jws = Jws::parse(&last.jws).expect("a code");
        jws.signature = Signature::Signed(Box::new(shop.sign("something else")));
        replaced(copy, last, &jws);
    });
    let first = only(&proof, Kind::Codes);
    assert_eq!((first.receipt, first.field.as_str()), (Some(5), "code_signature"));

    // Out of order, says the code, and the entry knows nothing of it.
    let proof = changed(kit, "outage", &check, |copy| {
        let mut jws = Jws::parse(&last.jws).expect("a code");
        jws.signature = Signature::OutOfOrder;
        replaced(copy, last, &jws);
    });
    assert_eq!(only(&proof, Kind::Codes).receipt, Some(5));

    // Without the key nobody can read the counter; chain and codes are proved all the same.
    let proof = changed(kit, "keyless", &check, |copy| {
        copy.run("DELETE FROM meta WHERE key LIKE 'rksv_key:%'")
    });
    let lost = (Kind::Turnover, Verdict::Unproved, Some("key_lost".to_owned()));
    assert_eq!(open(&proof), [lost]);

    // What the device said of itself is not known.
    let proof = changed(kit, "device", &check, |copy| copy.run("DELETE FROM signer"));
    let unknown = (Kind::Codes, Verdict::Unproved, Some("unknown_device".to_owned()));
    assert_eq!(open(&proof), [unknown]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_sold_before_the_start_receipt_is_counted_with_its_reason() {
    let mut shop = Austria::still(1).await;
    shop.plug(false);
    shop.run();
    for sold in 1..=2 {
        shop.sell(1).await;
        shop.until(async |shop: &Austria| {
            (shop.register(1).await?.without_code == sold).then_some(())
        })
        .await;
    }
    let shop = closed(shop).await;
    let (_, proof) = looked_at(&shop.kit.reader(), TILL, 1);
    let not = |kind, why: &str| (kind, Verdict::Unproved, Some(why.to_owned()));
    assert_eq!(
        open(&proof),
        [
            not(Kind::Codes, "without_code"),
            not(Kind::Chain, "no_codes"),
            not(Kind::Turnover, "no_codes"),
        ]
    );
    let codes = proof.statement(Kind::Codes).expect("a statement");
    let without = codes.figures.iter().find(|one| one.what == "without_code").expect("a figure");
    assert_eq!((without.of.as_deref(), without.value), (Some("not_started"), 2));
    assert_eq!(figure(&proof, Kind::Codes, "first_without_code"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_in_switzerland_states_what_is_asked_of_it_and_no_more() {
    let proof = tokio::task::spawn_blocking(|| {
        let mut kit = Kit::open();
        let mut settings = sim::build::settings(2);
        (settings.country, settings.time_zone) = (Country::Ch, "Europe/Zurich".to_owned());
        assert_eq!(settings.currency, Currency::EUR, "the currency cannot change any more");
        kit.shop(ShopCommand::Configure { settings: Box::new(settings) }).expect("configured");
        kit.ok(1, crate::engine_kit::scan(1));
        kit.ok(1, crate::engine_kit::PAY);
        close(&mut kit, &[1]);
        looked_at(&kit.reader(), TILL, 1)
    });
    let (check, proof) = proof.await.expect("closed");
    assert_eq!(open(&proof), []);
    let stated: Vec<_> = proof.statements.iter().map(|statement| statement.kind).collect();
    let asked = [
        Kind::Journal,
        Kind::Numbers,
        Kind::Closings,
        Kind::Taxes,
        Kind::Tenders,
        Kind::Terminals,
        Kind::Cash,
    ];
    assert_eq!(stated, asked, "of signatures and of Germany's tables there is nothing to say");
    assert_eq!((check.state.as_str(), check.differs), ("right", 0));
}
