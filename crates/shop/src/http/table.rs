//! Every route of the API with the permission it needs.

use domain::Permission as P;

use super::imports::ApplyRequest;
use super::routes::Routes;
use super::{
    attempts, bank, books, catalogue, cloud, commands, customers, days, devices, digital, events,
    fiscal, goods, imports, invoices, outbox, payments, people, peripherals, proofs, receipts,
    record, rksv, session, setup, signing, stock, terminal_days, vouchers,
};
use crate::api::books::{BookAccountRow, CashBookView};
use crate::api::catalogue::{ItemDetail, ItemPage, ItemTile, Tiles, UnknownCode};
use crate::api::command::{ShopCommandRequest, TillCommandRequest};
use crate::api::customers::{
    CustomerAccount, CustomerChoice, CustomerDetail, CustomerPage, OpenAccounts,
};
use crate::api::days::{DayPage, XReport, ZReport};
use crate::api::devices::{DeviceEntry, DeviceRegister};
use crate::api::display::DisplayView;
use crate::api::goods::{CodeMeaning, RecallList, RecallRow};
use crate::api::outbox::{OutboxJob, SettleRequest};
use crate::api::payments::{
    AttemptDetail, AttemptPage, TerminalKey, TerminalPaired, TerminalPairing, TerminalPassword,
    TerminalRow, TerminalSecret, TerminalServed, TerminalServiceAsked,
};
use crate::api::people::{CredentialRequest, PersonRow};
use crate::api::receipts::{ReceiptDetail, ReceiptPage};
use crate::api::record::{BackupWritten, RecordView};
use crate::api::session::{
    Health, OfficeSignIn, PersonChoice, SessionView, TillChoice, TillSignIn,
};
use crate::api::setup::{SettingsView, SetupInfo, SetupRequest};
use crate::api::signing::{NextUnit, UnitRow, UnitSecret, UnitServiceAsked, UnitServiceView};
use crate::api::stock::{StockMovement, StockPage};
use crate::api::terminal_days::{TerminalDayDetail, TerminalDayPage};
use crate::api::today::Today;
use crate::api::transfers::{BankFileView, BankMessagePage, TransferPage};
use crate::api::vouchers::{VoucherCodeAsked, VoucherDetail, VoucherPage, VoucherView};
use crate::api::{CommandAnswer, TillView};
use crate::country::CountryView;
use crate::import::ImportStatus;
use crate::proof::DayProof;

/// The table.
pub(super) fn table() -> Routes {
    let mut routes = Routes::default();
    for own in [sign_in, till, super::weighing::routes, items, office, found] {
        own(&mut routes);
    }
    for own in [money_in_the_bank, accounts, register, proved, super::labels::routes] {
        own(&mut routes);
    }
    for more in [rksv::routes, peripherals::routes, digital::routes, of_the_books] {
        more(&mut routes);
    }
    super::audit_table::audits(&mut routes);
    routes
}

fn sign_in(r: &mut Routes) {
    r.get("/health", P::Public, session::health)
        .says(|o| o.about("session", "Whether the shop's process is well.").answers::<Health>());
    r.get("/setup", P::Public, setup::info).says(|o| {
        o.about("session", "Whether the shop still has to be set up.").answers::<SetupInfo>()
    });
    r.post("/setup", P::Public, setup::first_run).says(|o| {
        o.about("session", "First run; signs the manager in at the office.")
            .takes::<SetupRequest>()
            .answers::<SessionView>()
    });
    r.get("/session", P::Public, session::who)
        .says(|o| {
        o.about("session", "Who is signed in in this browser: at this till, or else at the office, or else at any till.")
            .number("till", "The till session of this till.")
            .answers::<SessionView>()
    });
    r.post("/office/sign-in", P::Public, session::office_sign_in).says(|o| {
        o.about("session", "Sign in at the office.")
            .takes::<OfficeSignIn>()
            .answers::<SessionView>()
    });
    r.post("/sign-out", P::SignedIn, session::sign_out).says(|o| {
        o.about(
            "session",
            "End this browser's session: the one of this till, or else of the office, or else any.",
        )
        .number("till", "The till session of this till.")
        .answers::<SessionView>()
    });
    r.get("/tills", P::Public, session::tills)
        .says(|o| o.about("session", "The tills of the shop.").answers_list::<TillChoice>());
    r.get("/tills/{till}/people", P::Public, session::till_people)
        .says(|o| o.about("session", "Who can sign in here.").answers_list::<PersonChoice>());
    r.post("/tills/{till}/sign-in", P::Public, session::till_sign_in).says(|o| {
        o.about("session", "Sign in at a till.").takes::<TillSignIn>().answers::<TillView>()
    });
}

fn till(r: &mut Routes) {
    r.get("/tills/{till}", P::Sell, commands::till_view)
        .says(|o| o.about("till", "The till's screen.").answers::<TillView>());
    r.post("/tills/{till}/commands", P::SignedIn, commands::till_command).says(|o| {
        o.about("till", "A command at the till; the right it needs is checked by its rule.")
            .takes::<TillCommandRequest>()
            .answers::<CommandAnswer>()
    });
    r.get("/tills/{till}/events", P::Sell, events::till).says(|o| {
        o.about("till", "Server-sent events `view`, the till's screen at each change, and `scan` (id, code, card_data), what its scanners read that are no keyboards.")
            .answers_events::<TillView>()
    });
    r.get("/tills/{till}/x-report", P::SeeTotals, days::x_report)
        .says(|o| o.about("till", "Totals of the open till day so far.").answers::<XReport>());
    r.get("/tills/{till}/x-report/html", P::SeeTotals, days::x_html).says(|o| {
        o.about("till", "Totals of the open till day so far as printed, as a page.")
            .answers_text("text/html")
    });
    r.get("/tills/{till}/display", P::Public, events::display_view)
        .says(|o| o.about("till", "What the customer sees.").answers::<DisplayView>());
    r.get("/tills/{till}/display/events", P::Public, events::display).says(|o| {
        o.about("till", "Server-sent events `view`: the customer's display at each change.")
            .answers_events::<DisplayView>()
    });
    r.post("/tills/{till}/voucher", P::Sell, vouchers::balance).says(|o| {
        o.about("till", "What is left on the voucher of a code; unknown codes are counted.")
            .takes::<VoucherCodeAsked>()
            .answers::<VoucherView>()
    });
    r.get("/tiles", P::Sell, catalogue::tiles)
        .says(|o| o.about("till", "Groups and favourite tiles.").answers::<Tiles>());
    r.get("/groups/{group}/items", P::Sell, catalogue::group_items).says(|o| {
        o.about("till", "Items of a group.")
            .number("limit", "At most 200; 60 unless given.")
            .answers_list::<ItemTile>()
    });
    r.get("/items/search", P::Sell, catalogue::search).says(|o| {
        o.about(
            "till",
            "Items by name parts in any order, code or item number; accents are ignored.",
        )
        .text("q", "What to look for.")
        .number("limit", "At most 200; 30 unless given.")
        .answers_list::<ItemTile>()
    });
}

fn items(r: &mut Routes) {
    r.get("/items", P::SeeItems, catalogue::page).says(|o| {
        o.about("items", "Items with price and stock.")
            .text("q", "What to look for.")
            .number("group", "Only this group.")
            .text("after", "Where the page before ended.")
            .number("limit", "At most 500; 100 unless given.")
            .answers::<ItemPage>()
    });
    r.get("/items/export.csv", P::ManageItems, catalogue::export)
        .says(|o| o.about("items", "The catalogue as CSV.").answers_text("text/csv"));
    r.get("/items/{item}", P::SeeItems, catalogue::item)
        .says(|o| o.about("items", "An item in full.").answers::<ItemDetail>());
    r.get("/unknown-codes", P::SeeItems, catalogue::unknown_codes)
        .says(|o| o.about("items", "Codes sold without an item.").answers_list::<UnknownCode>());
    r.get("/codes", P::SeeItems, goods::meaning).says(|o| {
        o.about("items", "What a scanned code leads to: an item, a receipt, a coupon.")
            .text("code", "As read, AIM identifier allowed.")
            .answers::<CodeMeaning>()
    });
    r.get("/recalls", P::SeeItems, goods::recalls).says(|o| {
        o.about("items", "Recalled batches, newest first.")
            .flag("lifted", "Also those that may be sold again.")
            .answers_list::<RecallRow>()
    });
    r.post("/recalls/read", P::ManageItems, goods::read_list).large_body().says(|o| {
        o.about("items", "Read a list of recalls (CSV); nothing of it is entered yet.")
            .takes_text("text/csv")
            .answers::<RecallList>()
    });
    r.post("/imports", P::ManageItems, imports::begin).large_body().says(|o| {
        o.about("items", "Begin an import: the body is the CSV file.")
            .text("name", "The file's name, for people.")
            .takes_text("text/csv")
            .answers::<ImportStatus>()
    });
    r.get("/imports/{id}", P::ManageItems, imports::status)
        .says(|o| o.about("items", "How far an import is.").answers::<ImportStatus>());
    r.post("/imports/{id}/apply", P::ManageItems, imports::apply).says(|o| {
        o.about("items", "Take the analysed items in.")
            .takes::<ApplyRequest>()
            .answers::<ImportStatus>()
    });
    r.delete("/imports/{id}", P::ManageItems, imports::cancel)
        .says(|o| o.about("items", "Give the import up.").answers::<ImportStatus>());
    r.get("/stock", P::SeeItems, stock::page).says(|o| {
        o.about("stock", "Stock per item.")
            .flag("low", "Only items below their minimum, or below nothing when they have none.")
            .text("q", "What to look for.")
            .text("after", "Where the page before ended.")
            .number("limit", "At most 500; 100 unless given.")
            .answers::<StockPage>()
    });
    r.get("/stock/{item}/movements", P::SeeItems, stock::movements).says(|o| {
        o.about("stock", "Movements that are no sales, newest first.")
            .number("limit", "At most 500; 100 unless given.")
            .answers_list::<StockMovement>()
    });
}

fn office(r: &mut Routes) {
    r.post("/shop/commands", P::SignedIn, commands::shop_command).says(|o| {
        o.about("office", "A command for the shop; the right it needs is checked by its rule.")
            .takes::<ShopCommandRequest>()
            .answers::<CommandAnswer>()
    });
    r.get("/settings", P::SeeItems, setup::settings)
        .says(|o| o.about("office", "The settings.").answers::<SettingsView>());
    r.get("/country", P::SeeItems, setup::country).says(|o| {
        o.about("office", "What pages have to know of the shop's country.").answers::<CountryView>()
    });
    r.get("/people", P::ManagePeople, people::list).says(|o| {
        o.about("office", "People and which secrets they have.").answers_list::<PersonRow>()
    });
    r.post("/people/{person}/credentials", P::SignedIn, people::set_credential).says(|o| {
        o.about("office", "Set a PIN or passphrase: one's own, or anybody's with manage_people.")
            .takes::<CredentialRequest>()
            .answers::<CommandAnswer>()
    });
    r.get("/today", P::SeeReports, days::today)
        .says(|o| o.about("office", "The shop's day at a glance.").answers::<Today>());
    r.post("/record/verify", P::ManageRecord, record::verify).says(|o| {
        o.about("office", "Verify the journal; progress by GET /record.").answers::<RecordView>()
    });
    r.get("/signing/units", P::SeeReports, signing::units).says(|o| {
        o.about("record", "The signing units, and how they are.").answers_list::<UnitRow>()
    });
    r.get("/signing/next-unit", P::ManageSettings, signing::next_unit).says(|o| {
        o.about("record", "The number of the next signing unit: numbers are never used again.")
            .answers::<NextUnit>()
    });
    r.post("/signing/units/{unit}/secret", P::ManageSettings, signing::set_secret).says(|o| {
        o.about("record", "Tell the shop a unit's secret; it is kept apart and told to nobody.")
            .takes::<UnitSecret>()
            .answers_list::<UnitRow>()
    });
    r.post("/signing/units/{unit}/service", P::ManageSettings, signing::serve).says(|o| {
        o.about("record", "Set a unit up, let it test itself, or let a till go; progress by GET.")
            .takes::<UnitServiceAsked>()
            .answers::<UnitServiceView>()
    });
    r.get("/signing/units/{unit}/service", P::ManageSettings, signing::served).says(|o| {
        o.about("record", "How far a unit is with what it was let do; null when that is nothing.")
            .answers::<UnitServiceView>()
    });
    r.get("/signing/units/{unit}/export.tar", P::ManageRecord, signing::export).says(|o| {
        o.about("record", "What a unit signed, as it exports it (TR-03151).")
            .text("from", "From this date on; from the first unless given.")
            .text("to", "Until this date; until now unless given.")
            .answers_text("application/x-tar")
    });
    r.get("/record/dsfinvk.zip", P::ManageRecord, fiscal::dsfinvk).says(|o| {
        o.about(
            "record",
            "Closed till days for a tax audit (DSFinV-K 2.4), read again before they are sent.",
        )
        .text("from", "From this date on.")
        .text("to", "Until this date.")
        .answers_text("application/zip")
    });
    r.post("/record/backup", P::ManageRecord, record::backup).says(|o| {
        o.about("office", "Write a backup beside the shop's file, verify it and note it.")
            .answers::<BackupWritten>()
    });
    r.get("/record", P::ManageRecord, record::view).says(|o| {
        o.about("office", "Head, last verification, last backup.").answers::<RecordView>()
    });
}

fn of_the_books(r: &mut Routes) {
    r.get("/record/datev.csv", P::ManageRecord, books::datev_csv).says(|o| {
        o.about("record", "Closed till days as postings for DATEV (EXTF Buchungsstapel).")
            .text("from", "From this date on.")
            .text("to", "Until this date.")
            .answers_text("text/csv")
    });
    r.get("/record/datev/accounts", P::ManageSettings, books::accounts).says(|o| {
        o.about("record", "The accounts of a chart for all that this shop books.")
            .text("chart", "`skr03` or `skr04`.")
            .number("digits", "Digits of an account's number, 4 to 8.")
            .answers_list::<BookAccountRow>()
    });
    r.get("/cash-book/{till}", P::SeeReports, books::view).says(|o| {
        o.about("record", "The cash book of a till and a month, of closed days.")
            .text("month", "Any day of the month.")
            .answers::<CashBookView>()
    });
    r.get("/cash-book/{till}/html", P::SeeReports, books::html).says(|o| {
        o.about("record", "The cash book as a page for A4.")
            .text("month", "Any day of the month.")
            .answers_text("text/html")
    });
    r.get("/cash-book/{till}/export.csv", P::SeeReports, books::csv).says(|o| {
        o.about("record", "The cash book as CSV; amounts in minor units.")
            .text("month", "Any day of the month.")
            .answers_text("text/csv")
    });
    r.get("/cash-book/{till}/datev.csv", P::SeeReports, books::datev_rows).says(|o| {
        o.about("record", "The cash book as rows for DATEV Kassenbuch online.")
            .text("month", "Any day of the month.")
            .answers_text("text/csv")
    });
}

fn found(r: &mut Routes) {
    r.get("/receipts", P::SeeReceipts, receipts::page).says(|o| {
        o.about("receipts", "Receipts, newest first.")
            .text(
                "q",
                "A receipt number, a total (12,99) or the code printed on a receipt (R1-4812).",
            )
            .text("from", "From this local date on.")
            .text("to", "Until this local date.")
            .number("till", "Only this till.")
            .flag("training", "Only training receipts, or only real ones.")
            .text("before", "Where the page before ended.")
            .number("limit", "At most 200; 50 unless given.")
            .answers::<ReceiptPage>()
    });
    r.get("/receipts/{till}/{number}", P::SeeReceipts, receipts::one).says(|o| {
        o.about("receipts", "The receipt and what is left to return of it.")
            .flag("training", "The training receipt of that number.")
            .number("incarnation", "Only the one of this incarnation, as its printed code says.")
            .answers::<ReceiptDetail>()
    });
    r.get("/receipts/{till}/{number}/html", P::SeeReceipts, receipts::html).says(|o| {
        o.about("receipts", "As printed, as a page; marked as a copy.")
            .flag("training", "The training receipt of that number.")
            .flag("hospitality", "With the fields of a Bewirtungsbeleg.")
            .number("incarnation", "Only the one of this incarnation, as its printed code says.")
            .answers_text("text/html")
    });
    r.get("/receipts/{till}/{number}/text", P::SeeReceipts, receipts::text).says(|o| {
        o.about("receipts", "As printed, as text; marked as a copy.")
            .flag("training", "The training receipt of that number.")
            .number("incarnation", "Only the one of this incarnation, as its printed code says.")
            .answers_text("text/plain")
    });
    r.get("/payments", P::SeeReports, attempts::page).says(|o| {
        o.about("payments", "Payments at terminals, newest first, and all that are in doubt.")
            .text("from", "Asked from this local date on.")
            .text("to", "Asked until this local date.")
            .number("before", "Where the page before ended.")
            .number("terminal", "Only those of this terminal.")
            .text("state", "Only those in this state.")
            .number("limit", "At most 200; 50 unless given.")
            .answers::<AttemptPage>()
    });
    r.get("/payments/export.csv", P::SeeReports, attempts::export).says(|o| {
        o.about("payments", "Payments at terminals as CSV; amounts in minor units.")
            .text("from", "Asked from this local date on.")
            .text("to", "Asked until this local date.")
            .number("terminal", "Only those of this terminal.")
            .text("state", "Only those in this state.")
            .answers_text("text/csv")
    });
    r.get("/payments/{attempt}", P::SeeReports, attempts::one).says(|o| {
        o.about("payments", "A payment at a terminal with all its steps.")
            .answers::<AttemptDetail>()
    });
    r.get("/payments/{attempt}/slip/html", P::SeeReports, attempts::slip).says(|o| {
        o.about("payments", "The shop's slip of a payment, as a page; marked as a copy.")
            .answers_text("text/html")
    });
    r.get("/terminal-days", P::SeeReports, terminal_days::page).says(|o| {
        o.about("payments", "Closings of terminals' days, newest first.")
            .number("before", "Where the page before ended.")
            .number("terminal", "Only those of this terminal.")
            .number("limit", "At most 200; 50 unless given.")
            .answers::<TerminalDayPage>()
    });
    r.get("/terminal-days/{closing}", P::SeeReports, terminal_days::one).says(|o| {
        o.about("payments", "A closing line by line: the terminal's totals beside the shop's.")
            .answers::<TerminalDayDetail>()
    });
    r.get("/terminal-days/{closing}/html", P::SeeReports, terminal_days::html).says(|o| {
        o.about("payments", "A closing as printed, as a page; marked as a copy.")
            .answers_text("text/html")
    });
    r.get("/terminals/{terminal}/day", P::SeeReports, terminal_days::open).says(|o| {
        o.about("payments", "What stands at a terminal since its day was closed last.")
            .answers::<TerminalDayDetail>()
    });
    r.get("/terminals", P::SeeReports, payments::terminals).says(|o| {
        o.about("payments", "The card terminals and how they are.").answers_list::<TerminalRow>()
    });
    r.post("/terminals/{terminal}/password", P::ManageSettings, payments::set_password).says(|o| {
        o.about(
            "payments",
            "Tell the shop a terminal's password; it is kept apart and told to nobody.",
        )
        .takes::<TerminalPassword>()
        .answers_list::<TerminalRow>()
    });
    r.post("/terminals/{terminal}/secret", P::ManageSettings, payments::set_secret).says(|o| {
        o.about(
            "payments",
            "Tell the shop what it shares with a terminal of Adyen's; it is kept apart and told to nobody.",
        )
        .takes::<TerminalSecret>()
        .answers_list::<TerminalRow>()
    });
    r.post("/terminals/{terminal}/service", P::ManageSettings, payments::serve).says(|o| {
        o.about(
            "payments",
            "Let a terminal test itself, initialise itself, or show its certificate; no money moves.",
        )
        .takes::<TerminalServiceAsked>()
        .answers::<TerminalServed>()
    });
    r.post("/terminals/{terminal}/key", P::ManageSettings, cloud::set_key).says(|o| {
        o.about(
            "payments",
            "Tell the shop the key to a terminal's provider in the cloud; it is kept apart and told to nobody.",
        )
        .takes::<TerminalKey>()
        .answers_list::<TerminalRow>()
    });
    r.post("/terminals/{terminal}/pair", P::ManageSettings, cloud::pair).says(|o| {
        o.about(
            "payments",
            "Pair the reader of SumUp's that shows this code; its number then belongs into the settings.",
        )
        .takes::<TerminalPairing>()
        .answers::<TerminalPaired>()
    });
    r.get("/vouchers", P::SeeReports, vouchers::page).says(|o| {
        o.about("vouchers", "Vouchers, newest first, and what the shop owes on all of them.")
            .text("q", "A voucher's number, or the last four characters of its code.")
            .flag("open", "Only those with something left.")
            .number("before", "Where the page before ended.")
            .number("limit", "At most 200; 50 unless given.")
            .answers::<VoucherPage>()
    });
    r.get("/vouchers/export.csv", P::SeeReports, vouchers::export).says(|o| {
        o.about("vouchers", "All vouchers as CSV; amounts in minor units.").answers_text("text/csv")
    });
    r.get("/vouchers/{voucher}", P::SeeReports, vouchers::one).says(|o| {
        o.about("vouchers", "A voucher with all that was posted to it.").answers::<VoucherDetail>()
    });
    r.get("/outbox", P::SeeReceipts, outbox::list).says(|o| {
        o.about("receipts", "Prints that are not done, newest first.")
            .number("limit", "At most 500; 100 unless given.")
            .answers_list::<OutboxJob>()
    });
    r.post("/outbox/{id}", P::SeeReceipts, outbox::settle).says(|o| {
        o.about(
            "receipts",
            "Settle a print that is `unknown` or `failed`: it came out, or it is printed again as a copy.",
        )
        .takes::<SettleRequest>()
        .answers_list::<OutboxJob>()
    });
    r.get("/days", P::SeeReports, days::page).says(|o| {
        o.about("receipts", "Z reports, newest first.")
            .number("till", "Only this till.")
            .text("before", "Where the page before ended.")
            .number("limit", "At most 200; 50 unless given.")
            .answers::<DayPage>()
    });
    r.get("/days/{till}/{number}", P::SeeReports, days::one)
        .says(|o| o.about("receipts", "A Z report.").answers::<ZReport>());
    r.get("/days/{till}/{number}/html", P::SeeReports, days::html).says(|o| {
        o.about("receipts", "A Z report as printed, as a page.").answers_text("text/html")
    });
}

fn money_in_the_bank(r: &mut Routes) {
    r.get("/transfers", P::SeeReports, bank::transfers).says(|o| {
        o.about("payments", "Transfers that were asked for, newest first.")
            .number("before", "Where the page before ended.")
            .text("state", "Only those in this state.")
            .number("limit", "At most 200; 50 unless given.")
            .answers::<TransferPage>()
    });
    r.get("/bank/messages", P::SeeReports, bank::messages).says(|o| {
        o.about("payments", "Messages of the bank that name a transfer, newest first.")
            .number("before", "Where the page before ended.")
            .flag("waiting", "Only those that wait for a person.")
            .number("limit", "At most 200; 50 unless given.")
            .answers::<BankMessagePage>()
    });
    r.post("/bank/files", P::ResolvePayments, bank::file)
        .body_of(crate::bank::MAX_BYTES)
        .says(|o| {
            o.about(
                "payments",
                "A file of the bank (camt.052/053/054 or CSV): what it would do; with `take` it is taken in.",
            )
            .text("take", "The digest that the preview of the same file told.")
            .takes_text("application/octet-stream")
            .answers::<BankFileView>()
        });
}

fn accounts(r: &mut Routes) {
    r.get("/tills/{till}/customers", P::SellOnAccount, customers::choices).says(|o| {
        o.about("till", "Customers by number, or by parts of name, company and town.")
            .text("q", "What to look for; accents and case are ignored.")
            .number("limit", "At most 100; 20 unless given.")
            .answers_list::<CustomerChoice>()
    });
    r.get("/tills/{till}/customers/{customer}", P::SellOnAccount, customers::at_till).says(|o| {
        o.about("till", "A customer and what they owe, due first.").answers::<CustomerAccount>()
    });
    r.get("/customers", P::ManageCustomers, customers::page).says(|o| {
        o.about("accounts", "Customers by number, and what all of them owe.")
            .text("q", "A number, or parts of name, company and town.")
            .flag("open", "Only those who owe something or have credit.")
            .number("after", "Where the page before ended.")
            .number("limit", "At most 200; 50 unless given.")
            .answers::<CustomerPage>()
    });
    r.get("/customers/export.csv", P::ManageCustomers, customers::export).says(|o| {
        o.about("accounts", "All customers as CSV; amounts in minor units.")
            .answers_text("text/csv")
    });
    r.get("/customers/open", P::ManageCustomers, customers::open).says(|o| {
        o.about("accounts", "Receipts on account that are not settled, overdue first.")
            .number("limit", "At most 500; 100 unless given.")
            .answers::<OpenAccounts>()
    });
    r.get("/customers/{customer}", P::ManageCustomers, customers::one).says(|o| {
        o.about("accounts", "A customer with their statement of account.")
            .answers::<CustomerDetail>()
    });
    r.get("/receipts/{till}/{number}/invoice", P::SeeReceipts, invoices::html).says(|o| {
        o.about(
            "receipts",
            "The invoice of a receipt that is on account or was made for somebody, as a page for A4; in Switzerland with \
             QR-bill.",
        )
        .answers_text("text/html")
    });
    r.get("/receipts/{till}/{number}/invoice.xml", P::SeeReceipts, invoices::xml).says(|o| {
        o.about("receipts", "The invoice for machines (EN 16931, CII).")
            .text("profile", "`xrechnung`, or `en16931` alone; xrechnung unless given.")
            .answers_text("application/xml")
    });
    r.get("/receipts/{till}/{number}/invoice.pdf", P::SeeReceipts, invoices::pdf).says(|o| {
        o.about("receipts", "The invoice as a PDF for the archive with its XML in it (ZUGFeRD).")
            .answers_text("application/pdf")
    });
}

fn register(r: &mut Routes) {
    r.get("/terminals/register", P::SeeReports, devices::register).says(|o| {
        o.about("payments", "The register of card terminals, and what is the matter with each.")
            .answers::<DeviceRegister>()
    });
    r.get("/terminals/{terminal}/entries", P::SeeReports, devices::entries).says(|o| {
        o.about("payments", "What happened to a terminal as a device, newest first.")
            .number("before", "Only entries before this one.")
            .number("limit", "At most 200; 50 unless given.")
            .answers_list::<DeviceEntry>()
    });
    r.post("/terminals/{terminal}/photo", P::ManageTerminals, devices::set_photo)
        .body_of(crate::photo::PHOTO_LIMIT)
        .says(|o| {
            o.about(
                "payments",
                "A photo of the terminal: the body is a JPEG or PNG of 4 MB at most.",
            )
            .takes_text("image/jpeg")
            .answers::<DeviceRegister>()
        });
    r.get("/terminals/{terminal}/photo/{digest}", P::SeeReports, devices::photo).says(|o| {
        o.about("payments", "A photo by the SHA-256 of its bytes.").answers_text("image/jpeg")
    });
}

fn proved(r: &mut Routes) {
    r.get("/days/{till}/{number}/proof", P::SeeReports, proofs::of_day).says(|o| {
        o.about("record", "The proof of completeness of a closed till day.").answers::<DayProof>()
    });
    r.post("/days/{till}/{number}/proof", P::SeeReports, proofs::again).says(|o| {
        o.about("record", "Check and prove a closed till day anew.").answers::<DayProof>()
    });
    r.get("/days/{till}/{number}/proof.json", P::SeeReports, proofs::day_file).says(|o| {
        o.about("record", "The proof of a till day as a file that the shop's key signs.")
            .answers_text("application/json")
    });
    r.get("/proofs/{date}", P::SeeReports, proofs::all).says(|o| {
        o.about("record", "The proofs of all till days of a date that are closed.")
            .answers_list::<DayProof>()
    });
    r.get("/proofs/{date}/proof.json", P::SeeReports, proofs::date_file).says(|o| {
        o.about("record", "The proofs of a date as a file that the shop's key signs.")
            .answers_text("application/json")
    });
}
