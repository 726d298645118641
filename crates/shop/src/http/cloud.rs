//! Terminals that are asked through their provider's servers: the key to it, and pairing a reader.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::TerminalId;
use domain::settings::{TerminalProtocol, TerminalSettings};

use super::App;
use super::body::{At, Body};
use super::payments::terminals;
use super::problem::{Answer, Failure};
use crate::api::payments::{TerminalKey, TerminalPaired, TerminalPairing, TerminalRow};
use crate::pay::cloud::{self, NotPaired};
use crate::pay::cloud_key;
use crate::vault;

async fn settings_of(app: &App, terminal: TerminalId) -> Answer<TerminalSettings> {
    let settings = app.settings().await?;
    let known = settings.terminals.iter().find(|known| known.id == terminal);
    known.cloned().ok_or_else(Failure::not_found)
}

fn bad_key(text: &str) -> Failure {
    Failure::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_terminal_key", text)
}

pub(super) async fn set_key(
    State(app): State<App>,
    At(terminal): At<TerminalId>,
    Body(asked): Body<TerminalKey>,
) -> Answer<Json<Vec<TerminalRow>>> {
    let known = settings_of(&app, terminal).await?;
    let text = cloud::keep(&known, asked).map_err(|why| bad_key(&why.to_string()))?;
    let key = cloud_key(terminal);
    app.engine().with_store(move |store| vault::keep(store, &key, &text)).await??;
    app.engine().ring_terminal(terminal);
    terminals(State(app)).await
}

pub(super) async fn pair(
    State(app): State<App>,
    At(terminal): At<TerminalId>,
    Body(asked): Body<TerminalPairing>,
) -> Answer<Json<TerminalPaired>> {
    let known = settings_of(&app, terminal).await?;
    if known.protocol != TerminalProtocol::SumupCloud {
        return Err(bad_key("only readers of SumUp's are paired"));
    }
    let kept = cloud_key(terminal);
    let kept = app.read(move |reader| vault::kept(reader, &kept)).await?.text();
    let key = kept.and_then(|text| cloud::kept(&known, &text));
    let key = key.ok_or_else(|| bad_key("its key is not told yet"))?;
    match cloud::pair(&known, &key, &asked.code).await {
        Ok(paired) => Ok(Json(paired)),
        Err(NotPaired::Key) => Err(bad_key("SumUp does not take the key")),
        Err(NotPaired::Code) => Err(Failure::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "bad_pairing_code",
            "SumUp knows no reader that shows this code",
        )),
        Err(NotPaired::Unreachable) => Err(Failure::new(
            StatusCode::BAD_GATEWAY,
            "provider_unreachable",
            "SumUp did not answer",
        )),
    }
}
