//! Stock per item, and its movements.

use axum::Json;
use axum::extract::State;
use domain::{ItemId, PersonId};
use money::Quantity;
use serde::Deserialize;

use super::App;
use super::app::person_name;
use super::body::{Asked, At};
use super::catalogue::{Limit, after, limit, short};
use super::problem::Answer;
use crate::api::stock::{StockMovement, StockPage, StockRow};

/// Which items.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageOf {
    #[serde(default)]
    low: bool,
    #[serde(default)]
    q: String,
    after: Option<String>,
    limit: Option<u32>,
}

pub(super) async fn page(
    State(app): State<App>,
    Asked(asked): Asked<PageOf>,
) -> Answer<Json<StockPage>> {
    let (query, from) = (short(&asked.q)?, after(asked.after.as_deref())?);
    let (most, low) = (limit(asked.limit, 100, 500), asked.low);
    let by_query = !query.is_empty();
    let found = app
        .read(move |reader| {
            if by_query {
                let items = reader.search(
                    &query,
                    None,
                    false,
                    usize::try_from(most).unwrap_or(usize::MAX),
                )?;
                let with_stock =
                    items.into_iter().map(|item| reader.stock(item.id).map(|stock| (item, stock)));
                return with_stock.collect::<Result<Vec<_>, _>>();
            }
            let rows = if low {
                reader.low_stock(from, most)?
            } else {
                reader.items(None, from, false, most)?
            };
            Ok(rows.into_iter().map(|row| (row.item, row.stock)).collect())
        })
        .await?;
    let full = !by_query && usize::try_from(most).is_ok_and(|most| found.len() >= most);
    let next = found.last().filter(|_| full).map(|(item, _)| item.id.to_string());
    let is_low =
        |minimum: Option<Quantity>, stock: Quantity| stock < minimum.unwrap_or(Quantity::ZERO);
    let rows = found
        .into_iter()
        .filter(|(item, _)| item.draft.stocked)
        .filter(|(item, stock)| !low || is_low(item.draft.minimum, *stock))
        .map(|(item, stock)| StockRow {
            item: item.id,
            number: item.draft.number,
            name: item.draft.name,
            group: item.draft.group,
            unit: item.draft.unit,
            stock: stock.thousandths(),
            minimum: item.draft.minimum.map(Quantity::thousandths),
        });
    Ok(Json(StockPage { items: rows.collect(), next }))
}

pub(super) async fn movements(
    State(app): State<App>,
    At(item): At<ItemId>,
    Asked(asked): Asked<Limit>,
) -> Answer<Json<Vec<StockMovement>>> {
    let shop = app.snapshot().await?;
    let most = limit(asked.limit, 100, 500);
    let rows = app.read(move |reader| reader.movements(item, None, most)).await?;
    let name = |person: Option<PersonId>| person.map(|id| person_name(&shop, id));
    let movements = rows.into_iter().map(|row| StockMovement {
        seq: row.seq,
        at: row.at,
        person: row.person,
        person_name: name(row.person),
        kind: row.kind,
        quantity: row.quantity.thousandths(),
        counted: row.counted.map(Quantity::thousandths),
        reason: row.reason,
    });
    Ok(Json(movements.collect()))
}
