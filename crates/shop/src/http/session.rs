//! Signing in and out, and what everybody may know.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use domain::catalogue::fold;
use domain::people::{CredentialKind, Permission, SecretUse, WrongSecret, may};
use domain::signing::is_practice;
use domain::{PersonId, TillCommand, TillId};
use serde::Deserialize;

use super::App;
use super::body::{Asked, At, Body};
use super::guard::{Caller, Presented, active, cookie_of, no_cookie};
use super::problem::{Answer, Failure};
use crate::api::TillView;
use crate::api::audit::AuditSession;
use crate::api::session::{
    Health, OfficeSignIn, PersonChoice, PersonKey, SessionView, TillChoice, TillSignIn,
};
use crate::api::view::PersonView;
use crate::auth::{Place, Session, SessionKind, Token};
use crate::engine::Actor;
use crate::ids::own_command;

/// Longest secret that is looked at.
const LONGEST: usize = 1_024;

/// An answer that sets or takes away a cookie.
pub(super) type WithCookie<T> = (HeaderMap, Json<T>);

/// Which till is asked about.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AtTill {
    till: Option<TillId>,
}

pub(super) async fn health(State(app): State<App>) -> Answer<Json<Health>> {
    let seq = app.snapshot().await?.seq;
    Ok(Json(Health { status: "ok".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned(), seq }))
}

pub(super) async fn who(
    State(app): State<App>,
    presented: Presented,
    Asked(at): Asked<AtTill>,
) -> Answer<Json<SessionView>> {
    Ok(Json(view_of(&app, presented.choose(at.till).as_ref()).await?))
}

/// Who a session is of; nobody without one.
pub(super) async fn view_of(app: &App, session: Option<&Session>) -> Answer<SessionView> {
    let shop = app.snapshot().await?;
    let practice = shop.settings.as_ref().is_some_and(|settings| {
        let known = (&shop.units, &shop.rksv.1);
        settings.tills.iter().any(|till| is_practice(settings, known, Some(till)))
    });
    let people = shop.people;
    let person = session.and_then(|s| active(&people, s.person));
    let now = app.now();
    let audit = match session.map(|s| s.kind) {
        Some(SessionKind::Audit(id)) => {
            shop.audit.filter(|open| open.id == id && open.is_open(now))
        }
        _ => None,
    };
    Ok(SessionView {
        audit: audit.map(|open| AuditSession {
            audit: open.id,
            office: open.office,
            until: open.until,
        }),
        person: person.map(|p| PersonView { id: p.id, name: p.name.clone(), role: p.role }),
        permissions: person.map(|p| permissions(|need| may(p.role, need))).unwrap_or_default(),
        till: session.filter(|_| person.is_some()).and_then(Session::till),
        setup_needed: app.setup_needed().await?,
        practice,
        counter: !app.simulators().is_empty(),
    })
}

fn permissions(has: impl Fn(Permission) -> bool) -> Vec<Permission> {
    Permission::ALL.into_iter().filter(|need| has(*need)).collect()
}

/// A secret that somebody gives, and what for.
#[derive(Clone, Copy)]
pub(super) struct Proof<'a> {
    /// Whose it should be.
    pub(super) person: PersonId,
    /// Where it is given: a PIN at a till, a passphrase at the office.
    pub(super) place: Place,
    /// What for.
    pub(super) purpose: SecretUse,
    /// Who is signed in there and gives it.
    pub(super) by: Option<PersonId>,
    /// As typed.
    pub(super) secret: &'a str,
}

/// Compares a secret with a person's. Unknown people, people without a secret and wrong secrets are
/// answered alike, and after as long. A wrong one is an entry before it is answered.
pub(super) async fn verify(app: &App, proof: Proof<'_>) -> Answer<()> {
    let Proof { person, place, secret, .. } = proof;
    let kind = secret_at(place);
    let people = app.snapshot().await?.people;
    // Those who do not exist count as one.
    let person = people.iter().find(|p| p.id == person).map_or(PersonId(0), |p| p.id);
    let locks = app.limits().begin(person, place, app.clock().elapsed()).map_err(|wait| {
        Failure::new(
            StatusCode::TOO_MANY_REQUESTS,
            "locked",
            "too many wrong secrets; try again later",
        )
        .retry_after(wait.as_secs().saturating_add(1))
    })?;
    let is_active = active(&people, person).is_some();
    let hash = app.read(move |reader| reader.credential(person, kind)).await?.filter(|_| is_active);
    let short = secret.len() <= LONGEST;
    let secret = if short { secret } else { "" };
    if app.secrets().matches(secret, hash).await.map_err(Failure::not_stored)? && short {
        app.limits().right(person, place);
        return Ok(());
    }
    note_wrong(app, Proof { person, ..proof }, locks).await?;
    Err(Failure::new(StatusCode::UNAUTHORIZED, "wrong_secret", "person or secret is wrong"))
}

fn secret_at(place: Place) -> CredentialKind {
    match place {
        Place::Till(_) => CredentialKind::Pin,
        Place::Office => CredentialKind::Passphrase,
    }
}

/// A wrong secret is an entry. Tries while a lock lasts never get here: nobody fills the journal by
/// hammering.
async fn note_wrong(app: &App, proof: Proof<'_>, locks: Option<Duration>) -> Answer<()> {
    let wrong = WrongSecret {
        person: (proof.person != PersonId(0)).then_some(proof.person),
        secret: secret_at(proof.place),
        purpose: proof.purpose,
        locked_seconds: locks.map(|long| u32::try_from(long.as_secs()).unwrap_or(u32::MAX)),
    };
    let (id, actor) = (own_command(app.now()), Actor { person: proof.by, approver: None });
    match proof.place {
        Place::Till(till) => {
            app.engine().till(id, till, actor, TillCommand::NoteWrongSecret(wrong)).await?
        }
        Place::Office => {
            app.engine().shop(id, actor, domain::ShopCommand::NoteWrongSecret(wrong)).await?
        }
    };
    Ok(())
}

pub(super) async fn office_sign_in(
    State(app): State<App>,
    presented: Presented,
    Body(asked): Body<OfficeSignIn>,
) -> Answer<WithCookie<SessionView>> {
    let people = app.snapshot().await?.people;
    // A name nobody has is tried as person 0, who does not exist: as slow, as counted, as refused.
    let person = match &asked.person {
        PersonKey::Id(id) => *id,
        PersonKey::Name(name) => people
            .iter()
            .find(|p| p.active && fold(&p.name) == fold(name.trim()))
            .map_or(PersonId(0), |p| p.id),
    };
    let (place, purpose) = (Place::Office, SecretUse::SignIn);
    let proof = Proof { person, place, purpose, by: None, secret: &asked.passphrase };
    verify(&app, proof).await?;
    enter_office(&app, presented, person).await
}

/// A fresh session of the office. What the browser had before ends: a session is never taken over.
pub(super) async fn enter_office(
    app: &App,
    presented: Presented,
    person: PersonId,
) -> Answer<WithCookie<SessionView>> {
    let actor = Actor { person: Some(person), approver: None };
    let note = domain::ShopCommand::OfficeSignIn { person };
    app.engine().shop(own_command(app.now()), actor, note).await?;
    if let Some(before) = presented.office {
        app.end_sessions(|s| s.key == before.key).await?;
    }
    let (session, token) = app.begin_session(person, SessionKind::Office).await?;
    Ok((set_cookie(cookie_of(&session, &token)), Json(view_of(app, Some(&session)).await?)))
}

pub(super) fn set_cookie(cookie: HeaderValue) -> HeaderMap {
    HeaderMap::from_iter([(header::SET_COOKIE, cookie)])
}

pub(super) async fn till_sign_in(
    State(app): State<App>,
    At(till): At<TillId>,
    presented: Presented,
    Body(asked): Body<TillSignIn>,
) -> Answer<WithCookie<TillView>> {
    known_till(&app, till).await?;
    let (place, purpose) = (Place::Till(till), SecretUse::SignIn);
    verify(&app, Proof { person: asked.person, place, purpose, by: None, secret: &asked.pin })
        .await?;
    let actor = Actor { person: Some(asked.person), approver: None };
    let command = TillCommand::SignIn { person: asked.person };
    app.engine().till(own_command(app.now()), till, actor, command).await?;
    if let Some(before) = presented.till {
        leave(&app, &before, Some(till)).await?;
    }
    let (session, token): (Session, Token) =
        app.begin_session(asked.person, SessionKind::Till(till)).await?;
    let view = app.engine().view(till).await?;
    Ok((set_cookie(cookie_of(&session, &token)), Json((*view).clone())))
}

async fn known_till(app: &App, till: TillId) -> Answer<()> {
    let settings = app.settings().await?;
    let known = settings.tills.iter().any(|t| t.id == till);
    if known { Ok(()) } else { Err(Failure::not_found()) }
}

pub(super) async fn sign_out(
    State(app): State<App>,
    presented: Presented,
    _caller: Caller,
    Asked(at): Asked<AtTill>,
) -> Answer<WithCookie<SessionView>> {
    let session = presented.choose(at.till).ok_or_else(Failure::not_signed_in)?;
    leave(&app, &session, None).await?;
    Ok((set_cookie(no_cookie(&session)), Json(view_of(&app, None).await?)))
}

/// Ends a session; the till it was of is locked, unless it is the one that goes on.
pub(super) async fn leave(app: &App, session: &Session, goes_on: Option<TillId>) -> Answer<()> {
    app.end_sessions(|s| s.key == session.key).await?;
    if let Some(till) = session.till().filter(|till| Some(*till) != goes_on) {
        let actor = Actor { person: Some(session.person), approver: None };
        match app.engine().till(own_command(app.now()), till, actor, TillCommand::SignOut).await {
            // Somebody else is there already, or nobody.
            Ok(_) | Err(crate::engine::EngineError::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

pub(super) async fn tills(State(app): State<App>) -> Answer<Json<Vec<TillChoice>>> {
    let settings = app.snapshot().await?.settings;
    let tills = settings.iter().flat_map(|s| &s.tills);
    Ok(Json(tills.map(|t| TillChoice { id: t.id, name: t.name.clone() }).collect()))
}

pub(super) async fn till_people(
    State(app): State<App>,
    At(till): At<TillId>,
) -> Answer<Json<Vec<PersonChoice>>> {
    known_till(&app, till).await?;
    let people = app.snapshot().await?.people;
    let with_pin = app.read(|reader| reader.credentials()).await?;
    let can = |id: PersonId| with_pin.contains(&(id, CredentialKind::Pin));
    let choices = people.into_iter().filter(|p| p.active && can(p.id));
    Ok(Json(choices.map(|p| PersonChoice { id: p.id, name: p.name }).collect()))
}
