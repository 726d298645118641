//! The HTTP service of a shop: `/api/v1`, its pages, and nothing else.
//!
//! There is no route without a permission (see [`routes`]); every mistake of a request has a problem
//! document with a stable code; nothing from outside panics.

mod app;
mod attempts;
mod audit;
mod audit_records;
mod audit_table;
mod auditing;
mod bank;
mod body;
mod books;
mod cash_machines;
mod catalogue;
mod cloud;
mod commands;
mod counter;
mod customers;
mod days;
mod devices;
mod digital;
mod events;
mod fiscal;
mod goods;
mod guard;
mod hand_out;
mod imports;
mod invoices;
mod labels;
mod outbox;
mod pages;
mod payments;
mod people;
mod peripherals;
mod problem;
mod proofs;
mod readers;
mod receipt_pages;
mod receipts;
mod record;
mod rksv;
mod routes;
mod session;
mod setup;
mod signing;
mod stock;
mod streams;
mod stripe;
mod table;
mod terminal_days;
mod vouchers;
mod weighing;

use std::future::Future;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use tokio::net::TcpListener;

pub use app::{App, HttpConfig, StartError};
pub use counter::Simulator;
pub use problem::Failure;
pub use routes::{BASE, IMPORT_LIMIT, JSON_LIMIT};
pub(crate) use terminal_days::waiting as terminal_days_waiting;

use crate::api::openapi;

/// The whole service.
pub fn router(app: App) -> Router {
    let document = openapi_json();
    let openapi = move || async move { ([(header::CONTENT_TYPE, "application/json")], document) };
    table::table()
        .into_router(&app)
        .route("/api/openapi.json", axum::routing::get(openapi))
        .merge(pages::pages())
        .merge(receipt_pages::pages())
        .merge(counter::pages())
        .fallback(|| async { Failure::not_found() })
        .method_not_allowed_fallback(|| async {
            Failure::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "this is not done with that method",
            )
            .into_response()
        })
        .layer(from_fn_with_state(app.clone(), guard::outside))
        .with_state(app)
}

/// Serves until `shutdown` is done; event streams end then too.
pub async fn serve(
    listener: TcpListener,
    app: App,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let closing = app.clone();
    axum::serve(listener, router(app))
        .with_graceful_shutdown(async move {
            shutdown.await;
            closing.close();
        })
        .await
}

/// The pages of receipts alone, for customers' telephones: nobody signs in there, and there is nothing else.
pub fn receipts_router(app: App) -> Router {
    receipt_pages::pages()
        .fallback(|| async { Failure::not_found() })
        .layer(from_fn_with_state(app.clone(), guard::outside))
        .with_state(app)
}

/// Serves [`receipts_router`] until `shutdown` is done.
pub async fn serve_receipts(
    listener: TcpListener,
    app: App,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, receipts_router(app)).with_graceful_shutdown(shutdown).await
}

/// The OpenAPI document as served.
pub fn openapi_json() -> String {
    let routes = table::table();
    let mut text = openapi::document(routes.operations()).to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

/// Every route: method, path, permission. For tests that try each with each role.
pub fn operations() -> Vec<openapi::Operation> {
    table::table().operations().cloned().collect()
}
