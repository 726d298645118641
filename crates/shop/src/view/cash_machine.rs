//! What a till shows of the cash machine beside it.

use domain::payment::Purpose;
use domain::settings::{Settings, TillSettings};
use domain::state::Till;
use domain::{AttemptId, State};

use super::Progress;
use super::payment::{attempt_view, failed_view};
use crate::api::cash_machines::BesideView;

/// The machine, and what it is collecting; none where cash is taken by hand alone.
pub(super) fn beside(
    state: &State,
    settings: &Settings,
    (till, of): (&Till, &TillSettings),
    progress: &dyn Fn(AttemptId) -> Option<Progress>,
) -> Option<BesideView> {
    let at = of.cash_machine.as_deref()?;
    let machine = settings.cash_machine_at(at)?;
    let failed = till.failed.as_ref().filter(|failed| failed.purpose == Purpose::Collection);
    let collecting = match state.collecting_at(till.id) {
        Some(attempt) => Some(attempt_view(settings, attempt, progress)),
        None => failed.map(failed_view),
    };
    let name = settings.terminal_name(machine.id).unwrap_or_default().to_owned();
    Some(BesideView { name, collecting })
}
