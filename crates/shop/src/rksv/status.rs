//! How Austria's tills are, and what people have to do for them.

use domain::rksv::{Register, applies, of};
use domain::settings::{Settings, TillSettings};
use jiff::civil::{Date, DateTime, date};

use crate::api::rksv::{KeyState, PastRegister, RegisterState, RegisterView};
use crate::api::today::{Todo, TodoKind};
use crate::engine::Snapshot;
use crate::print::zone;

/// Hours of outage after which FinanzOnline has to be told (RKSV § 17).
const HOURS_UNTIL_NOTICE: i64 = 48;

/// A till as the office sees it, but for its key.
#[must_use]
pub fn register_view(
    settings: &Settings,
    till: &TillSettings,
    chain: Option<&Register>,
    local: DateTime,
) -> RegisterView {
    let name = of(settings).map(|rksv| rksv.cash_register(till.id)).unwrap_or_default();
    let begun = chain.filter(|chain| chain.begun());
    let own = begun.filter(|chain| chain.cash_register == name);
    let names = begun.into_iter().flat_map(Register::names).filter(|had| *had != name);
    let past =
        names.map(|name| PastRegister { cash_register: name.to_owned(), key: KeyState::Nothing });
    let past = past.collect();
    let (zone, outage) = (zone(settings), own.and_then(|chain| chain.carried.outage));
    RegisterView {
        till: till.id,
        name: till.name.clone(),
        cash_register: name,
        state: match own {
            None => RegisterState::NotStarted,
            Some(chain) if chain.carried.closed => RegisterState::Closed,
            Some(chain) if chain.restored => RegisterState::Restored,
            Some(chain) if chain.not_signed.is_some() => RegisterState::NoCode,
            Some(_) if outage.is_some() => RegisterState::Outage,
            Some(_) => RegisterState::Running,
        },
        started: own.map(|chain| chain.started),
        codes: own.map_or(0, |chain| chain.position),
        key: KeyState::Nothing,
        check: None,
        outage,
        outage_to_tell: own.is_some_and(|chain| !chain.outage_told)
            && outage.is_some_and(|since| lasts(since, local)),
        start_to_check: own.is_some_and(|chain| !chain.start_checked),
        year_to_check: own.and_then(|chain| chain.year_to_check),
        closing_to_tell: own.is_some_and(|chain| chain.carried.closed && !chain.closing_told),
        saved: own.and_then(|chain| chain.saved),
        save_due: own.is_some_and(|chain| {
            let saved = chain.saved.map(|at| zone.to_datetime(at).date());
            save_due(chain.started.date(), saved, local.date())
        }),
        // What came before the chain says why as well.
        not_signed: own.or(chain.filter(|chain| !chain.begun())).and_then(|c| c.not_signed.clone()),
        without_code: chain.map_or(0, |chain| chain.without_code),
        without_code_why: chain.map(|chain| chain.without_code_why.clone()).unwrap_or_default(),
        not_issued: own.and_then(|chain| chain.not_issued.clone()),
        asked: own.map(|chain| chain.asked.clone()).unwrap_or_default(),
        past,
    }
}

fn lasts(since: DateTime, now: DateTime) -> bool {
    now.duration_since(since).as_hours() >= HOURS_UNTIL_NOTICE
}

/// Every quarter the codes are saved elsewhere (RKSV § 7): the last whole quarter's are not yet.
fn save_due(started: Date, saved: Option<Date>, today: Date) -> bool {
    let month = (today.month() - 1) / 3 * 3 + 1;
    let quarter = date(today.year(), month, 1);
    started < quarter && saved.is_none_or(|saved| saved < quarter)
}

/// What people have to do for Austria's tills.
#[must_use]
pub fn todos(shop: &Snapshot, settings: &Settings, local: DateTime) -> Vec<Todo> {
    if !applies(settings) {
        return Vec::new();
    }
    let set = of(settings).is_some();
    let tills = settings.tills.iter();
    let views: Vec<RegisterView> =
        tills.map(|till| register_view(settings, till, shop.rksv.0.get(&till.id), local)).collect();
    let count = |which: fn(&RegisterView) -> bool| {
        u32::try_from(views.iter().filter(|view| which(view)).count()).unwrap_or(u32::MAX)
    };
    let all_tills = u32::try_from(views.len()).unwrap_or(u32::MAX);
    let all = [
        (TodoKind::RksvNotSet, if set { 0 } else { all_tills }),
        (TodoKind::RksvRestored, count(|v| v.state == RegisterState::Restored)),
        (
            TodoKind::RksvNotStarted,
            if set { count(|v| v.state == RegisterState::NotStarted) } else { 0 },
        ),
        (TodoKind::RksvNoCode, count(|v| v.without_code > 0)),
        (TodoKind::RksvOutage, count(|v| v.outage_to_tell)),
        (TodoKind::RksvStartUnchecked, count(|v| v.start_to_check)),
        (TodoKind::RksvYearUnchecked, count(|v| v.year_to_check.is_some())),
        (TodoKind::RksvClosingUntold, count(|v| v.closing_to_tell)),
        (TodoKind::RksvUnsaved, count(|v| v.save_due)),
    ];
    all.into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| Todo { kind, count })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_whole_quarter_is_saved_once() {
        let started = date(2026, 2, 10);
        assert!(!save_due(started, None, date(2026, 3, 31)), "the first quarter is not over");
        assert!(save_due(started, None, date(2026, 4, 1)));
        assert!(!save_due(started, Some(date(2026, 4, 1)), date(2026, 6, 30)));
        assert!(save_due(started, Some(date(2026, 4, 1)), date(2026, 7, 1)));
        assert!(save_due(started, Some(date(2026, 12, 31)), date(2027, 1, 1)));
    }

    #[test]
    fn an_outage_is_to_be_told_after_48_hours() {
        let since = date(2026, 11, 26).at(9, 0, 0, 0);
        assert!(!lasts(since, date(2026, 11, 28).at(8, 59, 59, 0)));
        assert!(lasts(since, date(2026, 11, 28).at(9, 0, 0, 0)));
    }
}
