//! The tables for a tax audit, made and read again before anybody gets them.

use std::fs::File;
use std::io::{self, Write as _};

use axum::body::Body as Answered;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use fiscal::de::dsfinvk::check::{Finding, Language};
use jiff::civil::Date;
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::App;
use super::body::Asked;
use super::catalogue::Pipe;
use super::problem::{Answer, Failure};
use crate::fiscal::{Fault, write_package};

/// How much of the finished package is sent at a time.
const PIECE: usize = 64 * 1024;

/// Which days.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Days {
    from: Date,
    to: Date,
}

pub(super) async fn dsfinvk(
    State(app): State<App>,
    Asked(Days { from, to }): Asked<Days>,
) -> Answer<Response> {
    if from > to {
        return Err(Failure::bad_field("from"));
    }
    app.only_where(|offered| offered.dsfinvk).await?;
    let Some(turn) = app.export_turn() else {
        return Err(refused("export_running", "one is being made already"));
    };
    let settings = app.settings().await?;
    let file = app.file().to_owned();
    let made = tokio::task::spawn_blocking(move || -> Result<_, Fault> {
        let folder = tempfile::tempdir()?;
        let target = folder.path().join("dsfinvk.zip");
        let reader = store::Reader::open(&file)?;
        let written = write_package(&reader, (from, to), &target, &mut |_, _| {})?;
        Ok((folder, target, written))
    });
    let (folder, target, written) =
        made.await.map_err(Failure::not_stored)?.map_err(|fault| of_fault(&fault))?;
    if let Some(wrong) = &written.wrong {
        let language = match settings.language {
            domain::settings::Language::De => Language::German,
            domain::settings::Language::En => Language::English,
        };
        return Err(
            refused("export_wrong", "the package contradicts itself").detail(said(language, wrong))
        );
    }
    let mut package = File::open(&target).map_err(Failure::not_stored)?;
    let (sender, receiver) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        // They last until all of it is sent, or nobody reads on.
        let (_folder, _turn) = (folder, turn);
        let failed = sender.clone();
        let mut pipe = io::BufWriter::with_capacity(PIECE, Pipe(sender));
        let sent = io::copy(&mut package, &mut pipe);
        // The answer has begun: it can only break off, so that nobody takes a part for the whole.
        if sent.is_err() || pipe.flush().is_err() {
            let _ = failed.blocking_send(Err(io::ErrorKind::Other.into()));
        }
    });
    // Whoever finds the file later reads it in its name; the office says it beside the download.
    let test = if written.summary.not_certified { "-TEST" } else { "" };
    let name = format!("attachment; filename=\"dsfinvk-{from}-{to}{test}.zip\"");
    let headers =
        [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, Answered::from_stream(ReceiverStream::new(receiver))).into_response())
}

fn refused(code: &str, why: &str) -> Failure {
    Failure::new(StatusCode::UNPROCESSABLE_ENTITY, code, why)
}

/// Which record, which field, what is wrong with it.
fn said(language: Language, wrong: &Finding) -> String {
    let parts = [wrong.file.as_str(), &wrong.receipt, &wrong.field];
    let at: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}: {}", at.join(" "), wrong.rule.words(language))
}

fn of_fault(fault: &Fault) -> Failure {
    let code = match fault {
        Fault::NoClosing { .. } => "no_closing",
        Fault::Address => "export_address",
        Fault::Currency => "export_currency",
        Fault::Receipt(_) | Fault::Form(_) | Fault::TooLarge => "export_wrong",
        Fault::Store(_) | Fault::Journal(_) | Fault::Io(_) | Fault::Zip(_) => {
            return Failure::not_stored(fault);
        }
    };
    refused(code, "there is no package").detail(fault)
}
