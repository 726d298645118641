//! The sums a closing asks for, out of its receipts: for callers that did not keep them while they sold, and to hold
//! kept ones against. Only [`ReceiptKind::Receipt`] counts.

use std::collections::BTreeMap;

use super::model::{
    Amount, BusinessCase, CaseTotal, CashTotal, Closing, PaymentKind, PaymentTotal, Rate, Receipt,
    ReceiptKind, Taxed,
};

/// What the lines of one business case are told apart by, and their tax key.
type CaseKey = (BusinessCase, String, Option<u64>, u32);

/// Sums that grow receipt by receipt.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    first: Option<String>,
    last: String,
    cases: BTreeMap<CaseKey, Taxed>,
    payments: BTreeMap<(PaymentKind, String), Amount>,
    cash: BTreeMap<String, Amount>,
}

impl Totals {
    /// Adds a receipt; `currency` is the till's own.
    pub fn add(&mut self, receipt: &Receipt, currency: &str) {
        self.first.get_or_insert_with(|| receipt.id.clone());
        self.last.clone_from(&receipt.id);
        if receipt.kind != ReceiptKind::Receipt {
            return;
        }
        for line in &receipt.lines {
            for taxed in &line.vat {
                let key = (line.case, line.case_name.clone(), line.agency, taxed.key);
                let start = Taxed { key: taxed.key, ..Taxed::default() };
                let sum = self.cases.entry(key).or_insert(start);
                sum.gross = sum.gross.plus(taxed.gross);
                sum.net = sum.net.plus(taxed.net);
                sum.tax = sum.tax.plus(taxed.tax);
            }
        }
        for payment in &receipt.payments {
            let sum = self.payments.entry((payment.kind, payment.name.clone())).or_default();
            *sum = sum.plus(payment.amount);
            if payment.kind == PaymentKind::Cash {
                let (currency, amount) = match &payment.foreign {
                    Some((currency, amount)) => (currency.as_str(), *amount),
                    None => (currency, payment.amount),
                };
                let sum = self.cash.entry(currency.to_owned()).or_default();
                *sum = sum.plus(amount);
            }
        }
    }

    /// Puts the sums, the first and the last receipt into a closing.
    pub fn into_closing(self, closing: &mut Closing) {
        closing.first_receipt = self.first.unwrap_or_default();
        closing.last_receipt = self.last;
        let all = |sum: Amount, one: &Amount| sum.plus(*one);
        closing.paid = self.payments.values().fold(Amount::ZERO, all);
        let cash = self.payments.iter().filter(|((kind, _), _)| *kind == PaymentKind::Cash);
        closing.paid_in_cash = cash.map(|(_, sum)| sum).fold(Amount::ZERO, all);
        let cases = self.cases.into_iter();
        closing.cases = cases
            .map(|((case, name, agency, _), sum)| CaseTotal { case, name, agency, sum })
            .collect();
        let payments = self.payments.into_iter();
        closing.payments =
            payments.map(|((kind, name), sum)| PaymentTotal { kind, name, sum }).collect();
        let cash = self.cash.into_iter();
        closing.cash = cash.map(|(currency, sum)| CashTotal { currency, sum }).collect();
    }
}

/// A receipt's tax of one key on its lines, each line's by its rate and to the hundred-thousandth, so that the lines add
/// up to exactly `whole`: what rounding leaves goes to the largest line. Nothing when the lines' gross amounts do not
/// add up to `whole.gross`.
pub fn spread(whole: Taxed, rate: Rate, lines: &[Amount]) -> Option<Vec<Taxed>> {
    let rate = i128::from(rate.hundredths());
    let mut spread = Vec::with_capacity(lines.len());
    let (mut gross, mut tax) = (Amount::ZERO, Amount::ZERO);
    for line in lines {
        let numerator = i128::from(line.hundred_thousandths()).checked_mul(rate)?;
        let exact = numerator.checked_div(rate.checked_add(10_000)?)?;
        let part = Amount::new(i64::try_from(exact).ok()?);
        (gross, tax) = (gross.plus(*line), tax.plus(part));
        spread.push(Taxed { key: whole.key, gross: *line, net: line.minus(part), tax: part });
    }
    if gross != whole.gross {
        return None;
    }
    let left = whole.tax.minus(tax);
    let largest = spread.iter_mut().max_by_key(|line| line.gross.hundred_thousandths().abs());
    match largest {
        Some(line) => {
            line.tax = line.tax.plus(left);
            line.net = line.net.minus(left);
            Some(spread)
        }
        None => (left == Amount::ZERO).then_some(spread),
    }
}
