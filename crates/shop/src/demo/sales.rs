//! The past of the demo: receipts by weekday, hour and season, from the seed.

use domain::catalogue::Unit;
use domain::{PriceListId, TillId};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday};
use money::{Money, Quantity, line_total};

use super::random::Random;
use super::{DemoShop, goods};

/// A line of a past receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoLine {
    /// Index into [`DemoShop::items`].
    pub item: usize,
    /// Thousandths: whole pieces, or a weight.
    pub quantity: Quantity,
    /// The price typed in, of an item with an open price.
    pub price: Option<Money>,
}

/// A past receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoReceipt {
    /// Local time of payment. Receipts come in this order.
    pub at: DateTime,
    /// Which till.
    pub till: TillId,
    /// Index into [`DemoShop::people`].
    pub person: usize,
    /// At least one.
    pub lines: Vec<DemoLine>,
    /// Cash given; none: the exact amount. Never less than the total with deposits (a promotion can only
    /// make it less).
    pub tendered: Option<Money>,
    /// The age that must be confirmed before payment.
    pub age: Option<u8>,
}

/// Receipts of an average day.
const PER_DAY: u64 = 90;
/// Thousandths of the average, Monday to Saturday; closed on Sundays.
const WEEKDAYS: [u64; 6] = [880, 860, 900, 1_000, 1_220, 1_140];
/// Thousandths of the average, January to December.
const MONTHS: [u64; 12] =
    [920, 940, 970, 1_000, 1_020, 1_040, 980, 960, 1_000, 1_010, 1_030, 1_190];
/// Weight of each hour from 7 to 19.
const HOURS: [u64; 13] = [70, 85, 75, 80, 95, 105, 70, 65, 80, 100, 120, 110, 60];
/// The same on Saturdays, when the shop closes at 16.
const SATURDAY: [u64; 9] = [70, 110, 140, 150, 140, 120, 90, 80, 60];

/// Receipts of the past `days` days before the shop's today, oldest first.
pub fn sales(seed: u64, shop: &DemoShop, days: u32) -> Sales<'_> {
    let first = shop.today.checked_sub(i64::from(days).days()).unwrap_or(shop.today);
    Sales {
        shop,
        shelves: Shelves::new(shop),
        random: Random::new(seed, 2),
        day: first,
        per_day: PER_DAY,
        ready: Vec::new().into_iter(),
    }
}

/// The receipts of [`sales`], made day by day.
pub struct Sales<'a> {
    shop: &'a DemoShop,
    shelves: Shelves,
    random: Random,
    day: Date,
    per_day: u64,
    ready: std::vec::IntoIter<DemoReceipt>,
}

impl Sales<'_> {
    /// With so many receipts on an average day.
    #[must_use]
    pub fn per_day(self, receipts: u32) -> Self {
        Self { per_day: u64::from(receipts), ..self }
    }
}

impl Iterator for Sales<'_> {
    type Item = DemoReceipt;

    fn next(&mut self) -> Option<DemoReceipt> {
        loop {
            if let Some(receipt) = self.ready.next() {
                return Some(receipt);
            }
            if self.day >= self.shop.today {
                return None;
            }
            self.ready = self.receipts_of_day().into_iter();
            self.day = self.day.tomorrow().ok()?;
        }
    }
}

/// Indexes of the items by group.
struct Shelves {
    groups: Vec<Vec<usize>>,
    refunds: Vec<usize>,
}

impl Shelves {
    fn new(shop: &DemoShop) -> Self {
        let mut groups = vec![Vec::new(); goods::GROUPS.len()];
        let mut refunds = Vec::new();
        for (index, item) in shop.items.iter().enumerate() {
            let place = usize::from(item.draft.group.0).checked_sub(1);
            if item.draft.refund {
                refunds.push(index);
            } else if item.draft.group.0 != goods::DEPOSIT
                && let Some(shelf) = place.and_then(|place| groups.get_mut(place))
            {
                shelf.push(index);
            }
        }
        Self { groups, refunds }
    }
}

impl Sales<'_> {
    fn receipts_of_day(&mut self) -> Vec<DemoReceipt> {
        let weekday = self.day.weekday();
        if weekday == Weekday::Sunday {
            return Vec::new();
        }
        let factor = |table: &[u64], from_one: i8| {
            let index = usize::try_from(from_one.saturating_sub(1)).unwrap_or(0);
            table.get(index).copied().unwrap_or(1_000)
        };
        let by_day = factor(&WEEKDAYS, weekday.to_monday_one_offset());
        let by_month = factor(&MONTHS, self.day.month());
        let expected = self.per_day.saturating_mul(by_day).saturating_mul(by_month) / 1_000_000;
        // A day is between 85 % and 115 % of what is expected.
        let count = expected.saturating_mul(85 + self.random.below(31)) / 100;
        let hours: &[u64] = if weekday == Weekday::Saturday { &SATURDAY } else { &HOURS };
        let mut times: Vec<DateTime> = (0..count)
            .map(|_| {
                let hour =
                    7_i8.saturating_add(i8::try_from(self.random.weighted(hours)).unwrap_or(0));
                let mut part = || i8::try_from(self.random.below(60)).unwrap_or(0);
                self.day.at(hour, part(), part(), 0)
            })
            .collect();
        times.sort_unstable();
        times.into_iter().map(|at| self.receipt(at)).collect()
    }

    fn receipt(&mut self, at: DateTime) -> DemoReceipt {
        // The second till is open when there is much to do.
        let busy = matches!(at.hour(), 10..=12 | 16..=18);
        let second = busy && self.random.chance(40);
        let morning = at.hour() < 13;
        let person = match (second, morning) {
            (false, true) => 2,
            (false, false) => 1,
            (true, true) => 1,
            (true, false) => 2,
        };
        let weights = [18, 17, 15, 12, 10, 8, 6, 5, 3, 3, 2, 1];
        let count = self.random.weighted(&weights) + 1;
        let mut lines: Vec<DemoLine> = Vec::with_capacity(count);
        for _ in 0..count {
            if let Some(line) = self.line(at)
                && lines.iter().all(|known| known.item != line.item)
            {
                lines.push(line);
            }
        }
        if lines.is_empty() || self.random.chance(6) {
            lines.extend(self.empties());
        }
        let total = self.total(&lines);
        let age = lines.iter().filter_map(|l| self.shop.items.get(l.item)?.draft.age).max();
        DemoReceipt {
            at,
            till: TillId(if second { 2 } else { 1 }),
            person,
            tendered: self.tendered(total),
            lines,
            age,
        }
    }

    /// A group by the hour and the season, and of it an item: the first ones sell best.
    fn line(&mut self, at: DateTime) -> Option<DemoLine> {
        let mut weights = [110, 150, 70, 120, 130, 55, 90, 80, 30, 25, 30, 45, 8, 0];
        let mut times = |group: u16, percent: u64| {
            let place = usize::from(group).checked_sub(1);
            if let Some(weight) = place.and_then(|place| weights.get_mut(place)) {
                *weight = *weight * percent / 100;
            }
        };
        match at.hour() {
            ..10 => {
                times(goods::BREAD, 250);
                times(goods::PRESS, 300);
                times(goods::ALCOHOL, 20);
            }
            17.. => {
                times(goods::BREAD, 40);
                times(goods::ALCOHOL, 220);
                times(goods::FROZEN, 150);
            }
            _ => {}
        }
        match at.month() {
            6..=8 => {
                times(goods::DRINKS, 150);
                times(goods::FROZEN, 160);
                times(goods::FRUIT, 120);
            }
            11..=12 => times(goods::SWEETS, 150),
            _ => {}
        }
        let group = self.random.weighted(&weights);
        let shelf = self.shelves.groups.get(group)?;
        let size = u64::try_from(shelf.len()).ok()?;
        let place = self.random.below(size).min(self.random.below(size));
        let index = *shelf.get(usize::try_from(place).ok()?)?;
        let draft = &self.shop.items.get(index)?.draft;
        let quantity = if draft.unit == Unit::Piece {
            1_000 * i64::try_from(self.random.weighted(&[0, 70, 17, 6, 4, 1, 2])).unwrap_or(1)
        } else {
            5 * self.random.between(20, 320)
        };
        let price = draft.open_price.then(|| Money::new(100 * self.random.between(4, 25) - 1));
        Some(DemoLine { item: index, quantity: Quantity::new(quantity), price })
    }

    /// Bottles brought back.
    fn empties(&mut self) -> Option<DemoLine> {
        let count = u64::try_from(self.shelves.refunds.len()).ok()?;
        let place = usize::try_from(self.random.below(count)).ok()?;
        let item = *self.shelves.refunds.get(place)?;
        let quantity = Quantity::new(1_000 * self.random.between(1, 12));
        Some(DemoLine { item, quantity, price: None })
    }

    /// What is to be paid with deposits and without promotions.
    fn total(&self, lines: &[DemoLine]) -> Money {
        let mut total = Money::ZERO;
        for line in lines {
            let Some(item) = self.shop.items.get(line.item) else { continue };
            let noon = self.day.at(12, 0, 0, 0);
            let deposit =
                item.draft.deposit.and_then(|id| usize::try_from(id.0.checked_sub(1)?).ok());
            let deposit = deposit.and_then(|index| self.shop.items.get(index));
            let price = line.price.or_else(|| item.draft.price_at(PriceListId(0), noon));
            let deposit = deposit.and_then(|item| item.draft.price_at(PriceListId(0), noon));
            for price in [price, deposit].into_iter().flatten() {
                let amount = line_total(line.quantity, price).unwrap_or_default();
                let amount = if item.draft.refund { amount.negated() } else { amount };
                total = total.saturating_plus(amount);
            }
        }
        total
    }

    /// The exact amount, or a note or a round sum above.
    fn tendered(&mut self, total: Money) -> Option<Money> {
        let cents = total.minor();
        if cents <= 0 || self.random.chance(25) {
            return None;
        }
        let steps: &[i64] = match cents {
            ..=1_000 => &[100, 500, 1_000, 2_000],
            1_001..=5_000 => &[500, 1_000, 5_000],
            5_001.. => &[1_000, 5_000],
        };
        let pick = usize::try_from(self.random.below(u64::try_from(steps.len()).ok()?)).ok()?;
        let step = *steps.get(pick)?;
        let given = cents.saturating_add(step - 1) / step * step;
        Some(Money::new(given))
    }
}
