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
pub fn mail(
    language: Language,
    (listen, tls): (SocketAddr, bool),
    page: SocketAddr,
    (login, fault): (Option<(String, String)>, Fault),
) -> Result<()> {
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
pub fn sms(
    language: Language,
    (kind, secret): (SmsKind, &str),
    (listen, page): (SocketAddr, SocketAddr),
    fault: Fault,
) -> Result<()> {
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
