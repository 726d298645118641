//! `tresen demo`: a believable corner shop with simulated devices, ready to sell.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::messages::simulator::{MailSink, SmsKind, SmsSink};
use anyhow::{Context as _, Result};
use devices::simulator::Printer;
use devices::simulator::pole::PoleDisplay;
use devices::simulator::scale::Scale;
use devices::simulator::scanner::Scanner;
use devices::simulator::stand::Stand;
use domain::digital::{
    DigitalReceipts, MailSecurity, MailServer, PageServed, SmsGateway, SmsSettings,
};
use domain::people::{CredentialKind, Role};
use domain::peripheral::{
    DisplayDialect, DisplaySettings, Peripheral, PeripheralKind, PrinterLanguage, PrinterSettings,
    ScaleProtocol, ScaleSettings, ScannerSettings, ScannerWay,
};
use domain::settings::{TerminalProtocol, TerminalSettings};
use domain::signing::{SigningSettings, UnitKind, UnitSettings};
use domain::{Amount, PersonId, ShopCommand, TerminalId, TillCommand, TillId, UnitId};
use escpos::Profile;
use escpos::pole::Dialect;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use money::Money;
use payment::driver::Moment;
use payment::simulator::{Setup, Simulator};
use shop::auth::Secrets;
use shop::clock::{Clock, HandClock, SystemClock};
use shop::demo::{DemoReceipt, DemoShop, generate, sales};
use shop::engine::{Actor, Engine};
use shop::http::{App, HttpConfig};
use shop::ids::own_command;
use shop::personal::NamedPerson;

use crate::counter::Pages;
use crate::random;
use crate::say::Language;
use crate::serve;

/// What was asked for.
pub struct Wanted {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Folder of the demo's data.
    pub data: PathBuf,
    /// Begin anew.
    pub fresh: bool,
    /// A year of past sales.
    pub year: bool,
    /// Seed.
    pub seed: u64,
}

/// How long a simulated customer takes for their card, milliseconds.
const CUSTOMER: u64 = 2_500;
/// What the simulated gateway wants of the demo shop: no secret of anybody.
const DEMO_KEY: &str = "demo";

/// Days of past sales that `--year` makes.
const YEAR: i64 = 365;

/// Makes the shop if there is none yet, and runs it.
pub fn demo(language: Language, wanted: &Wanted) -> Result<()> {
    let file = wanted.data.join("shop.sqlite");
    if wanted.fresh && wanted.data.exists() {
        remove(&file)?;
    }
    std::fs::create_dir_all(&wanted.data).with_context(|| wanted.data.display().to_string())?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    if !file.exists() {
        println!(
            "{}",
            language.say("Der Demoladen wird eingerichtet …", "Setting the demo shop up …")
        );
        build(language, wanted, &file, clock.now())?;
    }
    let (engine, running) = serve::open(&file, &clock)?;
    let runtime = serve::runtime()?;
    let served = runtime.block_on(run(language, wanted, engine, clock));
    runtime.shutdown_background();
    running.stop();
    served
}

/// Only what a demo made: its file and SQLite's files beside it. Not those of a demo that runs.
fn remove(file: &Path) -> Result<()> {
    let _held = store::lock(file)?;
    for end in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        let path = PathBuf::from(name);
        if path.exists() {
            std::fs::remove_file(&path).with_context(|| path.display().to_string())?;
        }
    }
    // What the shop's unit signed goes with the shop.
    let unit = shop::sign::unit_path(file, UnitId(1));
    if unit.exists() {
        std::fs::remove_file(&unit).with_context(|| unit.display().to_string())?;
    }
    Ok(())
}

async fn run(
    language: Language,
    wanted: &Wanted,
    engine: Engine,
    clock: Arc<dyn Clock>,
) -> Result<()> {
    let listener = serve::bind(wanted.listen).await?;
    let address = listener.local_addr()?;
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let printer = Printer::start(any, Profile::generic_80mm()).await?;
    let page = printer.serve_page(any).await?;
    // Customers hold their card against it by themselves; its page plays them otherwise.
    let card = Setup { clock: berlin_time, automatic: Some(CUSTOMER), ..Setup::default() };
    let terminal = Simulator::start(&card)?;
    let terminal_address = terminal.listen(any).await?;
    let terminal_page = terminal.serve_page(any).await?;
    let scale = Stand::start(any, Scale::new(scale::Protocol::Dialog04, None)).await?;
    let scale_page = scale.serve_page(any).await?;
    let pole = Stand::start(any, PoleDisplay::new(Dialect::Epson)).await?;
    let pole_page = pole.serve_page(any).await?;
    let mut scanner = Scanner::start(any).await?;
    let scanner_page = scanner.serve_page(any).await?;
    let beside = Beside {
        printer: printer.address(),
        terminal: terminal_address,
        scale: scale.address(),
        pole: pole.address(),
        scanner: scanner.address(),
    };
    connect_devices(&engine, &*clock, beside).await?;
    let (mailbox, telephone) = connect_messages(&engine, &*clock, address).await?;
    let secrets = new_secrets(&engine, &*clock).await?;
    serve::note_version(&engine, &clock).await?;
    let pages = Pages {
        printer: page,
        pole: pole_page,
        scale: scale_page,
        scanner: scanner_page,
        terminal: terminal_page,
        mail: mailbox,
        sms: telephone,
    };
    let config = HttpConfig { simulators: pages.simulators(), ..HttpConfig::default() };
    let app = App::start(engine.clone(), Arc::clone(&clock), config).await?;

    println!();
    println!(
        "  {}",
        language.say(
            "Tresen – Demoladen mit simulierten Geräten, nicht zum Kassieren",
            "Tresen – demo shop with simulated devices, not for real sales"
        )
    );
    println!();
    println!("  {} http://{address}/till/1", language.say("Kasse         ", "Till          "));
    println!("  {} http://{address}/display/1", language.say("Kundenanzeige ", "Display       "));
    println!("  {} http://{address}/office", language.say("Büro          ", "Office        "));
    pages.say(language, address);
    println!();
    println!("  {}", language.say("Anmelden (nur dieser Start):", "Sign in (this run only):"));
    for (person, pin, passphrase) in &secrets {
        let office = passphrase
            .as_ref()
            .map_or_else(String::new, |p| format!("   {} {p}", language.say("Büro:", "office:")));
        println!("    {:<14} PIN {pin}{office}", person.name);
    }
    println!();
    println!("  {}", language.say("Ende mit Strg+C", "End with Ctrl+C"));
    println!("listening on http://{address}");
    serve::serve(language, listener, app, engine, clock).await
}

/// The demo shop's time: it stands in Germany.
fn berlin_time() -> Moment {
    let zone = TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC);
    let now = zone.to_datetime(SystemClock::start().now());
    let part = |number: i8| u8::try_from(number).unwrap_or_default();
    Moment {
        month: part(now.month()),
        day: part(now.day()),
        hour: part(now.hour()),
        minute: part(now.minute()),
    }
}

/// Where the simulators of this run are.
#[derive(Clone, Copy)]
struct Beside {
    printer: SocketAddr,
    terminal: SocketAddr,
    scale: SocketAddr,
    pole: SocketAddr,
    scanner: SocketAddr,
}

/// The scale, the display of two lines and the scanner, as the settings know them.
fn on_the_counter(beside: Beside) -> [Peripheral; 3] {
    let protocol = ScaleProtocol::Dialog04;
    let scale = PeripheralKind::Scale(ScaleSettings { protocol, line: None, least: None });
    let dialect = DisplayDialect::Epson;
    let display = DisplaySettings { dialect, line: None, behind: None, umlauts: true };
    let scanner = ScannerSettings { way: ScannerWay::Line, line: None };
    let device = |at: SocketAddr, name: &str, device| Peripheral {
        at: at.to_string(),
        name: name.to_owned(),
        device,
    };
    [
        device(beside.scale, "Waage (Simulator)", scale),
        device(beside.pole, "Kundenanzeige (Simulator)", PeripheralKind::Display(display)),
        device(beside.scanner, "Scanner (Simulator)", PeripheralKind::Scanner(scanner)),
    ]
}

/// The first till has every simulated device of this run beside it; all print there, and take cards at the simulated terminal.
async fn connect_devices(engine: &Engine, clock: &dyn Clock, beside: Beside) -> Result<()> {
    let snapshot = engine.snapshot().await?;
    let mut settings = snapshot.settings.as_deref().cloned().context("no settings")?;
    for till in &mut settings.tills {
        till.printer = Some(beside.printer.to_string());
        till.terminal = Some(TerminalId(1));
    }
    // Those of an earlier run are gone.
    settings.peripherals = on_the_counter(beside).to_vec();
    settings.peripherals.push(simulated_printer(&beside.printer.to_string()));
    if let Some(first) = settings.tills.first_mut() {
        first.scale = Some(beside.scale.to_string());
        first.pole_display = Some(beside.pole.to_string());
        first.scanners = vec![beside.scanner.to_string()];
    }
    settings.terminals = vec![TerminalSettings {
        id: TerminalId(1),
        name: "Terminal (Simulator)".to_owned(),
        protocol: TerminalProtocol::ZvtTcp,
        address: beside.terminal.to_string(),
        rate: None,
        certificate: None,
        terminal_id: None,
        merchant: None,
        close_by_hand: false,
    }];
    // Anew in each demo, and no certified one: what it signs says so.
    settings.signing.get_or_insert_with(|| SigningSettings {
        serial: "DEMO".to_owned(),
        units: vec![UnitSettings {
            id: UnitId(1),
            name: "Software-TSE (Test)".to_owned(),
            kind: UnitKind::Software,
        }],
        clear_text: false,
    });
    let manager = manager(&snapshot.people)?;
    let actor = Actor { person: Some(manager), approver: None };
    let command = ShopCommand::Configure { settings: Box::new(settings) };
    engine.shop(own_command(clock.now()), actor, command).await?;
    Ok(())
}

/// The switch of the simulated drawer is high while it is open.
fn simulated_printer(at: &str) -> Peripheral {
    let printer = PrinterSettings {
        language: PrinterLanguage::EscPos,
        model: Profile::generic_80mm().name,
        columns: None,
        line: None,
        drawer_open_level: Some(true),
        second_drawer: false,
        silent: false,
    };
    Peripheral {
        at: at.to_owned(),
        name: "Bondrucker (Simulator)".to_owned(),
        device: PeripheralKind::Printer(printer),
    }
}

/// Receipts without paper, as far as this machine: their pages, a mail server and a gateway that show what came. Answers the addresses
/// of the two pages.
async fn connect_messages(
    engine: &Engine,
    clock: &dyn Clock,
    shop: SocketAddr,
) -> Result<(SocketAddr, SocketAddr)> {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let mail = MailSink::new(None)?;
    let mail_at = mail.listen(any, false).await?;
    let mailbox = mail.serve_page(any, mail_at.to_string()).await?;
    let sms = SmsSink::new(SmsKind::Seven, DEMO_KEY);
    let sms_at = sms.listen(any).await?;
    let telephone = sms.serve_page(any, format!("http://{sms_at}")).await?;
    let snapshot = engine.snapshot().await?;
    let mut settings = snapshot.settings.as_deref().cloned().context("no settings")?;
    // Telephones reach a shop that listens for them; here the page opens on this machine.
    let page = PageServed::Shop { address: format!("http://{shop}") };
    settings.digital_receipts = Some(Box::new(DigitalReceipts {
        page: Some(page),
        mail: Some(MailServer {
            server: mail_at.ip().to_string(),
            port: mail_at.port(),
            security: MailSecurity::None,
            user: None,
            from: "bon@demoladen.example".to_owned(),
            certificate: None,
        }),
        sms: Some(SmsSettings {
            gateway: SmsGateway::Seven {
                from: "Demoladen".to_owned(),
                address: Some(format!("http://{sms_at}")),
            },
            prefix: "+49".to_owned(),
        }),
    }));
    let actor = Actor { person: Some(manager(&snapshot.people)?), approver: None };
    let command = ShopCommand::Configure { settings: Box::new(settings) };
    engine.shop(own_command(clock.now()), actor, command).await?;
    engine.with_store(|store| shop::digital::keep_sms_secret(store, DEMO_KEY)).await??;
    Ok((mailbox, telephone))
}

fn manager(people: &[NamedPerson]) -> Result<PersonId> {
    let manager = people.iter().find(|p| p.role == Role::Manager && p.active);
    manager.map(|p| p.id).context("no manager")
}

/// New secrets at each start: nothing that somebody could know from another demo.
async fn new_secrets(
    engine: &Engine,
    clock: &dyn Clock,
) -> Result<Vec<(NamedPerson, String, Option<String>)>> {
    let people = engine.snapshot().await?.people;
    let actor = Actor { person: Some(manager(&people)?), approver: None };
    let hasher = Secrets::default();
    let mut secrets = Vec::new();
    for person in people {
        let pin = random::pin()?;
        let set = |kind, hash| ShopCommand::SetCredential { person: person.id, kind, hash };
        let hash = hasher.hash(&pin).await?;
        engine.shop(own_command(clock.now()), actor, set(CredentialKind::Pin, hash)).await?;
        let mut passphrase = None;
        if person.role != Role::Cashier {
            let words = random::words()?;
            let hash = hasher.hash(&words).await?;
            engine
                .shop(own_command(clock.now()), actor, set(CredentialKind::Passphrase, hash))
                .await?;
            passphrase = Some(words);
        }
        secrets.push((person, pin, passphrase));
    }
    Ok(secrets)
}

/// Fills a new file, in the past when a year of sales is wanted.
fn build(language: Language, wanted: &Wanted, file: &Path, now: Timestamp) -> Result<()> {
    let zone = TimeZone::get("Europe/Berlin")?;
    let today = zone.to_datetime(now).date();
    let days = if wanted.year { YEAR } else { 0 };
    let clock =
        Arc::new(HandClock::at(now.saturating_sub(SignedDuration::from_hours(24 * (days + 1)))?));
    let mut shop = generate(wanted.seed, today);
    // The generator sells on the days before its today; this one is sold as well.
    shop.today = today.tomorrow()?;
    let as_clock: Arc<dyn Clock> = clock.clone();
    let (engine, running) = serve::open(file, &as_clock)?;
    let worker = engine.clone();
    let built = Builder { engine, clock, zone }.fill(&shop).and_then(|builder| {
        if wanted.year {
            builder.sell_year(language, wanted.seed, &shop, days, now)
        } else {
            Ok(())
        }
    });
    // What was printed in the past is not printed now.
    let printed = tokio::runtime::Builder::new_current_thread().build()?.block_on(
        worker.with_store(|store| -> Result<(), store::StoreError> {
            store.begin()?;
            while let Some(till) = store.outbox_waiting(1)?.first().and_then(|job| job.till) {
                store.drop_work(till, "demo")?;
            }
            store.commit()
        }),
    );
    running.stop();
    built.and(printed?.map_err(Into::into))
}

/// Works through the engine like any screen.
struct Builder {
    engine: Engine,
    clock: Arc<HandClock>,
    zone: TimeZone,
}

impl Builder {
    fn shop(&self, person: Option<u32>, command: ShopCommand) -> Result<()> {
        self.clock.advance(std::time::Duration::from_millis(1));
        let actor = Actor { person: person.map(PersonId), approver: None };
        self.engine.shop_blocking(own_command(self.clock.now()), actor, command)?;
        Ok(())
    }

    fn till(&self, till: TillId, person: u32, command: TillCommand) -> Result<()> {
        self.clock.advance(std::time::Duration::from_millis(1));
        let actor = Actor { person: Some(PersonId(person)), approver: None };
        self.engine.till_blocking(own_command(self.clock.now()), till, actor, command)?;
        Ok(())
    }

    fn fill(self, shop: &DemoShop) -> Result<Builder> {
        for (name, role) in &shop.people {
            let put = ShopCommand::PutPerson {
                person: None,
                name: name.clone(),
                role: *role,
                active: true,
            };
            let manager =
                (shop.people.first().is_some_and(|(first, _)| first != name)).then_some(1);
            self.shop(manager, put)?;
        }
        self.shop(Some(1), ShopCommand::Configure { settings: Box::new(shop.settings.clone()) })?;
        for customer in &shop.customers {
            let currency = shop.settings.currency;
            let put = ShopCommand::PutCustomer {
                customer: None,
                details: Box::new(customer.details.clone()),
                term_days: customer.term_days,
                limit: customer.limit.map(|amount| domain::Amount { amount, currency }),
                blocked: false,
            };
            self.shop(Some(1), put)?;
        }
        for (n, item) in shop.items.iter().enumerate() {
            self.shop(
                Some(1),
                ShopCommand::PutItem { item: None, draft: Box::new(item.draft.clone()) },
            )?;
            if !item.stock.is_zero() {
                self.shop(
                    Some(1),
                    ShopCommand::MoveStock {
                        item: domain::ItemId(u32::try_from(n)? + 1),
                        kind: domain::command::StockKind::Counted,
                        quantity: item.stock,
                        reason: "Anfangsbestand".to_owned(),
                    },
                )?;
            }
        }
        let mut settings = shop.settings.clone();
        settings.tiles.clone_from(&shop.tiles);
        self.shop(Some(1), ShopCommand::Configure { settings: Box::new(settings) })?;
        Ok(self)
    }

    /// Opens and closes every day, sells what the generator says, until yesterday evening.
    fn sell_year(
        &self,
        language: Language,
        seed: u64,
        shop: &DemoShop,
        days: i64,
        now: Timestamp,
    ) -> Result<()> {
        let mut open: Option<(jiff::civil::Date, Vec<TillId>)> = None;
        let mut sold = 0_u64;
        // Today is sold too, as far as it has come; its tills stay open.
        let until = now.saturating_sub(SignedDuration::from_mins(5))?;
        let today = self.zone.to_datetime(now).date();
        for receipt in sales(seed, shop, u32::try_from(days)? + 1) {
            let at = self.zone.to_timestamp(receipt.at)?;
            if at > until {
                break;
            }
            if open.as_ref().is_none_or(|(day, _)| *day != receipt.at.date()) {
                self.close_all(open.take())?;
                self.move_to(at);
                open = Some((receipt.at.date(), Vec::new()));
            }
            self.move_to(at);
            if let Some((_, tills)) = &mut open
                && !tills.contains(&receipt.till)
            {
                self.open_till(receipt.till, u32::try_from(receipt.person)? + 1, shop)?;
                tills.push(receipt.till);
            }
            self.sell(shop, &receipt)?;
            sold += 1;
            if sold.is_multiple_of(5_000) {
                println!("  {sold} {}", language.say("Belege", "receipts"));
            }
        }
        if open.as_ref().is_some_and(|(day, _)| *day < today) {
            self.close_all(open)?;
        }
        self.restock(shop)
    }

    /// What a year of deliveries would have left on the shelves: counted, so that it is said.
    fn restock(&self, shop: &DemoShop) -> Result<()> {
        for (n, item) in shop.items.iter().enumerate().filter(|(_, item)| item.draft.stocked) {
            let some = money::Quantity::new(12_000);
            self.shop(
                Some(1),
                ShopCommand::MoveStock {
                    item: domain::ItemId(u32::try_from(n)? + 1),
                    kind: domain::command::StockKind::Counted,
                    quantity: if item.stock.is_zero() { some } else { item.stock },
                    reason: "Inventur".to_owned(),
                },
            )?;
        }
        Ok(())
    }

    fn move_to(&self, at: Timestamp) {
        if at > self.clock.now() {
            self.clock.set_wall(at);
        }
    }

    fn open_till(&self, till: TillId, person: u32, shop: &DemoShop) -> Result<()> {
        self.till(till, person, TillCommand::SignIn { person: PersonId(person) })?;
        let float = Amount { amount: Money::new(20_000), currency: shop.settings.currency };
        self.till(till, person, TillCommand::OpenDay { float })
    }

    fn sell(&self, shop: &DemoShop, receipt: &DemoReceipt) -> Result<()> {
        let person = u32::try_from(receipt.person)? + 1;
        let amount = |m: Money| Amount { amount: m, currency: shop.settings.currency };
        self.till(receipt.till, person, TillCommand::SignIn { person: PersonId(person) })?;
        for line in &receipt.lines {
            let item = domain::ItemId(u32::try_from(line.item)? + 1);
            let add = TillCommand::AddItem {
                item,
                quantity: Some(line.quantity),
                price: line.price.map(amount),
            };
            self.till(receipt.till, person, add)?;
        }
        if let Some(age) = receipt.age {
            self.till(receipt.till, person, TillCommand::ConfirmAge { age })?;
        }
        self.till(
            receipt.till,
            person,
            TillCommand::PayCash { tendered: receipt.tendered.map(amount) },
        )
    }

    /// Counts what is there, closes, and hands the tills over.
    fn close_all(&self, open: Option<(jiff::civil::Date, Vec<TillId>)>) -> Result<()> {
        for till in open.into_iter().flat_map(|(_, tills)| tills) {
            let snapshot = self.engine.snapshot_blocking()?;
            let day = snapshot.tills.iter().find(|(id, _, _)| *id == till);
            let Some((_, Some(day), Some(person))) = day else { continue };
            let value = day.drawer.minor();
            let pieces = u32::try_from(value.max(0) / 100)?;
            let rest = u32::try_from(value.max(0) % 100)?;
            let pieces = vec![
                domain::command::Denomination { value: 100, pieces },
                domain::command::Denomination { value: 1, pieces: rest },
            ];
            self.till(till, person.0, TillCommand::CountDrawer { pieces, foreign: Vec::new() })?;
            self.till(till, person.0, TillCommand::CloseDay { despite_doubt: None })?;
        }
        Ok(())
    }
}
