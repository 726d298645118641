//! Records of a till that are no receipts, as an auditor gets them: orders, a basket that went on at another till, goods
//! that people who work here took. They are joined, signed, counted in no sum; the checker and the proof find nothing.

use std::collections::BTreeMap;

use domain::{DayNo, LineNo, TillCommand, TillId};
use fiscal::de::dsfinvk::check::Rule;
use money::Quantity;
use shop::fiscal::{check_zip, write_package};

use crate::engine_kit::{CASHIER, Kit, MANAGER, PAY, euros, scan};
use crate::fiscal_export::{DAY, Files, configure, wait_until_signed};
use crate::proof::{close, figure, looked_at, open};

fn park(kit: &mut Kit, till: u16) {
    kit.ok(till, TillCommand::Park { name: None });
}

fn recall(kit: &mut Kit, till: u16) {
    let basket = kit.view(till).parked[0].id;
    kit.ok(till, TillCommand::Recall { basket });
}

fn benefit(kit: &mut Kit, till: u16) {
    let reason = "Mahlzeit in der Pause".to_owned();
    kit.ok(till, TillCommand::GiveBenefit { person: CASHIER, reason });
}

/// A shop whose two tills had every kind of record, signed, closed.
fn shop() -> Kit {
    let mut kit = Kit::new();
    configure(&mut kit);
    for till in [1, 2] {
        kit.ok(till, TillCommand::SignIn { person: MANAGER });
        kit.ok(till, TillCommand::OpenDay { float: euros(20_000) });
    }
    // Ordered, changed, and paid at the other till.
    kit.ok(1, scan(1));
    kit.ok(1, scan(2));
    park(&mut kit, 1);
    recall(&mut kit, 1);
    kit.ok(1, scan(3));
    kit.ok(1, TillCommand::ChangeQuantity { line: LineNo(1), quantity: Quantity::new(3_000) });
    kit.ok(1, TillCommand::VoidLine { line: LineNo(2) });
    park(&mut kit, 1);
    recall(&mut kit, 2);
    kit.ok(2, scan(4));
    kit.ok(2, PAY);
    // Ordered and given up.
    kit.ok(1, scan(5));
    park(&mut kit, 1);
    recall(&mut kit, 1);
    kit.ok(1, TillCommand::AbortBasket { reason: Some("Kunde kam nicht".to_owned()) });
    // Taken by somebody who works here, at once and after it was put aside.
    kit.ok(1, scan(6));
    benefit(&mut kit, 1);
    kit.ok(1, scan(7));
    park(&mut kit, 1);
    recall(&mut kit, 1);
    benefit(&mut kit, 1);
    // In training nothing is ordered.
    kit.ok(1, TillCommand::Training { on: true });
    kit.ok(1, scan(8));
    park(&mut kit, 1);
    recall(&mut kit, 1);
    kit.ok(1, PAY);
    kit.ok(1, TillCommand::Training { on: false });
    kit.ok(1, scan(9));
    kit.ok(1, PAY);
    wait_until_signed(&kit);
    close(&mut kit, &[1, 2]);
    wait_until_signed(&kit);
    kit
}

type Row = BTreeMap<String, String>;

fn exported(kit: &Kit) -> Files {
    let target = kit.folder.path().join("dsfinvk.zip");
    let written = write_package(&kit.reader(), (DAY, DAY), &target, &mut |_, _| {});
    let written = written.expect("a package");
    let mut findings = Vec::new();
    check_zip(&target, &mut |finding| findings.push(format!("{finding:?}"))).expect("readable");
    assert_eq!(findings, Vec::<String>::new());
    assert_eq!((written.wrong, written.summary.unverified), (None, 0));
    Files::of(&target)
}

/// A table's rows of one record, or those with another value in a column.
fn of(files: &Files, table: &str, (column, value): (&str, &str)) -> Vec<Row> {
    let rows = files.rows(table).into_iter().filter(|row| row[column] == value);
    rows.map(|row| row.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect()).collect()
}

#[test]
fn every_kind_of_record_is_exported_joined_and_signed_and_none_counts_in_a_sum() {
    let kit = shop();
    let files = exported(&kit);
    let kinds = |till: &str, kind: &str| -> Vec<Row> {
        let all = of(&files, "transactions.csv", ("BON_TYP", kind)).into_iter();
        all.filter(|row| row["Z_KASSE_ID"] == till).collect()
    };
    let counted = ["AVBestellung", "AVTransfer", "AVSachbezug", "AVBelegabbruch", "AVTraining"];
    assert_eq!(counted.map(|kind| kinds("1", kind).len()), [4, 1, 2, 1, 1]);
    assert_eq!(counted.map(|kind| kinds("2", kind).len()), [0; 5]);

    let signed = |id: &str| of(&files, "transactions_tse.csv", ("BON_ID", id))[0].clone();
    let orders = kinds("1", "AVBestellung");
    let second = &orders[1]["BON_ID"];
    assert_eq!(signed(second)["TSE_TA_VORGANGSART"], "Bestellung-V1");
    let lines = of(&files, "lines.csv", ("BON_ID", second));
    let quantities: Vec<&str> = lines.iter().map(|line| line["MENGE"].as_str()).collect();
    assert_eq!(quantities, ["-1,000", "2,000", "1,000"], "what was taken away, and what was added");
    assert!(lines.iter().all(|line| line["GV_TYP"] == "Umsatz"));

    // One name joins all of a basket, and what comes later refers to what came before.
    let group = |id: &str| of(&files, "allocation_groups.csv", ("BON_ID", id));
    let first = &orders[0]["BON_ID"];
    let joined = group(first)[0]["ABRECHNUNGSKREIS"].clone();
    let over = &kinds("1", "AVTransfer")[0];
    assert_eq!(over["BON_NOTIZ"], "Weiter an Kasse 2");
    for id in [second, &over["BON_ID"], "2-1"] {
        assert_eq!(group(id)[0]["ABRECHNUNGSKREIS"], joined, "{id}");
    }
    let refers = |id: &str| -> Vec<String> {
        let rows = of(&files, "references.csv", ("BON_ID", id));
        rows.iter().map(|row| row["REF_BON_ID"].clone()).collect()
    };
    assert!(refers(first).is_empty());
    assert_eq!(refers(second), [first.as_str()]);
    assert_eq!(refers("2-1"), [first.as_str(), second, &over["BON_ID"]]);
    assert!(signed(&over["BON_ID"])["TSE_VORGANGSDATEN"].starts_with("AVTransfer^"));
    assert!(group("1-1").is_empty(), "a sale that was never put aside stands alone");
    let given_up = &kinds("1", "AVBelegabbruch")[0]["BON_ID"];
    assert_eq!(refers(given_up), [orders[2]["BON_ID"].as_str()]);

    let taken = kinds("1", "AVSachbezug");
    for record in &taken {
        assert_eq!(
            (record["KUNDE_ID"].as_str(), record["KUNDE_TYP"].as_str()),
            ("2", "Mitarbeiter")
        );
        let data = &signed(&record["BON_ID"])["TSE_VORGANGSDATEN"];
        assert!(data.starts_with("AVSachbezug^") && data.ends_with('^'), "{data}");
        let paid = of(&files, "datapayment.csv", ("BON_ID", &record["BON_ID"]));
        assert!(paid.iter().all(|row| row["ZAHLART_TYP"] == "Keine"));
    }
    assert_eq!(refers(&taken[1]["BON_ID"]), [orders[3]["BON_ID"].as_str()]);

    // Goods of the first till's only sale are all its turnover.
    let closed = kit.reader().closed_day(TillId(1), DayNo(1)).expect("read").expect("closed");
    let totals = &closed.day.totals;
    assert_eq!((totals.receipts.count, totals.benefits.count), (1, 2));
    let turnover: i64 = of(&files, "businesscases.csv", ("GV_TYP", "Umsatz"))
        .iter()
        .filter(|row| row["Z_KASSE_ID"] == "1")
        .map(|row| row["Z_UMS_BRUTTO"].replace(',', "").parse::<i64>().expect("digits"))
        .sum();
    assert_eq!(turnover, totals.receipts.amount.minor() * 1_000);
}

#[test]
fn the_day_of_each_till_is_proved_with_its_orders_and_what_it_handed_over() {
    use shop::proof::StatementKind as Kind;
    let kit = shop();
    for (till, signed) in [(1, 4 + 1 + 2 + 1 + 1 + 1 + 2), (2, 1 + 2)] {
        let (check, proof) = looked_at(&kit.reader(), TillId(till), 1);
        assert_eq!(open(&proof), [], "till {till}");
        assert_eq!(check.state, "right", "{}", check.finding);
        // Of the second: its receipt, the float, the difference.
        assert_eq!(figure(&proof, Kind::Signatures, "signed"), signed, "till {till}");
    }
}

#[test]
fn what_is_changed_in_an_order_or_hidden_of_a_benefit_is_named() {
    let kit = shop();
    let whole = exported(&kit);
    let found = |table: &str, of: &str, from: &str, to: &str| {
        let mut files = Files(whole.0.clone());
        let text = &files.0[table];
        let row = text.split("\r\n").find(|row| row.contains(of) && row.contains(from));
        let row = row.expect("a row");
        let changed = text.replacen(row, &row.replacen(from, to, 1), 1);
        files.0.insert(table.to_owned(), changed);
        let path = kit.folder.path().join("changed.zip");
        files.write(&path);
        let mut rules = Vec::new();
        check_zip(&path, &mut |finding| rules.push(finding.rule)).expect("readable");
        rules
    };
    let rules = found("lines.csv", "-V", ";2,000;", ";3,000;");
    assert!(rules.contains(&Rule::TseDataLines), "{rules:?}");
    let rules = found("transactions.csv", "AVSachbezug", ";2;Mitarbeiter;", ";;Mitarbeiter;");
    assert_eq!(rules, [Rule::BenefitWhose]);
    let rules = found("transactions.csv", "AVTransfer", "AVTransfer", "AVBestellung");
    assert!(rules.contains(&Rule::TseProcessType), "{rules:?}");
}
