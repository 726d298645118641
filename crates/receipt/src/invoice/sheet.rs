//! An invoice in words, block by block, for papers that are no pages of a browser.

use super::words::Words;
use super::{Invoice, InvoiceKind, grouped};
use crate::amount::format_amount;
use crate::clean;

/// A text, and whether it stands small.
pub type Said = (String, bool);

/// A row of an invoice's table: what, how many, price, tax, amount; below it what else is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// The cells.
    pub cells: [String; 5],
    /// Below the first one.
    pub below: Vec<String>,
}

/// An invoice, all of it texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// `de`, `en`.
    pub tag: &'static str,
    /// What it is, and its number.
    pub title: String,
    /// Which receipts it corrects.
    pub subtitle: Option<String>,
    /// Who sells.
    pub from: Vec<Said>,
    /// Who buys.
    pub to: Vec<Said>,
    /// Numbers and dates.
    pub facts: Vec<(String, String)>,
    /// Names of the table's columns.
    pub head: [String; 5],
    /// Its rows.
    pub rows: Vec<SheetRow>,
    /// Sums below it; the flag says which is the one to be paid.
    pub sums: Vec<(String, String, bool)>,
    /// Names of the columns of the table of taxes.
    pub tax_head: [String; 4],
    /// Its rows.
    pub taxes: Vec<[String; 4]>,
    /// What else is said.
    pub notes: Vec<Said>,
}

/// The invoice in words.
#[must_use]
pub fn invoice_sheet(invoice: &Invoice) -> Sheet {
    let words = Words::of(invoice.language);
    let money = |minor: i64| format_amount(minor, invoice.minor_digits, invoice.language);
    let title = match invoice.kind {
        InvoiceKind::Invoice => words.invoice,
        InvoiceKind::Correction => words.correction,
    };
    let said = |text: &str, small: bool| (clean(text), small);
    let mut from = vec![said(&invoice.shop.name, false)];
    from.extend(invoice.shop.address.iter().map(|line| said(line, false)));
    let numbers = [
        (words.tax_number, &invoice.shop.tax_number),
        (invoice.vat_label.as_str(), &invoice.shop.vat_id),
    ];
    for (label, number) in numbers {
        from.extend(number.iter().map(|number| said(&format!("{label} {number}"), true)));
    }
    let mut to: Vec<Said> = invoice.recipient.iter().map(|line| said(line, false)).collect();
    let vat = invoice.recipient_vat.iter();
    to.extend(vat.map(|vat| said(&format!("{} {vat}", invoice.vat_label), true)));
    let facts = [
        (words.number, invoice.number.as_str()),
        (words.date, &invoice.date),
        (words.supplied, &invoice.date),
        (words.customer, &invoice.customer),
        (words.due, invoice.due.as_deref().unwrap_or_default()),
    ];
    let facts = facts.into_iter().filter(|(_, text)| !text.is_empty());
    let mut rows: Vec<SheetRow> = invoice
        .lines
        .iter()
        .map(|line| SheetRow {
            cells: [
                clean(&line.name),
                clean(&format!("{} {}", line.quantity, line.unit)),
                money(line.unit_price.unwrap_or(line.amount)),
                clean(&line.tax),
                money(line.amount),
            ],
            below: line
                .sub
                .iter()
                .map(|sub| {
                    let amount = sub.amount.map(money).unwrap_or_default();
                    clean(&format!("{} {amount}", sub.text)).trim().to_owned()
                })
                .collect(),
        })
        .collect();
    rows.extend(invoice.discounts.iter().map(|discount| SheetRow {
        cells: [
            clean(&discount.text),
            String::new(),
            String::new(),
            String::new(),
            money(discount.amount),
        ],
        below: Vec::new(),
    }));
    Sheet {
        tag: words.tag,
        title: clean(&format!("{title} {}", invoice.number)),
        subtitle: (!invoice.corrects.is_empty())
            .then(|| clean(&format!("{} {}", words.corrects, invoice.corrects.join(", ")))),
        from,
        to,
        facts: facts.map(|(label, text)| (label.to_owned(), clean(text))).collect(),
        head: [words.what, words.quantity, words.price, words.rate, &invoice.currency]
            .map(str::to_owned),
        rows,
        sums: sums(invoice, words, &money),
        tax_head: [words.rate, words.net, words.tax, words.gross].map(str::to_owned),
        taxes: invoice
            .taxes
            .iter()
            .map(|row| {
                let label = clean(&format!("{} · {}", row.letter, row.rate));
                [label, money(row.net), money(row.tax), money(row.gross)]
            })
            .collect(),
        notes: notes(invoice, words),
    }
}

fn sums(
    invoice: &Invoice,
    words: &Words,
    money: &impl Fn(i64) -> String,
) -> Vec<(String, String, bool)> {
    let sum = |label: &str, amount: i64, strong: bool| {
        (clean(&format!("{label} {}", invoice.currency)), money(amount), strong)
    };
    let mut sums = vec![sum(words.total, invoice.total, false)];
    let paid = invoice.paid.iter();
    sums.extend(paid.map(|paid| sum(&format!("{} {}", words.paid, paid.text), paid.amount, false)));
    sums.push(sum(super::owed(invoice, words), invoice.owed, true));
    sums.extend(invoice.left.map(|left| sum(words.left, left, false)));
    sums
}

fn notes(invoice: &Invoice, words: &Words) -> Vec<Said> {
    let mut notes = Vec::new();
    let mut say = |text: String, small: bool| {
        let text = clean(&text);
        if !text.is_empty() {
            notes.push((text, small));
        }
    };
    if let (Some(due), InvoiceKind::Invoice) = (&invoice.due, invoice.kind) {
        say(format!("{} {due}.", words.please_pay), false);
    }
    if let Some(bank) = &invoice.bank {
        let bic = bank.bic.as_ref().map(|bic| format!(" · BIC {bic}")).unwrap_or_default();
        say(format!("{} · IBAN {}{bic}", bank.holder, grouped(&bank.iban)), false);
        say(format!("{}: {}", words.reference, grouped(&bank.reference)), false);
    }
    let prices = if invoice.net_prices { words.prices_net } else { words.prices_gross };
    say(prices.to_owned(), true);
    for note in &invoice.notes {
        say(note.clone(), false);
    }
    for line in &invoice.shop.footer {
        say(line.clone(), true);
    }
    notes
}
