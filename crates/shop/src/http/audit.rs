//! Audits: opened with a code, entered, ended; who was in when, and what they looked at.
//!
//! What an auditor looks at is an entry before they see it (see [`super::guard`]).

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use domain::audit::{Audit, AuditEnd, AuditStep};
use domain::{AuditId, Event, PersonId, ShopCommand};
use jiff::Timestamp;
use store::{Told, ToldPage};

use super::App;
use super::app::person_name;
use super::body::Body;
use super::guard::{Caller, Presented, cookie_of, no_cookie};
use super::problem::{Answer, Failure};
use super::session::{WithCookie, leave, set_cookie, view_of};
use crate::api::audit::{AuditCode, AuditLook, AuditOpened, AuditRequest, AuditRow};
use crate::api::session::SessionView;
use crate::auth::{SessionKind, SetupCode, SetupCodeError};
use crate::engine::Actor;
use crate::ids::own_command;

/// Entries of audits that are read for the list: looks of a few hundred audits.
const MOST: u32 = 5_000;
/// Nobody of the shop's.
const NOBODY: Actor = Actor { person: None, approver: None };

pub(super) async fn open(
    State(app): State<App>,
    caller: Caller,
    Body(asked): Body<AuditRequest>,
) -> Answer<Json<AuditOpened>> {
    let code = SetupCode::fresh().map_err(Failure::not_stored)?;
    let command = ShopCommand::OpenAudit { office: asked.office, minutes: asked.minutes };
    app.engine().shop(own_command(app.now()), caller.actor(), command).await?;
    let audit = app.snapshot().await?.audit.ok_or_else(no_audit)?;
    app.end_sessions(|session| matches!(session.kind, SessionKind::Audit(_))).await?;
    let shown = code.shown();
    app.audit_code(|known| *known = Some((audit.id, code)));
    watch(&app, &audit);
    Ok(Json(AuditOpened { audit: audit.id, code: shown, until: audit.until }))
}

fn no_audit() -> Failure {
    Failure::new(StatusCode::UNAUTHORIZED, "wrong_audit_code", "no audit is open with that code")
}

/// The code is good once. Whoever was signed in in this browser is signed out: an auditor at the shop's own machine
/// gets nothing but the audit.
pub(super) async fn enter(
    State(app): State<App>,
    presented: Presented,
    Body(asked): Body<AuditCode>,
) -> Answer<WithCookie<SessionView>> {
    let checked = app.audit_code(|known| match known {
        Some((audit, code)) => match code.check(&asked.code) {
            Ok(()) => known.take().map(|(audit, _)| Ok(audit)),
            Err(SetupCodeError::Wrong) => Some(Err(None)),
            Err(SetupCodeError::UsedUp) => Some(Err(Some(*audit))),
        },
        None => None,
    });
    let audit = match checked {
        Some(Ok(audit)) => audit,
        Some(Err(Some(audit))) => {
            app.audit_code(|known| *known = None);
            end_as(&app, NOBODY, audit, AuditEnd::WrongCode).await?;
            return Err(no_audit());
        }
        Some(Err(None)) | None => return Err(no_audit()),
    };
    let command = ShopCommand::EnterAudit { audit };
    app.engine().shop(own_command(app.now()), NOBODY, command).await.map_err(|_| no_audit())?;
    for before in presented.office.into_iter().chain(presented.till) {
        leave(&app, &before, None).await?;
    }
    let (session, token) = app.begin_session(PersonId(0), SessionKind::Audit(audit)).await?;
    let mut cookies = set_cookie(cookie_of(&session, &token));
    if let Some(till) = presented.till {
        cookies.append(header::SET_COOKIE, no_cookie(&till));
    }
    Ok((cookies, Json(view_of(&app, Some(&session)).await?)))
}

/// The auditor is done.
pub(super) async fn leave_audit(
    State(app): State<App>,
    caller: Caller,
) -> Answer<WithCookie<SessionView>> {
    let SessionKind::Audit(audit) = caller.session.kind else {
        return Err(Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "no_audit",
            "this browser is in no audit",
        ));
    };
    end_as(&app, NOBODY, audit, AuditEnd::Auditor).await?;
    Ok((set_cookie(no_cookie(&caller.session)), Json(view_of(&app, None).await?)))
}

/// Whoever runs the shop ends it.
pub(super) async fn end(State(app): State<App>, caller: Caller) -> Answer<Json<Vec<AuditRow>>> {
    if let Some(open) = app.snapshot().await?.audit {
        app.audit_code(|known| *known = None);
        end_as(&app, caller.actor(), open.id, AuditEnd::Shop).await?;
    }
    list(State(app)).await
}

async fn end_as(app: &App, actor: Actor, audit: AuditId, why: AuditEnd) -> Answer<()> {
    app.engine().shop(own_command(app.now()), actor, ShopCommand::EndAudit { audit, why }).await?;
    app.end_sessions(|session| session.kind == SessionKind::Audit(audit)).await
}

/// Ends an audit when its time is over. What is refused does not wait for this: the guard looks at the time itself; this
/// writes the entry.
pub(super) fn watch(app: &App, audit: &Audit) {
    let (app, id, until) = (app.clone(), audit.id, audit.until);
    tokio::spawn(async move {
        let mut closing = app.closing();
        loop {
            let left =
                Duration::try_from(until.duration_since(app.now())).unwrap_or(Duration::ZERO);
            if left.is_zero() {
                break;
            }
            tokio::select! {
                () = tokio::time::sleep(left) => {}
                changed = closing.changed() => if changed.is_err() || *closing.borrow() { return },
            }
        }
        // When it cannot be written, the next audit says it before it begins.
        let _ = end_as(&app, NOBODY, id, AuditEnd::Time).await;
    });
}

pub(super) async fn list(State(app): State<App>) -> Answer<Json<Vec<AuditRow>>> {
    let (shop, now) = (app.snapshot().await?, app.now());
    let page = ToldPage { from: Timestamp::MIN, until: Timestamp::MAX, before: None, limit: MOST };
    let mut told = app.read(move |reader| reader.told(&[Told::Audit], page)).await?;
    told.reverse();
    let mut rows: Vec<AuditRow> = Vec::new();
    for entry in told {
        let (at, seq) = (entry.meta.at, entry.meta.seq);
        let Event::Audit(step) = entry.event else { continue };
        let of = step.audit();
        match step {
            AuditStep::Opened { audit, office, until } => rows.push(AuditRow {
                audit,
                office,
                opened: at,
                opened_by: entry.meta.person,
                opened_by_name: entry.meta.person.map(|person| person_name(&shop, person)),
                until,
                entered: None,
                ended: None,
                why: None,
                open: now < until,
                looks: Vec::new(),
            }),
            step => {
                let Some(row) = rows.iter_mut().rev().find(|row| row.audit == of) else { continue };
                match step {
                    AuditStep::Entered { .. } => row.entered = Some(at),
                    AuditStep::Looked { what, .. } => row.looks.push(AuditLook { seq, at, what }),
                    AuditStep::Ended { why, .. } => {
                        (row.ended, row.why, row.open) = (Some(at), Some(why), false);
                    }
                    AuditStep::Opened { .. } => {}
                }
            }
        }
    }
    rows.reverse();
    Ok(Json(rows))
}
