//! Money of the day: the receipts' taxes and tenders against the Z report, cards against the terminals, cash against the
//! count. Each sum is made anew from the entries, not by the code that keeps the day's totals.

use std::collections::{BTreeMap, BTreeSet};

use domain::basket::{Tender, TenderKind};
use domain::day::{ClosedDay, Tally};
use domain::event::Event;
use domain::receipt::Receipt;
use domain::terminal_day::{ClosingState, compare};
use domain::totals::TaxRow;
use domain::voucher::NOT_TAXABLE;
use domain::{AttemptId, BasketId};
use money::{Currency, Money, Rate};
use store::{Reader, StoreError};

use super::{Difference, Figure, FigureUnit, Statement, StatementKind};

/// A card payment at one of the shop's terminals, as a receipt has it.
struct Card {
    number: u64,
    attempt: AttemptId,
    amount: Money,
}

/// What was counted when the drawer was counted last.
#[derive(Clone, Copy)]
struct Counted {
    counted: Money,
    expected: Money,
}

/// Sums as they grow.
pub(super) struct Sums {
    taxes: BTreeMap<(u16, Rate), TaxRow>,
    turnover: Tally,
    tenders: BTreeMap<TenderKind, Tally>,
    cards: Vec<Card>,
    by_hand: Tally,
    /// The first receipt that is not the sum of its taxes; of its tenders.
    receipt: (Option<Difference>, Option<Difference>),
    training: BTreeSet<BasketId>,
    float: Money,
    sales: Money,
    paid_in: Money,
    paid_out: Money,
    drops: Money,
    foreign: BTreeMap<Currency, Money>,
    counted: Option<Counted>,
    /// As the entry that closes the day says it: counted, and the difference.
    closing: Option<(Money, Money)>,
}

fn plus(to: &mut Money, amount: Money) {
    *to = to.saturating_plus(amount);
}

/// An amount as it is written: whole and parts by the currency's digits, with a point.
pub(super) fn plain(amount: Money, currency: Currency) -> String {
    let digits = usize::from(currency.minor_digits());
    let minor = amount.minor().unsigned_abs().to_string();
    let padded = format!("{minor:0>width$}", width = digits.saturating_add(1));
    let (whole, part) = padded.split_at(padded.len().saturating_sub(digits));
    let sign = if amount.minor() < 0 { "-" } else { "" };
    if digits == 0 { format!("{sign}{padded}") } else { format!("{sign}{whole}.{part}") }
}

impl Sums {
    pub(super) fn new() -> Sums {
        Sums {
            taxes: BTreeMap::new(),
            turnover: Tally::default(),
            tenders: BTreeMap::new(),
            cards: Vec::new(),
            by_hand: Tally::default(),
            receipt: (None, None),
            training: BTreeSet::new(),
            float: Money::ZERO,
            sales: Money::ZERO,
            paid_in: Money::ZERO,
            paid_out: Money::ZERO,
            drops: Money::ZERO,
            foreign: BTreeMap::new(),
            counted: None,
            closing: None,
        }
    }

    /// Hears every entry of the day, of other tills as well: cash of training baskets never reaches the drawer, and a
    /// basket may have begun elsewhere.
    pub(super) fn hear(&mut self, kind: &str, bytes: &str) {
        if kind == "basket_opened"
            && bytes.contains("\"training\":true")
            && let Ok((_, Event::BasketOpened { basket, training: true })) = journal::decode(bytes)
        {
            self.training.insert(basket);
        }
    }

    /// Takes an entry of the till.
    pub(super) fn take(&mut self, event: &Event) {
        match event {
            Event::DayOpened { float, .. } => self.float = *float,
            Event::ReceiptIssued(receipt) if !receipt.training => self.receipt(receipt),
            Event::TenderRecorded { basket, tender } => self.cash(*basket, tender, false),
            Event::TenderUndone { basket, tender } => self.cash(*basket, tender, true),
            Event::CashPaidIn { amount, .. } => plus(&mut self.paid_in, *amount),
            Event::CashPaidOut { amount, .. } => plus(&mut self.paid_out, *amount),
            Event::CashDropped { amount, .. } => plus(&mut self.drops, *amount),
            Event::DrawerCounted(count) => {
                let (counted, expected) = (count.counted, count.expected);
                self.counted = Some(Counted { counted, expected });
            }
            Event::DayClosed { counted, difference, .. } => {
                self.closing = Some((*counted, *difference));
            }
            _ => {}
        }
    }

    fn cash(&mut self, basket: BasketId, tender: &Tender, undone: bool) {
        let moves = matches!(tender.kind, TenderKind::Cash | TenderKind::CashForeign);
        if !moves || self.training.contains(&basket) {
            return;
        }
        let signed = |amount: Money| if undone { amount.negated() } else { amount };
        plus(&mut self.sales, signed(tender.cash()));
        if let Some(foreign) = tender.foreign {
            plus(self.foreign.entry(foreign.currency).or_default(), signed(foreign.amount));
        }
    }

    fn receipt(&mut self, receipt: &Receipt) {
        let mut gross = Money::ZERO;
        for row in &receipt.tax {
            plus(&mut gross, row.gross);
            self.tax(row);
        }
        // What is no turnover stands in the receipt's rows as not taxable, and not in the Z report's.
        for line in receipt.lines.iter().filter(|line| !line.is_turnover()) {
            let off = line.total().negated();
            self.tax(&TaxRow { key: NOT_TAXABLE.0, net: off, gross: off, ..TaxRow::default() });
        }
        self.turnover.add(receipt.turnover());
        let mut paid = Money::ZERO;
        for tender in &receipt.tenders {
            plus(&mut paid, tender.amount);
            self.tenders.entry(tender.kind).or_default().add(tender.amount);
            match (tender.kind, tender.attempt()) {
                (TenderKind::Card, Some(attempt)) => {
                    let (number, amount) = (receipt.number.0, tender.amount);
                    self.cards.push(Card { number, attempt, amount });
                }
                (TenderKind::Card | TenderKind::CardExternal, _) => {
                    self.by_hand.add(tender.amount);
                }
                _ => {}
            }
        }
        let own = (receipt.number.0, false);
        let money = |amount| plain(amount, receipt.currency);
        if gross != receipt.total && self.receipt.0.is_none() {
            let found = Difference::new("receipt_tax", money(gross), money(receipt.total));
            self.receipt.0 = Some(found.at_receipt(own));
        }
        let due = receipt.total.saturating_plus(receipt.rounding);
        if paid != due && self.receipt.1.is_none() {
            let found = Difference::new("receipt_tenders", money(paid), money(due));
            self.receipt.1 = Some(found.at_receipt(own));
        }
    }

    fn tax(&mut self, row: &TaxRow) {
        let empty = TaxRow { key: row.key, rate: row.rate, ..TaxRow::default() };
        let sum = self.taxes.entry((row.key, row.rate)).or_insert(empty);
        plus(&mut sum.net, row.net);
        plus(&mut sum.tax, row.tax);
        plus(&mut sum.gross, row.gross);
    }

    /// What can be said of the money.
    pub(super) fn statements(
        self,
        reader: &Reader,
        closed: &ClosedDay,
        currency: Currency,
    ) -> Result<[Statement; 4], StoreError> {
        Ok([
            self.taxes(closed, currency),
            self.tenders(closed, currency),
            self.terminals(reader, closed, currency)?,
            self.drawer(closed, currency),
        ])
    }

    fn taxes(&self, closed: &ClosedDay, currency: Currency) -> Statement {
        let report = &closed.day.totals;
        let said: BTreeMap<(u16, Rate), TaxRow> =
            report.tax.iter().map(|row| ((row.key, row.rate), *row)).collect();
        let keys: BTreeSet<(u16, Rate)> = said.keys().chain(self.taxes.keys()).copied().collect();
        let mut difference = self.receipt.0.clone();
        let mut figures = Vec::new();
        for (key, rate) in keys {
            let nothing = TaxRow { key, rate, ..TaxRow::default() };
            let ours = self.taxes.get(&(key, rate)).copied().unwrap_or(nothing);
            let theirs = said.get(&(key, rate)).copied().unwrap_or(nothing);
            let columns = [
                ("report_net", ours.net, theirs.net),
                ("report_tax", ours.tax, theirs.tax),
                ("report_gross", ours.gross, theirs.gross),
            ];
            for (field, ours, theirs) in columns {
                if ours != theirs && difference.is_none() {
                    let field = format!("{field}_{key}");
                    let found = plain(theirs, currency);
                    difference = Some(Difference::new(&field, found, plain(ours, currency)));
                }
            }
            if ours != nothing {
                let of = Some(format!("{key}:{}", rate.basis_points()));
                figures.push(Figure::of(
                    "tax_gross",
                    of.clone(),
                    ours.gross.minor(),
                    FigureUnit::Money,
                ));
                figures.push(Figure::of("tax_tax", of, ours.tax.minor(), FigureUnit::Money));
            }
        }
        if report.receipts.count != self.turnover.count && difference.is_none() {
            let (found, expected) = (report.receipts.count, self.turnover.count);
            difference = Some(Difference::new("report_receipts", found, expected));
        }
        if report.receipts.amount != self.turnover.amount && difference.is_none() {
            let found = plain(report.receipts.amount, currency);
            let expected = plain(self.turnover.amount, currency);
            difference = Some(Difference::new("report_turnover", found, expected));
        }
        figures.push(Figure::money("turnover", self.turnover.amount));
        Statement::of(StatementKind::Taxes, figures, difference, None)
    }

    fn tenders(&self, closed: &ClosedDay, currency: Currency) -> Statement {
        let said = &closed.day.totals.tenders;
        let kinds: BTreeSet<TenderKind> = said.keys().chain(self.tenders.keys()).copied().collect();
        let mut difference = self.receipt.1.clone();
        let mut figures = Vec::new();
        for kind in kinds {
            let ours = self.tenders.get(&kind).copied().unwrap_or_default();
            let theirs = said.get(&kind).copied().unwrap_or_default();
            let word = word(kind);
            if ours.count != theirs.count && difference.is_none() {
                let field = format!("report_count_{word}");
                difference = Some(Difference::new(&field, theirs.count, ours.count));
            }
            if ours.amount != theirs.amount && difference.is_none() {
                let found = plain(theirs.amount, currency);
                let field = format!("report_tender_{word}");
                difference = Some(Difference::new(&field, found, plain(ours.amount, currency)));
            }
            figures.push(Figure::of("tender", Some(word), ours.amount.minor(), FigureUnit::Money));
        }
        Statement::of(StatementKind::Tenders, figures, difference, None)
    }

    fn terminals(
        &self,
        reader: &Reader,
        closed: &ClosedDay,
        currency: Currency,
    ) -> Result<Statement, StoreError> {
        let mut difference = None;
        let mut why = (self.by_hand.count > 0).then_some("by_hand");
        let mut sum = Money::ZERO;
        for card in &self.cards {
            plus(&mut sum, card.amount);
            if difference.is_some() {
                continue;
            }
            let found = reader.attempt(card.attempt)?;
            let (state, counts) = found
                .as_ref()
                .map_or(("", Money::ZERO), |attempt| (attempt.state.as_str(), attempt.counts));
            let taken = Money::new(card.amount.minor().saturating_abs());
            let own = (card.number, false);
            if !matches!(state, "approved" | "resolved_charged") {
                let found = Difference::new("attempt_state", state, "approved");
                difference = Some(found.at_receipt(own));
            } else if counts != taken {
                let (found, expected) = (plain(counts, currency), plain(taken, currency));
                difference =
                    Some(Difference::new("attempt_amount", found, expected).at_receipt(own));
            }
        }
        let mut figures = vec![Figure::money("cards", sum)];
        if self.by_hand.count > 0 {
            figures.push(Figure::money("cards_by_hand", self.by_hand.amount));
        }
        let span = (closed.day.opened, closed.closed);
        for (terminal, day) in reader.terminal_days_of(closed.till, span)? {
            let closing = day.map(|day| day.closing);
            let Some(closing) = closing.filter(|one| one.state == ClosingState::Closed) else {
                why = why.or(Some("terminal_open"));
                continue;
            };
            let Some(totals) = closing.totals.as_ref().filter(|_| !closing.alone) else {
                why = why.or(Some("no_totals"));
                continue;
            };
            let pairs = compare(&closing.ours, &totals.cards);
            let all = totals.cards.iter().fold(Money::ZERO, |all, of| all.saturating_plus(of.sum));
            let of = Some(terminal.to_string());
            figures.push(Figure::of("terminal", of, all.minor(), FigureUnit::Money));
            let Some(pair) = pairs.iter().find(|pair| !pair.matches()) else { continue };
            if difference.is_none() {
                let scheme = serde_json::to_string(&pair.scheme).unwrap_or_default();
                let field = format!("terminal_{}_{}", terminal, scheme.trim_matches('"'));
                let shown =
                    |tally: Tally| format!("{} × {}", tally.count, plain(tally.amount, currency));
                let (found, expected) = (shown(pair.theirs), shown(pair.ours));
                difference = Some(Difference::new(&field, found, expected));
            }
        }
        Ok(Statement::of(StatementKind::Terminals, figures, difference, why))
    }

    fn drawer(&self, closed: &ClosedDay, currency: Currency) -> Statement {
        let expected = [self.sales, self.paid_in, self.paid_out.negated(), self.drops.negated()]
            .into_iter()
            .fold(self.float, Money::saturating_plus);
        let day = &closed.day;
        let counted = self.counted;
        let mut difference = None;
        let mut hold = |field: &str, found: Money, expected: Money| {
            if found != expected && difference.is_none() {
                let (found, expected) = (plain(found, currency), plain(expected, currency));
                difference = Some(Difference::new(field, found, expected));
            }
        };
        hold("drawer_float", day.float, self.float);
        hold("drawer_expected", day.drawer, expected);
        for (currency, amount) in &self.foreign {
            let field = format!("drawer_foreign_{currency}");
            let book = day.foreign.get(currency).copied().unwrap_or_default();
            hold(&field, book, *amount);
        }
        let mut why = None;
        match (counted, self.closing) {
            (Some(count), Some((said, booked))) => {
                let over = said.saturating_plus(expected.negated());
                hold("drawer_counted", said, count.counted);
                hold("drawer_expected_when_counted", count.expected, expected);
                hold("drawer_difference", booked, over);
                hold("report_difference", closed.difference, booked);
            }
            _ => why = Some("not_counted"),
        }
        let mut figures = vec![
            Figure::money("float", self.float),
            Figure::money("cash_sales", self.sales),
            Figure::money("paid_in", self.paid_in),
            Figure::money("paid_out", self.paid_out),
            Figure::money("drops", self.drops),
            Figure::money("expected", expected),
        ];
        if let Some((said, booked)) = self.closing {
            figures.push(Figure::money("counted", said));
            figures.push(Figure::money("difference", booked));
        }
        Statement::of(StatementKind::Cash, figures, difference, why)
    }
}

/// The word that a tender is serialised as.
fn word(kind: TenderKind) -> String {
    let word = serde_json::to_string(&kind).unwrap_or_default();
    word.trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_with_the_currencys_digits() {
        let cases = [(1, "0.01"), (-5, "-0.05"), (12_345, "123.45"), (0, "0.00"), (-100, "-1.00")];
        for (minor, text) in cases {
            assert_eq!(plain(Money::new(minor), Currency::EUR), text);
        }
        let yen = "JPY".parse().expect("a currency");
        assert_eq!(plain(Money::new(-12), yen), "-12");
    }
}
