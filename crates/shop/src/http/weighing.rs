//! What a person does to a weighing that the till waits for.

use axum::Json;
use axum::extract::State;
use domain::peripheral::{PeripheralKind, ScaleProtocol};
use domain::{Permission as P, TillId};

use super::App;
use super::body::{At, Body};
use super::guard::Caller;
use super::problem::{Answer, Failure};
use super::routes::Routes;
use crate::api::TillView;
use crate::api::weighing::{ScalePart, ScaleSecret, WeighAgain};
use crate::vault::{self, Kept};
use crate::weigh::secret_key;

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
    r.get("/scales", P::ManageSettings, part).says(|o| {
        o.about("settings", "The part under the law of measuring, and which scales want a secret.")
            .answers::<ScalePart>()
    });
    r.post("/scales/secret", P::ManageSettings, set_secret).says(|o| {
        o.about("settings", "Keep the maker's secret of a scale (Dialog 06).")
            .takes::<ScaleSecret>()
            .answers::<ScalePart>()
    });
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

/// What weighs, and the scales whose secret nobody has told.
async fn part(State(app): State<App>) -> Answer<Json<ScalePart>> {
    let settings = app.settings().await?;
    let wants = |device: &&domain::peripheral::Peripheral| match &device.device {
        PeripheralKind::Scale(scale) => scale.protocol == ScaleProtocol::Dialog06,
        _ => false,
    };
    let mut needs_secret = Vec::new();
    for device in settings.peripherals.iter().filter(wants) {
        let key = secret_key(&device.at);
        let kept = app.read(move |reader| vault::kept(reader, &key)).await?;
        let told = matches!(kept, Kept::Text(text) if scale::Keys::parse(&text).is_some());
        if !told {
            needs_secret.push(device.at.clone());
        }
    }
    let (version, hash) = (scale::VERSION.to_owned(), scale::HASH.to_owned());
    Ok(Json(ScalePart { version, hash, needs_secret }))
}

async fn set_secret(
    State(app): State<App>,
    Body(told): Body<ScaleSecret>,
) -> Answer<Json<ScalePart>> {
    if told.at.len() > 200 || told.at.is_empty() {
        return Err(Failure::bad_field("at"));
    }
    if scale::Keys::parse(&told.secret).is_none() {
        return Err(Failure::bad_field("secret"));
    }
    let key = secret_key(&told.at);
    app.engine().with_store(move |store| vault::keep(store, &key, told.secret.trim())).await??;
    part(State(app)).await
}
