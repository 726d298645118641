//! The journal's state, and verifying it beside the work that goes on.

use std::path::Path;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::ShopCommand;
use jiff::Timestamp;
use store::BackupReport;

use super::App;
use super::guard::Caller;
use super::problem::{Answer, Failure};
use crate::api::record::{BackupView, BackupWritten, RecordView, Verification, VerificationState};
use crate::country::offered;
use crate::reports;
use crate::verify::verify_file;

pub(super) async fn view(State(app): State<App>) -> Answer<Json<RecordView>> {
    let (head, backup) =
        app.read(|reader| Ok((reader.head()?, reports::last_backup(reader)?))).await?;
    let settings = app.settings().await?;
    Ok(Json(RecordView {
        offered: offered(&settings),
        seq: head.seq,
        head: crate::auth::random::hex(&head.hash),
        verification: app.verification(|v| v.clone()),
        backup: backup.map(|(at, through)| BackupView { at, through }),
    }))
}

pub(super) async fn backup(State(app): State<App>, caller: Caller) -> Answer<Json<BackupWritten>> {
    let Some(_turn) = app.backup_turn() else {
        return Err(Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "backup_running",
            "one is being written already",
        ));
    };
    let (file, at) = (app.file().to_owned(), app.now());
    let written = tokio::task::spawn_blocking(move || write_backup(&file, at));
    let report = written.await.map_err(Failure::not_stored)??;
    let note = ShopCommand::NoteBackup { through: report.through };
    app.engine().shop(crate::ids::own_command(at), caller.actor(), note).await?;
    Ok(Json(BackupWritten {
        path: report.path.display().to_string(),
        at,
        through: report.through,
        bytes: report.bytes,
    }))
}

/// A backup in the folder `backups` beside the shop's file, read through before it counts as one.
fn write_backup(file: &Path, at: Timestamp) -> Answer<BackupReport> {
    let file = file.canonicalize().map_err(Failure::not_stored)?;
    let folder = file.with_file_name("backups");
    std::fs::create_dir_all(&folder).map_err(Failure::not_stored)?;
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let moment = at.strftime("%Y%m%dT%H%M%S%3fZ");
    let to = folder.join(format!("{name}-{moment}.sqlite"));
    let report = store::Reader::open(&file)?.backup(&to, |_, _| {})?;
    let verified = verify_file(&to, &[], |_, _| true)?;
    // A name that was edited is no reason to be without a backup; verifying says so.
    if verified.record.is_sound() {
        return Ok(report);
    }
    // A backup that is of no use must not lie there as one; that it cannot go is not the error to tell.
    let _gone = std::fs::remove_file(&to);
    let problem = verified.problem().unwrap_or_default();
    Err(Failure::not_stored(format!("the backup is not sound: {problem}")))
}

pub(super) async fn verify(State(app): State<App>) -> Answer<Json<RecordView>> {
    let began = app.now();
    let started = app.verification(|running| {
        if running.as_ref().is_some_and(|v| v.state == VerificationState::Running) {
            return false;
        }
        let fresh = Verification {
            state: VerificationState::Running,
            began,
            ended: None,
            checked: 0,
            entries: 0,
            problem: None,
            names: Vec::new(),
        };
        *running = Some(fresh);
        true
    });
    if !started {
        return Err(Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "verification_running",
            "it is running already",
        ));
    }
    let worker = app.clone();
    tokio::task::spawn_blocking(move || run(&worker));
    view(State(app)).await
}

fn run(app: &App) {
    let closing = app.closing();
    let report = verify_file(app.file(), &[], |done, of| {
        app.verification(|v| {
            if let Some(v) = v {
                (v.checked, v.entries) = (done, of);
            }
        });
        !*closing.borrow()
    });
    let ended = app.now();
    app.verification(|v| {
        if let Some(v) = v {
            v.ended = Some(ended);
            (v.state, v.problem) = match &report {
                Ok(report) if report.is_sound() => (VerificationState::Good, None),
                Ok(report) => (VerificationState::Bad, report.problem()),
                Err(error) => (VerificationState::Failed, Some(error.to_string())),
            };
            if let Ok(report) = &report {
                v.checked = report.record.entries;
                v.names.clone_from(&report.names);
            }
        }
    });
}
