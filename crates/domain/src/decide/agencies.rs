//! For whom else a shop sells.

use super::limits;
use crate::ids::GroupId;
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::state::State;

/// Most of them.
const MOST: usize = 100;

/// Numbers that stay what they are, texts that fit the form (DSFinV-K, pa.csv), and groups that name one of them.
pub(super) fn check(state: &State, settings: &Settings) -> Result<(), Refusal> {
    let bad = |problem: &str| Err(Refusal::BadSettings { problem: problem.to_owned() });
    let mut ids: Vec<u16> = settings.agencies.iter().map(|agency| agency.id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() != settings.agencies.len() || ids.len() > MOST || ids.contains(&0) {
        return bad("agencies");
    }
    let named = |id: &u16| ids.binary_search(id).is_ok();
    if !settings.groups.iter().filter_map(|group| group.agency.as_ref()).all(named) {
        return bad("group_agency");
    }
    // What was sold for them names them, and what comes back of it as well.
    let before = state.settings.iter().flat_map(|old| &old.agencies);
    if !before.map(|agency| &agency.id).all(named) {
        return bad("agency_removed");
    }
    for agency in &settings.agencies {
        limits::text("agency_name", &agency.name, 60)?;
        limits::text("street", &agency.street, 60)?;
        limits::text("postal_code", &agency.postal_code, 10)?;
        limits::text("town", &agency.town, 62)?;
        limits::optional_text("number", agency.tax_number.as_deref().unwrap_or_default(), 20)?;
        limits::optional_text("number", agency.vat_id.as_deref().unwrap_or_default(), 15)?;
    }
    Ok(())
}

/// For whom goods of a group are sold.
pub(super) fn of_group(settings: &Settings, group: GroupId) -> Option<u16> {
    settings.groups.iter().find(|known| known.id == group)?.agency
}
