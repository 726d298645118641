//! Server-sent events: a till's screen and the customer's display at each change.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use domain::TillId;
use serde::Serialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::App;
use super::body::At;
use super::guard::Caller;
use super::problem::Answer;
use super::streams::Watcher;
use crate::api::TillView;
use crate::api::display::DisplayView;
use crate::auth::Session;
use crate::scanners::DeviceScan;
use crate::view::display_of;

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
    // What scanners read that are no keyboards is for the pages of the till, never for the customer's display.
    let mut scans = session.map(|_| app.engine().device_scans().subscribe(till));
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
                scan = scanned(&mut scans) => {
                    let data = serde_json::to_string(&*scan).unwrap_or_default();
                    if sender.send(Ok(Event::default().event("scan").data(&data))).await.is_err() {
                        return;
                    }
                    continue;
                }
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

/// The next scan of the till's devices; never for whoever gets none.
async fn scanned(scans: &mut Option<Receiver<Arc<DeviceScan>>>) -> Arc<DeviceScan> {
    let Some(scans) = scans else { return std::future::pending().await };
    loop {
        match scans.recv().await {
            Ok(scan) => return scan,
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
}

async fn closed(closing: &mut tokio::sync::watch::Receiver<bool>) {
    let _ = closing.wait_for(|closing| *closing).await;
}

async fn present(app: &App, till: TillId) -> Option<Arc<TillView>> {
    app.engine().view(till).await.ok()
}
