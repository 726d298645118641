//! Simulated devices that speak the real protocol, named simulators wherever they show.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use devices::simulator::Printer;
use escpos::Profile;
use fiscal::de::tse::NOT_CERTIFIED;
use payment::driver::Moment;
use payment::serial::Serial;
use payment::simulator::{Setup, Simulator, adyen, sumup};
use shop::clock::{Clock, SystemClock};
use signing::{epson, fiskaly, simulator};

use crate::say::Language;

/// What a simulated printer understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Speaks {
    /// ESC/POS
    EscPos,
    /// StarPRNT, Star Line
    Star,
    /// Epson ePOS-Print (HTTP)
    Epos,
}

/// `tresen simulate printer`.
pub fn printer(
    language: Language,
    speaks: Speaks,
    listen: SocketAddr,
    page: SocketAddr,
) -> Result<()> {
    let profile = Profile::generic_80mm().speaking(match speaks {
        Speaks::EscPos => escpos::Language::EscPos,
        Speaks::Star => escpos::Language::Star,
        Speaks::Epos => escpos::Language::Epos,
    });
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let printer = Printer::start(listen, profile).await?;
        let page = printer.serve_page(page).await?;
        println!(
            "{} {}",
            language.say("Simulierter Drucker:", "Simulated printer:"),
            printer.address()
        );
        println!("{} http://{page}/", language.say("Sein Papier:        ", "Its paper:        "));
        tokio::signal::ctrl_c().await?;
        Ok(())
    })
}

/// What the simulated terminal shall be.
pub struct Wanted {
    /// Its address.
    pub listen: SocketAddr,
    /// It speaks TLS there.
    pub tls: bool,
    /// Its page's address.
    pub page: SocketAddr,
    /// Customers come by themselves, after so many milliseconds.
    pub automatic: Option<u64>,
    /// It is at this serial port as well.
    pub serial: Option<Serial>,
}

/// `tresen simulate terminal`.
pub fn terminal(language: Language, wanted: &Wanted) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let setup = Setup { clock: local_time, automatic: wanted.automatic, ..Setup::default() };
        let terminal = Simulator::start(&setup)?;
        let (address, certificate) = if wanted.tls {
            let (address, certificate) = terminal.listen_tls(wanted.listen).await?;
            (address, Some(certificate))
        } else {
            (terminal.listen(wanted.listen).await?, None)
        };
        let page = terminal.serve_page(wanted.page).await?;
        println!(
            "{} {address} ({}, TID {}, {} {})",
            language.say("Simuliertes Terminal:", "Simulated terminal:"),
            if wanted.tls { "ZVT, TLS" } else { "ZVT" },
            setup.terminal,
            language.say("Passwort", "password"),
            setup.password
        );
        if let Some(certificate) = certificate {
            println!(
                "{}\n  {certificate}",
                language.say(
                    "Sein Zertifikat (SHA-256), gilt bis zum Ende:",
                    "Its certificate (SHA-256), until it ends:"
                )
            );
        }
        if let Some(serial) = &wanted.serial {
            terminal.serve_serial(serial.clone())?;
            println!(
                "{} {} ({} Bd, 8N2)",
                language.say("Auch seriell an:     ", "Also at the port:  "),
                serial.path,
                serial.rate
            );
        }
        println!("{} http://{page}/", language.say("Sein Kunde:          ", "Its customer:      "));
        tokio::signal::ctrl_c().await?;
        Ok(())
    })
}

/// `tresen simulate terminal --protocol sumup`.
pub fn sumup_reader(
    language: Language,
    listen: SocketAddr,
    page: SocketAddr,
    automatic: Option<u64>,
) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let setup = sumup::Setup { automatic, ..sumup::Setup::default() };
        let reader = sumup::Simulator::start(&setup)?;
        let address = reader.listen(listen).await?;
        let page = reader.serve_page(page).await?;
        let secret = reader.secret();
        println!(
            "{} {address} (SumUp, {}, {})",
            language.say("Simulierter Leser:   ", "Simulated reader:  "),
            setup.merchant,
            setup.reader
        );
        println!(
            "{} {}",
            language.say("Kopplungscode:       ", "Pairing code:      "),
            setup.pairing_code
        );
        println!(
            "{} {} ({} {}, {})",
            language.say("API-Schlüssel:       ", "API key:           "),
            secret.api_key,
            language.say("Anwendung", "application"),
            secret.app_id,
            secret.affiliate_key
        );
        println!("{} http://{page}/", language.say("Sein Kunde:          ", "Its customer:      "));
        println!(
            "{}\n{}",
            language.say("Stammzertifikat, gilt bis zum Ende:", "Root certificate, until it ends:"),
            secret.root.as_deref().unwrap_or_default()
        );
        tokio::signal::ctrl_c().await?;
        Ok(())
    })
}

/// `tresen simulate terminal --protocol adyen`, and `adyen-cloud`.
pub fn adyen_terminal(
    language: Language,
    listen: SocketAddr,
    page: SocketAddr,
    automatic: Option<u64>,
    cloud: Option<adyen::Cloud>,
) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let draw = shop::ids::draw;
        let setup = adyen::Setup { clock: time, automatic, cloud, ..adyen::Setup::new(draw) };
        let terminal = adyen::Simulator::start(&setup)?;
        let address = terminal.listen(listen).await?;
        let page = terminal.serve_page(page).await?;
        let secret = terminal.secret();
        println!(
            "{} {address} (Adyen, {})",
            language.say("Simuliertes Terminal:", "Simulated terminal:"),
            setup.poi_id
        );
        match &setup.cloud {
            Some(cloud) => println!(
                "{} {} ({} {})",
                language.say("API-Schlüssel:       ", "API key:           "),
                cloud.api_key,
                language.say("Händlerkonto", "merchant account"),
                cloud.merchant
            ),
            None => println!(
                "{} {} ({} {}, Version {})",
                language.say("Passphrase:          ", "Passphrase:        "),
                secret.passphrase,
                language.say("Schlüssel", "key"),
                secret.key_identifier,
                secret.key_version
            ),
        }
        println!("{} http://{page}/", language.say("Sein Kunde:          ", "Its customer:      "));
        println!(
            "{}\n{}",
            language.say("Stammzertifikat, gilt bis zum Ende:", "Root certificate, until it ends:"),
            secret.root
        );
        tokio::signal::ctrl_c().await?;
        Ok(())
    })
}

/// `tresen simulate fiskaly`.
pub fn fiskaly_unit(
    language: Language,
    listen: SocketAddr,
    memory: PathBuf,
    new: bool,
) -> Result<()> {
    // Simulated money needs no secrets; these are typed by people.
    let secret = fiskaly::Secret {
        api_key: "test_key".to_owned(),
        api_secret: "test_secret".to_owned(),
        admin_pin: Some("1234567890".to_owned()),
    };
    let unit = simulator::fiskaly::Simulator::start(simulator::fiskaly::Setup {
        listen,
        memory,
        seed: shop::ids::draw(),
        clock: unit_clock(),
        tss: "3a8f0c2e-1111-4222-8333-444455556666".parse()?,
        secret: secret.clone(),
        new,
    })?;
    let way = unit.way(fiskaly::PATIENCE, shop::ids::draw);
    println!(
        "{} {} (fiskaly SIGN DE v2, {})",
        language.say("Simulierte TSE:      ", "Simulated unit:    "),
        way.base,
        NOT_CERTIFIED
    );
    println!("{} {}", language.say("TSS:                 ", "TSS:               "), way.tss);
    println!(
        "{} {} / {} (PIN {})",
        language.say("API-Schlüssel:       ", "API key:           "),
        secret.api_key,
        secret.api_secret,
        secret.admin_pin.as_deref().unwrap_or_default()
    );
    until_stopped()
}

/// `tresen simulate epson`.
pub fn epson_unit(
    language: Language,
    listen: SocketAddr,
    memory: PathBuf,
    new: bool,
) -> Result<()> {
    let secret = epson::Secret {
        shared: "EPSONKEY".to_owned(),
        admin_pin: "11111".to_owned(),
        time_admin_pin: "22222".to_owned(),
    };
    let unit = simulator::epson::Simulator::start(simulator::epson::Setup {
        listen,
        memory,
        seed: shop::ids::draw(),
        clock: unit_clock(),
        secret: secret.clone(),
        new,
    })?;
    let way = unit.way(epson::PATIENCE);
    println!(
        "{} {} (Epson, {}, {})",
        language.say("Simulierte TSE:      ", "Simulated unit:    "),
        way.address,
        way.device,
        NOT_CERTIFIED
    );
    println!(
        "{} {} (PIN {}, {} {})",
        language.say("Schlüssel:           ", "Key:               "),
        secret.shared,
        secret.admin_pin,
        language.say("der Kassen", "of the tills"),
        secret.time_admin_pin
    );
    until_stopped()
}

/// `tresen simulate atrust`.
pub fn atrust_device(language: Language, listen: SocketAddr) -> Result<()> {
    // Simulated money needs no secrets; these are typed by people.
    let (user, password) = ("u123456789", "123456789");
    let device = simulator::atrust::Simulator::start(simulator::atrust::Setup {
        listen,
        seed: shop::ids::draw(),
        now: SystemClock::start().now(),
        user: user.to_owned(),
        secret: signing::at::Secret(password.to_owned()),
    })?;
    let way = device.way(signing::at::PATIENCE);
    println!(
        "{} {} (A-Trust a.sign RK HSM, {})",
        language.say("Simuliert:           ", "Simulated:         "),
        way.base,
        NOT_CERTIFIED
    );
    println!(
        "{} {user} / {password}",
        language.say("Benutzer:            ", "User:              ")
    );
    until_stopped()
}

fn until_stopped() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    Ok(runtime.block_on(tokio::signal::ctrl_c())?)
}

fn unit_clock() -> simulator::Clock {
    let clock = SystemClock::start();
    Arc::new(move || clock.now())
}

/// The machine's time, ISO 8601.
fn time() -> String {
    SystemClock::start().now().strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}

/// The machine's time, on its own calendar.
fn local_time() -> Moment {
    let now = SystemClock::start().now().to_zoned_datetime(jiff::tz::TimeZone::system());
    let part = |number: i8| u8::try_from(number).unwrap_or_default();
    Moment {
        month: part(now.month()),
        day: part(now.day()),
        hour: part(now.hour()),
        minute: part(now.minute()),
    }
}
