//! Items: tiles and search for the till, pages and the export for the office.

use std::io::{self, Write};

use axum::Json;
use axum::body::{Body as Answered, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::catalogue::Item;
use domain::settings::Settings;
use domain::{Amount, GroupId, ItemId, PriceListId, TillId};
use jiff::civil::DateTime;
use serde::Deserialize;
use store::{Reader, StoreError};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::App;
use super::body::{Asked, At};
use super::guard::Caller;
use super::problem::{Answer, Failure};
use crate::api::catalogue::{
    GroupView, ItemDetail, ItemPage, ItemRow, ItemTile, Tiles, UnitPriceView, UnknownCode,
};
use crate::import::export_items;

/// A limit within its bounds.
pub(super) fn limit(asked: Option<u32>, usual: u32, most: u32) -> u32 {
    asked.unwrap_or(usual).clamp(1, most)
}

/// Where a page of items goes on: the number of the last item before.
pub(super) fn after(text: Option<&str>) -> Answer<ItemId> {
    text.map_or(Ok(ItemId(0)), |text| {
        text.parse().map(ItemId).map_err(|_| Failure::bad_field("after"))
    })
}

/// Prices as of now: of a till's price list, or of the base list.
pub(super) struct Prices {
    list: PriceListId,
    now: DateTime,
    settings: std::sync::Arc<Settings>,
}

impl Prices {
    pub(super) async fn of(app: &App, till: Option<TillId>) -> Answer<Self> {
        let settings = app.settings().await?;
        let list = settings
            .tills
            .iter()
            .find(|t| Some(t.id) == till)
            .map_or(PriceListId(0), |t| t.price_list);
        Ok(Prices { list, now: app.local(&settings), settings })
    }

    fn price(&self, item: &Item) -> Option<Amount> {
        let amount = item.draft.price_at(self.list, self.now)?;
        Some(Amount { amount, currency: self.settings.currency })
    }

    fn unit_price(&self, item: &Item) -> Option<UnitPriceView> {
        let price = self.price(item)?;
        let found = item.draft.unit_price(price.amount)?;
        Some(UnitPriceView { amount: Amount { amount: found.amount, ..price }, per: found.per })
    }

    fn tile(&self, item: &Item) -> ItemTile {
        ItemTile {
            item: item.id,
            number: item.draft.number.clone(),
            name: item.draft.name.clone(),
            unit: item.draft.unit,
            price: self.price(item).filter(|_| !item.draft.open_price),
            group: item.draft.group,
            code: item.draft.codes.first().map(|c| c.code.clone()),
            age: item.draft.age,
            weighed: item.draft.weighed,
            open_price: item.draft.open_price,
        }
    }

    fn row(&self, item: &Item, stock: money::Quantity) -> ItemRow {
        let draft = &item.draft;
        ItemRow {
            item: item.id,
            number: draft.number.clone(),
            name: draft.name.clone(),
            group: draft.group,
            unit: draft.unit,
            price: self.price(item),
            codes: draft.codes.iter().map(|c| c.code.clone()).collect(),
            stock: draft.stocked.then_some(stock.thousandths()),
            minimum: draft.minimum.map(money::Quantity::thousandths),
            retired: draft.retired,
        }
    }
}

pub(super) async fn tiles(State(app): State<App>, caller: Caller) -> Answer<Json<Tiles>> {
    let prices = Prices::of(&app, caller.session.till()).await?;
    let wanted = prices.settings.tiles.clone();
    let items = app
        .read(move |reader| {
            wanted
                .into_iter()
                .filter_map(|id| reader.item(id).transpose())
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let groups = prices.settings.groups.iter();
    Ok(Json(Tiles {
        groups: groups
            .map(|g| GroupView { id: g.id, name: g.name.clone(), color: g.color.clone() })
            .collect(),
        tiles: items.iter().filter(|i| !i.draft.retired).map(|i| prices.tile(i)).collect(),
    }))
}

/// How many.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limit {
    pub(super) limit: Option<u32>,
}

pub(super) async fn group_items(
    State(app): State<App>,
    At(group): At<GroupId>,
    caller: Caller,
    Asked(asked): Asked<Limit>,
) -> Answer<Json<Vec<ItemTile>>> {
    let prices = Prices::of(&app, caller.session.till()).await?;
    let most = limit(asked.limit, 60, 200);
    let items = app.read(move |reader| reader.group_items(group, most)).await?;
    Ok(Json(items.iter().map(|i| prices.tile(i)).collect()))
}

/// What to look for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Search {
    #[serde(default)]
    q: String,
    limit: Option<u32>,
}

pub(super) async fn search(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<Search>,
) -> Answer<Json<Vec<ItemTile>>> {
    let prices = Prices::of(&app, caller.session.till()).await?;
    let most = usize::try_from(limit(asked.limit, 30, 200)).unwrap_or(200);
    let query = short(&asked.q)?;
    let items = app.read(move |reader| reader.search(&query, None, false, most)).await?;
    Ok(Json(items.iter().map(|i| prices.tile(i)).collect()))
}

/// A query of a length that a person types.
pub(super) fn short(query: &str) -> Answer<String> {
    if query.chars().count() > 200 {
        Err(Failure::bad_field("q"))
    } else {
        Ok(query.trim().to_owned())
    }
}

/// A page of items.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageOf {
    #[serde(default)]
    q: String,
    group: Option<GroupId>,
    after: Option<String>,
    limit: Option<u32>,
}

pub(super) async fn page(
    State(app): State<App>,
    Asked(asked): Asked<PageOf>,
) -> Answer<Json<ItemPage>> {
    let prices = Prices::of(&app, None).await?;
    let most = limit(asked.limit, 100, 500);
    let (query, group, from) = (short(&asked.q)?, asked.group, after(asked.after.as_deref())?);
    let found = app.read(move |reader| rows(reader, &query, group, from, most)).await?;
    // A search is ordered by how well it fits and has one page.
    let full =
        usize::try_from(most).is_ok_and(|most| found.len() >= most) && asked.q.trim().is_empty();
    let next = found.last().filter(|_| full).map(|(item, _)| item.id.to_string());
    Ok(Json(ItemPage {
        items: found.iter().map(|(item, stock)| prices.row(item, *stock)).collect(),
        next,
    }))
}

fn rows(
    reader: &Reader,
    query: &str,
    group: Option<GroupId>,
    from: ItemId,
    most: u32,
) -> Result<Vec<(Item, money::Quantity)>, StoreError> {
    if query.is_empty() {
        let rows = reader.items(group, from, true, most)?;
        return Ok(rows.into_iter().map(|row| (row.item, row.stock)).collect());
    }
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let items = reader.search(query, group, true, most)?;
    items.into_iter().map(|item| reader.stock(item.id).map(|stock| (item, stock))).collect()
}

pub(super) async fn item(State(app): State<App>, At(id): At<ItemId>) -> Answer<Json<ItemDetail>> {
    let prices = Prices::of(&app, None).await?;
    let found =
        app.read(move |reader| Ok(reader.item(id)?.map(|item| (item, reader.stock(id))))).await?;
    let (item, stock) = found.ok_or_else(Failure::not_found)?;
    let stock = item.draft.stocked.then_some(stock?.thousandths());
    let revision = domain::revision::of_item(&item);
    let (price, unit_price) = (prices.price(&item), prices.unit_price(&item));
    Ok(Json(ItemDetail { price, unit_price, stock, revision, item }))
}

pub(super) async fn unknown_codes(State(app): State<App>) -> Answer<Json<Vec<UnknownCode>>> {
    let currency = app.settings().await?.currency;
    let rows = app.read(|reader| reader.unknown_codes()).await?;
    let code = |row: store::UnknownCodeRow| UnknownCode {
        code: row.code,
        times: u32::try_from(row.times).unwrap_or(u32::MAX),
        last: row.last_at,
        name: row.name,
        price: Amount { amount: row.price, currency },
        group: row.group,
    };
    Ok(Json(rows.into_iter().map(code).collect()))
}

/// Writes into the answer's body; a browser that went away ends the writing.
pub(super) struct Pipe(pub(super) mpsc::Sender<io::Result<Bytes>>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        sent.map(|()| bytes.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub(super) async fn export(State(app): State<App>) -> Answer<Response> {
    let settings = app.settings().await?;
    let now = app.local(&settings);
    let (sender, receiver) = mpsc::channel(16);
    tokio::task::spawn_blocking(move || {
        let failed = sender.clone();
        let mut pipe = io::BufWriter::with_capacity(32 * 1024, Pipe(sender));
        let written = export_items(app.file(), &settings, now, &mut pipe);
        // The answer has begun: it can only break off, so that nobody takes a part for the whole.
        if written.is_err() || pipe.flush().is_err() {
            let _ = failed.blocking_send(Err(io::ErrorKind::Other.into()));
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"items.csv\""),
    ];
    Ok((headers, Answered::from_stream(ReceiverStream::new(receiver))).into_response())
}
