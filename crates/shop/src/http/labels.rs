//! Labels for shelves and goods: seen, as PDF, as ZPL, printed; and whose price changes.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use devices::label_printer::{Outcome, Pace, Reason, print, state};
use devices::line::{Place, open};
use domain::label_printer::LabelPrinterSettings;
use domain::settings::Settings;
use domain::{Amount, ItemId, Permission as P};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use label::zpl::status::Problem;
use label::zpl::{self, Dpi};
use label::{FINE_MODULES, LABEL_SIZES, Label, Laid, SHEETS, Sheet, Size, svg};
use serde::Deserialize;

use super::App;
use super::body::{Asked, Body};
use super::problem::{Answer, Failure};
use super::routes::Routes;
use crate::api::labels::{
    ChangedPrice, ChangedPrices, LabelAsked, LabelForms, LabelSheetView, LabelSizeView, LabelView,
    LabelsAsked, LabelsPrinted, LabelsToPrint, LabelsView,
};
use crate::api::peripherals::{PrinterView, Tried, TriedView};
use crate::invoice::moment;
use crate::labels::{Faces, Lack, MOST, Occasion, changed, find, on_sheets, one_a_page};
use crate::print::machine;

/// Labels that are drawn for a look at them.
const PICTURES: usize = 24;
/// Most bytes of a request: a thousand items with their counts.
const LIMIT: usize = 128 * 1024;

pub(super) fn routes(r: &mut Routes) {
    r.get("/labels/forms", P::SeeItems, forms)
        .says(|o| o.about("labels", "Sizes of labels, and sheets.").answers::<LabelForms>());
    r.get("/labels/changed", P::SeeItems, changed_prices).says(|o| {
        o.about(
            "labels",
            "Items on sale whose price was changed since a day, or begins or ends then or later.",
        )
        .text("since", "The day.")
        .answers::<ChangedPrices>()
    });
    r.post("/labels/preview", P::SeeItems, preview).body_of(LIMIT).says(|o| {
        o.about("labels", "Labels as they will be.").takes::<LabelsAsked>().answers::<LabelsView>()
    });
    r.post("/labels/pdf", P::SeeItems, pdf).body_of(LIMIT).says(|o| {
        o.about("labels", "Labels as PDF: one a page, or on sheets of A4.")
            .takes::<LabelsAsked>()
            .answers_text("application/pdf")
    });
    r.post("/labels/zpl", P::SeeItems, as_zpl).body_of(LIMIT).says(|o| {
        o.about("labels", "Single labels in the language of label printers (ZPL II).")
            .takes::<LabelsAsked>()
            .answers_text("application/zpl")
    });
    r.post("/labels/print", P::SeeItems, to_printer).body_of(LIMIT).says(|o| {
        o.about("labels", "Have a label printer of the settings print labels; answers when they came out, or do not.")
            .takes::<LabelsToPrint>()
            .answers::<LabelsPrinted>()
    });
}

fn refused(code: &str, title: &str) -> Failure {
    Failure::new(StatusCode::UNPROCESSABLE_ENTITY, code, title)
}

/// A fault of the program's.
fn not_made(why: &dyn std::fmt::Display) -> Failure {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    Failure::new(status, "labels_not_made", "the labels could not be drawn").detail(why)
}

fn lacking(lack: Lack) -> Failure {
    match lack {
        Lack::Item(id) => refused("labels_no_item", "there is no such item").detail(id),
        Lack::Price(name) => {
            refused("labels_no_price", "an item has no price then, or one that is typed in")
                .detail(name)
        }
        Lack::Room(name) => {
            refused("labels_no_room", "what the label must say does not fit on it").detail(name)
        }
    }
}

async fn forms() -> Json<LabelForms> {
    let tenths = |micrometres: u32| micrometres.checked_div(100).unwrap_or(0);
    let millimetres = |micrometres: u32| micrometres.checked_div(1_000).unwrap_or(0);
    let sizes = LABEL_SIZES.iter().map(|(name, size)| LabelSizeView {
        name: (*name).to_owned(),
        width: millimetres(size.width),
        height: millimetres(size.height),
    });
    let sheets = SHEETS.iter().map(|sheet| LabelSheetView {
        name: sheet.name.to_owned(),
        columns: sheet.columns,
        rows: sheet.rows,
        width: tenths(sheet.label.width),
        height: tenths(sheet.label.height),
    });
    Json(LabelForms { sizes: sizes.collect(), sheets: sheets.collect(), most: MOST })
}

/// Since when.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Since {
    since: Date,
}

async fn changed_prices(
    State(app): State<App>,
    Asked(Since { since }): Asked<Since>,
) -> Answer<Json<ChangedPrices>> {
    let settings = app.settings().await?;
    let now = app.local(&settings);
    let zone = TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC);
    let (found, more) = app.read(move |reader| changed(reader, &zone, since, now)).await?;
    let money = |amount| Amount { amount, currency: settings.currency };
    let rows = found.into_iter().map(|one| {
        let draft = one.item.draft;
        ChangedPrice {
            item: one.item.id,
            price: draft.price_at(domain::PriceListId(0), now).map(money),
            number: draft.number,
            name: draft.name,
            unit: draft.unit,
            before: one.before.map(money),
            from: one.from,
        }
    });
    Ok(Json(ChangedPrices { items: rows.collect(), more }))
}

/// What labels go on.
#[derive(Debug, Clone, Copy)]
enum Form {
    Single(Size),
    Sheet(&'static Sheet),
}

impl Form {
    fn of(asked: &LabelsAsked) -> Answer<Self> {
        if let Some(sheet) = Sheet::named(&asked.size) {
            return if (1..=sheet.count()).contains(&asked.start) {
                Ok(Self::Sheet(sheet))
            } else {
                Err(refused("labels_start", "the sheet has no such place"))
            };
        }
        let sides = asked.size.split_once('x').and_then(|(width, height)| {
            Some((width.parse::<u16>().ok()?, height.parse::<u16>().ok()?))
        });
        match sides {
            Some((width @ 25..=110, height @ 15..=200)) => {
                Ok(Self::Single(Size::mm(width, height)))
            }
            _ => Err(refused("labels_size", "there is no such size")),
        }
    }

    const fn label(self) -> Size {
        match self {
            Self::Single(size) => size,
            Self::Sheet(sheet) => sheet.label,
        }
    }

    fn pages(self, start: u32, count: u32) -> u32 {
        match self {
            Self::Single(_) => count,
            Self::Sheet(sheet) => {
                count.saturating_add(start).saturating_sub(1).div_ceil(sheet.count().max(1))
            }
        }
    }
}

/// A label that was made: its item, what stands on it and where, how often.
type Made = (ItemId, Label, Laid, u32);

async fn made(
    app: &App,
    (asked, on): (&[LabelAsked], Option<Date>),
    (size, modules, faces): (Size, &'static [u32], Faces),
) -> Answer<Vec<Made>> {
    if asked.is_empty() {
        return Err(refused("labels_none", "no label is asked for"));
    }
    let mut count = 0_u32;
    for one in asked {
        if one.count == 0 {
            return Err(Failure::bad_field("count"));
        }
        count = count.saturating_add(one.count);
    }
    if count > MOST {
        let title = "at most 1,000 labels are made at once";
        return Err(refused("labels_too_many", title).detail(count));
    }
    let settings = app.settings().await?;
    let now = app.local(&settings);
    let items: Vec<(ItemId, u32)> = asked.iter().map(|one| (one.item, one.count)).collect();
    let laid = app.read(move |reader| {
        let occasion = Occasion { settings: &settings, now, on };
        let wanted = match find(reader, &items, occasion.at())? {
            Ok(wanted) => wanted,
            Err(lack) => return Ok(Err(lack)),
        };
        let laid = occasion.lay_out(&wanted, (size, modules, faces));
        Ok(laid.map(|laid| {
            let ids = wanted.iter().map(|one| one.item.id);
            ids.zip(laid).map(|(id, (label, laid, count))| (id, label, laid, count)).collect()
        }))
    });
    laid.await?.map_err(lacking)
}

fn total(made: &[Made]) -> u32 {
    made.iter().map(|(.., count)| *count).fold(0, u32::saturating_add)
}

async fn preview(
    State(app): State<App>,
    Body(asked): Body<LabelsAsked>,
) -> Answer<Json<LabelsView>> {
    let form = Form::of(&asked)?;
    let made =
        made(&app, (&asked.items, asked.on), (form.label(), FINE_MODULES, Faces::Two)).await?;
    let count = total(&made);
    let labels = made.into_iter().enumerate().map(|(at, (item, label, laid, count))| LabelView {
        item,
        picture: (at < PICTURES).then(|| svg::picture(&laid)),
        name: label.name,
        price: label.price,
        unit_price: Some(label.unit_price).filter(|text| !text.is_empty()),
        count,
        shortened: laid.shortened,
        without_bars: laid.without_bars,
    });
    let pages = form.pages(asked.start, count);
    Ok(Json(LabelsView { labels: labels.collect(), count, pages }))
}

fn file(name: &str, media: &'static str, bytes: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"{name}\"");
    let headers = [(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, bytes).into_response()
}

async fn pdf(State(app): State<App>, Body(asked): Body<LabelsAsked>) -> Answer<Response> {
    let form = Form::of(&asked)?;
    let made =
        made(&app, (&asked.items, asked.on), (form.label(), FINE_MODULES, Faces::Two)).await?;
    let settings = app.settings().await?;
    let language = match settings.language {
        domain::settings::Language::De => ("de", "Etiketten"),
        domain::settings::Language::En => ("en", "Labels"),
    };
    let about = pdf::About {
        title: language.1.to_owned(),
        author: settings.name.clone(),
        language: language.0.to_owned(),
        made: moment(app.clock().now()),
    };
    let drawn = tokio::task::spawn_blocking(move || {
        let labels: Vec<(&Laid, u32)> = made.iter().map(|(_, _, laid, n)| (laid, *n)).collect();
        match form {
            Form::Single(_) => one_a_page(about, &labels),
            Form::Sheet(sheet) => on_sheets(about, sheet, asked.start.saturating_sub(1), &labels),
        }
    });
    let bytes = drawn.await.map_err(|e| not_made(&e))?.map_err(|e| not_made(&e))?;
    Ok(file("labels.pdf", "application/pdf", bytes))
}

fn commands(made: &[Made], dpi: Dpi) -> String {
    made.iter().map(|(_, _, laid, count)| zpl::write(laid, dpi, *count)).collect()
}

async fn as_zpl(State(app): State<App>, Body(asked): Body<LabelsAsked>) -> Answer<Response> {
    let Form::Single(size) = Form::of(&asked)? else {
        return Err(refused("labels_size", "label printers have no sheets"));
    };
    let dpi = Dpi::of(asked.dpi).ok_or_else(|| Failure::bad_field("dpi"))?;
    let made = made(&app, (&asked.items, asked.on), (size, dpi.modules(), Faces::One)).await?;
    Ok(file("labels.zpl", "application/zpl", commands(&made, dpi).into_bytes()))
}

fn printer<'s>(settings: &'s Settings, at: &str) -> Answer<&'s LabelPrinterSettings> {
    let title = "the settings know no such label printer";
    settings.label_printer_at(at).ok_or_else(|| refused("labels_no_printer", title))
}

async fn to_printer(
    State(app): State<App>,
    Body(asked): Body<LabelsToPrint>,
) -> Answer<Json<LabelsPrinted>> {
    let settings = app.settings().await?;
    let known = printer(&settings, &asked.printer)?;
    let dpi = Dpi::of(known.dpi).ok_or_else(|| Failure::bad_field("dpi"))?;
    let size = Size::mm(known.width, known.height);
    let made = made(&app, (&asked.items, asked.on), (size, dpi.modules(), Faces::One)).await?;
    let sent = send(&asked.printer, known, &commands(&made, dpi)).await?;
    let (outcome, code, left) = said(sent);
    Ok(Json(LabelsPrinted { outcome, code: code.to_owned(), left }))
}

fn place(at: &str) -> Answer<Place> {
    at.parse().map_err(|_| Failure::bad_field("device.at"))
}

fn line(known: &LabelPrinterSettings) -> devices::line::SerialLine {
    known.line.map_or(devices::line::SerialLine::usual(9_600), machine::serial)
}

/// A printer prints one request at a time: it takes one connection, and the next one waits until its time is over.
async fn send(at: &str, known: &LabelPrinterSettings, commands: &str) -> Answer<Outcome> {
    let (place, pace) = (place(at)?, Pace::default());
    Ok(match open(&place, line(known), pace.connect).await {
        Ok(mut line) => print(&mut line, commands.as_bytes(), pace).await,
        Err(_) => Outcome::NotPrinted(Reason::Unreachable),
    })
}

const fn said(outcome: Outcome) -> (Tried, &'static str, u32) {
    match outcome {
        Outcome::Printed => (Tried::Printed, "", 0),
        Outcome::Printing(left) => (Tried::Printed, "", left),
        Outcome::NotPrinted(reason) => (Tried::NotPrinted, code(reason), 0),
        Outcome::Unknown(reason) => (Tried::Unknown, code(reason), 0),
    }
}

const fn code(reason: Reason) -> &'static str {
    match reason {
        Reason::Unreachable => "unreachable",
        Reason::Silent => "silent",
        Reason::Garbage => "garbage",
        Reason::Broken => "broken",
        Reason::Problem(Problem::PaperOut) => "paper_out",
        Reason::Problem(Problem::RibbonOut) => "ribbon_out",
        Reason::Problem(Problem::HeadOpen) => "head_open",
        Reason::Problem(Problem::Paused) => "paused",
        Reason::Problem(Problem::Temperature) => "temperature",
    }
}

/// How a label printer of a form is.
pub(super) async fn printer_state(at: &str, known: &LabelPrinterSettings) -> Answer<PrinterView> {
    let (place, pace) = (place(at)?, Pace::default());
    let found = match open(&place, line(known), pace.connect).await {
        Ok(mut line) => state(&mut line, pace).await,
        Err(_) => Err(Reason::Unreachable),
    };
    let found = found.and_then(|status| match status.problem() {
        Some(problem) => Err(Reason::Problem(problem)),
        None => Ok(()),
    });
    let code = found.map_or_else(code, |()| "ok");
    Ok(PrinterView { code: code.to_owned(), drawer_level: None })
}

/// Has a label printer of a form print a label that says how large it is.
pub(super) async fn printer_try(
    app: &App,
    at: &str,
    known: &LabelPrinterSettings,
) -> Answer<TriedView> {
    let dpi = Dpi::of(known.dpi).ok_or_else(|| Failure::bad_field("device.device"))?;
    let size = Size::mm(known.width, known.height);
    let settings = app.settings().await?;
    let commands = tokio::task::spawn_blocking(move || {
        let ruler = crate::labels::Ruler::new();
        let label = crate::labels::sample(&settings);
        let laid =
            label::lay_out(&label, size, dpi.modules(), &|text, _| ruler.measure(text, true));
        zpl::write(&laid, dpi, 1)
    });
    let commands = commands.await.map_err(|e| not_made(&e))?;
    let (outcome, code, _) = said(send(at, known, &commands).await?);
    Ok(TriedView { outcome, code: code.to_owned() })
}
