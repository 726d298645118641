//! Austria's tills: chains that nothing comes between, receipts that people ask for, settings that fit.

use domain::event::{RksvSigned, RksvTold};
use domain::rksv::{
    Carried, NotIssued, RegisterSettings, RksvKind, RksvNote, RksvSettings, RksvStep,
    SignerIdentity, SignerKind, SignerSettings, company_key,
};
use domain::settings::{Country, Settings};
use domain::signing::is_practice;
use domain::{BasketId, Command, Event, Refusal, ShopCommand, TillCommand, TillId, UnitId};
use money::{Money, Rate};

use crate::catalogue::BUTTER;
use crate::world::{MANAGER, TILL, World};

fn device(id: u16, kind: SignerKind) -> SignerSettings {
    let user = (kind == SignerKind::AtrustHsm).then(|| "u123456789".to_owned());
    SignerSettings { id: UnitId(id), name: format!("device {id}"), kind, address: None, user }
}

pub(crate) fn austrian(settings: &mut Settings) {
    settings.country = Country::At;
    settings.vat_id = Some("ATU12345678".to_owned());
    for rate in &mut settings.rates {
        let austrian = match rate.rate.basis_points() {
            0 => 0,
            1_900 => 2_000,
            _ => 1_000,
        };
        rate.rate = Rate::new(austrian);
    }
    settings.rksv = Some(RksvSettings {
        prefix: "TR".to_owned(),
        registers: Vec::new(),
        devices: vec![device(1, SignerKind::Software)],
        clear_text: false,
    });
}

pub(crate) fn shop() -> World {
    World::open_with(austrian)
}

pub(crate) fn carried(closed: bool) -> Carried {
    Carried {
        counter: Money::new(298),
        outage: None,
        closed,
        months: Vec::new(),
        years: Vec::new(),
    }
}

pub(crate) fn code(position: u64, kind: RksvKind, basket: Option<BasketId>) -> RksvSigned {
    RksvSigned {
        till: TILL,
        cash_register: format!("TR-{TILL}"),
        position,
        kind,
        number: position.to_string(),
        basket,
        at: "2026-11-26T09:00:00".parse().unwrap(),
        jws: format!("code {position}"),
        unsigned: None,
        device: "AT0/U:ATU12345678-TEST1".to_owned(),
        carried: carried(kind == RksvKind::Closing),
    }
}

fn identity() -> SignerIdentity {
    SignerIdentity {
        provider: "AT0".to_owned(),
        certificate: "U:ATU12345678-TEST1".to_owned(),
        public_key: "BAEC".to_owned(),
        certificates: Vec::new(),
        certified: false,
    }
}

/// One of each kind.
pub(crate) fn every_event() -> Vec<Event> {
    let asked = RksvTold::Asked { till: TILL, kind: RksvKind::Zero };
    vec![
        Event::RksvSigned(Box::new(code(1, RksvKind::Start, None))),
        Event::RksvTold(Box::new(asked)),
    ]
}

fn says(w: &mut World, step: RksvStep) -> Result<Vec<Event>, Refusal> {
    w.run(None, Command::Till(TILL, TillCommand::Rksv(step)))
}

fn signs(w: &mut World, code: RksvSigned) -> Result<Vec<Event>, Refusal> {
    says(w, RksvStep::Signed(Box::new(code)))
}

fn asks(w: &mut World, kind: RksvKind) -> Result<Vec<Event>, Refusal> {
    w.run(Some(MANAGER), Command::Shop(ShopCommand::AskRksvReceipt { till: TILL, kind }))
}

const NO: Result<Vec<Event>, Refusal> = Err(Refusal::NotToBeSigned);

#[test]
fn codes_follow_each_other_without_a_gap_and_each_sale_gets_one() {
    let mut w = shop();
    assert_eq!(signs(&mut w, code(1, RksvKind::Zero, None)), NO, "the Startbeleg is the first");
    signs(&mut w, code(1, RksvKind::Start, None)).expect("begun");
    assert_eq!(signs(&mut w, code(1, RksvKind::Start, None)), NO, "there is one");
    assert_eq!(signs(&mut w, code(3, RksvKind::Zero, None)), NO, "none is left out");
    let basket = {
        w.add(BUTTER, 1_000);
        let basket = w.basket().id;
        let standard = code(2, RksvKind::Standard, Some(basket));
        assert_eq!(signs(&mut w, standard), NO, "it is not paid");
        w.pay();
        basket
    };
    assert!(w.state.signings.contains_key(&domain::signing::Subject::Basket(basket)), "it waits");
    assert_eq!(w.restarted().signings, w.state.signings);
    signs(&mut w, code(2, RksvKind::Standard, Some(basket))).expect("signed");
    assert!(w.state.signings.is_empty());
    let register = &w.state.registers[&TILL];
    assert_eq!((register.position, register.last.as_str()), (2, "code 2"));
    assert_eq!(w.restarted().registers, w.state.registers);
    assert_eq!(signs(&mut w, code(3, RksvKind::Standard, Some(basket))), NO, "once");
}

#[test]
fn what_was_given_up_wants_no_code_and_what_gets_none_is_told() {
    let mut w = shop();
    signs(&mut w, code(1, RksvKind::Start, None)).expect("begun");
    w.sign_in(TILL, MANAGER);
    w.add(BUTTER, 1_000);
    w.ok(TillCommand::AbortBasket { reason: None });
    assert!(w.state.signings.is_empty(), "no receipt, no code");
    w.add(BUTTER, 1_000);
    let basket = w.basket().id;
    w.pay();
    let not = RksvStep::NotSigned { basket, why: "key_lost".to_owned() };
    says(&mut w, not.clone()).expect("told");
    assert!(w.state.signings.is_empty());
    assert_eq!(w.state.registers[&TILL].not_signed.as_deref(), Some("key_lost"));
    assert_eq!(w.restarted().registers, w.state.registers);
    assert_eq!(says(&mut w, not), NO);
    // A code that follows makes nobody see it; a person does.
    signs(&mut w, code(2, RksvKind::Zero, None)).expect("signed");
    let register = &w.state.registers[&TILL];
    assert_eq!((register.not_signed.as_deref(), register.without_code), (None, 1));
    let seen = || {
        Command::Shop(ShopCommand::NoteRksv {
            till: TILL,
            what: RksvNote::SeenWithoutCode,
            register: None,
        })
    };
    assert_eq!(w.run(Some(MANAGER), seen()).expect("seen").len(), 1);
    assert_eq!(w.run(Some(MANAGER), seen()).expect("nothing more").len(), 0);
    assert_eq!(w.state.registers[&TILL].without_code, 0);
    assert_eq!(w.restarted().registers, w.state.registers);
}

#[test]
fn what_is_sold_before_the_chain_begins_is_counted_until_somebody_has_seen_it() {
    let mut w = shop();
    let set = w.state.settings.as_deref().and_then(|s| s.rksv.clone());
    w.sign_in(TILL, MANAGER);
    // Whether or not anything is set up, a receipt is to be told of.
    for why in ["not_set", "not_started", "not_started"] {
        w.configure(|s| s.rksv = set.clone().filter(|_| why != "not_set"));
        w.add(BUTTER, 1_000);
        let basket = w.basket().id;
        w.pay();
        assert_eq!(w.state.signings.len(), 1);
        says(&mut w, RksvStep::NotSigned { basket, why: why.to_owned() }).expect("told");
    }
    let register = w.state.registers[&TILL].clone();
    assert!(!register.begun() && register.cash_register.is_empty());
    assert_eq!(register.without_code, 3);
    assert_eq!(register.without_code_why, ["not_set", "not_started"]);
    assert_eq!(w.restarted().registers, w.state.registers);
    assert_eq!(asks(&mut w, RksvKind::Zero), Err(Refusal::RksvNotStarted));
    let note = |what| Command::Shop(ShopCommand::NoteRksv { till: TILL, what, register: None });
    let early = w.run(Some(MANAGER), note(RksvNote::StartChecked));
    assert_eq!(early, Err(Refusal::RksvNotStarted), "of a Startbeleg there is nothing to say");
    assert_eq!(refused(&mut w, |s| s.rksv = None), "taken", "no chain began");
    w.configure(|s| s.rksv = set.clone());
    // The chain begins clean, and makes nobody see them.
    signs(&mut w, code(1, RksvKind::Start, None)).expect("begun");
    let register = &w.state.registers[&TILL];
    assert!(register.begun() && register.past.is_empty() && register.not_signed.is_none());
    assert_eq!((register.without_code, register.without_code_why.len()), (3, 2));
    w.run(Some(MANAGER), note(RksvNote::SeenWithoutCode)).expect("seen");
    let register = &w.state.registers[&TILL];
    assert_eq!((register.without_code, register.without_code_why.len()), (0, 0));
    assert_eq!(w.restarted().registers, w.state.registers);
}

#[test]
fn people_ask_once_for_what_is_possible() {
    let mut w = shop();
    assert_eq!(asks(&mut w, RksvKind::Zero), Err(Refusal::RksvNotStarted));
    signs(&mut w, code(1, RksvKind::Start, None)).expect("begun");
    for kind in [RksvKind::Start, RksvKind::Standard, RksvKind::AfterOutage] {
        assert_eq!(asks(&mut w, kind), Err(Refusal::RksvByItself));
    }
    assert_eq!(asks(&mut w, RksvKind::Zero).expect("asked").len(), 1);
    assert_eq!(asks(&mut w, RksvKind::Zero).expect("on its way").len(), 0);
    signs(&mut w, code(2, RksvKind::Zero, None)).expect("made");
    assert!(w.state.registers[&TILL].asked.is_empty());
    asks(&mut w, RksvKind::Yearly).expect("asked");
    let not = NotIssued { kind: RksvKind::Yearly, why: "outage_first".to_owned() };
    says(&mut w, RksvStep::NotIssued(not.clone())).expect("told");
    assert_eq!(w.state.registers[&TILL].not_issued, Some(not.clone()));
    assert_eq!(says(&mut w, RksvStep::NotIssued(not)), NO, "nobody asked");
    signs(&mut w, code(3, RksvKind::Closing, None)).expect("the last one");
    assert_eq!(asks(&mut w, RksvKind::Zero), Err(Refusal::RksvClosed));
    assert_eq!(signs(&mut w, code(4, RksvKind::Zero, None)), NO, "nothing follows it");
    let note = |what| Command::Shop(ShopCommand::NoteRksv { till: TILL, what, register: None });
    assert_eq!(w.run(Some(MANAGER), note(RksvNote::ClosingTold)).expect("noted").len(), 1);
    assert_eq!(w.run(Some(MANAGER), note(RksvNote::ClosingTold)).expect("known").len(), 0);
    assert_eq!(w.restarted().registers, w.state.registers);
}

#[test]
fn a_shop_outside_austria_has_no_chains() {
    let mut w = World::open();
    assert_eq!(asks(&mut w, RksvKind::Zero), Err(Refusal::RksvNotSet));
    w.add(BUTTER, 1_000);
    w.pay();
    assert!(w.state.signings.is_empty());
}

#[test]
fn what_a_device_says_of_itself_is_told_once() {
    let mut w = shop();
    let said = || {
        Command::Shop(ShopCommand::RksvSigner { device: UnitId(1), identity: Box::new(identity()) })
    };
    assert_eq!(w.run(None, said()).expect("told").len(), 1);
    assert_eq!(w.run(None, said()).expect("known").len(), 0);
    assert_eq!(w.restarted().signers, w.state.signers);
}

pub(crate) fn refused(w: &mut World, change: impl FnOnce(&mut Settings)) -> String {
    let mut settings = w.state.settings.as_deref().expect("set").clone();
    change(&mut settings);
    let command = ShopCommand::Configure { settings: Box::new(settings) };
    match w.run(Some(MANAGER), Command::Shop(command)) {
        Err(Refusal::BadSettings { problem }) => problem,
        Err(other) => other.code(),
        Ok(_) => "taken".to_owned(),
    }
}

fn rksv(settings: &mut Settings) -> &mut RksvSettings {
    settings.rksv.as_mut().expect("set")
}

#[test]
fn settings_that_no_till_could_work_with_are_refused_in_words() {
    let mut w = shop();
    let own = |till: u16, name: &str| RegisterSettings {
        till: TillId(till),
        cash_register: name.to_owned(),
    };
    let w = &mut w;
    assert_eq!(refused(w, |s| s.country = Country::De), "rksv_country");
    assert_eq!(refused(w, |s| rksv(s).prefix = "A_B".to_owned()), "rksv_prefix");
    assert_eq!(refused(w, |s| rksv(s).registers = vec![own(99, "X")]), "rksv_register");
    assert_eq!(refused(w, |s| rksv(s).registers = vec![own(1, "X_1")]), "rksv_register");
    let twice = |s: &mut Settings| rksv(s).registers = vec![own(1, "X"), own(1, "Y")];
    assert_eq!(refused(w, twice), "rksv_register_twice");
    assert_eq!(refused(w, |s| rksv(s).devices.clear()), "rksv_devices");
    let mixed = |s: &mut Settings| rksv(s).devices.push(device(2, SignerKind::AtrustHsm));
    assert_eq!(refused(w, mixed), "rksv_mixed");
    let nobody = |s: &mut Settings| {
        rksv(s).devices = vec![SignerSettings { user: None, ..device(1, SignerKind::AtrustHsm) }];
    };
    assert_eq!(refused(w, nobody), "rksv_device_user");
    let in_clear = |s: &mut Settings| {
        let mut set = device(1, SignerKind::AtrustHsm);
        set.address = Some("http://www.a-trust.at/".to_owned());
        rksv(s).devices = vec![set];
    };
    assert_eq!(refused(w, in_clear), "rksv_device_address");
    let unnamed = |s: &mut Settings| (s.vat_id, s.tax_number) = (None, None);
    assert_eq!(refused(w, unnamed), "rksv_company");
    assert_eq!(refused(w, |s| s.rates[0].rate = Rate::new(1_900)), "taken", "Jungholz");
    assert_eq!(refused(w, |s| s.rates[0].rate = Rate::new(700)), "rksv_rate");
}

#[test]
fn a_name_stands_for_one_chain_for_ever_and_for_one_kind_of_system() {
    let mut w = shop();
    signs(&mut w, code(1, RksvKind::Start, None)).expect("begun");
    let w = &mut w;
    let real = |s: &mut Settings| rksv(s).devices = vec![device(1, SignerKind::AtrustHsm)];
    assert_eq!(refused(w, real), "rksv_system", "practice is not gone on with for real");
    let own = |name: &str| vec![RegisterSettings { till: TILL, cash_register: name.to_owned() }];
    let anew = |s: &mut Settings| {
        rksv(s).devices = vec![device(1, SignerKind::AtrustHsm)];
        rksv(s).registers = own("ECHT-1");
    };
    assert_eq!(refused(w, anew), "taken");
    let mut start = code(1, RksvKind::Start, None);
    start.cash_register = "ECHT-1".to_owned();
    start.device = "AT1/3ad80154".to_owned();
    signs(w, start).expect("begun anew");
    assert_eq!(w.state.registers[&TILL].past, [format!("TR-{TILL}")]);
    let back = |s: &mut Settings| {
        rksv(s).registers.clear();
        rksv(s).devices = vec![device(1, SignerKind::Software)];
    };
    assert_eq!(refused(w, back), "rksv_register_used");
}

#[test]
fn a_chain_out_of_a_backup_is_not_gone_on_with_and_a_new_name_starts_clean() {
    let mut w = shop();
    signs(&mut w, code(1, RksvKind::Start, None)).expect("begun");
    let restored = domain::event::ShopRestored {
        backup: "backup.tresen".to_owned(),
        through: 1,
        incarnation: 2,
    };
    w.happen(None, None, Event::ShopRestored(restored));
    assert_eq!(w.restarted().registers, w.state.registers);
    assert_eq!(signs(&mut w, code(2, RksvKind::Zero, None)), NO, "it would fork the chain");
    let mut start = code(1, RksvKind::Start, None);
    start.cash_register = "NEU-1".to_owned();
    signs(&mut w, start).expect("begun anew");
    assert!(!w.state.registers[&TILL].restored);
    let mut next = code(2, RksvKind::Zero, None);
    next.cash_register = "NEU-1".to_owned();
    signs(&mut w, next).expect("it goes on");
}

#[test]
fn a_shop_that_began_its_chains_keeps_the_rksv() {
    let mut w = shop();
    assert_eq!(refused(&mut w, |s| s.rksv = None), "taken", "nothing began");
    let mut w = shop();
    signs(&mut w, code(1, RksvKind::Start, None)).expect("begun");
    assert_eq!(refused(&mut w, |s| s.rksv = None), "rksv_removed");
}

#[test]
fn a_shop_practises_where_software_or_a_device_that_is_not_certified_signs() {
    let mut w = shop();
    let is = |w: &World, kind| {
        let mut settings = w.state.settings.as_deref().expect("set").clone();
        rksv(&mut settings).devices = vec![device(1, kind)];
        is_practice(&settings, (&w.state.units, &w.state.signers), settings.tills.first())
    };
    assert!(is(&w, SignerKind::Software));
    assert!(!is(&w, SignerKind::AtrustHsm));
    for certified in [false, true] {
        let identity = Box::new(SignerIdentity { certified, ..identity() });
        let said = ShopCommand::RksvSigner { device: UnitId(1), identity };
        w.run(None, Command::Shop(said)).expect("told");
        assert_eq!(is(&w, SignerKind::AtrustHsm), !certified);
    }
}

#[test]
fn a_closed_system_names_the_shop_by_its_vat_id_or_tax_number() {
    let mut settings = World::open().state.settings.as_deref().expect("set").clone();
    for (vat, tax, key) in [
        (Some("ATU12345678"), None, Some("U:ATU12345678")),
        (Some("atu 123 456 78"), None, Some("U:ATU12345678")),
        (Some("DE123456789"), Some("12-345/6789"), Some("S:123456789")),
        (None, Some("12/345/67890"), None),
        (None, None, None),
    ] {
        settings.vat_id = vat.map(str::to_owned);
        settings.tax_number = tax.map(str::to_owned);
        assert_eq!(company_key(&settings).as_deref(), key, "{vat:?} {tax:?}");
    }
}
