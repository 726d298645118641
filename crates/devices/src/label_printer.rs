//! A label printer on the wire: asked how it is, then sent labels, then asked whether they came out.
//!
//! What always holds: nothing is sent before the printer has said that it can print, and what was sent is *unknown* until it says that
//! nothing is left.

use std::io;
use std::time::Duration;

use label::zpl::status::{self, Answer, Problem, Status};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, sleep, timeout, timeout_at};

/// So much is sent at once: while a printer's memory is full it takes nothing.
const PIECE: usize = 4 * 1024;

/// How patient one is with a printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// To take the connection.
    pub connect: Duration,
    /// To say how it is.
    pub answer: Duration,
    /// To take the next piece of what it is sent.
    pub piece: Duration,
    /// From one question whether all came out to the next.
    pub pause: Duration,
    /// So long is waited for labels to come out; more of them go on coming.
    pub finish: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(4),
            answer: Duration::from_secs(3),
            piece: Duration::from_secs(15),
            pause: Duration::from_millis(250),
            finish: Duration::from_secs(10),
        }
    }
}

/// Why a printer does not print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Nobody takes the connection.
    Unreachable,
    /// It took the connection and says nothing: perhaps it lacks labels, or its head is open.
    Silent,
    /// What it says is no state of a label printer.
    Garbage,
    /// It says so itself.
    Problem(Problem),
    /// The connection broke, or it took nothing more.
    Broken,
}

/// What became of labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All came out.
    Printed,
    /// It has them all and goes on printing; so many wait.
    Printing(u32),
    /// Surely none came out.
    NotPrinted(Reason),
    /// Nobody knows how many came out.
    Unknown(Reason),
}

/// Asks a printer how it is.
///
/// # Errors
/// When it does not say.
pub async fn state(
    line: &mut (impl AsyncRead + AsyncWrite + Unpin),
    pace: Pace,
) -> Result<Status, Reason> {
    let asked = async {
        line.write_all(status::ASK).await?;
        line.flush().await?;
        let mut bytes = Vec::new();
        let mut buffer = [0; 256];
        loop {
            let count = line.read(&mut buffer).await?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            bytes.extend_from_slice(buffer.get(..count).unwrap_or_default());
            match status::read(&bytes) {
                Answer::More => {}
                Answer::Status(status) => return Ok(Some(status)),
                Answer::Garbage => return Ok(None),
            }
        }
    };
    match timeout(pace.answer, asked).await {
        Ok(Ok(Some(status))) => Ok(status),
        Ok(Ok(None)) => Err(Reason::Garbage),
        Ok(Err::<_, io::Error>(_)) => Err(Reason::Broken),
        Err(_) => Err(Reason::Silent),
    }
}

/// Has a printer print labels.
pub async fn print(
    line: &mut (impl AsyncRead + AsyncWrite + Unpin),
    labels: &[u8],
    pace: Pace,
) -> Outcome {
    match state(line, pace).await {
        Err(reason) => return Outcome::NotPrinted(reason),
        Ok(status) => {
            if let Some(problem) = status.problem() {
                return Outcome::NotPrinted(Reason::Problem(problem));
            }
        }
    }
    for piece in labels.chunks(PIECE) {
        let sent = async {
            line.write_all(piece).await?;
            line.flush().await
        };
        match timeout(pace.piece, sent).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return Outcome::Unknown(Reason::Broken),
        }
    }
    let end = Instant::now() + pace.finish;
    loop {
        let left = match timeout_at(end + pace.answer, state(line, pace)).await {
            Err(_) => return Outcome::Unknown(Reason::Silent),
            Ok(Err(reason)) => return Outcome::Unknown(reason),
            Ok(Ok(status)) => {
                if let Some(problem) = status.problem() {
                    return Outcome::Unknown(Reason::Problem(problem));
                }
                if status.is_done() {
                    return Outcome::Printed;
                }
                status.left.max(status.formats).max(1)
            }
        };
        if Instant::now() >= end {
            return Outcome::Printing(left);
        }
        sleep(pace.pause).await;
    }
}
