//! Server-sent events: a till's screen and the customer's display at each change.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use domain::{Amount, TillId};
use serde::Serialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::App;
use super::body::At;
use super::guard::Caller;
use super::problem::Answer;
use super::streams::Watcher;
use crate::api::TillView;
use crate::api::display::{DisplayLine, DisplayPayment, DisplayState, DisplayView};
use crate::api::transfers::{DisplayTransfer, TransferView};
use crate::api::view::{LineView, PaymentView, Truth};
use crate::auth::Session;

/// A line that proves the connection, well below what browsers and proxies wait for.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Events that wait for a slow browser; then it gets the present screen only.
const WAITING: usize = 4;

type Stream = Sse<axum::response::sse::KeepAliveStream<ReceiverStream<Result<Event, Infallible>>>>;

pub(super) async fn till(
    State(app): State<App>,
    At(till): At<TillId>,
    caller: Caller,
) -> Answer<Stream> {
    caller.at(till)?;
    watch(app, till, Some(caller.session), |view| view.clone()).await
}

pub(super) async fn display(State(app): State<App>, At(till): At<TillId>) -> Answer<Stream> {
    watch(app, till, None, display_of).await
}

pub(super) async fn display_view(
    State(app): State<App>,
    At(till): At<TillId>,
) -> Answer<Json<DisplayView>> {
    Ok(Json(display_of(&*app.engine().view(till).await?)))
}

/// The present screen at once, then each new one, until the browser goes, the session ends or the
/// service closes down. Screens that show the same twice are sent once.
async fn watch<T, F>(app: App, till: TillId, session: Option<Session>, shown: F) -> Answer<Stream>
where
    T: Serialize + Send + 'static,
    F: Fn(&TillView) -> T + Send + Sync + 'static,
{
    let watcher = session.map_or(Watcher::Display(till), |s| Watcher::Session(s.key));
    let open = app.streams().open(watcher)?;
    // Subscribed before the first look, so that nothing falls between the two.
    let mut news = app.engine().subscribe(till);
    let first = app.engine().view(till).await?;
    let mut closing = app.closing();
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        let _open = open;
        let mut next = Some(first);
        let mut sent = None;
        loop {
            if session.is_some_and(|session| !app.lives(&session)) {
                return;
            }
            if let Some(view) = next.take() {
                let data = serde_json::to_string(&shown(&view)).unwrap_or_default();
                if sent.as_ref() != Some(&data) {
                    let event = Event::default().event("view").id(view.seq.to_string()).data(&data);
                    if sender.send(Ok(event)).await.is_err() {
                        return;
                    }
                    sent = Some(data);
                }
            }
            let news = tokio::select! {
                news = news.recv() => news,
                () = closed(&mut closing) => return,
                () = sender.closed() => return,
            };
            next = match news {
                Ok(view) => Some(view),
                Err(RecvError::Lagged(_)) => present(&app, till).await,
                Err(RecvError::Closed) => return,
            };
        }
    });
    Ok(Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

async fn closed(closing: &mut tokio::sync::watch::Receiver<bool>) {
    let _ = closing.wait_for(|closing| *closing).await;
}

async fn present(app: &App, till: TillId) -> Option<Arc<TillView>> {
    app.engine().view(till).await.ok()
}

/// What the customer may see: their own goods, nothing about the shop or its people.
fn display_of(view: &TillView) -> DisplayView {
    let zero =
        view.currency.parse().ok().map(|currency| Amount { amount: money::Money::ZERO, currency });
    let zero =
        zero.unwrap_or(Amount { amount: money::Money::ZERO, currency: money::Currency::EUR });
    let empty = DisplayView {
        till: view.till,
        shop: view.shop.clone(),
        language: view.language,
        currency: view.currency.clone(),
        minor_digits: view.minor_digits,
        state: DisplayState::Idle,
        training: view.training,
        practice: view.practice,
        lines: Vec::new(),
        articles: 0,
        total: zero,
        saved: zero,
        due: zero,
        tendered: zero,
        change: zero,
        payment: running_reservation(view),
        transfer: None,
        receipt: None,
    };
    if let Some(basket) = view.basket.as_ref().filter(|b| !b.lines.is_empty()) {
        let tendered = basket
            .tenders
            .iter()
            .fold(money::Money::ZERO, |sum, t| sum.saturating_plus(t.tendered.amount));
        return DisplayView {
            state: DisplayState::Basket,
            training: basket.training,
            lines: basket.lines.iter().map(|l| line(l, basket.last_line == Some(l.line))).collect(),
            articles: basket.articles,
            total: basket.total,
            saved: basket.saved,
            due: basket.due,
            tendered: Amount { amount: tendered, ..zero },
            payment: view.payment.as_ref().map(payment),
            transfer: view.transfer.as_ref().map(transfer),
            ..empty
        };
    }
    match view.last_receipt.as_ref() {
        Some(last) => DisplayView {
            state: DisplayState::Paid,
            training: last.training,
            lines: last.lines.iter().map(|l| line(l, false)).collect(),
            total: last.total,
            saved: last.saved,
            tendered: last.tendered,
            change: last.change,
            payment: None,
            receipt: last.page.clone().filter(|page| page.on_display),
            ..empty
        },
        None => empty,
    }
}

/// A customer whose money is being reserved stands there without goods.
fn running_reservation(view: &TillView) -> Option<DisplayPayment> {
    let running = view.reserving.as_ref().filter(|one| one.truth == Truth::Running);
    running.filter(|one| one.purpose == "reservation").map(payment)
}

fn transfer(transfer: &TransferView) -> DisplayTransfer {
    DisplayTransfer {
        amount: transfer.amount,
        reference: transfer.reference.clone(),
        holder: transfer.holder.clone(),
        iban: transfer.iban.clone(),
        qr: transfer.qr.clone(),
    }
}

fn payment(payment: &PaymentView) -> DisplayPayment {
    let code = (payment.truth == Truth::Running).then(|| payment.code.clone());
    DisplayPayment {
        purpose: payment.purpose.clone(),
        amount: payment.amount,
        truth: payment.truth,
        code: code.unwrap_or_default(),
    }
}

fn line(line: &LineView, last: bool) -> DisplayLine {
    DisplayLine {
        name: line.name.clone(),
        quantity: line.quantity,
        unit: line.unit,
        price: line.price,
        total: line.total,
        deposit: line.deposit_of.is_some(),
        last,
    }
}
