//! The host that keeps receipts sealed, and the simulators of mail server and gateways.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ::messages::host::{Host, Tokens};
use ::messages::simulator::{Fault, MailSink, SmsKind, SmsSink};
use anyhow::{Context as _, Result};
use shop::clock::{Clock as _, SystemClock};
use tokio::net::TcpListener;

use crate::say::Language;

/// What a simulated mail server is told.
#[derive(clap::Args)]
pub struct MailArgs {
    /// Seine Adresse · its address
    #[arg(long, default_value = "127.0.0.1:2525")]
    listen: SocketAddr,
    /// Adresse der Seite · the page's address
    #[arg(long, default_value = "127.0.0.1:2580")]
    page: SocketAddr,
    /// TLS vom ersten Byte an statt STARTTLS · TLS from the first byte on instead of STARTTLS
    #[arg(long)]
    tls: bool,
    /// Wer senden darf, mit Doppelpunkt: Name:Passwort · who may send, with a colon: name:password
    #[arg(long, value_name = "USER:PASSWORD")]
    login: Option<String>,
    /// Fehler: none, server, slow, refused, login, lost, gone · fault
    #[arg(long, value_parser = fault, default_value = "none")]
    fault: Fault,
}

/// What a simulated gateway of text messages is told.
#[derive(clap::Args)]
pub struct SmsArgs {
    /// Wessen Sprache er spricht · whose language it speaks
    #[arg(long, value_enum, default_value_t = SmsGateway::Seven)]
    gateway: SmsGateway,
    /// Seine Adresse · its address
    #[arg(long, default_value = "127.0.0.1:8020")]
    listen: SocketAddr,
    /// Adresse der Seite · the page's address
    #[arg(long, default_value = "127.0.0.1:8080")]
    page: SocketAddr,
    /// Schlüssel oder Token, das er verlangt · the key or token that it wants
    #[arg(long, default_value = "")]
    secret: String,
    /// Fehler: none, server, slow, refused, login, lost, gone · fault
    #[arg(long, value_parser = fault, default_value = "none")]
    fault: Fault,
}

fn fault(word: &str) -> Result<Fault, String> {
    Fault::named(word).ok_or_else(|| "none, server, slow, refused, login, lost, gone".to_owned())
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum SmsGateway {
    /// seven.io
    Seven,
    /// Twilio
    Twilio,
    /// Eine Anfrage über HTTP · a request over HTTP
    Generic,
}

impl SmsGateway {
    fn kind(self) -> SmsKind {
        match self {
            SmsGateway::Seven => SmsKind::Seven,
            SmsGateway::Twilio => SmsKind::Twilio,
            SmsGateway::Generic => SmsKind::Generic,
        }
    }
}

/// How often the host takes away what was kept for long enough.
const TIDY: Duration = Duration::from_secs(3_600);

/// `tresen receipts --new-token NAME`.
pub fn new_token(language: Language, data: &Path, name: &str) -> Result<()> {
    let token = Tokens::add(&data.join("tokens"), name)?;
    println!(
        "{}\n{token}",
        language.say(
            "Token für das Hochladen; es steht nirgends sonst und wird nicht wieder gezeigt:",
            "Token for uploading; it stands nowhere else and is not shown again:"
        )
    );
    Ok(())
}

/// `tresen receipts`.
pub fn host(language: Language, listen: SocketAddr, data: &Path, most: u64) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let clock = SystemClock::start();
        let now = move || u64::try_from(clock.now().as_second()).unwrap_or_default();
        let host = Host::open(data, most.saturating_mul(1024 * 1024), Arc::new(now))
            .with_context(|| data.display().to_string())?;
        let listener =
            TcpListener::bind(listen).await.with_context(|| format!("listen on {listen}"))?;
        let address = listener.local_addr()?;
        println!(
            "{}",
            language.say(
                "Bewahrt digitale Belege verschlüsselt auf. Nach außen gehört ein Server mit TLS davor.",
                "Keeps digital receipts encrypted. Towards the outside a server with TLS belongs in front of it."
            )
        );
        println!("listening on http://{address}");
        let tidied = host.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(TIDY).await;
                tidied.tidy();
            }
        });
        let ended = async {
            let _ = tokio::signal::ctrl_c().await;
        };
        host.serve(listener, ended).await?;
        Ok(())
    })
}

/// `tresen simulate mail`.
pub fn mail(language: Language, asked: MailArgs) -> Result<()> {
    let MailArgs { listen, page, tls, login, fault } = asked;
    let login = login.and_then(|login| {
        login.split_once(':').map(|(user, secret)| (user.to_owned(), secret.to_owned()))
    });
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let sink = MailSink::new(login)?;
        sink.set_fault(fault);
        let address = sink.listen(listen, tls).await?;
        let page = sink.serve_page(page, address.to_string()).await?;
        let how = if tls { "TLS" } else { "STARTTLS" };
        println!(
            "{} {address} (localhost, {how})",
            language.say("Simulierter Mailserver:", "Simulated mail server:")
        );
        println!(
            "{} http://{page}/",
            language.say("Sein Postfach:         ", "Its mailbox:          ")
        );
        println!(
            "{}\n{}",
            language.say("Sein Zertifikat, gilt bis zum Ende:", "Its certificate, until it ends:"),
            sink.certificate()
        );
        tokio::signal::ctrl_c().await?;
        Ok(())
    })
}

/// `tresen simulate sms`.
pub fn sms(language: Language, asked: &SmsArgs) -> Result<()> {
    let (kind, secret) = (asked.gateway.kind(), asked.secret.as_str());
    let (listen, page, fault) = (asked.listen, asked.page, asked.fault);
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let sink = SmsSink::new(kind, secret);
        sink.set_fault(fault);
        let address = sink.listen(listen).await?;
        let path = if kind == SmsKind::Generic { "/send" } else { "" };
        let at = format!("http://{address}{path}");
        let page = sink.serve_page(page, at.clone()).await?;
        println!(
            "{} {at} ({kind:?})",
            language.say("Simulierter SMS-Anbieter:", "Simulated SMS gateway:")
        );
        println!(
            "{} http://{page}/",
            language.say("Sein Telefon:            ", "Its telephone:        ")
        );
        tokio::signal::ctrl_c().await?;
        Ok(())
    })
}
