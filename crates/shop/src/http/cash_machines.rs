//! Cash machines: looked at by the office and for a count, and their passwords.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use devices::cash_machine::Pace;
use domain::peripheral::PeripheralKind;
use domain::{Amount, Permission as P, TillId};
use money::{Currency, Money};

use super::App;
use super::body::{At, Body};
use super::guard::Caller;
use super::problem::{Answer, Failure};
use super::routes::Routes;
use crate::api::cash_machines::{
    CashMachineAsked, CashMachineLook, CashMachinePassword, CashMachineRow, PiecesView,
};
use crate::pay::machine::{Found, certificate, look, machine_key};
use crate::pay::taker::Machine;
use crate::vault::{self, Kept};

/// Longest password.
const PASSWORD: usize = 100;

pub(super) fn routes(r: &mut Routes) {
    r.get("/cash-machines", P::ManageSettings, all).says(|o| {
        o.about("devices", "Cash machines, how they are, and which want a password.")
            .answers_list::<CashMachineRow>()
    });
    r.post("/cash-machines/password", P::ManageSettings, set_password).says(|o| {
        o.about("devices", "Keep the password of a cash machine.")
            .takes::<CashMachinePassword>()
            .answers_list::<CashMachineRow>()
    });
    r.post("/cash-machines/look", P::ManageSettings, try_it).says(|o| {
        o.about(
            "devices",
            "How a cash machine is, saved or not, and what it holds. No money moves.",
        )
        .takes::<CashMachineAsked>()
        .answers::<CashMachineLook>()
    });
    r.post("/tills/{till}/cash-machine/look", P::Sell, beside).says(|o| {
        o.about("till", "What the cash machine beside a till holds, for a count or to collect it.")
            .answers::<CashMachineLook>()
    });
}

async fn all(State(app): State<App>) -> Answer<Json<Vec<CashMachineRow>>> {
    let settings = app.settings().await?;
    let mut rows = Vec::new();
    for (device, machine) in settings.cash_machines() {
        let key = machine_key(&device.at);
        let kept = app.read(move |reader| vault::kept(reader, &key)).await?;
        let told = match kept {
            Kept::Text(_) => true,
            Kept::Nothing => machine.user.is_empty(),
            Kept::Lost => false,
        };
        let lamp = app.engine().terminal(machine.id).await?.lamp;
        rows.push(CashMachineRow {
            at: device.at.clone(),
            name: device.name.clone(),
            needs_password: !told,
            lamp,
        });
    }
    Ok(Json(rows))
}

async fn set_password(
    State(app): State<App>,
    Body(told): Body<CashMachinePassword>,
) -> Answer<Json<Vec<CashMachineRow>>> {
    if told.password.chars().count() > PASSWORD {
        return Err(Failure::bad_field("password"));
    }
    let settings = app.settings().await?;
    let machine = settings.cash_machine_at(&told.at).ok_or_else(|| Failure::bad_field("at"))?;
    let key = machine_key(&told.at);
    app.engine().with_store(move |store| vault::keep(store, &key, &told.password)).await??;
    app.engine().ring_terminal(machine.id);
    all(State(app)).await
}

async fn try_it(
    State(app): State<App>,
    Body(asked): Body<CashMachineAsked>,
) -> Answer<Json<CashMachineLook>> {
    let PeripheralKind::CashMachine(known) = &asked.device.device else {
        return Err(Failure::bad_field("device.device"));
    };
    if asked.password.as_ref().is_some_and(|typed| typed.chars().count() > PASSWORD) {
        return Err(Failure::bad_field("password"));
    }
    let currency = app.settings().await?.currency;
    let machine = Machine::of(&asked.device, known);
    let certificate = certificate(&machine.at).await;
    let found = look(app.engine(), &machine, asked.password, Pace::default()).await;
    Ok(Json(CashMachineLook { certificate, ..shown(found, currency) }))
}

async fn beside(
    State(app): State<App>,
    At(till): At<TillId>,
    caller: Caller,
) -> Answer<Json<CashMachineLook>> {
    caller.at(till)?;
    let settings = app.settings().await?;
    let known = settings.tills.iter().find(|known| known.id == till);
    let at = known.and_then(|known| known.cash_machine.as_deref());
    let machine = settings.cash_machines().find(|(device, _)| Some(device.at.as_str()) == at);
    let (device, machine) = machine.ok_or_else(Failure::not_found)?;
    let machine = Machine::of(device, machine);
    let found = look(app.engine(), &machine, None, Pace::default()).await;
    Ok(Json(shown(found, settings.currency)))
}

fn shown(found: Found, currency: Currency) -> CashMachineLook {
    let said = found.inventory.as_ref();
    let held = said.into_iter().flat_map(|said| &said.cash).filter(|cash| cash.sort == 4);
    let mut pieces: BTreeMap<i64, u32> = BTreeMap::new();
    for one in held.flat_map(|cash| &cash.pieces) {
        let (Ok(value), Ok(count)) = (i64::try_from(one.value), u32::try_from(one.count)) else {
            continue;
        };
        let known = pieces.entry(value).or_default();
        *known = known.saturating_add(count);
    }
    let sum = said.and_then(|said| i64::try_from(said.sum(4)?).ok());
    CashMachineLook {
        code: found.code.to_owned(),
        pieces: pieces
            .into_iter()
            .rev()
            .filter(|(value, pieces)| *value > 0 && *pieces > 0)
            .map(|(value, pieces)| PiecesView { value, pieces })
            .collect(),
        sum: sum.map(|sum| Amount { amount: Money::new(sum), currency }),
        certificate: None,
    }
}
