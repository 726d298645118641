//! A cash machine on the wire: what a [`glory::session::Session`] wants to say, carried over a WebSocket.

use std::io;
use std::time::Duration;

use glory::engine::{self, Packet};
use glory::message::Message;
use glory::session::{Login, Outcome, Progress, Session, Step, Wanted, Why};
use glory::websocket::{Frame, Reader, agreed, encode, head, hello};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

/// How patient one is with a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// For each answer that the machine gives by itself.
    pub answer: Duration,
    /// Without any word while a customer pays: they look for coins. The machine itself is asked for a pong in between.
    pub customer: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { answer: Duration::from_secs(10), customer: Duration::from_secs(90) }
    }
}

/// What ends a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// What became of money.
    Outcome(Outcome),
    /// What can be paid out.
    Inventory(Message),
    /// It is being collected.
    Collected,
}

/// What whoever asks hears and says meanwhile.
pub trait Desk {
    /// What could be paid out before the payment, minor units. Money is asked for only after this has returned true: it is stored.
    fn store(&mut self, before: u64) -> impl Future<Output = bool> + Send;
    /// How far it is.
    fn say(&mut self, progress: Progress);
}

/// Random bytes: a key for the handshake, and masks.
pub type Random<'a> = &'a mut (dyn FnMut() -> [u8; 4] + Send);

/// Converses until it is known what became of it. A word over `cancel` gives a payment up, as far as the machine lets it. Whatever ends
/// the line ends it as well: once money was asked for, with nobody knowing what became of it.
pub async fn converse(
    line: &mut (impl AsyncRead + AsyncWrite + Unpin),
    (host, wanted, login): (&str, Wanted, Login),
    (pace, random): (Pace, Random<'_>),
    cancel: &mut mpsc::UnboundedReceiver<()>,
    desk: &mut impl Desk,
) -> Ended {
    let mut session = Session::new(wanted, login);
    let ended = talk(line, host, &mut session, (pace, random), cancel, desk).await;
    ended.unwrap_or_else(|_| Ended::Outcome(session.broken()))
}

async fn talk(
    line: &mut (impl AsyncRead + AsyncWrite + Unpin),
    host: &str,
    session: &mut Session,
    (pace, random): (Pace, Random<'_>),
    cancel: &mut mpsc::UnboundedReceiver<()>,
    desk: &mut impl Desk,
) -> io::Result<Ended> {
    let mut rest = timeout(pace.answer, shake_hands(line, host, random)).await??;
    let mut reader = Reader::default();
    let mut buffer = vec![0; 16 * 1024];
    let mut ping = Duration::from_secs(25);
    let mut cancellable = true;
    let mut heard = Instant::now();
    loop {
        let frames = reader.push(&std::mem::take(&mut rest)).map_err(|_| broken())?;
        for frame in frames {
            heard = Instant::now();
            let steps = match frame {
                Frame::Text(text) => {
                    let packet = engine::decode(&text);
                    if let Packet::Open { ping_interval } = packet {
                        ping = Duration::from_millis(ping_interval);
                    }
                    session.packet(&packet)
                }
                Frame::Binary(bytes) => session.binary(&bytes),
                Frame::Ping(bytes) => {
                    say(line, &Frame::Pong(bytes), random, pace).await?;
                    Vec::new()
                }
                Frame::Pong(_) => Vec::new(),
                Frame::Close => return Err(broken()),
            };
            if let Some(ended) = carry_out(line, session, steps, (pace, random), desk).await? {
                return Ok(ended);
            }
        }
        let patience = if session.waits_for_customer() { pace.customer } else { pace.answer };
        let left = patience.saturating_sub(heard.elapsed());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        tokio::select! {
            read = timeout(left.min(ping), line.read(&mut buffer)) => match read {
                Ok(Ok(0)) => return Err(broken()),
                Ok(Ok(count)) => rest = buffer.get(..count).unwrap_or_default().to_vec(),
                Ok(Err(error)) => return Err(error),
                // A machine that is there answers.
                Err(_) => {
                    let packet = Frame::Text(engine::encode(&Packet::Ping));
                    say(line, &packet, random, pace).await?;
                }
            },
            asked = cancel.recv(), if cancellable => {
                cancellable = asked.is_some();
                if asked.is_some() {
                    let steps = session.cancel();
                    if let Some(ended) = carry_out(line, session, steps, (pace, random), desk).await? {
                        return Ok(ended);
                    }
                }
            }
        }
    }
}

async fn carry_out(
    line: &mut (impl AsyncRead + AsyncWrite + Unpin),
    session: &mut Session,
    steps: Vec<Step>,
    (pace, random): (Pace, Random<'_>),
    desk: &mut impl Desk,
) -> io::Result<Option<Ended>> {
    let mut steps: std::collections::VecDeque<Step> = steps.into();
    while let Some(step) = steps.pop_front() {
        match step {
            Step::Send(packet) => {
                say(line, &Frame::Text(engine::encode(&packet)), random, pace).await?;
            }
            Step::Store { before } => {
                if !desk.store(before).await {
                    return Ok(Some(Ended::Outcome(Outcome::NotPaid(Why::NotTaken))));
                }
                steps.extend(session.go());
            }
            Step::Say(progress) => desk.say(progress),
            Step::Outcome(outcome) => return Ok(Some(Ended::Outcome(outcome))),
            Step::Inventory(message) => return Ok(Some(Ended::Inventory(message))),
            Step::Collected => return Ok(Some(Ended::Collected)),
        }
    }
    Ok(None)
}

fn broken() -> io::Error {
    io::ErrorKind::UnexpectedEof.into()
}

async fn say(
    line: &mut (impl AsyncWrite + Unpin),
    frame: &Frame,
    random: &mut (dyn FnMut() -> [u8; 4] + Send),
    pace: Pace,
) -> io::Result<()> {
    let bytes = encode(frame, Some(random()));
    timeout(pace.answer, line.write_all(&bytes)).await?
}

/// Begins the WebSocket; what came behind the handshake.
async fn shake_hands(
    line: &mut (impl AsyncRead + AsyncWrite + Unpin),
    host: &str,
    random: &mut (dyn FnMut() -> [u8; 4] + Send),
) -> io::Result<Vec<u8>> {
    let parts = [random(), random(), random(), random()];
    let mut key = [0; 16];
    for (to, from) in key.iter_mut().zip(parts.iter().flatten()) {
        *to = *from;
    }
    line.write_all(hello(host, engine::PATH, key).as_bytes()).await?;
    let mut bytes = Vec::new();
    loop {
        let mut buffer = [0; 1_024];
        let count = line.read(&mut buffer).await?;
        if count == 0 {
            return Err(broken());
        }
        bytes.extend_from_slice(buffer.get(..count).unwrap_or_default());
        if let Some((said, length)) = head(&bytes).map_err(|_| broken())? {
            if !agreed(&said, key) {
                return Err(broken());
            }
            return Ok(bytes.split_off(length));
        }
    }
}
