//! A shop filled through the engine: settings, people, items and as many receipts as asked for.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use domain::catalogue::{Code, ItemDraft, Price, Unit};
use domain::coupon::{Coupon, CouponGoods, CouponValue};
use domain::people::CredentialKind;
use domain::settings::{Country, DatedRate, Group, Language, Settings, TaxPoint, TillSettings};
use domain::{
    Amount, CommandId, CouponId, GroupId, ImportId, ItemId, PersonId, PriceListId, Role,
    ShopCommand, TaxKey, TillCommand, TillId,
};
use jiff::Timestamp;
use money::{CashRounding, Currency, Money, Quantity, Rate};
use shop::api::view::Made;
use shop::clock::HandClock;
use shop::engine::{Actor, Engine, Running};
use store::{NewShop, Store};

use crate::random::Random;

/// The PIN of everybody in a built shop. It lives in temporary files of tests and measurements only.
pub const PIN: &str = "730284";

/// What to build.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Seed.
    pub seed: u64,
    /// Tills.
    pub tills: u16,
    /// Items made by the generator; 0 when a catalogue is imported afterwards.
    pub items: u32,
}

/// An open shop in this process.
pub struct Built {
    /// The engine.
    pub engine: Engine,
    /// Ends it.
    pub running: Running,
    /// Its clock.
    pub clock: Arc<HandClock>,
    /// The manager.
    pub manager: PersonId,
    /// Seeded choices.
    pub random: Random,
    at: u64,
}

/// The code of the coupon that everybody has.
pub const COUPON: &str = "9900000000011";
/// The code of the coupon whose papers are taken once each.
pub const PAPER: &str = "TREUE";

fn coupons() -> Vec<Coupon> {
    let everybody = Coupon {
        id: CouponId(1),
        name: "Zehn Prozent".to_owned(),
        code: COUPON.to_owned(),
        value: CouponValue::Percent { basis_points: 1_000 },
        goods: CouponGoods::Everything,
        from: None,
        until: None,
        minimum_value: None,
        per_receipt: 2,
        once: false,
        ended: false,
    };
    let once = Coupon {
        id: CouponId(2),
        name: "Treue".to_owned(),
        code: PAPER.to_owned(),
        value: CouponValue::Amount { amount: Money::new(333) },
        minimum_value: Some(Money::new(1_000)),
        once: true,
        ..everybody.clone()
    };
    vec![everybody, once]
}

/// Settings of a German shop with so many tills.
pub fn settings(tills: u16) -> Settings {
    let rate = |key: u16, rate: u32| DatedRate {
        key: TaxKey(key),
        rate: Rate::new(rate),
        from: jiff::civil::date(2007, 1, 1).at(0, 0, 0, 0),
    };
    let group = |id: u16, name: &str, tax: u16| Group {
        id: GroupId(id),
        name: name.to_owned(),
        tax: TaxKey(tax),
        agency: None,
        color: "#7fae6a".to_owned(),
    };
    Settings {
        name: "Messladen".to_owned(),
        address: vec!["Musterweg 1".to_owned(), "12345 Musterstadt".to_owned()],
        tax_number: Some("12/345/67890".to_owned()),
        vat_id: None,
        country: Country::De,
        currency: Currency::EUR,
        language: Language::De,
        time_zone: "Europe/Berlin".to_owned(),
        prices_include_tax: true,
        cash_rounding: CashRounding(1),
        tax_point: TaxPoint::Payment,
        rates: vec![rate(1, 1_900), rate(2, 700), rate(5, 0)],
        groups: vec![group(1, "Lebensmittel", 2), group(2, "Getränke", 1), group(3, "Haushalt", 1)],
        tills: (1..=tills)
            .map(|id| TillSettings {
                id: TillId(id),
                name: format!("Kasse {id}"),
                printer: None,
                spare_printer: None,
                scanners: Vec::new(),
                scale: None,
                pole_display: None,
                cash_machine: None,
                terminal: None,
                columns: 48,
                price_list: PriceListId(0),
                signing_unit: None,
            })
            .collect(),
        terminals: Vec::new(),
        tiles: Vec::new(),
        promotions: Vec::new(),
        coupons: coupons(),
        in_store_codes: gs1::default_rules_de(),
        reasons: vec!["Kulanz".to_owned()],
        receipt_header: Vec::new(),
        receipt_footer: vec!["Vielen Dank!".to_owned()],
        lock_after_seconds: 0,
        tips: Some(domain::tip::TipsTo::Staff),
        print_merchant_slips: false,
        voucher_years: 3,
        peripherals: Vec::new(),
        logo: None,
        digital_receipts: None,
        bank: None,
        foreign_cash: Vec::new(),
        own_tax_keys: Vec::new(),
        agencies: Vec::new(),
        inspection_days: 30,
        contact: None,
        datev: None,
        signing: None,
        rksv: None,
        notification: None,
        print_receipts: false,
    }
}

/// The code of the n-th generated item: an EAN-13 of the in-store range.
pub fn item_code(n: u32) -> String {
    let digits = format!("20{n:010}");
    let check = gs1::check_digit(&digits).unwrap_or(0);
    format!("{digits}{check}")
}

const WORDS: [&str; 24] = [
    "Apfel",
    "Brot",
    "Käse",
    "Milch",
    "Joghurt",
    "Saft",
    "Wasser",
    "Nudeln",
    "Reis",
    "Kaffee",
    "Tee",
    "Honig",
    "Butter",
    "Quark",
    "Müsli",
    "Schokolade",
    "Kekse",
    "Linsen",
    "Tomaten",
    "Gurken",
    "Paprika",
    "Essig",
    "Öl",
    "Senf",
];

/// A generated item.
pub fn item(n: u32, random: &mut Random) -> ItemDraft {
    let word = |r: &mut Random| *r.pick(&WORDS).unwrap_or(&"Ware");
    let name = format!("{} {} {n}", word(random), word(random));
    let price = 49 + i64::try_from(random.below(1_500)).unwrap_or(0);
    let group = u16::try_from(random.below(3)).unwrap_or(0) + 1;
    ItemDraft {
        number: format!("A{n}"),
        name,
        codes: vec![Code { code: item_code(n), quantity: Quantity::ONE, price: None }],
        unit: Unit::Piece,
        content: None,
        per_hundred: false,
        tax: TaxKey(if group == 1 { 2 } else { 1 }),
        tax_split: Vec::new(),
        group: GroupId(group),
        prices: vec![Price {
            amount: Money::new(price),
            list: PriceListId(0),
            from: None,
            until: None,
        }],
        age: None,
        deposit: None,
        open_price: false,
        refund: false,
        weighed: false,
        price_bound: false,
        discountable: true,
        stocked: true,
        minimum: None,
        retired: false,
    }
}

impl Built {
    /// Makes a new shop in `file` and leaves it open.
    pub fn create(file: &Path, plan: Plan) -> Result<Built> {
        let now: Timestamp = "2026-11-02T08:00:00Z".parse()?;
        let clock = Arc::new(HandClock::at(now));
        let store = Store::create(file, &NewShop { shop: "mess".to_owned(), created: now })?;
        let (engine, running) = Engine::start(store, clock.clone())?;
        let mut built = Built {
            engine,
            running,
            clock,
            manager: PersonId(1),
            random: Random::new(plan.seed),
            at: u64::try_from(now.as_millisecond())?,
        };
        let person = built.shop(
            None,
            ShopCommand::PutPerson {
                person: None,
                name: "Messung".to_owned(),
                role: Role::Manager,
                active: true,
            },
        )?;
        if let Some(Made::Person { person }) = person {
            built.manager = person;
        }
        let settings = Box::new(settings(plan.tills));
        built.shop(Some(built.manager), ShopCommand::Configure { settings })?;
        built.add_items(plan.items)?;
        Ok(built)
    }

    /// Opens a shop that was built and closed before, with `receipts` on file.
    pub fn reopen(file: &Path, receipts: u64) -> Result<Built> {
        // Later than everything that was done so far, in this process or in the program's.
        let after = i64::try_from(receipts)?.saturating_add(1_000);
        #[expect(
            clippy::disallowed_methods,
            reason = "continues after what the program's own clock wrote"
        )]
        let now = Timestamp::now().saturating_add(jiff::SignedDuration::from_millis(after))?;
        let clock = Arc::new(HandClock::at(now));
        let (engine, running) = Engine::start(Store::open(file)?, clock.clone())?;
        let at = u64::try_from(now.as_millisecond())?;
        let random = Random::new(receipts.wrapping_add(17));
        Ok(Built { engine, running, clock, manager: PersonId(1), random, at })
    }

    /// An id that no other command has.
    pub fn id(&mut self) -> CommandId {
        self.at += 1;
        CommandId(self.random.uuid(self.at))
    }

    /// A command of the office that must succeed.
    pub fn shop(&mut self, person: Option<PersonId>, command: ShopCommand) -> Result<Option<Made>> {
        let id = self.id();
        let answer = self
            .engine
            .shop_blocking(id, Actor { person, approver: None }, command)
            .map_err(|e| anyhow!("{e}"))?;
        Ok(answer.made)
    }

    /// A command at a till that must succeed.
    pub fn till(&mut self, till: u16, command: TillCommand) -> Result<()> {
        let id = self.id();
        let actor = Actor { person: Some(self.manager), approver: None };
        self.engine
            .till_blocking(id, TillId(till), actor, command)
            .map_err(|e| anyhow!("{e}"))
            .map(|_| ())
    }

    /// Sets the manager's PIN to a hash that the caller made.
    pub fn set_pin(&mut self, hash: String) -> Result<()> {
        let person = self.manager;
        self.shop(
            Some(person),
            ShopCommand::SetCredential { person, kind: CredentialKind::Pin, hash },
        )?;
        Ok(())
    }

    fn add_items(&mut self, items: u32) -> Result<()> {
        if items == 0 {
            return Ok(());
        }
        let manager = Some(self.manager);
        let made =
            self.shop(manager, ShopCommand::BeginImport { source: "generator".to_owned() })?;
        let Some(Made::Import { import }) = made else { return Err(anyhow!("no import")) };
        let import: ImportId = import;
        let mut batch = Vec::new();
        for n in 1..=items {
            batch.push((None, item(n, &mut self.random)));
            if batch.len() == 500 || n == items {
                let items: Vec<(Option<ItemId>, ItemDraft)> = std::mem::take(&mut batch);
                self.shop(manager, ShopCommand::ImportItems { import, items })?;
            }
        }
        self.shop(manager, ShopCommand::FinishImport { import })?;
        Ok(())
    }

    /// Signs the manager in at a till and opens its day.
    pub fn open_till(&mut self, till: u16) -> Result<()> {
        let person = self.manager;
        self.till(till, TillCommand::SignIn { person })?;
        let float = Amount { amount: Money::new(20_000), currency: Currency::EUR };
        self.till(till, TillCommand::OpenDay { float })
    }

    /// Sells `receipts` receipts of `lines` lines at the tills in turn, several commands in each
    /// transaction, through the engine like any others.
    pub fn sell(&mut self, receipts: u64, lines: u64, tills: u16, items: u32) -> Result<()> {
        let mut waiting = std::collections::VecDeque::new();
        let actor = Actor { person: Some(self.manager), approver: None };
        for n in 0..receipts {
            let till = TillId(u16::try_from(n % u64::from(tills.max(1)))? + 1);
            for line in 0..=lines {
                let command = if line == lines {
                    TillCommand::PayCash { tendered: None }
                } else {
                    let n = u32::try_from(self.random.below(u64::from(items)))? + 1;
                    TillCommand::Scan { code: item_code(n), quantity: None, price: None }
                };
                let id = self.id();
                let command = domain::Command::Till(till, command);
                waiting
                    .push_back(self.engine.submit(id, actor, command).map_err(|e| anyhow!("{e}"))?);
                if waiting.len() >= 200
                    && let Some(first) = waiting.pop_front()
                {
                    first.wait().map_err(|e| anyhow!("{e}")).context("sell")?;
                }
            }
        }
        for ticket in waiting {
            ticket.wait().map_err(|e| anyhow!("{e}")).context("sell")?;
        }
        Ok(())
    }

    /// Ends the engine; the file is free afterwards.
    pub fn close(self) {
        self.running.stop();
    }
}
