//! Invoices out of finished receipts: for whom, as a page, as XML that machines read (XRechnung, the XML of ZUGFeRD), and
//! as a PDF for the archive that holds both. Amounts are the receipt's, to the cent.
//!
//! *Absent:* the form of the XML and its rules (`fiscal::einvoice`), the page (`receipt`), the PDF itself (`pdf`).

mod machine;
mod paper;

use domain::account::CustomerDetails;
use domain::receipt::IssuedReceipt;
use domain::settings::{Country, Settings};
use domain::{CustomerId, ReceiptNo, ReceiptRef, TillId};
use fiscal::einvoice::Profile;
use jiff::civil::Date;
use money::Money;
use receipt::Invoice;
use store::{Reader, StoreError};

pub use machine::{Lack, Language};
pub(crate) use paper::moment;

use crate::personal::details_of;
use crate::print::{self, Named};

/// For whom a receipt's invoice is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceOf {
    /// Who.
    pub customer: CustomerId,
    /// Which version of their details stands on it.
    pub version: u32,
    /// It is on their account.
    pub on_account: bool,
    /// The how-many-th invoice of the receipt it is.
    pub edition: usize,
}

/// For whom a receipt's invoice is; none while it has none.
pub fn invoice_of(
    reader: &Reader,
    issued: &IssuedReceipt,
) -> Result<Option<InvoiceOf>, StoreError> {
    if let Some((of, _)) = print::on_account(issued) {
        let (customer, version) = (of.customer, of.version);
        return Ok(Some(InvoiceOf { customer, version, on_account: true, edition: 1 }));
    }
    if issued.receipt.training {
        return Ok(None);
    }
    let receipt = ReceiptRef { till: issued.till, number: issued.receipt.number };
    let mut made: Vec<(CustomerId, u32)> = Vec::new();
    for (_, customer, version) in reader.invoices(receipt)? {
        // Made again just as it was, it is the same.
        if made.last() != Some(&(customer, version)) {
            made.push((customer, version));
        }
    }
    let last = made.last().copied();
    Ok(last.map(|(customer, version)| InvoiceOf {
        customer,
        version,
        on_account: false,
        edition: made.len(),
    }))
}

/// Up to which total a receipt needs nobody's name on it, so that a business may deduct its tax.
pub fn limit(country: Country, day: Date) -> Money {
    country.profile().nameless_up_to(day)
}

/// An invoice with all that it is made of.
#[derive(Debug)]
pub struct Made {
    /// The receipt.
    pub issued: IssuedReceipt,
    /// The settings of its time: who sold.
    pub then: Settings,
    /// Settings of today: where it is paid to, whom to ask.
    pub now: Settings,
    /// For whom.
    pub of: InvoiceOf,
    /// The customer as they were; none once they were forgotten.
    pub details: Option<CustomerDetails>,
    /// The receipt that goods came back from first, with its date.
    pub corrects: Option<(String, Date)>,
    /// The page's figures.
    pub invoice: Invoice,
}

/// Looks an invoice up; none when the receipt has none.
pub fn made(
    reader: &Reader,
    now: &Settings,
    (till, number): (TillId, ReceiptNo),
) -> Result<Option<Made>, StoreError> {
    let Some(row) = reader.receipt_row(till, false, number)? else { return Ok(None) };
    let Some(issued) = reader.receipt_at(row.seq)? else { return Ok(None) };
    let Some(of) = invoice_of(reader, &issued)? else { return Ok(None) };
    let then = reader.settings_before(row.seq)?.unwrap_or_else(|| now.clone());
    let item = reader.account_item(ReceiptRef { till, number })?;
    let details = details_of(reader, of.customer, of.version)?;
    let (customer, version) = (of.customer, of.version);
    let named = (!of.on_account).then_some(Named { customer, version, edition: of.edition });
    let billed = print::Billed {
        then: &then,
        now,
        details: details.clone(),
        item: item.filter(|(customer, _)| *customer == of.customer).map(|(_, item)| item),
        sources: print::beside(reader, &issued)?.sources,
        named,
    };
    let Some(invoice) = print::invoice(&issued, &billed) else { return Ok(None) };
    let back = issued.receipt.lines.iter().find_map(|line| line.returned_from);
    let corrects = match back {
        Some(from) => reader.receipt_row(from.receipt.till, false, from.receipt.number)?,
        None => None,
    };
    let corrects = corrects.map(|row| {
        let receipt = ReceiptRef { till: row.till, number: row.number };
        let code = print::ReceiptCode { receipt, incarnation: row.incarnation };
        (print::receipt_code(code, false), row.date)
    });
    Ok(Some(Made { issued, then, now: now.clone(), of, details, corrects, invoice }))
}

impl Made {
    /// The invoice as XML.
    ///
    /// # Errors
    /// With all that is missing for it, or that its form does not take.
    pub fn xml(&self, profile: Profile) -> Result<String, Vec<Lack>> {
        machine::xml(self, profile)
    }

    /// The invoice as a PDF for the archive with its XML in it (ZUGFeRD, profile EN 16931).
    ///
    /// # Errors
    /// As [`Made::xml`]; the archive takes every text.
    pub fn pdf(&self) -> Result<Vec<u8>, Vec<Lack>> {
        let xml = self.xml(Profile::En16931)?;
        paper::pdf(self, xml).map_err(|fault| vec![Lack::Rule(fault.to_string())])
    }
}
