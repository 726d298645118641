//! The books of a shop whose tills sold in every way: what goes to DATEV is what the Z reports say, to the cent, and the cash
//! book ends with what was counted.

use std::collections::BTreeMap;

use domain::basket::TenderKind;
use domain::books::{BookAccount, BookPurpose, Chart, DatevSettings};
use domain::{DayNo, ShopCommand, TaxKey, TillCommand, TillId};
use jiff::civil::date;
use money::{Money, Rate};
use shop::books::{Fault, RowKind, cash_book, datev, datev_cash_book, month_of};

use crate::engine_kit::{Kit, MANAGER, PAY, count, euros, refused, scan};
use crate::fiscal_export::{DAY, shop};

const PURPOSES: [BookPurpose; 13] = [
    BookPurpose::Cash,
    BookPurpose::Agency,
    BookPurpose::Vouchers,
    BookPurpose::Card,
    BookPurpose::Transfer,
    BookPurpose::Receivables,
    BookPurpose::ForeignCash,
    BookPurpose::Transit,
    BookPurpose::PaidIn,
    BookPurpose::PaidOut,
    BookPurpose::Difference,
    BookPurpose::Tips,
    BookPurpose::Rounding,
];

fn account(purpose: BookPurpose, number: u32) -> BookAccount {
    BookAccount { purpose, tax: None, rate: None, reason: None, number, key: None }
}

fn plain() -> DatevSettings {
    DatevSettings {
        adviser: 12_345,
        client: 42,
        year_begins: date(2026, 1, 1),
        digits: 4,
        chart: Chart::Skr03,
        accounts: Vec::new(),
        fixed: false,
    }
}

/// An account of its own for everything: 9000 and on, and 8001 for key 1, 8002 for key 2.
fn apart() -> DatevSettings {
    let mut accounts: Vec<BookAccount> =
        (9_000..).zip(PURPOSES).map(|(number, purpose)| account(purpose, number)).collect();
    for (key, rate) in [(1, 1_900), (2, 700)] {
        accounts.push(BookAccount {
            tax: Some(TaxKey(key)),
            rate: Some(Rate::new(rate)),
            ..account(BookPurpose::Sales, 8_000 + u32::from(key))
        });
    }
    DatevSettings { accounts, ..plain() }
}

fn set(kit: &mut Kit, datev: DatevSettings) -> Result<(), String> {
    let settings = kit.engine.snapshot_blocking().expect("running").settings.expect("set up");
    let mut settings = (*settings).clone();
    settings.datev = Some(datev);
    let answer = kit.shop(ShopCommand::Configure { settings: Box::new(settings) });
    if answer.is_ok() { Ok(()) } else { Err(format!("{:?}", answer.expect_err("refused"))) }
}

fn export(kit: &Kit) -> Result<fiscal::de::datev::File, Fault> {
    let settings = kit.engine.snapshot_blocking().expect("running").settings.expect("set up");
    datev(&kit.reader(), &settings, (DAY, DAY), DAY.at(22, 0, 0, 0))
}

/// What each posting does: the contra account's number, its effect on cash, and its text.
fn postings(bytes: &[u8]) -> Vec<(u32, i64, String)> {
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let rows = text.split_terminator("\r\n").skip(2);
    rows.map(|row| {
        let cells: Vec<&str> = row.split(';').collect();
        assert_eq!(cells.len(), 125, "{row}");
        let cents: i64 = cells[0].replace(',', "").parse().expect("an amount");
        let sign = if cells[1] == "\"S\"" { 1 } else { -1 };
        (cells[7].parse().expect("an account"), sign * cents, cells[13].to_owned())
    })
    .collect()
}

#[test]
fn postings_of_a_day_with_everything_are_what_its_z_reports_say() {
    let mut kit = shop();
    set(&mut kit, apart()).expect("set");
    let file = export(&kit).expect("a file");
    assert_eq!(file.name, "EXTF_Buchungsstapel_20261102_20261102_1.csv");
    assert!(file.bytes.starts_with(b"\"EXTF\";700;21;\"Buchungsstapel\";13;20261102220000"));
    let postings = postings(&file.bytes);
    let mut booked: BTreeMap<u32, i64> = BTreeMap::new();
    for (number, cents, _) in &postings {
        *booked.entry(*number).or_default() += cents;
    }
    let mut expected: BTreeMap<u32, i64> = BTreeMap::new();
    let mut counted = 0;
    for till in [1, 2] {
        let closed = kit.reader().closed_day(TillId(till), DayNo(1)).expect("read");
        let closed = closed.expect("closed");
        let totals = &closed.day.totals;
        let paid = |kind| totals.tenders.get(&kind).map_or(0, |tally| tally.amount.minor());
        let number = |purpose| {
            let at = PURPOSES.iter().position(|known| *known == purpose).expect("known");
            9_000 + u32::try_from(at).expect("few")
        };
        let mut add = |purpose, cents: i64| *expected.entry(number(purpose)).or_default() += cents;
        add(BookPurpose::Card, -paid(TenderKind::Card) - paid(TenderKind::CardExternal));
        let foreign: i64 = totals.foreign.values().map(|tally| tally.value.minor()).sum();
        assert!(foreign > 0);
        add(BookPurpose::ForeignCash, -foreign);
        add(
            BookPurpose::Receivables,
            totals.accounts_paid.amount.minor() - paid(TenderKind::Account),
        );
        // Of the two vouchers sold, that of 10.00 is taxed as it is sold.
        let multi = totals.vouchers_sold.amount.minor() - 1_000;
        assert_eq!((multi, paid(TenderKind::Voucher)), (5_000, 40));
        add(BookPurpose::Vouchers, multi - 40);
        add(BookPurpose::Tips, totals.tips.amount.minor());
        add(BookPurpose::PaidIn, totals.paid_in.amount.minor());
        add(BookPurpose::PaidOut, -totals.paid_out.amount.minor());
        add(BookPurpose::Transit, closed.day.float.minor() - totals.drops.amount.minor());
        add(BookPurpose::Difference, closed.difference.minor());
        for row in &totals.tax {
            assert!(matches!(row.key, 1 | 2), "{row:?}");
            *expected.entry(8_000 + u32::from(row.key)).or_default() += row.gross.minor();
        }
        counted += closed.day.drawer.minor() + closed.difference.minor();
    }
    assert_eq!(booked, expected);
    // The drawers began with nothing and hold what was counted.
    assert_eq!(booked.values().sum::<i64>(), counted);
    assert!(postings.iter().any(|(_, _, text)| text.starts_with("\"Auszahlung: Test")));
}

#[test]
fn what_the_settings_lack_is_said_by_name() {
    let mut kit = shop();
    assert!(matches!(export(&kit), Err(Fault::NotSet)));
    set(&mut kit, plain()).expect("set");
    export(&kit).expect("the chart's own accounts are enough");
    let none = datev(
        &kit.reader(),
        &kit.engine.snapshot_blocking().expect("running").settings.expect("set up"),
        (date(2020, 1, 1), date(2020, 1, 2)),
        DAY.at(22, 0, 0, 0),
    );
    assert!(matches!(none, Err(Fault::NoClosing { .. })));
    let reason =
        BookAccount { reason: Some("Test".to_owned()), ..account(BookPurpose::PaidOut, 4_930) };
    set(&mut kit, DatevSettings { accounts: vec![reason.clone()], ..plain() }).expect("set");
    let postings = postings(&export(&kit).expect("a file").bytes);
    let office: Vec<i64> = postings
        .iter()
        .filter(|(number, ..)| *number == 4_930)
        .map(|(_, cents, _)| *cents)
        .collect();
    assert_eq!(office, [-1_200, -1_200], "a reason has its own account");
    let refused = |datev: DatevSettings, problem: &str| {
        let mut kit = Kit::new();
        let said = set(&mut kit, datev).expect_err("refused");
        assert!(said.contains(problem), "{said}");
    };
    refused(DatevSettings { adviser: 1_000, ..plain() }, "datev_adviser");
    refused(DatevSettings { client: 0, ..plain() }, "datev_client");
    refused(DatevSettings { digits: 9, ..plain() }, "datev_digits");
    let wrong = |account| DatevSettings { accounts: vec![account], ..plain() };
    refused(wrong(account(BookPurpose::Tips, 10_000)), "datev_account");
    refused(wrong(account(BookPurpose::Sales, 8_400)), "datev_accounts");
    let twice = DatevSettings { accounts: vec![reason.clone(), reason], ..plain() };
    refused(twice, "datev_accounts");
}

#[test]
fn a_rate_that_the_chart_has_no_account_for_is_named() {
    let mut kit = Kit::new();
    let settings = kit.engine.snapshot_blocking().expect("running").settings.expect("set up");
    let mut settings = (*settings).clone();
    for rate in &mut settings.rates {
        if rate.rate == Rate::new(1_900) {
            rate.rate = Rate::new(1_600);
        }
    }
    settings.datev = Some(plain());
    kit.shop(ShopCommand::Configure { settings: Box::new(settings) }).expect("configured");
    kit.ok(1, TillCommand::SignIn { person: MANAGER });
    kit.ok(1, TillCommand::OpenDay { float: euros(0) });
    for item in 1..=12 {
        kit.ok(1, scan(item));
    }
    kit.ok(1, PAY);
    close(&mut kit);
    match export(&kit) {
        Err(Fault::NoAccount(BookPurpose::Sales, which)) => assert_eq!(which, " 1, 16,00 %"),
        other => panic!("{other:?}"),
    }
}

fn close(kit: &mut Kit) {
    let drawer = u32::try_from(kit.engine_drawer(1)).expect("cents");
    kit.ok(1, count(drawer));
    kit.ok(1, TillCommand::CloseDay { despite_doubt: None });
}

#[test]
fn the_cash_book_goes_on_where_the_day_before_was_counted() {
    let mut kit = shop();
    let counted = |kit: &Kit, day| {
        let closed = kit.reader().closed_day(TillId(1), DayNo(day)).expect("read").expect("closed");
        closed.day.drawer.saturating_plus(closed.difference)
    };
    // The next day begins with less than was counted: the rest went to the bank in between.
    kit.ok(1, TillCommand::OpenDay { float: euros(5_000) });
    kit.ok(1, scan(1));
    kit.ok(1, PAY);
    let why = || "Porto".to_owned();
    kit.ok(1, TillCommand::PaidOut { amount: euros(700), reason: why(), purpose: None });
    close(&mut kit);
    let book = cash_book(&kit.reader(), TillId(1), DAY).expect("a book");
    assert_eq!((book.opening, book.days.len()), (Money::ZERO, 2));
    assert_eq!(book.days[0].closing, counted(&kit, 1));
    assert_eq!((book.days[1].opening, book.closing), (counted(&kit, 1), counted(&kit, 2)));
    let kinds: Vec<RowKind> = book.days[0].rows.iter().map(|row| row.kind).collect();
    use RowKind as K;
    assert_eq!(
        kinds,
        [
            K::Float,
            K::Sales,
            K::Refunds,
            K::ForeignChange,
            K::PaidIn,
            K::PaidOut,
            K::Drop,
            K::Difference
        ]
    );
    let float = &book.days[1].rows[0];
    assert_eq!((float.kind, float.balance), (K::Float, Money::new(5_000)));
    let porto = book.days[1].rows.iter().find(|row| row.reason == "Porto").expect("paid out");
    assert_eq!((porto.paid_in(), porto.paid_out()), (None, Some(Money::new(700))));
    for day in &book.days {
        let moved = day.rows.iter().map(|row| row.cash);
        let sum = moved.fold(day.opening, Money::saturating_plus);
        assert_eq!(sum, day.closing);
    }
    assert!(!book.is_negative());
    assert_eq!(book.csv().len(), book.days.iter().map(|day| day.rows.len()).sum::<usize>());
    // The month after begins with what was left, and nothing is closed in it.
    let after = cash_book(&kit.reader(), TillId(1), date(2026, 12, 24)).expect("a book");
    assert_eq!((after.opening, after.closing, after.days.len()), (book.closing, book.closing, 0));
    // DATEV's own cash book moves by the same.
    set(&mut kit, plain()).expect("set");
    let settings = kit.engine.snapshot_blocking().expect("running").settings.expect("set up");
    let rows = datev_cash_book(&kit.reader(), &settings, TillId(1), DAY).expect("rows");
    let moved = rows.split_terminator("\r\n").skip(1).map(|row| {
        let cell = row.split(';').nth(1).expect("an amount").replace([',', '+'], "");
        cell.parse::<i64>().expect("cents")
    });
    assert_eq!(moved.sum::<i64>(), book.closing.minor());
}

#[test]
fn the_till_pays_out_no_more_than_there_is_and_a_book_below_zero_says_so() {
    let mut kit = Kit::new();
    kit.ok(1, TillCommand::SignIn { person: MANAGER });
    kit.ok(1, TillCommand::OpenDay { float: euros(0) });
    let reason = "Vorschuss".to_owned();
    let answer =
        kit.till(1, MANAGER, TillCommand::PaidOut { amount: euros(1_000), reason, purpose: None });
    assert_eq!(refused(answer), "drawer_too_low");
    // A journal that says otherwise all the same is not smoothed over.
    let row = |kind, cash, balance| shop::books::CashBookRow {
        kind,
        cash: Money::new(cash),
        balance: Money::new(balance),
        at: None,
        reason: String::new(),
    };
    let day = shop::books::CashBookDay {
        date: DAY,
        number: DayNo(1),
        opening: Money::ZERO,
        rows: vec![row(RowKind::PaidOut, -1_000, -1_000), row(RowKind::PaidIn, 2_500, 1_500)],
        closing: Money::new(1_500),
    };
    let book = shop::books::CashBook {
        till: TillId(1),
        currency: None,
        month: (DAY, DAY),
        opening: Money::ZERO,
        days: vec![day],
        closing: Money::new(1_500),
    };
    assert!(book.is_negative());
    assert_eq!(book.csv()[0][7], "true");
}

#[test]
fn the_owners_money_goes_to_the_owners_accounts() {
    let mut kit = Kit::new();
    kit.ok(1, TillCommand::SignIn { person: MANAGER });
    kit.ok(1, TillCommand::OpenDay { float: euros(20_000) });
    let purpose = Some(domain::cash::CashPurpose::Private);
    let reason = || "Test".to_owned();
    kit.ok(1, TillCommand::PaidIn { amount: euros(700), reason: reason(), purpose });
    kit.ok(1, TillCommand::PaidOut { amount: euros(300), reason: reason(), purpose });
    close(&mut kit);
    set(&mut kit, plain()).expect("set");
    let file = export(&kit).expect("a file");
    let all = postings(&file.bytes);
    let on = |account: u32| all.iter().find(|(known, ..)| *known == account).map(|row| row.1);
    assert_eq!((on(1_890), on(1_800)), (Some(700), Some(-300)), "{all:?}");
}

/// The receipt that the till shows.
fn issued(kit: &Kit) -> domain::receipt::Receipt {
    let of = kit.view(1).last_receipt.expect("a receipt").receipt;
    kit.reader().receipt(of.till, false, of.number).expect("read").expect("there").receipt
}

/// A day on which one receipt is sold, as the clock has it.
fn day_at(kit: &mut Kit, at: jiff::Timestamp) {
    kit.clock.set_wall(at);
    kit.ok(1, TillCommand::OpenDay { float: euros(5_000) });
    kit.ok(1, scan(1));
    kit.ok(1, PAY);
    close(kit);
}

#[test]
fn a_day_that_a_wrong_clock_dated_elsewhere_is_booked_where_it_belongs_and_once() {
    let mut kit = Kit::new();
    kit.ok(1, TillCommand::SignIn { person: MANAGER });
    set(&mut kit, plain()).expect("set");
    let begin: jiff::Timestamp = "2026-01-05T09:00:00Z".parse().expect("a time");
    let after = |days: i64| begin + jiff::SignedDuration::from_hours(24 * days);
    // January; its second closing says March, its third 2017; then February and March.
    for days in [0, 67, -3_000, 3, 40, 65, 70] {
        day_at(&mut kit, after(days));
    }
    let settings = kit.engine.snapshot_blocking().expect("running").settings.expect("set up");
    let closings = |month: i8| {
        let (from, to) = month_of(date(2026, month, 1));
        let file = datev(&kit.reader(), &settings, (from, to), to.at(22, 0, 0, 0)).expect("a file");
        let rows = postings(&file.bytes);
        let sales = rows.iter().filter(|row| row.2.contains("Umsatz")).count();
        let book = cash_book(&kit.reader(), TillId(1), from).expect("a book");
        let days = book.days.iter().map(|day| (day.number.0, day.date.to_string()));
        let days: Vec<(u32, String)> = days.collect();
        assert_eq!(sales, days.len(), "a posting of takings for each closing");
        days
    };
    let day = |number, date: &str| (number, date.to_owned());
    let january = [day(1, "2026-01-05"), day(2, "2026-01-05"), day(3, "2026-01-05")];
    assert_eq!(closings(1), [january.as_slice(), &[day(4, "2026-01-08")]].concat());
    assert_eq!(closings(2), [day(5, "2026-02-14")]);
    assert_eq!(closings(3), [day(6, "2026-03-11"), day(7, "2026-03-16")]);
    // A month in which nothing is closed begins with what the last closing before it left.
    let april = cash_book(&kit.reader(), TillId(1), date(2026, 4, 1)).expect("a book");
    let march = cash_book(&kit.reader(), TillId(1), date(2026, 3, 1)).expect("a book");
    assert_eq!(april.opening, march.closing);
}

#[test]
fn what_is_sold_for_others_is_no_takings_of_the_shops_and_on_no_invoice_of_its_own() {
    let mut kit = Kit::new();
    kit.ok(1, TillCommand::SignIn { person: MANAGER });
    set(&mut kit, plain()).expect("set");
    let settings = kit.engine.snapshot_blocking().expect("running").settings.expect("set up");
    let mut changed = (*settings).clone();
    changed.agencies = vec![domain::settings::Agency {
        id: 3,
        name: "Imkerei Summ".to_owned(),
        street: "Wiesenweg 1".to_owned(),
        postal_code: "12345".to_owned(),
        town: "Dorf".to_owned(),
        tax_number: None,
        vat_id: None,
    }];
    changed.groups.iter_mut().for_each(|group| group.agency = Some(3));
    let configure = |settings| ShopCommand::Configure { settings: Box::new(settings) };
    kit.shop(configure(changed.clone())).expect("configured");
    kit.ok(1, TillCommand::OpenDay { float: euros(5_000) });
    kit.ok(1, scan(1));
    kit.ok(1, PAY);
    let others = issued(&kit);
    changed.groups.iter_mut().for_each(|group| group.agency = None);
    kit.shop(configure(changed.clone())).expect("configured");
    kit.ok(1, scan(1));
    kit.ok(1, PAY);
    let own = issued(&kit);
    let details = domain::account::CustomerDetails {
        company: "Muster GmbH".to_owned(),
        street: "Hauptstraße 1".to_owned(),
        postal_code: "12345".to_owned(),
        town: "Dorf".to_owned(),
        ..Default::default()
    };
    let to = domain::books::InvoiceTo::Recipient { details: Box::new(details) };
    let issue = |number| {
        let receipt = domain::ReceiptRef { till: TillId(1), number };
        ShopCommand::IssueInvoice { receipt, recipient: to.clone() }
    };
    assert_eq!(refused(kit.shop(issue(others.number))), "sold_for_others");
    kit.shop(issue(own.number)).expect("its own goods");
    // Not on account either, which is an invoice as well.
    changed.groups.iter_mut().for_each(|group| group.agency = Some(3));
    kit.shop(configure(changed)).expect("configured");
    kit.ok(1, scan(1));
    let on_account = TillCommand::PayOnAccount { customer: domain::CustomerId(1), amount: None };
    assert_eq!(refused(kit.till(1, MANAGER, on_account)), "not_on_account");
    kit.ok(1, TillCommand::AbortBasket { reason: None });
    let today = own.date;
    close(&mut kit);

    let booked = |kit: &Kit| {
        let settings = kit.engine.snapshot_blocking().expect("running").settings.expect("set up");
        let file = datev(&kit.reader(), &settings, (today, today), today.at(22, 0, 0, 0));
        postings(&file.expect("a file").bytes)
    };
    let sums = |rows: &[(u32, i64, String)], account| {
        rows.iter().filter(|row| row.0 == account).map(|row| row.1).sum::<i64>()
    };
    let rows = booked(&kit);
    assert_eq!(sums(&rows, 1_590), others.total.minor(), "{rows:?}");
    assert!(rows.iter().any(|row| row.0 == 1_590 && row.2.contains("Agentur: Imkerei Summ")));
    let takings = rows.iter().filter(|row| row.2.contains("Umsatz")).map(|row| row.1).sum::<i64>();
    assert_eq!(takings, own.total.minor());
    // An account of its own for it.
    let reason = Some("Imkerei Summ".to_owned());
    let account = BookAccount { reason, ..account(BookPurpose::Agency, 1_701) };
    set(&mut kit, DatevSettings { accounts: vec![account], ..plain() }).expect("set");
    let rows = booked(&kit);
    assert_eq!((sums(&rows, 1_590), sums(&rows, 1_701)), (0, others.total.minor()));
}
