//! The shop of the tests: its settings, its people, its goods.

use domain::catalogue::{Code, ItemDraft, Price, TaxShare, Unit};
use domain::settings::{
    Country, DatedRate, Group, Language, Settings, TaxPoint, TerminalProtocol, TerminalSettings,
    TillSettings,
};
use domain::{
    Command, Event, GroupId, ItemId, PriceListId, Role, ShopCommand, TaxKey, TerminalId, TillId,
};
use money::{CashRounding, Currency, Money, Quantity, Rate};

use crate::world::{MANAGER, World};

/// Keys: 1 is 19 %, 2 is 7 %, 5 is nothing.
pub(crate) const FULL: u16 = 1;
pub(crate) const REDUCED: u16 = 2;
pub(crate) const FREE: u16 = 5;

pub(crate) const FOOD: GroupId = GroupId(1);
pub(crate) const GOODS: GroupId = GroupId(2);

pub(crate) const JUICE: ItemId = ItemId(2);
pub(crate) const DEPOSIT: ItemId = ItemId(1);
pub(crate) const CHEESE: ItemId = ItemId(3);
pub(crate) const BUTTER: ItemId = ItemId(4);
pub(crate) const BREAD: ItemId = ItemId(5);
pub(crate) const LAMP: ItemId = ItemId(6);
pub(crate) const BOOK: ItemId = ItemId(7);
pub(crate) const SCHNAPPS: ItemId = ItemId(8);
pub(crate) const GIFT: ItemId = ItemId(9);
pub(crate) const MENU: ItemId = ItemId(10);
pub(crate) const EMPTIES: ItemId = ItemId(11);
pub(crate) const BEER: ItemId = ItemId(12);

pub(crate) fn settings() -> Settings {
    let rate = |key, basis_points, from: &str| DatedRate {
        key: TaxKey(key),
        rate: Rate::new(basis_points),
        from: from.parse().unwrap(),
    };
    let group = |id, name: &str, tax| Group {
        id: GroupId(id),
        name: name.to_owned(),
        tax: TaxKey(tax),
        agency: None,
        color: "#336699".to_owned(),
    };
    let till = |id| TillSettings {
        id: TillId(id),
        name: format!("Till {id}"),
        printer: None,
        spare_printer: None,
        scanners: Vec::new(),
        scale: None,
        pole_display: None,
        cash_machine: None,
        terminal: (id == 1).then_some(TerminalId(1)),
        columns: 42,
        price_list: PriceListId(0),
        signing_unit: None,
    };
    let terminal = |id| TerminalSettings {
        id: TerminalId(id),
        name: format!("Terminal {id}"),
        protocol: TerminalProtocol::ZvtTcp,
        address: format!("127.0.0.1:2000{id}"),
        rate: None,
        certificate: None,
        terminal_id: None,
        merchant: None,
        close_by_hand: false,
    };
    Settings {
        terminals: vec![terminal(1), terminal(2)],
        name: "Corner shop".to_owned(),
        address: vec!["Main street 1".to_owned(), "12345 Town".to_owned()],
        tax_number: None,
        vat_id: None,
        country: Country::De,
        currency: Currency::EUR,
        language: Language::En,
        time_zone: "Europe/Berlin".to_owned(),
        prices_include_tax: true,
        cash_rounding: CashRounding(1),
        tax_point: TaxPoint::Payment,
        rates: vec![
            rate(FULL, 1_900, "2007-01-01T00:00:00"),
            rate(REDUCED, 700, "1983-07-01T00:00:00"),
            rate(FREE, 0, "1968-01-01T00:00:00"),
        ],
        groups: vec![group(1, "Food", REDUCED), group(2, "Goods", FULL), group(3, "Other", FREE)],
        tills: vec![till(1), till(2)],
        tiles: Vec::new(),
        promotions: Vec::new(),
        coupons: Vec::new(),
        in_store_codes: gs1::default_rules_de(),
        reasons: Vec::new(),
        receipt_header: Vec::new(),
        receipt_footer: Vec::new(),
        lock_after_seconds: 0,
        print_receipts: true,
        tips: None,
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
    }
}

/// Goods of one price under a tax key; the name is the number too.
pub(crate) fn goods(name: &str, price: i64, tax: u16) -> ItemDraft {
    ItemDraft {
        number: name.to_owned(),
        name: name.to_owned(),
        codes: Vec::new(),
        unit: Unit::Piece,
        content: None,
        per_hundred: false,
        tax: TaxKey(tax),
        tax_split: Vec::new(),
        group: if tax == REDUCED { FOOD } else { GOODS },
        prices: vec![base_price(price)],
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

pub(crate) fn base_price(amount: i64) -> Price {
    Price { amount: Money::new(amount), list: PriceListId(0), from: None, until: None }
}

pub(crate) fn code(code: &str, quantity: i64, price: Option<i64>) -> Code {
    Code { code: code.to_owned(), quantity: Quantity::new(quantity), price: price.map(Money::new) }
}

/// Weighed goods by the kilogram.
pub(crate) fn weighed(name: &str, price: i64, tax: u16) -> ItemDraft {
    ItemDraft { unit: Unit::Kilogram, weighed: true, ..goods(name, price, tax) }
}

fn stock_list() -> Vec<ItemDraft> {
    let share = |key, weight| TaxShare { key: TaxKey(key), weight };
    vec![
        ItemDraft { discountable: false, stocked: false, ..goods("Deposit", 15, REDUCED) },
        ItemDraft {
            deposit: Some(DEPOSIT),
            codes: vec![code("4006381333931", 1_000, None)],
            ..goods("Juice", 149, REDUCED)
        },
        ItemDraft { codes: vec![code("0001", 1_000, None)], ..weighed("Cheese", 279, REDUCED) },
        goods("Butter", 299, REDUCED),
        goods("Bread", 540, REDUCED),
        goods("Lamp", 1_890, FULL),
        ItemDraft { price_bound: true, ..goods("Book", 1_299, REDUCED) },
        ItemDraft { age: Some(18), ..goods("Schnapps", 1_299, FULL) },
        ItemDraft { open_price: true, prices: Vec::new(), ..goods("Gift", 0, FULL) },
        ItemDraft {
            tax_split: vec![share(REDUCED, 70), share(FULL, 30)],
            ..goods("Menu", 990, REDUCED)
        },
        ItemDraft {
            refund: true,
            discountable: false,
            stocked: false,
            ..goods("Empties", 15, REDUCED)
        },
        ItemDraft {
            deposit: Some(DEPOSIT),
            age: Some(16),
            codes: vec![
                code("BEER", 1_000, None),
                code("BEER6", 6_000, Some(549)),
                code("BEER20", 20_000, None),
            ],
            ..goods("Beer", 99, FULL)
        },
        ItemDraft { age: Some(16), ..goods("Cider", 179, FULL) },
    ]
}

/// Sets the shop up through its own commands.
pub(crate) fn fill(world: &mut World, settings: Settings) {
    let configure = ShopCommand::Configure { settings: Box::new(settings) };
    world.run(None, Command::Shop(configure)).expect("settings");
    let people = [
        ("Mara", Role::Manager),
        ("Sven", Role::Supervisor),
        ("Kim", Role::Cashier),
        ("Lou", Role::Cashier),
    ];
    for (name, role) in people {
        let person =
            ShopCommand::PutPerson { person: None, name: name.to_owned(), role, active: true };
        let by = (!world.state.people.is_empty()).then_some(MANAGER);
        world.run(by, Command::Shop(person)).expect("a person");
    }
    for draft in stock_list() {
        world.put(draft);
    }
}

impl World {
    /// Adds an item; answers its identity.
    #[track_caller]
    pub(crate) fn put(&mut self, draft: ItemDraft) -> ItemId {
        let events = self.office(ShopCommand::PutItem { item: None, draft: Box::new(draft) });
        match events.as_slice() {
            [Event::ItemPut(item)] => item.id,
            other => panic!("{other:?}"),
        }
    }

    /// Changes an item.
    #[track_caller]
    pub(crate) fn change(&mut self, id: ItemId, change: impl FnOnce(&mut ItemDraft)) {
        let mut draft = self.book.items[&id].draft.clone();
        change(&mut draft);
        self.office(ShopCommand::PutItem { item: Some(id), draft: Box::new(draft) });
    }

    /// Changes the settings.
    #[track_caller]
    pub(crate) fn configure(&mut self, change: impl FnOnce(&mut Settings)) {
        let mut settings = (**self.state.settings.as_ref().unwrap()).clone();
        change(&mut settings);
        self.office(ShopCommand::Configure { settings: Box::new(settings) });
    }
}
