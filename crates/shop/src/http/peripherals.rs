//! Devices on the counter: found, asked, tried, and which printer a till prints on.

use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use devices::printer::{PrintOutcome, Reason, Timeouts};
use devices::search::{self, What};
use devices::{drawer_job, job_bytes};
use domain::cash::DrawerTried;
use domain::device::{PhotoDigest, PhotoKind};
use domain::peripheral::{Peripheral, PeripheralKind, PrinterLanguage};
use domain::{Permission as P, ShopCommand, TillId};
use escpos::{Language, Profile};
use sha2::{Digest as _, Sha256};
use store::Store;

use super::App;
use super::body::{At, Body};
use super::guard::Caller;
use super::labels;
use super::problem::{Answer, Failure};
use super::routes::Routes;
use crate::api::peripherals::{
    DeviceAsked, FoundDevice, FoundKind, LogoKept, PrintOn, PrintOnAsked, PrinterModel,
    PrinterTried, PrinterTry, PrinterView, Tried, TriedView,
};
use crate::ids::own_command;
use crate::photo::sign;
use crate::print::machine::{Machine, Machines};
use crate::print::runner::{OWN, SPARE, printer_code, spare_key};
use crate::print::{language, test_page};

/// Most bytes of a sign: its dots and their head.
const LOGO_LIMIT: usize = 32 * 1024;
/// How long a host of the network may take to take a connection, and to answer.
const KNOCK: Duration = Duration::from_millis(400);

pub(super) fn routes(r: &mut Routes) {
    super::cash_machines::routes(r);
    r.post("/peripherals/search", P::ManageSettings, find).says(|o| {
        o.about("devices", "Look for devices: printers in the shop's own network and at USB, scanners by HID-POS, serial ports. Nothing is printed.")
            .answers_list::<FoundDevice>()
    });
    r.get("/peripherals/printer-models", P::ManageSettings, models).says(|o| {
        o.about("devices", "Models of receipt printers that can be chosen.")
            .answers_list::<PrinterModel>()
    });
    r.post("/peripherals/state", P::ManageSettings, state).says(|o| {
        o.about("devices", "How a printer is, saved or not.")
            .takes::<DeviceAsked>()
            .answers::<PrinterView>()
    });
    r.post("/peripherals/try", P::ManageSettings, attempt).says(|o| {
        o.about("devices", "Have a printer, saved or not, print a test page or open its drawer.")
            .takes::<PrinterTried>()
            .answers::<TriedView>()
    });
    r.post("/logo", P::ManageSettings, set_logo).body_of(LOGO_LIMIT).says(|o| {
        o.about("devices", "Keep a sign for receipts, a PBM (P4) of at most 576 by 400 dots; the settings choose it by its digest.")
            .answers::<LogoKept>()
    });
    r.get("/logo/{digest}", P::ManageSettings, logo).says(|o| {
        o.about("devices", "A sign that was kept, as a picture.").answers_text("image/svg+xml")
    });
    r.post("/tills/{till}/printer", P::Sell, print_on).says(|o| {
        o.about("till", "Say which printer a till prints on, or that what waits is not printed.")
            .takes::<PrintOnAsked>()
    });
}

async fn set_logo(
    State(app): State<App>,
    body: Result<Bytes, BytesRejection>,
) -> Answer<Json<LogoKept>> {
    let bytes = body.map_err(|rejection| super::body::unreadable(&rejection))?;
    if sign(&bytes).is_none() {
        return Err(Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "no_logo",
            "a sign is a PBM (P4) of at most 576 by 400 dots",
        ));
    }
    let digest = PhotoDigest(Sha256::digest(&bytes).into());
    let kept = move |store: &mut Store| store.put_photo(digest, PhotoKind::Pbm, &bytes);
    app.engine().with_store(kept).await??;
    Ok(Json(LogoKept { logo: digest.to_string() }))
}

async fn logo(State(app): State<App>, At(digest): At<String>) -> Answer<Response> {
    let digest: domain::NameDigest = digest.parse().map_err(|_| Failure::not_found())?;
    let found = app.read(move |reader| reader.photo(PhotoDigest(digest.0))).await?;
    let picture = found.and_then(|(_, bytes)| sign(&bytes)).ok_or_else(Failure::not_found)?;
    let svg = receipt::picture_svg(&picture, "");
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response())
}

async fn find(State(app): State<App>) -> Answer<Json<Vec<FoundDevice>>> {
    let settings = app.settings().await?;
    let plugged = tokio::task::spawn_blocking(search::plugged_in).await.unwrap_or_default();
    let mut found = search::network(search::neighbours(), KNOCK).await;
    found.extend(plugged);
    let named = |at: &str| {
        settings.tills.iter().any(|till| till.printer.as_deref() == Some(at))
            || settings.peripheral(at).is_some()
    };
    let rows = found.into_iter().map(|one| {
        let (kind, language) = match one.what {
            What::Printer(language) => (FoundKind::Printer, Some(said(language))),
            What::SilentPrinter => (FoundKind::SilentPrinter, None),
            What::Scanner => (FoundKind::Scanner, None),
            What::SerialPort => (FoundKind::SerialPort, None),
        };
        FoundDevice { known: named(&one.at), at: one.at, called: one.called, kind, language }
    });
    Ok(Json(rows.collect()))
}

fn said(language: Language) -> PrinterLanguage {
    match language {
        Language::EscPos => PrinterLanguage::EscPos,
        Language::Star => PrinterLanguage::Star,
        Language::Epos => PrinterLanguage::Epos,
    }
}

async fn models() -> Answer<Json<Vec<PrinterModel>>> {
    let models = Profile::names().filter_map(|(name, maker)| {
        let profile = Profile::named(name)?;
        Some(PrinterModel {
            name: name.to_owned(),
            maker: maker.to_owned(),
            language: said(profile.language),
            columns: profile.columns,
        })
    });
    Ok(Json(models.collect()))
}

/// The printer of a form. Nothing of it is kept.
fn machine(device: &Peripheral) -> Answer<Machine> {
    let PeripheralKind::Printer(printer) = &device.device else {
        return Err(Failure::bad_field("device.device"));
    };
    let no_place = || Failure::bad_field("device.at");
    let place = device.at.parse().map_err(|_| no_place())?;
    Ok(Machines::once(place, printer, Timeouts::default()))
}

async fn state(Body(asked): Body<DeviceAsked>) -> Answer<Json<PrinterView>> {
    if let PeripheralKind::LabelPrinter(known) = &asked.device.device {
        return labels::printer_state(&asked.device.at, known).await.map(Json);
    }
    let machine = machine(&asked.device)?;
    Ok(Json(match machine.printer.status().await {
        Ok(status) => {
            let problem = status.problem().map(Reason::NotReady);
            let code = match (&problem, status.near_end) {
                (Some(reason), _) => printer_code(reason),
                (None, true) => "paper_low",
                (None, false) => "ok",
            };
            let level = (!machine.printer.setup().silent).then_some(status.drawer_pin_high);
            PrinterView { code: code.to_owned(), drawer_level: level }
        }
        Err(reason) => PrinterView { code: printer_code(&reason).to_owned(), drawer_level: None },
    }))
}

async fn attempt(
    State(app): State<App>,
    caller: Caller,
    Body(asked): Body<PrinterTried>,
) -> Answer<Json<TriedView>> {
    if let PeripheralKind::LabelPrinter(known) = &asked.device.device {
        return labels::printer_try(&app, &asked.device.at, known).await.map(Json);
    }
    let machine = machine(&asked.device)?;
    let settings = app.settings().await?;
    let job = match asked.what {
        PrinterTry::OpenDrawer => {
            // Who opened a drawer is an entry, whatever comes of it.
            let (device, at) = (asked.device.name.clone(), asked.device.at.clone());
            let command = ShopCommand::TryDrawer(DrawerTried { device, at });
            app.engine().shop(own_command(app.now()), caller.actor(), command).await?;
            drawer_job(&machine.profile)
        }
        PrinterTry::TestPage => {
            let (name, at) = (&asked.device.name, &asked.device.at);
            let page = test_page(language(&settings), name, at, machine.profile.columns);
            job_bytes(&page, &machine.profile)
        }
    };
    let (outcome, code) = match machine.printer.print(&job).await {
        PrintOutcome::Printed(_) => (Tried::Printed, ""),
        PrintOutcome::NotPrinted(reason) => (Tried::NotPrinted, printer_code(&reason)),
        PrintOutcome::Unknown(reason) => (Tried::Unknown, printer_code(&reason)),
    };
    Ok(Json(TriedView { outcome, code: code.to_owned() }))
}

async fn print_on(
    State(app): State<App>,
    At(till): At<TillId>,
    Body(asked): Body<PrintOnAsked>,
) -> Answer<StatusCode> {
    let settings = app.settings().await?;
    let known = settings.tills.iter().find(|known| known.id == till);
    let known = known.ok_or_else(Failure::not_found)?;
    if asked.on == PrintOn::Spare && known.spare_printer.is_none() {
        return Err(Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "no_spare_printer",
            "no other printer stands in for this till's",
        ));
    }
    let done = app.engine().with_store(move |store| match asked.on {
        PrintOn::Own => store.set_meta(&spare_key(till), OWN),
        PrintOn::Spare => store.set_meta(&spare_key(till), SPARE),
        PrintOn::Nothing => store.drop_work(till, "given up"),
    });
    done.await??;
    app.engine().ring(till);
    Ok(StatusCode::NO_CONTENT)
}
