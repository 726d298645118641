//! What becomes of a reservation. Which of two amounts a terminal names differs: what is taken, or what is
//! given back. Either is understood, and any other is not.

use ::zvt::command::{Command, Settlement};
use ::zvt::value::{Amount, Currency};

use super::{Order, numbers};
use crate::driver::Reserving;

/// What a command makes of a reservation, minor units.
#[derive(Debug, Clone)]
pub(super) struct Settles {
    /// What the terminal may say.
    may_say: [i64; 2],
    /// What that means.
    pub(super) booked: i64,
}

impl Settles {
    pub(super) fn may_say(&self, amount: i64) -> bool {
        self.may_say.contains(&amount)
    }
}

/// The command for a step, or a stable code of why it cannot be asked. (That money is reserved is asked for
/// like a payment.)
pub(super) fn settling(
    step: &Reserving,
    amount: Amount,
    currency: Option<Currency>,
) -> Result<Order, &'static str> {
    let asked = amount.minor_units();
    let (of, command, may_say, booked): (_, fn(Settlement) -> Command, _, _) = match step {
        Reserving::Reserve => return Err("bad_reference"),
        Reserving::Book(of) if asked <= of.amount => (of, Command::Booking, [asked; 2], asked),
        Reserving::ReleasePart(of) if asked < of.amount => {
            let taken = of.amount - asked;
            (of, Command::PartialReversal, [asked, taken], taken)
        }
        Reserving::Release(of) if asked == of.amount => {
            (of, Command::PreAuthReversal, [asked; 2], asked)
        }
        _ => return Err("bad_amount"),
    };
    let (receipt, trace) = numbers(&of.reference)?;
    let settlement = Settlement {
        receipt,
        amount: Some(amount),
        currency,
        payment_type: None,
        trace: None,
        authorisation: None,
        tlv: None,
    };
    let settles = Some(Settles { may_say, booked });
    Ok(Order { command: command(settlement), takes_back: trace, settles })
}
