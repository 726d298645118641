//! How Austria's tills are, and what people have to do for them.

use domain::rksv::{Owed, Register, applies, is_to_be_told, of};
use domain::settings::{Settings, TillSettings};
use domain::unit_watch::{UnitUsage, warnings};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, date};

use crate::api::rksv::{KeyState, PastRegister, RegisterState, RegisterView};
use crate::api::today::{Todo, TodoKind};
use crate::engine::Snapshot;
use crate::print::zone;
use crate::sign::certificate_ends;

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
    // Until the chain of a new name begins, what the one before owes stands with that one.
    let owed = match own {
        Some(chain) => chain.owed.clone(),
        None => begun.map(Register::owed_by_then).unwrap_or_default(),
    };
    let past = names.map(|name| past(name, owed.iter().find(|owed| owed.cash_register == name)));
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
            && outage.is_some_and(|since| is_to_be_told(since, local)),
        outages_to_tell: own.map(|chain| chain.outages_to_tell.clone()).unwrap_or_default(),
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

/// A name that the till had, and what is owed for it. Whoever asks sees to its key.
fn past(name: &str, owed: Option<&Owed>) -> PastRegister {
    PastRegister {
        cash_register: name.to_owned(),
        key: KeyState::Nothing,
        closing_to_tell: owed.is_some_and(|owed| owed.closing),
        year_to_check: owed.and_then(|owed| owed.year_to_check),
        outages_to_tell: owed.map(|owed| owed.outages.clone()).unwrap_or_default(),
        save_due: owed.is_some_and(|owed| owed.save),
    }
}

/// Every quarter the codes are saved elsewhere (RKSV § 7): the last whole quarter's are not yet.
fn save_due(started: Date, saved: Option<Date>, today: Date) -> bool {
    let month = (today.month() - 1) / 3 * 3 + 1;
    let quarter = date(today.year(), month, 1);
    started < quarter && saved.is_none_or(|saved| saved < quarter)
}

/// What people have to do for Austria's tills.
#[must_use]
pub fn todos(shop: &Snapshot, settings: &Settings, now: Timestamp) -> Vec<Todo> {
    let local = zone(settings).to_datetime(now);
    if !applies(settings) {
        return Vec::new();
    }
    let set = of(settings).is_some();
    let tills = settings.tills.iter();
    let views: Vec<RegisterView> =
        tills.map(|till| register_view(settings, till, shop.rksv.0.get(&till.id), local)).collect();
    let many = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let count =
        |which: fn(&RegisterView) -> bool| many(views.iter().filter(|view| which(view)).count());
    // By names: a till owes for those that it had as well.
    let named = |today: fn(&RegisterView) -> bool, before: fn(&PastRegister) -> bool| {
        let past = views.iter().flat_map(|view| &view.past).filter(|past| before(past)).count();
        count(today).saturating_add(many(past))
    };
    let devices = of(settings).into_iter().flat_map(|rksv| &rksv.devices);
    let ending = devices.filter(|device| {
        let said = shop.rksv.1.get(&device.id);
        let ends = said.and_then(|said| certificate_ends(&said.certificates));
        !warnings(ends, &UnitUsage::default(), now).is_empty()
    });
    let ending = many(ending.count());
    let all_tills = many(views.len());
    let all = [
        (TodoKind::RksvNotSet, if set { 0 } else { all_tills }),
        (TodoKind::RksvRestored, count(|v| v.state == RegisterState::Restored)),
        (
            TodoKind::RksvNotStarted,
            if set { count(|v| v.state == RegisterState::NotStarted) } else { 0 },
        ),
        (TodoKind::RksvNoCode, count(|v| v.without_code > 0)),
        (
            TodoKind::RksvOutage,
            named(
                |v| v.outage_to_tell || !v.outages_to_tell.is_empty(),
                |past| !past.outages_to_tell.is_empty(),
            ),
        ),
        (TodoKind::RksvStartUnchecked, count(|v| v.start_to_check)),
        (
            TodoKind::RksvYearUnchecked,
            named(|v| v.year_to_check.is_some(), |past| past.year_to_check.is_some()),
        ),
        (TodoKind::RksvClosingUntold, named(|v| v.closing_to_tell, |past| past.closing_to_tell)),
        (TodoKind::RksvDeviceEnding, ending),
        (TodoKind::RksvUnsaved, named(|v| v.save_due, |past| past.save_due)),
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
        assert!(!is_to_be_told(since, date(2026, 11, 28).at(8, 59, 59, 0)));
        assert!(is_to_be_told(since, date(2026, 11, 28).at(9, 0, 0, 0)));
    }
}
