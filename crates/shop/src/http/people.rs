//! People and their secrets.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::people::{CredentialKind, Permission, SecretUse, may};
use domain::{PersonId, ShopCommand};

use super::App;
use super::body::{At, Body};
use super::guard::{Caller, active};
use super::problem::{Answer, Failure};
use super::session::{Proof, verify};
use crate::api::CommandAnswer;
use crate::api::people::{CredentialRequest, PersonRow};
use crate::auth::{Place, Weakness, check_passphrase, check_pin};
use crate::engine::{Actor, Snapshot};
use crate::ids::own_command;

pub(super) async fn list(State(app): State<App>) -> Answer<Json<Vec<PersonRow>>> {
    let people = app.snapshot().await?.people;
    let known = app.read(|reader| reader.credentials()).await?;
    let now = app.clock().elapsed();
    let rows = people.into_iter().map(|p| PersonRow {
        pin: known.contains(&(p.id, CredentialKind::Pin)),
        passphrase: known.contains(&(p.id, CredentialKind::Passphrase)),
        locked: app.limits().locked(p.id, now),
        revision: p.revision,
        id: p.id,
        name: p.name,
        role: p.role,
        active: p.active,
    });
    Ok(Json(rows.collect()))
}

pub(super) async fn set_credential(
    State(app): State<App>,
    At(person): At<PersonId>,
    caller: Caller,
    Body(asked): Body<CredentialRequest>,
) -> Answer<Json<CommandAnswer>> {
    let shop = app.snapshot().await?;
    let own = person == caller.session.person;
    let asker = active(&shop.people, caller.session.person).ok_or_else(Failure::not_signed_in)?;
    if !own && !may(asker.role, Permission::ManagePeople) {
        return Err(Failure::not_permitted());
    }
    if !shop.people.iter().any(|p| p.id == person) {
        return Err(Failure::not_found());
    }
    if own {
        check_present(&app, &caller, asked.current.as_deref()).await?;
    }
    check_strength(&shop, person, asked.kind, &asked.secret)?;
    let answer = set_secret(&app, caller.actor(), person, asked.kind, &asked.secret).await?;
    // Whoever knew the old secret is out; the one who changed it stays.
    app.end_sessions(|s| s.person == person && s.key != caller.session.key).await?;
    app.limits().unlock(person);
    Ok(Json(answer))
}

/// Somebody at a browser that was left open must not be able to change its owner's secrets.
async fn check_present(app: &App, caller: &Caller, current: Option<&str>) -> Answer<()> {
    let current = current.ok_or_else(|| Failure::bad_field("current is missing"))?;
    let (person, purpose) = (caller.session.person, SecretUse::Change);
    let place = caller.session.till().map_or(Place::Office, Place::Till);
    let proof = Proof { person, place, purpose, by: Some(person), secret: current };
    match verify(app, proof).await {
        Err(failure) if failure.code() == "wrong_secret" => Err(Failure::new(
            StatusCode::FORBIDDEN,
            "wrong_current",
            "the present PIN or passphrase is wrong",
        )),
        other => other,
    }
}

/// Refuses secrets that are guessed first.
pub(super) fn check_strength(
    shop: &Snapshot,
    person: PersonId,
    kind: CredentialKind,
    secret: &str,
) -> Answer<()> {
    let shop_name = shop.settings.as_ref().map_or("", |s| s.name.as_str());
    let person_name = shop.people.iter().find(|p| p.id == person).map_or("", |p| p.name.as_str());
    let checked = match kind {
        CredentialKind::Pin => check_pin(secret),
        CredentialKind::Passphrase => check_passphrase(secret, &[shop_name, person_name]),
    };
    checked.map_err(weak)
}

/// As a problem: its code says what is wrong with the secret.
pub(super) fn weak(weakness: Weakness) -> Failure {
    Failure::new(StatusCode::UNPROCESSABLE_ENTITY, weakness.code(), "the secret is not good enough")
}

/// Hashes and records a secret.
pub(super) async fn set_secret(
    app: &App,
    actor: Actor,
    person: PersonId,
    kind: CredentialKind,
    secret: &str,
) -> Answer<CommandAnswer> {
    let hash = app.secrets().hash(secret).await.map_err(Failure::not_stored)?;
    let command = ShopCommand::SetCredential { person, kind, hash };
    Ok(app.engine().shop(own_command(app.now()), actor, command).await?)
}
