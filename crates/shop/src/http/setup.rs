//! The first run, and the settings.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::country::ALL;
use domain::people::{CredentialKind, Role};
use domain::settings::{Language, Settings};
use domain::{PersonId, ShopCommand, revision};

use super::App;
use super::body::Body;
use super::guard::Presented;
use super::people::{set_secret, weak};
use super::problem::{Answer, Failure};
use super::session::{WithCookie, enter_office};
use crate::api::session::SessionView;
use crate::api::setup::{CountryDefaults, SettingsView, SetupInfo, SetupRequest};
use crate::api::view::Made;
use crate::auth::{SetupCodeError, check_passphrase, check_pin};
use crate::country::{CountryView, country_view};
use crate::defaults;
use crate::engine::Actor;
use crate::ids::own_command;

pub(super) async fn settings(State(app): State<App>) -> Answer<Json<SettingsView>> {
    let settings = (*app.settings().await?).clone();
    let revision = revision::of_settings(&settings);
    Ok(Json(SettingsView { settings, revision }))
}

/// What pages have to know of the shop's country.
pub(super) async fn country(State(app): State<App>) -> Answer<Json<CountryView>> {
    let settings = app.settings().await?;
    let today = app.local(&settings).date();
    Ok(Json(country_view(&settings, today)))
}

pub(super) async fn info(State(app): State<App>) -> Answer<Json<SetupInfo>> {
    let needed = app.setup_needed().await?;
    let countries = ALL.into_iter().filter(|_| needed).map(|profile| CountryDefaults {
        country: profile.country,
        name: profile.name.into(),
        settings: defaults::settings(profile.country, Language::De),
    });
    Ok(Json(SetupInfo { needed, countries: countries.collect() }))
}

/// Each step is recorded before the next; a set-up that broke off is done again from the start.
pub(super) async fn first_run(
    State(app): State<App>,
    presented: Presented,
    Body(asked): Body<SetupRequest>,
) -> Answer<WithCookie<SessionView>> {
    let _turn = app.setup_turn().await;
    if !app.setup_needed().await? {
        return Err(Failure::new(
            StatusCode::FORBIDDEN,
            "set_up_already",
            "the shop is set up already",
        ));
    }
    app.setup_secret().check(&asked.code).map_err(|error| match error {
        SetupCodeError::Wrong => {
            Failure::new(StatusCode::FORBIDDEN, "wrong_setup_code", "the setup code is wrong")
        }
        SetupCodeError::UsedUp => Failure::new(
            StatusCode::FORBIDDEN,
            "setup_code_used_up",
            "too many wrong setup codes; start the program again for a new one",
        ),
    })?;
    check_pin(&asked.pin).map_err(weak)?;
    check_passphrase(&asked.passphrase, &[&asked.shop_name, &asked.person_name]).map_err(weak)?;

    // A manager of a set-up that broke off goes on with it.
    let people = app.snapshot().await?.people;
    let before = people.into_iter().find(|p| p.role == Role::Manager).map(|p| p.id);
    let actor = Actor { person: before, approver: None };
    let configure = ShopCommand::Configure { settings: Box::new(settings_of(&asked)) };
    app.engine().shop(own_command(app.now()), actor, configure).await?;
    let manager = put_manager(&app, actor, &asked.person_name).await?;
    let actor = Actor { person: Some(manager), approver: None };
    set_secret(&app, actor, manager, CredentialKind::Pin, &asked.pin).await?;
    set_secret(&app, actor, manager, CredentialKind::Passphrase, &asked.passphrase).await?;
    // Which version of the program the record begins with.
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let nobody = Actor { person: None, approver: None };
    let note = ShopCommand::NoteProgram { version };
    app.engine().shop(own_command(app.now()), nobody, note).await?;
    enter_office(&app, presented, manager).await
}

fn settings_of(asked: &SetupRequest) -> Settings {
    let mut settings = defaults::settings(asked.country, asked.language);
    settings.name.clone_from(&asked.shop_name);
    settings.address.clone_from(&asked.address);
    settings.tax_number.clone_from(&asked.tax_number);
    if let Some(till) = settings.tills.first_mut() {
        till.name.clone_from(&asked.till_name);
        till.printer.clone_from(&asked.printer);
    }
    settings
}

/// The shop's first person.
async fn put_manager(app: &App, actor: Actor, name: &str) -> Answer<PersonId> {
    let (person, name) = (actor.person, name.to_owned());
    let put = ShopCommand::PutPerson { person, name, role: Role::Manager, active: true };
    let answer = app.engine().shop(own_command(app.now()), actor, put).await?;
    match (answer.made, person) {
        (Some(Made::Person { person }), _) | (_, Some(person)) => Ok(person),
        _ => Err(Failure::not_stored("no person was made")),
    }
}
