//! What a till says of the unit that signs its receipts.

use domain::signing::{is_practice, signs_at};
use domain::{State, TillId};

use crate::api::view::{Lamp, LampKind, LampState};

/// None where nothing is signed.
pub(crate) fn signing_lamp(state: &State, till: TillId) -> Option<Lamp> {
    let settings = state.settings.as_deref()?;
    let signing = settings.signing.as_ref()?;
    let till = settings.tills.iter().find(|t| t.id == till);
    let tried = signing.tried_by(till);
    let (shown, code) = match signs_at(&state.units, &tried) {
        None => (LampState::Bad, "signing_outage"),
        Some(_) if is_practice(settings, (&state.units, &state.signers), till) => {
            (LampState::Warn, "signing_test")
        }
        Some((0, _)) => (LampState::Ok, "ok"),
        Some(_) => (LampState::Warn, "signing_other"),
    };
    Some(Lamp { kind: LampKind::Signing, state: shown, code: code.to_owned(), waiting: 0 })
}
