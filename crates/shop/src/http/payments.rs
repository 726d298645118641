//! The card terminals themselves: how they are, and what is shared with them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::TerminalId;
use domain::settings::{TerminalProtocol, TerminalSettings};

use super::App;
use super::body::{At, Body};
use super::problem::{Answer, Failure};
use crate::api::payments::{
    TerminalPassword, TerminalRow, TerminalSecret, TerminalServed, TerminalService,
    TerminalServiceAsked,
};
use crate::pay::{cloud, cloud_key, is_usual_password, secret_key, shared, shared_key};
use crate::vault::{self, Kept};

pub(super) async fn terminals(State(app): State<App>) -> Answer<Json<Vec<TerminalRow>>> {
    let settings = app.settings().await?;
    let mut rows = Vec::new();
    for terminal in &settings.terminals {
        let (is_zvt, key) = match terminal.protocol {
            TerminalProtocol::ZvtTcp | TerminalProtocol::ZvtTls | TerminalProtocol::ZvtSerial => {
                (true, secret_key(terminal.id))
            }
            TerminalProtocol::AdyenLocal => (false, shared_key(terminal.id)),
            TerminalProtocol::SumupCloud | TerminalProtocol::AdyenCloud => {
                (false, cloud_key(terminal.id))
            }
        };
        let kept = app.read(move |reader| vault::kept(reader, &key)).await?;
        let known = app.engine().terminal(terminal.id).await?;
        rows.push(TerminalRow {
            id: terminal.id,
            name: terminal.name.clone(),
            protocol: terminal.protocol,
            address: terminal.address.clone(),
            tills: settings
                .tills
                .iter()
                .filter(|till| till.terminal == Some(terminal.id))
                .map(|till| till.id)
                .collect(),
            lamp: known.lamp,
            identity: known.identity,
            needs_secret: match &kept {
                Kept::Text(text) => !is_zvt && !fits(terminal, text),
                Kept::Nothing => !is_zvt,
                Kept::Lost => true,
            },
            needs_certificate: terminal.protocol == TerminalProtocol::ZvtTls
                && terminal.certificate.is_none(),
            default_password: is_zvt
                && match &kept {
                    Kept::Text(password) => is_usual_password(password),
                    Kept::Nothing => true,
                    Kept::Lost => false,
                },
        });
    }
    Ok(Json(rows))
}

/// Whether what lies apart was told for this terminal as it is set now.
fn fits(terminal: &TerminalSettings, text: &str) -> bool {
    !terminal.protocol.is_cloud() || cloud::kept(terminal, text).is_some()
}

pub(super) async fn set_password(
    State(app): State<App>,
    At(terminal): At<TerminalId>,
    Body(asked): Body<TerminalPassword>,
) -> Answer<Json<Vec<TerminalRow>>> {
    let settings = app.settings().await?;
    if !settings.terminals.iter().any(|t| t.id == terminal) {
        return Err(Failure::not_found());
    }
    let fits = asked.password.len() == 6 && asked.password.bytes().all(|b| b.is_ascii_digit());
    if !fits {
        return Err(Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "bad_terminal_password",
            "a terminal's password is six digits",
        ));
    }
    let key = secret_key(terminal);
    app.engine().with_store(move |store| vault::keep(store, &key, &asked.password)).await??;
    app.engine().ring_terminal(terminal);
    terminals(State(app)).await
}

pub(super) async fn set_secret(
    State(app): State<App>,
    At(terminal): At<TerminalId>,
    Body(asked): Body<TerminalSecret>,
) -> Answer<Json<Vec<TerminalRow>>> {
    let settings = app.settings().await?;
    let Some(known) = settings.terminals.iter().find(|t| t.id == terminal) else {
        return Err(Failure::not_found());
    };
    let bad =
        |text: String| Failure::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_terminal_secret", &text);
    if known.protocol != TerminalProtocol::AdyenLocal {
        return Err(bad("this terminal shares no secret".to_owned()));
    }
    payment::adyen::check_secret(&shared(&asked)).map_err(|why| bad(why.to_string()))?;
    let text = serde_json::to_string(&asked).map_err(|why| bad(why.to_string()))?;
    let key = shared_key(terminal);
    app.engine().with_store(move |store| vault::keep(store, &key, &text)).await??;
    app.engine().ring_terminal(terminal);
    terminals(State(app)).await
}

pub(super) async fn serve(
    State(app): State<App>,
    At(terminal): At<TerminalId>,
    Body(asked): Body<TerminalServiceAsked>,
) -> Answer<Json<TerminalServed>> {
    let settings = app.settings().await?;
    let Some(known) = settings.terminals.iter().find(|t| t.id == terminal) else {
        return Err(Failure::not_found());
    };
    let shows = known.protocol == TerminalProtocol::ZvtTls;
    if asked.what == TerminalService::Certificate && !shows {
        return Err(Failure::bad_field("what"));
    }
    let served = crate::pay::service::serve(app.engine(), &**app.clock(), known, asked.what).await;
    app.engine().ring_terminal(terminal);
    Ok(Json(served))
}
