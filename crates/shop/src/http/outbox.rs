//! Prints that are not done, and what a person says became of them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{Event, ReceiptRef};
use store::{OutboxRow, OutboxState, Reader, StoreError};

use super::App;
use super::app::till_name;
use super::body::{Asked, At, Body};
use super::catalogue::{Limit, limit};
use super::problem::{Answer, Failure};
use crate::api::outbox::{OutboxJob, PrintKind, PrintState, SettleRequest};

/// Rows unless asked otherwise.
const USUAL: u32 = 100;

pub(super) async fn list(
    State(app): State<App>,
    Asked(asked): Asked<Limit>,
) -> Answer<Json<Vec<OutboxJob>>> {
    Ok(Json(jobs(&app, limit(asked.limit, USUAL, 500)).await?))
}

pub(super) async fn settle(
    State(app): State<App>,
    At(id): At<i64>,
    Body(said): Body<SettleRequest>,
) -> Answer<Json<Vec<OutboxJob>>> {
    let known = app.read(move |reader| reader.work(id)).await?;
    let job = known.filter(|job| job.state != OutboxState::Done).ok_or_else(Failure::not_found)?;
    let settled = app.engine().with_store(move |store| store.settle_work(id, said.done)).await??;
    if !settled {
        return Err(Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "print_waiting",
            "it still waits to be printed",
        ));
    }
    if let Some(till) = job.till {
        app.engine().ring(till);
    }
    Ok(Json(jobs(&app, USUAL).await?))
}

async fn jobs(app: &App, most: u32) -> Answer<Vec<OutboxJob>> {
    let settings = app.settings().await?;
    let rows = app
        .read(move |reader| {
            let open = reader.outbox_open(most)?;
            open.into_iter().map(|row| Ok((about(reader, &row)?, row))).collect()
        })
        .await?;
    let rows: Vec<(Option<About>, OutboxRow)> = rows;
    Ok(rows
        .into_iter()
        .filter_map(|(about, row)| {
            let (About { kind, receipt }, till) = (about?, row.till?);
            Some(OutboxJob {
                id: row.id,
                till,
                till_name: till_name(&settings, till),
                kind,
                receipt,
                state: state(row.state)?,
                note: row.note,
                attempts: row.attempts,
                created: row.created,
            })
        })
        .collect())
}

/// What a print is about.
struct About {
    kind: PrintKind,
    receipt: Option<ReceiptRef>,
}

fn about(reader: &Reader, row: &OutboxRow) -> Result<Option<About>, StoreError> {
    let Some(seq) = row.seq else { return Ok(None) };
    let Some((meta, event)) = reader.entry(seq)? else { return Ok(None) };
    let (kind, receipt) = match event {
        Event::ReceiptIssued(receipt) => {
            let number = receipt.number;
            (PrintKind::Receipt, meta.till.map(|till| ReceiptRef { till, number }))
        }
        Event::ReceiptCopied(domain::receipt::ReceiptCopied { receipt, .. }) => {
            (PrintKind::Copy, Some(receipt))
        }
        Event::DayClosed { .. } => (PrintKind::DayReport, None),
        Event::TerminalDayClosed(_) => (PrintKind::TerminalDay, None),
        Event::AttemptAcknowledged { .. } => (PrintKind::MerchantSlip, None),
        Event::TenderRecorded { .. } | Event::TenderUndone { .. } => (PrintKind::Drawer, None),
        _ => (PrintKind::DrawerSlip, None),
    };
    Ok(Some(About { kind, receipt }))
}

fn state(state: OutboxState) -> Option<PrintState> {
    match state {
        OutboxState::Waiting => Some(PrintState::Waiting),
        OutboxState::Unknown => Some(PrintState::Unknown),
        OutboxState::Failed => Some(PrintState::Failed),
        OutboxState::Done => None,
    }
}
