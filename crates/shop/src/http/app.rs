//! What every request shares: the engine, readers, sessions, secrets, jobs.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use domain::people::{CredentialKind, Role};
use domain::settings::Settings;
use domain::{AuditId, PersonId, TillId};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use store::{Reader, SessionRow, StoreError};
use tokio::sync::watch;

use super::counter::Simulator;
use super::hand_out::{self, Exports, Place};
use super::problem::{Answer, Failure};
use super::readers::Readers;
use super::streams::Streams;
use crate::api::record::Verification;
use crate::auth::{Limits, Secrets, Session, SessionKind, Sessions, SetupCode, TILL_LASTS, Token};
use crate::clock::Clock;
use crate::country::{Offered, offered};
use crate::engine::{Engine, EngineError, Snapshot};
use crate::import::Imports;
use crate::personal::unnamed;

/// Names under which a machine reaches itself.
const LOOPBACK: &[&str] = &["localhost", "127.0.0.1", "[::1]"];

/// How the service is reached.
#[derive(Debug, Clone, Default)]
pub struct HttpConfig {
    /// Host names besides the loopback ones under which the shop may be asked, without a port.
    pub hosts: Vec<String>,
    /// The simulated devices of a demo, in the order in which they are shown; none in a shop that sells.
    pub simulators: Vec<Simulator>,
}

/// Why the service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The shop's file cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine does not answer.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// There is no randomness for the setup code.
    #[error("the system gives no random numbers")]
    NoRandomness,
}

struct Inner {
    engine: Engine,
    readers: Readers,
    clock: Arc<dyn Clock>,
    sessions: Sessions,
    secrets: Secrets,
    limits: Limits,
    setup_code: SetupCode,
    setup_turn: tokio::sync::Mutex<()>,
    backup_turn: tokio::sync::Mutex<()>,
    exports: Exports,
    audit_code: Mutex<Option<(AuditId, SetupCode)>>,
    imports: Imports,
    streams: Streams,
    verification: Mutex<Option<Verification>>,
    closing: watch::Sender<bool>,
    hosts: Vec<String>,
    simulators: Vec<Simulator>,
}

/// The service; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

impl App {
    /// Readies the service on a running engine. Sessions of before go on.
    pub async fn start(
        engine: Engine,
        clock: Arc<dyn Clock>,
        config: HttpConfig,
    ) -> Result<App, StartError> {
        // Before anybody can ask for one anew.
        let file = engine.path().to_owned();
        let _stays = tokio::task::spawn_blocking(move || hand_out::tidy(&file)).await;
        let readers = Readers::new(engine.path());
        let sessions = Sessions::default();
        let oldest = clock.now().saturating_sub(TILL_LASTS).unwrap_or(Timestamp::MIN);
        let stored = engine.with_store(move |store| {
            store.expire_sessions(oldest)?;
            store.sessions()
        });
        let stored = stored.await??;
        sessions.load(stored.iter().filter_map(from_row), &*clock);
        let setup_code = SetupCode::fresh().map_err(|_| StartError::NoRandomness)?;
        let inner = Inner {
            engine,
            readers,
            clock,
            sessions,
            secrets: Secrets::default(),
            limits: Limits::default(),
            setup_code,
            setup_turn: tokio::sync::Mutex::new(()),
            backup_turn: tokio::sync::Mutex::new(()),
            exports: Exports::default(),
            audit_code: Mutex::new(None),
            imports: Imports::new(),
            streams: Streams::default(),
            verification: Mutex::new(None),
            closing: watch::Sender::new(false),
            hosts: config.hosts,
            simulators: config.simulators,
        };
        let app = App(Arc::new(inner));
        if let Some(open) = app.0.engine.snapshot().await?.audit {
            super::audit::watch(&app, &open);
        }
        Ok(app)
    }

    /// The one-time code for the first run, to be shown by the program to the one who started it; none
    /// once the shop is set up.
    pub async fn setup_code(&self) -> Result<Option<String>, EngineError> {
        let needed =
            self.setup_needed().await.map_err(|f| EngineError::NotStored(f.code().to_owned()))?;
        Ok(needed.then(|| self.0.setup_code.shown()))
    }

    /// The simulated devices of a demo.
    pub(super) fn simulators(&self) -> &[Simulator] {
        &self.0.simulators
    }

    /// Ends all event streams.
    pub fn close(&self) {
        self.0.closing.send_replace(true);
    }

    /// Becomes true when the service closes down.
    pub(super) fn closing(&self) -> watch::Receiver<bool> {
        self.0.closing.subscribe()
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.0.engine
    }

    /// The catalogue imports.
    pub fn imports(&self) -> &Imports {
        &self.0.imports
    }

    /// The event streams that are open.
    pub(super) fn streams(&self) -> &Streams {
        &self.0.streams
    }

    pub(super) fn secrets(&self) -> &Secrets {
        &self.0.secrets
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(super) fn setup_secret(&self) -> &SetupCode {
        &self.0.setup_code
    }

    /// One set-up at a time.
    pub(super) async fn setup_turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.setup_turn.lock().await
    }

    /// One backup at a time; none when one is being written.
    pub(super) fn backup_turn(&self) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        self.0.backup_turn.try_lock().ok()
    }

    /// Refuses what means nothing in the shop's country.
    pub(super) async fn only_where(&self, which: fn(&Offered) -> bool) -> Answer<()> {
        if which(&offered(&*self.settings().await?)) {
            Ok(())
        } else {
            Err(Failure::not_in_country())
        }
    }

    /// A turn to make a file that is handed out whole, and its place until it is sent. One is made at a time, and few are
    /// under way; refused beyond that.
    pub(super) fn export_turn(&self) -> Answer<(tokio::sync::OwnedMutexGuard<()>, Place)> {
        self.0.exports.begin().ok_or_else(|| {
            let running = (StatusCode::UNPROCESSABLE_ENTITY, "export_running");
            Failure::new(running.0, running.1, "as many as may be are under way already")
        })
    }

    /// The code of the audit that was opened last, while it was not used.
    pub(super) fn audit_code<T>(
        &self,
        how: impl FnOnce(&mut Option<(AuditId, SetupCode)>) -> T,
    ) -> T {
        how(&mut self.0.audit_code.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    pub(super) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub(super) fn file(&self) -> &Path {
        self.0.engine.path()
    }

    /// Changes or reads the verification that runs or ran last.
    pub(super) fn verification<T>(&self, how: impl FnOnce(&mut Option<Verification>) -> T) -> T {
        how(&mut self.0.verification.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads from the shop's file, beside the engine.
    pub(super) async fn read<T, F>(&self, work: F) -> Answer<T>
    where
        T: Send + 'static,
        F: FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
    {
        self.0.readers.read(work).await
    }

    /// The shop at a glance.
    pub(super) async fn snapshot(&self) -> Answer<Snapshot> {
        Ok(self.0.engine.snapshot().await?)
    }

    /// The settings; refuses before the set-up.
    pub(super) async fn settings(&self) -> Answer<Arc<Settings>> {
        self.snapshot().await?.settings.ok_or_else(Failure::not_configured)
    }

    /// The shop's local time.
    pub(super) fn local(&self, settings: &Settings) -> DateTime {
        let zone = TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC);
        self.now().to_zoned_datetime(zone).datetime()
    }

    /// True until there is a manager who can sign in at the office.
    pub(super) async fn setup_needed(&self) -> Answer<bool> {
        let shop = self.snapshot().await?;
        let managers: Vec<PersonId> = shop
            .people
            .iter()
            .filter(|p| p.active && p.role == Role::Manager)
            .map(|p| p.id)
            .collect();
        if shop.settings.is_none() || managers.is_empty() {
            return Ok(true);
        }
        let known = self.read(|reader| reader.credentials()).await?;
        Ok(!known
            .iter()
            .any(|(who, kind)| *kind == CredentialKind::Passphrase && managers.contains(who)))
    }

    /// True for the shop's own names, whatever the port.
    pub(super) fn is_own_host(&self, host: &str) -> bool {
        let name = match host.rsplit_once(':') {
            Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => {
                name
            }
            _ => host,
        };
        let own = LOOPBACK.iter().copied().chain(self.0.hosts.iter().map(String::as_str));
        !name.is_empty() && own.into_iter().any(|own| own.eq_ignore_ascii_case(name))
    }

    /// The live session of a token.
    pub(super) fn find_session(&self, token: &Token) -> Option<Session> {
        let found = self.0.sessions.find(token, &*self.0.clock)?;
        if found.note {
            let (app, session) = (self.clone(), found.session);
            // How long ago a session was used may be a little stale in the file; nobody waits for it.
            tokio::spawn(async move {
                let touch =
                    move |store: &mut store::Store| store.touch_session(&session.key, session.seen);
                let _ = app.0.engine.with_store(touch).await;
            });
        }
        Some(found.session)
    }

    /// True while a session lives; looking does not keep it alive.
    pub(super) fn lives(&self, session: &Session) -> bool {
        self.0.sessions.lives(&session.key, &*self.0.clock)
    }

    /// A new session on disk; at a till it ends the one before.
    pub(super) async fn begin_session(
        &self,
        person: PersonId,
        kind: SessionKind,
    ) -> Answer<(Session, Token)> {
        let token = Token::fresh().map_err(Failure::not_stored)?;
        let (session, ended) = self.0.sessions.begin(&token, person, kind, &*self.0.clock);
        let row = to_row(&session);
        let saved = self.0.engine.with_store(move |store| {
            ended
                .iter()
                .try_for_each(|s| store.delete_session(&s.key))
                .and_then(|()| store.put_session(&row))
        });
        match saved.await {
            Ok(Ok(())) => Ok((session, token)),
            Ok(Err(error)) => {
                self.0.sessions.end_where(|s| s.key == session.key);
                Err(error.into())
            }
            Err(error) => {
                self.0.sessions.end_where(|s| s.key == session.key);
                Err(error.into())
            }
        }
    }

    /// Ends the sessions that fit, here and on disk.
    pub(super) async fn end_sessions(&self, fits: impl Fn(&Session) -> bool) -> Answer<()> {
        let ended = self.0.sessions.end_where(fits);
        if ended.is_empty() {
            return Ok(());
        }
        let delete = move |store: &mut store::Store| {
            ended.iter().try_for_each(|s| store.delete_session(&s.key))
        };
        Ok(self.0.engine.with_store(delete).await??)
    }
}

fn from_row(row: &SessionRow) -> Option<Session> {
    let kind = match (row.kind.as_str(), row.till) {
        ("till", Some(till)) => SessionKind::Till(till),
        ("office", None) => SessionKind::Office,
        (other, None) => SessionKind::Audit(AuditId(other.strip_prefix("audit:")?.parse().ok()?)),
        _ => return None,
    };
    let key = row.token_hash.as_slice().try_into().ok()?;
    Some(Session { key, person: row.person?, kind, created: row.created, seen: row.seen })
}

fn to_row(session: &Session) -> SessionRow {
    SessionRow {
        token_hash: session.key.to_vec(),
        person: Some(session.person),
        till: session.till(),
        kind: match session.kind {
            SessionKind::Till(_) => "till".to_owned(),
            SessionKind::Office => "office".to_owned(),
            SessionKind::Audit(audit) => format!("audit:{audit}"),
        },
        created: session.created,
        seen: session.seen,
    }
}

/// The name of a person today, or what stands in its place.
pub(super) fn person_name(shop: &Snapshot, id: PersonId) -> String {
    shop.people.iter().find(|p| p.id == id).map_or_else(|| unnamed(id), |p| p.name.clone())
}

/// The name of a till today.
pub(super) fn till_name(settings: &Settings, id: TillId) -> String {
    settings.tills.iter().find(|t| t.id == id).map_or_else(|| id.to_string(), |t| t.name.clone())
}
