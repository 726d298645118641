//! A receipt's lines with their tax. Receipts are taxed by the sum of each key; the form wants it line by line, so each
//! sum is spread over its lines, to the hundred-thousandth. What came back from another receipt brings its own tax.

use domain::basket::Line as Sold;
use domain::catalogue::Unit;
use domain::totals::{TaxRow, rate_at, tax_parts};
use domain::voucher::{LineVoucher, NOT_TAXABLE};
use domain::{ReceiptRef, TaxKey};
use fiscal::de::dsfinvk::model::{
    Amount, AmountKind, BusinessCase, Line, Quantity, Rate, Reference, ReferenceKind, Taxed,
};
use fiscal::de::dsfinvk::spread;
use jiff::Timestamp;
use journal::EntryMeta;

use super::Fault;
use super::closing::Book;
use super::record::{cents, reference};

/// What a receipt, or a basket that was given up, is made of.
pub(super) struct Goods<'a> {
    pub(super) lines: &'a [Sold],
    /// Its sums by key and rate.
    pub(super) tax: &'a [TaxRow],
    pub(super) opened: Timestamp,
}

/// A part of a line under one key.
struct Part {
    line: usize,
    key: u16,
    rate: money::Rate,
    /// As the line says it: with tax where prices contain it, else without.
    amount: Amount,
    /// Its tax, where it brings its own.
    given: Option<TaxRow>,
}

/// The lines, and the receipt's sums by key.
pub(super) fn of(
    book: &mut Book<'_>,
    meta: &EntryMeta,
    issued: &Goods<'_>,
    id: &str,
) -> Result<(Vec<Line>, Vec<Taxed>), Fault> {
    let wrong = || Fault::Receipt(id.to_owned());
    let parts = parts(book, meta, issued).ok_or_else(wrong)?;
    let mut taxes: Vec<Vec<Taxed>> = issued.lines.iter().map(|_| Vec::new()).collect();
    let mut sums = Vec::new();
    let mut spread_parts = 0_usize;
    for row in issued.tax {
        let key = book.key(row.key, row.rate);
        let whole = taxed(key, row);
        add(&mut sums, whole);
        let ours: Vec<&Part> =
            parts.iter().filter(|part| (part.key, part.rate) == (row.key, row.rate)).collect();
        spread_parts = spread_parts.saturating_add(ours.len());
        let mut left = whole;
        for (part, given) in ours.iter().filter_map(|part| Some((part, part.given.as_ref()?))) {
            let given = taxed(key, given);
            left = minus(left, given);
            add(taxes.get_mut(part.line).ok_or_else(wrong)?, given);
        }
        let open: Vec<&&Part> = ours.iter().filter(|part| part.given.is_none()).collect();
        let amounts: Vec<Amount> = open.iter().map(|part| part.amount).collect();
        let shares = share(left, row.rate, &amounts).ok_or_else(wrong)?;
        for (part, share) in open.iter().zip(shares) {
            add(taxes.get_mut(part.line).ok_or_else(wrong)?, share);
        }
    }
    if spread_parts != parts.len() {
        return Err(wrong());
    }
    let mut lines = Vec::with_capacity(issued.lines.len());
    for (sold, vat) in issued.lines.iter().zip(taxes) {
        lines.push(line(book, sold, vat)?);
    }
    Ok((lines, sums))
}

fn taxed(key: u32, row: &TaxRow) -> Taxed {
    Taxed { key, gross: cents(row.gross), net: cents(row.net), tax: cents(row.tax) }
}

fn minus(whole: Taxed, part: Taxed) -> Taxed {
    Taxed {
        key: whole.key,
        gross: whole.gross.minus(part.gross),
        net: whole.net.minus(part.net),
        tax: whole.tax.minus(part.tax),
    }
}

/// Adds to the sum of the same key.
pub(super) fn add(sums: &mut Vec<Taxed>, more: Taxed) {
    match sums.iter_mut().find(|sum| sum.key == more.key) {
        Some(sum) => {
            sum.gross = sum.gross.plus(more.gross);
            sum.net = sum.net.plus(more.net);
            sum.tax = sum.tax.plus(more.tax);
        }
        None => sums.push(more),
    }
}

/// Each line's share of a sum, whether its amounts are with tax or without.
fn share(whole: Taxed, rate: money::Rate, amounts: &[Amount]) -> Option<Vec<Taxed>> {
    let sum = amounts.iter().fold(Amount::ZERO, |sum, one| sum.plus(*one));
    if sum == whole.gross {
        return spread(whole, Rate::new(rate.basis_points()), amounts);
    }
    if sum != whole.net {
        return None;
    }
    let mut left = whole.tax;
    let mut shares = Vec::with_capacity(amounts.len());
    for net in amounts {
        let tax = i128::from(net.hundred_thousandths())
            .checked_mul(i128::from(rate.basis_points()))?
            .checked_div(10_000)?;
        let tax = Amount::new(i64::try_from(tax).ok()?);
        left = left.minus(tax);
        shares.push(Taxed { key: whole.key, gross: net.plus(tax), net: *net, tax });
    }
    if let Some(largest) = shares.iter_mut().max_by_key(|s| s.net.hundred_thousandths().abs()) {
        largest.tax = largest.tax.plus(left);
        largest.gross = largest.gross.plus(left);
    }
    Some(shares)
}

/// All lines' parts by key and rate; none when one has no rate among the receipt's.
fn parts(book: &Book<'_>, meta: &EntryMeta, issued: &Goods<'_>) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    for (place, sold) in issued.lines.iter().enumerate() {
        for row in &sold.taxed {
            let amount = cents(row.gross);
            parts.push(Part {
                line: place,
                key: row.key,
                rate: row.rate,
                amount,
                given: Some(*row),
            });
        }
        if !sold.taxed.is_empty() {
            continue;
        }
        for (key, part) in tax_parts(sold).ok()? {
            let rate = rate_of(book, meta, issued, sold, key)?;
            let amount = cents(part);
            parts.push(Part { line: place, key: key.0, rate, amount, given: None });
        }
    }
    Some(parts)
}

/// The rate at which a line's key was taxed: its own, else the only one of that key on the receipt, else that of the day.
fn rate_of(
    book: &Book<'_>,
    meta: &EntryMeta,
    issued: &Goods<'_>,
    sold: &Sold,
    key: TaxKey,
) -> Option<money::Rate> {
    let own = sold.rates.as_ref().and_then(|rates| rates.iter().find(|(k, _)| *k == key));
    if let Some((_, rate)) = own {
        return Some(*rate);
    }
    let mut rows = issued.tax.iter().filter(|row| row.key == key.0);
    let first = rows.next()?;
    if rows.next().is_none() {
        return Some(first.rate);
    }
    let settings = book.reader.settings_before(meta.seq).ok()??;
    let at = match settings.tax_point {
        domain::settings::TaxPoint::Payment => meta.at,
        domain::settings::TaxPoint::Opening => issued.opened,
    };
    rate_at(&settings, key, book.local(at))
}

/// What a line is to the form.
pub(super) fn case(sold: &Sold) -> BusinessCase {
    let is_untaxed = sold.tax == NOT_TAXABLE && sold.tax_split.is_empty();
    if sold.tip.is_some() {
        return if is_untaxed { BusinessCase::TipOfEmployee } else { BusinessCase::TipOfEmployer };
    }
    if sold.account.is_some() {
        return BusinessCase::ReceivableSettled;
    }
    match &sold.voucher {
        Some(LineVoucher::Redeem { .. }) => return BusinessCase::SinglePurposeVoucherRedemption,
        Some(_) if is_untaxed => return BusinessCase::MultiPurposeVoucherSale,
        Some(_) => return BusinessCase::SinglePurposeVoucherSale,
        None => {}
    }
    match (sold.deposit_of.is_some(), sold.quantity.is_negative()) {
        (true, false) => BusinessCase::Deposit,
        (true, true) => BusinessCase::DepositRefund,
        (false, _) if sold.pays_out() => BusinessCase::DepositRefund,
        (false, _) => BusinessCase::Turnover,
    }
}

fn line(book: &Book<'_>, sold: &Sold, vat: Vec<Taxed>) -> Result<Line, Fault> {
    let mut line = Line::new(sold.line.0.to_string(), case(sold), sold.name.as_str());
    line.quantity = Quantity::new(sold.quantity.thousandths());
    line.factor = sold.pack.map(|pack| Quantity::new(pack.thousandths()));
    line.unit = match sold.unit {
        Unit::Piece => "Stück",
        Unit::Kilogram => "kg",
        Unit::Litre => "l",
        Unit::Metre => "m",
    }
    .to_owned();
    line.item = sold.item.map(|item| item.to_string()).unwrap_or_default();
    let code = sold.code.as_deref().unwrap_or_default();
    let is_gtin =
        matches!(code.len(), 8 | 12 | 13 | 14) && code.bytes().all(|b| b.is_ascii_digit());
    line.gtin = if is_gtin { code.to_owned() } else { String::new() };
    let group = book.settings.groups.iter().find(|group| group.id == sold.group);
    line.group = group.map(|group| group.id.to_string()).unwrap_or_default();
    line.group_name = group.map(|group| group.name.clone()).unwrap_or_default();
    if let Some(voucher) = sold.voucher.as_ref().and_then(LineVoucher::voucher) {
        line.voucher = voucher.to_string();
    }
    line.agency = sold.agency.map(u64::from);
    line.references = references(book, sold)?;
    let gross = vat.iter().fold(Amount::ZERO, |sum, one| sum.plus(one.gross));
    // The price of one is with tax; where prices are without it, or lie under two keys, it says nothing here.
    if let [only] = vat.as_slice()
        && gross == cents(sold.total())
    {
        line.unit_price = Some(cents(sold.price));
        line.amounts = amounts(book, sold, *only);
    }
    line.vat = vat;
    Ok(line)
}

/// How the price came to be, where something was taken off: what it was before, and each discount.
fn amounts(book: &Book<'_>, sold: &Sold, whole: Taxed) -> Vec<(AmountKind, Taxed)> {
    if sold.discounts.is_empty() {
        return Vec::new();
    }
    let rate = i128::from(book.rate_of_key(whole.key).basis_points());
    let mut base = whole;
    let mut all = Vec::with_capacity(sold.discounts.len().saturating_add(1));
    for discount in &sold.discounts {
        let gross = cents(discount.amount.negated());
        let tax = i128::from(gross.hundred_thousandths())
            .checked_mul(rate)
            .and_then(|product| product.checked_div(rate.saturating_add(10_000)))
            .and_then(|tax| i64::try_from(tax).ok());
        let tax = Amount::new(tax.unwrap_or_default());
        let off = Taxed { key: whole.key, gross, net: gross.minus(tax), tax };
        base = minus(base, off);
        all.push((AmountKind::Discount, off));
    }
    all.insert(0, (AmountKind::Base, base));
    all
}

fn references(book: &Book<'_>, sold: &Sold) -> Result<Vec<Reference>, Fault> {
    let mut references = Vec::new();
    let mut to = |receipt: ReceiptRef| -> Result<(), Fault> {
        references.push(reference(book, receipt)?);
        Ok(())
    };
    if let Some(from) = &sold.returned_from {
        to(from.receipt)?;
    } else if let Some(account) = &sold.account {
        match account.receipt {
            Some(receipt) => to(receipt)?,
            None => references.push(Reference::External {
                kind: ReferenceKind::ExternalOther,
                name: "Kundenkonto".to_owned(),
                day: None,
                number: account.customer.to_string(),
            }),
        }
    }
    Ok(references)
}
