//! What is shown of money that is reserved on cards.

use domain::payment::Purpose;
use domain::reservation::Reservation;
use domain::settings::Settings;
use domain::state::Till;
use domain::{Amount, AttemptId, State, TillId};
use jiff::Timestamp;

use super::Progress;
use super::payment::{attempt_view, failed_view, terminal};
use crate::api::reservations::ReservationView;
use crate::api::view::PaymentView;
use crate::personal::Names;

/// Whether the terminal beside a till can reserve money.
pub(super) fn reserves(state: &State, settings: &Settings, till: TillId) -> bool {
    let beside = state.till_settings(till).and_then(|till| till.terminal);
    settings.terminals.iter().any(|t| Some(t.id) == beside && t.protocol.reserves())
}

/// What a terminal is reserving or releasing for a till, or the last that came to nothing.
pub(super) fn reserving_view(
    state: &State,
    settings: &Settings,
    till: &Till,
    progress: &dyn Fn(AttemptId) -> Option<Progress>,
) -> Option<PaymentView> {
    match state.reserving_at(till.id) {
        Some(attempt) => Some(attempt_view(settings, attempt, progress)),
        None => {
            let failed = till.failed.as_ref();
            failed.filter(|failed| failed.purpose != Purpose::Collection).map(failed_view)
        }
    }
}

/// Every open reservation of the shop, the oldest first.
pub(crate) fn reservation_views(
    state: &State,
    settings: &Settings,
    names: &Names,
    now: Timestamp,
) -> Vec<ReservationView> {
    let today = state.local(now).date();
    let view = |open: &Reservation| ReservationView {
        reservation: open.id,
        till: open.till,
        till_name: settings
            .tills
            .iter()
            .find(|till| till.id == open.till)
            .map_or_else(|| open.till.to_string(), |till| till.name.clone()),
        terminal: terminal(settings, open.terminal),
        amount: Amount { amount: open.amount, currency: settings.currency },
        card: super::card_name(&open.card),
        receipt: open.card.receipt.clone(),
        note: open.note.clone(),
        since: open.since,
        days: today
            .since(state.local(open.since).date())
            .map_or(0, |span| u32::try_from(span.get_days()).unwrap_or(0)),
        person: names.of(open.by),
        settles: !open.is_nameless()
            && settings.terminals.iter().any(|t| t.id == open.terminal && t.protocol.reserves()),
    };
    state.reservations.values().map(view).collect()
}
