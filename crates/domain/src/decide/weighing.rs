//! Goods that the till's scale weighs.

use money::Money;

use super::desk::Desk;
use super::sell::{Chosen, price_of, sell_item};
use super::{Context, limits, scan};
use crate::catalogue::{Item, Unit};
use crate::command::TillCommand;
use crate::event::Event;
use crate::facts::Stop;
use crate::ids::TillId;
use crate::refusal::Refusal;
use crate::weighing::{LineWeighing, ToWeigh, Weighed};

/// The dearest kilogram that a scale takes, minor units.
const DEAREST: i64 = 999_999;

/// What the till's scale is to be asked for `command`, which was refused because nobody said the weight; none where there is no
/// scale, or the goods are nothing that it could weigh: then a person types the weight in.
///
/// # Errors
/// As the command itself.
pub fn to_weigh(
    context: Context<'_>,
    till: TillId,
    command: &TillCommand,
) -> Result<Option<ToWeigh>, Stop> {
    let desk = Desk::at(context, till)?;
    let scale = context.state.till_settings(till).and_then(|till| till.scale.clone());
    let Some(scale) = scale else { return Ok(None) };
    let Some((item, chosen)) = goods(&desk, command)? else { return Ok(None) };
    let fits = item.draft.weighed
        && item.draft.unit == Unit::Kilogram
        && !item.draft.refund
        && chosen.quantity.is_none()
        && chosen.labelled.is_none();
    if !fits {
        return Ok(None);
    }
    let unit_price = price_of(&desk, &item, &chosen)?;
    if !(1..=DEAREST).contains(&unit_price.minor()) {
        return Ok(None);
    }
    let basket = desk.basket().ok().map(|basket| basket.id);
    Ok(Some(ToWeigh { scale, item: item.id, name: item.draft.name, unit_price, basket }))
}

/// The goods that a command puts into the basket.
fn goods(desk: &Desk<'_>, command: &TillCommand) -> Result<Option<(Item, Chosen)>, Stop> {
    let (found, quantity, price) = match command {
        TillCommand::Scan { code, quantity, price } => (scan::find(desk, code)?, *quantity, *price),
        TillCommand::AddItem { item, quantity, price } => {
            let item = desk.context.facts.item(*item)?;
            (item.map(|item| (item, Chosen::default())), *quantity, *price)
        }
        _ => return Ok(None),
    };
    let Some((item, chosen)) = found else { return Ok(None) };
    let price = price.map(|price| desk.own(price)).transpose()?;
    let quantity = chosen.quantity.or(quantity);
    Ok(Some((item, Chosen { quantity, price, ..chosen })))
}

/// The scale has weighed what was asked for.
pub(super) fn weighed(
    desk: Desk<'_>,
    asked: &TillCommand,
    weighed: &Weighed,
) -> Result<Vec<Event>, Stop> {
    let (item, chosen) = goods(&desk, asked)?.ok_or(Refusal::UnknownItem)?;
    limits::positive(weighed.net)?;
    limits::amount("price", weighed.unit_price)?;
    limits::amount("price", weighed.price.unwrap_or(Money::ZERO))?;
    if !item.draft.weighed || weighed.tare.is_negative() {
        return Err(limits::out("weight").into());
    }
    let weighing = LineWeighing {
        scale: weighed.scale.clone(),
        sequence: desk.state().counters.weighings.saturating_add(1),
        tare: weighed.tare,
        price: weighed.price,
        version: weighed.version.clone(),
        hash: weighed.hash.clone(),
    };
    // The goods are sold at the price that they were weighed at, whatever the catalogue says by now.
    let chosen = Chosen {
        quantity: Some(weighed.net),
        weighed_at: Some(weighed.unit_price),
        weighing: Some(Box::new(weighing)),
        ..chosen
    };
    sell_item(desk, &item, chosen)
}
