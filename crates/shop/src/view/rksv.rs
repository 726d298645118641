//! What an Austrian till says of the chain of its receipts.

use domain::rksv::{SignerKind, applies, of};
use domain::{State, TillId};

use crate::api::view::{Lamp, LampKind, LampState};

/// None outside Austria.
pub(crate) fn rksv_lamp(state: &State, till: TillId) -> Option<Lamp> {
    let settings = state.settings.as_deref().filter(|settings| applies(settings))?;
    let lamp = |state: LampState, code: &str| {
        Some(Lamp { kind: LampKind::Signing, state, code: code.to_owned(), waiting: 0 })
    };
    let Some(rksv) = of(settings) else { return lamp(LampState::Bad, "rksv_not_set") };
    let name = rksv.cash_register(till);
    let register = state.registers.get(&till).filter(|register| register.cash_register == name);
    let test = rksv.devices.iter().any(|device| device.kind == SignerKind::Software)
        || register.is_some_and(|register| {
            let signer = state.signers.values().find(|signer| signer.key() == register.device);
            signer.is_some_and(|signer| !signer.certified)
        });
    let (shown, code) = match register {
        None => (LampState::Bad, "rksv_not_started"),
        Some(register) if register.carried.closed => (LampState::Bad, "rksv_closed"),
        Some(register) if register.restored => (LampState::Bad, "rksv_restored"),
        Some(register) if register.not_signed.is_some() => (LampState::Bad, "rksv_no_code"),
        Some(register) if register.carried.outage.is_some() => (LampState::Bad, "rksv_outage"),
        Some(_) if test => (LampState::Warn, "rksv_test"),
        Some(_) => (LampState::Ok, "rksv_ok"),
    };
    lamp(shown, code)
}
