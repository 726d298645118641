//! Proofs of completeness: of a till day, of all tills on a date, as a page and as a signed file.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::{DayNo, TillId};
use jiff::Timestamp;
use jiff::civil::Date;
use store::{Reader, StoreError};

use super::App;
use super::body::At;
use super::problem::{Answer, Failure};
use crate::proof::file::{MakeFault, make};
use crate::proof::nightly::{one, proof_of};
use crate::proof::{DayProof, Verdict};

/// What was found of a day, in one word: the worst.
pub(super) fn mark(check: &store::DayCheck) -> Verdict {
    match (check.state.as_str(), check.differs, check.unproved) {
        ("wrong", ..) | (_, 1.., _) => Verdict::Differs,
        ("right", 0, 0) => Verdict::Proved,
        _ => Verdict::Unproved,
    }
}

pub(super) async fn of_day(
    State(app): State<App>,
    At((till, number)): At<(TillId, DayNo)>,
) -> Answer<Json<DayProof>> {
    let now = app.now();
    let proof = app.read(move |reader| proof_of(reader, (till, number), now)).await?;
    proof.map(Json).ok_or_else(Failure::not_found)
}

/// Looks at a day anew, and keeps what was found.
pub(super) async fn again(
    State(app): State<App>,
    At((till, number)): At<(TillId, DayNo)>,
) -> Answer<Json<DayProof>> {
    let now = app.now();
    let looked = app.read(move |reader| match reader.closed_day(till, number)? {
        Some(_) => one(reader, (till, number), now).map(Some),
        None => Ok(None),
    });
    let (check, proof) = looked.await?.ok_or_else(Failure::not_found)?;
    app.engine().with_store(move |store| store.put_day_check(&check)).await??;
    proof.map(Json).ok_or_else(Failure::not_found)
}

fn of_date(reader: &Reader, date: Date, now: Timestamp) -> Result<Vec<DayProof>, StoreError> {
    let mut proofs = Vec::new();
    for day in reader.days_of(date)? {
        proofs.extend(proof_of(reader, day, now)?);
    }
    Ok(proofs)
}

pub(super) async fn all(State(app): State<App>, At(date): At<Date>) -> Answer<Json<Vec<DayProof>>> {
    let now = app.now();
    Ok(Json(app.read(move |reader| of_date(reader, date, now)).await?))
}

pub(super) async fn day_file(
    State(app): State<App>,
    At((till, number)): At<(TillId, DayNo)>,
) -> Answer<Response> {
    let now = app.now();
    let made = app.read(move |reader| {
        let days = proof_of(reader, (till, number), now)?.into_iter().collect();
        signed(make(reader, days, now))
    });
    sent(made.await?, &format!("proof-{till}-{number}.json"))
}

pub(super) async fn date_file(State(app): State<App>, At(date): At<Date>) -> Answer<Response> {
    let now = app.now();
    let made = app.read(move |reader| {
        let days = of_date(reader, date, now)?;
        signed(make(reader, days, now))
    });
    sent(made.await?, &format!("proof-{date}.json"))
}

/// None where there is no day.
fn signed(made: Result<String, MakeFault>) -> Result<Option<String>, StoreError> {
    match made {
        Ok(file) => Ok(Some(file)),
        Err(MakeFault::NoDay) => Ok(None),
        Err(MakeFault::Store(fault)) => Err(fault),
        Err(MakeFault::Key) => Err(StoreError::Io(std::io::Error::other("no key for proofs"))),
    }
}

fn sent(file: Option<String>, name: &str) -> Answer<Response> {
    let file = file.ok_or_else(Failure::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, file).into_response())
}
