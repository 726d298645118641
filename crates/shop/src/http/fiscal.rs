//! The tables for a tax audit, made and read again before anybody gets them.

use std::fs::File;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use fiscal::de::dsfinvk::check::{Finding, Language};
use jiff::civil::Date;
use serde::Deserialize;

use super::App;
use super::body::Asked;
use super::hand_out;
use super::problem::{Answer, Failure};
use crate::fiscal::{Fault, write_package};

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
    let (turn, place) = app.export_turn()?;
    let settings = app.settings().await?;
    let file = app.file().to_owned();
    let made = tokio::task::spawn_blocking(move || -> Result<_, Fault> {
        // Until it is made, whoever asked for it may be gone meanwhile; whoever reads slowly keeps nobody waiting.
        let _turn = turn;
        let folder = hand_out::folder(&file, place)?;
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
    let package = File::open(&target).map_err(Failure::not_stored)?;
    // Whoever finds the file later reads it in its name; the office says it beside the download.
    let test = if written.summary.not_certified { "-TEST" } else { "" };
    let name = format!("attachment; filename=\"dsfinvk-{from}-{to}{test}.zip\"");
    let headers =
        [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, hand_out::send(package, folder)).into_response())
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
