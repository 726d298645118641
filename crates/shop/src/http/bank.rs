//! The bank page of the office: transfers that were asked for, the bank's files, what fitted nothing.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use domain::transfer::TransferState;
use domain::{Amount, BankMessageId, TransferId};
use serde::Deserialize;

use super::App;
use super::app::{person_name, till_name};
use super::body::{Asked, unreadable};
use super::catalogue::limit;
use super::guard::Caller;
use super::problem::{Answer, Failure};
use crate::api::transfers::{
    BankFileView, BankMessagePage, BankMessageRow, TransferPage, TransferRow,
};
use crate::bank::{self, FileFault};
use crate::view::takes_transfers;

/// Which requests.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TransfersOf {
    before: Option<TransferId>,
    state: Option<TransferState>,
    limit: Option<u32>,
}

/// Which messages.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MessagesOf {
    before: Option<BankMessageId>,
    #[serde(default)]
    waiting: bool,
    limit: Option<u32>,
}

/// What to do with a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TakeOf {
    /// The digest that its preview told: take it in.
    take: Option<String>,
}

pub(super) async fn transfers(
    State(app): State<App>,
    Asked(asked): Asked<TransfersOf>,
) -> Answer<Json<TransferPage>> {
    let shop = app.snapshot().await?;
    let settings = shop.settings.clone().ok_or_else(Failure::not_configured)?;
    let most = limit(asked.limit, 50, 200);
    let found = app.read(move |reader| reader.transfers(asked.before, asked.state, most)).await?;
    let full = usize::try_from(most).is_ok_and(|most| found.len() >= most);
    let next = found.last().filter(|_| full).map(|row| row.id);
    let amount = |amount| Amount { amount, currency: settings.currency };
    let name = |person: Option<_>| person.map_or_else(String::new, |id| person_name(&shop, id));
    let transfers = found.into_iter().map(|row| TransferRow {
        till_name: till_name(&settings, row.till),
        amount: amount(row.amount),
        paid: row.paid.map(amount),
        confirmed_name: name(row.confirmed),
        person_name: name(row.person),
        id: row.id,
        reference: row.reference,
        till: row.till,
        state: row.state,
        message: row.message,
        confirmed: row.confirmed,
        reason: row.reason,
        asked: row.asked,
        changed: row.changed,
        receipt: row.receipt,
    });
    let transfers = transfers.collect();
    Ok(Json(TransferPage { transfers, next, takes_transfers: takes_transfers(&settings) }))
}

pub(super) async fn messages(
    State(app): State<App>,
    Asked(asked): Asked<MessagesOf>,
) -> Answer<Json<BankMessagePage>> {
    let shop = app.snapshot().await?;
    let most = limit(asked.limit, 50, 200);
    let found =
        app.read(move |reader| reader.bank_messages(asked.before, asked.waiting, most)).await?;
    let full = usize::try_from(most).is_ok_and(|most| found.len() >= most);
    let next = found.last().filter(|_| full).map(|row| row.id);
    let messages = found.into_iter().map(|row| BankMessageRow {
        settled_name: row.settled.map_or_else(String::new, |id| person_name(&shop, id)),
        person_name: person_name(&shop, row.person),
        id: row.id,
        booked: row.booked,
        amount: Amount { amount: row.amount, currency: row.currency },
        back: row.back,
        reference: row.reference,
        finding: row.finding,
        transfer: row.transfer,
        waits: row.waits,
        reason: row.reason,
        taken: row.taken,
    });
    Ok(Json(BankMessagePage { messages: messages.collect(), next }))
}

fn no_bank_file(fault: FileFault) -> Failure {
    let status = match fault {
        FileFault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Failure::new(status, fault.code(), &fault.to_string())
}

/// A file of the bank: shown first, and taken in when its digest comes back.
pub(super) async fn file(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<TakeOf>,
    bytes: Result<Bytes, BytesRejection>,
) -> Answer<Json<BankFileView>> {
    let bytes = bytes.map_err(|rejection| unreadable(&rejection))?;
    let settings = app.settings().await?;
    let (engine, now, by) = (app.engine().clone(), app.now(), caller.session.person);
    let done = tokio::task::spawn_blocking(move || -> Answer<BankFileView> {
        let file = bank::read(&bytes).map_err(no_bank_file)?;
        match asked.take {
            None => {
                let reader = store::Reader::open(engine.path())?;
                Ok(bank::preview(&reader, settings.currency, &file, &bytes)?)
            }
            Some(seen) if seen == bank::digest(&bytes) => {
                Ok(bank::take(&engine, now, by, &file, &bytes)?)
            }
            Some(_) => Err(Failure::new(
                StatusCode::CONFLICT,
                "bank_file_differs",
                "this is another file than was shown",
            )),
        }
    });
    done.await.map_err(Failure::not_stored)?.map(Json)
}
