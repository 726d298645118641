//! Days that are not like others, as an auditor gets them: units that came or went in mid-day, prices without tax, a rate
//! that changed at noon. The checker finds nothing, and what is odd is said.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::cash::CashPurpose;
use domain::settings::{Agency, DatedRate, OwnTaxKey, Settings};
use domain::signing::{SigningSettings, UnitKind, UnitSettings};
use domain::{GroupId, LineNo, ReceiptRef, ShopCommand, TaxKey, TillCommand, TillId, UnitId};
use fiscal::de::dsfinvk::check::Rule;
use fiscal::de::tse::TaxSlot;
use jiff::civil::Date;
use shop::clock::Clock as _;

use crate::engine_kit::{Kit, MANAGER, PAY, count, euros, scan};
use crate::fiscal_export::{Files, run_signing, wait_until_signed};

fn configure(kit: &mut Kit, change: impl FnOnce(&mut Settings)) {
    let settings = kit.engine.snapshot_blocking().expect("running").settings.expect("set up");
    let mut settings = (*settings).clone();
    change(&mut settings);
    kit.shop(ShopCommand::Configure { settings: Box::new(settings) }).expect("configured");
}

fn signed(settings: &mut Settings) {
    let unit = UnitSettings { id: UnitId(1), name: "TSE".to_owned(), kind: UnitKind::Software };
    let serial = "TRESEN-TEST".to_owned();
    settings.signing = Some(SigningSettings { serial, units: vec![unit], clear_text: false });
}

fn sell(kit: &mut Kit, items: &[u32]) -> ReceiptRef {
    for item in items {
        kit.ok(1, scan(*item));
    }
    kit.ok(1, PAY);
    last(kit)
}

fn last(kit: &Kit) -> ReceiptRef {
    let number = kit.view(1).last_receipt.expect("a receipt").receipt.number;
    ReceiptRef { till: TillId(1), number }
}

fn open() -> Kit {
    let mut kit = Kit::new();
    kit.ok(1, TillCommand::SignIn { person: MANAGER });
    kit
}

fn open_day(kit: &mut Kit) {
    kit.ok(1, TillCommand::OpenDay { float: euros(20_000) });
}

fn close_day(kit: &mut Kit) {
    let drawer = kit.engine_drawer(1);
    kit.ok(1, count(u32::try_from(drawer).expect("cents")));
    kit.ok(1, TillCommand::CloseDay { despite_doubt: None });
}

/// The package of everything; the checker finds nothing in it, and no warning either but `expected`.
fn package(kit: &Kit, expected: &[Rule]) -> Files {
    let target = kit.folder.path().join("dsfinvk.zip");
    let all = (Date::MIN, Date::MAX);
    let mut findings = Vec::new();
    shop::fiscal::write_package(&kit.reader(), all, &target, &mut |_, _| {}).expect("a package");
    let checked = shop::fiscal::check_zip(&target, &mut |finding| {
        if !expected.contains(&finding.rule) {
            findings.push(format!("{finding:?}"));
        }
    });
    assert!(checked.expect("readable").wrong.is_none());
    assert_eq!(findings, Vec::<String>::new());
    Files::of(&target)
}

/// Why records of a package are not signed; empty for one that is.
fn faults(files: &Files) -> Vec<String> {
    files.rows("transactions_tse.csv").iter().map(|row| row["TSE_TA_FEHLER"].to_owned()).collect()
}

#[test]
fn units_that_come_and_go_in_mid_day_are_said_record_by_record() {
    let mut kit = open();
    open_day(&mut kit);
    sell(&mut kit, &[1]);
    configure(&mut kit, signed);
    sell(&mut kit, &[2]);
    wait_until_signed(&kit);
    // Ended while receipts were signed; the unit is gone before anybody had it signed.
    sell(&mut kit, &[3]);
    configure(&mut kit, |settings| settings.signing = None);
    wait_until_signed(&kit);
    close_day(&mut kit);
    let said = faults(&package(&kit, &[]));
    // The float and the first receipt; the second; the third; the difference.
    let none = "Keine TSE eingerichtet";
    assert_eq!(said, [none, none, "", "Nicht signiert: keine TSE eingerichtet", none]);
}

#[test]
fn a_day_in_which_the_clock_is_set_back_is_a_package_without_faults() {
    let mut kit = open();
    configure(&mut kit, signed);
    open_day(&mut kit);
    sell(&mut kit, &[1]);
    wait_until_signed(&kit);
    kit.ok(1, scan(2));
    kit.clock.set_wall(kit.clock.now() - jiff::SignedDuration::from_hours(1));
    kit.ok(1, PAY);
    wait_until_signed(&kit);
    sell(&mut kit, &[3]);
    wait_until_signed(&kit);
    kit.clock.advance(Duration::from_secs(2 * 3_600));
    close_day(&mut kit);
    wait_until_signed(&kit);
    package(&kit, &[]);
}

#[test]
fn a_shop_whose_prices_are_without_tax_is_exported_to_the_cent() {
    let mut kit = open();
    configure(&mut kit, |settings| settings.prices_include_tax = false);
    configure(&mut kit, signed);
    open_day(&mut kit);
    let sold = sell(&mut kit, &[1, 2, 3, 4, 5, 6, 7, 8]);
    kit.ok(1, TillCommand::ReturnLine { receipt: sold, line: LineNo(3), quantity: None });
    kit.ok(1, PAY);
    kit.ok(1, scan(9));
    let discount = domain::command::DiscountValue::Percent { basis_points: 1_250 };
    kit.ok(1, TillCommand::DiscountReceipt { discount, reason: "Test".to_owned() });
    kit.ok(1, PAY);
    wait_until_signed(&kit);
    close_day(&mut kit);
    wait_until_signed(&kit);
    let files = package(&kit, &[]);
    assert!(faults(&files).iter().all(String::is_empty), "{:?}", faults(&files));
    let closed = kit.reader().closed_day(TillId(1), domain::DayNo(1)).expect("read");
    let totals = closed.expect("closed").day.totals;
    // Hundred-thousandths; goods only.
    let column = |name: &str, key: u16| -> i64 {
        let cases = files.rows("businesscases.csv");
        let of_key = cases.iter().filter(|row| row["UST_SCHLUESSEL"] == key.to_string());
        let digits = of_key.map(|row| row[name].replace(',', "").parse::<i64>().expect("digits"));
        digits.sum()
    };
    assert_eq!(totals.tax.len(), 2);
    for row in &totals.tax {
        assert_eq!(column("Z_UMS_NETTO", row.key), row.net.minor() * 1_000, "{row:?}");
        assert_eq!(column("Z_UST", row.key), row.tax.minor() * 1_000, "{row:?}");
    }
}

#[test]
fn a_rate_that_changes_at_noon_stands_with_both_rates_in_the_day() {
    let mut kit = open();
    // 2 November 2026, in the morning: from noon on 16 and 5 of a hundred.
    configure(&mut kit, |settings| {
        let noon = "2026-11-02T12:00:00".parse().expect("a time");
        for (key, rate) in [(1, 1_600), (2, 500)] {
            let rate = money::Rate::new(rate);
            settings.rates.push(DatedRate { key: TaxKey(key), rate, from: noon });
        }
    });
    configure(&mut kit, signed);
    open_day(&mut kit);
    let before = sell(&mut kit, &[1, 2, 3]);
    wait_until_signed(&kit);
    kit.clock.advance(Duration::from_secs(6 * 3_600));
    sell(&mut kit, &[1, 2, 3]);
    // What was bought in the morning comes back with the morning's tax.
    kit.ok(1, TillCommand::ReturnReceipt { receipt: before });
    kit.ok(1, PAY);
    wait_until_signed(&kit);
    close_day(&mut kit);
    wait_until_signed(&kit);
    // No law knows such rates on that day: worth a look.
    let files = package(&kit, &[Rule::VatRate]);
    let rates = files.rows("vat.csv");
    let mut rates: Vec<&str> = rates.iter().map(|row| row["UST_SATZ"]).collect();
    rates.sort_unstable();
    assert_eq!(rates, ["0,00", "16,00", "19,00", "5,00", "7,00"]);
    let sum = |name: &str, of: &dyn Fn(&str) -> bool| -> i64 {
        let cases = files.rows("businesscases.csv");
        let mine =
            cases.iter().filter(|row| row["GV_TYP"] == "Umsatz" && of(row["UST_SCHLUESSEL"]));
        mine.map(|row| row[name].replace(',', "").parse::<i64>().expect("digits")).sum()
    };
    // The morning's turnover was given back whole: under the old rates nothing is left.
    assert_eq!(sum("Z_UST", &|key| key.len() > 1), 0);
    assert_ne!(sum("Z_UST", &|key| key.len() == 1), 0);
}

#[test]
fn a_basket_that_moved_to_another_till_names_the_till_at_which_it_began() {
    let mut kit = open();
    configure(&mut kit, signed);
    open_day(&mut kit);
    kit.ok(2, TillCommand::SignIn { person: MANAGER });
    kit.ok(2, TillCommand::OpenDay { float: euros(0) });
    wait_until_signed(&kit);
    kit.ok(1, scan(1));
    // The unit hears of it at the first till.
    run_signing(&kit, |kit| {
        let rows = kit.reader().journal(1, 100_000).expect("read");
        !rows.iter().any(|row| row.bytes.contains("\"signing_started\""))
    });
    kit.ok(1, TillCommand::Park { name: None });
    let parked = kit.view(2).parked[0].id;
    kit.ok(2, TillCommand::Recall { basket: parked });
    kit.ok(2, PAY);
    wait_until_signed(&kit);
    let drawer = kit.engine_drawer(2);
    kit.ok(2, count(u32::try_from(drawer).expect("cents")));
    kit.ok(2, TillCommand::CloseDay { despite_doubt: None });
    wait_until_signed(&kit);
    let files = package(&kit, &[]);
    assert!(faults(&files).iter().all(String::is_empty), "{:?}", faults(&files));
    let sold = files.rows("transactions.csv");
    let sold: Vec<_> = sold.iter().filter(|row| row["BON_ID"] == "2-1").collect();
    assert_eq!(sold.len(), 1);
}

fn dated(key: u16, rate: u32) -> DatedRate {
    let from = "2007-01-01T00:00:00".parse().expect("a time");
    DatedRate { key: TaxKey(key), rate: money::Rate::new(rate), from }
}

#[test]
fn a_tax_key_of_the_shops_own_is_signed_and_exported_with_its_description() {
    let mut kit = open();
    configure(&mut kit, signed);
    configure(&mut kit, |settings| {
        settings.rates.push(dated(1_000, 1_900));
        let description = "Außer Haus".to_owned();
        settings.own_tax_keys.push(OwnTaxKey { key: TaxKey(1_000), description });
        settings.groups.iter_mut().for_each(|group| group.tax = TaxKey(1_000));
    });
    open_day(&mut kit);
    let price = euros(238);
    let group = GroupId(1);
    kit.ok(1, TillCommand::SellUnknown { code: None, group, price, quantity: None, name: None });
    kit.ok(1, PAY);
    wait_until_signed(&kit);
    close_day(&mut kit);
    wait_until_signed(&kit);
    let files = package(&kit, &[]);
    let rates = files.rows("vat.csv");
    let own = rates.iter().find(|row| row["UST_SCHLUESSEL"] == "1000").expect("the own key");
    assert_eq!((own["UST_SATZ"], own["UST_BESCHR"]), ("19,00", "Außer Haus"));
    let data: Vec<_> = files.rows("transactions_tse.csv");
    let data: Vec<_> = data.iter().map(|row| row["TSE_VORGANGSDATEN"].to_owned()).collect();
    assert!(data.contains(&"Beleg^2.38_0.00_0.00_0.00_0.00^2.38:Bar".to_owned()), "{data:?}");
    assert!(faults(&files).iter().all(String::is_empty));
}

#[test]
fn whatever_key_the_office_takes_has_a_place_in_what_is_signed() {
    let mut kit = open();
    configure(&mut kit, signed);
    let base = kit.engine.snapshot_blocking().expect("running").settings.expect("set up");
    let mut taken = 0;
    for key in (0..32).chain(108..112).chain(997..1_002) {
        for rate in [0, 490, 500, 550, 700, 780, 1_070, 1_234, 1_600, 1_900, 2_000] {
            let mut settings = (*base).clone();
            let from = "2100-01-01T00:00:00".parse().expect("a time");
            settings.rates.push(DatedRate { from, ..dated(key, rate) });
            for own in [1_000, 1_001].into_iter().filter(|own| *own == key) {
                let description = "x".to_owned();
                settings.own_tax_keys.push(OwnTaxKey { key: TaxKey(own), description });
            }
            if kit.shop(ShopCommand::Configure { settings: Box::new(settings) }).is_err() {
                continue;
            }
            taken += 1;
            let slot = fiscal::de::tax_keys::slot(u32::from(key), rate).expect("a place");
            assert!(slot != TaxSlot::Zero || rate == 0, "{key} at {rate}");
        }
    }
    assert!(taken > 100, "{taken}");
}

#[test]
fn a_day_that_a_wrong_clock_dated_elsewhere_leaves_no_gap_in_the_range_around_it() {
    let mut kit = open();
    let right = shop::clock::Clock::now(&*kit.clock);
    let day = |kit: &mut Kit, years: i32| {
        let time = right + jiff::SignedDuration::from_hours(24 * 365 * i64::from(years));
        kit.clock.set_wall(time);
        open_day(kit);
        sell(kit, &[1]);
        close_day(kit);
    };
    day(&mut kit, 0);
    day(&mut kit, 5);
    day(&mut kit, 0);
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").expect("a zone");
    let date = zone.to_datetime(right).date();
    let target = kit.folder.path().join("dsfinvk.zip");
    let written = shop::fiscal::write_package(&kit.reader(), (date, date), &target, &mut |_, _| {});
    let written = written.expect("a package");
    assert_eq!((written.closings, written.wrong.map(|wrong| wrong.rule)), (3, None));
    let numbers: Vec<String> = Files::of(&target)
        .rows("cashpointclosing.csv")
        .iter()
        .map(|row| row["Z_NR"].to_owned())
        .collect();
    assert_eq!(numbers, ["1", "2", "3"]);
    // It is named beside the tables, and the dates that it says hold nothing.
    let index = Files::of(&target).text("index.xml").to_owned();
    let elsewhere = date.saturating_add(jiff::Span::new().days(365 * 5));
    assert!(index.contains(&format!("Abschluss 2 der Kasse 1 nennt den {elsewhere}")), "{index}");
    let none = shop::fiscal::write_package(
        &kit.reader(),
        (elsewhere, elsewhere),
        &kit.folder.path().join("none.zip"),
        &mut |_, _| {},
    );
    assert!(matches!(none, Err(shop::fiscal::Fault::NoClosing { .. })));
}

#[test]
fn a_package_signed_by_no_certified_unit_says_so() {
    let mut kit = open();
    configure(&mut kit, signed);
    open_day(&mut kit);
    sell(&mut kit, &[1]);
    wait_until_signed(&kit);
    close_day(&mut kit);
    let target = kit.folder.path().join("dsfinvk.zip");
    let all = (Date::MIN, Date::MAX);
    let written = shop::fiscal::write_package(&kit.reader(), all, &target, &mut |_, _| {});
    assert!(written.expect("a package").summary.not_certified);
}

#[test]
fn a_closing_names_the_version_of_the_program_that_ran_then() {
    let mut kit = open();
    let started = |kit: &mut Kit, version: &str| {
        let command = ShopCommand::NoteProgram { version: version.to_owned() };
        let actor = shop::engine::Actor { person: None, approver: None };
        let id = kit.id();
        let noted = kit.engine.submit(id, actor, domain::Command::Shop(command));
        noted.expect("running").wait().expect("noted");
    };
    for (number, ran) in [(1, "0.0.7"), (2, "0.0.8")] {
        started(&mut kit, ran);
        kit.clock.advance(Duration::from_secs(60));
        open_day(&mut kit);
        sell(&mut kit, &[number]);
        close_day(&mut kit);
    }
    started(&mut kit, "0.0.9");
    let files = package(&kit, &[]);
    let tills = files.rows("cashregister.csv");
    let said: Vec<&str> = tills.iter().map(|row| row["KASSE_SW_VERSION"]).collect();
    assert_eq!(said, ["0.0.7", "0.0.8"]);
}

#[test]
fn what_was_given_up_is_exported_with_the_lines_it_had_and_comes_to_nothing() {
    let mut kit = open();
    configure(&mut kit, signed);
    open_day(&mut kit);
    sell(&mut kit, &[1]);
    kit.ok(1, scan(2));
    kit.ok(1, scan(3));
    kit.ok(1, scan(2));
    kit.ok(1, TillCommand::VoidLine { line: LineNo(2) });
    let basket = kit.view(1).basket.expect("a basket");
    let total = basket.total.amount;
    kit.ok(1, TillCommand::AbortBasket { reason: Some("Kunde ging".to_owned()) });
    wait_until_signed(&kit);
    close_day(&mut kit);
    wait_until_signed(&kit);
    let files = package(&kit, &[]);
    let all = files.rows("transactions.csv");
    let head = all.iter().find(|row| row["BON_TYP"] == "AVBelegabbruch").expect("given up");
    assert_eq!(head["UMS_BRUTTO"], "0,00");
    let of = |file: &str| -> Vec<BTreeMap<String, String>> {
        let own = files.rows(file).into_iter().filter(|row| row["BON_ID"] == head["BON_ID"]);
        own.map(|row| row.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
            .collect()
    };
    let lines = of("lines.csv");
    assert_eq!(lines.iter().map(|line| line["POS_ZEILE"].as_str()).collect::<Vec<_>>(), ["1", "3"]);
    let gross: i64 = of("lines_vat.csv")
        .iter()
        .map(|row| row["POS_BRUTTO"].replace(',', "").parse::<i64>().expect("digits"))
        .sum();
    assert_eq!(gross, total.minor() * 1_000);
    assert!(of("transactions_vat.csv").is_empty());
    assert_eq!(
        of("transactions_tse.csv")[0]["TSE_VORGANGSDATEN"],
        "AVBelegabbruch^0.00_0.00_0.00_0.00_0.00^"
    );
}

#[test]
fn private_money_and_wages_are_named_as_such() {
    let mut kit = open();
    configure(&mut kit, signed);
    open_day(&mut kit);
    let reason = || "Test".to_owned();
    let amount = euros(1_000);
    for purpose in [None, Some(CashPurpose::Private)] {
        kit.ok(1, TillCommand::PaidIn { amount, reason: reason(), purpose });
    }
    for purpose in [None, Some(CashPurpose::Private), Some(CashPurpose::Wages)] {
        kit.ok(1, TillCommand::PaidOut { amount, reason: reason(), purpose });
    }
    let wages = Some(CashPurpose::Wages);
    let taken = TillCommand::PaidIn { amount, reason: reason(), purpose: wages };
    kit.till(1, MANAGER, taken).expect_err("nobody pays wages in");
    wait_until_signed(&kit);
    close_day(&mut kit);
    wait_until_signed(&kit);
    let files = package(&kit, &[]);
    let lines = files.rows("lines.csv");
    let cases: Vec<&str> = lines.iter().map(|row| row["GV_TYP"]).collect();
    let moved = ["Einzahlung", "Privateinlage", "Auszahlung", "Privatentnahme", "Lohnzahlung"];
    assert_eq!(cases[1..6], moved, "{cases:?}");
    assert!(faults(&files).iter().all(String::is_empty));
}

#[test]
fn what_is_sold_for_somebody_else_names_them_on_paper_and_in_the_export() {
    let mut kit = open();
    configure(&mut kit, signed);
    configure(&mut kit, |settings| {
        settings.agencies = vec![Agency {
            id: 3,
            name: "Imkerei Summ".to_owned(),
            street: "Wiesenweg 1".to_owned(),
            postal_code: "12345".to_owned(),
            town: "Dorf".to_owned(),
            tax_number: Some("11/222/33333".to_owned()),
            vat_id: None,
        }];
        settings.groups.iter_mut().for_each(|group| group.agency = Some(3));
    });
    open_day(&mut kit);
    let sold = sell(&mut kit, &[1]);
    configure(&mut kit, |s| s.groups.iter_mut().for_each(|group| group.agency = None));
    sell(&mut kit, &[2]);
    wait_until_signed(&kit);
    close_day(&mut kit);
    wait_until_signed(&kit);
    let files = package(&kit, &[]);
    let agencies = files.rows("pa.csv");
    assert_eq!((agencies[0]["AGENTUR_ID"], agencies[0]["AGENTUR_NAME"]), ("3", "Imkerei Summ"));
    let lines = files.rows("lines.csv");
    let of: Vec<&str> =
        lines.iter().filter(|row| row["GV_TYP"] == "Umsatz").map(|row| row["AGENTUR_ID"]).collect();
    assert_eq!(of, ["3", ""]);
    let cases = files.rows("businesscases.csv");
    assert!(cases.iter().any(|row| row["GV_TYP"] == "Umsatz" && row["AGENTUR_ID"] == "3"));
    let reader = kit.reader();
    let issued = reader.receipt(sold.till, false, sold.number).expect("read").expect("there");
    let settings = kit.engine.snapshot_blocking().expect("running").settings.expect("set up");
    let beside = shop::print::Beside::default();
    let data = shop::print::receipt_data(&settings, "Ada", &issued, &beside, None);
    let paper = receipt::render_text(&receipt::receipt_document(&data), 42);
    assert!(paper.contains("Im Namen und auf Rechnung"), "{paper}");
}

/// All that separates something somewhere, quotation marks, a mark-up, and a character of four bytes.
const NAME: &str = "Eis; „Bio\" ^_^ <b>&amp;</b> 🍨 'x' , %s \\";

#[test]
fn a_name_of_separators_comes_whole_through_paper_code_export_books_and_invoice() {
    let mut kit = open();
    configure(&mut kit, signed);
    configure(&mut kit, |settings| {
        settings.tills[0].name = "Kasse; \"1\" ^ 🍨".to_owned();
        settings.contact = Some(domain::books::ShopContact {
            name: "Kasse & Büro".to_owned(),
            phone: "+49 30 1234567".to_owned(),
            mail: "kasse@example.org".to_owned(),
        });
        settings.datev = Some(domain::books::DatevSettings {
            adviser: 12_345,
            client: 42,
            year_begins: jiff::civil::date(2026, 1, 1),
            digits: 4,
            chart: domain::books::Chart::Skr03,
            accounts: Vec::new(),
            fixed: false,
        });
    });
    let named = |name: &str| {
        let mut draft = sim::build::item(901, &mut sim::random::Random::new(1));
        draft.name = name.to_owned();
        ShopCommand::PutItem { item: None, draft: Box::new(draft) }
    };
    // What would break a line, or turn the direction of what follows, is no name.
    for name in ["Eis\nBecher", "Eis\r\nBecher", "Eis\u{85}", "Eis\u{2028}", "\u{202e}siE", "a\0b"]
    {
        let refused = crate::engine_kit::refused(kit.shop(named(name)));
        assert_eq!(refused, "bad_text", "{name:?}");
    }
    kit.shop(named(NAME)).expect("put");
    open_day(&mut kit);
    kit.ok(1, scan(901));
    kit.ok(1, TillCommand::Note { line: None, text: NAME.to_owned() });
    kit.ok(1, PAY);
    let sold = last(&kit);
    let reason = NAME.to_owned();
    kit.ok(1, TillCommand::PaidOut { amount: euros(100), reason, purpose: None });
    wait_until_signed(&kit);
    close_day(&mut kit);
    wait_until_signed(&kit);

    // DSFinV-K: whoever reads it again finds nothing, and the name stands in quotation marks, its own doubled.
    let files = package(&kit, &[]);
    let quoted = format!("\"{}\"", NAME.replace('"', "\"\""));
    assert!(files.text("lines.csv").contains(&quoted));

    // Paper: the code verifies, and no byte of the name is a command.
    let reader = kit.reader();
    let issued = reader.receipt(sold.till, false, sold.number).expect("read").expect("there");
    let settings = kit.engine.snapshot_blocking().expect("running").settings.expect("set up");
    let beside = shop::print::beside(&reader, &issued).expect("read");
    let code = beside.signed.as_ref().and_then(shop::sign::code_of).expect("a code");
    let read = fiscal::de::tse::ReceiptCode::read(&code).expect("a code");
    read.verify().expect("verifies");
    let data = shop::print::receipt_data(&settings, "Ada", &issued, &beside, None);
    let text = receipt::render_text(&receipt::receipt_document(&data), 48);
    assert!(text.contains("Eis; „Bio\" ^_^ <b>&amp;</b>"), "{text}");

    // The books.
    let date = issued.receipt.date;
    let created = date.at(22, 0, 0, 0);
    let file = shop::books::datev(&reader, &settings, (date, date), created).expect("a file");
    let text: String = file.bytes.iter().map(|byte| char::from(*byte)).collect();
    for row in text.split_terminator("\r\n").skip(1) {
        let quoted = row.split('"').step_by(2).map(|outside| outside.matches(';').count());
        assert_eq!(quoted.sum::<usize>(), 124, "{row}");
    }
    let book = shop::books::cash_book(&reader, TillId(1), date).expect("a book");
    assert!(book.days[0].rows.iter().any(|row| row.reason == NAME));

    // The invoice.
    let details = domain::account::CustomerDetails {
        company: NAME.to_owned(),
        street: "Straße; 1".to_owned(),
        postal_code: "10178".to_owned(),
        town: "Berlin ^".to_owned(),
        country: "DE".to_owned(),
        ..Default::default()
    };
    let recipient = domain::books::InvoiceTo::Recipient { details: Box::new(details) };
    kit.shop(ShopCommand::IssueInvoice { receipt: sold, recipient }).expect("issued");
    let made = shop::invoice::made(&kit.reader(), &settings, (sold.till, sold.number));
    let made = made.expect("read").expect("an invoice");
    let xml = made.xml(fiscal::einvoice::Profile::En16931).expect("XML");
    let escaped = "Eis; „Bio&quot; ^_^ &lt;b&gt;&amp;amp;&lt;/b&gt; 🍨 'x' , %s \\<";
    let whole = format!("<ram:Name>{escaped}");
    assert_eq!(xml.matches(&whole).count(), 2, "the item and the buyer: {xml}");
    assert!(made.pdf().expect("a PDF").starts_with(b"%PDF-1.7"));
}
