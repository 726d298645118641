//! What Germany's form for a tax audit (DSFinV-K 2.4) asks of a shop's settings: tax keys that exist, and cash that is not
//! rounded. Which of the signed amounts a key belongs to is for whoever signs.

use super::limits;
use crate::ids::TaxKey;
use crate::refusal::Refusal;
use crate::settings::{Country, DatedRate, Settings};
use crate::state::State;

/// From here on keys are the shop's own.
const OWN: u16 = 1_000;
/// Rates that an own key may have, hundredths of a percent: those of German tax law since 2007 (UStG §§ 12, 24), as what
/// is signed has a place for no others.
const RATES: [u32; 11] = [0, 500, 550, 700, 780, 840, 900, 950, 1_070, 1_600, 1_900];
/// Longest description of a key (`UST_BESCHR`).
pub(super) const MAX_DESCRIPTION: usize = 55;

/// Keys and coins that the form has a place for. A rate that stood there before stays as it is: what was sold with it was.
pub(super) fn check(state: &State, settings: &Settings) -> Result<(), Refusal> {
    let bad = |problem: &str| Err(Refusal::BadSettings { problem: problem.to_owned() });
    if settings.country != Country::De {
        return Ok(());
    }
    // A rounded sum is neither what was sold nor what was signed.
    if settings.cash_rounding.0 != 1 {
        return bad("cash_rounding_germany");
    }
    let old = state.settings.as_deref().filter(|old| old.country == Country::De);
    let known = |rate: &DatedRate| old.is_some_and(|old| old.rates.contains(rate));
    for rate in settings.rates.iter().filter(|rate| !known(rate)) {
        if let Some(problem) = wrong(settings, rate.key, rate.rate.basis_points()) {
            return bad(problem);
        }
    }
    Ok(())
}

/// What is wrong with a key at a rate. Keys 11 to 999 are those of earlier years and end with the digit that the key had.
fn wrong(settings: &Settings, key: TaxKey, rate: u32) -> Option<&'static str> {
    let original = match key.0 {
        1..=7 => key.0,
        11..=999 => key.0.checked_rem(10).unwrap_or_default(),
        OWN.. => {
            let described = settings.own_tax_keys.iter().any(|own| own.key == key);
            return if !described {
                Some("tax_key_description")
            } else if !RATES.contains(&rate) {
                Some("tax_key_rate")
            } else {
                None
            };
        }
        _ => return Some("tax_key"),
    };
    match original {
        1..=4 => None,
        5..=7 if rate == 0 => None,
        5..=7 => Some("tax_key_free"),
        _ => Some("tax_key"),
    }
}

/// Descriptions of keys that are the shop's own, one each.
pub(super) fn check_descriptions(settings: &Settings) -> Result<(), Refusal> {
    let bad = || Err(Refusal::BadSettings { problem: "own_tax_keys".to_owned() });
    let mut keys: Vec<TaxKey> = settings.own_tax_keys.iter().map(|own| own.key).collect();
    keys.sort_unstable();
    keys.dedup();
    let has_rate = |key: &TaxKey| settings.rates.iter().any(|rate| rate.key == *key);
    let own = keys.iter().all(|key| key.0 >= OWN && has_rate(key));
    if keys.len() != settings.own_tax_keys.len() || !own {
        return bad();
    }
    for own in &settings.own_tax_keys {
        limits::text("tax_key_description", &own.description, MAX_DESCRIPTION)?;
    }
    Ok(())
}
