//! What signing units did, as the program says it.

use super::desk::Desk;
use super::{Context, limits};
use crate::event::{
    Event, SigningFailed, SigningFinished, SigningOutage, SigningRestored, SigningStarted,
    SigningUnitReported,
};
use crate::facts::Stop;
use crate::ids::UnitId;
use crate::refusal::Refusal;
use crate::settings::{Country, Settings};
use crate::signing::{SigningStep, Subject, UnitStep};

/// Longest serial number of the recording system: with a till's number it fits into every unit's client id.
const MAX_SERIAL: usize = 20;
/// Most units of a shop.
const MAX_UNITS: usize = 20;

pub(super) fn step(
    mut desk: Desk<'_>,
    of: Subject,
    step: &SigningStep,
) -> Result<Vec<Event>, Stop> {
    let ended = desk.state().signings.get(&of);
    let event = match step {
        SigningStep::Began(transaction) => {
            // A basket has one transaction; the unit that is asked twice begins another.
            let Subject::Basket(basket) = of else { return Err(Refusal::NotToBeSigned.into()) };
            let open = desk.state().baskets.get(&basket);
            if open.is_none_or(|basket| basket.signing.is_some()) {
                return Err(Refusal::NotToBeSigned.into());
            }
            let transaction = (**transaction).clone();
            Event::SigningStarted(Box::new(SigningStarted { basket, transaction }))
        }
        SigningStep::Signed(signature) => {
            if ended.is_none() {
                return Err(Refusal::NotToBeSigned.into());
            }
            let signature = (**signature).clone();
            Event::SigningFinished(Box::new(SigningFinished { of, signature }))
        }
        SigningStep::Failed { unit, why, process_type, process_data } => {
            let Some(ended) = ended else { return Err(Refusal::NotToBeSigned.into()) };
            Event::SigningFailed(Box::new(SigningFailed {
                of,
                unit: *unit,
                transaction: ended.transaction.clone(),
                why: why.clone(),
                process_type: process_type.clone(),
                process_data: process_data.clone(),
            }))
        }
    };
    desk.push(event);
    desk.done()
}

/// What is said of a unit; what was known before is no news.
pub(super) fn unit(
    context: Context<'_>,
    unit: UnitId,
    step: &UnitStep,
) -> Result<Vec<Event>, Stop> {
    let known = context.state.units.get(&unit);
    let outage = known.and_then(|known| known.outage.as_ref());
    Ok(match step {
        UnitStep::Reported(identity) => {
            if known.and_then(|known| known.identity.as_ref()) == Some(&**identity) {
                Vec::new()
            } else {
                let identity = (**identity).clone();
                vec![Event::SigningUnitReported(Box::new(SigningUnitReported { unit, identity }))]
            }
        }
        UnitStep::Down { why } if outage.is_none_or(|outage| outage.why != *why) => {
            vec![Event::SigningOutage(SigningOutage { unit, why: why.clone() })]
        }
        UnitStep::Up if outage.is_some() => vec![Event::SigningRestored(SigningRestored { unit })],
        UnitStep::Down { .. } | UnitStep::Up => Vec::new(),
    })
}

/// Units that can be, and tills that name one of them.
pub(super) fn check(settings: &Settings) -> Result<(), Refusal> {
    let bad = |problem: &str| Err(Refusal::BadSettings { problem: problem.to_owned() });
    let named = settings.tills.iter().filter_map(|till| till.signing_unit);
    let Some(signing) = &settings.signing else {
        return if named.count() == 0 { Ok(()) } else { bad("till_signing_unit") };
    };
    // What is signed, and how, is Germany's; Austria's is another (RKSV).
    if settings.country != Country::De {
        return bad("signing_country");
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if !(1..=MAX_SERIAL).contains(&signing.serial.len()) || !signing.serial.chars().all(plain) {
        return bad("signing_serial");
    }
    let mut ids: Vec<UnitId> = signing.units.iter().map(|unit| unit.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let numbered = ids.len() == signing.units.len() && ids.iter().all(|id| id.0 > 0);
    if !numbered || signing.units.is_empty() || ids.len() > MAX_UNITS {
        return bad("signing_units");
    }
    for unit in &signing.units {
        limits::text("signing_unit_name", &unit.name, limits::MAX_NAME)?;
    }
    if named.into_iter().any(|unit| !ids.contains(&unit)) {
        return bad("till_signing_unit");
    }
    Ok(())
}
