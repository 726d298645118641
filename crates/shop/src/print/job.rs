//! From a job in the outbox to the bytes that the printer gets: which paper it is, and what stands on it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use devices::job_bytes;
use domain::basket::TenderKind;
use domain::day::ClosedDay;
use domain::event::TerminalDayClosed;
use domain::people::{Permission, may};
use domain::settings::Settings;
use domain::signing::Subject;
use domain::{Event, PersonId, TillId};
use escpos::Profile;
use jiff::Timestamp;
use journal::EntryMeta;
use store::{OutboxRow, Store};

use super::{
    Beside, Reported, SoldCode, benefit_slip, beside, day_report, hospitality as hospitality_of,
    merchant_facts, merchant_slip, name_in, receipt_data, reservation_slip, slip,
    terminal_day_report, terminal_sections, voucher_blocks,
};
use crate::engine::Engine;

/// A job older than this opens no drawer.
const DRAWER_WITHIN: jiff::SignedDuration = jiff::SignedDuration::from_secs(20);

/// A job for one printer.
#[derive(Debug, Default)]
pub(super) struct Paper {
    /// What is sent, empty when nothing is to be printed.
    pub(super) bytes: Vec<u8>,
    /// It opens the drawer.
    pub(super) opens: bool,
}

/// A job for this printer; none when nothing can be made of it.
pub(super) async fn paper_of(
    engine: &Engine,
    now: Timestamp,
    profile: Profile,
    job: OutboxRow,
) -> Option<Paper> {
    let snapshot = engine.snapshot().await.ok()?;
    let sees = snapshot.people.iter().filter(|p| may(p.role, Permission::SeeTotals));
    let people = People {
        sees_totals: sees.map(|p| p.id).collect(),
        names: snapshot.people.iter().map(|p| (p.id, p.name.clone())).collect(),
    };
    let settings = snapshot.settings;
    let codes = codes_of(engine, &job).await;
    let document = move |store: &mut Store| {
        document(store, settings.as_ref(), &people, (&job, &codes), (&profile, now))
    };
    engine.with_store(document).await.ok().flatten()
}

/// The vouchers sold with the receipt of a job, while their codes are known. A job that is printed again is a copy:
/// no code comes out twice.
async fn codes_of(engine: &Engine, job: &OutboxRow) -> Vec<SoldCode> {
    let (Some(till), Some(seq), false) = (job.till, job.seq, job.body == "copy") else {
        return Vec::new();
    };
    let number = engine.with_store(move |store| match store.entry(seq) {
        Ok(Some((_, Event::ReceiptIssued(receipt)))) => Some(receipt.number),
        _ => None,
    });
    let Some(number) = number.await.ok().flatten() else { return Vec::new() };
    let Ok(codes) = engine.sold_codes(till, number).await else { return Vec::new() };
    let mut sold = Vec::with_capacity(codes.len());
    for (voucher, code) in codes {
        let found = engine.with_store(move |store| store.voucher(voucher)).await;
        if let Ok(Ok(Some(row))) = found {
            let (amount, expires) = (row.voucher.balance, row.voucher.expires);
            sold.push(SoldCode { voucher, code, amount, expires });
        }
    }
    sold
}

/// The codes of a receipt that came out are forgotten.
pub(super) async fn forget_codes(engine: &Engine, till: Option<TillId>, seq: Option<u64>) {
    let (Some(till), Some(seq)) = (till, seq) else { return };
    let number = engine.with_store(move |store| match store.entry(seq) {
        Ok(Some((_, Event::ReceiptIssued(receipt)))) => Some(receipt.number),
        _ => None,
    });
    if let Some(number) = number.await.ok().flatten() {
        let _ = engine.forget_codes(till, number).await;
    }
}

/// What the papers say of people, and whom they may tell what.
struct People {
    names: BTreeMap<PersonId, String>,
    sees_totals: BTreeSet<PersonId>,
}

/// The paper of a job; none when the entry it is about leads to no document.
fn document(
    store: &mut Store,
    settings: Option<&Arc<Settings>>,
    people: &People,
    (job, codes): (&OutboxRow, &[SoldCode]),
    (profile, now): (&Profile, Timestamp),
) -> Option<Paper> {
    let (settings, names) = (settings?, &people.names);
    let till = job.till?;
    let (meta, event) = store.entry(job.seq?).ok()??;
    // The paper is of today's printer; what stands on it is of the moment that it tells of.
    let then = store.settings_before(job.seq?).ok()?;
    let settings = then.as_ref().unwrap_or(settings);
    // Printed again after nobody knew: whoever finds both must see which is which.
    let again = (job.body == "copy").then_some(1);
    let document = match &event {
        Event::ReceiptIssued(_) => {
            let mut document = receipt_of(store, settings, names, job.seq?, (again, false))?;
            // A voucher is printed even where receipts are not.
            document.blocks.extend(codes.iter().flat_map(|sold| voucher_blocks(settings, sold)));
            document
        }
        Event::ReceiptCopied(domain::receipt::ReceiptCopied { receipt, copy, hospitality }) => {
            let row = store.receipt_row(receipt.till, false, receipt.number).ok()??;
            let wanted = (Some(*copy), *hospitality);
            receipt_of(store, settings, names, row.seq, wanted)?
        }
        Event::DayClosed { day, .. } => {
            let closed: ClosedDay = store.closed_day(till, *day).ok()??;
            // The slip comes out beside the one who closed: who counts blind is not told afterwards.
            let sees = people.sees_totals.contains(&closed.closed_by);
            let reported =
                if sees { Reported::Closed(&closed) } else { Reported::ClosedBlind(&closed) };
            let mut report = day_report(settings, names, reported);
            if sees {
                let span = (closed.day.opened, closed.closed);
                let terminals = store.terminal_days_of(till, span).ok()?;
                report.sections.extend(terminal_sections(settings, &terminals));
            }
            report.copy = again;
            receipt::report_document(&report)
        }
        Event::TenderRecorded { .. } | Event::TenderUndone { .. } => receipt::Document::default(),
        Event::TerminalDayClosed(TerminalDayClosed { closing, .. }) => {
            let closing = store.terminal_day(*closing).ok()??.closing;
            let person = name_in(names, closing.asked_by);
            let mut report = terminal_day_report(settings, &person, &closing);
            report.copy = again;
            receipt::report_document(&report)
        }
        Event::AttemptAcknowledged { .. } => {
            let facts = merchant_facts(store, job.seq?).ok()??;
            if !facts.signs() && !settings.print_merchant_slips {
                return Some(Paper::default());
            }
            let mut slip = merchant_slip(settings, &name(names, &meta), &meta, &facts);
            slip.copy = again;
            receipt::receipt_document(&slip)
        }
        Event::MoneyReserved(reserved) => {
            if !settings.print_receipts {
                return Some(Paper::default());
            }
            let mut slip = reservation_slip(settings, &name(names, &meta), &meta, reserved);
            slip.copy = again;
            receipt::receipt_document(&slip)
        }
        Event::BenefitGiven(given) => {
            let signed = store.signature(Subject::Basket(given.basket)).ok()?;
            let beside = Beside { signed, ..Beside::default() };
            let people = (name(names, &meta), name_in(names, given.person));
            let people = (people.0.as_str(), people.1.as_str());
            let mut slip = benefit_slip(settings, people, &meta, given, &beside);
            slip.copy = again;
            receipt::receipt_document(&slip)
        }
        Event::RksvSigned(_) => {
            let code = store.rksv_entry(job.seq?).ok()??;
            crate::rksv::receipt_document(settings, &code, again)
        }
        _ => {
            let signed = store.signature(Subject::Entry(meta.seq)).ok()?;
            let mut slip = slip(settings, &name(names, &meta), (&meta, signed.as_ref()), &event)?;
            slip.copy = again;
            receipt::receipt_document(&slip)
        }
    };
    let in_time = now.duration_since(meta.at) < DRAWER_WITHIN;
    let opens = in_time && again.is_none() && opens(store, &event);
    let document = with_drawer(document, opens);
    if document.blocks.is_empty() {
        return Some(Paper::default());
    }
    Some(Paper { bytes: job_bytes(&document, profile), opens })
}

fn name(names: &BTreeMap<PersonId, String>, meta: &EntryMeta) -> String {
    meta.person.map_or_else(String::new, |person| name_in(names, person))
}

fn receipt_of(
    store: &Store,
    settings: &Settings,
    names: &BTreeMap<PersonId, String>,
    seq: u64,
    (copy, hospitality): (Option<u32>, bool),
) -> Option<receipt::Document> {
    let issued = store.receipt_at(seq).ok()??;
    let then = store.settings_before(seq).ok()?;
    let settings = then.as_ref().unwrap_or(settings);
    let person = name_in(names, issued.person);
    // A copy that was asked for is printed even so; one that nobody asked for is not.
    if !issued.receipt.print && copy.is_none() {
        return Some(receipt::Document::default());
    }
    let beside = beside(store, &issued).ok()?;
    let mut data = receipt_data(settings, &person, &issued, &beside, copy);
    data.shop.logo = super::logo(store, settings).ok()?;
    data.hospitality = hospitality.then(|| hospitality_of(settings, &issued));
    Some(receipt::receipt_document(&data))
}

/// Whether the drawer opens for an entry.
fn opens(store: &Store, event: &Event) -> bool {
    match event {
        Event::ReceiptIssued(r) => {
            !r.training
                && r.tenders.iter().any(|t| {
                    let cash = matches!(t.kind, TenderKind::Cash | TenderKind::CashForeign);
                    cash && !t.is_by_machine()
                })
        }
        Event::TenderRecorded { basket, .. } | Event::TenderUndone { basket, .. } => {
            // A basket that is no longer open is finished or given up: its own entry opened the drawer.
            let Ok(entries) = store.open_basket_entries() else { return false };
            entries.iter().any(|(_, _, opened)| {
                matches!(opened, Event::BasketOpened { basket: b, training: false } if b == basket)
            })
        }
        Event::CashPaidIn { .. }
        | Event::CashPaidOut { .. }
        | Event::CashDropped { .. }
        | Event::DrawerOpened { .. } => true,
        _ => false,
    }
}

/// The drawer opens first, while the paper still runs; not any more when the job waited for long:
/// a drawer that opens by itself is nobody's wish.
fn with_drawer(mut document: receipt::Document, opens: bool) -> receipt::Document {
    document.blocks.retain(|block| !matches!(block, receipt::Block::Drawer));
    if opens {
        document.blocks.insert(0, receipt::Block::Drawer);
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn part_of_a_sum_in_cash_opens_the_drawer_but_not_in_training() {
        let folder = tempfile::tempdir().expect("a folder");
        let created: Timestamp = "2026-11-23T13:00:00Z".parse().expect("a time");
        let new = store::NewShop { shop: "s1".to_owned(), created };
        let mut store = Store::create(&folder.path().join("shop.db"), &new).expect("a shop");
        let tender: domain::basket::Tender = serde_json::from_value(
            serde_json::json!({"kind": "cash", "amount": 100, "tendered": 100, "change": 0}),
        )
        .expect("a tender");
        for (number, training) in [(1, false), (2, true)] {
            let basket = domain::BasketId(number);
            let paid = Event::TenderRecorded { basket, tender: tender.clone() };
            assert!(!opens(&store, &paid), "a basket that is not open");
            let id = crate::ids::own_command(created);
            store.begin().expect("begun");
            let opened = Event::BasketOpened { basket, training };
            store.append(created, Some(TillId(1)), None, id, None, &[opened]).expect("appended");
            store.commit().expect("committed");
            assert_eq!(opens(&store, &paid), !training);
            assert_eq!(
                opens(&store, &Event::TenderUndone { basket, tender: tender.clone() }),
                !training
            );
        }
    }
}
