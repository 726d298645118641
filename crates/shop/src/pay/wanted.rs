//! What a card terminal's driver is asked for, out of an attempt.

use domain::payment::{Attempt, Purpose};
use money::Money;
use payment::driver::{Capabilities, Purpose as Wanted, Reference, Reserved, Reserving};

/// What a driver is asked for; none where the terminal named no number for what that is about.
pub(super) fn wanted(attempt: &Attempt, can: Capabilities) -> Option<Wanted> {
    let reserved = |amount: Money| {
        let reference = reference(attempt)?;
        Some(Reserved { reference, amount: amount.minor() })
    };
    Some(match attempt.purpose {
        Purpose::Payment => Wanted::Payment,
        // Some providers know no money to a card without the payment that it came from.
        Purpose::Refund if !can.refund && can.reverse => {
            reference(attempt).map_or(Wanted::Refund, Wanted::Reversal)
        }
        Purpose::Refund => Wanted::Refund,
        Purpose::Reversal { .. } => Wanted::Reversal(reference(attempt)?),
        Purpose::Reservation => Wanted::Reservation(Reserving::Reserve),
        Purpose::Booking { reserved: whole, .. } => {
            Wanted::Reservation(Reserving::Book(reserved(whole)?))
        }
        Purpose::Release { .. } => {
            Wanted::Reservation(Reserving::Release(reserved(attempt.amount)?))
        }
        // No card terminal takes cash.
        Purpose::Cash | Purpose::Collection => return None,
    })
}

/// What a reversal takes back, or a booking or a release settles, as its terminal named it.
fn reference(attempt: &Attempt) -> Option<Reference> {
    let card = attempt.reverses.as_ref()?;
    Some(Reference { receipt: card.receipt.clone()?, trace: card.trace.clone() })
}
