//! What a till says of the card terminal beside it.

use domain::State;
use domain::settings::{Settings, TillSettings};
use jiff::civil::DateTime;

use crate::api::devices::TerminalNotice;
use crate::api::view::{Lamp, LampKind, LampState};

/// None when all is well.
pub(crate) fn notice(
    state: &State,
    settings: &Settings,
    till: &TillSettings,
    local: DateTime,
) -> Option<TerminalNotice> {
    let terminal = settings.terminals.iter().find(|t| Some(t.id) == till.terminal)?;
    let device = state.devices.get(&terminal.id)?;
    let due = device.inspection_due(settings.inspection_days, |at| state.local(at).date());
    let overdue = due.filter(|due| local.date() > *due);
    (device.stop.is_some() || overdue.is_some()).then(|| TerminalNotice {
        name: terminal.name.clone(),
        stop: device.stop.clone(),
        inspection_overdue: overdue,
    })
}

/// The terminal's lamp: what stops it says more than that it answers.
pub(crate) fn lamp(lamp: Lamp, notice: &TerminalNotice) -> Lamp {
    let code = |state, code: &str| Lamp {
        kind: LampKind::Terminal,
        state,
        code: code.to_owned(),
        waiting: 0,
    };
    if notice.stop.is_some() {
        return code(LampState::Bad, "stopped");
    }
    if lamp.state == LampState::Ok { code(LampState::Warn, "inspection_overdue") } else { lamp }
}
