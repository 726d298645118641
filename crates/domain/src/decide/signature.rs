//! A customer signed: the cashier compares with the card before the sale is done.

use super::attempts;
use super::desk::Desk;
use super::pay::finish;
use crate::event::Event;
use crate::facts::Stop;
use crate::refusal::Refusal;

pub(super) fn compare(mut desk: Desk<'_>, equal: bool) -> Result<Vec<Event>, Stop> {
    let mut basket = desk.basket()?.clone();
    if desk.state().attempt_of(basket.id).is_some() {
        return Err(Refusal::AttemptRunning.into());
    }
    let tender = basket.unsigned().cloned().ok_or(Refusal::UnknownAttempt)?;
    let attempt = tender.attempt().ok_or(Refusal::UnknownAttempt)?;
    if !equal {
        if let Err(refusal) = attempts::can_reverse(&desk, &tender) {
            // Whoever saw the signature is not asked to forget it because the terminal cannot act on it now.
            let why = refusal.code();
            return Err(Refusal::SignatureDiffers { attempt, why }.into());
        }
        desk.push(Event::SignatureCompared { attempt, basket: basket.id, equal });
        return attempts::reverse(desk, &basket, &tender);
    }
    desk.push(Event::SignatureCompared { attempt, basket: basket.id, equal });
    basket.compared.push(attempt);
    if basket.unsigned().is_none() {
        // What was seen holds, even where something else still keeps the sale open.
        let _left_open = finish(&mut desk, &basket);
    }
    desk.done()
}
