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
            // What is given back, or that nothing is taken.
            (of, Command::PreAuthReversal, [asked, 0], asked)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::{Reference, Reserved};

    #[test]
    fn either_amount_of_a_settlement_is_understood_and_no_other() {
        let reference = Reference { receipt: "12".to_owned(), trace: None };
        let of = Reserved { reference, amount: 5_000 };
        let cases = [
            (Reserving::Book(of.clone()), 3_500, vec![3_500], 3_500),
            (Reserving::ReleasePart(of.clone()), 4_000, vec![4_000, 1_000], 1_000),
            (Reserving::Release(of), 5_000, vec![5_000, 0], 5_000),
        ];
        for (step, asked, may_say, booked) in cases {
            let amount = Amount::new(asked).expect("an amount");
            let order = settling(&step, amount, None).expect("it can be asked");
            let settles = order.settles.expect("it settles");
            assert_eq!(settles.booked, booked);
            for said in [0, 1, 1_000, 3_500, 4_000, 5_000, 50_000] {
                assert_eq!(settles.may_say(said), may_say.contains(&said), "{asked}: {said}");
            }
        }
    }
}
