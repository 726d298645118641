//! Transfers through the engine: the code decodes, the bank's file pays, and nothing pays twice.

use domain::basket::TenderKind;
use domain::settings::Settings;
use domain::transfer::TransferState;
use domain::{Amount, ShopCommand, TillCommand};
use jiff::Timestamp;
use money::{ExchangeRate, Money};
use shop::api::transfers::{BankFileView, QrView};
use shop::bank;

use crate::engine_kit::{CASHIER, Kit, MANAGER, PAY, count, euros, refused, scan};

const ASK: TillCommand = TillCommand::PayTransfer { amount: None };

fn with_bank() -> Kit {
    let mut kit = Kit::open();
    configure(&mut kit, |settings| {
        settings.bank = Some(domain::bank::BankAccount {
            iban: "DE89370400440532013000".to_owned(),
            bic: None,
            holder: "Hofladen Öz".to_owned(),
        });
    });
    kit
}

fn configure(kit: &mut Kit, change: impl FnOnce(&mut Settings)) {
    let settings = kit.engine.snapshot_blocking().expect("running").settings.expect("set up");
    let mut settings = (*settings).clone();
    change(&mut settings);
    kit.shop(ShopCommand::Configure { settings: Box::new(settings) }).expect("configured");
}

/// A basket at till 1 that waits for its transfer: the reference and what is due.
fn waiting(kit: &mut Kit) -> (String, i64) {
    kit.ok(1, scan(1));
    kit.ok(1, ASK);
    let transfer = kit.view(1).transfer.expect("waited for");
    (transfer.reference, transfer.amount.amount.minor())
}

fn camt(reference: &str, minor: i64, own: &str) -> String {
    format!(
        "<Document><BkToCstmrDbtCdtNtfctn><Ntfctn><Ntry><Amt Ccy=\"EUR\">{}.{:02}</Amt>\
         <CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt>\
         <NtryDtls><TxDtls><Refs><AcctSvcrRef>{own}</AcctSvcrRef></Refs><RltdPties><Dbtr><Nm>Erika Mustermann</Nm></Dbtr>\
         </RltdPties><RmtInf><Ustrd>Danke {reference}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry></Ntfctn>\
         </BkToCstmrDbtCdtNtfctn></Document>",
        minor / 100,
        minor % 100
    )
}

fn take(kit: &Kit, text: &str) -> BankFileView {
    let file = bank::read(text.as_bytes()).expect("a file");
    let now: Timestamp = "2026-11-23T12:00:00Z".parse().expect("a time");
    bank::take(&kit.engine, now, MANAGER, &file, text.as_bytes()).expect("taken")
}

fn preview(kit: &Kit, text: &str) -> BankFileView {
    let file = bank::read(text.as_bytes()).expect("a file");
    bank::preview(&kit.reader(), money::Currency::EUR, &file, text.as_bytes()).expect("read")
}

/// The code as a camera would see it: the path's runs of dark modules on white, four pixels each.
fn decoded(code: &QrView) -> String {
    const SCALE: usize = 4;
    let size = usize::try_from(code.size).expect("fits");
    let mut dark = vec![false; size * size];
    for run in code.path.split('M').skip(1) {
        let (x, rest) = run.split_once(' ').expect("x");
        let (y, rest) = rest.split_once('h').expect("y");
        let (width, _) = rest.split_once('v').expect("width");
        let at = |text: &str| text.parse::<usize>().expect("a number");
        for column in at(x)..at(x) + at(width) {
            dark[at(y) * size + column] = true;
        }
    }
    let pixel = |x: usize, y: usize| if dark[(y / SCALE) * size + x / SCALE] { 0 } else { 255 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(size * SCALE, size * SCALE, pixel);
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1, "one code is seen");
    let (meta, content) = grids[0].decode().expect("it decodes");
    assert!(meta.version.0 <= 13, "{meta:?}");
    content
}

#[test]
fn the_code_on_the_screen_decodes_to_what_banking_apps_read() {
    let mut kit = with_bank();
    let (reference, due) = waiting(&mut kit);
    let transfer = kit.view(1).transfer.expect("waited for");
    let code = transfer.qr.expect("a code");
    let expected = format!(
        "BCD\n002\n1\nSCT\n\nHofladen Öz\nDE89370400440532013000\nEUR{}.{:02}\n\n\n{reference}",
        due / 100,
        due % 100
    );
    assert_eq!(decoded(&code), expected);
    assert_eq!(code.payload, expected);
    assert_eq!(transfer.iban, "DE89 3704 0044 0532 0130 00");
    kit.end();
}

#[test]
fn the_longest_code_that_settings_allow_is_still_one() {
    let mut kit = Kit::open();
    configure(&mut kit, |settings| {
        settings.bank = Some(domain::bank::BankAccount {
            iban: "MT84MALT011000012345MTLCAST001S".to_owned(),
            bic: Some("COBADEFFXXX".to_owned()),
            holder: "ä".repeat(70),
        });
    });
    waiting(&mut kit);
    let code = kit.view(1).transfer.and_then(|transfer| transfer.qr).expect("a code");
    assert_eq!(decoded(&code), code.payload);
}

#[test]
fn a_file_of_the_bank_finishes_the_receipt_of_whoever_asked_and_the_same_file_again_does_nothing() {
    let mut kit = with_bank();
    kit.till(1, CASHIER, TillCommand::SignIn { person: CASHIER }).expect("signed in");
    kit.till(1, CASHIER, scan(1)).expect("scanned");
    kit.till(1, CASHIER, ASK).expect("asked");
    let transfer = kit.view(1).transfer.expect("waited for");
    let (reference, due) = (transfer.reference, transfer.amount.amount.minor());
    kit.till(1, CASHIER, TillCommand::NewBasket).expect("next");
    kit.till(1, CASHIER, scan(2)).expect("the next customer");
    let text = camt(&reference, due, "2026112300017");
    let shown = preview(&kit, &text);
    assert_eq!((shown.ours, shown.paid, shown.waits, shown.taken), (1, 1, 0, false));
    assert_eq!(kit.view(1).transfers.len(), 1, "shown, not done");

    let done = take(&kit, &text);
    assert_eq!((done.paid, done.waits, done.taken), (1, 0, true));
    assert!(kit.view(1).transfers.is_empty());
    let row = &kit.reader().transfers(None, None, 9).expect("read")[0];
    let number = row.receipt.expect("a receipt").number;
    assert_eq!((row.state, row.confirmed), (TransferState::Paid, None));
    let receipt =
        kit.reader().receipt(domain::TillId(1), false, number).expect("read").expect("issued");
    assert_eq!(receipt.person, CASHIER, "whoever asked");
    assert_eq!(receipt.receipt.tenders[0].kind, TenderKind::Transfer);
    assert_eq!(kit.reader().bank_messages(None, false, 9).expect("read")[0].person, MANAGER);

    let before = kit.seq();
    let again = take(&kit, &text);
    assert_eq!((again.known, again.paid), (1, 0));
    assert_eq!(kit.seq(), before);
    assert_eq!(preview(&kit, &text).known, 1);
    // The same payment from another kind of file is seen, and pays nothing.
    let cents = format!("{},{:02}", due / 100, due % 100);
    let list = format!(
        "Buchungstag;Verwendungszweck;Betrag;Waehrung\n23.11.2026;{reference};{cents};EUR\n"
    );
    let twice = take(&kit, &list);
    assert_eq!((twice.paid, twice.waits), (0, 1));
    for row in kit.reader().journal(1, 10_000).expect("read") {
        assert!(!row.bytes.contains("Mustermann"), "of whoever paid nothing is kept");
    }
    kit.end();
}

#[test]
fn a_file_with_everything_in_it_is_counted_and_only_what_fits_pays() {
    let mut kit = with_bank();
    let (first, due) = waiting(&mut kit);
    kit.ok(1, TillCommand::NewBasket);
    let (second, _) = waiting(&mut kit);
    let money = |minor: i64| format!("{},{:02}", minor / 100, minor % 100);
    let typo = format!("{}{}", &first[..13], if first.ends_with('9') { '8' } else { '9' });
    let text = format!(
        "Buchungstag;Verwendungszweck;Betrag;Waehrung\n\
         23.11.2026;Miete;-900,00;EUR\n\
         23.11.2026;{second};{};EUR\n\
         23.11.2026;{first};{};EUR\n\
         23.11.2026;{first};{};EUR\n\
         23.11.2026;{typo};{};EUR\n\
         23.11.2026;{first};{};USD\n\
         31.02.2026;{first};{};EUR\n",
        money(due - 1),
        money(due),
        money(due),
        money(due),
        money(due),
        money(due)
    );
    let shown = preview(&kit, &text);
    let done = take(&kit, &text);
    for view in [&shown, &done] {
        assert_eq!((view.count, view.ours, view.other, view.bad), (7, 5, 1, 1));
        assert_eq!((view.paid, view.waits), (1, 4), "{:?}", view.lines);
    }
    let open = kit.view(1).transfer.expect("the second still waits");
    assert_eq!(open.reference, second);
    assert_eq!(open.arrived, [euros(due - 1)]);
    kit.end();
}

/// Some banks number the bookings of a day, or give a reference again: what the line says decides.
#[test]
fn a_reference_that_the_bank_gives_again_does_not_hide_the_second_payment() {
    let mut kit = with_bank();
    let (first, due) = waiting(&mut kit);
    kit.ok(1, TillCommand::NewBasket);
    let (second, _) = waiting(&mut kit);
    let text = camt(&first, due, "17");
    assert_eq!((take(&kit, &text).paid, take(&kit, &text).known), (1, 1));
    let other = camt(&second, due, "17");
    assert_eq!(preview(&kit, &other).paid, 1);
    assert_eq!((take(&kit, &other).paid, take(&kit, &other).known), (1, 1));
    assert_eq!(take(&kit, &text).known, 1, "in whatever order they come");
    kit.end();
}

#[test]
fn what_waits_is_there_after_a_restart_and_a_rebuild_and_is_then_paid() {
    let mut kit = with_bank();
    let (reference, due) = waiting(&mut kit);
    let before = kit.screens();
    kit.restart();
    assert_eq!(kit.screens(), before);
    kit.stop();
    shop::engine::rebuild(&mut store::Store::open(&kit.file()).expect("open")).expect("rebuilt");
    kit.start();
    assert_eq!(kit.screens(), before);
    assert_eq!(take(&kit, &camt(&reference, due, "1")).paid, 1);
    assert_eq!(kit.view(1).last_receipt.expect("issued").tenders[0].kind, TenderKind::Transfer);
    kit.end();
}

#[test]
fn references_are_never_the_same() {
    let mut kit = with_bank();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let (reference, _) = waiting(&mut kit);
        assert!(seen.insert(reference));
        kit.ok(1, TillCommand::NewBasket);
    }
    kit.end();
}

#[test]
fn foreign_notes_are_offered_taken_counted_and_reported_apart() {
    let mut kit = Kit::open();
    configure(&mut kit, |settings| {
        settings.foreign_cash = vec![domain::foreign::ForeignCurrency {
            currency: "USD".parse().expect("a currency"),
            smallest: 500,
            rates: vec![domain::foreign::DatedExchangeRate {
                rate: ExchangeRate::new(920_000).expect("a rate"),
                from: "2020-01-01T00:00:00".parse().expect("a time"),
            }],
        }];
    });
    kit.ok(1, scan(1));
    let basket = kit.view(1).basket.expect("a basket");
    let offer = &basket.foreign[0];
    assert_eq!(offer.rate, "0.92");
    assert_eq!(offer.least.amount.minor() % 500, 0);
    let change = offer.value.amount.minor() - basket.cash_due.amount.minor();
    assert_eq!(offer.change.amount.minor(), change);
    kit.ok(1, TillCommand::PayForeignCash { tendered: offer.least });
    let last = kit.view(1).last_receipt.expect("issued");
    assert_eq!(last.change.amount.minor(), change);
    let given = last.tenders[0].foreign.clone().expect("foreign");
    assert_eq!((given.given, given.rate.as_str()), (offer.least, "0.92"));
    assert_eq!(kit.view(1).day.expect("open").foreign, ["USD".parse().expect("a currency")]);
    assert_eq!(refused(kit.till(1, MANAGER, count(20_000))), "foreign_not_counted");
    let drawer = u32::try_from(20_000 - change).expect("fits");
    let TillCommand::CountDrawer { pieces, .. } = count(drawer) else { unreachable!() };
    let short = Amount { amount: Money::new(offer.least.amount.minor() - 500), ..offer.least };
    kit.ok(1, TillCommand::CountDrawer { pieces, foreign: vec![short] });
    let counted = kit.view(1).day.and_then(|day| day.count).expect("counted");
    assert_eq!(counted.foreign[0].difference.map(|d| d.amount.minor()), Some(-500));
    kit.ok(1, TillCommand::CloseDay { despite_doubt: None });
    let settings = kit.engine.snapshot_blocking().expect("running").settings.expect("set up");
    let closed = kit
        .reader()
        .closed_day(domain::TillId(1), domain::DayNo(1))
        .expect("read")
        .expect("closed");
    let names = std::collections::BTreeMap::new();
    let report = shop::print::day_report(&settings, &names, shop::print::Reported::Closed(&closed));
    let printed = receipt::render_text(&receipt::report_document(&report), 42);
    for told in
        ["Bar in Fremdwährung", "USD gezählt", "USD Differenz: -5,00", "Rückgeld auf Fremdwährung"]
    {
        assert!(printed.contains(told), "{told}: {printed}");
    }
    kit.ok(2, scan(1));
    kit.ok(2, PAY);
    kit.end();
}
