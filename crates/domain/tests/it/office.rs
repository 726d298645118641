//! Commands of the office: items, people, stock, imports, secrets.

use domain::catalogue::ItemDraft;
use domain::command::StockKind;
use domain::event::StockMoved;
use domain::people::CredentialKind;
use domain::{
    Command, Event, GroupId, ImportId, ItemId, NameDigest, Permission, PersonId, PriceListId,
    Refusal, Role, Settings, ShopCommand, TaxKey, TillCommand,
};
use money::{Money, Quantity};

use crate::catalogue::{
    BEER, BREAD, BUTTER, DEPOSIT, FULL, GIFT, JUICE, base_price, code, goods, settings,
};
use crate::world::{CASHIER, MANAGER, SECOND_CASHIER, SUPERVISOR, TILL, World, digest};

fn put(item: Option<ItemId>, draft: ItemDraft) -> ShopCommand {
    ShopCommand::PutItem { item, draft: Box::new(draft) }
}

fn person(id: Option<PersonId>, name: &str, role: Role, active: bool) -> ShopCommand {
    ShopCommand::PutPerson { person: id, name: name.to_owned(), role, active }
}

fn stock(kind: StockKind, quantity: i64) -> ShopCommand {
    let quantity = Quantity::new(quantity);
    ShopCommand::MoveStock { item: BREAD, kind, quantity, reason: "why".to_owned() }
}

fn out(field: &str) -> Refusal {
    Refusal::OutOfLimits { field: field.to_owned() }
}

fn taken(field: &str, value: &str) -> Refusal {
    Refusal::Taken { field: field.to_owned(), value: value.to_owned() }
}

fn no(w: &mut World, command: ShopCommand) -> Refusal {
    w.office_no(MANAGER, command)
}

#[test]
fn items_are_numbered_in_their_order_and_changed_whole() {
    let mut w = World::open();
    assert_eq!(w.put(goods("new", 1, FULL)), ItemId(14));
    w.change(ItemId(14), |draft| draft.name = "newer".to_owned());
    assert_eq!(w.put(goods("next", 1, FULL)), ItemId(15));
    assert_eq!(no(&mut w, put(Some(ItemId(99)), goods("x", 1, FULL))), Refusal::UnknownItem);
}

#[test]
fn numbers_and_codes_belong_to_one_item() {
    let mut w = World::open();
    assert_eq!(no(&mut w, put(None, goods("Bread", 1, FULL))), taken("number", "Bread"));
    // The same article in 13 and in 14 digits is one code.
    for twin in ["4006381333931", "04006381333931"] {
        let draft = ItemDraft { codes: vec![code(twin, 1_000, None)], ..goods("twin", 1, FULL) };
        assert_eq!(no(&mut w, put(None, draft)), taken("code", twin));
    }
    w.change(JUICE, |draft| draft.name = "Apple juice".to_owned());
}

#[test]
fn an_item_says_what_is_wrong_with_it() {
    let mut w = World::open();
    let x = || goods("x", 1, FULL);
    let text = |field: &str| Refusal::BadText { field: field.to_owned() };
    let too_many = || (0..101).map(|n| code(&format!("c{n}"), 1_000, None)).collect();
    let share = |key, weight| domain::catalogue::TaxShare { key: TaxKey(key), weight };
    let twice = |one: &str, six: &str| vec![code(one, 1_000, None), code(six, 6_000, Some(500))];
    let taken = |value: &str| Refusal::Taken { field: "code".to_owned(), value: value.to_owned() };
    let noon: jiff::civil::DateTime = "2026-11-23T12:00:00".parse().unwrap();
    let never =
        vec![domain::catalogue::Price { from: Some(noon), until: Some(noon), ..base_price(1) }];
    let cases = [
        (ItemDraft { name: " ".to_owned(), ..x() }, text("name")),
        (ItemDraft { name: "n".repeat(121), ..x() }, text("name")),
        (ItemDraft { number: String::new(), ..x() }, text("number")),
        (ItemDraft { number: "n".repeat(61), ..x() }, text("number")),
        (ItemDraft { codes: vec![code("", 1_000, None)], ..x() }, text("code")),
        (ItemDraft { codes: vec![code(" 12", 1_000, None)], ..x() }, text("code")),
        (ItemDraft { number: "n ".to_owned(), ..x() }, text("number")),
        (ItemDraft { codes: twice("12", "12"), ..x() }, taken("12")),
        (
            ItemDraft { codes: twice("4006381333931", "04006381333931"), ..x() },
            taken("04006381333931"),
        ),
        (ItemDraft { prices: never, ..x() }, out("price")),
        (ItemDraft { codes: too_many(), ..x() }, out("codes")),
        (ItemDraft { codes: vec![code("c", 0, None)], ..x() }, out("quantity")),
        (ItemDraft { codes: vec![code("c", -1, None)], ..x() }, out("quantity")),
        (ItemDraft { codes: vec![code("c", 1_000, Some(-1))], ..x() }, out("price")),
        (ItemDraft { prices: vec![base_price(1); 101], ..x() }, out("codes")),
        (ItemDraft { prices: vec![base_price(-1)], ..x() }, out("price")),
        (ItemDraft { prices: vec![base_price(1_000_000_001)], ..x() }, out("price")),
        (ItemDraft { prices: Vec::new(), ..x() }, out("price")),
        (ItemDraft { group: GroupId(9), ..x() }, out("group")),
        (ItemDraft { tax: TaxKey(9), ..x() }, out("tax")),
        (ItemDraft { tax_split: vec![share(9, 1)], ..x() }, out("tax")),
        (ItemDraft { tax_split: vec![share(1, 0)], ..x() }, out("tax")),
        (ItemDraft { tax_split: vec![share(1, 1_000_001)], ..x() }, out("tax")),
        (ItemDraft { age: Some(121), ..x() }, out("age")),
        (ItemDraft { minimum: Some(Quantity::new(-1)), ..x() }, out("minimum")),
        (ItemDraft { minimum: Some(Quantity::new(100_000_000)), ..x() }, out("minimum")),
    ];
    for (draft, refusal) in cases {
        assert_eq!(no(&mut w, put(None, draft.clone())), refusal, "{draft:?}");
        let mut importing = w.clone();
        importing.office(ShopCommand::BeginImport { source: "list".to_owned() });
        let items = vec![(None, draft)];
        let import = ShopCommand::ImportItems { import: ImportId(1), items };
        assert_eq!(no(&mut importing, import), refusal);
    }
}

#[test]
fn a_deposit_is_an_item_with_a_price_and_no_deposit_of_its_own() {
    let mut w = World::open();
    for deposit in [ItemId(99), JUICE, GIFT] {
        let draft = ItemDraft { deposit: Some(deposit), ..goods("x", 1, FULL) };
        assert_eq!(no(&mut w, put(None, draft)), Refusal::BadDeposit);
    }
    let mut own = w.book.items[&BREAD].draft.clone();
    own.deposit = Some(BREAD);
    assert_eq!(no(&mut w, put(Some(BREAD), own)), Refusal::BadDeposit);
    w.put(ItemDraft { deposit: Some(DEPOSIT), ..goods("x", 1, FULL) });
}

#[test]
fn the_price_that_began_last_holds_in_its_own_list_first() {
    let mut draft = goods("x", 100, FULL);
    let dated = |amount, list, from: &str, until: Option<&str>| domain::catalogue::Price {
        amount: Money::new(amount),
        list: PriceListId(list),
        from: Some(from.parse().unwrap()),
        until: until.map(|u| u.parse().unwrap()),
    };
    draft.prices.push(dated(80, 0, "2026-06-01T00:00:00", None));
    draft.prices.push(dated(70, 0, "2026-07-01T00:00:00", Some("2026-08-01T00:00:00")));
    draft.prices.push(dated(60, 3, "2026-07-15T12:00:00", None));
    let at = |list, moment: &str| {
        draft.price_at(PriceListId(list), moment.parse().unwrap()).map(Money::minor)
    };
    assert_eq!(at(0, "2026-05-31T23:59:59"), Some(100));
    assert_eq!(at(0, "2026-06-01T00:00:00"), Some(80));
    assert_eq!(at(0, "2026-07-31T23:59:59"), Some(70));
    assert_eq!(at(0, "2026-08-01T00:00:00"), Some(80));
    assert_eq!(at(3, "2026-07-15T11:59:59"), Some(70));
    assert_eq!(at(3, "2026-07-15T12:00:00"), Some(60));
}

#[test]
fn items_are_retired_and_brought_back() {
    let mut w = World::open();
    let retire = |retired| ShopCommand::RetireItem { item: BREAD, retired };
    assert_eq!(w.office(retire(true)), [Event::ItemRetired { item: BREAD, retired: true }]);
    assert!(w.office(retire(true)).is_empty(), "it is so already");
    w.office(retire(false));
    w.add(BREAD, 1_000);
    let missing = ShopCommand::RetireItem { item: ItemId(99), retired: true };
    assert_eq!(no(&mut w, missing), Refusal::UnknownItem);
}

#[test]
fn the_first_person_is_an_active_manager_whatever_was_asked() {
    let mut w = World::set_up(|_| ());
    w.state.people.clear();
    w.book.names.clear();
    w.state.counters.people = 0;
    let first = Command::Shop(person(None, "Kim", Role::Cashier, false));
    let events = w.ask(None, &first).unwrap();
    assert!(matches!(&events[0], Event::PersonAdded(p)
        if p.role == Role::Manager && p.active && p.id == PersonId(1)));
    // Beside that and the settings, nothing is open to nobody.
    let item = Command::Shop(put(None, goods("x", 1, FULL)));
    assert!(matches!(w.ask(None, &item), Err(domain::Stop::Refused(Refusal::NotSignedIn))));
}

#[test]
fn people_have_names_of_their_own() {
    let mut w = World::open();
    assert_eq!(no(&mut w, person(None, "Kim", Role::Cashier, true)), taken("name", "Kim"));
    assert_eq!(
        no(&mut w, person(Some(SECOND_CASHIER), "Kim", Role::Cashier, true)),
        taken("name", "Kim")
    );
    let unknown = person(Some(PersonId(99)), "New", Role::Cashier, true);
    assert_eq!(no(&mut w, unknown), Refusal::UnknownPerson);
    for name in ["", "  ", "a\u{202e}b", &"n".repeat(61)] {
        let bad = Refusal::BadText { field: "name".to_owned() };
        assert_eq!(no(&mut w, person(None, name, Role::Cashier, true)), bad);
    }
    w.office(person(Some(CASHIER), "Kimberley", Role::Supervisor, true));
    assert_eq!(w.state.people[&CASHIER].role, Role::Supervisor);
}

#[test]
fn the_last_manager_stays() {
    let mut w = World::open();
    for (role, active) in [(Role::Cashier, true), (Role::Supervisor, true), (Role::Manager, false)]
    {
        assert_eq!(no(&mut w, person(Some(MANAGER), "Mara", role, active)), Refusal::LastManager);
    }
    // A second one who is barred does not help, an active one does.
    w.office(person(Some(SUPERVISOR), "Sven", Role::Manager, false));
    assert_eq!(
        no(&mut w, person(Some(MANAGER), "Mara", Role::Cashier, true)),
        Refusal::LastManager
    );
    w.office(person(Some(SUPERVISOR), "Sven", Role::Manager, true));
    w.office(person(Some(MANAGER), "Mara", Role::Cashier, true));
    let permission = Permission::ManagePeople;
    let again = person(Some(MANAGER), "Mara", Role::Manager, true);
    assert_eq!(no(&mut w, again), Refusal::NotPermitted { permission });
}

#[test]
fn the_journal_never_learns_a_name() {
    let mut w = World::open();
    w.office(person(None, "Annegret Öztürk", Role::Cashier, true));
    w.office(person(Some(CASHIER), "Kimberley Quandt", Role::Supervisor, true));
    no(&mut w, person(None, "Annegret Öztürk", Role::Cashier, true));
    let entries: String = w.log.iter().map(|e| serde_json::to_string(&e.event).unwrap()).collect();
    assert!(entries.contains(&digest("Kimberley Quandt").to_string()));
    for name in ["Mara", "Sven", "Kim", "Lou", "Annegret", "ztürk", "Quandt"] {
        assert!(!entries.contains(name), "{name}");
    }
}

#[test]
fn a_name_without_its_digest_is_not_decided() {
    let w = World::open();
    let context = domain::Context {
        state: &w.state,
        facts: &w.book,
        now: w.now,
        person: Some(MANAGER),
        approver: None,
        name: None,
        voucher: None,
        fresh: &[],
        random: [0; 8],
    };
    let put = Command::Shop(person(None, "Neu", Role::Cashier, true));
    assert!(matches!(domain::decide(context, &put), Err(domain::Stop::Fault(_))));
}

#[test]
fn only_people_who_are_barred_are_forgotten_and_only_once() {
    let mut w = World::open();
    let forget = |person| ShopCommand::ForgetPerson { person };
    assert_eq!(no(&mut w, forget(CASHIER)), Refusal::PersonActive);
    assert_eq!(no(&mut w, forget(MANAGER)), Refusal::LastManager);
    assert_eq!(no(&mut w, forget(PersonId(99))), Refusal::UnknownPerson);
    w.office(person(Some(SUPERVISOR), "Sven", Role::Manager, true));
    assert_eq!(no(&mut w, forget(MANAGER)), Refusal::PersonActive, "there is another one");
    w.office(person(Some(CASHIER), "Kim", Role::Cashier, false));
    let permission = Permission::ManagePeople;
    assert_eq!(w.office_no(SECOND_CASHIER, forget(CASHIER)), Refusal::NotPermitted { permission });
    assert_eq!(w.office(forget(CASHIER)), [Event::PersonForgotten { person: CASHIER }]);
    assert!(!w.state.people.contains_key(&CASHIER));
    assert_eq!(no(&mut w, forget(CASHIER)), Refusal::UnknownPerson);
    assert_eq!(w.restarted().people, w.state.people);
}

#[test]
fn who_was_forgotten_does_not_come_back_and_their_number_is_not_given_again() {
    let mut w = World::open();
    w.office(person(Some(SECOND_CASHIER), "Lou", Role::Cashier, false));
    w.office(ShopCommand::ForgetPerson { person: SECOND_CASHIER });
    assert_eq!(
        no(&mut w, person(Some(SECOND_CASHIER), "Lou", Role::Cashier, true)),
        Refusal::UnknownPerson
    );
    let secret = ShopCommand::SetCredential {
        person: SECOND_CASHIER,
        kind: CredentialKind::Pin,
        hash: "$argon2id$".to_owned(),
    };
    assert_eq!(no(&mut w, secret), Refusal::UnknownPerson);
    // The name is free again; whoever has it now is somebody else.
    let events = w.office(person(None, "Lou", Role::Cashier, true));
    assert!(matches!(&events[0], Event::PersonAdded(p) if p.id == PersonId(5)));
}

#[test]
fn a_till_where_somebody_forgotten_was_signed_in_waits_for_the_next_one() {
    let mut w = World::open();
    w.office(person(Some(CASHIER), "Kim", Role::Cashier, false));
    w.office(ShopCommand::ForgetPerson { person: CASHIER });
    assert_eq!(w.no(TillCommand::NewBasket), Refusal::NotSignedIn);
    w.sign_in(TILL, SECOND_CASHIER);
    w.sell(&[(BREAD, 1_000)]);
}

#[test]
fn digests_of_names_are_read_as_they_are_written() {
    let digest = digest("Kim");
    let json = serde_json::to_string(&digest).unwrap();
    assert_eq!(json.len(), 66);
    assert_eq!(serde_json::from_str::<NameDigest>(&json).unwrap(), digest);
    let ff = format!("\"{}\"", "0f".repeat(32));
    assert_eq!(serde_json::from_str::<NameDigest>(&ff).unwrap(), NameDigest([15; 32]));
    for bad in ["Kim", "", &"0F".repeat(32), &"0g".repeat(32), &"00".repeat(31), &"0".repeat(65)] {
        assert!(serde_json::from_str::<NameDigest>(&format!("\"{bad}\"")).is_err(), "{bad}");
    }
}

#[test]
fn ones_own_secret_is_ones_own_to_set() {
    let mut w = World::open();
    let secret = |person| ShopCommand::SetCredential {
        person,
        kind: CredentialKind::Pin,
        hash: "$argon2id$secret".to_owned(),
    };
    let events = w.run(Some(CASHIER), Command::Shop(secret(CASHIER))).unwrap();
    assert!(!serde_json::to_string(&events).unwrap().contains("argon2id"), "the secret lies apart");
    let permission = Permission::ManagePeople;
    assert_eq!(w.office_no(CASHIER, secret(MANAGER)), Refusal::NotPermitted { permission });
    assert_eq!(w.office_no(MANAGER, secret(PersonId(99))), Refusal::UnknownPerson);
    w.office(secret(CASHIER));
}

#[test]
fn signing_in_at_the_office_is_for_active_people() {
    let mut w = World::open();
    let sign_in = |person| Command::Shop(ShopCommand::OfficeSignIn { person });
    let events = w.run(None, sign_in(MANAGER)).unwrap();
    assert_eq!(events, [Event::SignedIn { person: MANAGER }]);
    assert_eq!(w.run(None, sign_in(PersonId(99))), Err(Refusal::UnknownPerson));
    w.office(person(Some(CASHIER), "Kim", Role::Cashier, false));
    assert_eq!(w.run(None, sign_in(CASHIER)), Err(Refusal::UnknownPerson));
}

#[test]
fn stock_is_the_sum_of_its_movements() {
    let mut w = World::open();
    w.office(stock(StockKind::Received, 10_000));
    w.office(stock(StockKind::Wasted, 2_000));
    w.office(stock(StockKind::Corrected, -500));
    w.sell(&[(BREAD, 1_000)]);
    assert_eq!(w.stock(BREAD), 6_500);
    let events = w.office(stock(StockKind::Counted, 7_000));
    assert!(
        matches!(&events[0], Event::StockMoved(StockMoved { quantity, counted: Some(counted), .. })
        if (quantity.thousandths(), counted.thousandths()) == (500, 7_000))
    );
    w.office(stock(StockKind::Counted, 0));
    assert_eq!(w.stock(BREAD), 0);
    w.sell(&[(BREAD, 1_000)]);
    assert_eq!(w.stock(BREAD), -1_000, "below nothing selling goes on");
}

#[test]
fn stock_movements_have_limits_and_reasons() {
    let mut w = World::open();
    for kind in [StockKind::Received, StockKind::Wasted] {
        for quantity in [0, -1, i64::MIN, i64::MAX, 100_000_000] {
            assert_eq!(no(&mut w, stock(kind, quantity)), out("quantity"));
        }
    }
    for quantity in [0, i64::MIN, i64::MAX, 100_000_000, -100_000_000] {
        assert_eq!(no(&mut w, stock(StockKind::Corrected, quantity)), out("quantity"));
    }
    for quantity in [-1, i64::MIN, i64::MAX, 100_000_000] {
        assert_eq!(no(&mut w, stock(StockKind::Counted, quantity)), out("quantity"));
    }
    let (kind, quantity) = (StockKind::Received, Quantity::ONE);
    let silent = ShopCommand::MoveStock { item: BREAD, kind, quantity, reason: String::new() };
    assert_eq!(no(&mut w, silent), Refusal::BadText { field: "reason".to_owned() });
    let unknown =
        ShopCommand::MoveStock { item: ItemId(99), kind, quantity, reason: "x".to_owned() };
    assert_eq!(no(&mut w, unknown), Refusal::UnknownItem);
}

#[test]
fn imported_items_become_valid_at_once_at_the_end() {
    let mut w = World::open();
    let events = w.office(ShopCommand::BeginImport { source: "li\u{0}st\u{202e}\n".to_owned() });
    assert_eq!(events, [Event::ImportBegan { import: ImportId(1), source: "list".to_owned() }]);
    assert_eq!(
        no(&mut w, ShopCommand::BeginImport { source: "b".to_owned() }),
        Refusal::ImportRunning
    );
    let import = ImportId(1);
    let items = |items| ShopCommand::ImportItems { import, items };
    w.office(items(vec![(None, goods("a", 1, FULL)), (Some(BREAD), goods("Bread", 600, FULL))]));
    w.office(items(vec![(None, goods("b", 2, FULL))]));
    assert!(w.office(items(Vec::new())).is_empty());
    w.add(BREAD, 1_000);
    assert_eq!(w.total(), 540, "until then the old ones hold");
    let number = TillCommand::AddItem { item: ItemId(15), quantity: None, price: None };
    assert_eq!(w.no(number), Refusal::UnknownItem);
    w.office(ShopCommand::FinishImport { import });
    w.add(ItemId(15), 1_000);
    w.add(BREAD, 1_000);
    assert_eq!(w.total(), 540 + 2 + 600);
    assert_eq!(w.put(goods("c", 1, FULL)), ItemId(16));
}

#[test]
fn a_cancelled_import_leaves_nothing_but_its_number() {
    let mut w = World::open();
    let begin = || ShopCommand::BeginImport { source: "list".to_owned() };
    let import = ImportId(1);
    for command in [
        ShopCommand::ImportItems { import, items: vec![(None, goods("a", 1, FULL))] },
        ShopCommand::FinishImport { import },
        ShopCommand::CancelImport { import },
    ] {
        assert_eq!(no(&mut w, command), Refusal::UnknownImport);
    }
    w.office(begin());
    w.office(ShopCommand::ImportItems { import, items: vec![(None, goods("a", 1, FULL))] });
    w.office(ShopCommand::CancelImport { import });
    assert_eq!(no(&mut w, ShopCommand::FinishImport { import }), Refusal::UnknownImport);
    assert_eq!(w.book.items.len(), 13);
    let events = w.office(begin());
    assert!(matches!(&events[0], Event::ImportBegan { import: ImportId(2), .. }));
}

#[test]
fn an_import_is_held_against_the_catalogue() {
    let mut w = World::open();
    w.office(ShopCommand::BeginImport { source: "list".to_owned() });
    let items = |items| ShopCommand::ImportItems { import: ImportId(1), items };
    assert_eq!(no(&mut w, items(vec![(None, goods("Bread", 1, FULL))])), taken("number", "Bread"));
    let twin = ItemDraft { codes: vec![code("BEER", 1_000, None)], ..goods("twin", 1, FULL) };
    assert_eq!(no(&mut w, items(vec![(None, twin)])), taken("code", "BEER"));
    let unknown = items(vec![(Some(ItemId(4_000_000_000)), goods("far", 1, FULL))]);
    assert_eq!(no(&mut w, unknown), Refusal::UnknownItem);
    let same = w.book.items[&BEER].draft.clone();
    w.office(items(vec![(Some(BEER), same)]));
}

#[test]
fn unknown_codes_are_settled_and_backups_noted() {
    let mut w = World::open();
    let settle = |code: &str| ShopCommand::SettleUnknownCode { code: code.to_owned() };
    assert_eq!(w.office(settle("x")), [Event::UnknownCodeSettled { code: "x".to_owned() }]);
    assert_eq!(no(&mut w, settle("\u{7}")), Refusal::BadText { field: "code".to_owned() });
    assert_eq!(
        w.office(ShopCommand::NoteBackup { through: 7 }),
        [Event::BackupMade { through: 7 }]
    );
}

#[test]
fn before_the_set_up_there_are_no_items() {
    let mut w = World::open();
    w.state.settings = None;
    assert_eq!(no(&mut w, put(None, goods("x", 1, FULL))), Refusal::NotConfigured);
    w.office(ShopCommand::BeginImport { source: "list".to_owned() });
    let items = vec![(None, goods("x", 1, FULL))];
    let import = ShopCommand::ImportItems { import: ImportId(1), items };
    assert_eq!(no(&mut w, import), Refusal::NotConfigured);
    w.office(ShopCommand::Configure { settings: Box::new(settings()) });
    w.add(BUTTER, 1_000);
}

#[test]
fn nobody_changes_the_catalogue_under_a_running_import() {
    let mut w = World::open();
    w.office(ShopCommand::BeginImport { source: "list".to_owned() });
    let import = ImportId(1);
    let twin = |name: &str| {
        let codes = vec![code("NEW", 1_000, None)];
        ItemDraft { codes, ..goods(name, 1, FULL) }
    };
    w.office(ShopCommand::ImportItems { import, items: vec![(None, twin("a"))] });
    assert_eq!(no(&mut w, put(None, twin("b"))), Refusal::ImportRunning);
    let retire = || ShopCommand::RetireItem { item: BREAD, retired: true };
    assert_eq!(no(&mut w, retire()), Refusal::ImportRunning);
    w.office(ShopCommand::FinishImport { import });
    assert_eq!(no(&mut w, put(None, twin("b"))), taken("code", "NEW"));
    w.office(retire());
}

#[test]
fn imported_deposits_fit_like_others() {
    let mut w = World::open();
    w.office(ShopCommand::BeginImport { source: "list".to_owned() });
    for (deposit, fits) in [(ItemId(99), false), (JUICE, false), (GIFT, false), (DEPOSIT, true)] {
        let draft = ItemDraft { deposit: Some(deposit), ..goods("x", 1, FULL) };
        let items = ShopCommand::ImportItems { import: ImportId(1), items: vec![(None, draft)] };
        let answer = w.run(Some(MANAGER), Command::Shop(items));
        assert_eq!(answer.is_ok(), fits, "{deposit:?}");
        assert!(fits || answer == Err(Refusal::BadDeposit));
    }
}

/// A command by somebody who looked at `base` before.
fn based(base: String, command: ShopCommand) -> ShopCommand {
    ShopCommand::BasedOn { base, command: Box::new(command) }
}

#[test]
fn what_somebody_else_changed_meanwhile_is_not_overwritten() {
    use domain::revision::{of_item, of_person, of_settings};
    let mut w = World::open();
    let settings = |w: &World| (**w.state.settings.as_ref().unwrap()).clone();
    let configure =
        |settings: &Settings| ShopCommand::Configure { settings: Box::new(settings.clone()) };
    let (seen, seen_item) = (settings(&w), w.book.items[&BREAD].clone());
    let seen_person = w.state.people[&CASHIER].clone();
    let named = |name: &str| Settings { name: name.to_owned(), ..seen.clone() };
    let draft = |price| ItemDraft { prices: vec![base_price(price)], ..seen_item.draft.clone() };

    // Two windows read the same; the first one saves.
    w.office(based(of_settings(&seen), configure(&named("first"))));
    w.office(based(of_item(&seen_item), put(Some(BREAD), draft(1))));
    w.office(based(of_person(&seen_person), person(Some(CASHIER), "first", Role::Cashier, true)));
    // The second one is told, and nothing of it happens.
    for stale in [
        based(of_settings(&seen), configure(&named("second"))),
        based(of_item(&seen_item), put(Some(BREAD), draft(2))),
        based(of_item(&seen_item), ShopCommand::RetireItem { item: BREAD, retired: true }),
        based(of_person(&seen_person), person(Some(CASHIER), "second", Role::Manager, true)),
        based(String::new(), configure(&named("second"))),
    ] {
        assert_eq!(no(&mut w, stale), Refusal::Stale);
    }
    assert_eq!(
        (settings(&w).name.as_str(), w.book.items[&BREAD].draft.prices[0].clone()),
        ("first", base_price(1))
    );
    // With what stands there now, or without a base, it is saved.
    let base = of_settings(&settings(&w));
    w.office(based(base, configure(&named("second"))));
    w.office(configure(&named("third")));
    // What is new is based on nothing, and what does not exist is told as such.
    w.office(based("x".to_owned(), put(None, goods("new", 1, FULL))));
    let missing = based("x".to_owned(), put(Some(ItemId(99)), goods("none", 1, FULL)));
    assert_eq!(no(&mut w, missing), Refusal::UnknownItem);
}

#[test]
fn a_base_opens_no_door() {
    let mut w = World::open();
    let seen = w.state.settings.clone().unwrap();
    let base = domain::revision::of_settings(&seen);
    let command = based(base, ShopCommand::Configure { settings: Box::new((*seen).clone()) });
    let permission = Permission::ManageSettings;
    assert_eq!(w.office_no(CASHIER, command), Refusal::NotPermitted { permission });
}
