//! The books: closings for DATEV, and the cash book.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::books::{BookPurpose, Chart, DatevSettings};
use domain::settings::Settings;
use domain::{Amount, TaxKey, TillId};
use jiff::civil::Date;
use money::{Money, Rate};
use serde::Deserialize;
use store::Reader;

use super::App;
use super::app::till_name;
use super::body::{Asked, At};
use super::problem::{Answer, Failure};
use super::receipts::page_with;
use crate::api::books::{BookAccountRow, CashBookView, cash_book_view};
use crate::books::{CashBook, Fault, accounts_of, cash_book, datev, datev_cash_book};
use crate::import::guard;
use crate::print;

/// Which days.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Days {
    from: Date,
    to: Date,
}

/// Which month: any day of it.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Month {
    month: Date,
}

/// Which chart.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Charted {
    chart: Chart,
    digits: u8,
}

/// Reads on a thread of its own: a year's journal takes a while.
async fn made<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&Reader) -> Result<T, Fault> + Send + 'static,
) -> Answer<T> {
    let file = app.file().to_owned();
    let work = move || Reader::open(&file).map_err(Fault::from).and_then(|reader| work(&reader));
    let made = tokio::task::spawn_blocking(work).await.map_err(Failure::not_stored)?;
    made.map_err(|fault| of_fault(&fault))
}

pub(super) async fn datev_csv(
    State(app): State<App>,
    Asked(Days { from, to }): Asked<Days>,
) -> Answer<Response> {
    if from > to {
        return Err(Failure::bad_field("from"));
    }
    let settings = app.settings().await?;
    let created = app.local(&settings);
    let file = made(&app, move |reader| datev(reader, &settings, (from, to), created)).await?;
    let name = format!("attachment; filename=\"{}\"", file.name);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=windows-1252".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, file.bytes).into_response())
}

/// The accounts of a chart for all that this shop books; none where the chart leaves it to the adviser.
pub(super) async fn accounts(
    State(app): State<App>,
    Asked(Charted { chart, digits }): Asked<Charted>,
) -> Answer<Json<Vec<BookAccountRow>>> {
    if !(4..=8).contains(&digits) {
        return Err(Failure::bad_field("digits"));
    }
    app.only_where(|offered| offered.datev).await?;
    let settings = app.settings().await?;
    Ok(Json(rows_of(&settings, chart, digits)))
}

fn rows_of(settings: &Settings, chart: Chart, digits: u8) -> Vec<BookAccountRow> {
    let plain = DatevSettings {
        adviser: 0,
        client: 0,
        year_begins: Date::ZERO,
        digits,
        chart,
        accounts: Vec::new(),
        fixed: false,
    };
    let accounts = accounts_of(&plain);
    let row = |purpose, tax: Option<(TaxKey, Rate)>, number| BookAccountRow {
        purpose,
        tax: tax.map(|(key, _)| key),
        rate: tax.map(|(_, rate)| rate),
        number,
    };
    let mut rows = vec![row(BookPurpose::Cash, None, Some(accounts.cash))];
    let mut taxes: Vec<(TaxKey, Rate)> = settings.rates.iter().map(|r| (r.key, r.rate)).collect();
    taxes.sort_unstable();
    taxes.dedup();
    use fiscal::de::datev::Purpose as P;
    let number = |purpose| accounts.of(purpose).map(|account| account.number);
    for (key, rate) in taxes {
        let known = number(P::Sales(key.0, rate.basis_points()));
        rows.push(row(BookPurpose::Sales, Some((key, rate)), known));
    }
    let others = [
        (BookPurpose::Agency, P::Agency),
        (BookPurpose::Vouchers, P::Vouchers),
        (BookPurpose::Card, P::Card),
        (BookPurpose::Transfer, P::Transfer),
        (BookPurpose::Receivables, P::Receivables),
        (BookPurpose::ForeignCash, P::ForeignCash),
        (BookPurpose::Transit, P::Transit),
        (BookPurpose::PaidIn, P::PaidIn),
        (BookPurpose::PaidOut, P::PaidOut),
        (BookPurpose::Difference, P::Difference),
        (BookPurpose::Tips, P::Tips),
        (BookPurpose::Rounding, P::Rounding),
    ];
    rows.extend(others.map(|(purpose, of)| row(purpose, None, number(of))));
    rows
}

async fn book(
    app: &App,
    till: TillId,
    month: Date,
) -> Answer<(CashBook, std::sync::Arc<Settings>)> {
    let settings = app.settings().await?;
    if !settings.tills.iter().any(|known| known.id == till) {
        return Err(Failure::not_found());
    }
    let book = made(app, move |reader| cash_book(reader, till, month)).await?;
    Ok((book, settings))
}

pub(super) async fn view(
    State(app): State<App>,
    At(till): At<TillId>,
    Asked(Month { month }): Asked<Month>,
) -> Answer<Json<CashBookView>> {
    let (book, settings) = book(&app, till, month).await?;
    let currency = book.currency.unwrap_or(settings.currency);
    let amount = |amount: Money| Amount { amount, currency };
    Ok(Json(cash_book_view(&book, till_name(&settings, till), amount)))
}

pub(super) async fn csv(
    State(app): State<App>,
    At(till): At<TillId>,
    Asked(Month { month }): Asked<Month>,
) -> Answer<Response> {
    let (book, _) = book(&app, till, month).await?;
    let mut writer =
        csv::WriterBuilder::new().delimiter(b';').from_writer("\u{FEFF}".as_bytes().to_vec());
    let head = ["date", "closing", "kind", "reason", "in", "out", "balance", "below_zero"];
    writer.write_record(head).map_err(Failure::not_stored)?;
    for row in book.csv() {
        writer.write_record(row.map(|cell| safe(&cell))).map_err(Failure::not_stored)?;
    }
    let bytes = writer.into_inner().map_err(Failure::not_stored)?;
    Ok(file(format!("cash-book-{till}-{}.csv", book.month.0), "text/csv; charset=utf-8", bytes))
}

/// Without a formula that a spreadsheet would run; amounts below nothing are none.
fn safe(cell: &str) -> String {
    if cell.parse::<i64>().is_ok() { cell.to_owned() } else { guard(cell).into_owned() }
}

pub(super) async fn datev_rows(
    State(app): State<App>,
    At(till): At<TillId>,
    Asked(Month { month }): Asked<Month>,
) -> Answer<Response> {
    let settings = app.settings().await?;
    let text = made(&app, move |reader| datev_cash_book(reader, &settings, till, month)).await?;
    let name = format!("datev-cash-book-{till}-{}.csv", month.first_of_month());
    Ok(file(name, "text/csv; charset=utf-8", text.into_bytes()))
}

fn file(name: String, kind: &'static str, bytes: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"{name}\"");
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, bytes).into_response()
}

pub(super) async fn html(
    State(app): State<App>,
    At(till): At<TillId>,
    Asked(Month { month }): Asked<Month>,
) -> Answer<Response> {
    let (book, settings) = book(&app, till, month).await?;
    let data = print::cash_book_data(&settings, &book, till_name(&settings, till));
    Ok(page_with(receipt::render_cash_book(&data), receipt::CASH_BOOK_STYLE))
}

fn of_fault(fault: &Fault) -> Failure {
    let code = match fault {
        Fault::NoClosing { .. } => "no_closing",
        Fault::NotInCountry => return Failure::not_in_country(),
        Fault::NotSet => "datev_not_set",
        Fault::NoAccount(..) => "datev_no_account",
        Fault::Refused(_) => "datev_refused",
        Fault::Years => "datev_years",
        Fault::Currency => "datev_currency",
        Fault::Differs(..) => "books_differ",
        Fault::Store(_) | Fault::Journal(_) => return Failure::not_stored(fault),
    };
    let failure = Failure::new(StatusCode::UNPROCESSABLE_ENTITY, code, "there are no books");
    match fault {
        // What has no account: its purpose as the settings name it, and which tax.
        Fault::NoAccount(purpose, which) => {
            let word = serde_json::to_value(purpose).ok();
            let word = word.and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default();
            failure.detail(format!("{word}{which}"))
        }
        fault => failure.detail(fault),
    }
}
