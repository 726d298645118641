//! Asks cash machines, as [`super::runner`] asks card terminals: with the same attempts, written down at the same moments.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use devices::cash_machine::{Desk, Ended, Pace, converse};
use domain::TerminalId;
use domain::command::AttemptStep;
use domain::payment::{
    Approval, Attempt, CardFacts, CashCounted, Doubt, Outcome as Known, Purpose,
};
use glory::message::Message;
use glory::session::{Login, Outcome, Progress, Wanted, Why};
use money::Money;
use payment::driver::Before;
use payment::line::{Dial, Ledger, Tcp};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::book::Book;
use super::runner::Asks;
use super::taker::Machine;
use crate::api::view::LampState;
use crate::engine::{Engine, EngineError, Progress as Shown};
use crate::ids::draw;
use crate::vault::{Kept, kept_sealed};

/// How long it may take until there is a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// Numbers of requests have eleven digits: seven for the attempt, four for the shop, which may have been restored.
const ATTEMPTS: u64 = 10_000_000;
const SHOPS: u64 = 10_000;
/// How often it is looked whether somebody wants to pay.
const PAYMENT_LOOK: Duration = Duration::from_millis(500);

/// Where the password of a cash machine lies, apart from the settings and the journal.
#[must_use]
pub fn machine_key(at: &str) -> String {
    format!("cash_machine_password_{at}")
}

trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Duplex for T {}

/// `host:port`, and whether the line is sealed.
fn place(at: &str) -> (&str, bool) {
    match at.strip_prefix("wss://") {
        Some(address) => (address, true),
        None => (at.strip_prefix("ws://").unwrap_or(at), false),
    }
}

async fn dial(machine: &Machine) -> io::Result<Box<dyn Duplex>> {
    let (address, sealed) = place(&machine.at);
    let connecting = async {
        if !sealed {
            let line = Tcp(address.to_owned()).dial().await?;
            return Ok(Box::new(line) as Box<dyn Duplex>);
        }
        // Nothing is sent to a machine that nobody has vouched for.
        let pinned = machine.known.certificate.as_deref().and_then(|text| text.parse().ok());
        let pinned = pinned.ok_or(io::ErrorKind::PermissionDenied)?;
        let way = payment::pin::to(address, pinned).map_err(io::Error::other)?;
        Ok(Box::new(way.dial().await?) as Box<dyn Duplex>)
    };
    timeout(CONNECT, connecting).await?
}

/// A conversation to its end; none when there is no line to have it on.
async fn talk(
    machine: &Machine,
    (wanted, password): (Wanted, String),
    pace: Pace,
    cancel: &mut mpsc::UnboundedReceiver<()>,
    desk: &mut impl Desk,
) -> io::Result<Ended> {
    let mut line = dial(machine).await?;
    let login = Login { user: machine.known.user.clone(), password };
    let mut random = || {
        let [a, b, c, d, ..] = draw();
        [a, b, c, d]
    };
    let (address, _) = place(&machine.at);
    let about = (address, wanted, login);
    Ok(converse(&mut line, about, (pace, &mut random), cancel, desk).await)
}

async fn password(engine: &Engine, at: &str) -> Option<String> {
    let key = machine_key(at);
    match engine.with_store(move |store| kept_sealed(store, &key)).await.ok()?.ok()? {
        Kept::Text(password) => Some(password),
        Kept::Nothing => Some(String::new()),
        // A wrong one is not tried again and again.
        Kept::Lost => None,
    }
}

/// Writes down what is about to be asked, and says on how far it is.
struct Beside<'a> {
    book: Book<'a>,
    not_stored: bool,
    tell: mpsc::UnboundedSender<Progress>,
}

impl Desk for Beside<'_> {
    async fn store(&mut self, before: u64) -> bool {
        let stored = self.book.about(&Before(before.to_string())).await.is_ok();
        self.not_stored = !stored;
        stored
    }

    fn say(&mut self, progress: Progress) {
        // Nobody listens any more: then nobody looks.
        let _ = self.tell.send(progress);
    }
}

/// How a conversation ended, with what only whoever had it knows.
struct Heard {
    ended: Ended,
    not_stored: bool,
    /// The cashier gave it up.
    given_up: bool,
}

impl Asks {
    /// Asks the machine for what was intended.
    pub(super) async fn ask_machine(
        &self,
        machine: &Machine,
        attempt: &Attempt,
    ) -> Result<(), EngineError> {
        let amount = minor(attempt.amount);
        let wanted = match attempt.purpose {
            Purpose::Collection => Wanted::Collect { amount },
            _ => Wanted::Pay { amount, number: number(&self.engine.begun().name, attempt) },
        };
        match self.converse(machine, attempt, wanted).await {
            Ok(heard) => self.machine_said(attempt, heard, true).await,
            Err(code) => self.machine_no(attempt, code).await,
        }
    }

    /// Asks the machine what became of it; never asks for money.
    pub(super) async fn find_out_at_machine(
        &self,
        machine: &Machine,
        attempt: &Attempt,
    ) -> Result<(), EngineError> {
        let Ok(before) = attempt.before.parse() else { return Ok(()) };
        let wanted = match attempt.purpose {
            Purpose::Collection => Wanted::FindCollected { before },
            _ => Wanted::FindOut { amount: minor(attempt.amount), before },
        };
        let asking = self.converse(machine, attempt, wanted);
        // A person may be faster.
        match self.unless(self.settled(attempt), asking).await {
            Some(Ok(heard)) => self.machine_said(attempt, heard, false).await,
            Some(Err(_)) | None => Ok(()),
        }
    }

    async fn converse(
        &self,
        machine: &Machine,
        attempt: &Attempt,
        wanted: Wanted,
    ) -> Result<Heard, &'static str> {
        let _turn = self.engine.turn_at(attempt.terminal).await;
        let password = password(&self.engine, &machine.at).await.ok_or("machine_password")?;
        let (tell, mut told) = mpsc::unbounded_channel();
        let (give_up, mut cancel) = mpsc::unbounded_channel();
        let mut desk = Beside { book: self.book(attempt), not_stored: false, tell };
        let book = self.book(attempt);
        let mut given_up = false;
        let beside = async {
            let cancelled = async {
                book.cancel_asked().await;
                given_up = true;
                // It has ended meanwhile: then there is nothing to give up.
                let _ = give_up.send(());
            };
            let shown = async {
                while let Some(progress) = told.recv().await {
                    if let Some(shown) = shown(progress) {
                        // What is not shown is not lost: the next one comes soon.
                        let _ = self.engine.set_progress(attempt.id, shown).await;
                    }
                }
            };
            tokio::join!(cancelled, shown);
            std::future::pending::<Infallible>().await
        };
        let talk = talk(machine, (wanted, password), self.pace.machine, &mut cancel, &mut desk);
        let ended = tokio::select! {
            biased;
            ended = talk => ended,
            never = beside => match never {},
        };
        let not_stored = desk.not_stored;
        match ended {
            Ok(ended) => Ok(Heard { ended, not_stored, given_up }),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                Err("machine_certificate")
            }
            Err(error) if payment::tls::is_distrust(&error) => Err("machine_certificate"),
            Err(_) => Err("machine_unreachable"),
        }
    }

    /// Nothing was asked of it.
    async fn machine_no(&self, attempt: &Attempt, code: &str) -> Result<(), EngineError> {
        self.lamp(LampState::Bad, code, None).await;
        let outcome = Known::Cancelled { code: code.to_owned() };
        self.book(attempt).step(AttemptStep::Outcome(outcome)).await
    }

    async fn machine_said(
        &self,
        attempt: &Attempt,
        heard: Heard,
        asked: bool,
    ) -> Result<(), EngineError> {
        let (paid, cash) = match heard.ended {
            Ended::Outcome(Outcome::Paid { inserted, dispensed, transaction }) => {
                let counted =
                    CashCounted { inserted: money(inserted), dispensed: money(dispensed) };
                let paid = counted.inserted.saturating_plus(counted.dispensed.negated());
                // Found out by what it holds: what was put in nobody counted.
                ((paid, transaction), asked.then_some(counted))
            }
            Ended::Collected => ((attempt.amount, None), None),
            Ended::Outcome(Outcome::NotPaid(why)) => {
                if let Some(code) = lamp(why) {
                    self.lamp(LampState::Bad, code, None).await;
                }
                let gave_back = !asked && why == Why::Cancelled;
                let code = if gave_back { "machine_gave_back" } else { said(why, &heard) };
                let outcome = Known::Cancelled { code: code.to_owned() };
                return self.book(attempt).step(AttemptStep::Outcome(outcome)).await;
            }
            Ended::Outcome(Outcome::Unknown(why)) => {
                self.lamp(LampState::Bad, lamp(why).unwrap_or("machine_doubt"), None).await;
                // Still nobody knows: it stays as it is.
                let step = AttemptStep::Doubt(doubt(why));
                return if asked { self.book(attempt).step(step).await } else { Ok(()) };
            }
            Ended::Inventory(_) => {
                let step = AttemptStep::Doubt(Doubt::BadAnswer);
                return if asked { self.book(attempt).step(step).await } else { Ok(()) };
            }
        };
        let Some(settings) = self.engine.snapshot().await?.settings else { return Ok(()) };
        let (amount, transaction) = paid;
        let card = CardFacts { trace: transaction, ..CardFacts::default() };
        let approval = Approval { amount, currency: settings.currency, partial: false, card, cash };
        let book = self.book(attempt);
        book.step(AttemptStep::Outcome(Known::Approved(Box::new(approval)))).await?;
        self.lamp(LampState::Ok, "ok", None).await;
        // The machine does not wait for a word: what it said is on disk, and holds.
        let (customer, merchant) = (Vec::new(), Vec::new());
        book.step(AttemptStep::Acknowledged { customer, merchant }).await
    }

    /// How an idle machine is.
    pub(super) async fn look_at_machine(&self, machine: &Machine) {
        let looking = look(&self.engine, machine, None, self.pace.machine);
        let payment = async {
            self.engine.payment_waits(machine.known.id).await;
            self.engine.ring_terminal(machine.known.id);
        };
        // Whoever wants to pay does not wait for it.
        let Some(found) = self.unless(payment, looking).await else { return };
        let state = match found.code {
            "ok" => LampState::Ok,
            "machine_not_ready" => LampState::Warn,
            "machine_busy" => return,
            _ => LampState::Bad,
        };
        self.lamp(state, found.code, None).await;
    }
}

/// How a machine is, and what it can pay out.
pub(crate) struct Found {
    pub(crate) code: &'static str,
    pub(crate) inventory: Option<Message>,
}

/// Looks at a machine, with a password that was typed in or the one that is kept. A payment does not wait for it.
pub(crate) async fn look(
    engine: &Engine,
    machine: &Machine,
    typed: Option<String>,
    pace: Pace,
) -> Found {
    let nothing = |code| Found { code, inventory: None };
    let id = machine.known.id;
    if pays(engine, id).await {
        return nothing("machine_busy");
    }
    let looking = async {
        let _turn = engine.turn_at(id).await;
        let password = match typed {
            Some(typed) => typed,
            None => match password(engine, &machine.at).await {
                Some(password) => password,
                None => return nothing("machine_password"),
            },
        };
        let (_keep, mut cancel) = mpsc::unbounded_channel();
        let wanted = (Wanted::Inventory, password);
        match talk(machine, wanted, pace, &mut cancel, &mut Nobody).await {
            Ok(Ended::Inventory(said)) => {
                let code = match said.status {
                    Some(13 | 30) => "machine_fault",
                    Some(0 | 14 | 40) => "machine_not_ready",
                    _ => "ok",
                };
                Found { code, inventory: Some(said) }
            }
            Ok(Ended::Outcome(Outcome::NotPaid(why) | Outcome::Unknown(why))) => {
                nothing(lamp(why).unwrap_or("machine_not_ready"))
            }
            Ok(_) => nothing("machine_protocol"),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                nothing("machine_certificate")
            }
            Err(error) if payment::tls::is_distrust(&error) => nothing("machine_certificate"),
            Err(_) => nothing("machine_unreachable"),
        }
    };
    let somebody_pays = async {
        while !pays(engine, id).await {
            tokio::time::sleep(PAYMENT_LOOK).await;
        }
    };
    tokio::select! {
        found = looking => found,
        () = somebody_pays => nothing("machine_busy"),
    }
}

async fn pays(engine: &Engine, machine: TerminalId) -> bool {
    engine.attempts(machine).await.is_ok_and(|open| !open.iter().all(Attempt::is_in_doubt))
}

/// The certificate that is shown where a machine is; none without TLS, or without an answer.
pub(crate) async fn certificate(at: &str) -> Option<String> {
    let (address, sealed) = place(at);
    if !sealed {
        return None;
    }
    payment::pin::look(address, CONNECT).await.ok().map(|seen| seen.to_string())
}

/// A conversation about nobody's money.
struct Nobody;

impl Desk for Nobody {
    async fn store(&mut self, _: u64) -> bool {
        false
    }

    fn say(&mut self, _: Progress) {}
}

fn minor(amount: Money) -> u64 {
    u64::try_from(amount.minor()).unwrap_or(0)
}

/// More than there is money is no amount: it fits nothing, and a person looks.
fn money(amount: u64) -> Money {
    Money::new(i64::try_from(amount).unwrap_or(i64::MAX))
}

/// The number by which a machine knows a payment: asked again under it, it takes the money once.
fn number(shop: &str, attempt: &Attempt) -> u64 {
    let [a, b, c, d, ..]: [u8; 32] = Sha256::digest(shop).into();
    let shop = u64::from(u32::from_be_bytes([a, b, c, d])) % SHOPS;
    shop.saturating_mul(ATTEMPTS).saturating_add(attempt.id.0 % ATTEMPTS)
}

fn shown(progress: Progress) -> Option<Shown> {
    let (code, inserted) = match progress {
        Progress::Waiting => ("insert_cash", None),
        Progress::Inserted(amount) => ("insert_cash", Some(money(amount))),
        Progress::Dispensing => ("dispensing", None),
        Progress::TakeIt => ("take_cash", None),
        Progress::Cancelling => ("giving_back", None),
    };
    Some(Shown { code: code.to_owned(), text: None, inserted })
}

/// Why no money moved, a stable code.
fn said(why: Why, heard: &Heard) -> &'static str {
    match why {
        Why::Cancelled if heard.given_up => "cashier",
        Why::Cancelled => "machine_customer",
        Why::Busy => "machine_busy",
        Why::NotTaken if heard.not_stored => "machine_not_stored",
        Why::NotTaken => "machine_refused",
        Why::ChangeShort => "change_short",
        Why::Figures => "sum_changed",
        Why::Duplicate => "machine_protocol",
        Why::Faulty | Why::NotLetIn | Why::Garbled | Why::Broken => {
            lamp(why).unwrap_or("machine_protocol")
        }
    }
}

/// What the lamp says of it; nothing of what is no fault of the machine's.
fn lamp(why: Why) -> Option<&'static str> {
    match why {
        Why::Faulty => Some("machine_fault"),
        Why::NotLetIn => Some("machine_password"),
        Why::Broken => Some("machine_unreachable"),
        Why::Garbled => Some("machine_protocol"),
        Why::Cancelled
        | Why::Busy
        | Why::NotTaken
        | Why::ChangeShort
        | Why::Duplicate
        | Why::Figures => None,
    }
}

fn doubt(why: Why) -> Doubt {
    match why {
        Why::Broken => Doubt::ConnectionLost,
        Why::ChangeShort => Doubt::ChangeShort,
        Why::Faulty => Doubt::MachineFault,
        Why::Figures => Doubt::AmountDiffers,
        Why::Cancelled
        | Why::Busy
        | Why::NotLetIn
        | Why::NotTaken
        | Why::Duplicate
        | Why::Garbled => Doubt::BadAnswer,
    }
}
