//! How receipts reach customers without paper, and that some want none.

use super::Context;
use crate::event::Event;
use crate::facts::Stop;
use crate::ids::ReceiptRef;
use crate::receipt::{HandedOver, ReceiptHandedOver};
use crate::refusal::Refusal;

/// Notes by what way a receipt was handed over; each way once.
pub(super) fn handed_over(
    context: Context<'_>,
    said: ReceiptHandedOver,
) -> Result<Vec<Event>, Stop> {
    context.facts.receipt(said.receipt)?.ok_or(Refusal::UnknownReceipt)?;
    if context.facts.handed_over(said.receipt, said.way)? {
        return Ok(Vec::new());
    }
    Ok(vec![Event::ReceiptHandedOver(said)])
}

/// The customer wants none.
pub(super) fn declined(context: Context<'_>, receipt: ReceiptRef) -> Result<Vec<Event>, Stop> {
    handed_over(context, ReceiptHandedOver { receipt, way: HandedOver::Declined })
}
