//! Commands: taken apart, approved, handed to the engine.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use domain::people::SecretUse;
use domain::{CommandId, ShopCommand, TillCommand, TillId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::App;
use super::body::{At, Body, explain, unknown_field};
use super::guard::{Caller, no_cookie};
use super::problem::{Answer, Failure};
use super::session::{Proof, WithCookie, set_cookie, verify};
use crate::api::command::{Approval, ShopCommandRequest, TillCommandRequest};
use crate::api::{CommandAnswer, TillView};
use crate::auth::Place;

pub(super) async fn till_view(
    State(app): State<App>,
    At(till): At<TillId>,
    caller: Caller,
) -> Answer<Json<TillView>> {
    caller.at(till)?;
    Ok(Json((*app.engine().view(till).await?).clone()))
}

pub(super) async fn till_command(
    State(app): State<App>,
    At(till): At<TillId>,
    caller: Caller,
    Body(body): Body<Map<String, Value>>,
) -> Answer<WithCookie<CommandAnswer>> {
    caller.at(till)?;
    let TillCommandRequest { id, approval, command } = till_request(body)?;
    let mut actor = caller.actor();
    if let Some(approval) = approval {
        approve(&app, till, &caller, &approval).await?;
        actor.approver = Some(approval.person);
    }
    let answer = app.engine().till(id, till, actor, command).await?;
    // Whoever is no longer signed in at the till has no session there either.
    let present = answer.view.as_ref().map(|view| view.person.as_ref().map(|p| p.id));
    let mut headers = HeaderMap::new();
    if present.is_some_and(|person| person != Some(caller.session.person)) {
        app.end_sessions(|s| s.key == caller.session.key).await?;
        headers = set_cookie(no_cookie(&caller.session));
    }
    Ok((headers, Json(answer)))
}

/// Checks the PIN of the one who approves; counted like any other try.
async fn approve(app: &App, till: TillId, caller: &Caller, approval: &Approval) -> Answer<()> {
    let proof = Proof {
        person: approval.person,
        place: Place::Till(till),
        purpose: SecretUse::Approval,
        by: Some(caller.session.person),
        secret: &approval.pin,
    };
    match verify(app, proof).await {
        Err(failure) if failure.code() == "wrong_secret" => Err(Failure::new(
            StatusCode::FORBIDDEN,
            "wrong_approval",
            "the approving person or PIN is wrong",
        )),
        other => other,
    }
}

pub(super) async fn shop_command(
    State(app): State<App>,
    caller: Caller,
    Body(body): Body<Map<String, Value>>,
) -> Answer<Json<CommandAnswer>> {
    let ShopCommandRequest { id, base, command } = shop_request(body)?;
    let barred = match &command {
        ShopCommand::PutPerson { person: Some(person), active: false, .. }
        | ShopCommand::ForgetPerson { person } => Some(*person),
        _ => None,
    };
    let command = match base {
        Some(base) => ShopCommand::BasedOn { base, command: Box::new(command) },
        None => command,
    };
    let answer = app.engine().shop(id, caller.actor(), command).await?;
    if let Some(person) = barred {
        app.end_sessions(|s| s.person == person).await?;
    }
    Ok(Json(answer))
}

fn till_request(mut body: Map<String, Value>) -> Answer<TillCommandRequest> {
    let id = command_id(&mut body)?;
    let approval = match body.remove("approval") {
        None | Some(Value::Null) => None,
        Some(approval) => Some(serde_json::from_value(approval).map_err(|e| explain(&e))?),
    };
    Ok(TillCommandRequest { id, approval, command: command::<TillCommand>(body)? })
}

fn shop_request(mut body: Map<String, Value>) -> Answer<ShopCommandRequest> {
    let id = command_id(&mut body)?;
    let base = match body.remove("base") {
        None | Some(Value::Null) => None,
        Some(Value::String(base)) if base.len() <= 64 => Some(base),
        Some(_) => return Err(Failure::bad_field("base")),
    };
    Ok(ShopCommandRequest { id, base, command: command::<ShopCommand>(body)? })
}

fn command_id(body: &mut Map<String, Value>) -> Answer<CommandId> {
    let id = body.remove("id").ok_or_else(|| Failure::bad_field("id is missing"))?;
    serde_json::from_value(id).map_err(|e| explain(&e))
}

/// The command that is left when what travels beside it is taken out. Every field must be one that the
/// command has: serde lets a command without fields pass with any.
fn command<C: DeserializeOwned + Serialize>(body: Map<String, Value>) -> Answer<C> {
    let given: Vec<String> = body.keys().cloned().collect();
    let command: C = serde_json::from_value(Value::Object(body)).map_err(|e| explain(&e))?;
    let known = serde_json::to_value(&command).unwrap_or_default();
    match given.iter().find(|field| known.get(field.as_str()).is_none()) {
        Some(field) => Err(unknown_field(&format!("unknown field `{field}`"))),
        None => Ok(command),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ID: &str = "01936b2e-0000-7000-8000-000000000001";

    fn parse(body: Value) -> Result<TillCommandRequest, String> {
        let Value::Object(map) = body else { panic!("an object") };
        till_request(map).map_err(|f| f.code().to_owned())
    }

    #[test]
    fn a_command_is_taken_apart() {
        let request = parse(json!({"id": ID, "type": "scan", "code": "4006381333931", "approval": {"person": 2, "pin": "481592"}}))
            .expect("fits");
        assert_eq!(request.approval.expect("approval").person, domain::PersonId(2));
        assert!(
            matches!(request.command, TillCommand::Scan { code, .. } if code == "4006381333931")
        );
    }

    #[test]
    fn unknown_fields_are_refused_with_and_without_fields_of_ones_own() {
        assert_eq!(
            parse(json!({"id": ID, "type": "scan", "code": "1", "unit_price": 1})).err().as_deref(),
            Some("unknown_field")
        );
        assert_eq!(
            parse(json!({"id": ID, "type": "close_day", "counted": 0})).err().as_deref(),
            Some("unknown_field")
        );
        assert_eq!(parse(json!({"id": ID, "type": "close_day"})).err(), None);
        let approval = json!({"person": 2, "pin": "481592", "role": "manager"});
        assert_eq!(
            parse(json!({"id": ID, "type": "close_day", "approval": approval})).err().as_deref(),
            Some("unknown_field")
        );
    }

    #[test]
    fn commands_of_the_program_itself_cannot_be_sent() {
        for body in [
            json!({"id": ID, "type": "sign_in", "person": 1}),
            json!({"id": ID, "type": "SignIn", "person": 1}),
            json!({"type": "close_day"}),
            json!({"id": "1", "type": "close_day"}),
            json!({"id": ID}),
            json!({"id": ID, "type": "scan", "code": "1", "quantity": 1.5}),
            json!({"id": ID, "type": "scan", "code": "1", "quantity": 9_223_372_036_854_775_808_u64}),
        ] {
            assert_eq!(parse(body.clone()).err().as_deref(), Some("bad_field"), "{body}");
        }
        for kind in
            ["set_credential", "office_sign_in", "begin_import", "import_items", "note_backup"]
        {
            let Value::Object(map) = json!({"id": ID, "type": kind, "person": 1, "source": "x"})
            else {
                panic!()
            };
            assert_eq!(
                shop_request(map).err().map(|f| f.code().to_owned()).as_deref(),
                Some("bad_field"),
                "{kind}"
            );
        }
    }
}
