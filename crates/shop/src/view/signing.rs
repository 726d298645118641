//! What a till says of the unit that signs its receipts.

use domain::signing::UnitKind;
use domain::{State, TillId};

use crate::api::view::{Lamp, LampKind, LampState};

/// None where nothing is signed.
pub(crate) fn signing_lamp(state: &State, till: TillId) -> Option<Lamp> {
    let settings = state.settings.as_deref()?;
    let signing = settings.signing.as_ref()?;
    let tried = signing.tried_by(settings.tills.iter().find(|t| t.id == till));
    let down =
        |unit: &domain::UnitId| state.units.get(unit).is_some_and(|unit| unit.outage.is_some());
    let up = tried.iter().position(|unit| !down(&unit.id));
    let (shown, code) = match up.and_then(|at| Some((at, tried.get(at)?))) {
        None => (LampState::Bad, "signing_outage"),
        Some((_, unit)) if unit.kind == UnitKind::Software => (LampState::Warn, "signing_test"),
        Some((0, _)) => (LampState::Ok, "ok"),
        Some(_) => (LampState::Warn, "signing_other"),
    };
    Some(Lamp { kind: LampKind::Signing, state: shown, code: code.to_owned(), waiting: 0 })
}
