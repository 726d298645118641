//! What stands before every route: the shop's own host, the page's own origin, a session, a right.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::audit::Audit;
use domain::people::may;
use domain::{AuditId, Permission, PersonId, Role, ShopCommand, TillId};

use super::App;
use super::problem::{Answer, Failure};
use super::receipt_pages;
use crate::auth::{Session, SessionKind, Token};
use crate::engine::Actor;
use crate::ids::own_command;
use crate::personal::NamedPerson;

/// The cookie of an office session.
pub(super) const OFFICE_COOKIE: &str = "tresen_session";
/// The cookie of a till session, so that a till and the office can be open in one browser.
pub(super) const TILL_COOKIE: &str = "tresen_till";

/// Everything that may be loaded comes from here; nothing runs but the shop's own files.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
font-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

/// Who sends the request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caller {
    pub(super) session: Session,
}

impl Caller {
    /// As the engine is told.
    pub(super) fn actor(&self) -> Actor {
        let nobody = matches!(self.session.kind, SessionKind::Audit(_));
        Actor { person: Some(self.session.person).filter(|_| !nobody), approver: None }
    }

    /// Refuses unless the session is the one of this till. A browser with nothing but an office session
    /// is not signed in at any till.
    pub(super) fn at(&self, till: TillId) -> Answer<()> {
        match self.session.kind {
            SessionKind::Till(own) if own == till => Ok(()),
            SessionKind::Till(_) => Err(other_till()),
            SessionKind::Office | SessionKind::Audit(_) => Err(Failure::not_signed_in()),
        }
    }

    /// Refuses when the session is one of another till; the office may look at all.
    pub(super) fn at_or_office(&self, till: TillId) -> Answer<()> {
        match self.session.till() {
            Some(own) if own != till => Err(other_till()),
            _ => Ok(()),
        }
    }
}

fn other_till() -> Failure {
    Failure::new(StatusCode::FORBIDDEN, "other_till", "this session is not one of this till")
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        parts.extensions.get::<Caller>().copied().ok_or_else(Failure::not_signed_in)
    }
}

/// The sessions that a browser presents.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Presented {
    pub(super) office: Option<Session>,
    pub(super) till: Option<Session>,
}

impl Presented {
    /// Those of the request's cookies that live.
    pub(super) fn of(app: &App, headers: &HeaderMap) -> Self {
        let find = |name| cookie(headers, name).and_then(|token| app.find_session(&token));
        Presented {
            office: find(OFFICE_COOKIE).filter(|s| s.till().is_none()),
            till: find(TILL_COOKIE).filter(|s| s.till().is_some()),
        }
    }

    /// The session of this till; without a till the office's, or else any.
    pub(super) fn choose(self, till: Option<TillId>) -> Option<Session> {
        match till {
            Some(till) => self.till.filter(|s| s.till() == Some(till)),
            None => self.office.or(self.till),
        }
    }
}

impl FromRequestParts<App> for Presented {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        Ok(Presented::of(app, &parts.headers))
    }
}

/// A cookie's token. A name that comes twice is none: nobody can say which one is meant.
fn cookie(headers: &HeaderMap, name: &str) -> Option<Token> {
    let pairs = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'));
    let mut values =
        pairs.filter_map(|pair| pair.trim().split_once('=')).filter(|(n, _)| *n == name);
    let value = values.next()?.1;
    if values.next().is_some() { None } else { Token::read(value) }
}

/// Sets the cookie of a session.
pub(super) fn cookie_of(session: &Session, token: &Token) -> HeaderValue {
    let name = if session.till().is_some() { TILL_COOKIE } else { OFFICE_COOKIE };
    header_value(&format!("{name}={}; HttpOnly; SameSite=Strict; Path=/", token.expose()))
}

/// Takes the cookie of a session away.
pub(super) fn no_cookie(session: &Session) -> HeaderValue {
    let name = if session.till().is_some() { TILL_COOKIE } else { OFFICE_COOKIE };
    header_value(&format!("{name}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0"))
}

fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The guard of a route: session and right.
pub(super) async fn check(
    State((app, needs)): State<(App, Permission)>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let address = parts.uri.path_and_query().map_or("", |address| address.as_str());
    if let Err(failure) = super::stripe::none_in_address(address) {
        return failure.into_response();
    }
    if needs != Permission::Public {
        match caller(&app, needs, &parts).await {
            Ok(caller) => {
                parts.extensions.insert(caller);
            }
            Err(failure) => return failure.into_response(),
        }
    }
    next.run(Request::from_parts(parts, body)).await
}

/// The one who sends the request and may do what the route needs. Rights are those of this moment.
async fn caller(app: &App, needs: Permission, parts: &Parts) -> Answer<Caller> {
    let presented = Presented::of(app, &parts.headers);
    let at_till = parts.uri.path().strip_prefix("/api/v1/tills/").is_some();
    let sessions = if at_till {
        [presented.till, presented.office]
    } else {
        [presented.office, presented.till]
    };
    if sessions.iter().all(Option::is_none) {
        return Err(Failure::not_signed_in());
    }
    // Commands are not held up here: their rule looks at person and role when it decides.
    let of_people = |session: &Session| !matches!(session.kind, SessionKind::Audit(_));
    let mut signed_in = sessions.into_iter().flatten().filter(of_people);
    if let (Permission::SignedIn, Some(session)) = (needs, signed_in.next()) {
        return Ok(Caller { session });
    }
    let shop = app.engine().snapshot().await?;
    let people = shop.people;
    let mut failure = Failure::not_signed_in();
    for session in sessions.into_iter().flatten() {
        if let SessionKind::Audit(audit) = session.kind {
            match auditor(app, shop.audit.as_ref(), (audit, needs), parts).await {
                Ok(()) => return Ok(Caller { session }),
                Err(other) => failure = other,
            }
            continue;
        }
        match active(&people, session.person) {
            Some(person) if may(person.role, needs) => return Ok(Caller { session }),
            Some(_) => failure = Failure::not_permitted(),
            None => {}
        }
    }
    Err(failure)
}

/// An auditor reads what the table of rights gives them while their audit is open, and nothing else. What they look at is
/// an entry before they see it.
async fn auditor(
    app: &App,
    open: Option<&Audit>,
    (audit, needs): (AuditId, Permission),
    parts: &Parts,
) -> Answer<()> {
    let now = app.now();
    if !open.is_some_and(|open| open.id == audit && open.is_open(now)) {
        return Err(Failure::not_signed_in());
    }
    let address = parts.uri.path_and_query().map_or("", |address| address.as_str());
    let within = address.strip_prefix("/api/v1/audit").map(|rest| rest.trim_start_matches('/'));
    let (Some(what), true) = (within, may(Role::Auditor, needs)) else {
        return Err(Failure::not_permitted());
    };
    match (&parts.method, what) {
        (&Method::GET, what) => {
            let look = ShopCommand::LookInAudit { audit, what: what.to_owned() };
            let nobody = Actor { person: None, approver: None };
            app.engine().shop(own_command(now), nobody, look).await?;
            Ok(())
        }
        (&Method::POST, "leave") => Ok(()),
        _ => Err(Failure::not_permitted()),
    }
}

/// A person who may sign in.
pub(super) fn active(people: &[NamedPerson], id: PersonId) -> Option<&NamedPerson> {
    people.iter().find(|person| person.id == id && person.active)
}

/// Stands before everything: host, origin, and the headers of every answer.
pub(super) async fn outside(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let host = single(request.headers(), header::HOST.as_str()).unwrap_or_default().to_owned();
    let path = request.uri().path().to_owned();
    let own = app.is_own_host(&host) || receipt_pages::is_asked_for(&app, &path, &host).await;
    let response = match own_page(own, &request) {
        Ok(()) => next.run(request).await,
        Err(failure) => failure.into_response(),
    };
    with_headers(response, is_api)
}

fn own_page(own_host: bool, request: &Request) -> Answer<()> {
    let headers = request.headers();
    let host = single(headers, header::HOST.as_str()).unwrap_or_default();
    if !own_host {
        return Err(Failure::new(
            StatusCode::MISDIRECTED_REQUEST,
            "wrong_host",
            "this is not the host asked for",
        ));
    }
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let site = single(headers, "sec-fetch-site");
    let from_own_page = match single(headers, header::ORIGIN.as_str()) {
        Some(origin) => {
            ["http://", "https://"].iter().any(|s| origin.strip_prefix(s) == Some(host))
        }
        None => !changes,
    };
    let is_api = request.uri().path().starts_with("/api/");
    let site_fits = match site {
        Some("same-origin") | None => true,
        // A person who opens an address, or follows a link to a page.
        Some("none") => !changes,
        Some(_) => !changes && !is_api,
    };
    if from_own_page && site_fits {
        return Ok(());
    }
    Err(Failure::new(
        StatusCode::FORBIDDEN,
        "cross_origin",
        "the request does not come from the shop's own page",
    ))
}

/// A header that comes once and is text.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() { Some("") } else { Some(value.to_str().unwrap_or("")) }
}

fn with_headers(mut response: Response, is_api: bool) -> Response {
    let headers = response.headers_mut();
    let mut default = |name: &'static str, value: &'static str| {
        if !headers.contains_key(name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    default("content-security-policy", POLICY);
    default("x-content-type-options", "nosniff");
    default("referrer-policy", "no-referrer");
    default("cross-origin-opener-policy", "same-origin");
    default("cross-origin-resource-policy", "same-origin");
    default("cache-control", if is_api { "no-store" } else { "no-cache" });
    response
}
