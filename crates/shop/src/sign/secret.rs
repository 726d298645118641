//! What it takes to be let in at a signing unit: lies sealed in the vault, with where it was told for, so that it is shown
//! to nobody else when an address is changed.

use domain::UnitId;
use domain::signing::{UnitKind, UnitSettings};
use serde::{Deserialize, Serialize};
use store::{Reader, Store, StoreError};

use crate::api::signing::UnitSecret;
use crate::vault::{self, Kept};

/// Longest part of a secret.
const LONGEST: usize = 200;
/// Shortest PIN of fiskaly's administrators.
const SHORTEST_PIN: usize = 6;

/// Where a unit's secret lies, apart from the settings and the journal.
#[must_use]
pub fn unit_secret_key(unit: UnitId) -> String {
    format!("signing_secret_{unit}")
}

/// Where the PUK lies that the maker told when a unit was made.
#[must_use]
pub fn puk_key(unit: UnitId) -> String {
    format!("signing_puk_{unit}")
}

#[derive(Serialize, Deserialize)]
struct Told<T> {
    told_for: String,
    #[serde(flatten)]
    told: T,
}

#[derive(Serialize, Deserialize)]
struct Puk {
    puk: String,
}

fn whom(kind: &UnitKind) -> Option<String> {
    match kind {
        UnitKind::Software => None,
        UnitKind::Fiskaly(unit) => Some(format!("fiskaly {}", unit.address)),
        UnitKind::Epson(unit) => Some(format!("epson {}", unit.address)),
    }
}

/// Whose PUK it is.
fn whose(kind: &UnitKind) -> Option<String> {
    match kind {
        UnitKind::Fiskaly(unit) => Some(format!("fiskaly {}", unit.tss)),
        UnitKind::Software | UnitKind::Epson(_) => None,
    }
}

/// Whether it can be this unit's secret.
fn can_be(kind: &UnitKind, secret: &UnitSecret) -> bool {
    let some = |text: &String| {
        (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
    };
    match (kind, secret) {
        (UnitKind::Fiskaly(_), UnitSecret::Fiskaly { api_key, api_secret, admin_pin }) => {
            let pin = admin_pin.as_ref();
            some(api_key)
                && some(api_secret)
                && pin.is_none_or(|pin| some(pin) && pin.len() >= SHORTEST_PIN)
        }
        (UnitKind::Epson(_), UnitSecret::Epson { shared, admin_pin, time_admin_pin }) => {
            [shared, admin_pin, time_admin_pin].into_iter().all(some)
        }
        _ => false,
    }
}

/// A secret as it is kept; none when it cannot be this unit's.
#[must_use]
pub fn kept_text(unit: &UnitSettings, secret: UnitSecret) -> Option<String> {
    let told_for = whom(&unit.kind)?;
    if !can_be(&unit.kind, &secret) {
        return None;
    }
    serde_json::to_string(&Told { told_for, told: secret }).ok()
}

/// The secret that was told for this unit as it is set now.
///
/// # Errors
/// `no_secret` when none was, or for another address; `secret_lost` when it has to be told again.
pub(super) fn secret_of(reader: &Reader, unit: &UnitSettings) -> Result<UnitSecret, NoSecret> {
    match vault::kept(reader, &unit_secret_key(unit.id))? {
        Kept::Nothing => Err(NoSecret::Nothing),
        Kept::Lost => Err(NoSecret::Lost),
        Kept::Text(text) => {
            let told = serde_json::from_str::<Told<UnitSecret>>(&text).ok();
            let told = told.filter(|told| Some(&told.told_for) == whom(&unit.kind).as_ref());
            told.map(|told| told.told).ok_or(NoSecret::Nothing)
        }
    }
}

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoSecret {
    #[error("none was told")]
    Nothing,
    #[error("it has to be told again")]
    Lost,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// True when a secret is needed and none can be used.
///
/// # Errors
/// When the file cannot be read.
pub fn needs_secret(reader: &Reader, unit: &UnitSettings) -> Result<bool, StoreError> {
    if unit.kind == UnitKind::Software {
        return Ok(false);
    }
    match secret_of(reader, unit) {
        Ok(_) => Ok(false),
        Err(NoSecret::Nothing | NoSecret::Lost) => Ok(true),
        Err(NoSecret::Store(error)) => Err(error),
    }
}

/// Keeps the PUK that a maker told once.
///
/// # Errors
/// When it cannot be sealed or stored.
pub(super) fn keep_puk(
    store: &mut Store,
    unit: &UnitSettings,
    puk: &str,
) -> Result<(), StoreError> {
    let told_for = whose(&unit.kind).unwrap_or_default();
    let told = Told { told_for, told: Puk { puk: puk.to_owned() } };
    let text = serde_json::to_string(&told)
        .map_err(|_| StoreError::Misuse("a PUK that cannot be written"))?;
    vault::keep(store, &puk_key(unit.id), &text)
}

/// The PUK that was kept for this very unit.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn puk_of(reader: &Reader, unit: &UnitSettings) -> Result<Option<String>, StoreError> {
    let text = vault::kept(reader, &puk_key(unit.id))?.text();
    let told = text.and_then(|text| serde_json::from_str::<Told<Puk>>(&text).ok());
    let told = told.filter(|told| Some(&told.told_for) == whose(&unit.kind).as_ref());
    Ok(told.map(|told| told.told.puk))
}
