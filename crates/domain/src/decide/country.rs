//! What a country's law refuses of a shop's settings, and tax keys that are the shop's own.

use super::limits;
use crate::ids::{OWN_TAX_KEYS, TaxKey};
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::state::State;

/// Longest description of a key (`UST_BESCHR`).
const MAX_DESCRIPTION: usize = 55;

/// What the country itself says. Settings of before count where they were the same country's.
pub(super) fn check(state: &State, settings: &Settings) -> Result<(), Refusal> {
    let old = state.settings.as_deref().filter(|old| old.country == settings.country);
    (settings.country.profile().check)(settings, old)
        .map_err(|problem| Refusal::BadSettings { problem: problem.to_owned() })
}

/// Descriptions of keys that are the shop's own, one each.
pub(super) fn check_descriptions(settings: &Settings) -> Result<(), Refusal> {
    let bad = || Err(Refusal::BadSettings { problem: "own_tax_keys".to_owned() });
    let mut keys: Vec<TaxKey> = settings.own_tax_keys.iter().map(|own| own.key).collect();
    keys.sort_unstable();
    keys.dedup();
    let has_rate = |key: &TaxKey| settings.rates.iter().any(|rate| rate.key == *key);
    let own = keys.iter().all(|key| key.0 >= OWN_TAX_KEYS && has_rate(key));
    if keys.len() != settings.own_tax_keys.len() || !own {
        return bad();
    }
    for own in &settings.own_tax_keys {
        limits::text("tax_key_description", &own.description, MAX_DESCRIPTION)?;
    }
    Ok(())
}
