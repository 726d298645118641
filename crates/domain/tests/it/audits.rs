//! Audits: opened for a time, looked at in, ended; and what the law asks to keep.

use domain::audit::{AuditEnd, AuditStep};
use domain::notification::{Notification, TillNotice};
use domain::retention::{self, Keep, RecordKind};
use domain::settings::Country;
use domain::{AuditId, Command, Event, Permission, Refusal, Role, ShopCommand, TillId};
use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::world::{CASHIER, MANAGER, World};

const ONE: AuditId = AuditId(1);

fn open(minutes: u16) -> ShopCommand {
    ShopCommand::OpenAudit { office: "Finanzamt Köln-Mitte".to_owned(), minutes }
}

/// What the program itself asks, with nobody behind it.
fn by_itself(w: &mut World, command: ShopCommand) -> Result<Vec<Event>, Refusal> {
    w.run(None, Command::Shop(command))
}

fn look() -> ShopCommand {
    ShopCommand::LookInAudit { audit: ONE, what: "changes".to_owned() }
}

#[test]
fn an_audit_is_opened_entered_once_looked_in_and_over_when_its_time_is() {
    let mut w = World::open();
    assert_eq!(by_itself(&mut w, look()), Err(Refusal::NoAudit));
    w.office(open(60));
    assert_eq!(w.office_no(MANAGER, open(60)), Refusal::AuditRunning);
    by_itself(&mut w, ShopCommand::EnterAudit { audit: ONE }).expect("in");
    let again = by_itself(&mut w, ShopCommand::EnterAudit { audit: ONE });
    assert_eq!(again, Err(Refusal::NoAudit), "a code is good once");
    assert_eq!(by_itself(&mut w, look()).expect("looked").len(), 1);
    w.pass(59);
    by_itself(&mut w, look()).expect("still open");
    w.pass(1);
    assert_eq!(by_itself(&mut w, look()), Err(Refusal::NoAudit), "its time is over");
    // Nobody noted that: the next one says so before it begins.
    let events = w.office(open(5));
    let ended = Event::Audit(AuditStep::Ended { audit: ONE, why: AuditEnd::Time });
    assert_eq!(events[0], ended);
    assert!(matches!(&events[1], Event::Audit(AuditStep::Opened { audit: AuditId(2), .. })));
}

#[test]
fn whoever_ends_an_audit_late_finds_that_time_did() {
    let mut w = World::open();
    w.office(open(5));
    w.pass(6);
    let events = w.office(ShopCommand::EndAudit { audit: ONE, why: AuditEnd::Shop });
    assert_eq!(events, [Event::Audit(AuditStep::Ended { audit: ONE, why: AuditEnd::Time })]);
    assert!(w.office(ShopCommand::EndAudit { audit: ONE, why: AuditEnd::Shop }).is_empty());
    w.office(open(5));
    let two = AuditId(2);
    let events = w.office(ShopCommand::EndAudit { audit: two, why: AuditEnd::Shop });
    assert_eq!(events, [Event::Audit(AuditStep::Ended { audit: two, why: AuditEnd::Shop })]);
}

#[test]
fn only_who_manages_the_record_opens_an_audit_and_nobody_here_is_an_auditor() {
    let mut w = World::open();
    let permission = Permission::ManageRecord;
    assert_eq!(w.office_no(CASHIER, open(60)), Refusal::NotPermitted { permission });
    for minutes in [4, 721] {
        let refused = Refusal::OutOfLimits { field: "minutes".to_owned() };
        assert_eq!(w.office_no(MANAGER, open(minutes)), refused);
    }
    let nobody = ShopCommand::OpenAudit { office: " ".to_owned(), minutes: 60 };
    assert_eq!(w.office_no(MANAGER, nobody), Refusal::BadText { field: "office".to_owned() });
    let put = ShopCommand::PutPerson {
        person: None,
        name: "Eva".to_owned(),
        role: Role::Auditor,
        active: true,
    };
    assert_eq!(w.office_no(MANAGER, put), Refusal::OutOfLimits { field: "role".to_owned() });
}

#[test]
fn an_auditor_may_see_the_audit_and_nothing_else() {
    let may: Vec<Permission> = Permission::ALL
        .into_iter()
        .chain([Permission::Public, Permission::SignedIn])
        .filter(|permission| domain::people::may(Role::Auditor, *permission))
        .collect();
    assert_eq!(may, [Permission::SeeAudit, Permission::Public]);
    assert!(!domain::people::may(Role::Supervisor, Permission::SeeAudit));
}

#[test]
fn the_version_of_the_program_is_an_entry_when_it_is_another_one() {
    let mut w = World::open();
    let note = |version: &str| ShopCommand::NoteProgram { version: version.to_owned() };
    assert_eq!(by_itself(&mut w, note("1.0")).expect("noted").len(), 1);
    assert!(by_itself(&mut w, note("1.0")).expect("known").is_empty());
    assert_eq!(by_itself(&mut w, note("1.1")).expect("noted").len(), 1);
}

#[test]
fn periods_are_those_of_the_day_and_end_with_a_year() {
    let keep = |country, kind, on| {
        retention::on(country, on).find(|rule| rule.kind == kind).expect("a rule").keep
    };
    let (de, voucher) = (Country::De, RecordKind::Vouchers);
    assert_eq!(keep(de, voucher, date(2024, 12, 31)), Keep::Years { years: 10 });
    assert_eq!(keep(de, voucher, date(2025, 1, 1)), Keep::Years { years: 8 });
    assert_eq!(keep(de, RecordKind::Journal, date(2026, 11, 26)), Keep::Years { years: 10 });
    // 23:30 UTC on New Year's Eve is the next year in Germany.
    let zone = TimeZone::get("Europe/Berlin").expect("a zone");
    let until = |of: &str| {
        let of = (of.parse().expect("a time"), &zone);
        retention::kept_until(
            de,
            RecordKind::CustomerDetails,
            of,
            "2026-11-26T08:00:00Z".parse().unwrap(),
        )
    };
    assert_eq!(until("2025-12-31T22:30:00Z"), Some(date(2033, 12, 31)));
    assert_eq!(until("2025-12-31T23:30:00Z"), Some(date(2034, 12, 31)));
    for country in [Country::De, Country::At, Country::Ch] {
        let kinds: Vec<RecordKind> =
            retention::on(country, date(2026, 1, 1)).map(|rule| rule.kind).collect();
        let mut once = kinds.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), kinds.len(), "one rule a kind");
    }
}

#[test]
fn what_the_tax_office_is_told_fits() {
    let mut w = World::open();
    let mut put = |told: Notification| {
        let mut settings = (**w.state.settings.as_ref().unwrap()).clone();
        settings.notification = Some(Box::new(told));
        w.run(Some(MANAGER), Command::Shop(ShopCommand::Configure { settings: Box::new(settings) }))
    };
    let till = |from, until| TillNotice {
        till: TillId(1),
        device: "Lenovo ThinkCentre".to_owned(),
        acquired: Some(date(2026, 1, 5)),
        from,
        until,
    };
    let bad = |problem: &str| Err(Refusal::BadSettings { problem: problem.to_owned() });
    let (early, late) = (Some(date(2026, 1, 7)), Some(date(2026, 3, 1)));
    let of = |tills| Notification { tills, ..Notification::default() };
    assert_eq!(put(of(vec![till(late, early)])), bad("notification_dates"));
    assert_eq!(put(of(vec![till(early, late), till(early, None)])), bad("notification"));
    let long = Notification { taxpayer: "x".repeat(201), ..Notification::default() };
    assert_eq!(put(long), Err(Refusal::BadText { field: "taxpayer".to_owned() }));
    let lines =
        Notification { backups: "täglich\nauf USB".to_owned(), ..of(vec![till(early, late)]) };
    assert!(put(lines).is_ok());
}
