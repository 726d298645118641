//! The journal's state, and verifying it beside the work that goes on.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use store::VerifyReport;

use super::App;
use super::problem::{Answer, Failure};
use crate::api::record::{BackupView, RecordView, Verification, VerificationState};
use crate::reports;

pub(super) async fn view(State(app): State<App>) -> Answer<Json<RecordView>> {
    let (head, backup) =
        app.read(|reader| Ok((reader.head()?, reports::last_backup(reader)?))).await?;
    Ok(Json(RecordView {
        seq: head.seq,
        head: crate::auth::random::hex(&head.hash),
        verification: app.verification(|v| v.clone()),
        backup: backup.map(|(at, through)| BackupView { at, through }),
    }))
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
    let report = store::verify_file(app.file(), &[], |done, of| {
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
                Ok(report) => (VerificationState::Bad, Some(problem(report))),
                Err(error) => (VerificationState::Failed, Some(error.to_string())),
            };
            if let Ok(report) = &report {
                v.checked = report.entries;
            }
        }
    });
}

fn problem(report: &VerifyReport) -> String {
    match report.verdict {
        store::Verdict::Bad(finding) => format!("entry {}: {}", finding.seq, finding.fault),
        store::Verdict::Sound { .. } => report.structure.first().cloned().unwrap_or_default(),
    }
}
