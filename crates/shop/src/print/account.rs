//! Accounts on paper: who buys, what is owed by a receipt and until when.

use std::collections::BTreeMap;

use domain::CustomerId;
use domain::account::TenderAccount;
use domain::basket::Tender;
use domain::receipt::{IssuedReceipt, Receipt};
use domain::settings::Settings;
use domain::signing::Subject;
use receipt as paper;
use store::{Reader, RksvCode, Signed, StoreError};

use super::Paper;
use super::voucher::date_text;
use super::words::Words;
use crate::personal::{details_of, unnamed_customer};

/// What a receipt's paper says that does not stand in the receipt itself.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// The codes of the receipts that it returns from.
    pub sources: Vec<String>,
    /// By what its customers are called.
    pub customers: BTreeMap<CustomerId, String>,
    /// How it was signed; none where it was not to be, or is not yet.
    pub signed: Option<Signed>,
    /// Its code in Austria (RKSV).
    pub rksv: Option<RksvCode>,
    /// It is not signed yet, and will be, or it will be said why not.
    pub waits: bool,
}

/// The shop's sign, if it has one.
pub fn logo(reader: &Reader, settings: &Settings) -> Result<Option<paper::Picture>, StoreError> {
    let Some(digest) = settings.logo else { return Ok(None) };
    Ok(reader.photo(digest)?.and_then(|(_, bytes)| crate::photo::sign(&bytes)))
}

/// Looks up what stands beside a receipt. A customer who was forgotten is called by their number.
pub fn beside(reader: &Reader, issued: &IssuedReceipt) -> Result<Beside, StoreError> {
    let receipt = &issued.receipt;
    let mut customers = BTreeMap::new();
    for of in receipt.lines.iter().filter_map(|line| line.account.as_ref()) {
        let known = reader.account(of.customer)?;
        let details = match known {
            Some(known) => details_of(reader, of.customer, known.customer.version)?,
            None => None,
        };
        customers.insert(of.customer, details);
    }
    // An address changes; the receipt says who it was.
    for of in receipt.tenders.iter().filter_map(|tender| tender.account.as_ref()) {
        customers.insert(of.customer, details_of(reader, of.customer, of.version)?);
    }
    let title = |(id, details): (CustomerId, Option<domain::account::CustomerDetails>)| {
        (id, details.map_or_else(|| unnamed_customer(id), |details| details.title().to_owned()))
    };
    let customers = customers.into_iter().map(title).collect();
    let of = Subject::Basket(receipt.basket);
    let signed = reader.signature(of)?;
    let rksv = reader.rksv_of(receipt.basket)?;
    let waits = rksv.is_none() && reader.is_being_signed(of)?;
    let sources = super::sources(reader, issued)?;
    Ok(Beside { sources, customers, signed, rksv, waits })
}

impl Beside {
    fn title(&self, customer: CustomerId) -> String {
        self.customers.get(&customer).cloned().unwrap_or_else(|| unnamed_customer(customer))
    }
}

/// What was put on an account, or credited to it.
pub(super) fn tender(
    tender: &Tender,
    of: &TenderAccount,
    paper: (Paper, &Beside),
    words: &Words,
) -> paper::Tender {
    let (Paper { digits, language, .. }, beside) = paper;
    let mut name = words.tender(tender.kind).to_owned();
    let amount = tender.amount.abs().minor();
    let mut details =
        vec![format!("{} {}: {}", words.customer, of.customer, beside.title(of.customer))];
    if let Some(due) = of.due {
        details.push(format!("{}: {}", words.owed, paper::format_amount(amount, digits, language)));
        details.push(format!("{} {}", words.due, date_text(due, language)));
    }
    if tender.amount.is_negative() {
        name = format!("{name} {}", words.credited);
    }
    paper::Tender { name, amount, tendered: None, change: None, details }
}

/// The lines of a receipt; below a payment of what is owed stands whose it is, and for what.
pub(super) fn named(
    lines: Vec<paper::Line>,
    receipt: &Receipt,
    beside: &Beside,
) -> Vec<paper::Line> {
    let mut lines = lines;
    for (line, of) in lines.iter_mut().zip(&receipt.lines) {
        let Some(of) = &of.account else { continue };
        let note = |text| paper::SubLine { text, amount: None };
        line.sub.push(note(beside.title(of.customer)));
        let code = of.receipt.map(|r| format!("R{}-{}", r.till, r.number));
        line.sub.extend(code.map(note));
    }
    lines
}

#[cfg(test)]
mod tests {
    use domain::basket::TenderKind;
    use money::{Currency, Money};

    use super::super::paper_of;
    use super::*;

    #[test]
    fn a_receipt_on_account_says_who_owes_what_and_until_when() {
        let language = paper::Language::En;
        let due = Some("2026-12-07".parse().expect("a date"));
        let of = TenderAccount { customer: CustomerId(12), version: 1, due, paid: None };
        let customers = BTreeMap::from([(CustomerId(12), "Müller & Söhne".to_owned())]);
        let beside = Beside { customers, ..Beside::default() };
        let paid = Tender::exact(TenderKind::Account, Money::new(3_492), None);
        let printed = |paid: &Tender, of: &TenderAccount| {
            let paper = (paper_of(Currency::EUR, language), &beside);
            tender(paid, of, paper, Words::of(language))
        };
        let on = printed(&paid, &of);
        assert_eq!((on.name.as_str(), on.amount), ("On account", 3_492));
        assert_eq!(
            on.details,
            ["Customer 12: Müller & Söhne", "Owed by this receipt: 34.92", "Due on 2026-12-07"]
        );
        let back = Tender { amount: Money::new(-500), ..paid };
        let back = printed(&back, &TenderAccount { due: None, ..of });
        assert_eq!(
            (back.name.as_str(), back.amount, back.details.len()),
            ("On account credited", 500, 1)
        );
    }
}
