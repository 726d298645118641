//! The chains of Austria's tills: what the program says of them, what people ask for, and settings that fit.

use super::desk::Desk;
use super::{Context, limits};
use crate::event::{Event, RksvSigned, RksvTold};
use crate::facts::Stop;
use crate::ids::{TillId, UnitId};
use crate::refusal::Refusal;
use crate::rksv::{
    Register, RksvKind, RksvNote, RksvSecret, RksvStep, SignerIdentity, SignerKind, applies,
    company_key, field_of, of,
};
use crate::settings::{DatedRate, Settings};
use crate::signing::Subject;
use crate::state::State;

/// Longest name of a till at FinanzOnline: its number is added to the prefix, and all of it stands in every code.
const MAX_NAME: usize = 40;
/// Longest prefix.
const MAX_PREFIX: usize = 20;
/// Most devices of a shop.
const MAX_DEVICES: usize = 10;

pub(super) fn step(mut desk: Desk<'_>, till: TillId, step: &RksvStep) -> Result<Vec<Event>, Stop> {
    let event = match step {
        RksvStep::Signed(signed) => {
            follows(desk.state(), till, signed)?;
            Event::RksvSigned(signed.clone())
        }
        RksvStep::NotSigned { basket, why } => {
            waits(desk.state(), till, *basket)?;
            told(RksvTold::NotSigned { till, basket: *basket, why: why.clone() })
        }
        RksvStep::NotIssued(said) => {
            let asked = desk.state().registers.get(&till).map(|r| r.asked.contains(&said.kind));
            if asked != Some(true) {
                return Err(Refusal::NotToBeSigned.into());
            }
            told(RksvTold::NotIssued { till, kind: said.kind, why: said.why.clone() })
        }
    };
    desk.push(event);
    desk.done()
}

fn told(told: RksvTold) -> Event {
    Event::RksvTold(Box::new(told))
}

fn waits(state: &State, till: TillId, basket: crate::ids::BasketId) -> Result<(), Refusal> {
    let here =
        state.signings.get(&Subject::Basket(basket)).is_some_and(|signing| signing.till == till);
    if here { Ok(()) } else { Err(Refusal::NotToBeSigned) }
}

/// A code follows the last one of its till and no other; that of a sale is of one that waits.
fn follows(state: &State, till: TillId, signed: &RksvSigned) -> Result<(), Refusal> {
    let register = state.registers.get(&till);
    let same = register.filter(|r| r.cash_register == signed.cash_register);
    let begins = same.is_none();
    let position = same.map_or(0, |r| r.position).saturating_add(1);
    let used = register.is_some_and(|r| r.past.contains(&signed.cash_register));
    // What came out of a backup may lack its last codes: whatever followed would fork the chain.
    let ended = same.is_some_and(|r| r.carried.closed || r.restored);
    let first = (signed.kind == RksvKind::Start) == begins;
    if signed.till != till || signed.position != position || used || ended || !first {
        return Err(Refusal::NotToBeSigned);
    }
    signed.basket.map_or(Ok(()), |basket| waits(state, till, basket))
}

/// What a device says of itself; what was known before is no news.
pub(super) fn device(
    context: Context<'_>,
    device: UnitId,
    identity: &SignerIdentity,
) -> Vec<Event> {
    if context.state.signers.get(&device) == Some(identity) {
        return Vec::new();
    }
    vec![told(RksvTold::Device { device, identity: identity.clone() })]
}

/// Who saw or entered a secret is an entry each time.
pub(super) fn secret(secret: &RksvSecret) -> Vec<Event> {
    vec![told(RksvTold::Secret { secret: secret.clone() })]
}

/// A receipt without turnover that a person may ask for.
pub(super) fn ask(state: &State, till: TillId, kind: RksvKind) -> Result<Vec<Event>, Stop> {
    let settings = state.settings.as_deref().ok_or(Refusal::NotConfigured)?;
    let rksv = of(settings).ok_or(Refusal::RksvNotSet)?;
    let name = rksv.cash_register(till);
    let register = state.registers.get(&till).filter(|r| r.cash_register == name);
    let Some(register) = register else { return Err(Refusal::RksvNotStarted.into()) };
    if register.carried.closed {
        return Err(Refusal::RksvClosed.into());
    }
    let possible =
        matches!(kind, RksvKind::Zero | RksvKind::Monthly | RksvKind::Yearly | RksvKind::Closing);
    if !possible {
        return Err(Refusal::RksvByItself.into());
    }
    // Nothing follows the last receipt: what is open would have no code.
    let open = state.baskets.values().any(|basket| basket.till == till);
    if kind == RksvKind::Closing && open {
        return Err(Refusal::OpenBaskets.into());
    }
    // It is on its way.
    if register.asked.contains(&kind) {
        return Ok(Vec::new());
    }
    Ok(vec![told(RksvTold::Asked { till, kind })])
}

/// What a person says that they have done.
pub(super) fn note(
    state: &State,
    till: TillId,
    what: RksvNote,
    name: Option<&str>,
) -> Result<Vec<Event>, Stop> {
    let register = state.registers.get(&till).ok_or(Refusal::RksvNotStarted)?;
    if let Some(name) = name.filter(|name| *name != register.cash_register) {
        if !register.past.iter().any(|past| past == name) {
            return Err(Refusal::RksvNotStarted.into());
        }
        let mut owed = register.owed.iter().filter(|owed| owed.cash_register == name);
        let waits = owed.any(|owed| owed.waits_for(what));
        let noted = RksvTold::Noted { till, note: what, register: Some(name.to_owned()) };
        return Ok(if waits { vec![told(noted)] } else { Vec::new() });
    }
    // Before a chain begins there are receipts without a code, and nothing else to say of it.
    if !register.begun() && what != RksvNote::SeenWithoutCode {
        return Err(Refusal::RksvNotStarted.into());
    }
    let so_already = match what {
        RksvNote::StartChecked => register.start_checked,
        RksvNote::YearChecked => register.year_to_check.is_none(),
        RksvNote::OutageTold => register.outage_told || register.carried.outage.is_none(),
        RksvNote::OutageEndTold => register.outages_to_tell.is_empty(),
        // It may have another name by now, under which its chain has not begun yet.
        RksvNote::ClosingTold => {
            let renamed = state.settings.as_deref().and_then(of).is_some_and(|rksv| {
                register.begun() && rksv.cash_register(till) != register.cash_register
            });
            register.closing_told || !(register.carried.closed || renamed)
        }
        RksvNote::Saved => false,
        RksvNote::SeenWithoutCode => register.without_code == 0,
    };
    if so_already {
        return Ok(Vec::new());
    }
    Ok(vec![told(RksvTold::Noted { till, note: what, register: None })])
}

/// Tills that FinanzOnline can know, and devices that can be.
pub(super) fn check(state: &State, settings: &Settings) -> Result<(), Refusal> {
    let bad = |problem: &str| Err(Refusal::BadSettings { problem: problem.to_owned() });
    let Some(rksv) = &settings.rksv else {
        // Tills that have begun their chains never sell without codes again.
        let begun = applies(settings) && state.registers.values().any(Register::begun);
        return if begun { bad("rksv_removed") } else { Ok(()) };
    };
    if !applies(settings) {
        return bad("rksv_country");
    }
    let plain = |text: &str, most: usize| {
        (1..=most).contains(&text.len())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    if !plain(&rksv.prefix, MAX_PREFIX) {
        return bad("rksv_prefix");
    }
    let own = &rksv.registers;
    let there = |till: TillId| settings.tills.iter().any(|t| t.id == till);
    if own.iter().any(|r| !plain(&r.cash_register, MAX_NAME) || !there(r.till)) {
        return bad("rksv_register");
    }
    let mut names: Vec<String> =
        settings.tills.iter().map(|till| rksv.cash_register(till.id)).collect();
    names.sort_unstable();
    names.dedup();
    let mut tills: Vec<TillId> = own.iter().map(|register| register.till).collect();
    tills.sort_unstable();
    tills.dedup();
    if names.len() != settings.tills.len() || tills.len() != own.len() {
        return bad("rksv_register_twice");
    }
    // A name stands for one chain for ever.
    let others = |till: TillId, name: &str| {
        state.registers.values().any(|register| {
            register.past.iter().any(|past| past == name)
                || (register.till != till && register.cash_register == name)
        })
    };
    if settings.tills.iter().any(|till| others(till.id, &rksv.cash_register(till.id))) {
        return bad("rksv_register_used");
    }
    check_devices(settings)?;
    let company = company_key(settings);
    let software = |kind| kind == SignerKind::Software;
    if rksv.devices.iter().any(|device| software(device.kind)) && company.is_none() {
        return bad("rksv_company");
    }
    one_system(state, settings)
}

/// Rates that have a place in a code, whether or not codes are made yet: what was sold with another one could never be taken
/// back. One that stood there before stays as it is, as it has to; in a shop that comes from another country only when it
/// is over.
pub(super) fn check_rates(context: Context<'_>, settings: &Settings) -> Result<(), Refusal> {
    if !applies(settings) {
        return Ok(());
    }
    let old = context.state.settings.as_deref();
    let now = context.state.local(context.now);
    let over = |rate: &DatedRate| {
        let follows = |later: &DatedRate| later.key == rate.key && later.from > rate.from;
        settings.rates.iter().any(|later| follows(later) && later.from <= now)
    };
    let stays = |rate: &DatedRate| {
        old.is_some_and(|old| old.rates.contains(rate) && (applies(old) || over(rate)))
    };
    let known = |rate: &DatedRate| field_of(rate.rate, rate.from.date()).is_some();
    if settings.rates.iter().all(|rate| known(rate) || stays(rate)) {
        return Ok(());
    }
    Err(Refusal::BadSettings { problem: "rksv_rate".to_owned() })
}

fn check_devices(settings: &Settings) -> Result<(), Refusal> {
    let bad = |problem: &str| Err(Refusal::BadSettings { problem: problem.to_owned() });
    let devices = settings.rksv.iter().flat_map(|rksv| &rksv.devices);
    let mut ids: Vec<UnitId> = devices.clone().map(|device| device.id).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    if count == 0 || count > MAX_DEVICES || ids.len() != count || ids.iter().any(|id| id.0 == 0) {
        return bad("rksv_devices");
    }
    let mut kinds: Vec<bool> = Vec::new();
    for device in devices {
        limits::text("rksv_device_name", &device.name, limits::MAX_NAME)?;
        let user = device.user.as_deref().unwrap_or_default();
        let fits = user.chars().all(|c| c.is_ascii_alphanumeric()) && user.len() <= 60;
        if device.kind == SignerKind::AtrustHsm && (user.is_empty() || !fits) {
            return bad("rksv_device_user");
        }
        let safe = |address: &str| {
            address.starts_with("https://")
                || address.starts_with("http://127.0.0.1:")
                || address.starts_with("http://[::1]:")
        };
        if !device.address.as_deref().is_none_or(safe) {
            return bad("rksv_device_address");
        }
        kinds.push(device.kind == SignerKind::Software);
    }
    // Software and a real device never sign in one chain.
    if kinds.windows(2).any(|pair| matches!(pair, [a, b] if a != b)) {
        return bad("rksv_mixed");
    }
    Ok(())
}

/// A chain that a closed system began no open one goes on with (RKSV annex), and the other way round: a till that
/// practised gets a new name.
fn one_system(state: &State, settings: &Settings) -> Result<(), Refusal> {
    let Some(rksv) = &settings.rksv else { return Ok(()) };
    let software = rksv.devices.iter().any(|device| device.kind == SignerKind::Software);
    let other = settings.tills.iter().any(|till| {
        let register = state.registers.get(&till.id);
        register.is_some_and(|register| {
            register.cash_register == rksv.cash_register(till.id)
                && register.device.starts_with("AT0/") != software
        })
    });
    if other {
        return Err(Refusal::BadSettings { problem: "rksv_system".to_owned() });
    }
    Ok(())
}
