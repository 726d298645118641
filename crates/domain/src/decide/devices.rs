//! Card terminals as devices: the register, what they report, rounds of inspection, and the stop.

use super::{Context, MAX_NAME, MAX_TEXT, limits};
use crate::device::{
    Device, DeviceCard, DeviceFact, DeviceIdentity, InspectionPoint, PhotoDigest, PhotoKind,
    PointResult,
};
use crate::event::{DeviceConfirmed, DeviceInspected, DevicePhotographed, Event};
use crate::facts::Stop;
use crate::ids::TerminalId;
use crate::refusal::Refusal;
use crate::state::State;

/// Longest thing that a terminal says of itself, characters.
const MAX_FACT: usize = 60;

/// The refusal at a terminal at which no card is taken; none at any other.
pub(super) fn stopped(state: &State, terminal: TerminalId) -> Option<Refusal> {
    let stop = state.devices.get(&terminal)?.stop.as_ref()?;
    let changed = stop.changed.iter().map(|change| change.fact).collect();
    Some(Refusal::TerminalStopped { terminal, changed, findings: stop.findings.clone() })
}

/// What follows from what a terminal says of itself: nothing when it said so before.
pub(super) fn reported(state: &State, terminal: TerminalId, said: &DeviceIdentity) -> Vec<Event> {
    let new;
    let device = match state.devices.get(&terminal) {
        Some(device) => device,
        None => {
            new = Device::new(terminal);
            &new
        }
    };
    let identity = readable(said).or(&device.reported);
    if identity == device.reported {
        return Vec::new();
    }
    let register = device.card.as_ref().map(|card| &card.identity);
    let changed = register.map(|register| identity.changed_from(register)).unwrap_or_default();
    vec![if changed.is_empty() {
        Event::DeviceReported { terminal, identity }
    } else {
        Event::DeviceChanged { terminal, identity, changed }
    }]
}

/// A payment's outcome names a terminal: the event when it is another one than the register's.
pub(super) fn named(state: &State, terminal: TerminalId, tid: Option<&str>) -> Vec<Event> {
    let registered = state.devices.get(&terminal).is_some_and(|device| device.card.is_some());
    match tid {
        Some(tid) if registered => {
            let said = DeviceIdentity { terminal_id: Some(tid.to_owned()), ..Default::default() };
            reported(state, terminal, &said)
        }
        _ => Vec::new(),
    }
}

/// The outcome of a payment came from another terminal than the register's.
pub(super) fn is_another(state: &State, terminal: TerminalId, tid: Option<&str>) -> bool {
    let card = state.devices.get(&terminal).and_then(|device| device.card.as_ref());
    let registered = card.and_then(|card| card.identity.terminal_id.as_deref());
    registered.zip(tid).is_some_and(|(registered, tid)| registered != tid)
}

/// What a terminal says, as far as it can be written down.
fn readable(said: &DeviceIdentity) -> DeviceIdentity {
    let clean = |fact| {
        let text = said.get(fact)?;
        let kept: String = text.chars().filter(|c| limits::clean_char(*c)).take(MAX_FACT).collect();
        let kept = kept.trim();
        (!kept.is_empty()).then(|| kept.to_owned())
    };
    DeviceIdentity {
        terminal_id: clean(DeviceFact::TerminalId),
        model: clean(DeviceFact::Model),
        serial: clean(DeviceFact::Serial),
        software: clean(DeviceFact::Software),
    }
}

fn known(context: Context<'_>, terminal: TerminalId) -> Result<Device, Refusal> {
    let settings = context.state.settings.as_deref().ok_or(Refusal::NotConfigured)?;
    if !settings.terminals.iter().any(|t| t.id == terminal) {
        return Err(Refusal::UnknownTerminal);
    }
    let device = context.state.devices.get(&terminal).cloned();
    Ok(device.unwrap_or_else(|| Device::new(terminal)))
}

/// Says [`reported`] of a terminal of the shop's.
pub(super) fn report(
    context: Context<'_>,
    terminal: TerminalId,
    said: &DeviceIdentity,
) -> Result<Vec<Event>, Stop> {
    known(context, terminal)?;
    Ok(reported(context.state, terminal, said))
}

/// A person takes a terminal into the register, or changes its card there.
pub(super) fn register(
    context: Context<'_>,
    terminal: TerminalId,
    revision: u32,
    card: &DeviceCard,
) -> Result<Vec<Event>, Stop> {
    limits::text("make", &card.make, MAX_NAME)?;
    limits::text("place", &card.place, MAX_NAME)?;
    limits::optional_text("seal", &card.seal, MAX_NAME)?;
    limits::optional_text("approval", &card.approval, MAX_NAME)?;
    for fact in DeviceFact::ALL {
        card.identity.get(fact).map_or(Ok(()), |text| limits::text("serial", text, MAX_FACT))?;
    }
    let device = known(context, terminal)?;
    // Whoever writes another card must not get round saying why it is another terminal.
    if let Some(stop) = stopped(context.state, terminal) {
        return Err(stop.into());
    }
    // What the terminal says is not typed: the register holds exactly that.
    let told =
        |fact| device.reported.get(fact).is_none_or(|said| card.identity.get(fact) == Some(said));
    if device.revision != revision || !DeviceFact::ALL.into_iter().all(told) {
        return Err(Refusal::Stale.into());
    }
    if device.card.as_ref() == Some(card) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::DeviceRegistered { terminal, card: Box::new(card.clone()) }])
}

/// A person says that the terminal is the right one and that cards are taken at it again.
pub(super) fn confirm(
    context: Context<'_>,
    terminal: TerminalId,
    revision: u32,
    reason: &str,
) -> Result<Vec<Event>, Stop> {
    limits::text("reason", reason, MAX_TEXT)?;
    let device = known(context, terminal)?;
    let Some(card) = device.card.as_ref().filter(|_| device.stop.is_some()) else {
        return Err(Refusal::Stale.into());
    };
    if device.revision != revision {
        return Err(Refusal::Stale.into());
    }
    let identity = device.reported.or(&card.identity);
    let confirmed = DeviceConfirmed { terminal, identity, reason: reason.to_owned() };
    Ok(vec![Event::DeviceConfirmed(Box::new(confirmed))])
}

/// A person has looked at the terminal, point by point.
pub(super) fn inspect(
    context: Context<'_>,
    terminal: TerminalId,
    points: &[PointResult],
    note: &str,
) -> Result<Vec<Event>, Stop> {
    limits::optional_text("note", note, MAX_TEXT)?;
    let mut looked: Vec<InspectionPoint> = points.iter().map(|result| result.point).collect();
    looked.sort_unstable();
    if looked != InspectionPoint::ALL {
        return Err(limits::out("points").into());
    }
    // Whoever confirms it later must know what was found.
    if points.iter().any(|result| !result.ok) {
        limits::text("note", note, MAX_TEXT)?;
    }
    if known(context, terminal)?.card.is_none() {
        return Err(Refusal::TerminalNotRegistered.into());
    }
    let (points, note) = (points.to_vec(), note.to_owned());
    Ok(vec![Event::DeviceInspected(DeviceInspected { terminal, points, note })])
}

/// A photo of the terminal was taken; its bytes lie apart.
pub(super) fn photograph(
    context: Context<'_>,
    terminal: TerminalId,
    photo: PhotoDigest,
    of: PhotoKind,
) -> Result<Vec<Event>, Stop> {
    if known(context, terminal)?.photo == Some(photo) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::DevicePhotographed(DevicePhotographed { terminal, photo, of })])
}
