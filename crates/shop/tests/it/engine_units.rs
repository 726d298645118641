//! Makers' units behind a shop's tills, as their simulators play them: switching in mid-day, and whatever goes wrong.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::event::SigningTidied;
use domain::signing::{
    EpsonUnit, FiskalyUnit, SigningSettings, Subject, Tidied, UnitKind, UnitSettings,
};
use domain::{BasketId, Event, ShopCommand, TillCommand, TillId, UnitId};
use fiscal::de::tse::qr::ReceiptCode;
use fiscal::de::tse::tar::{self, Scope};
use jiff::Timestamp;
use shop::api::signing::UnitSecret;
use shop::api::view::{LampKind, LampState};
use shop::clock::{Clock, HandClock, SystemClock};
use shop::engine::Actor;
use shop::sign::runner::{Pace, run_at};
use shop::sign::{kept_text, receipt_code, unit_secret_key};
use shop::vault;
use signing::simulator::{self, Deed, Trouble};
use signing::{Unit as _, epson, fiskaly};
use store::Signed;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::engine_kit::{Kit, MANAGER, PAY, euros, scan};
use crate::engine_signing::{entries, signed};

const TSS: &str = "3a8f0c2e-1111-4222-8333-444455556666";
const PACE: Pace = Pace {
    answer: Duration::from_secs(20),
    line: Duration::from_secs(40),
    look: Duration::from_millis(30),
};
/// Of a till whose customers do not wait.
const HASTE: Pace = Pace {
    answer: Duration::from_millis(300),
    line: Duration::from_millis(300),
    look: Duration::from_millis(30),
};

fn api() -> fiskaly::Secret {
    fiskaly::Secret {
        api_key: "test_key".to_owned(),
        api_secret: "test_secret".to_owned(),
        admin_pin: Some("1234567890".to_owned()),
    }
}

fn pins() -> epson::Secret {
    epson::Secret {
        shared: "EPSONKEY".to_owned(),
        admin_pin: "11111".to_owned(),
        time_admin_pin: "22222".to_owned(),
    }
}

/// A shop with a unit of fiskaly's (1) and one of Epson's (2), both simulated.
struct Units {
    kit: Kit,
    cloud: Option<simulator::fiskaly::Simulator>,
    printer: Option<simulator::epson::Simulator>,
    at: [SocketAddr; 2],
    /// What the shop was told, right or wrong.
    told: (fiskaly::Secret, epson::Secret),
    tills: u16,
    stop: watch::Sender<bool>,
    runner: Option<JoinHandle<()>>,
}

impl Units {
    async fn start(pace: Pace, order: &[u16]) -> Units {
        Self::told(pace, order, 2, (api(), pins())).await
    }

    async fn told(
        pace: Pace,
        order: &[u16],
        tills: u16,
        told: (fiskaly::Secret, epson::Secret),
    ) -> Units {
        let kit = tokio::task::spawn_blocking(Kit::open).await.expect("a shop");
        let here = "127.0.0.1:0".parse().expect("an address");
        let mut units = Units {
            kit,
            cloud: None,
            printer: None,
            at: [here, here],
            told,
            tills,
            stop: watch::channel(false).0,
            runner: None,
        };
        units.plug_cloud();
        units.plug_printer();
        units.configure(order).await;
        units.run(pace);
        units
    }

    fn clock(&self) -> simulator::Clock {
        let clock = Arc::clone(&self.kit.clock);
        Arc::new(move || clock.now())
    }

    fn plug_cloud(&mut self) {
        let cloud = simulator::fiskaly::Simulator::start(simulator::fiskaly::Setup {
            listen: self.at[0],
            memory: self.kit.folder.path().join("cloud.tse"),
            seed: [3; 32],
            clock: self.clock(),
            tss: TSS.parse().expect("a UUID"),
            secret: api(),
            new: false,
        });
        let cloud = cloud.expect("started");
        self.at[0] = cloud.address();
        self.cloud = Some(cloud);
    }

    fn plug_printer(&mut self) {
        let printer = simulator::epson::Simulator::start(simulator::epson::Setup {
            listen: self.at[1],
            memory: self.kit.folder.path().join("printer.tse"),
            seed: [4; 32],
            clock: self.clock(),
            secret: pins(),
            new: false,
        });
        let printer = printer.expect("started");
        self.at[1] = printer.address();
        self.printer = Some(printer);
    }

    fn set(&self, id: u16) -> UnitSettings {
        let [cloud, printer] = self.at;
        let kind = if id == 1 {
            let address = format!("http://{cloud}/api/v2");
            UnitKind::Fiskaly(FiskalyUnit { address, tss: TSS.to_owned() })
        } else {
            let device = epson::DEVICE.to_owned();
            UnitKind::Epson(EpsonUnit { address: printer.to_string(), device })
        };
        UnitSettings { id: UnitId(id), name: format!("unit {id}"), kind }
    }

    async fn configure(&mut self, order: &[u16]) {
        let mut settings = sim::build::settings(self.tills);
        let units = order.iter().map(|id| self.set(*id)).collect();
        let serial = "TR".to_owned();
        settings.signing = Some(SigningSettings { serial, units, clear_text: false });
        let command = ShopCommand::Configure { settings: Box::new(settings) };
        let (id, actor) = (self.kit.id(), Actor { person: Some(MANAGER), approver: None });
        self.kit.engine.shop(id, actor, command).await.expect("configured");
        let fiskaly::Secret { api_key, api_secret, admin_pin } = self.told.0.clone();
        let epson::Secret { shared, admin_pin: admin, time_admin_pin } = self.told.1.clone();
        for (id, secret) in [
            (1, UnitSecret::Fiskaly { api_key, api_secret, admin_pin }),
            (2, UnitSecret::Epson { shared, admin_pin: admin, time_admin_pin }),
        ] {
            let text = kept_text(&self.set(id), secret).expect("it can be one");
            let name = unit_secret_key(UnitId(id));
            let keep = move |store: &mut store::Store| vault::keep(store, &name, &text);
            self.kit.engine.with_store(keep).await.expect("running").expect("kept");
        }
    }

    fn run(&mut self, pace: Pace) {
        let clock = self.kit.clock.clone();
        self.run_by(pace, clock);
    }

    fn run_by(&mut self, pace: Pace, clock: Arc<dyn Clock>) {
        let (stop, stopped) = watch::channel(false);
        self.stop = stop;
        let engine = self.kit.engine.clone();
        self.runner = Some(tokio::spawn(run_at(engine, clock, stopped, pace)));
    }

    async fn at_till(&mut self, till: u16, command: TillCommand) {
        let actor = Actor { person: Some(MANAGER), approver: None };
        let id = self.kit.id();
        self.kit.engine.till(id, TillId(till), actor, command).await.expect("done");
    }

    async fn sell(&mut self) -> BasketId {
        self.sell_at(1).await
    }

    async fn sell_at(&mut self, till: u16) -> BasketId {
        self.at_till(till, scan(1)).await;
        self.at_till(till, PAY).await;
        let last = |event: &Event| match event {
            Event::ReceiptIssued(receipt) => Some(receipt.basket),
            _ => None,
        };
        entries(&self.kit).await.iter().rev().find_map(last).expect("a receipt")
    }

    /// The basket's code, which must verify with nothing but itself; and at which unit it was signed.
    async fn verified(&self, basket: BasketId) -> (UnitId, ReceiptCode) {
        let Signed::Yes(by) = signed(&self.kit, Subject::Basket(basket)).await else {
            panic!("it is not signed")
        };
        let code = receipt_code(&by.0, &by.1).expect("a code");
        let code = ReceiptCode::read(&code).expect("it is read");
        assert_eq!(code.verify().expect("it holds").serial.to_string(), by.1.serial);
        (by.0.transaction.unit, code)
    }

    async fn unsigned(&self, basket: BasketId) -> String {
        match signed(&self.kit, Subject::Basket(basket)).await {
            Signed::No(failed) => failed.why,
            Signed::Yes(by) => panic!("{by:?}"),
        }
    }

    /// Waits until so many entries of a kind are there.
    async fn until(&self, count: usize, is: impl Fn(&Event) -> bool) {
        let wait = async {
            while entries(&self.kit).await.iter().filter(|event| is(event)).count() < count {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), wait).await.expect("it happened");
    }

    async fn lamp(&self, state: LampState, code: &str) {
        let wait = async {
            loop {
                let view = self.kit.engine.view(TillId(1)).await.expect("a view");
                let lamp = view.lamps.iter().find(|lamp| lamp.kind == LampKind::Signing);
                if lamp.is_some_and(|lamp| (lamp.state, lamp.code.as_str()) == (state, code)) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), wait).await.expect("shown");
    }

    async fn tidied(&self) -> Vec<SigningTidied> {
        let all = entries(&self.kit).await.into_iter();
        let tidied = all.filter_map(|event| match event {
            Event::SigningTidied(tidied) => Some(tidied),
            _ => None,
        });
        tidied.collect()
    }

    /// Ends the shop; its file holds.
    async fn end(mut self) {
        let _ = self.stop.send(true);
        self.runner.take().expect("runs").await.expect("ends");
        tokio::task::spawn_blocking(move || self.kit.end()).await.expect("it holds");
    }
}

const fn down(event: &Event) -> bool {
    matches!(event, Event::SigningOutage(_))
}

const fn back(event: &Event) -> bool {
    matches!(event, Event::SigningRestored(_))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn epsons_unit_signs_while_fiskalys_is_gone_and_the_whole_day_verifies() {
    let mut shop = Units::start(PACE, &[1, 2]).await;
    shop.until(2, |event| matches!(event, Event::SigningUnitReported(_))).await;
    let mut codes = Vec::new();
    let first = shop.sell().await;
    let (unit, code) = shop.verified(first).await;
    assert_eq!(unit, UnitId(1));
    codes.push(code);

    shop.cloud = None;
    for _ in 0..2 {
        let basket = shop.sell().await;
        let (unit, code) = shop.verified(basket).await;
        assert_eq!(unit, UnitId(2));
        codes.push(code);
    }
    assert!(shop.kit.engine.view(TillId(1)).await.expect("a view").practice);

    shop.plug_cloud();
    shop.until(1, back).await;
    // The simulator forgot who is a till; any of them may have been the first to be back.
    let way = shop.cloud.as_ref().expect("there").way(Duration::from_secs(5), shop::ids::draw);
    let known = tokio::task::spawn_blocking(move || {
        let cloud = signing::Fiskaly::new(way, api()).expect("a way");
        while !cloud.clients().expect("told").iter().any(|client| client == "TR-1") {
            std::thread::yield_now();
        }
    });
    known.await.expect("it is a till again");
    let last = shop.sell().await;
    let (unit, code) = shop.verified(last).await;
    assert_eq!(unit, UnitId(1));
    assert_eq!(code.public_key, codes[0].public_key);
    codes.push(code);
    assert_ne!(codes[0].public_key, codes[1].public_key);

    let all = entries(&shop.kit).await;
    let said = all.iter().filter_map(|event| match event {
        Event::SigningOutage(out) => Some(format!("{} {}", out.unit, out.why)),
        Event::SigningRestored(back) => Some(format!("{} back", back.unit)),
        Event::SigningFinished(done) => Some(format!("{} signed", done.signature.transaction.unit)),
        _ => None,
    });
    let said: Vec<String> = said.collect();
    assert_eq!(said, ["1 signed", "1 unreachable", "2 signed", "2 signed", "1 back", "1 signed"]);
    assert!(!all.iter().any(|event| matches!(event, Event::SigningFailed(_))));

    // What the units themselves hand out is whole, too.
    let way = shop.printer.as_ref().expect("there").way(Duration::from_secs(5));
    let _ = shop.stop.send(true);
    shop.runner.take().expect("runs").await.expect("ends");
    shop.kit.engine.units().forget(UnitId(2));
    let now = shop.kit.clock.now();
    let report = tokio::task::spawn_blocking(move || {
        let mut archive = Vec::new();
        signing::Epson::new(way, pins()).export((None, None), now, &mut archive).expect("exported");
        tar::verify(archive.as_slice(), Scope::Whole)
    });
    let report = report.await.expect("read");
    assert!(report.is_clean(), "{:?}", report.first());
    assert_eq!(report.units[0].transactions, 2);
    shop.run(PACE);
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_waits_some_time_and_a_late_signature_is_an_entry_and_no_second_one() {
    for unit in [1, 2] {
        let mut shop = Units::start(HASTE, &[unit]).await;
        shop.until(1, |event| matches!(event, Event::SigningUnitReported(_))).await;
        let earlier = shop.sell().await;
        shop.verified(earlier).await;
        let late = [(Deed::Finish, Trouble::Late)];
        match unit {
            1 => shop.cloud.as_ref().expect("there").script(&late),
            _ => shop.printer.as_ref().expect("there").script(&late),
        }
        let basket = shop.sell().await;
        assert_eq!(shop.unsigned(basket).await, "time_out");
        shop.until(1, |event| matches!(event, Event::SigningTidied(_))).await;
        let tidied = shop.tidied().await;
        assert_eq!((tidied[0].basket, tidied[0].how), (Some(basket), Tidied::SignedLate));
        // What was printed without stays without.
        assert_eq!(shop.unsigned(basket).await, "time_out");
        shop.until(1, back).await;
        let after = shop.sell().await;
        let (_, code) = shop.verified(after).await;
        assert!(code.counter > tidied[0].counter && code.transaction > tidied[0].number);
        shop.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_wrong_at_a_unit_is_an_outage_with_its_name_and_selling_goes_on() {
    let cases = [
        (Deed::Begin, Trouble::Full, "storage_full"),
        (Deed::Begin, Trouble::WrongTime(7_200), "wrong_time"),
        (Deed::Finish, Trouble::WrongCounter, "wrong_counter"),
        (Deed::Finish, Trouble::WrongSignature, "bad_signature"),
    ];
    for unit in [1, 2] {
        let mut shop = Units::start(PACE, &[unit]).await;
        shop.until(1, |event| matches!(event, Event::SigningUnitReported(_))).await;
        for (round, (deed, trouble, why)) in (1..).zip(cases) {
            // Answers that are older than the last are overheard at Epson's until its patience ends.
            let script = [(deed, trouble)];
            match unit {
                1 => shop.cloud.as_ref().expect("there").script(&script),
                _ => shop.printer.as_ref().expect("there").script(&script),
            }
            shop.kit.clock.advance(Duration::from_secs(20_000));
            let basket = shop.sell().await;
            shop.until(round, down).await;
            let out = entries(&shop.kit).await.into_iter().rev().find_map(|event| match event {
                Event::SigningOutage(out) => Some(out.why),
                _ => None,
            });
            assert_eq!(out.as_deref(), Some(why), "{unit}");
            // Whatever was said of it, the receipt is settled: signed with a code that holds, or not.
            signed(&shop.kit, Subject::Basket(basket)).await;
            shop.until(round, back).await;
            shop.lamp(LampState::Warn, "signing_test").await;
            let after = shop.sell().await;
            shop.verified(after).await;
        }
        // What arrives twice counts once.
        let twice = [Deed::Begin, Deed::Finish].map(|deed| (deed, Trouble::Twice));
        match unit {
            1 => shop.cloud.as_ref().expect("there").script(&twice),
            _ => shop.printer.as_ref().expect("there").script(&twice),
        }
        let basket = shop.sell().await;
        shop.verified(basket).await;
        let basket = shop.sell().await;
        shop.verified(basket).await;
        // Its certificate ends after eight years.
        shop.kit.clock.advance(Duration::from_secs(9 * 366 * 86_400));
        let basket = shop.sell().await;
        assert_eq!(shop.unsigned(basket).await, "certificate_expired");
        shop.lamp(LampState::Bad, "signing_outage").await;
        shop.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_crash_left_open_at_a_unit_is_ended_with_an_entry() {
    let mut shop = Units::start(PACE, &[2]).await;
    let basket = shop.sell().await;
    shop.verified(basket).await;
    let _ = shop.stop.send(true);
    shop.runner.take().expect("runs").await.expect("ends");
    shop.kit.engine.units().forget(UnitId(2));
    // The program ended after the unit had begun, and before that was on disk.
    let way = shop.printer.as_ref().expect("there").way(Duration::from_secs(5));
    let now = shop.kit.clock.now();
    let begun = move || signing::Epson::new(way, pins()).begin("TR-1", now).expect("begun");
    let number = tokio::task::spawn_blocking(begun).await.expect("begun").number;
    shop.run(PACE);
    shop.until(1, |event| matches!(event, Event::SigningTidied(_))).await;
    let tidied = shop.tidied().await;
    let [only] = tidied.as_slice() else { panic!("{tidied:?}") };
    assert_eq!((only.number, only.how, only.basket), (number, Tidied::GivenUp, None));
    assert_eq!((only.unit, only.client.as_str()), (UnitId(2), "TR-1"));
    let after = shop.sell().await;
    let (_, code) = shop.verified(after).await;
    assert!(code.counter > only.counter);
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_whose_secret_is_not_told_is_down_for_that_until_it_is() {
    let mut shop = Units::start(PACE, &[1]).await;
    shop.until(1, |event| matches!(event, Event::SigningUnitReported(_))).await;
    let name = unit_secret_key(UnitId(1));
    let erase = move |store: &mut store::Store| store.erase_meta(&name);
    shop.kit.engine.with_store(erase).await.expect("running").expect("erased");
    shop.kit.engine.units().forget(UnitId(1));
    let basket = shop.sell().await;
    assert_eq!(shop.unsigned(basket).await, "no_secret");
    shop.configure(&[1]).await;
    shop.kit.engine.units().forget(UnitId(1));
    shop.until(1, back).await;
    let basket = shop.sell().await;
    shop.verified(basket).await;
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_that_takes_one_connection_is_met_anew_when_its_secret_is_told_anew() {
    let mut shop = Units::start(PACE, &[2]).await;
    let basket = shop.sell().await;
    shop.verified(basket).await;
    for _ in 0..2 {
        shop.configure(&[2]).await;
        shop.kit.engine.units().forget(UnitId(2));
        let settings = shop.kit.engine.snapshot().await.expect("running").settings;
        shop.kit.engine.ring_signing(&settings.expect("settings"));
        let between = shop.sell().await;
        signed(&shop.kit, Subject::Basket(between)).await;
        shop.lamp(LampState::Warn, "signing_test").await;
        let after = shop.sell().await;
        shop.verified(after).await;
    }
    shop.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_pin_is_told_once_however_many_tills_there_are() {
    let wrong = "0000000000".to_owned();
    let api = fiskaly::Secret { admin_pin: Some(wrong.clone()), ..api() };
    let admin = epson::Secret { admin_pin: wrong.clone(), ..pins() };
    let tills = epson::Secret { time_admin_pin: wrong, ..pins() };
    for (unit, pins, why) in
        [(1, pins(), "admin_pin"), (2, admin, "credentials"), (2, tills, "credentials")]
    {
        let mut shop = Units::told(PACE, &[unit], 3, (api.clone(), pins)).await;
        let mistold = |shop: &Units| match unit {
            1 => shop.cloud.as_ref().expect("there").mistold(),
            _ => shop.printer.as_ref().expect("there").mistold(),
        };
        shop.at_till(3, TillCommand::SignIn { person: MANAGER }).await;
        shop.at_till(3, TillCommand::OpenDay { float: euros(0) }).await;
        for round in 1..=3 {
            for till in 1..=3 {
                let basket = shop.sell_at(till).await;
                assert_eq!(shop.unsigned(basket).await, why);
            }
            // Some looks long.
            tokio::time::sleep(PACE.look * 5).await;
            assert_eq!(mistold(&shop), round, "{unit} {why}");
            // The same wrong one is told the shop once more.
            shop.configure(&[unit]).await;
            shop.kit.engine.units().forget(UnitId(unit));
            let settings = shop.kit.engine.snapshot().await.expect("running").settings;
            shop.kit.engine.ring_signing(&settings.expect("settings"));
        }
        let outages = entries(&shop.kit).await.into_iter().filter(down).count();
        assert_eq!(outages, usize::from(unit == 2));
        shop.end().await;
    }
}

/// What time it is stands still; how long something takes does not.
struct Waiting(Arc<HandClock>, SystemClock);

impl Clock for Waiting {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
    fn elapsed(&self) -> Duration {
        self.1.elapsed()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_receipt_at_which_a_unit_begins_to_hang_is_signed_by_the_other_one() {
    let mut shop = Units::start(PACE, &[1, 2]).await;
    let _ = shop.stop.send(true);
    shop.runner.take().expect("runs").await.expect("ends");
    // As shops have it, and somewhat faster.
    let Pace { answer, line, .. } = Pace::default();
    let pace = Pace { answer: answer / 2, line: line / 2, look: PACE.look };
    shop.run_by(pace, Arc::new(Waiting(shop.kit.clock.clone(), SystemClock::start())));
    let before = shop.sell().await;
    assert_eq!(shop.verified(before).await.0, UnitId(1));
    shop.cloud.as_ref().expect("there").script(&[(Deed::Finish, Trouble::Late)]);
    let basket = shop.sell().await;
    assert_eq!(shop.verified(basket).await.0, UnitId(2));
    shop.end().await;
}
