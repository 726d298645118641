//! What a till shows of payments at terminals.

use domain::basket::{Basket, Tender};
use domain::payment::{Attempt, AttemptState, Doubt, FailedTry, Purpose};
use domain::settings::Settings;
use domain::{Amount, AttemptId, State, TerminalId, TillId};

use money::Money;

use crate::api::view::{DoubtView, PaymentView, Truth};

/// What a terminal said last, for people; gone when the program ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Stable code.
    pub code: String,
    /// The terminal's own words.
    pub text: Option<String>,
    /// What was put into a cash machine so far.
    pub inserted: Option<Money>,
}

pub(super) fn terminal(settings: &Settings, id: TerminalId) -> String {
    settings.terminal_name(id).map_or_else(|| id.to_string(), str::to_owned)
}

fn word(why: Doubt) -> String {
    serde_json::to_value(why)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_else(|| "unknown".to_owned())
}

/// The payment that the basket waits for, or its last one that moved no money.
pub(crate) fn payment_view(
    state: &State,
    settings: &Settings,
    basket: &Basket,
    progress: &dyn Fn(AttemptId) -> Option<Progress>,
) -> Option<PaymentView> {
    let Some(attempt) = state.attempt_of(basket.id) else {
        if let Some(signs) = basket.unsigned() {
            return Some(charged(settings, signs, "signature"));
        }
        return basket.failed.as_ref().map(failed_view);
    };
    Some(attempt_view(settings, attempt, progress))
}

/// A try that moved no money.
pub(super) fn failed_view(failed: &FailedTry) -> PaymentView {
    PaymentView {
        attempt: failed.attempt,
        terminal: String::new(),
        purpose: failed.purpose.word().to_owned(),
        amount: None,
        truth: Truth::NotCharged,
        code: failed.code.clone(),
        text: failed.text.clone(),
        can_cancel: false,
        card: None,
        inserted: None,
        open: None,
    }
}

/// A try that is running, or in doubt.
pub(super) fn attempt_view(
    settings: &Settings,
    attempt: &Attempt,
    progress: &dyn Fn(AttemptId) -> Option<Progress>,
) -> PaymentView {
    let told = progress(attempt.id);
    let (truth, code) = match attempt.state {
        AttemptState::Intended if attempt.purpose.is_cash() => {
            (Truth::Running, "machine_starting".to_owned())
        }
        AttemptState::Intended => (Truth::Running, "starting".to_owned()),
        AttemptState::Sent => {
            let waits = match attempt.purpose {
                Purpose::Cash => "insert_cash",
                Purpose::Collection => "collecting",
                _ => "waiting",
            };
            let code = told.as_ref().map_or_else(|| waits.to_owned(), |p| p.code.clone());
            (Truth::Running, code)
        }
        AttemptState::Recorded => (Truth::Running, "approved".to_owned()),
        AttemptState::InDoubt { why, .. } => (Truth::Unknown, word(why)),
    };
    let stoppable = matches!(attempt.state, AttemptState::Intended | AttemptState::Sent)
        && attempt.purpose != Purpose::Collection;
    let amount = |amount| Amount { amount, currency: settings.currency };
    let inserted = told.as_ref().and_then(|told| told.inserted);
    PaymentView {
        attempt: attempt.id,
        terminal: terminal(settings, attempt.terminal),
        purpose: attempt.purpose.word().to_owned(),
        amount: Some(amount(attempt.amount)),
        truth,
        code,
        text: told.and_then(|p| p.text),
        can_cancel: stoppable && !attempt.cancel_asked && !attempt.purpose.gives_back(),
        card: attempt.reverses.as_deref().and_then(super::card_name),
        inserted: inserted.map(amount),
        open: inserted
            .map(|put| amount(attempt.amount.saturating_plus(put.negated()).max(Money::ZERO))),
    }
}

/// Payments of a till that are in doubt.
pub(crate) fn doubt_views(state: &State, settings: &Settings, till: TillId) -> Vec<DoubtView> {
    let here = state.attempts.values().filter(|a| a.till == till);
    here.filter_map(|attempt| doubt_view(settings, attempt)).collect()
}

/// A card payment of the basket that went through.
fn charged(settings: &Settings, tender: &Tender, code: &str) -> PaymentView {
    let at = tender.terminal();
    PaymentView {
        attempt: tender.attempt().unwrap_or(AttemptId(0)),
        terminal: at.map_or_else(String::new, |id| terminal(settings, id)),
        purpose: "payment".to_owned(),
        amount: Some(Amount { amount: tender.amount, currency: settings.currency }),
        truth: Truth::Charged,
        code: code.to_owned(),
        text: None,
        can_cancel: false,
        card: None,
        inserted: None,
        open: None,
    }
}

/// What became of a card payment whose basket is not on the screen: nobody looks at it there.
pub(crate) fn aside_view(
    state: &State,
    settings: &Settings,
    basket: &Basket,
    due: Money,
    progress: &dyn Fn(AttemptId) -> Option<Progress>,
) -> Option<PaymentView> {
    let known = payment_view(state, settings, basket, progress);
    known.or_else(|| {
        let paid = basket.tenders.iter().rev().find(|tender| tender.attempt().is_some())?;
        due.is_zero().then(|| charged(settings, paid, "paid"))
    })
}

pub(crate) fn doubt_view(settings: &Settings, attempt: &Attempt) -> Option<DoubtView> {
    let AttemptState::InDoubt { since, why } = attempt.state else { return None };
    Some(DoubtView {
        attempt: attempt.id,
        basket: attempt.basket,
        terminal: terminal(settings, attempt.terminal),
        purpose: attempt.purpose.word().to_owned(),
        amount: Amount { amount: attempt.amount, currency: settings.currency },
        booked: attempt
            .approval
            .as_ref()
            .map(|a| Amount { amount: a.amount.saturating_plus(a.card.tip), currency: a.currency }),
        since,
        code: word(why),
        asking: attempt.is_asked_about(),
    })
}
