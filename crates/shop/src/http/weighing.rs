//! What a person does to a weighing that the till waits for.

use axum::Json;
use axum::extract::State;
use domain::{Permission as P, TillId};

use super::App;
use super::body::{At, Body};
use super::guard::Caller;
use super::problem::{Answer, Failure};
use super::routes::Routes;
use crate::api::TillView;
use crate::api::weighing::WeighAgain;

/// Most that can be taken off for the packing, grams.
const MAX_TARE: u32 = 9_999;

pub(super) fn routes(r: &mut Routes) {
    r.post("/tills/{till}/weighing", P::Sell, again).says(|o| {
        o.about("till", "Ask the scale anew, with something taken off for the packing.")
            .takes::<WeighAgain>()
            .answers::<TillView>()
    });
    r.delete("/tills/{till}/weighing", P::Sell, cancel)
        .says(|o| o.about("till", "Wait for no weighing any more.").answers::<TillView>());
}

async fn again(
    State(app): State<App>,
    At(till): At<TillId>,
    caller: Caller,
    Body(body): Body<WeighAgain>,
) -> Answer<Json<TillView>> {
    caller.at(till)?;
    if body.tare > MAX_TARE {
        return Err(Failure::bad_field("tare"));
    }
    app.engine().weigh_again(till, body.tare).await?;
    Ok(Json((*app.engine().view(till).await?).clone()))
}

async fn cancel(
    State(app): State<App>,
    At(till): At<TillId>,
    caller: Caller,
) -> Answer<Json<TillView>> {
    caller.at(till)?;
    app.engine().cancel_weighing(till).await?;
    Ok(Json((*app.engine().view(till).await?).clone()))
}
