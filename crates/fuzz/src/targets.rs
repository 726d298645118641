//! What the inputs go to. Each panics when its claim does not hold.

use std::sync::OnceLock;

use escpos::pole::{Dialect, Glass, Pole};
use fiscal::de::dsfinvk::fuzz::Sample;
use fiscal::de::tse::fuzz as tse;
use nexo::envelope::Keys;
use payment::Driver;
use payment::driver::{Ask, Before, Purpose, Reference, Reserved, Reserving, Talk};
use payment::zvt::Zvt;
use zvt::command::{Command, Payment};
use zvt::recovery::Moment;
use zvt::terminal::Settings;
use zvt::value::{Amount, Currency, MonthDay, Password, TerminalId, TimeOfDay};

/// A decoder, or several that read the same bytes.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// Reads the bytes; panics when what it claims does not hold.
    pub read: fn(&[u8]),
}

/// All of them.
pub const TARGETS: [Target; 34] = [
    Target { name: "gs1-scan", read: gs1::fuzz_entry },
    Target { name: "scale-answers", read: scale::fuzz::answers },
    Target { name: "scale-conversation", read: scale_conversation },
    Target { name: "pole-glass", read: pole },
    Target { name: "glory-bytes", read: glory::fuzz::bytes },
    Target { name: "glory-payment", read: glory_payment },
    Target { name: "zvt-stream", read: zvt::fuzz::stream },
    Target { name: "zvt-serial-frames", read: zvt::fuzz::serial_line },
    Target { name: "zvt-serial-link", read: serial_link },
    Target { name: "zvt-data", read: zvt::fuzz::data },
    Target { name: "zvt-session", read: session },
    Target { name: "zvt-terminal", read: terminal },
    Target { name: "nexo-message", read: message },
    Target { name: "nexo-masked", read: masked },
    Target { name: "tse-process-data", read: process_data },
    Target { name: "tse-code", read: code },
    Target { name: "tse-log", read: log },
    Target { name: "tse-key", read: key },
    Target { name: "tse-certificate", read: certificate },
    Target { name: "tse-archive", read: archive },
    Target { name: "payment-asking", read: asking },
    Target { name: "payment-finding-out", read: finding_out },
    Target { name: "payment-texts", read: texts },
    Target { name: "payment-certificate", read: payment::fuzz::certificate },
    Target { name: "sumup-message", read: sumup },
    Target { name: "bank-file", read: shop::bank::fuzz_one },
    Target { name: "dsfinvk-file", read: dsfinvk_file },
    Target { name: "dsfinvk-package", read: dsfinvk_package },
    Target { name: "rksv-code", read: rksv },
    Target { name: "receipts-host", read: receipts_host },
    Target { name: "label-printer", read: label::fuzz::answers },
    Target { name: "label-texts", read: label::fuzz::texts },
    Target { name: "printer-paper", read: devices::fuzz::paper },
    Target { name: "printer-answers", read: devices::fuzz::answers },
];

/// What the host of sealed receipts reads of strangers: ids, days, uploads; and what lies on its disk.
fn receipts_host(bytes: &[u8]) {
    use messages::host::{Kept, read_days, read_id};
    use messages::sealed::{has_form, open};
    let text = String::from_utf8_lossy(bytes);
    if read_id(&text).is_some() {
        assert_eq!(text.len(), 22, "an id is written in one way only");
    }
    assert!(read_days(&text).is_none_or(|days| (90..=3_660).contains(&days)));
    if let Some(kept) = Kept::read(bytes) {
        assert_eq!(kept.written(), bytes, "nothing is lost on the disk");
    }
    if has_form(bytes) {
        assert_eq!(open(bytes, &[7; 32], &[9; 16]), None, "nobody opens it without its key");
    }
}

fn scale_conversation(bytes: &[u8]) {
    assert!(scale::fuzz::session(bytes) <= 1, "a load is weighed once");
}

fn glory_payment(bytes: &[u8]) {
    assert!(glory::fuzz::session(bytes) <= 1, "a payment ends once, and with its amount");
}

fn pole(bytes: &[u8]) {
    for dialect in [Dialect::Epson, Dialect::Cd5220] {
        let mut glass = Glass::new(dialect);
        glass.push(bytes);
        assert!(glass.lines().iter().all(|line| line.chars().count() == 20), "twenty characters");
        let name = String::from_utf8_lossy(bytes);
        let pole = Pole { dialect, umlauts: bytes.len().is_multiple_of(2), behind_printer: false };
        let mut own = Glass::new(dialect);
        own.push(&pole.begin());
        own.push(&pole.show([&name, &name]));
        assert_eq!(own.unknown(), 0, "no name is a command");
    }
}

fn serial_link(bytes: &[u8]) {
    assert!(zvt::fuzz::serial_link(bytes) <= 1, "a line fails once");
}

fn session(bytes: &[u8]) {
    let payment = Payment {
        amount: Amount::new(2_040).expect("an amount"),
        currency: Some(Currency::EUR),
        payment_type: Some(0x40),
        timeout: None,
        max_status: None,
        tlv: None,
    };
    let endings = zvt::fuzz::session(Command::Authorisation(payment), bytes);
    assert!(endings <= 1, "{endings} endings");
}

fn terminal(bytes: &[u8]) {
    let moment = Moment {
        date: MonthDay::new(11, 25).expect("a day"),
        time: TimeOfDay::new(14, 30, 0).expect("a time"),
    };
    let settings = Settings {
        terminal: TerminalId::new(52_523_535).expect("a terminal"),
        password: Password::new(123_456).expect("a password"),
        currency: Currency::EUR,
        contract: "SIMULATOR".to_owned(),
        device: "simulator".to_owned(),
        software: "1.0".to_owned(),
        serial: b"SIM-0001".to_vec(),
        journal_limit: 3,
        moment,
    };
    zvt::fuzz::terminal(settings, bytes);
}

fn message(bytes: &[u8]) {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    // Made once: that is slow on purpose.
    let keys = KEYS.get_or_init(|| Keys::derive("a passphrase for tests", "till-key", 2));
    assert!(nexo::fuzz::message(keys, bytes), "what was read is written and read as itself");
}

fn masked(bytes: &[u8]) {
    assert!(nexo::fuzz::masked(&String::from_utf8_lossy(bytes)), "four digits at most stay");
}

fn process_data(bytes: &[u8]) {
    assert!(tse::process_data(bytes), "what was read is written and read as itself");
}

fn code(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    assert!(tse::code(&text), "what was read is written and read as itself");
}

fn log(bytes: &[u8]) {
    assert!(tse::log(bytes), "what was read is written and read as itself");
}

fn key(bytes: &[u8]) {
    assert!(tse::key(bytes), "what was read is written and read as itself");
}

fn certificate(bytes: &[u8]) {
    assert!(tse::certificate(bytes), "what was read is read again as itself");
}

fn archive(bytes: &[u8]) {
    assert!(tse::archive(bytes), "nothing made up is found good");
}

fn rksv(bytes: &[u8]) {
    assert!(fiscal::at::fuzz::code(bytes), "what was read is written as itself");
}

fn texts(bytes: &[u8]) {
    assert!(payment::fuzz::texts(&String::from_utf8_lossy(bytes)), "no card number stays");
}

fn sumup(bytes: &[u8]) {
    assert!(payment::sumup::fuzz::message(bytes), "what was read is written and read as itself");
}

fn dsfinvk_file(bytes: &[u8]) {
    assert!(fiscal::de::dsfinvk::fuzz::file(bytes), "what was read is written and read as itself");
}

fn dsfinvk_package(bytes: &[u8]) {
    static SAMPLE: OnceLock<Sample> = OnceLock::new();
    let sample = SAMPLE.get_or_init(|| Sample::new().expect("a package that can be written"));
    assert!(sample.with(bytes) < u64::MAX, "bytes in memory can always be read");
}

fn driver() -> &'static Zvt {
    static DRIVER: OnceLock<Zvt> = OnceLock::new();
    DRIVER.get_or_init(|| Zvt::new("000000", "EUR").expect("a terminal can have this"))
}

fn ask() -> Ask {
    let (currency, key, time) = ("EUR".to_owned(), String::new(), String::new());
    Ask { amount: 2_040, currency, at: None, key, time, age: 0, tips: false }
}

fn reference() -> Reference {
    Reference { receipt: "12".to_owned(), trace: Some("512".to_owned()) }
}

/// The first byte says what is asked.
fn asking(bytes: &[u8]) {
    let (kind, rest) = bytes.split_first().unwrap_or((&0, &[]));
    let reserved = Reserved { reference: reference(), amount: 5_000 };
    let talk: Talk = match kind % 8 {
        0 | 1 => driver().pay(&ask()),
        2 => driver().refund(&ask()),
        3 => driver().reverse(&ask(), &reference()),
        4 => driver().reservation(&Reserving::ReleasePart(reserved), &ask()),
        5 => driver().end_of_day(),
        6 => driver().identity(),
        _ => driver().reservations(),
    };
    assert!(payment::fuzz::conversation(talk, rest) <= 1, "a conversation ends once");
}

fn finding_out(bytes: &[u8]) {
    let before = Before("zvt1 tid=52523535 last receipt=11 trace=511 turnover=211".to_owned());
    let talk = driver().query(&Purpose::Payment, &ask(), &before);
    assert!(payment::fuzz::conversation(talk, bytes) <= 1, "a conversation ends once");
}
