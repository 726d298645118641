//! Running a shop: engine, printers, HTTP, until somebody ends it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use domain::ShopCommand;
use shop::clock::{Clock, SystemClock};
use shop::engine::{Actor, Engine, Running};
use shop::http::{App, HttpConfig};
use store::{NewShop, Store};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::say::Language;

/// Opens the shop's file, or makes a new one.
pub fn open(file: &Path, clock: &Arc<dyn Clock>) -> Result<(Engine, Running)> {
    let mut store = if file.exists() {
        Store::open(file)?
    } else {
        let shop = NewShop { shop: short_id()?, created: clock.now() };
        Store::create(file, &shop)?
    };
    // Where there is no room for it the shop sells all the same, each commit a little slower.
    let _ = store.lay_out_log();
    Ok(Engine::start(store, Arc::clone(clock))?)
}

/// A short random id, so that the journals of two shops are never taken for one another.
fn short_id() -> Result<String> {
    let mut bytes = [0_u8; 5];
    getrandom::fill(&mut bytes)
        .map_err(|_| anyhow::anyhow!("the system gives no random numbers"))?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

/// One thread for connections beside the engine's: on a till's two cores a second one only adds
/// wake-ups. What takes long runs on threads of its own.
pub fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()
}

/// `tresen run`.
pub fn run(
    language: Language,
    file: &Path,
    (listen, receipts): (SocketAddr, Option<SocketAddr>),
    hosts: Vec<String>,
) -> Result<()> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    let (engine, running) = open(file, &clock)?;
    let runtime = runtime()?;
    let served = runtime.block_on(async {
        note_version(&engine, &clock).await?;
        let listener = bind(listen).await?;
        let address = listener.local_addr()?;
        let app = App::start(
            engine.clone(),
            Arc::clone(&clock),
            HttpConfig { hosts, ..HttpConfig::default() },
        )
        .await?;
        announce(language, &app, address).await?;
        if let Some(receipts) = receipts {
            let listener = bind(receipts).await?;
            println!("receipts at http://{}", listener.local_addr()?);
            let ended = engine.clone();
            let until = async move { ended.ended().await };
            tokio::spawn(shop::http::serve_receipts(listener, app.clone(), until));
        }
        serve(language, listener, app, engine, clock).await
    });
    runtime.shutdown_background();
    running.stop();
    served
}

/// Which version runs is an entry when it is another one than before: the documentation of procedures says so. A file
/// that holds no shop yet begins with its setting-up.
pub async fn note_version(engine: &Engine, clock: &Arc<dyn Clock>) -> Result<()> {
    if engine.snapshot().await?.settings.is_none() {
        return Ok(());
    }
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let nobody = Actor { person: None, approver: None };
    let note = ShopCommand::NoteProgram { version };
    engine.shop(shop::ids::own_command(clock.now()), nobody, note).await?;
    Ok(())
}

/// Takes the address.
pub async fn bind(listen: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(listen).await.with_context(|| format!("listen on {listen}"))
}

/// Says where the shop is, the last line being for programs.
async fn announce(language: Language, app: &App, address: SocketAddr) -> Result<()> {
    if !address.ip().is_loopback() {
        println!(
            "{}",
            language.say(
                "Achtung: ohne Verschlüsselung im Netz erreichbar. Nur in einem eigenen, geschützten Netz verwenden.",
                "Warning: reachable from the network without encryption. Use only in a protected network of its own.",
            )
        );
    }
    match app.setup_code().await? {
        Some(code) => println!(
            "{} http://{address}/office#setup={code}",
            language.say("Einrichten unter", "Set the shop up at")
        ),
        None => {
            println!("{} http://{address}/till", language.say("Kasse:", "Till:  "));
            println!("{} http://{address}/office", language.say("Büro: ", "Office:"));
        }
    }
    println!("listening on http://{address}");
    Ok(())
}

/// The longest that a terminal is waited for when the program ends: customers take their time, but whoever
/// ends the program must not think that it hangs.
const PAYMENTS_AT_MOST: Duration = Duration::from_secs(60);

/// What a terminal is being asked for comes to its end, or is found out about at the next start.
async fn finish_payments(language: Language, engine: &Engine) {
    let waits = |names: &[String]| {
        eprintln!(
            "{} {} ({} s; {}) …",
            language.say("Warte auf das Kartenterminal:", "Waiting for the card terminal:"),
            names.join(", "),
            PAYMENTS_AT_MOST.as_secs(),
            language.say("Strg-C beendet sofort", "Ctrl-C ends at once"),
        );
    };
    let left = tokio::select! {
        left = shop::pay::finish(engine, PAYMENTS_AT_MOST, waits) => left,
        // Whoever asks again wants it to end now.
        _ = tokio::signal::ctrl_c() => vec![language.say("abgebrochen", "given up").to_owned()],
    };
    if !left.is_empty() {
        eprintln!(
            "{} {}",
            language.say(
                "Ungeklärt beendet, wird beim nächsten Start nachgefragt:",
                "Ended without an answer, which is asked for at the next start:",
            ),
            left.join(", "),
        );
    }
}

/// Serves until the process is asked to end. Errs when the shop cannot record any more: whoever
/// watches over the program starts it again, and the file is opened anew.
pub async fn serve(
    language: Language,
    listener: TcpListener,
    app: App,
    engine: Engine,
    clock: Arc<dyn Clock>,
) -> Result<()> {
    let (stop, stopped) = watch::channel(false);
    let printing =
        tokio::spawn(shop::print::runner::run(engine.clone(), Arc::clone(&clock), stopped.clone()));
    let scanning = tokio::spawn(shop::scanners::runner::run(
        engine.clone(),
        Arc::clone(&clock),
        stopped.clone(),
    ));
    let signing =
        tokio::spawn(shop::sign::runner::run(engine.clone(), Arc::clone(&clock), stopped.clone()));
    let proving = tokio::spawn(shop::proof::nightly::run(
        engine.clone(),
        Arc::clone(&clock),
        stopped.clone(),
    ));
    let chaining =
        tokio::spawn(shop::rksv::runner::run(engine.clone(), Arc::clone(&clock), stopped.clone()));
    let weighing = tokio::spawn(shop::weigh::run(engine.clone(), stopped.clone()));
    let showing = tokio::spawn(shop::pole::run(engine.clone(), stopped.clone()));
    let handing_out =
        tokio::spawn(shop::digital::run(engine.clone(), Arc::clone(&clock), stopped.clone()));
    let paying = tokio::spawn(shop::pay::runner::run(engine.clone(), clock, stopped));
    let watched = engine.clone();
    let ended = async move {
        let mut terminate =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok();
        let asked = async {
            match &mut terminate {
                Some(signal) => {
                    signal.recv().await;
                }
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            () = asked => {}
            () = watched.ended() => {}
        }
    };
    let served = shop::http::serve(listener, app, ended).await;
    if !engine.has_ended() {
        finish_payments(language, &engine).await;
    }
    let _ = stop.send(true);
    let _ = printing.await;
    let _ = scanning.await;
    let _ = paying.await;
    let _ = signing.await;
    let _ = proving.await;
    let _ = chaining.await;
    let _ = weighing.await;
    let _ = showing.await;
    let _ = handing_out.await;
    if engine.has_ended() {
        bail!(
            "{}",
            language.say(
                "es kann nichts mehr aufgezeichnet werden (Datenträger prüfen, Tresen neu starten); alles bisher Bestätigte ist gespeichert",
                "nothing can be recorded any more (check the disk, start Tresen again); all that was confirmed is saved",
            )
        );
    }
    Ok(served?)
}
