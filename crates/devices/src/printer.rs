//! A receipt printer, wherever it is connected and whatever it speaks.
//!
//! A job goes: connect → ask for the state → write the job → wait until the printer has worked it off (ESC/POS answers `GS r 1` only then,
//! Star counts one up, ePOS answers the request) → ask for the state again. Before the first byte of the job is written, every failure
//! means that nothing came out; after it, a failure means that nobody knows.

use std::time::Duration;

use escpos::{
    AutoStatusFilter, COUNT_WHEN_PRINTED, Language, PaperAnswer, Problem, Query,
    STAR_STATUS_REQUEST, StarStatus, Status,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout, timeout_at};

use crate::line::{self, Place, SerialLine};
use crate::web;

/// How long the printer may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// To take the connection.
    pub connect: Duration,
    /// To answer a question about its state, and to take each stretch of a job.
    pub answer: Duration,
    /// To work off a job.
    pub finish: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            answer: Duration::from_secs(2),
            finish: Duration::from_secs(20),
        }
    }
}

/// Why a job did not come out, or why nobody knows. [`Reason::code`] is stable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// No connection.
    #[error("the printer cannot be reached: {0}")]
    Unreachable(String),
    /// It was silent for too long.
    #[error("the printer does not answer")]
    NoAnswer,
    /// It answered something else than a state.
    #[error("the printer answers something that is no printer status")]
    BadAnswer,
    /// It says that it cannot print.
    #[error("the printer is not ready: {0:?}")]
    NotReady(Problem),
    /// The connection broke.
    #[error("the connection to the printer broke off: {0}")]
    Broken(String),
}

impl Reason {
    /// A stable code for screens and records.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "printer_unreachable",
            Self::NoAnswer => "printer_no_answer",
            Self::BadAnswer => "printer_bad_answer",
            Self::Broken(_) => "printer_broken_off",
            Self::NotReady(problem) => match problem {
                Problem::Unrecoverable => "printer_needs_service",
                Problem::Cutter => "printer_cutter",
                Problem::Mechanical => "printer_jam",
                Problem::CoverOpen => "printer_cover_open",
                Problem::PaperEnd => "printer_paper_end",
                Problem::Hot => "printer_hot",
                Problem::Offline => "printer_offline",
            },
        }
    }
}

/// The three answers of a print.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum PrintOutcome {
    /// It came out, and this is the printer's state afterwards.
    Printed(Status),
    /// Surely nothing came out: print it again when the reason is gone.
    NotPrinted(Reason),
    /// Nobody knows what came out: ask a person, and print again only as a copy.
    Unknown(Reason),
}

/// How a printer is reached and what it understands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// Where it is connected. ePOS goes to a page, the other languages to anything else.
    pub place: Place,
    /// What it understands.
    pub language: Language,
    /// How its line is set, at a serial port.
    pub serial: SerialLine,
    /// It passes no answers back (a print server, a plain cable): a job is written blindly, and `Printed` means only that the other
    /// side took all bytes.
    pub silent: bool,
}

impl Setup {
    /// An ordinary printer at this place: ESC/POS, or ePOS where the place is a page.
    #[must_use]
    pub fn usual(place: Place) -> Self {
        let language =
            if matches!(place, Place::Web(_)) { Language::Epos } else { Language::EscPos };
        Self { place, language, serial: SerialLine::usual(9_600), silent: false }
    }
}

/// A printer. One job at a time: a second one waits for the first.
#[derive(Debug)]
pub struct Printer {
    setup: Setup,
    timeouts: Timeouts,
    turn: Mutex<()>,
}

impl Printer {
    /// A printer that is reached like this.
    #[must_use]
    pub fn new(setup: Setup, timeouts: Timeouts) -> Self {
        Self { setup, timeouts, turn: Mutex::new(()) }
    }

    /// How it is reached.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The printer's state now; one that tells nothing is believed to be well when it can be reached.
    ///
    /// # Errors
    /// A [`Reason`] when it cannot be reached or does not tell. A state in which it cannot print is no error.
    pub async fn status(&self) -> Result<Status, Reason> {
        let _turn = self.turn.lock().await;
        if let Some(page) = self.page() {
            return web::status(page, self.timeouts).await;
        }
        let mut line = self.connect().await?;
        if self.setup.silent { Ok(Status::default()) } else { Ok(line.state().await?.0) }
    }

    /// Prints a job that [`crate::job_bytes`] made for this language.
    pub async fn print(&self, job: &[u8]) -> PrintOutcome {
        let _turn = self.turn.lock().await;
        if let Some(page) = self.page() {
            return web::print(page, job, self.timeouts).await;
        }
        let (mut line, before) = match self.ready().await {
            Ok(ready) => ready,
            Err(reason) => return PrintOutcome::NotPrinted(reason),
        };
        match line.work_off(job, before, self.setup.silent, self.timeouts.finish).await {
            Ok(status) => PrintOutcome::Printed(status),
            Err(reason) => PrintOutcome::Unknown(reason),
        }
    }

    /// Sends bytes that are not the printer's own but for a device that it passes them on to, in turn with its jobs: amid
    /// a receipt they would be part of it.
    ///
    /// # Errors
    /// A [`Reason`] when they could not be sent. Nothing tells whether they arrived behind the printer.
    pub async fn pass_on(&self, bytes: &[u8]) -> Result<(), Reason> {
        let _turn = self.turn.lock().await;
        let mut line = self.connect().await?;
        line.send(bytes).await?;
        let ending = async {
            line.line.flush().await?;
            line.line.shutdown().await
        };
        match timeout(self.timeouts.answer, ending).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(Reason::Broken(error.to_string())),
            Err(_) => Err(Reason::NoAnswer),
        }
    }

    fn page(&self) -> Option<&str> {
        match &self.setup.place {
            Place::Web(page) => Some(page),
            _ => None,
        }
    }

    async fn connect(&self) -> Result<Line, Reason> {
        let opened = line::open(&self.setup.place, self.setup.serial, self.timeouts.connect).await;
        let line = opened.map_err(|error| Reason::Unreachable(error.to_string()))?;
        let language = self.setup.language;
        // Star's states are blocks of their own, and are taken apart elsewhere.
        let automatic = (language == Language::EscPos).then(AutoStatusFilter::default);
        Ok(Line { line, language, patience: self.timeouts.answer, automatic })
    }

    /// Connects and makes sure that the printer can print. Nothing that prints has been sent yet.
    async fn ready(&self) -> Result<(Line, Count), Reason> {
        let mut line = self.connect().await?;
        if self.setup.silent {
            return Ok((line, None));
        }
        let (status, count) = line.state().await?;
        match status.problem() {
            Some(problem) => Err(Reason::NotReady(problem)),
            None => Ok((line, count)),
        }
    }
}

/// How many jobs a Star printer says it has worked off.
type Count = Option<u8>;

/// An open connection.
struct Line {
    line: line::Line,
    language: Language,
    patience: Duration,
    /// What was last seen of states that nobody asked for. It lasts as long as the connection: a block may begin before one answer and end
    /// after it.
    automatic: Option<AutoStatusFilter>,
}

impl Line {
    async fn send(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        // In stretches, so that the time limit is one of standing still and not of the whole job.
        for stretch in bytes.chunks(1024) {
            match timeout(self.patience, self.line.write_all(stretch)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return Err(Reason::Broken(error.to_string())),
                Err(_) => return Err(Reason::NoAnswer),
            }
        }
        Ok(())
    }

    /// The first byte that `take` makes something of, within the time. Other bytes (late answers) are passed over, and states that nobody
    /// asked for are not even shown to it.
    async fn answer<T>(
        &mut self,
        patience: Duration,
        mut take: impl FnMut(u8) -> Option<T>,
    ) -> Result<T, Reason> {
        let mut strange = false;
        let waiting = async {
            loop {
                match self.line.read_u8().await {
                    Ok(byte) => {
                        let automatic = self.automatic.as_mut();
                        let Some(byte) = automatic.map_or(Some(byte), |blocks| blocks.pass(byte))
                        else {
                            continue;
                        };
                        match take(byte) {
                            Some(answer) => return Ok(answer),
                            None => strange = true,
                        }
                    }
                    Err(error) => return Err(Reason::Broken(error.to_string())),
                }
            }
        };
        match timeout(patience, waiting).await {
            Ok(answer) => answer,
            Err(_) if strange => Err(Reason::BadAnswer),
            Err(_) => Err(Reason::NoAnswer),
        }
    }

    /// The state in the printer's language.
    async fn state(&mut self) -> Result<(Status, Count), Reason> {
        match self.language {
            Language::Star => {
                let state = self.star_state().await?;
                Ok((state.status, state.printed))
            }
            Language::EscPos | Language::Epos => Ok((self.status().await?, None)),
        }
    }

    async fn star_state(&mut self) -> Result<StarStatus, Reason> {
        self.send(&STAR_STATUS_REQUEST).await?;
        let mut received = Vec::new();
        self.answer(self.patience, |byte| {
            received.push(byte);
            StarStatus::take(&mut received)
        })
        .await
    }

    /// Asks the four questions one after the other, because the answers do not say to which question they belong.
    async fn status(&mut self) -> Result<Status, Reason> {
        let mut status = Status::default();
        for query in Query::ALL {
            self.send(&query.bytes()).await?;
            let byte =
                self.answer(self.patience, |byte| Status::is_answer(byte).then_some(byte)).await?;
            status.take_answer(query, byte).map_err(|_| Reason::BadAnswer)?;
        }
        Ok(status)
    }

    /// From here on every failure means that nobody knows.
    async fn work_off(
        &mut self,
        job: &[u8],
        before: Count,
        silent: bool,
        finish: Duration,
    ) -> Result<Status, Reason> {
        self.send(job).await?;
        if silent {
            let ended = self.line.shutdown().await;
            ended.map_err(|error| Reason::Broken(error.to_string()))?;
            return Ok(Status::default());
        }
        if self.language == Language::Star {
            return self.star_worked_off(before, finish).await;
        }
        self.send(&PaperAnswer::QUERY).await?;
        match self.answer(finish, |byte| PaperAnswer::parse(byte).ok()).await {
            Ok(_) => {}
            // Stuck in mid-job: real-time questions are answered even so, and say why.
            Err(Reason::NoAnswer | Reason::BadAnswer) => {
                let problem = self.status().await?.problem();
                return Err(problem.map_or(Reason::NoAnswer, Reason::NotReady));
            }
            Err(reason) => return Err(reason),
        }
        let status = self.status().await?;
        match status.problem() {
            Some(problem) => Err(Reason::NotReady(problem)),
            None => Ok(status),
        }
    }

    /// Until the printer has counted one up, or says why it stands still. One that does not count has taken the bytes, and nobody
    /// knows more.
    async fn star_worked_off(&mut self, before: Count, finish: Duration) -> Result<Status, Reason> {
        self.send(&[COUNT_WHEN_PRINTED]).await?;
        let until = Instant::now() + finish;
        loop {
            let state = match timeout_at(until, self.star_state()).await {
                Ok(state) => state?,
                Err(_) => return Err(Reason::NoAnswer),
            };
            if let Some(problem) = state.status.problem() {
                return Err(Reason::NotReady(problem));
            }
            match (before, state.printed) {
                (Some(before), Some(now)) if before != now => return Ok(state.status),
                (Some(_), Some(_)) if Instant::now() < until => {}
                (Some(_), Some(_)) => return Err(Reason::NoAnswer),
                _ => return Ok(state.status),
            }
            tokio::time::sleep(STAR_LOOK).await;
        }
    }
}

/// How often a Star printer is asked whether it has counted.
const STAR_LOOK: Duration = Duration::from_millis(50);
