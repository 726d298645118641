//! What the tests build from.

use std::path::{Path, PathBuf};

use domain::basket::{Line, ReturnedFrom, Tender, TenderKind};
use domain::catalogue::Item;
use domain::event::Event;
use domain::receipt::Receipt;
use domain::{BasketId, CommandId, DayNo, ItemId, LineNo, PersonId, ReceiptNo, ReceiptRef, TillId};
use jiff::{SignedDuration, Timestamp};
use money::{Currency, Money, Quantity};
use store::{NewShop, Store};
use tempfile::TempDir;

pub(crate) const TILL: TillId = TillId(1);
pub(crate) const PERSON: PersonId = PersonId(2);

/// A moment: minutes after one o'clock.
pub(crate) fn at(minutes: i64) -> Timestamp {
    let base: Timestamp = "2026-11-23T13:00:00Z".parse().unwrap();
    base + SignedDuration::from_mins(minutes)
}

pub(crate) fn command(number: u64) -> CommandId {
    CommandId(uuid::Uuid::from_u128((0x0193_593c_7d2e_7000_u128 << 64) | u128::from(number)))
}

/// A shop in a folder that goes with it.
pub(crate) struct Shop {
    pub(crate) store: Store,
    pub(crate) folder: TempDir,
    commands: u64,
}

impl Shop {
    pub(crate) fn new() -> Shop {
        let folder = tempfile::tempdir().unwrap();
        let shop = NewShop { shop: "s1".to_owned(), created: at(0) };
        let store = Store::create(&folder.path().join("shop.tresen"), &shop).unwrap();
        Shop { store, folder, commands: 0 }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.store.path()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Appends and commits the events of one command.
    pub(crate) fn commit(&mut self, events: &[Event]) -> (u64, u64) {
        self.store.begin().unwrap();
        let entries = self.append(events);
        self.store.commit().unwrap();
        entries
    }

    /// Appends the events of one command to the open transaction.
    pub(crate) fn append(&mut self, events: &[Event]) -> (u64, u64) {
        self.commands += 1;
        let number = self.commands;
        let minutes = i64::try_from(number).unwrap();
        self.store
            .append(at(minutes), Some(TILL), Some(PERSON), command(number), Some(1), events)
            .unwrap()
    }

    /// Ends the store and gives its file to `change`, with the journal's guards off.
    pub(crate) fn tamper(self, change: impl FnOnce(&rusqlite::Connection)) -> (PathBuf, TempDir) {
        let path = self.path();
        drop(self.store);
        let conn = rusqlite::Connection::open(&path).unwrap();
        conn.execute_batch(
            "DROP TRIGGER journal_gapless; DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete;",
        )
        .unwrap();
        change(&conn);
        conn.close().unwrap();
        (path, self.folder)
    }
}

pub(crate) fn line(no: u16, item: u32, quantity: i64, price: i64) -> Line {
    let base = money::line_total(Quantity::new(quantity), Money::new(price)).unwrap();
    let json = format!(
        r#"{{"line":{no},"item":{item},"name":"Ware {item}","quantity":{quantity},"price":{price},
        "base":{},"tax":1,"group":3,"stocked":true}}"#,
        base.minor()
    );
    serde_json::from_str(&json).unwrap()
}

pub(crate) fn returned(no: u16, item: u32, quantity: i64, price: i64, from: (u64, u16)) -> Line {
    let receipt = ReceiptRef { till: TILL, number: ReceiptNo(from.0) };
    let returned_from = Some(ReturnedFrom { receipt, line: LineNo(from.1) });
    Line { returned_from, ..line(no, item, -quantity, price) }
}

pub(crate) fn unknown(no: u16, code: &str, price: i64) -> Line {
    Line {
        item: None,
        stocked: false,
        unknown: true,
        code: Some(code.to_owned()),
        ..line(no, 1, 1_000, price)
    }
}

pub(crate) fn receipt(number: u64, basket: u64, lines: Vec<Line>) -> Receipt {
    let total = Money::sum(lines.iter().map(Line::total)).unwrap();
    let tender = Tender {
        kind: TenderKind::Cash,
        amount: total,
        tendered: total,
        change: Money::ZERO,
        rounding: Money::ZERO,
        card: None,
        voucher: None,
        refunds: Vec::new(),
        transfer: None,
        foreign: None,
        account: None,
        taken: None,
    };
    Receipt {
        number: ReceiptNo(number),
        day: DayNo(1),
        basket: BasketId(basket),
        opened: at(0),
        ordered: None,
        date: "2026-11-23".parse().unwrap(),
        hour: 14,
        currency: Currency::EUR,
        training: false,
        lines,
        tax: vec![],
        total,
        saved: Money::ZERO,
        coupons: Vec::new(),
        rounding: Money::ZERO,
        tenders: vec![tender],
        voids: 0,
        age_checked: None,
        note: None,
        print: false,
    }
}

pub(crate) fn issued(receipt: Receipt) -> Event {
    Event::ReceiptIssued(Box::new(receipt))
}

pub(crate) fn opened(basket: u64) -> Event {
    Event::BasketOpened { basket: BasketId(basket), training: false }
}

pub(crate) fn added(basket: u64, line: Line) -> Event {
    Event::LineAdded { basket: BasketId(basket), line: Box::new(line), read: None }
}

pub(crate) fn item(id: u32, name: &str, codes: &[&str]) -> Item {
    let codes: Vec<_> = codes.iter().map(|code| serde_json::json!({ "code": code })).collect();
    let draft = serde_json::from_value(serde_json::json!({
        "number": format!("N{id}"), "name": name, "codes": codes, "tax": 1, "group": 3,
        "prices": [{"amount": 100}],
    }));
    Item { id: ItemId(id), draft: draft.unwrap() }
}

pub(crate) fn put(item: Item) -> Event {
    Event::ItemPut(Box::new(item))
}

/// How many rows of any table a file has, by SQL of the test's own.
pub(crate) fn ask(path: &Path, sql: &str) -> i64 {
    rusqlite::Connection::open(path).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}
