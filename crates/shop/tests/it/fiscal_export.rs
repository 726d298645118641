//! The tables for a tax audit, out of a shop with two tills and a signing unit: the checker finds nothing, the figures are
//! the Z reports', and whatever is changed afterwards is named.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::account::CustomerDetails;
use domain::signing::{SigningSettings, UnitKind, UnitSettings};
use domain::tip::{TipValue, TipsTo};
use domain::voucher::VoucherKind;
use domain::{
    CustomerId, DayNo, LineNo, ReceiptRef, ShopCommand, TaxKey, TillCommand, TillId, UnitId,
};
use fiscal::de::dsfinvk::check::Rule;
use jiff::civil::{Date, date};
use money::ExchangeRate;
use shop::fiscal::{Fault, check_zip, write_package};
use shop::sign::runner::{Pace, run_at};

use crate::engine_kit::{Kit, MANAGER, PAY, count, euros, scan};

pub(crate) const DAY: Date = date(2026, 11, 2);

pub(crate) fn configure(kit: &mut Kit) {
    let settings = kit.engine.snapshot_blocking().expect("running").settings.expect("set up");
    let mut settings = (*settings).clone();
    let unit = UnitSettings { id: UnitId(1), name: "TSE".to_owned(), kind: UnitKind::Software };
    settings.signing = Some(SigningSettings {
        serial: "TRESEN-TEST".to_owned(),
        units: vec![unit],
        clear_text: false,
    });
    settings.tips = Some(TipsTo::Staff);
    settings.foreign_cash = vec![domain::foreign::ForeignCurrency {
        currency: "USD".parse().expect("a currency"),
        smallest: 1,
        rates: vec![domain::foreign::DatedExchangeRate {
            rate: ExchangeRate::new(920_000).expect("a rate"),
            from: "2020-01-01T00:00:00".parse().expect("a time"),
        }],
    }];
    kit.shop(ShopCommand::Configure { settings: Box::new(settings) }).expect("configured");
}

fn dollars() -> domain::Amount {
    domain::Amount {
        amount: money::Money::new(5_000),
        currency: "USD".parse().expect("a currency"),
    }
}

/// A shop whose two tills sold a day in every way, signed, closed.
pub(crate) fn shop() -> Kit {
    let mut kit = Kit::new();
    configure(&mut kit);
    let customer = ShopCommand::PutCustomer {
        customer: None,
        details: Box::new(CustomerDetails {
            name: "Anna".to_owned(),
            ..CustomerDetails::default()
        }),
        term_days: 14,
        limit: None,
        blocked: false,
    };
    kit.shop(customer).expect("a customer");
    for till in [1, 2] {
        kit.ok(till, TillCommand::SignIn { person: MANAGER });
        kit.ok(till, TillCommand::OpenDay { float: euros(20_000) });
    }
    for till in [2, 1] {
        sell(&mut kit, till);
        kit.clock.advance(Duration::from_secs(60));
    }
    wait_until_signed(&kit);
    for till in [1, 2] {
        let drawer = kit.engine_drawer(till);
        // A cent is missing.
        let TillCommand::CountDrawer { pieces, .. } =
            count(u32::try_from(drawer - 1).expect("cents"))
        else {
            panic!("a count")
        };
        kit.ok(till, TillCommand::CountDrawer { pieces, foreign: vec![dollars()] });
        kit.ok(till, TillCommand::CloseDay { despite_doubt: None });
        kit.clock.advance(Duration::from_secs(60));
    }
    wait_until_signed(&kit);
    kit
}

fn sell(kit: &mut Kit, till: u16) {
    let reason = || "Test".to_owned();
    for item in [1, 2, 3, 1] {
        kit.ok(till, scan(item));
    }
    let receipt = |kit: &Kit| kit.view(till).last_receipt.expect("a receipt").receipt.number;
    kit.ok(till, PAY);
    let sold = ReceiptRef { till: TillId(till), number: receipt(kit) };
    kit.ok(till, TillCommand::ReturnLine { receipt: sold, line: LineNo(2), quantity: None });
    kit.ok(till, PAY);
    // A discount, a coupon on top of it, and a card at a terminal that is not connected.
    kit.ok(till, scan(4));
    let discount = domain::command::DiscountValue::Percent { basis_points: 1_000 };
    kit.ok(till, TillCommand::DiscountReceipt { discount, reason: reason() });
    let coupon =
        TillCommand::Scan { code: sim::build::COUPON.to_owned(), quantity: None, price: None };
    kit.ok(till, coupon);
    kit.ok(till, TillCommand::AddTip { tip: TipValue::Amount { amount: euros(150) } });
    kit.ok(till, TillCommand::PayCardExternal { amount: None });
    // Vouchers of both kinds, and one that pays.
    let single = VoucherKind::SinglePurpose { tax: TaxKey(1) };
    kit.ok(till, TillCommand::SellVoucher { amount: euros(1_000), of: single });
    kit.ok(till, PAY);
    let of = VoucherKind::MultiPurpose;
    kit.ok(till, TillCommand::SellVoucher { amount: euros(5_000), of });
    kit.ok(till, PAY);
    let code = kit.view(till).last_receipt.expect("a receipt").vouchers[0].code.clone();
    for item in [5, 6] {
        kit.ok(till, scan(item));
    }
    kit.ok(till, TillCommand::PayVoucher { code, amount: Some(euros(40)), despite_expiry: false });
    kit.ok(till, PAY);
    // Dollars, with change in euro.
    kit.ok(till, scan(7));
    kit.ok(till, TillCommand::PayForeignCash { tendered: dollars() });
    // On account, and paid.
    let customer = CustomerId(1);
    kit.ok(till, scan(8));
    kit.ok(till, TillCommand::PayOnAccount { customer, amount: None });
    kit.ok(
        till,
        TillCommand::SettleAccount { customer, amount: None, receipt: None, credit: false },
    );
    kit.ok(till, PAY);
    // Given up; training; the drawer.
    kit.ok(till, scan(9));
    kit.ok(till, TillCommand::AbortBasket { reason: Some(reason()) });
    kit.ok(till, TillCommand::Training { on: true });
    kit.ok(till, scan(9));
    kit.ok(till, PAY);
    kit.ok(till, TillCommand::Training { on: false });
    kit.ok(till, TillCommand::PaidIn { amount: euros(2_500), reason: reason(), purpose: None });
    kit.ok(till, TillCommand::PaidOut { amount: euros(1_200), reason: reason(), purpose: None });
    kit.ok(till, TillCommand::Drop { amount: euros(5_000), reason: reason() });
    kit.ok(till, TillCommand::NoSale { reason: reason() });
}

pub(crate) fn wait_until_signed(kit: &Kit) {
    let waiting = |kit: &Kit| !kit.reader().signings().expect("read").is_empty();
    assert!(waiting(kit));
    run_signing(kit, waiting);
}

/// Has what waits signed for as long as `goes_on`.
pub(crate) fn run_signing(kit: &Kit, goes_on: impl Fn(&Kit) -> bool) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let answer = Duration::from_secs(60);
    let pace = Pace { answer, line: answer * 2, look: Duration::from_millis(20) };
    let run = run_at(kit.engine.clone(), kit.clock.clone(), stopped, pace);
    let runner = runtime.spawn(run);
    while goes_on(kit) {
        runtime.block_on(tokio::task::yield_now());
    }
    stop.send(true).expect("it runs");
    runtime.block_on(runner).expect("it ends");
}

/// A package's files, to look at and to change.
pub(crate) struct Files(pub(crate) BTreeMap<String, String>);

impl Files {
    pub(crate) fn of(path: &Path) -> Files {
        let mut zip = zip::ZipArchive::new(File::open(path).expect("a file")).expect("a ZIP");
        let mut files = BTreeMap::new();
        for at in 0..zip.len() {
            let mut file = zip.by_index(at).expect("a file");
            let mut text = String::new();
            file.read_to_string(&mut text).expect("UTF-8");
            files.insert(file.name().expect("a name").into_owned(), text);
        }
        Files(files)
    }

    pub(crate) fn write(&self, path: &Path) {
        let mut zip = zip::ZipWriter::new(File::create(path).expect("a file"));
        for (name, text) in &self.0 {
            let plain = zip::write::SimpleFileOptions::default();
            zip.start_file(name.as_str(), plain).expect("a file");
            zip.write_all(text.as_bytes()).expect("written");
        }
        zip.finish().expect("a ZIP");
    }

    /// Rows of a table, by column.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.get(name).expect("a file")
    }

    pub(crate) fn rows(&self, name: &str) -> Vec<BTreeMap<&str, &str>> {
        let mut lines = self.0[name].split("\r\n").filter(|line| !line.is_empty());
        let head: Vec<&str> = lines.next().expect("names").split(';').collect();
        lines.map(|line| head.iter().copied().zip(line.split(';')).collect()).collect()
    }
}

fn cents(text: &str) -> i64 {
    let digits: String = text.chars().filter(|c| *c != ',').collect();
    let value: i64 = digits.parse().expect("a number");
    let decimals = text.split_once(',').map_or(0, |(_, decimals)| decimals.len());
    let divisor = 10_i64.pow(u32::try_from(decimals).expect("few")) / 100;
    assert_eq!(value % divisor, 0, "{text}");
    value / divisor
}

fn exported(kit: &Kit) -> PathBuf {
    let target = kit.folder.path().join("dsfinvk.zip");
    let mut told = Vec::new();
    let written =
        write_package(&kit.reader(), (DAY, DAY), &target, &mut |done, of| told.push((done, of)))
            .expect("a package");
    let mut findings = Vec::new();
    check_zip(&target, &mut |finding| findings.push(format!("{finding:?}"))).expect("readable");
    assert_eq!(findings, Vec::<String>::new());
    assert!(written.wrong.is_none());
    assert_eq!(told, [(1, 2), (2, 2)]);
    assert_eq!((written.closings, written.summary.unverified), (2, 0));
    // Of each till: nine receipts, one given up, one in training; the float, cash three times, the drawer, the difference.
    assert_eq!(written.summary.verified, 2 * (11 + 6));
    target
}

#[test]
fn a_day_of_two_tills_is_exported_as_it_was_sold_signed_and_closed() {
    let kit = shop();
    let files = Files::of(&exported(&kit));
    let closings = files.rows("cashpointclosing.csv");
    for till in [1_u16, 2] {
        let id = till.to_string();
        let of_till = |row: &&BTreeMap<&str, &str>| row["Z_KASSE_ID"] == id;
        let closed = kit.reader().closed_day(TillId(till), DayNo(1)).expect("read");
        let closed = closed.expect("closed");
        let day = &closed.day;
        assert!(closings.iter().any(|row| of_till(&row) && row["Z_NR"] == "1"));
        // What is in the drawer at the end is what was counted.
        let cash = files.rows("cash_per_currency.csv");
        let in_euro = |row: &&BTreeMap<&str, &str>| of_till(row) && row["ZAHLART_WAEH"] == "EUR";
        let euro = cash.iter().find(in_euro).expect("cash in euro");
        let counted = day.drawer.minor() + closed.difference.minor();
        assert_eq!(cents(euro["ZAHLART_BETRAG_WAEH"]), counted);
        assert_eq!(closed.difference.minor(), -1);
        // Business cases: goods with tax are the Z report's, by key.
        let cases = files.rows("businesscases.csv");
        for row in day.totals.tax.iter().filter(|row| row.key != 5) {
            let of_key = |case: &&BTreeMap<&str, &str>| {
                of_till(case) && case["UST_SCHLUESSEL"] == row.key.to_string()
            };
            let mine: Vec<_> = cases.iter().filter(of_key).collect();
            let sum = |column: &str| {
                let parts = mine.iter().map(|case| {
                    let text: String = case[column].chars().filter(|c| *c != ',').collect();
                    text.parse::<i64>().expect("a number")
                });
                parts.sum::<i64>()
            };
            assert_eq!(sum("Z_UMS_BRUTTO"), row.gross.minor() * 1_000, "{row:?}");
            assert_eq!(sum("Z_UST"), row.tax.minor() * 1_000, "{row:?}");
        }
        let mut seen: Vec<&str> = cases.iter().filter(of_till).map(|case| case["GV_TYP"]).collect();
        seen.sort_unstable();
        seen.dedup();
        let expected = [
            "Anfangsbestand",
            "Auszahlung",
            "DifferenzSollIst",
            "EinzweckgutscheinKauf",
            "Einzahlung",
            "Forderungsaufloesung",
            "Forderungsentstehung",
            "Geldtransit",
            "MehrzweckgutscheinEinloesung",
            "MehrzweckgutscheinKauf",
            "TrinkgeldAN",
            "Umsatz",
        ];
        assert_eq!(seen, {
            let mut e = expected;
            e.sort_unstable();
            e
        });
    }
}

#[test]
fn a_changed_signature_and_a_changed_cent_are_named() {
    let kit = shop();
    let package = exported(&kit);
    let found = |change: &dyn Fn(&mut Files)| {
        let mut files = Files::of(&package);
        change(&mut files);
        let other = kit.folder.path().join("changed.zip");
        files.write(&other);
        let mut rules = Vec::new();
        let checked = check_zip(&other, &mut |finding| rules.push(finding.rule)).expect("readable");
        (checked.wrong.expect("a finding"), rules)
    };
    let (wrong, rules) = found(&|files| {
        let row = files.rows("transactions_tse.csv").into_iter().find(|r| r["BON_ID"] == "1-1");
        let signature = row.expect("signed")["TSE_TA_SIG"].to_owned();
        let other = if signature.starts_with('A') { "B" } else { "A" };
        let changed = format!("{other}{}", &signature[1..]);
        let table = files.0["transactions_tse.csv"].replace(&signature, &changed);
        files.0.insert("transactions_tse.csv".to_owned(), table);
    });
    assert_eq!((wrong.receipt.as_str(), wrong.field.as_str()), ("1-1", "TSE_TA_SIG"));
    assert_eq!(rules, [Rule::TseSignature]);
    let (wrong, _) = found(&|files| {
        let table = &files.0["datapayment.csv"];
        let row = table.split("\r\n").find(|line| line.contains(";1-1;")).expect("paid");
        let (front, paid) = row.rsplit_once(';').expect("columns");
        let changed = format!("{front};9{paid}");
        let table = table.replace(row, &changed);
        files.0.insert("datapayment.csv".to_owned(), table);
    });
    assert_eq!(wrong.receipt, "1-1");
    assert!(matches!(wrong.rule, Rule::PaidSum | Rule::PaymentCurrency), "{wrong:?}");
}

#[test]
fn what_is_no_package_and_a_range_without_a_closing_are_said() {
    let kit = Kit::open();
    let target = kit.folder.path().join("none.zip");
    let none = write_package(&kit.reader(), (DAY, DAY), &target, &mut |_, _| {});
    assert!(matches!(none, Err(Fault::NoClosing { .. })));
    assert!(!target.exists());
    for bytes in
        [b"".as_slice(), b"PK\x03\x04", b"PK\x05\x06 and then nothing that helps", &[0; 64]]
    {
        std::fs::write(&target, bytes).expect("written");
        assert!(check_zip(&target, &mut |_| {}).is_err());
    }
}
