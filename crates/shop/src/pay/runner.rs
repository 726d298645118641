//! Asks card terminals: one task per terminal, one payment at a time.
//!
//! What is on disk decides, never what the task remembers: a payment that was only intended is asked for,
//! one that was sent when the program ended is in doubt, and what is in doubt is asked about, again and
//! again, until the terminal or a person says what became of it. No payment and no refund is ever asked for
//! twice; a reversal is, as often as it takes.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use domain::command::AttemptStep;
use domain::payment::{Attempt, AttemptState, Doubt, Purpose};
use domain::terminal_day::Closing;
use domain::{Refusal, TerminalId};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use money::Money;
use payment::driver::{Ask, Before, End, Moment, Purpose as Wanted, Said};
use tokio::sync::watch;

use super::book::{Book, doubt, no_money};
use super::guard::{Heard, report};
use super::service::log_off;
use super::taker::Taker;
use super::wanted::wanted;
use super::way::Way;
use crate::api::payments::TerminalIdentity;
use crate::api::view::{Lamp, LampKind, LampState};
use crate::clock::Clock;
use crate::engine::{Engine, EngineError, TerminalKnown};

/// How patient the runner is.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How often an idle terminal is asked how it is.
    pub look: Duration,
    /// How long to wait before a terminal is asked again about a payment in doubt, at first; it grows
    /// with each time.
    pub ask_again: Duration,
    /// The longest that wait becomes.
    pub at_most: Duration,
    /// The network.
    pub line: payment::line::Pace,
    /// Cash machines.
    pub machine: devices::cash_machine::Pace,
}

impl Default for Pace {
    fn default() -> Self {
        Pace {
            look: Duration::from_secs(60),
            ask_again: Duration::from_secs(5),
            at_most: Duration::from_secs(15 * 60),
            line: payment::line::Pace::default(),
            machine: devices::cash_machine::Pace::default(),
        }
    }
}

/// Runs until the engine stops or `stop` turns true.
pub async fn run(engine: Engine, clock: Arc<dyn Clock>, stop: watch::Receiver<bool>) {
    run_at(engine, clock, stop, Pace::default()).await;
}

/// Why a reversal did not work this time and may the next time; everything else is for a person.
pub(super) const MAY_WORK_LATER: [&str; 16] = [
    // What the terminal does not have can be asked for again.
    "not_booked",
    // These pass by themselves, or once a person mends what is in the way.
    "bad_certificate",
    "bad_settings",
    "no_connection",
    "not_ready",
    "wrong_password",
    "unreachable",
    "busy",
    "no_answer",
    "closed",
    "garbage",
    "not_stored",
    "not_registered",
    "wrong_key",
    "terminal_stopped",
    "terminal_silent",
];

/// How often it is looked whether there are other terminals.
const SETTINGS_LOOK: Duration = Duration::from_secs(2);

/// The longest wait before a terminal is asked again about a payment in doubt: nothing else is paid there.
const DOUBT_AT_MOST: Duration = Duration::from_secs(60);

/// How often it is looked whether a person settled what a terminal is asked about.
const SETTLED_LOOK: Duration = Duration::from_secs(1);

/// How long a conversation on a serial line may go on that nobody needs any more.
const WINDS_UP: Duration = Duration::from_secs(5);

/// [`run`] at a pace of the caller's.
pub async fn run_at(
    engine: Engine,
    clock: Arc<dyn Clock>,
    mut stop: watch::Receiver<bool>,
    pace: Pace,
) {
    let mut tasks: Tasks = HashMap::new();
    let told = |before: Taker, now: Option<&Taker>| {
        if let Some(before) = before.left_for(now) {
            tokio::spawn(log_off(engine.clone(), before, pace.line));
        }
    };
    loop {
        let Ok(snapshot) = engine.snapshot().await else { break };
        let settings = snapshot.settings;
        let takers: Vec<Taker> =
            settings.iter().flat_map(|s| Taker::all(s)).map(|(taker, _)| taker).collect();
        for taker in &takers {
            let same =
                tasks.get(&taker.id()).is_some_and(|(at, task)| at == taker && !task.is_finished());
            if same || is_at_it(&engine, &tasks, taker.id()).await {
                continue;
            }
            if let Some((before, old)) = tasks.remove(&taker.id()) {
                old.abort();
                told(before, Some(taker));
            }
            let asks = Asks {
                engine: engine.clone(),
                clock: Arc::clone(&clock),
                taker: taker.clone(),
                pace,
            };
            tasks.insert(taker.id(), (taker.clone(), tokio::spawn(asks.live())));
        }
        tasks.retain(|id, (before, task)| {
            let stays = takers.iter().any(|taker| taker.id() == *id);
            if !stays {
                task.abort();
                told(before.clone(), None);
            }
            stays
        });
        tokio::select! {
            _ = stop.changed() => break,
            () = tokio::time::sleep(SETTINGS_LOOK) => {}
        }
    }
    for (_, (_, task)) in tasks {
        task.abort();
    }
}

/// Who is asked by which task.
type Tasks = HashMap<TerminalId, (Taker, tokio::task::JoinHandle<()>)>;

/// A task that has a payment under way is not torn from its terminal, whatever the settings say now.
async fn is_at_it(engine: &Engine, tasks: &Tasks, terminal: TerminalId) -> bool {
    let alive = tasks.get(&terminal).is_some_and(|(_, task)| !task.is_finished());
    let open = engine.attempts(terminal).await.unwrap_or_default();
    let closing = engine.closing(terminal).await.unwrap_or_default();
    let closes = closing.is_some_and(|closing| !closing.is_unknown());
    alive && (closes || open.iter().any(|a| !a.is_in_doubt()))
}

/// One terminal's task.
pub(super) struct Asks {
    pub(super) engine: Engine,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) taker: Taker,
    pub(super) pace: Pace,
}

impl Asks {
    pub(super) fn id(&self) -> TerminalId {
        self.taker.id()
    }

    async fn live(self) {
        let mut tries = 0;
        while let Ok(open) = self.engine.attempts(self.id()).await {
            let closing = self.engine.closing(self.id()).await.unwrap_or_default();
            // One that was begun in spite of a doubt does not wait until that is settled.
            if let Some(closing) = closing.filter(Closing::holds_terminal)
                && open.iter().all(Attempt::is_in_doubt)
            {
                if closing.is_unknown() && tries > 0 {
                    self.wait(self.growing(tries).min(DOUBT_AT_MOST)).await;
                }
                tries = if closing.is_unknown() { tries.saturating_add(1) } else { 0 };
                match self.close_day(&closing).await {
                    Err(EngineError::Stopped) => return,
                    Err(EngineError::NotStored(_)) => self.wait(self.pace.ask_again).await,
                    Ok(()) | Err(EngineError::Refused(_)) => {}
                }
                continue;
            }
            let Some(attempt) = open.into_iter().next() else {
                tries = 0;
                self.look().await;
                self.wait(self.pace.look).await;
                continue;
            };
            let done = match attempt.state {
                // Whatever became of it after the backup that was put back, this file does not know.
                AttemptState::Intended if self.is_of_backup(&attempt) => {
                    let why = if attempt.failures > 0 {
                        Doubt::ReversalFailed
                    } else {
                        Doubt::Interrupted
                    };
                    self.doubt(&attempt, why).await
                }
                // Whoever wanted to pay when the program ended is gone.
                AttemptState::Intended if self.is_of_before(&attempt) => {
                    let code = "interrupted".to_owned();
                    let cancelled = domain::payment::Outcome::Cancelled { code };
                    self.book(&attempt).step(AttemptStep::Outcome(cancelled)).await
                }
                AttemptState::Intended if attempt.failures > 0 && tries == 0 => {
                    // A reversal that failed is tried again after a while.
                    tries = 1;
                    self.wait(self.growing(attempt.failures)).await;
                    continue;
                }
                AttemptState::Intended => {
                    tries = 0;
                    self.ask(&attempt).await
                }
                AttemptState::Sent => self.doubt(&attempt, Doubt::Interrupted).await,
                AttemptState::Recorded => self.doubt(&attempt, Doubt::NotAcknowledged).await,
                AttemptState::InDoubt { .. } if !attempt.is_asked_about() => {
                    self.lamp(LampState::Bad, self.taker.doubt(), None).await;
                    self.wait(self.pace.look).await;
                    Ok(())
                }
                AttemptState::InDoubt { .. } => {
                    if tries > 0 {
                        self.lamp(LampState::Bad, self.taker.doubt(), None).await;
                        self.wait(self.growing(tries).min(DOUBT_AT_MOST)).await;
                    }
                    tries = tries.saturating_add(1);
                    self.find_out(&attempt).await
                }
            };
            match done {
                Err(EngineError::Stopped) => return,
                // The disk says no: what is on it decides when it is looked at again.
                Err(EngineError::NotStored(_)) => self.wait(self.pace.ask_again).await,
                Ok(()) | Err(EngineError::Refused(_)) => {}
            }
        }
    }

    /// A payment or refund that was intended before this program began; a reversal is still owed. By its
    /// number: clocks are set.
    fn is_of_before(&self, attempt: &Attempt) -> bool {
        attempt.id <= self.engine.begun().attempt
            && !matches!(attempt.purpose, Purpose::Reversal { .. })
    }

    /// It stood in a backup that was put back. A reversal too: the number of what it takes back may be that of
    /// another payment by now.
    fn is_of_backup(&self, attempt: &Attempt) -> bool {
        attempt.id <= self.engine.begun().restored
    }

    /// A conversation's end, unless something comes before it. A connection is closed then, and the terminal knows. A
    /// serial line cannot be: the terminal would wait for an answer, and not hear what is said to it next; so what was
    /// begun there is ended, for some time.
    pub(super) async fn unless<T>(
        &self,
        before: impl Future<Output = ()>,
        talk: impl Future<Output = T>,
    ) -> Option<T> {
        let mut talk = pin!(talk);
        tokio::select! {
            end = &mut talk => return Some(end),
            () = before => {}
        }
        if !self.taker.winds_up() {
            return None;
        }
        tokio::time::timeout(WINDS_UP, talk).await.ok()
    }

    async fn wait(&self, at_most: Duration) {
        tokio::select! {
            () = self.engine.payment_waits(self.id()) => {}
            () = tokio::time::sleep(at_most) => {}
        }
    }

    fn growing(&self, times: u32) -> Duration {
        let factor = 1_u32.checked_shl(times.saturating_sub(1).min(12)).unwrap_or(u32::MAX);
        self.pace.ask_again.saturating_mul(factor).min(self.pace.at_most)
    }

    /// The terminal's driver with what is set today, and the way to it.
    pub(super) async fn way(&self) -> Option<Way> {
        Way::to(&self.engine, self.taker.terminal()?).await
    }

    /// What is asked for.
    async fn ask_of(&self, attempt: &Attempt) -> Ask {
        let snapshot = self.engine.snapshot().await.ok();
        let settings = snapshot.and_then(|s| s.settings);
        let zone = settings
            .as_ref()
            .and_then(|s| TimeZone::get(&s.time_zone).ok())
            .unwrap_or(TimeZone::UTC);
        // When the terminal is asked, or was.
        let moment = attempt.sent.unwrap_or_else(|| self.clock.now());
        let local = zone.to_datetime(moment);
        let unsigned = |number: i8| u8::try_from(number).unwrap_or(0);
        let tips = settings.as_ref().is_some_and(|s| s.tips.is_some());
        Ask {
            tips: tips && attempt.purpose == Purpose::Payment,
            amount: attempt.amount.minor(),
            currency: settings.map_or_else(String::new, |s| s.currency.code().to_owned()),
            at: Some(Moment {
                month: unsigned(local.month()),
                day: unsigned(local.day()),
                hour: unsigned(local.hour()),
                minute: unsigned(local.minute()),
            }),
            // A reversal that failed is asked for anew, and that is another thing to a terminal. Other shops
            // and other lives of this one count their attempts as well.
            key: format!("{}-{}-{}", self.engine.begun().name, attempt.id, attempt.failures),
            time: attempt.asked.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            age: age(self.clock.now(), attempt.asked),
        }
    }

    /// Asks the terminal for what was intended.
    async fn ask(&self, attempt: &Attempt) -> Result<(), EngineError> {
        if let Taker::Machine(machine) = &self.taker {
            return self.ask_machine(machine, attempt).await;
        }
        let mut book = self.book(attempt);
        let ask = self.ask_of(attempt).await;
        let Some(way) = self.way().await else {
            return self.no(&book, "bad_settings").await;
        };
        let driver = &way.driver;
        let ask = Ask { tips: ask.tips && driver.capabilities().tips, ..ask };
        let Some(wanted) = wanted(attempt, driver.capabilities()) else {
            return self.no(&book, "no_reference").await;
        };
        let talk = match &wanted {
            Wanted::Payment => driver.pay(&ask),
            Wanted::Refund => driver.refund(&ask),
            Wanted::Reversal(reference) => driver.reverse(&ask, reference),
            Wanted::Reservation(step) => driver.reservation(step, &ask),
        };
        let end = way.run(talk, &self.pace.line, &mut book).await;
        self.conclude(&book, end).await
    }

    /// Asks the terminal what became of a payment; never asks for money.
    async fn find_out(&self, attempt: &Attempt) -> Result<(), EngineError> {
        if let Taker::Machine(machine) = &self.taker {
            return self.find_out_at_machine(machine, attempt).await;
        }
        let mut book = self.book(attempt);
        let ask = self.ask_of(attempt).await;
        let Some(way) = self.way().await else { return Ok(()) };
        let Some(purpose) = wanted(attempt, way.driver.capabilities()) else { return Ok(()) };
        let talk = way.driver.query(&purpose, &ask, &Before(attempt.before.clone()));
        let asking = way.run(talk, &self.pace.line, &mut book);
        // A person may be faster; the next payment does not wait for an answer that nobody needs.
        let Some(end) = self.unless(self.settled(attempt), asking).await else { return Ok(()) };
        match end {
            // Still nobody knows: it stays as it is.
            End::Unknown { .. } => Ok(()),
            end => self.conclude(&book, end).await,
        }
    }

    /// Comes back when the payment is closed. The bell may wake somebody else: it is looked at anyway.
    pub(super) async fn settled(&self, attempt: &Attempt) {
        loop {
            let open = self.engine.attempts(self.id()).await.unwrap_or_default();
            if open.iter().all(|a| a.id != attempt.id) {
                return;
            }
            self.wait(SETTLED_LOOK).await;
        }
    }

    pub(super) fn book<'a>(&'a self, attempt: &'a Attempt) -> Book<'a> {
        let (engine, clock) = (&self.engine, &*self.clock);
        Book { engine, clock, attempt, stopped: false, unheard: false, silent: false }
    }

    /// It cannot be asked for at all.
    async fn no(&self, book: &Book<'_>, code: &'static str) -> Result<(), EngineError> {
        let said = Said::Cancelled { code };
        self.conclude(book, End::NoMoney(said)).await
    }

    /// Records how it ended. What is refused was settled otherwise meanwhile.
    async fn conclude(&self, book: &Book<'_>, end: End) -> Result<(), EngineError> {
        let is_reversal = matches!(book.attempt.purpose, Purpose::Reversal { .. });
        let step = match end {
            End::Acknowledged(approved) => {
                let payment::driver::Slips { customer, merchant } = approved.slips;
                self.lamp(LampState::Ok, "ok", None).await;
                AttemptStep::Acknowledged { customer, merchant }
            }
            End::NoMoney(said) => {
                let said = match said {
                    // Nothing was on disk because the terminal is another one, or was found tampered with.
                    Said::Cancelled { code: "not_stored" } if book.stopped => {
                        Said::Cancelled { code: "terminal_stopped" }
                    }
                    Said::Cancelled { code: "not_stored" } if book.silent => {
                        Said::Cancelled { code: "terminal_silent" }
                    }
                    said => said,
                };
                let outcome = no_money(&said);
                let code = match &outcome {
                    domain::payment::Outcome::Declined { code, .. }
                    | domain::payment::Outcome::Cancelled { code } => code.clone(),
                    domain::payment::Outcome::Approved(_) => String::new(),
                };
                if code == "unreachable" {
                    self.lamp(LampState::Bad, "unreachable", None).await;
                }
                if is_reversal && code == "already_reversed" {
                    // The money is back, whoever did it.
                    return self.already_back(book).await;
                }
                if is_reversal && MAY_WORK_LATER.contains(&code.as_str()) {
                    AttemptStep::ReversalFailed { code }
                } else if is_reversal {
                    AttemptStep::Doubt(Doubt::ReversalFailed)
                } else {
                    AttemptStep::Outcome(outcome)
                }
            }
            End::Unknown { why, .. } => AttemptStep::Doubt(doubt(why)),
            End::DayClosed(_)
            | End::DayStands(_)
            | End::Identity(_)
            | End::Diagnosed
            | End::Reservations(_)
            | End::Done => AttemptStep::Doubt(Doubt::BadAnswer),
        };
        match book.step(step).await {
            // What the terminal said does not fit what is on disk: then nobody knows.
            Err(EngineError::Refused(Refusal::UnknownAttempt)) => {
                book.step(AttemptStep::Doubt(Doubt::BadAnswer)).await
            }
            other => other,
        }
    }

    /// The terminal says that it took the payment back before.
    async fn already_back(&self, book: &Book<'_>) -> Result<(), EngineError> {
        let snapshot = self.engine.snapshot().await?;
        let Some(settings) = snapshot.settings else { return Ok(()) };
        // The tip went back with the rest: the amount is the whole.
        let tip = Money::ZERO;
        let card = book.attempt.reverses.as_deref().cloned().unwrap_or_default();
        let card = domain::payment::CardFacts { tip, ..card };
        let (amount, currency) = (book.attempt.amount, settings.currency);
        let approval =
            domain::payment::Approval { amount, currency, partial: false, card, cash: None };
        if book.attempt.state == AttemptState::Intended {
            book.step(AttemptStep::Sent { before: String::new() }).await?;
        }
        let outcome = domain::payment::Outcome::Approved(Box::new(approval));
        book.step(AttemptStep::Outcome(outcome)).await?;
        let (customer, merchant) = (Vec::new(), Vec::new());
        book.step(AttemptStep::Acknowledged { customer, merchant }).await
    }

    async fn doubt(&self, attempt: &Attempt, why: Doubt) -> Result<(), EngineError> {
        self.book(attempt).step(AttemptStep::Doubt(why)).await
    }

    /// How an idle terminal is.
    async fn look(&self) {
        if let Taker::Machine(machine) = &self.taker {
            return self.look_at_machine(machine).await;
        }
        let Some(way) = self.way().await else {
            self.lamp(LampState::Bad, "error", None).await;
            return;
        };
        let terminal = self.id();
        let (engine, clock) = (&self.engine, &*self.clock);
        let mut heard = Heard { engine, clock, terminal, silent: false };
        let end = way.run(way.driver.identity(), &self.pace.line, &mut heard);
        // Whoever wants to pay does not wait for it.
        let payment = async {
            self.engine.payment_waits(self.id()).await;
            self.engine.ring_terminal(self.id());
        };
        let Some(end) = self.unless(payment, end).await else { return };
        match end {
            End::Identity(identity) => {
                // What cannot be written down now is said again at the next look.
                let _later = report(engine, clock, terminal, &identity).await;
                let ready = identity.state.is_none_or(|state| state == "approved");
                let known = TerminalIdentity {
                    terminal_id: identity.tid,
                    model: identity.model,
                    serial: identity.serial,
                    software: identity.software,
                };
                let (state, code) =
                    if ready { (LampState::Ok, "ok") } else { (LampState::Warn, "not_ready") };
                self.lamp(state, code, Some(known)).await;
            }
            end => self.lamp(LampState::Bad, in_the_way(&end), None).await,
        }
    }

    pub(super) async fn lamp(
        &self,
        state: LampState,
        code: &str,
        identity: Option<TerminalIdentity>,
    ) {
        let before = self.engine.terminal(self.id()).await.unwrap_or_default();
        let kind = match self.taker {
            Taker::Terminal(_) => LampKind::Terminal,
            Taker::Machine(_) => LampKind::CashMachine,
        };
        let lamp = Lamp { kind, state, code: code.to_owned(), waiting: 0 };
        let known =
            TerminalKnown { lamp: Some(lamp), identity: identity.or(before.identity.clone()) };
        if known.lamp != before.lamp || known.identity != before.identity {
            let _ = self.engine.set_terminal(self.id(), known).await;
        }
    }
}

/// Why a terminal did not say which one it is, as its lamp tells it.
fn in_the_way(end: &End) -> &'static str {
    match end {
        End::NoMoney(Said::Cancelled { code }) => match *code {
            // Somebody answers, but not as the terminal that was set.
            "bad_certificate" | "other_terminal" | "wrong_password" => code,
            // It answers, but the shop has to do something first.
            "wrong_key" | "not_registered" => "not_ready",
            _ => "unreachable",
        },
        _ => "unreachable",
    }
}

/// Seconds since it was asked for. Where the clock was set back since, nobody knows: then it is very old, and
/// no terminal is believed that it never heard of it.
fn age(now: Timestamp, asked: Timestamp) -> u64 {
    u64::try_from(now.duration_since(asked).as_secs()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lamp_tells_a_wrong_password_and_another_terminal_from_none_that_answers() {
        let lamp = |code| in_the_way(&End::NoMoney(Said::Cancelled { code }));
        for code in ["bad_certificate", "other_terminal", "wrong_password", "unreachable"] {
            assert_eq!(lamp(code), code);
        }
        assert_eq!((lamp("wrong_key"), lamp("no_answer")), ("not_ready", "unreachable"));
    }

    #[test]
    fn what_was_asked_for_in_the_future_is_very_old() {
        let at = |second| Timestamp::from_second(second).unwrap_or_default();
        assert_eq!(age(at(100), at(40)), 60);
        assert_eq!(age(at(40), at(100)), u64::MAX);
    }
}
