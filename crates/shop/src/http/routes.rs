//! The only way to register a route: each one names the permission it needs, and one without does
//! not compile. The same entry describes it in the OpenAPI document, so that the two cannot differ.

use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, on};
use axum::{Router, extract::DefaultBodyLimit};
use domain::Permission;

use super::{App, guard};
use crate::api::openapi::Operation;

/// Most bytes of a JSON body.
pub const JSON_LIMIT: usize = 64 * 1024;
/// Most bytes of a CSV import.
pub const IMPORT_LIMIT: usize = 256 * 1024 * 1024;
/// Where the API lies.
pub const BASE: &str = "/api/v1";

/// A route: what it is called, what it needs, what it does.
struct Route {
    operation: Operation,
    handler: MethodRouter<App>,
    body_limit: usize,
}

/// The table of routes while it is being built.
#[derive(Default)]
pub(super) struct Routes {
    routes: Vec<Route>,
}

/// A route just added: the rest of its description.
pub(super) struct Described<'a>(&'a mut Route);

impl Routes {
    /// A read. Never changes anything.
    pub(super) fn get<H, T>(
        &mut self,
        path: &'static str,
        needs: Permission,
        handler: H,
    ) -> Described<'_>
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::GET, path, needs, handler)
    }

    /// Something that changes the shop or the session.
    pub(super) fn post<H, T>(
        &mut self,
        path: &'static str,
        needs: Permission,
        handler: H,
    ) -> Described<'_>
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::POST, path, needs, handler)
    }

    /// Giving something up.
    pub(super) fn delete<H, T>(
        &mut self,
        path: &'static str,
        needs: Permission,
        handler: H,
    ) -> Described<'_>
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::DELETE, path, needs, handler)
    }

    fn add<H, T>(
        &mut self,
        method: Method,
        path: &'static str,
        needs: Permission,
        handler: H,
    ) -> Described<'_>
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let filter = match method {
            Method::POST => axum::routing::MethodFilter::POST,
            Method::DELETE => axum::routing::MethodFilter::DELETE,
            _ => axum::routing::MethodFilter::GET,
        };
        let route = Route {
            operation: Operation::new(method, path, needs),
            handler: on(filter, handler),
            body_limit: JSON_LIMIT,
        };
        Described(self.routes.push_mut(route))
    }

    /// What there is, for the OpenAPI document and for tests.
    pub(super) fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.routes.iter().map(|route| &route.operation)
    }

    /// The router, each route behind its guard.
    pub(super) fn into_router(self, app: &App) -> Router<App> {
        self.routes.into_iter().fold(Router::new(), |router, route| {
            let needs = route.operation.permission;
            let guarded = route
                .handler
                .layer(DefaultBodyLimit::max(route.body_limit))
                .layer(from_fn_with_state((app.clone(), needs), guard::check));
            router.route(&format!("{BASE}{}", route.operation.path), guarded)
        })
    }
}

impl Described<'_> {
    /// Describes it further.
    pub(super) fn says(self, how: impl FnOnce(Operation) -> Operation) -> Self {
        let operation = self.0.operation.clone();
        self.0.operation = how(operation);
        self
    }

    /// Takes a photo instead of a JSON document.
    pub(super) fn photo_body(self) -> Self {
        self.0.body_limit = crate::photo::PHOTO_LIMIT;
        self
    }

    /// Takes a large body instead of a small JSON document.
    pub(super) fn large_body(self) -> Self {
        self.0.body_limit = IMPORT_LIMIT;
        self
    }
}
