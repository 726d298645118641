//! `tresen simulate scale`, `display`, `cash-machine`, `label-printer`: devices on the counter that are none, with a page that shows what they show.

use std::net::SocketAddr;

use anyhow::{Context as _, Result};
use devices::simulator::cash_machine::CashMachine;
use devices::simulator::label_printer::LabelPrinter;
use devices::simulator::pole::PoleDisplay;
use devices::simulator::scale::Scale;
use devices::simulator::stand::{Model, Stand};
use escpos::pole::Dialect;
use scale::{Keys, Protocol};

use crate::say::Language;

/// What a simulated scale speaks.
#[derive(Clone, Copy, clap::ValueEnum)]
enum ScaleKind {
    /// Checkout-Dialog 02
    Dialog02,
    /// Checkout-Dialog 04
    Dialog04,
    /// Checkout-Dialog 06
    Dialog06,
    /// Mettler-Toledo 8217
    #[value(name = "8217")]
    Mettler8217,
    /// MT-SICS
    Sics,
}

/// What a simulated display understands.
#[derive(Clone, Copy, clap::ValueEnum)]
enum DisplayKind {
    /// Epson
    Epson,
    /// CD5220
    Cd5220,
}

/// Eine Kassenwaage · a checkout scale
#[derive(clap::Args)]
pub struct ScaleArgs {
    /// Sprache der Waage · the scale's protocol
    #[arg(long, value_enum, default_value_t = ScaleKind::Dialog04)]
    protocol: ScaleKind,
    /// Adresse der Waage · the scale's address
    #[arg(long, default_value = "127.0.0.1:4001")]
    listen: SocketAddr,
    /// Adresse der Seite · the page's address
    #[arg(long, default_value = "127.0.0.1:4080")]
    page: SocketAddr,
    /// Das Geheimnis, das sie sehen will (Dialog 06), acht Hexziffern; keines eines Herstellers · the secret that it wants to be
    /// shown (Dialog 06), eight hexadecimal digits; none of a maker's
    #[arg(long, default_value = "88108000")]
    secret: String,
}

/// Eine Kundenanzeige mit zwei Zeilen · a customer display of two lines
#[derive(clap::Args)]
pub struct DisplayArgs {
    /// Was sie versteht · what it understands
    #[arg(long, value_enum, default_value_t = DisplayKind::Epson)]
    dialect: DisplayKind,
    /// Adresse der Anzeige · the display's address
    #[arg(long, default_value = "127.0.0.1:4002")]
    listen: SocketAddr,
    /// Adresse der Seite · the page's address
    #[arg(long, default_value = "127.0.0.1:4081")]
    page: SocketAddr,
}

/// Ein Bezahlautomat (Glory) · a cash machine (Glory)
#[derive(clap::Args)]
pub struct CashMachineArgs {
    /// Adresse des Automaten · the machine's address
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// Adresse der Seite · the page's address
    #[arg(long, default_value = "127.0.0.1:3080")]
    page: SocketAddr,
}

/// `tresen simulate scale`.
pub fn scale(language: Language, asked: &ScaleArgs) -> Result<()> {
    let (protocol, name) = match asked.protocol {
        ScaleKind::Dialog02 => (Protocol::Dialog02, "Checkout-Dialog 02"),
        ScaleKind::Dialog04 => (Protocol::Dialog04, "Checkout-Dialog 04"),
        ScaleKind::Dialog06 => (Protocol::Dialog06, "Checkout-Dialog 06"),
        ScaleKind::Mettler8217 => (Protocol::Mettler8217, "Mettler 8217"),
        ScaleKind::Sics => (Protocol::Sics, "MT-SICS"),
    };
    let keys = if protocol == Protocol::Dialog06 {
        let bad =
            language.say("kein Geheimnis: acht Hexziffern", "no secret: eight hexadecimal digits");
        Some(Keys::parse(&asked.secret).context(bad)?)
    } else {
        None
    };
    let word = language.say("Simulierte Waage:   ", "Simulated scale:   ");
    let stands = language.say("Was darauf liegt:   ", "What lies on it:   ");
    stand(asked.listen, asked.page, Scale::new(protocol, keys), (word, name, stands))
}

/// `tresen simulate display`.
pub fn display(language: Language, asked: &DisplayArgs) -> Result<()> {
    let (dialect, name) = match asked.dialect {
        DisplayKind::Epson => (Dialect::Epson, "Epson"),
        DisplayKind::Cd5220 => (Dialect::Cd5220, "CD5220"),
    };
    let word = language.say("Simulierte Anzeige: ", "Simulated display: ");
    let stands = language.say("Was darauf steht:   ", "What stands on it: ");
    stand(asked.listen, asked.page, PoleDisplay::new(dialect), (word, name, stands))
}

/// `tresen simulate cash-machine`.
pub fn cash_machine(language: Language, asked: &CashMachineArgs) -> Result<()> {
    let word = language.say("Simulierter Automat:    ", "Simulated cash machine:");
    let stands = language.say("Sein Kunde:             ", "Its customer:          ");
    stand(asked.listen, asked.page, CashMachine::new(), (word, "Glory", stands))
}

/// Ein Etikettendrucker · a label printer
#[derive(clap::Args)]
pub struct LabelPrinterArgs {
    /// Adresse des Druckers · the printer's address
    #[arg(long, default_value = "127.0.0.1:9101")]
    listen: SocketAddr,
    /// Adresse der Seite · the page's address
    #[arg(long, default_value = "127.0.0.1:9181")]
    page: SocketAddr,
}

/// `tresen simulate label-printer`.
pub fn label_printer(language: Language, asked: &LabelPrinterArgs) -> Result<()> {
    let word = language.say("Simulierter Etikettendrucker:", "Simulated label printer:");
    let stands = language.say("Was herauskam:               ", "What came out:          ");
    stand(asked.listen, asked.page, LabelPrinter::new(), (word, "ZPL", stands))
}

/// Stands until the program is asked to end.
fn stand<M: Model>(
    listen: SocketAddr,
    page: SocketAddr,
    model: M,
    (word, name, stands): (&str, &str, &str),
) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let device = Stand::start(listen, model).await?;
        let page = device.serve_page(page).await?;
        println!("{word} {} ({name})", device.address());
        println!("{stands} http://{page}/");
        tokio::signal::ctrl_c().await?;
        Ok(())
    })
}
