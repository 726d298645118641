//! From an entry to the tables: the same code when it is written and when all is built anew.

use domain::basket::{Line, TenderKind};
use domain::catalogue::Item;
use domain::command::StockKind;
use domain::coupon::{CouponTaken, ReceiptCoupon};
use domain::event::{Event, StockMoved, TransferPaid, TransferRequested};
use domain::goods::PackReadTwice;
use domain::receipt::Receipt;
use domain::{BasketId, ReceiptRef};
use journal::EntryMeta;
use rusqlite::{Connection, OptionalExtension, params};

use crate::reader::int;
use crate::{
    StoreError, accounts, attempts, audits, catalogue, rksv, signing, terminal_days, till_days,
    transfers, vouchers,
};

/// Whether effects are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The entry is new: anchors are noted.
    Live,
    /// The entry is old: only the tables are folded.
    Replay,
}

/// What projecting has to remember between entries.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Projector {
    next_version: i64,
    incarnation: u32,
}

impl Projector {
    /// As it stands in the file.
    pub(crate) fn load(conn: &Connection) -> Result<Projector, StoreError> {
        let next_version = conn.query_row(sql!("item/next_version"), [], |row| row.get(0))?;
        let incarnation = conn.query_row(sql!("journal/last_incarnation"), [], |row| row.get(0))?;
        Ok(Projector { next_version, incarnation })
    }

    /// Brings every table up to date with one entry.
    pub(crate) fn project(
        &mut self,
        conn: &Connection,
        meta: &EntryMeta,
        event: &Event,
        mode: Mode,
    ) -> Result<(), StoreError> {
        if meta.incarnation > self.incarnation {
            let row = params![meta.incarnation, int(meta.seq)];
            conn.prepare_cached(sql!("journal/incarnation"))?.execute(row)?;
            self.incarnation = meta.incarnation;
        }
        if let Some(basket) = basket_of(event) {
            let row = params![int(basket.0), int(meta.seq)];
            conn.prepare_cached(sql!("basket/note"))?.execute(row)?;
        }
        if let Some(terminal) = domain::device::terminal_of(event) {
            let row = params![terminal.0, int(meta.seq)];
            conn.prepare_cached(sql!("device/note"))?.execute(row)?;
        }
        till_days::project(conn, meta, event)?;
        audits::note(conn, meta, event)?;
        match event {
            Event::ReceiptIssued(receipt) => {
                issue(conn, meta, receipt)?;
                transfers::project(conn, meta, event)?;
                finish_basket(conn, receipt.basket)?;
            }
            Event::ShopConfigured(settings) => {
                audits::configured(conn, meta, settings)?;
                conn.prepare_cached(sql!("settings/note"))?.execute([int(meta.seq)])?;
            }
            Event::BenefitGiven(given) => {
                for line in &given.lines {
                    leave_the_shelf(conn, line)?;
                }
                finish_basket(conn, given.basket)?;
            }
            Event::BasketAborted { basket, .. } => {
                conn.prepare_cached(sql!("basket/given_up"))?.execute([int(basket.0)])?;
            }
            Event::ReceiptCopied(domain::receipt::ReceiptCopied { receipt, copy, .. }) => {
                let row = params![receipt.till.0, int(receipt.number.0), copy];
                conn.prepare_cached(sql!("receipt/copied"))?.execute(row)?;
            }
            Event::ReceiptHandedOver(domain::receipt::ReceiptHandedOver { receipt, way }) => {
                let of = (receipt.till.0, int(receipt.number.0));
                let row = params![way.code(), at(meta), int(meta.seq), of.0, of.1];
                conn.prepare_cached(sql!("receipt/handed"))?.execute(row)?;
            }
            Event::InvoiceIssued(invoice) => {
                let of = (invoice.receipt.till.0, int(invoice.receipt.number.0));
                let row = params![int(meta.seq), of.0, of.1, invoice.customer.0, invoice.version];
                conn.prepare_cached(sql!("receipt/invoiced"))?.execute(row)?;
            }
            Event::DayClosed { .. } if mode == Mode::Live => anchor(conn, "day", meta.seq)?,
            Event::BackupMade { through } if mode == Mode::Live => {
                anchor(conn, "backup", *through)?
            }
            Event::StockMoved(_) => move_stock(conn, meta, event)?,
            Event::TenderIntended { .. }
            | Event::TenderSent { .. }
            | Event::TenderCancelAsked { .. }
            | Event::AttemptRecorded { .. }
            | Event::AttemptAcknowledged { .. }
            | Event::TenderInDoubt { .. }
            | Event::TenderResolved { .. }
            | Event::SignatureCompared { .. }
            | Event::MoneyReserved(_)
            | Event::ReservationEnded(_)
            | Event::ReversalFailed { .. } => attempts::project(conn, meta, event)?,
            Event::RksvSigned(_) | Event::RksvTold(_) => rksv::project(conn, meta, event)?,
            Event::SigningFinished(_) | Event::SigningFailed(_) | Event::SigningUnitReported(_) => {
                signing::project(conn, meta, event)?
            }
            Event::TransferRequested(_)
            | Event::TransferGivenUp { .. }
            | Event::TransferPaid(_)
            | Event::TenderUndone { .. }
            | Event::BankMessageTaken(_)
            | Event::BankMessageSettled { .. } => transfers::project(conn, meta, event)?,
            Event::TerminalDayIntended(_)
            | Event::TerminalDaySent { .. }
            | Event::TerminalDayRecorded { .. }
            | Event::TerminalDayClosed(_)
            | Event::TerminalDayNotClosed { .. }
            | Event::TerminalDayUnknown { .. }
            | Event::TerminalDaySettled { .. }
            | Event::TerminalDayExplained { .. } => terminal_days::project(conn, meta, event)?,
            Event::VoucherSold(_)
            | Event::VoucherToppedUp { .. }
            | Event::VoucherRedeemed(_)
            | Event::VoucherCredited(_)
            | Event::VoucherBlocked { .. }
            | Event::VoucherUnblocked { .. } => vouchers::project(conn, meta, event)?,
            Event::CustomerPut(_)
            | Event::CustomerForgotten { .. }
            | Event::AccountCharged(_)
            | Event::AccountCredited(_)
            | Event::AccountPaid(_) => accounts::project(conn, meta, event)?,
            Event::UnknownCodeSettled { code } => {
                conn.prepare_cached(sql!("unknown/settle"))?.execute([code])?;
            }
            Event::ItemPut(item) => {
                let before = catalogue::present(conn, item.id)?;
                audits::item(conn, meta, self.next_version, (before.as_ref(), item))?;
                self.put(conn, item, 0)?;
            }
            Event::ItemRetired { item, retired } => {
                if let Some(mut present) = catalogue::present(conn, *item)? {
                    let before = present.clone();
                    present.draft.retired = *retired;
                    audits::item(conn, meta, self.next_version, (Some(&before), &present))?;
                    self.put(conn, &present, 0)?;
                }
            }
            Event::ImportBegan { import, source } => {
                let row = params![import.0, source, at(meta)];
                conn.prepare_cached(sql!("import/begin"))?.execute(row)?;
            }
            Event::ItemsImported { import, items } => self.put_all(conn, items, import.0)?,
            Event::ImportFinished { import } => settle_import(conn, import.0, "finished")?,
            Event::ImportCancelled { import } => settle_import(conn, import.0, "cancelled")?,
            _ => {}
        }
        Ok(())
    }

    fn put_all(
        &mut self,
        conn: &Connection,
        items: &[Item],
        import: u32,
    ) -> Result<(), StoreError> {
        let first = self.next_version;
        for item in items {
            self.put(conn, item, import)?;
        }
        if self.next_version > first {
            let row = params![
                import,
                int(u64::try_from(items.len()).unwrap_or(u64::MAX)),
                first,
                self.next_version.saturating_sub(1)
            ];
            conn.prepare_cached(sql!("import/grow"))?.execute(row)?;
        }
        Ok(())
    }

    /// A new version of an item.
    fn put(&mut self, conn: &Connection, item: &Item, import: u32) -> Result<(), StoreError> {
        let version = self.next_version;
        let draft = &item.draft;
        let body = serde_json::to_string(item)?;
        let minimum = draft.minimum.filter(|_| draft.stocked && !draft.retired);
        conn.prepare_cached(sql!("item/insert"))?.execute(params![
            version,
            item.id.0,
            import,
            draft.number,
            draft.name,
            draft.group.0,
            draft.retired,
            minimum.map(|q| q.thousandths()),
            body
        ])?;
        for code in &draft.codes {
            conn.prepare_cached(sql!("item/add_code"))?.execute(params![code.code, item.id.0])?;
        }
        let text = crate::search::indexed_text(draft);
        conn.prepare_cached(sql!("item/index"))?.execute(params![version, text])?;
        self.next_version = version.saturating_add(1);
        Ok(())
    }
}

/// The time of an entry, as every table writes it.
pub(crate) fn at(meta: &EntryMeta) -> String {
    format!("{:.3}", meta.at)
}

/// The basket that an entry belongs to. A new kind has to be looked at here, so there is no `_`.
fn basket_of(event: &Event) -> Option<BasketId> {
    match event {
        Event::BasketOpened { basket, .. }
        | Event::LineAdded { basket, .. }
        | Event::LineChanged { basket, .. }
        | Event::LineVoided { basket, .. }
        | Event::PackReadTwice(PackReadTwice { basket, .. })
        | Event::DiscountGiven { basket, .. }
        | Event::CouponTaken(CouponTaken { basket, .. })
        | Event::ReturnBegan { basket, .. }
        | Event::BasketNoted { basket, .. }
        | Event::AgeChecked { basket, .. }
        | Event::BasketParked { basket, .. }
        | Event::BasketRecalled { basket }
        | Event::TenderRecorded { basket, .. }
        | Event::TenderUndone { basket, .. }
        | Event::TenderIntended { basket, .. }
        | Event::TenderSent { basket, .. }
        | Event::TenderCancelAsked { basket, .. }
        | Event::AttemptRecorded { basket, .. }
        | Event::AttemptAcknowledged { basket, .. }
        | Event::TenderInDoubt { basket, .. }
        | Event::TenderResolved { basket, .. }
        | Event::SignatureCompared { basket, .. }
        | Event::ReversalFailed { basket, .. }
        | Event::TransferRequested(TransferRequested { basket, .. })
        | Event::TransferGivenUp { basket, .. }
        | Event::TransferPaid(TransferPaid { basket, .. }) => {
            (*basket != BasketId::NONE).then_some(*basket)
        }
        Event::SigningStarted(started) => Some(started.basket),
        Event::BasketOrdered(ordered) => Some(ordered.basket),
        Event::BasketHandedOver(over) => Some(over.basket),
        Event::BasketChosen { basket } => *basket,
        // They end the basket: its entries go, or stay as those of one that was given up.
        Event::BasketAborted { .. } | Event::ReceiptIssued(_) | Event::BenefitGiven(_) => None,
        Event::ShopConfigured(_)
        | Event::PersonAdded(_)
        | Event::PersonChanged(_)
        | Event::PersonForgotten { .. }
        | Event::CredentialSet { .. }
        | Event::SignedIn { .. }
        | Event::SignedOut { .. }
        | Event::SignInFailed(_)
        | Event::Approved { .. }
        | Event::Refused { .. }
        | Event::ItemPut(_)
        | Event::ItemRetired { .. }
        | Event::ImportBegan { .. }
        | Event::ItemsImported { .. }
        | Event::ImportFinished { .. }
        | Event::ImportCancelled { .. }
        | Event::DayOpened { .. }
        | Event::ShiftBegan { .. }
        | Event::ShiftEnded { .. }
        | Event::CashPaidIn { .. }
        | Event::CashPaidOut { .. }
        | Event::CashDropped { .. }
        | Event::DrawerOpened { .. }
        | Event::DrawerAlarmed(_)
        | Event::DrawerTried(_)
        | Event::DrawerCounted(_)
        | Event::DayClosed { .. }
        | Event::TrainingSwitched { .. }
        | Event::ReceiptCopied(_)
        | Event::ReceiptHandedOver(_)
        | Event::InvoiceIssued(_)
        | Event::MoneyReserved(_)
        | Event::ReservationEnded(_)
        | Event::VoucherSold(_)
        | Event::VoucherToppedUp { .. }
        | Event::VoucherRedeemed(_)
        | Event::VoucherCredited(_)
        | Event::VoucherBlocked { .. }
        | Event::VoucherUnblocked { .. }
        | Event::BankMessageTaken(_)
        | Event::BankMessageSettled { .. }
        | Event::CustomerPut(_)
        | Event::CustomerForgotten { .. }
        | Event::AccountCharged(_)
        | Event::AccountCredited(_)
        | Event::AccountPaid(_)
        | Event::TerminalDayIntended(_)
        | Event::TerminalDaySent { .. }
        | Event::TerminalDayRecorded { .. }
        | Event::TerminalDayClosed(_)
        | Event::TerminalDayNotClosed { .. }
        | Event::TerminalDayUnknown { .. }
        | Event::TerminalDaySettled { .. }
        | Event::TerminalDayExplained { .. }
        | Event::BatchRecalled(_)
        | Event::RecallLifted(_)
        | Event::StockMoved(_)
        | Event::UnknownCodeSettled { .. }
        | Event::DeviceReported { .. }
        | Event::DeviceChanged { .. }
        | Event::DeviceRegistered(_)
        | Event::DeviceConfirmed(_)
        | Event::DeviceInspected(_)
        | Event::DevicePhotographed(_)
        | Event::SigningFinished(_)
        | Event::SigningFailed(_)
        | Event::SigningUnitReported(_)
        | Event::SigningOutage(_)
        | Event::SigningRestored(_)
        | Event::SigningTidied(_)
        | Event::SigningUnitServiced(_)
        | Event::RksvSigned(_)
        | Event::RksvTold(_)
        | Event::Audit(_)
        | Event::ProgramStarted(_)
        | Event::BackupMade { .. }
        | Event::ShopRestored(_)
        | Event::ClockJumped { .. } => None,
    }
}

fn finish_basket(conn: &Connection, basket: BasketId) -> Result<(), StoreError> {
    conn.prepare_cached(sql!("basket/finish"))?.execute([int(basket.0)])?;
    Ok(())
}

fn settle_import(conn: &Connection, import: u32, state: &str) -> Result<(), StoreError> {
    conn.prepare_cached(sql!("import/settle"))?.execute(params![import, state])?;
    Ok(())
}

/// True for an entry that leads to work for the till's printer or drawer. `together`: all entries of
/// its command. Without paper there is still the drawer to open: cash taken or given back before the
/// receipt is finished opens it at once, cash that finishes it opens it with the receipt.
#[must_use]
pub fn prints(event: &Event, together: &[Event]) -> bool {
    match event {
        Event::ReceiptIssued(_)
        | Event::ReceiptCopied(_)
        | Event::DayClosed { .. }
        | Event::TerminalDayClosed(_)
        | Event::CashPaidIn { .. }
        | Event::CashPaidOut { .. }
        | Event::CashDropped { .. }
        | Event::DrawerOpened { .. }
        | Event::BenefitGiven(_) => true,
        // Receipts without turnover; a sale's own is printed by itself.
        Event::RksvSigned(signed) => rksv::prints(signed),
        // What the customer takes along of it.
        Event::MoneyReserved(_) => true,
        // The shop's slip: what the customer signs, and what the terminal wants kept.
        Event::AttemptAcknowledged { merchant, .. } => {
            let signs = |tender: &domain::basket::Tender| {
                tender.amount.is_positive() && tender.card.as_ref().is_some_and(|c| c.signature)
            };
            !merchant.is_empty()
                || together
                    .iter()
                    .any(|e| matches!(e, Event::TenderRecorded { tender, .. } if signs(tender)))
        }
        // A cash machine has its own.
        Event::TenderRecorded { tender, .. } if tender.is_by_machine() => false,
        Event::TenderRecorded { tender, .. } | Event::TenderUndone { tender, .. } => {
            matches!(tender.kind, TenderKind::Cash | TenderKind::CashForeign)
                && !together.iter().any(|e| matches!(e, Event::ReceiptIssued(_)))
        }
        _ => false,
    }
}

/// A print job for the till of the entry.
pub(crate) fn print(conn: &Connection, meta: &EntryMeta) -> Result<(), StoreError> {
    let row = params!["print", meta.till.map(|t| t.0), int(meta.seq), "", at(meta)];
    conn.prepare_cached(sql!("apart/outbox_add"))?.execute(row)?;
    Ok(())
}

/// Notes an entry's hash, to be found again when the journal is verified.
fn anchor(conn: &Connection, why: &str, seq: u64) -> Result<(), StoreError> {
    let hash: Option<Vec<u8>> = conn
        .prepare_cached(sql!("journal/hash"))?
        .query_row([int(seq)], |row| row.get(0))
        .optional()?;
    if let Some(hash) = hash {
        conn.prepare_cached(sql!("apart/anchor_put"))?.execute(params![why, int(seq), hash])?;
    }
    Ok(())
}

fn issue(conn: &Connection, meta: &EntryMeta, receipt: &Receipt) -> Result<(), StoreError> {
    let till = meta.till.map_or(0, |t| t.0);
    let date = receipt.date.to_string();
    conn.prepare_cached(sql!("receipt/insert"))?.execute(params![
        int(meta.seq),
        till,
        receipt.training,
        int(receipt.number.0),
        at(meta),
        date,
        receipt.day.0,
        meta.person.map_or(0, |p| p.0),
        int(receipt.basket.0),
        receipt.total.minor(),
        int(u64::try_from(receipt.lines.len()).unwrap_or(u64::MAX)),
    ])?;
    // Training counts nowhere.
    if receipt.training {
        return Ok(());
    }
    for line in &receipt.lines {
        if let Some(item) = line.item {
            let row = params![date, item.0, line.units().thousandths(), line.total().minor()];
            conn.prepare_cached(sql!("sales/item_day"))?.execute(row)?;
        }
        leave_the_shelf(conn, line)?;
        if let Some(slip) = &line.slip {
            let row = params![slip, till, int(receipt.number.0)];
            conn.prepare_cached(sql!("receipt/redeem"))?.execute(row)?;
        }
        if let Some(from) = line.returned_from {
            let back = line.quantity.negated().thousandths();
            let row = params![from.receipt.till.0, int(from.receipt.number.0), from.line.0, back];
            conn.prepare_cached(sql!("receipt/return_line"))?.execute(row)?;
        }
        if let (true, Some(code)) = (line.unknown, &line.code) {
            let row = params![code, line.group.0, line.name, line.price.minor(), at(meta)];
            conn.prepare_cached(sql!("unknown/note"))?.execute(row)?;
        }
    }
    // A paper that is taken once is remembered as a slip is.
    for paper in receipt.coupons.iter().filter_map(ReceiptCoupon::paper) {
        let row = params![paper, till, int(receipt.number.0)];
        conn.prepare_cached(sql!("receipt/redeem"))?.execute(row)?;
    }
    let row = params![date, receipt.hour, till, receipt.turnover().minor()];
    conn.prepare_cached(sql!("sales/hour"))?.execute(row)?;
    for tender in &receipt.tenders {
        if let (Some(attempt), Some(till)) = (tender.attempt(), meta.till) {
            attempts::issue(conn, attempt, ReceiptRef { till, number: receipt.number })?;
        }
        let row = params![date, word(&tender.kind)?, tender.amount.minor()];
        conn.prepare_cached(sql!("sales/tender"))?.execute(row)?;
        for part in &tender.refunds {
            let of = part.receipt;
            let row = params![of.till.0, int(of.number.0), part.tender, part.amount.minor()];
            conn.prepare_cached(sql!("receipt/refund"))?.execute(row)?;
        }
    }
    Ok(())
}

/// Takes what a line sells off the stock, or puts back what it takes back, where the item keeps one.
fn leave_the_shelf(conn: &Connection, line: &Line) -> Result<(), StoreError> {
    if let (Some(item), true) = (line.item, line.stocked) {
        let row = params![item.0, line.units().negated().thousandths()];
        conn.prepare_cached(sql!("stock/add"))?.execute(row)?;
    }
    Ok(())
}

fn move_stock(conn: &Connection, meta: &EntryMeta, event: &Event) -> Result<(), StoreError> {
    let Event::StockMoved(StockMoved { item, movement, quantity, counted, reason }) = event else {
        return Ok(());
    };
    conn.prepare_cached(sql!("stock/add"))?.execute(params![item.0, quantity.thousandths()])?;
    conn.prepare_cached(sql!("stock/movement"))?.execute(params![
        int(meta.seq),
        item.0,
        word::<StockKind>(movement)?,
        quantity.thousandths(),
        counted.map(|q| q.thousandths()),
        reason,
        meta.person.map(|p| p.0),
        at(meta),
    ])?;
    Ok(())
}

/// The word that a kind is serialised as: the same in tables, entries and API.
pub(crate) fn word<T: serde::Serialize>(kind: &T) -> Result<String, StoreError> {
    let mut text = serde_json::to_string(kind)?;
    text.retain(|c| c != '"');
    Ok(text)
}

/// The kind that a word means.
pub(crate) fn unword<T: serde::de::DeserializeOwned>(word: &str) -> Result<T, StoreError> {
    Ok(serde_json::from_str(&format!("\"{word}\""))?)
}
