//! Reports for the office: figures from totals that are kept live; nothing is summed up over receipts.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::catalogue::Item;
use domain::device::ApprovalState;
use domain::settings::Settings;
use domain::{Amount, TerminalId};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use money::{Money, Quantity};
use store::{HourSales, ItemSales, Reader, StoreError, TenderSales};

use crate::api::TillView;
use crate::api::today::{
    Bestseller, HourRow, TenderToday, TillToday, Today, Todo, TodoKind, WeekAgo,
};
use crate::api::view::{BasketSummary, LampState, Truth};
use crate::engine::Snapshot;
use crate::proof::nightly::SHOWN;

/// Bestsellers shown.
const BEST: u32 = 10;
/// Without a backup for this long there is something to do.
const BACKUP_AGE: SignedDuration = SignedDuration::from_hours(24);
/// Where the moment of the last backup is noted in the shop's file.
pub const LAST_BACKUP: &str = "last_backup";

/// What is read from the file for [`today`].
#[derive(Debug, Clone)]
pub struct Figures {
    hours: Vec<HourSales>,
    week_ago: Vec<HourSales>,
    best: Vec<(ItemSales, Option<Item>, Quantity)>,
    tenders: Vec<TenderSales>,
    low_stock: u64,
    unknown_codes: usize,
    prints: u32,
    terminal_days: u32,
    no_backup: bool,
    overdue_accounts: u64,
    default_passwords: usize,
    wrong_days: u64,
}

/// The moment of the last backup and the last entry in it, as [`note_backup`] noted them.
pub fn last_backup(reader: &Reader) -> Result<Option<(Timestamp, u64)>, StoreError> {
    let noted = reader.meta(LAST_BACKUP)?;
    Ok(noted.and_then(|text| {
        let (at, through) = text.split_once(' ')?;
        Some((at.parse().ok()?, through.parse().ok()?))
    }))
}

/// Notes that a backup was written, for [`last_backup`].
pub fn note_backup(
    store: &mut store::Store,
    at: Timestamp,
    through: u64,
) -> Result<(), StoreError> {
    store.set_meta(LAST_BACKUP, &format!("{at} {through}"))
}

fn week_before(date: Date) -> Date {
    date.saturating_sub(7.days())
}

/// Reads what `today` needs.
pub fn figures(
    reader: &Reader,
    settings: &Settings,
    local: DateTime,
    now: Timestamp,
    terminals: &[TerminalId],
) -> Result<Figures, StoreError> {
    let best = reader.bestsellers(local.date(), BEST)?;
    let with_item = best.into_iter().map(|sales| {
        let stock = reader.stock(sales.item)?;
        reader.item(sales.item).map(|item| (sales, item, stock))
    });
    let backup = last_backup(reader)?;
    let mut default_passwords = 0;
    for terminal in &settings.terminals {
        if crate::pay::has_usual_password(reader, terminal)? {
            default_passwords += 1;
        }
    }
    Ok(Figures {
        default_passwords,
        wrong_days: reader.wrong_days(now.saturating_sub(SHOWN).unwrap_or(Timestamp::MIN))?,
        hours: reader.hours(local.date())?,
        week_ago: reader.hours(week_before(local.date()))?,
        best: with_item.collect::<Result<_, _>>()?,
        tenders: reader.tenders(local.date())?,
        low_stock: reader.low_stock_count()?,
        unknown_codes: reader.unknown_codes()?.len(),
        prints: reader.outbox_counts(None)?.unsettled,
        overdue_accounts: reader.account_sums(local.date())?.overdue_receipts,
        terminal_days: crate::http::terminal_days_waiting(reader, terminals)?,
        no_backup: backup.is_none_or(|(at, _)| now.duration_since(at) > BACKUP_AGE),
    })
}

/// Turnover and receipts.
#[derive(Clone, Copy, Default)]
struct Sales {
    amount: Money,
    receipts: u64,
}

impl Sales {
    fn of<'a>(hours: impl Iterator<Item = &'a HourSales>) -> Self {
        hours.fold(Sales::default(), |sum, hour| Sales {
            amount: sum.amount.saturating_plus(hour.amount),
            receipts: sum.receipts.saturating_add(hour.receipts),
        })
    }
}

fn small(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The shop's day at a glance.
pub fn today(
    shop: &Snapshot,
    settings: &Settings,
    figures: &Figures,
    views: &[Arc<TillView>],
    now: Timestamp,
) -> Today {
    let local = crate::print::zone(settings).to_datetime(now);
    let amount = |amount| Amount { amount, currency: settings.currency };
    let now_hour = u8::try_from(local.hour()).unwrap_or(0);
    let so_far = Sales::of(figures.hours.iter());
    let whole = Sales::of(figures.week_ago.iter());
    let week_so_far = Sales::of(figures.week_ago.iter().filter(|h| h.hour <= now_hour));
    let best = figures.best.iter().filter_map(|(sales, item, stock)| {
        let item = item.as_ref()?;
        Some(Bestseller {
            item: item.id,
            name: item.draft.name.clone(),
            group: item.draft.group,
            quantity: sales.quantity.thousandths(),
            turnover: amount(sales.amount),
            unit: item.draft.unit,
            stock: item.draft.stocked.then(|| stock.thousandths()),
            minimum: item.draft.minimum.map(Quantity::thousandths),
        })
    });
    let tills: Vec<TillToday> = views.iter().map(|view| till(shop, view, amount)).collect();
    let mut todo = todo(figures, &tills, &devices(shop, settings, local), paid_aside(views));
    todo.extend(crate::rksv::todos(shop, settings, now));
    Today {
        date: local.date(),
        turnover: amount(so_far.amount),
        receipts: small(so_far.receipts),
        average: part(so_far.amount, so_far.receipts).map(amount),
        change: compared(so_far.amount, week_so_far.amount),
        drawers: drawers(shop).map(amount),
        tenders: tenders(&figures.tenders, amount),
        week_ago: WeekAgo {
            date: week_before(local.date()),
            turnover: amount(whole.amount),
            receipts: small(whole.receipts),
            turnover_so_far: amount(week_so_far.amount),
        },
        hours: hours(figures, amount),
        bestsellers: best.collect(),
        todo,
        tills,
    }
}

/// An amount shared out over so many, rounded; none over none.
fn part(amount: Money, over: u64) -> Option<Money> {
    money::round_half_away(i128::from(amount.minor()), i128::from(over)).ok().map(Money::new)
}

/// `now` against `before`, hundredths of a percent; none against nothing.
fn compared(now: Money, before: Money) -> Option<i64> {
    let more = i128::from(now.minor()).saturating_sub(i128::from(before.minor()));
    money::round_half_away(more.saturating_mul(10_000), i128::from(before.minor())).ok()
}

fn drawers(shop: &Snapshot) -> Option<Money> {
    let mut open = shop.tills.iter().filter_map(|(_, day, _)| day.as_ref()).peekable();
    open.peek()?;
    Some(open.fold(Money::ZERO, |sum, day| sum.saturating_plus(day.drawer)))
}

fn tenders(rows: &[TenderSales], amount: impl Fn(Money) -> Amount) -> Vec<TenderToday> {
    let all = rows.iter().fold(Money::ZERO, |sum, row| sum.saturating_plus(row.amount));
    rows.iter()
        .map(|row| TenderToday {
            kind: row.kind,
            amount: amount(row.amount),
            share: compared(row.amount.saturating_plus(all), all).unwrap_or(0),
        })
        .collect()
}

fn hours(figures: &Figures, amount: impl Fn(Money) -> Amount) -> Vec<HourRow> {
    let mut rows: BTreeMap<u8, (Sales, Sales)> = BTreeMap::new();
    for hour in &figures.hours {
        let (now, _) = rows.entry(hour.hour).or_default();
        *now = Sales {
            amount: now.amount.saturating_plus(hour.amount),
            receipts: now.receipts.saturating_add(hour.receipts),
        };
    }
    for hour in &figures.week_ago {
        let (_, before) = rows.entry(hour.hour).or_default();
        before.amount = before.amount.saturating_plus(hour.amount);
    }
    let (Some(first), Some(last)) = (rows.keys().next().copied(), rows.keys().next_back().copied())
    else {
        return Vec::new();
    };
    (first..=last)
        .map(|hour| {
            let (now, before) = rows.get(&hour).copied().unwrap_or_default();
            HourRow {
                hour,
                turnover: amount(now.amount),
                receipts: small(now.receipts),
                week_ago: amount(before.amount),
            }
        })
        .collect()
}

fn till(shop: &Snapshot, view: &TillView, amount: impl Fn(Money) -> Amount) -> TillToday {
    let day =
        shop.tills.iter().find(|(id, _, _)| *id == view.till).and_then(|(_, day, _)| day.as_ref());
    let receipts = day.map(|d| d.totals.receipts).unwrap_or_default();
    TillToday {
        till: view.till,
        name: view.name.clone(),
        person: view.person.clone(),
        day: day.map(|d| d.number.0),
        overdue: view.day.as_ref().is_some_and(|d| d.overdue),
        turnover: amount(receipts.amount),
        receipts: receipts.count,
        lamps: view.lamps.iter().filter(|l| l.state != LampState::Ok).cloned().collect(),
    }
}

/// Baskets of the shop that were set aside and are paid in full: every till sees all of them.
fn paid_aside(views: &[Arc<TillView>]) -> u64 {
    let parked = views.first().map(|view| view.parked.as_slice()).unwrap_or_default();
    let paid = |basket: &&BasketSummary| {
        basket.payment.as_ref().is_some_and(|payment| payment.truth == Truth::Charged)
    };
    u64::try_from(parked.iter().filter(paid).count()).unwrap_or(u64::MAX)
}

/// Card terminals with whom something is the matter, counted.
#[derive(Default)]
struct Devices {
    stopped: u64,
    overdue: u64,
    unregistered: u64,
    ending: u64,
}

fn devices(shop: &Snapshot, settings: &Settings, local: DateTime) -> Devices {
    let zone = TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC);
    let today = local.date();
    let mut found = Devices::default();
    for terminal in &settings.terminals {
        let device = shop.devices.get(&terminal.id);
        let Some(device) = device.filter(|device| device.card.is_some()) else {
            found.unregistered += 1;
            continue;
        };
        let due = device
            .inspection_due(settings.inspection_days, |at| zone.to_datetime(at).date())
            .is_some_and(|due| today > due);
        let ending =
            matches!(device.approval(today), ApprovalState::EndsSoon | ApprovalState::Ended);
        found.stopped += u64::from(device.stop.is_some());
        found.overdue += u64::from(due);
        found.ending += u64::from(ending);
    }
    found
}

fn todo(figures: &Figures, tills: &[TillToday], devices: &Devices, paid_aside: u64) -> Vec<Todo> {
    let overdue = tills.iter().filter(|t| t.overdue).count();
    let counts = [
        (TodoKind::DayProofs, figures.wrong_days),
        (TodoKind::TerminalsStopped, devices.stopped),
        (TodoKind::InspectionsOverdue, devices.overdue),
        (TodoKind::LowStock, figures.low_stock),
        (TodoKind::UnknownCodes, u64::try_from(figures.unknown_codes).unwrap_or(u64::MAX)),
        (TodoKind::OverdueDays, u64::try_from(overdue).unwrap_or(u64::MAX)),
        (TodoKind::Prints, u64::from(figures.prints)),
        (TodoKind::OverdueAccounts, figures.overdue_accounts),
        (TodoKind::TerminalDays, u64::from(figures.terminal_days)),
        (TodoKind::PaidAside, paid_aside),
        (TodoKind::NoBackup, u64::from(figures.no_backup)),
        (TodoKind::TerminalsUnregistered, devices.unregistered),
        (TodoKind::ApprovalsEnding, devices.ending),
        (TodoKind::DefaultPasswords, u64::try_from(figures.default_passwords).unwrap_or(u64::MAX)),
    ];
    counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| Todo { kind, count: small(count) })
        .collect()
}
