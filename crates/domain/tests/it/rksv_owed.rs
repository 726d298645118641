//! What people still owe FinanzOnline and their own archive: it waits until somebody says that it is done, whatever happens to
//! the till meanwhile. And the rates that Austria knows.

use domain::event::{RksvSigned, RksvTold};
use domain::rksv::{
    Carried, EndedOutage, Owed, RegisterSettings, RksvKind, RksvNote, RksvStep, SignerKind,
    SignerSettings,
};
use domain::settings::{Country, DatedRate, Settings};
use domain::{Command, Event, Refusal, ShopCommand, TaxKey, TillCommand};
use jiff::civil::DateTime;
use money::Rate;

use crate::catalogue::BUTTER;
use crate::rksv::{austrian, carried, code, refused, shop};
use crate::world::{MANAGER, TILL, World};

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

/// A code of a real device, signed again or not since a moment.
fn real(name: &str, position: u64, kind: RksvKind, when: &str, out: Option<&str>) -> RksvSigned {
    RksvSigned {
        cash_register: name.to_owned(),
        at: at(when),
        device: "AT1/3ad80154".to_owned(),
        carried: Carried { outage: out.map(at), ..carried(kind == RksvKind::Closing) },
        ..code(position, kind, None)
    }
}

fn signs(w: &mut World, code: RksvSigned) {
    let step = RksvStep::Signed(Box::new(code));
    w.run(None, Command::Till(TILL, TillCommand::Rksv(step))).expect("signed");
}

fn note(w: &mut World, what: RksvNote, register: Option<&str>) -> Result<usize, Refusal> {
    let register = register.map(str::to_owned);
    let command = ShopCommand::NoteRksv { till: TILL, what, register };
    w.run(Some(MANAGER), Command::Shop(command)).map(|events| events.len())
}

#[test]
fn an_outage_of_two_days_waits_after_its_end_until_its_end_was_told() {
    let mut w = shop();
    let w = &mut w;
    signs(w, real("TR-1", 1, RksvKind::Start, "2026-11-01T08:00:00", None));
    // Two hours: nobody wants to hear of it.
    let from = "2026-11-02T08:00:00";
    signs(w, real("TR-1", 2, RksvKind::Zero, from, Some(from)));
    signs(w, real("TR-1", 3, RksvKind::AfterOutage, "2026-11-02T10:00:00", None));
    assert!(w.state.registers[&TILL].outages_to_tell.is_empty());
    assert_eq!(note(w, RksvNote::OutageEndTold, None), Ok(0));
    // Two days over which nobody looked.
    let from = "2026-11-06T18:00:00";
    signs(w, real("TR-1", 4, RksvKind::Zero, from, Some(from)));
    signs(w, real("TR-1", 5, RksvKind::AfterOutage, "2026-11-08T18:00:00", None));
    // And an hour, of whose beginning somebody told.
    let second = "2026-11-10T08:00:00";
    signs(w, real("TR-1", 6, RksvKind::Zero, second, Some(second)));
    assert_eq!(note(w, RksvNote::OutageTold, None), Ok(1));
    signs(w, real("TR-1", 7, RksvKind::AfterOutage, "2026-11-10T09:00:00", None));
    let ended = |from: &str, until: &str, begin_told| EndedOutage {
        from: at(from),
        until: at(until),
        begin_told,
    };
    let expected =
        [ended(from, "2026-11-08T18:00:00", false), ended(second, "2026-11-10T09:00:00", true)];
    assert_eq!(w.state.registers[&TILL].outages_to_tell, expected);
    assert_eq!(w.restarted().registers, w.state.registers);
    assert_eq!(note(w, RksvNote::OutageEndTold, None), Ok(1));
    assert!(w.state.registers[&TILL].outages_to_tell.is_empty());
    assert_eq!(note(w, RksvNote::OutageEndTold, None), Ok(0));
    assert_eq!(w.restarted().registers, w.state.registers);
}

#[test]
fn what_is_owed_for_a_name_is_owed_when_the_till_has_another_one() {
    let mut w = shop();
    let w = &mut w;
    signs(w, real("TR-1", 1, RksvKind::Start, "2025-11-01T08:00:00", None));
    signs(w, real("TR-1", 2, RksvKind::Yearly, "2026-01-01T00:00:01", None));
    let from = "2026-01-03T08:00:00";
    signs(w, real("TR-1", 3, RksvKind::Zero, from, Some(from)));
    signs(w, real("NEU-1", 1, RksvKind::Start, "2026-01-06T08:00:00", None));
    let outage =
        EndedOutage { from: at(from), until: at("2026-01-06T08:00:00"), begin_told: false };
    let owed = Owed {
        cash_register: "TR-1".to_owned(),
        closing: true,
        year_to_check: Some(at("2026-01-01T00:00:00").date()),
        outages: vec![outage],
        save: true,
    };
    assert_eq!(w.state.registers[&TILL].owed, std::slice::from_ref(&owed));
    assert_eq!(w.state.registers[&TILL].year_to_check, None, "not of the new one");
    // It is carried on over the next name too; the one between owes what it owes.
    assert_eq!(note(w, RksvNote::Saved, None), Ok(1));
    signs(w, real("NEU-2", 1, RksvKind::Start, "2026-01-07T08:00:00", None));
    let between = Owed {
        cash_register: "NEU-1".to_owned(),
        closing: true,
        year_to_check: None,
        outages: Vec::new(),
        save: false,
    };
    assert_eq!(w.state.registers[&TILL].owed, [owed, between]);
    assert_eq!(w.restarted().registers, w.state.registers);

    assert_eq!(note(w, RksvNote::Saved, Some("X-1")), Err(Refusal::RksvNotStarted));
    assert_eq!(note(w, RksvNote::Saved, Some("NEU-1")), Ok(0), "it is");
    assert_eq!(note(w, RksvNote::ClosingTold, Some("NEU-1")), Ok(1));
    assert_eq!(note(w, RksvNote::ClosingTold, Some("NEU-1")), Ok(0));
    for what in
        [RksvNote::ClosingTold, RksvNote::YearChecked, RksvNote::OutageEndTold, RksvNote::Saved]
    {
        assert_eq!(w.state.registers[&TILL].owed.len(), 1);
        assert_eq!(note(w, what, Some("TR-1")), Ok(1), "{what:?}");
        assert_eq!(note(w, what, Some("TR-1")), Ok(0), "{what:?}");
    }
    assert!(w.state.registers[&TILL].owed.is_empty());
    assert_eq!(w.restarted().registers, w.state.registers);
}

#[test]
fn what_is_owed_can_be_settled_before_the_next_chain_begins() {
    let mut w = shop();
    let w = &mut w;
    let name = format!("TR-{TILL}");
    signs(w, real(&name, 1, RksvKind::Start, "2026-11-01T08:00:00", None));
    assert_eq!(note(w, RksvNote::ClosingTold, Some(&name)), Ok(0), "it runs");
    w.configure(|settings| {
        let rksv = settings.rksv.as_mut().unwrap();
        rksv.registers = vec![RegisterSettings { till: TILL, cash_register: "NEU-1".to_owned() }];
        let user = Some("u123456789".to_owned());
        rksv.devices[0] =
            SignerSettings { kind: SignerKind::AtrustHsm, user, ..rksv.devices[0].clone() };
    });
    let owed = w.state.registers[&TILL].owed_by_then();
    assert_eq!((owed.len(), owed[0].closing, owed[0].save), (1, true, true));
    assert_eq!(note(w, RksvNote::ClosingTold, Some(&name)), Ok(1));
    assert_eq!(note(w, RksvNote::ClosingTold, Some(&name)), Ok(0));
    assert_eq!(note(w, RksvNote::Saved, Some(&name)), Ok(1));
    assert!(w.state.registers[&TILL].owed_by_then().is_empty());
    signs(w, real("NEU-1", 1, RksvKind::Start, "2026-11-02T08:00:00", None));
    assert!(w.state.registers[&TILL].owed.is_empty());
    assert_eq!(w.restarted().registers, w.state.registers);
}

#[test]
fn a_name_that_practised_owes_nothing_and_one_that_was_closed_and_saved_neither() {
    let mut w = shop();
    let w = &mut w;
    let mut practice = code(1, RksvKind::Start, None);
    practice.cash_register = "TR-1".to_owned();
    signs(w, practice);
    signs(w, real("ECHT-1", 1, RksvKind::Start, "2026-11-01T08:00:00", None));
    assert!(w.state.registers[&TILL].owed.is_empty());
    signs(w, real("ECHT-1", 2, RksvKind::Closing, "2026-11-01T09:00:00", None));
    assert_eq!(note(w, RksvNote::ClosingTold, None), Ok(1));
    assert_eq!(note(w, RksvNote::Saved, None), Ok(1));
    signs(w, real("ECHT-2", 1, RksvKind::Start, "2026-11-02T08:00:00", None));
    assert!(w.state.registers[&TILL].owed.is_empty());
}

#[test]
fn an_older_note_is_read_as_one_for_the_name_of_today() {
    let text = r#"{"what":"noted","till":1,"note":"saved"}"#;
    let told: RksvTold = serde_json::from_str(text).unwrap();
    assert!(matches!(told, RksvTold::Noted { register: None, .. }));
    assert_eq!(serde_json::to_string(&told).unwrap(), text);
}

fn mistyped(settings: &mut Settings) {
    settings.rates[0].rate = Rate::new(1_200);
}

/// The right rate from now on, beside the wrong one that was.
fn corrected(w: &World) -> impl FnOnce(&mut Settings) + use<> {
    let now = w.state.local(w.now);
    move |settings: &mut Settings| {
        let key = settings.rates[0].key;
        settings.rates.push(DatedRate { key, rate: Rate::new(2_000), from: now });
    }
}

#[test]
fn in_austria_a_rate_without_a_place_in_the_code_is_refused_before_anything_is_signed() {
    let mut w = World::open_with(|settings| {
        austrian(settings);
        settings.rksv = None;
    });
    assert_eq!(refused(&mut w, mistyped), "rksv_rate");
    let early = |settings: &mut Settings| {
        let from = at("2026-06-30T00:00:00");
        settings.rates.push(DatedRate { key: TaxKey(4), rate: Rate::new(490), from });
    };
    assert_eq!(refused(&mut w, early), "rksv_rate", "there are 4.9 % from July 2026 on");
    let later = |settings: &mut Settings| {
        let from = at("2026-07-01T00:00:00");
        settings.rates.push(DatedRate { key: TaxKey(4), rate: Rate::new(490), from });
    };
    assert_eq!(refused(&mut w, later), "taken");
}

#[test]
fn a_wrong_rate_that_something_was_sold_with_locks_no_shop_out_of_the_rksv() {
    let mut set = None;
    let mut w = World::open_with(|settings| {
        austrian(settings);
        set = settings.rksv.take();
    });
    // From before anybody looked at rates.
    let mut wrong = w.state.settings.as_deref().unwrap().clone();
    mistyped(&mut wrong);
    w.happen(None, None, Event::ShopConfigured(Box::new(wrong)));
    w.sign_in(TILL, MANAGER);
    w.add(BUTTER, 1_000);
    w.pay();
    let gone = |settings: &mut Settings| settings.rates[0].rate = Rate::new(2_000);
    assert_eq!(refused(&mut w, gone), "rate_past", "receipts were taxed by it");
    let correct = corrected(&w);
    assert_eq!(refused(&mut w, correct), "taken");
    assert_eq!(refused(&mut w, |settings| settings.rksv = set), "taken");
    assert_eq!(refused(&mut w, |settings| settings.rates[1].rate = Rate::new(1_200)), "rate_past");
}

#[test]
fn a_shop_that_comes_from_another_country_takes_its_old_rates_along_once_they_are_over() {
    let mut w = World::open();
    w.add(BUTTER, 1_000);
    w.pay();
    let move_there = |settings: &mut Settings| {
        settings.country = Country::At;
        settings.signing = None;
    };
    let unknown = |s: &Settings| -> Vec<DatedRate> {
        let known =
            |rate: &DatedRate| domain::rksv::field_of(rate.rate, rate.from.date()).is_some();
        s.rates.iter().filter(|rate| !known(rate)).cloned().collect()
    };
    let wrong = unknown(w.state.settings.as_deref().unwrap());
    assert!(!wrong.is_empty(), "7 %");
    assert_eq!(refused(&mut w, move_there), "rksv_rate");
    let now = w.state.local(w.now);
    w.configure(|settings| {
        for rate in &wrong {
            settings.rates.push(DatedRate { key: rate.key, rate: Rate::new(1_000), from: now });
        }
    });
    assert_eq!(refused(&mut w, move_there), "taken");
}
