//! Invoices with a name on them, made of finished receipts.

use money::Money;

use super::{Context, accounts, limits};
use crate::account::Customer;
use crate::basket::TenderKind;
use crate::books::{InvoiceIssued, InvoiceTo};
use crate::event::Event;
use crate::facts::{LookupFault, Stop};
use crate::ids::{CustomerId, ReceiptRef};
use crate::refusal::Refusal;

/// Makes an invoice of a receipt. It may be made again, for somebody else or with an address that was mended: the last
/// one holds.
pub(super) fn issue(
    context: Context<'_>,
    receipt: ReceiptRef,
    to: &InvoiceTo,
) -> Result<Vec<Event>, Stop> {
    let issued = context.facts.receipt(receipt)?.ok_or(Refusal::UnknownReceipt)?.receipt;
    if issued.training {
        return Err(Refusal::TrainingMix.into());
    }
    // What is on an account has its invoice; what pays one was invoiced before.
    if issued.tenders.iter().any(|tender| tender.kind == TenderKind::Account) {
        return Err(Refusal::AlreadyInvoiced.into());
    }
    if !issued.lines.iter().any(crate::basket::Line::is_turnover) {
        return Err(Refusal::NothingToInvoice.into());
    }
    // An invoice names the shop as the seller, who then owes the tax (UStG § 14c).
    if issued.lines.iter().any(|line| line.agency.is_some()) {
        return Err(Refusal::SoldForOthers.into());
    }
    let of = |customer, version| InvoiceIssued { receipt, customer, version };
    match to {
        InvoiceTo::Customer { customer } => {
            let known = accounts::find(context, *customer)?.customer;
            Ok(vec![Event::InvoiceIssued(of(known.id, known.version))])
        }
        InvoiceTo::Recipient { details } => {
            accounts::check_details(details)?;
            // An invoice names its recipient whole (UStG § 14 (4) no. 1).
            let parts = [
                ("street", &details.street),
                ("postal_code", &details.postal_code),
                ("town", &details.town),
            ];
            for (field, text) in parts {
                limits::text(field, text, limits::MAX_NAME)?;
            }
            let undigested = || LookupFault("the details were not digested".to_owned());
            let customer = Customer {
                id: CustomerId(context.state.counters.customers.saturating_add(1)),
                version: 1,
                details: context.name.ok_or_else(undigested)?,
                term_days: 0,
                limit: Some(Money::ZERO),
                blocked: true,
            };
            let issued = of(customer.id, customer.version);
            Ok(vec![Event::CustomerPut(Box::new(customer)), Event::InvoiceIssued(issued)])
        }
    }
}
