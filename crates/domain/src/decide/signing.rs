//! What signing units did, as the program says it.

use core::net::SocketAddr;

use uuid::Uuid;

use super::desk::Desk;
use super::{Context, limits};
use crate::country::Secured;
use crate::event::{
    Event, SigningFailed, SigningFinished, SigningOutage, SigningRestored, SigningStarted,
    SigningUnitReported, SigningUnitServiced,
};
use crate::facts::Stop;
use crate::ids::UnitId;
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::signing::{
    EpsonUnit, FiskalyUnit, SigningStep, Subject, UnitKind, UnitSettings, UnitStep,
};
use crate::state::State;

/// Longest serial number of the recording system: with a till's number it fits into every unit's client id.
const MAX_SERIAL: usize = 20;
/// Longest name of a device in Epson's printer or server.
const MAX_DEVICE: usize = 40;
/// Why a unit is held back that is another one than the one that is known under its number.
const ANOTHER: &str = "another_unit";
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
            let before = known.and_then(|known| known.identity.as_ref());
            if before == Some(&**identity) {
                Vec::new()
            } else if before.is_some_and(|before| before.serial != identity.serial) {
                // What the one before began and signed under this number is not this one's.
                return self::unit(context, unit, &UnitStep::Down { why: ANOTHER.to_owned() });
            } else {
                let identity = (**identity).clone();
                vec![Event::SigningUnitReported(Box::new(SigningUnitReported { unit, identity }))]
            }
        }
        // Of one that the shop has no more nobody wants to hear.
        UnitStep::Down { .. } if !is_set(context.state, unit) => Vec::new(),
        UnitStep::Down { why } if outage.is_none_or(|outage| outage.why != *why) => {
            vec![Event::SigningOutage(SigningOutage { unit, why: why.clone() })]
        }
        UnitStep::Tidied(tidied) => vec![Event::SigningTidied((**tidied).clone())],
        UnitStep::Serviced(what) => {
            vec![Event::SigningUnitServiced(SigningUnitServiced { unit, what: *what })]
        }
        UnitStep::Up if outage.is_some() => vec![Event::SigningRestored(SigningRestored { unit })],
        UnitStep::Down { .. } | UnitStep::Up => Vec::new(),
    })
}

fn is_set(state: &State, unit: UnitId) -> bool {
    let signing = state.settings.as_deref().and_then(|settings| settings.signing.as_ref());
    signing.is_some_and(|signing| signing.units.iter().any(|set| set.id == unit))
}

/// What ends with new settings: outages of units that the shop has no more.
pub(super) fn ended_by(state: &State, settings: &Settings) -> Vec<Event> {
    let stays =
        |id: UnitId| settings.signing.iter().any(|s| s.units.iter().any(|unit| unit.id == id));
    let over = state.units.values().filter(|unit| unit.outage.is_some() && !stays(unit.id));
    over.map(|unit| Event::SigningRestored(SigningRestored { unit: unit.id })).collect()
}

/// Units that can be, and tills that name one of them.
pub(super) fn check(state: &State, settings: &Settings) -> Result<(), Refusal> {
    let bad = |problem: &str| Err(Refusal::BadSettings { problem: problem.to_owned() });
    let named = settings.tills.iter().filter_map(|till| till.signing_unit);
    let Some(signing) = &settings.signing else {
        return if named.count() == 0 { Ok(()) } else { bad("till_signing_unit") };
    };
    // What is signed, and how, is Germany's; Austria's is another (RKSV).
    if settings.country.profile().secured != Secured::Units {
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
    if signing.units.iter().any(|unit| is_another(state, unit)) {
        return bad("signing_unit_number");
    }
    for unit in &signing.units {
        limits::text("signing_unit_name", &unit.name, limits::MAX_NAME)?;
        if let Some(problem) = wrong_place(&unit.kind) {
            return bad(problem);
        }
    }
    // Two names for one unit would make its outage two, and take neither over from the other.
    let mut places: Vec<(&str, &str)> = signing.units.iter().filter_map(place).collect();
    places.sort_unstable();
    if places.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
        return bad("signing_unit_twice");
    }
    if named.into_iter().any(|unit| !ids.contains(&unit)) {
        return bad("till_signing_unit");
    }
    Ok(())
}

/// Whether a unit that was met before stands under this number: what it began is not another one's to finish. One of
/// Epson's that is found at another address may be the same; that its serial number says.
fn is_another(state: &State, unit: &UnitSettings) -> bool {
    let before = state.settings.as_deref().and_then(|settings| settings.signing.as_ref());
    let before = before.and_then(|signing| signing.units.iter().find(|old| old.id == unit.id));
    let met = state.units.get(&unit.id).is_some_and(|known| known.identity.is_some());
    met && before.is_some_and(|old| {
        std::mem::discriminant(&old.kind) != std::mem::discriminant(&unit.kind)
            || matches!((&old.kind, &unit.kind), (UnitKind::Fiskaly(was), UnitKind::Fiskaly(is)) if was.tss != is.tss)
    })
}

/// What there is one of: a unit's UUID, or its address and its name there: a server has several.
fn place(unit: &UnitSettings) -> Option<(&str, &str)> {
    match &unit.kind {
        UnitKind::Software => None,
        UnitKind::Fiskaly(unit) => Some((&unit.tss, "")),
        UnitKind::Epson(unit) => Some((&unit.address, &unit.device)),
    }
}

/// What is wrong with where a unit is said to be.
fn wrong_place(kind: &UnitKind) -> Option<&'static str> {
    match kind {
        UnitKind::Software => None,
        UnitKind::Fiskaly(FiskalyUnit { address, tss }) => {
            let uuid = Uuid::try_parse(tss).is_ok_and(|uuid| uuid.hyphenated().to_string() == *tss);
            match (is_interface(address), uuid) {
                (false, _) => Some("signing_unit_interface"),
                (true, false) => Some("signing_unit_tss"),
                (true, true) => None,
            }
        }
        UnitKind::Epson(EpsonUnit { address, device }) => {
            let named = (1..=MAX_DEVICE).contains(&device.len())
                && device.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
            match (host_and_port(address).is_some(), named) {
                (false, _) => Some("signing_unit_address"),
                (true, false) => Some("signing_unit_device"),
                (true, true) => None,
            }
        }
    }
}

/// `https://host[:port][/path]`; without TLS to this very machine alone, by number.
fn is_interface(address: &str) -> bool {
    let plain =
        |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-~".contains(&b));
    let Some((scheme, rest)) = address.split_once("://") else { return false };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if address.len() > limits::MAX_NAME || !plain(path) {
        return false;
    }
    match scheme {
        "https" => is_host(host) || host_and_port(host).is_some(),
        "http" => match host.parse::<SocketAddr>() {
            Ok(at) => at.ip().is_loopback() && at.port() > 0,
            Err(_) => false,
        },
        _ => false,
    }
}

/// `host:port`, the host by name or number.
fn host_and_port(address: &str) -> Option<u16> {
    if let Ok(at) = address.parse::<SocketAddr>() {
        return Some(at.port()).filter(|port| *port > 0);
    }
    let (host, port) = address.rsplit_once(':')?;
    let port = port.parse::<u16>().ok().filter(|port| *port > 0)?;
    is_host(host).then_some(port)
}

fn is_host(host: &str) -> bool {
    (1..=limits::MAX_NAME).contains(&host.len())
        && host.split('.').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
}
