//! Austria's tills (RKSV): how they are, the keys of their counters, their receipts without turnover, the export.

use std::fs::File;
use std::io::{self, Write as _};

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::rksv::{RksvSecret, SignerKind};
use domain::settings::Settings;
use domain::unit_watch::{UnitUsage, warnings};
use domain::{Permission as P, ShopCommand, TillId, UnitId};
use fiscal::at::{AesKey, Jws};
use serde::Deserialize;

use super::App;
use super::body::{Asked, At, Body};
use super::guard::Caller;
use super::hand_out;
use super::problem::{Answer, Failure};
use super::receipts::page_of;
use super::routes::Routes;
use crate::api::audit::{AuditChain, ChainCode, ChainOutage};
use crate::api::rksv::{
    KeyState, RegisterView, RksvKey, RksvKeyAsked, RksvPassword, RksvReceiptRow, RksvView,
    SignerView,
};
use crate::engine::Snapshot;
use crate::ids::own_command;
use crate::print::zone;
use crate::rksv::{
    Fault, KeptKey, kept_key, key_name, password_name, receipt_document, register_view, write_dep,
    write_keys,
};
use crate::sign::certificate_ends;
use crate::vault::{self, Kept};

/// Receipts without turnover that are listed.
const LISTED: u32 = 60;
/// Codes of a till, and outages, that an auditor is shown.
const LAST: u32 = 10;
const OUTAGES: u32 = 20;
/// What is said of a till's names.
pub(super) const UNDER: &str = "Under which name the till had them; today's unless given.";
pub(super) const ANYWAY: &str =
    "Also when something is wrong; the file's name says that it is not verified then.";
/// What a person has to know of a file, for the page: `test`, `no-counter`, `unverified`.
const MARKS: HeaderName = HeaderName::from_static("x-tresen-marks");
/// Longest password.
const LONGEST: usize = 200;

pub(super) fn routes(r: &mut Routes) {
    r.get("/rksv", P::SeeReports, view).says(|o| {
        o.about("rksv", "Austria's tills and signature devices, and how they are.")
            .answers::<RksvView>()
    });
    r.get("/rksv/{till}/key", P::ManageSettings, key).says(|o| {
        o.about("rksv", "The key of a till's turnover counter, as FinanzOnline wants it.")
            .answers::<RksvKey>()
    });
    r.post("/rksv/{till}/key", P::ManageSettings, set_key).says(|o| {
        o.about("rksv", "Tell the shop the key of a till's turnover counter that it lost.")
            .takes::<RksvKeyAsked>()
            .answers::<RksvView>()
    });
    r.get("/rksv/{till}/keys.json", P::ManageSettings, keys).says(|o| {
        o.about("rksv", "The keys that the ministry's checking tool wants. They hold a secret.")
            .text("register", UNDER)
            .answers_text("application/json")
    });
    r.post("/rksv/devices/{device}/password", P::ManageSettings, set_password).says(|o| {
        o.about("rksv", "Tell the shop a device's password; it is kept apart and told to nobody.")
            .takes::<RksvPassword>()
            .answers::<RksvView>()
    });
    r.get("/rksv/{till}/receipts", P::SeeReceipts, receipts).says(|o| {
        o.about("rksv", "A till's last receipts without turnover.")
            .text("register", UNDER)
            .answers_list::<RksvReceiptRow>()
    });
    r.get("/rksv/{till}/receipts/{position}/html", P::SeeReceipts, receipt_page).says(|o| {
        o.about("rksv", "A receipt without turnover as printed, as a page; marked as a copy.")
            .text("register", UNDER)
            .answers_text("text/html")
    });
    r.get("/record/dep7.json", P::ManageRecord, dep7).says(|o| {
        o.about("record", "All codes of a till (DEP7, RKSV), verified before they are sent.")
            .number("till", "Which till.")
            .text("register", UNDER)
            .flag("anyway", ANYWAY)
            .answers_text("application/json")
    });
}

async fn at_vienna(app: &App) -> Answer<std::sync::Arc<Settings>> {
    let settings = app.settings().await?;
    if domain::rksv::of(&settings).is_none() {
        return Err(refused("rksv_not_set", "the RKSV is not set up"));
    }
    Ok(settings)
}

/// Under which name: today's unless it is said.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Under {
    register: Option<String>,
}

/// One of a till's names: today's unless it is asked for by another one that it has or had.
fn one_of(
    settings: &Settings,
    shop: &Snapshot,
    till: TillId,
    asked: Option<String>,
) -> Answer<String> {
    let Some(asked) = asked else { return named(settings, till) };
    let has = shop.rksv.0.get(&till).is_some_and(|chain| chain.names().any(|name| name == asked));
    if has || named(settings, till).is_ok_and(|name| name == asked) {
        Ok(asked)
    } else {
        Err(Failure::not_found())
    }
}

/// A till's name at FinanzOnline.
fn named(settings: &Settings, till: TillId) -> Answer<String> {
    let known = settings.tills.iter().any(|t| t.id == till);
    let rksv = domain::rksv::of(settings).filter(|_| known);
    rksv.map(|rksv| rksv.cash_register(till)).ok_or_else(Failure::not_found)
}

async fn view(State(app): State<App>) -> Answer<Json<RksvView>> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    Ok(Json(tills_and_devices(&app, &shop, &settings).await?))
}

/// How all tills and devices are; none outside Austria.
async fn tills_and_devices(app: &App, shop: &Snapshot, settings: &Settings) -> Answer<RksvView> {
    let mut view = RksvView { registers: Vec::new(), devices: Vec::new() };
    if !domain::rksv::applies(settings) {
        return Ok(view);
    }
    let rksv = domain::rksv::of(settings);
    let (chains, signers) = &shop.rksv;
    let local = zone(settings).to_datetime(app.now());
    for till in &settings.tills {
        let name = rksv.map(|rksv| rksv.cash_register(till.id)).unwrap_or_default();
        let asked = name.clone();
        let (key, check) = match app.read(move |reader| kept_key(reader, &asked)).await? {
            KeptKey::Nothing => (KeyState::Nothing, None),
            KeptKey::Lost => (KeyState::Lost, None),
            KeptKey::Key(key) => (KeyState::Kept, Some(key.check())),
        };
        let chain = chains.get(&till.id);
        let mut row = register_view(settings, till, chain, local);
        // A chain whose key is gone cannot go on.
        row.key = if key == KeyState::Nothing && row.codes > 0 { KeyState::Lost } else { key };
        row.check = check;
        for past in &mut row.past {
            let asked = past.cash_register.clone();
            let kept = app.read(move |reader| kept_key(reader, &asked)).await?;
            past.key = if let KeptKey::Key(_) = kept { KeyState::Kept } else { KeyState::Lost };
        }
        view.registers.push(row);
    }
    for device in rksv.into_iter().flat_map(|rksv| &rksv.devices) {
        let asked = password_name(device.id);
        let kept = app.read(move |reader| vault::kept(reader, &asked)).await?;
        let said = signers.get(&device.id);
        let valid_until = said.and_then(|said| certificate_ends(&said.certificates));
        view.devices.push(SignerView {
            valid_until,
            warnings: warnings(valid_until, &UnitUsage::default(), app.now()),
            id: device.id,
            name: device.name.clone(),
            kind: device.kind,
            provider: said.map(|said| said.provider.clone()),
            certificate: said.map(|said| said.certificate.clone()),
            certified: said.is_some_and(|said| said.certified),
            trouble: app.engine().signers().trouble(device.id).map(str::to_owned),
            needs_password: device.kind == SignerKind::AtrustHsm && !matches!(kept, Kept::Text(_)),
        });
    }
    Ok(view)
}

/// The chains and devices as an auditor finds them.
pub(super) async fn audited(
    app: &App,
    shop: &Snapshot,
    settings: &Settings,
) -> Answer<(Vec<AuditChain>, Vec<SignerView>)> {
    let RksvView { registers, devices } = tills_and_devices(app, shop, settings).await?;
    let read = move |reader: &store::Reader| {
        registers.into_iter().map(|register| audited_chain(reader, register)).collect()
    };
    Ok((app.read(read).await?, devices))
}

fn audited_chain(
    reader: &store::Reader,
    mut register: RegisterView,
) -> Result<AuditChain, store::StoreError> {
    // What compares the key with FinanzOnline's is for whoever registers the till.
    register.check = None;
    let name = register.cash_register.clone();
    let before = register.codes.saturating_sub(LAST.into());
    let mut last = reader.rksv_codes(&name, before, LAST)?;
    last.reverse();
    let last = last.into_iter().map(|(_, code)| ChainCode {
        position: code.position,
        kind: code.kind,
        number: code.number,
        at: code.at,
        signed: code.unsigned.is_none(),
        device: code.device,
        without_turnover: code.basket.is_none(),
    });
    let most = usize::try_from(OUTAGES).unwrap_or(usize::MAX);
    let mut outages = reader.rksv_outages(&name, OUTAGES.saturating_add(1))?;
    let more_outages = outages.len() > most;
    outages.truncate(most);
    let outages = outages.into_iter().map(|outage| ChainOutage {
        from: outage.from,
        until: outage.until,
        why: outage.why,
        codes: outage.codes,
        seq: outage.seq,
    });
    let (last, outages) = (last.collect(), outages.collect());
    Ok(AuditChain { register, last, outages, more_outages })
}

/// Who saw or entered which secret is an entry, whatever comes of it.
async fn note(app: &App, caller: &Caller, secret: RksvSecret) -> Answer<()> {
    let command = ShopCommand::RksvSecret(secret);
    app.engine().shop(own_command(app.now()), caller.actor(), command).await?;
    Ok(())
}

async fn key(
    State(app): State<App>,
    caller: Caller,
    At(till): At<TillId>,
) -> Answer<Json<RksvKey>> {
    let settings = at_vienna(&app).await?;
    let cash_register = named(&settings, till)?;
    let asked = cash_register.clone();
    match app.read(move |reader| kept_key(reader, &asked)).await? {
        KeptKey::Key(key) => {
            note(&app, &caller, RksvSecret::KeyShown { register: cash_register.clone() }).await?;
            Ok(Json(RksvKey { cash_register, key: key.to_base64(), check: key.check() }))
        }
        _ => Err(refused("rksv_no_key", "there is no key of that till")),
    }
}

/// A key is taken when it is the one that the chain was begun with; before a chain begins, only in place of one that is
/// lost.
async fn set_key(
    State(app): State<App>,
    caller: Caller,
    At(till): At<TillId>,
    Body(asked): Body<RksvKeyAsked>,
) -> Answer<Json<RksvView>> {
    let settings = at_vienna(&app).await?;
    let name = one_of(&settings, &app.snapshot().await?, till, asked.register)?;
    let key = AesKey::from_base64(asked.key.trim());
    let key = key.map_err(|_| refused("rksv_bad_key", "the key is no 32 bytes in Base64"))?;
    let (of, tried) = (name.clone(), key.clone());
    let (fits, kept) =
        app.read(move |reader| Ok((fits(reader, &of, &tried)?, kept_key(reader, &of)?))).await?;
    match fits {
        Some(true) => {}
        Some(false) => {
            return Err(refused("rksv_other_key", "the till's codes are made with another key"));
        }
        // The program makes the key of a new chain, and FinanzOnline may have been told it already.
        None if kept == KeptKey::Lost => {}
        None => {
            return Err(refused("rksv_key_by_itself", "the key is made with the Startbeleg"));
        }
    }
    note(&app, &caller, RksvSecret::KeyEntered { register: name.clone() }).await?;
    let text = key.to_base64();
    let keep = move |store: &mut store::Store| vault::keep(store, &key_name(&name), &text);
    app.engine().with_store(keep).await??;
    app.engine().ring_rksv(till);
    view(State(app)).await
}

/// Whether a chain's counter is deciphered with a key: that of the last code that holds one. None before there are codes.
fn fits(
    reader: &store::Reader,
    name: &str,
    key: &AesKey,
) -> Result<Option<bool>, store::StoreError> {
    let chains = reader.rksv_registers()?;
    let Some(chain) = chains.into_iter().find(|chain| chain.register == name) else {
        return Ok(None);
    };
    // Training and cancellations hold no counter; the Startbeleg always does.
    for position in [chain.last, 1] {
        let Some(code) = reader.rksv_at(name, position)? else { continue };
        let Ok(jws) = Jws::parse(&code.signed.jws) else { continue };
        let of = &jws.code;
        if let Some(counter) = of.counter.decipher(key, &of.cashbox, &of.receipt) {
            return Ok(Some(counter == i128::from(code.signed.carried.counter.minor())));
        }
    }
    Ok(Some(false))
}

async fn keys(
    State(app): State<App>,
    caller: Caller,
    At(till): At<TillId>,
    Asked(under): Asked<Under>,
) -> Answer<Response> {
    let settings = at_vienna(&app).await?;
    let name = one_of(&settings, &app.snapshot().await?, till, under.register)?;
    let (file, register) = (app.file().to_owned(), name.clone());
    let made = tokio::task::spawn_blocking(move || write_keys(&store::Reader::open(&file)?, &name));
    let text = made.await.map_err(Failure::not_stored)?.map_err(|fault| of_fault(&fault))?;
    note(&app, &caller, RksvSecret::KeysHandedOut { register }).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"cryptographicMaterialContainer.json\"",
        ),
    ];
    Ok((headers, text).into_response())
}

async fn set_password(
    State(app): State<App>,
    caller: Caller,
    At(device): At<UnitId>,
    Body(asked): Body<RksvPassword>,
) -> Answer<Json<RksvView>> {
    let settings = at_vienna(&app).await?;
    let rksv = domain::rksv::of(&settings);
    let known = rksv.into_iter().flat_map(|rksv| &rksv.devices).find(|set| set.id == device);
    if known.is_none_or(|set| set.kind != SignerKind::AtrustHsm) {
        return Err(Failure::not_found());
    }
    if !(1..=LONGEST).contains(&asked.password.len()) {
        return Err(Failure::bad_field("password"));
    }
    note(&app, &caller, RksvSecret::PasswordEntered { device }).await?;
    let keep =
        move |store: &mut store::Store| vault::keep(store, &password_name(device), &asked.password);
    app.engine().with_store(keep).await??;
    for till in &settings.tills {
        app.engine().ring_rksv(till.id);
    }
    view(State(app)).await
}

async fn receipts(
    State(app): State<App>,
    At(till): At<TillId>,
    Asked(under): Asked<Under>,
) -> Answer<Json<Vec<RksvReceiptRow>>> {
    let settings = at_vienna(&app).await?;
    let name = one_of(&settings, &app.snapshot().await?, till, under.register)?;
    let codes = app.read(move |reader| reader.rksv_without_sale(&name, LISTED)).await?;
    let rows = codes.into_iter().map(|code| RksvReceiptRow {
        position: code.signed.position,
        kind: code.signed.kind,
        signed: code.signed.unsigned.is_none(),
        number: code.signed.number,
        at: code.signed.at,
    });
    Ok(Json(rows.collect()))
}

pub(super) async fn receipt_page(
    State(app): State<App>,
    At((till, position)): At<(TillId, u64)>,
    Asked(under): Asked<Under>,
) -> Answer<Response> {
    let settings = at_vienna(&app).await?;
    let name = one_of(&settings, &app.snapshot().await?, till, under.register)?;
    let found = app
        .read(move |reader| {
            let code = reader.rksv_at(&name, position)?;
            // One that was sold has its own page.
            let Some(code) = code.filter(|code| code.signed.basket.is_none()) else {
                return Ok(None);
            };
            let then = reader.settings_before(code.seq)?;
            Ok(Some((code, then)))
        })
        .await?;
    let (code, then) = found.ok_or_else(Failure::not_found)?;
    Ok(page_of(&receipt_document(then.as_ref().unwrap_or(&settings), &code, Some(1))))
}

/// Which codes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    till: TillId,
    register: Option<String>,
    #[serde(default)]
    anyway: bool,
}

pub(super) async fn dep7(State(app): State<App>, Asked(which): Asked<Which>) -> Answer<Response> {
    let settings = at_vienna(&app).await?;
    let name = match which.register {
        Some(register) => register,
        None => named(&settings, which.till)?,
    };
    let (turn, place) = app.export_turn()?;
    let file = app.file().to_owned();
    let anyway = which.anyway;
    let made = tokio::task::spawn_blocking(move || -> Result<_, Fault> {
        // Until it is made, whoever asked for it may be gone meanwhile; whoever reads slowly keeps nobody waiting.
        let _turn = turn;
        let folder = hand_out::folder(&file, place)?;
        let target = folder.path().join("dep7.json");
        let mut out = io::BufWriter::new(File::create(&target)?);
        let written = write_dep(&store::Reader::open(&file)?, &name, anyway, &mut out)?;
        out.flush()?;
        Ok((folder, target, written))
    });
    let (folder, target, written) =
        made.await.map_err(Failure::not_stored)?.map_err(|fault| of_fault(&fault))?;
    let export = File::open(&target).map_err(Failure::not_stored)?;
    // What a person has to know of the file stands beside it: a name alone could be part of the till's.
    let marks = written.marks().join(" ");
    let disposition = format!("attachment; filename=\"{}\"", written.file_name());
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (MARKS, marks),
    ];
    Ok((headers, hand_out::send(export, folder)).into_response())
}

fn refused(code: &str, why: &str) -> Failure {
    Failure::new(StatusCode::UNPROCESSABLE_ENTITY, code, why)
}

fn of_fault(fault: &Fault) -> Failure {
    let code = match fault {
        Fault::Nothing => "rksv_nothing",
        Fault::Key => "rksv_no_key",
        Fault::Wrong(_) => "export_wrong",
        Fault::Store(_) | Fault::Io(_) => return Failure::not_stored(fault),
    };
    refused(code, "there is no export").detail(fault)
}
