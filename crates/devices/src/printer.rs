//! A receipt printer on the network (ESC/POS over TCP, usually port 9100).
//!
//! A job goes: connect → ask for the state → write the job → wait until the printer has worked it off (`GS r 1` is
//! answered only then) → ask for the state again. Before the first byte of the job is written, every failure means
//! that nothing came out; after it, a failure means that nobody knows.

use std::time::Duration;

use escpos::{PaperAnswer, Problem, Query, Status};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::timeout;

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

/// A printer at an address. One job at a time: a second one waits for the first.
#[derive(Debug)]
pub struct TcpPrinter {
    address: String,
    timeouts: Timeouts,
    tells_state: bool,
    turn: Mutex<()>,
}

impl TcpPrinter {
    /// A printer at `host:port`.
    #[must_use]
    pub fn new(address: impl Into<String>, timeouts: Timeouts) -> Self {
        Self { address: address.into(), timeouts, tells_state: true, turn: Mutex::new(()) }
    }

    /// For print servers that pass no answers back: the job is written blindly, and `Printed` means only that the
    /// other side took all bytes.
    #[must_use]
    pub fn without_answers(mut self) -> Self {
        self.tells_state = false;
        self
    }

    /// The address that the printer was made with.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The printer's state now.
    ///
    /// # Errors
    /// A [`Reason`] when it cannot be reached or does not tell. A state in which it cannot print is no error.
    pub async fn status(&self) -> Result<Status, Reason> {
        let _turn = self.turn.lock().await;
        let mut line = self.connect().await?;
        line.status().await
    }

    /// Prints a job that [`crate::job_bytes`] made.
    pub async fn print(&self, job: &[u8]) -> PrintOutcome {
        let _turn = self.turn.lock().await;
        let mut line = match self.ready().await {
            Ok(line) => line,
            Err(reason) => return PrintOutcome::NotPrinted(reason),
        };
        match line.work_off(job, self.tells_state, self.timeouts.finish).await {
            Ok(status) => PrintOutcome::Printed(status),
            Err(reason) => PrintOutcome::Unknown(reason),
        }
    }

    async fn connect(&self) -> Result<Line, Reason> {
        let stream = match timeout(self.timeouts.connect, TcpStream::connect(&self.address)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(Reason::Unreachable(error.to_string())),
            Err(_) => return Err(Reason::Unreachable("no connection in time".to_owned())),
        };
        // The few bytes of a question must not wait for more.
        stream.set_nodelay(true).map_err(|error| Reason::Unreachable(error.to_string()))?;
        Ok(Line { stream, patience: self.timeouts.answer })
    }

    /// Connects and makes sure that the printer can print. Nothing that prints has been sent yet.
    async fn ready(&self) -> Result<Line, Reason> {
        let mut line = self.connect().await?;
        if self.tells_state {
            let status = line.status().await?;
            if let Some(problem) = status.problem() {
                return Err(Reason::NotReady(problem));
            }
        }
        Ok(line)
    }
}

/// An open connection.
struct Line {
    stream: TcpStream,
    patience: Duration,
}

impl Line {
    async fn send(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        // In stretches, so that the time limit is one of standing still and not of the whole job.
        for stretch in bytes.chunks(1024) {
            match timeout(self.patience, self.stream.write_all(stretch)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return Err(Reason::Broken(error.to_string())),
                Err(_) => return Err(Reason::NoAnswer),
            }
        }
        Ok(())
    }

    /// The first byte that `take` makes something of, within the time. Other bytes (late or automatic answers) are
    /// passed over.
    async fn answer<T>(
        &mut self,
        patience: Duration,
        take: impl Fn(u8) -> Option<T>,
    ) -> Result<T, Reason> {
        let mut strange = false;
        let waiting = async {
            loop {
                match self.stream.read_u8().await {
                    Ok(byte) => match take(byte) {
                        Some(answer) => return Ok(answer),
                        None => strange = true,
                    },
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
        tells_state: bool,
        finish: Duration,
    ) -> Result<Status, Reason> {
        self.send(job).await?;
        if !tells_state {
            self.stream.shutdown().await.map_err(|error| Reason::Broken(error.to_string()))?;
            return Ok(Status::default());
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
}
