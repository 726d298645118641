//! A checkout scale on the wire: what a [`scale::Session`] wants to say, carried over a line. Nothing here judges a weight.

use std::io;
use std::time::Duration;

use scale::{Fault, Memory, Session, State, Step, Weighing};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

/// Most bytes that are thrown away at once before a scale is asked again: one that floods the line must not keep anybody.
const FLOOD: usize = 64 * 1024;

/// How patient one is with a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// To take the connection.
    pub connect: Duration,
    /// To answer.
    pub answer: Duration,
    /// From one question to the next; scales want 200 ms at least.
    pub pause: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            answer: Duration::from_millis(1_500),
            pause: Duration::from_millis(250),
        }
    }
}

/// Converses until something was weighed, or never will be; says each time why not yet. Dropped, it is given up: no weighing
/// comes of it; what it says comes with what is to be remembered of the load.
///
/// # Errors
/// When the line breaks: nothing was weighed, as far as anybody here knows.
pub async fn converse(
    line: &mut (impl AsyncRead + AsyncWrite + Unpin),
    session: &mut Session,
    pace: Pace,
    mut say: impl FnMut(State, Memory),
) -> io::Result<Result<Weighing, Fault>> {
    say(State::Asking, session.memory());
    session.reconnected();
    let mut out = session.again();
    loop {
        send(line, &out, pace.answer).await?;
        let step = match timeout(pace.answer, answer(line, session)).await {
            Ok(step) => step?,
            Err(_) => session.silent(),
        };
        match step {
            Step::Send(bytes) => out = bytes,
            Step::Wait(state) => {
                say(state, session.memory());
                tokio::time::sleep(pace.pause).await;
                throw_away(line).await?;
                out = session.again();
            }
            Step::Done(weighing, acknowledgement) => {
                // The weighing stands whether or not the scale hears that it was heard.
                let _unheard = send(line, &acknowledgement, pace.answer).await;
                return Ok(Ok(weighing));
            }
            Step::Never(fault) => return Ok(Err(fault)),
        }
    }
}

async fn send(
    line: &mut (impl AsyncWrite + Unpin),
    bytes: &[u8],
    patience: Duration,
) -> io::Result<()> {
    let sending = async {
        line.write_all(bytes).await?;
        line.flush().await
    };
    // A peer that takes nothing is as good as gone.
    timeout(patience, sending).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

async fn answer(line: &mut (impl AsyncRead + Unpin), session: &mut Session) -> io::Result<Step> {
    let mut buffer = [0; 256];
    loop {
        let count = line.read(&mut buffer).await?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(step) = buffer.get(..count).and_then(|bytes| session.receive(bytes)) {
            return Ok(step);
        }
    }
}

/// Reads what has come in meanwhile: it answers nothing that is asked from now on.
async fn throw_away(line: &mut (impl AsyncRead + Unpin)) -> io::Result<()> {
    let mut buffer = [0; 1_024];
    let mut thrown = 0_usize;
    while thrown < FLOOD {
        match timeout(Duration::ZERO, line.read(&mut buffer)).await {
            Ok(Ok(0)) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(Ok(count)) => thrown = thrown.saturating_add(count),
            Ok(Err(error)) => return Err(error),
            Err(_) => break,
        }
    }
    Ok(())
}
