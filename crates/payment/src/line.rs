//! Carries a conversation over sockets: bytes, requests, timers, and what must be on disk before anything goes on.

use std::collections::VecDeque;
use std::future::{Future, pending};
use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::driver::{
    Before, Conversation, End, Identity, Input, Output, Progress, Said, Talk, Why,
};
use crate::post::{Credential, Posts, Request, ask};
use crate::tls::is_distrust;

/// Most bytes that are read at once.
const READ_MAX: usize = 4 * 1024;

/// It could not be put on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it could not be put on disk")]
pub struct NotStored;

/// Where an attempt is written down. What it answers decides what the terminal is told, so it answers only
/// when that is certain; it should not take longer than a few seconds, for the terminal waits.
pub trait Ledger: Send {
    /// The terminal is about to be asked for money; `before` is kept for [`crate::Driver::query`].
    ///
    /// # Errors
    /// [`NotStored`]: then the terminal is not asked.
    fn about(&mut self, before: &Before) -> impl Future<Output = Result<(), NotStored>> + Send;

    /// What the terminal says it did. It may come again, then the last one holds.
    ///
    /// # Errors
    /// [`NotStored`]: then the terminal is told to take it back.
    fn outcome(&mut self, said: &Said) -> impl Future<Output = Result<(), NotStored>> + Send;

    /// Which terminal answered, as far as it says; before [`Ledger::about`] is asked. Nobody has to listen.
    fn reported(&mut self, _identity: &Identity) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }

    /// The terminal does not say which device it is; before [`Ledger::about`] is asked. Nobody has to listen.
    fn silent(&mut self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }

    /// What is going on, for the screen.
    fn progress(&mut self, progress: &Progress) -> impl Future<Output = ()> + Send;

    /// Comes back when somebody wants to give up. It is dropped and asked anew in between.
    fn cancel_asked(&self) -> impl Future<Output = ()> + Send;
}

/// How long the line waits for the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Until there is a connection.
    pub connect: Duration,
    /// Until the terminal has taken what is sent.
    pub send: Duration,
    /// Pauses, but not limits of patience, are divided by this; 1 in a shop, more in tests.
    pub hurry: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), send: Duration::from_secs(5), hurry: 1 }
    }
}

/// A way to a terminal.
pub trait Dial: Send + Sync {
    /// The connection.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send;
    /// Connects.
    ///
    /// # Errors
    /// When there is no connection to be had.
    fn dial(&self) -> impl Future<Output = io::Result<Self::Stream>> + Send;
    /// What HTTP calls the other side.
    fn host(&self) -> &str {
        "terminal"
    }
    /// What shows the other side who asks, with each request.
    fn credential(&self) -> Option<&Credential> {
        None
    }
}

/// A terminal at `host:port`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tcp(pub String);

impl Dial for Tcp {
    type Stream = TcpStream;

    async fn dial(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(&self.0).await?;
        // The few bytes of an answer must not wait for more.
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

/// Runs a conversation with a terminal to its end, over any kind of connection.
///
/// Dropping it hangs up: what was asked for is then unknown, unless the ledger was never told of it.
pub async fn run_over<D: Dial>(
    mut talk: Talk,
    dial: &D,
    pace: &Pace,
    ledger: &mut impl Ledger,
) -> End {
    let mut line = Line { dial, pace, stream: None, timer: None, posts: Posts::default() };
    let mut may_cancel = true;
    let mut todo = VecDeque::from(talk.on(Input::Begin));
    let mut buffer = vec![0; READ_MAX];
    loop {
        while let Some(output) = todo.pop_front() {
            match line.perform(output, talk.as_mut(), ledger).await {
                Ok(more) => todo.extend(more),
                Err(end) => return *end,
            }
        }
        if line.stream.is_none() && line.timer.is_none() && line.posts.is_empty() {
            // Nothing can happen any more.
            return End::Unknown { why: Why::ConnectionLost, detail: "closed" };
        }
        let cancelled = async {
            if !may_cancel {
                pending::<()>().await;
            }
            ledger.cancel_asked().await;
        };
        let answer;
        let input = tokio::select! {
            biased;
            () = cancelled => {
                may_cancel = false;
                Input::CancelAsked
            }
            count = read(&mut line.stream, &mut buffer) => {
                match buffer.get(..count) {
                    Some(bytes) if count > 0 => Input::Bytes(bytes),
                    _ => {
                        line.stream = None;
                        Input::Closed
                    }
                }
            }
            (number, posted) = line.posts.next() => {
                answer = posted;
                match &answer {
                    Ok((status, body)) => Input::Answered { number, status: *status, body },
                    Err(how) => Input::NotAnswered { number, how: *how },
                }
            }
            () = until(line.timer) => {
                line.timer = None;
                Input::Timer
            }
        };
        todo.extend(talk.on(input));
    }
}

/// How many bytes came; none at the end of the connection.
async fn read<S: AsyncRead + Unpin>(stream: &mut Option<S>, buffer: &mut [u8]) -> usize {
    match stream {
        Some(stream) => stream.read(buffer).await.unwrap_or(0),
        None => pending().await,
    }
}

async fn until(timer: Option<Instant>) {
    match timer {
        Some(at) => sleep_until(at).await,
        None => pending().await,
    }
}

struct Line<'a, D: Dial> {
    dial: &'a D,
    pace: &'a Pace,
    stream: Option<D::Stream>,
    timer: Option<Instant>,
    posts: Posts<'a>,
}

impl<D: Dial> Line<'_, D> {
    /// Does what is said, and says what the conversation makes of it; errs with its end.
    async fn perform(
        &mut self,
        output: Output,
        talk: &mut dyn Conversation,
        ledger: &mut impl Ledger,
    ) -> Result<Vec<Output>, Box<End>> {
        let stored = |done: Result<(), NotStored>| match done {
            Ok(()) => Input::Stored,
            Err(NotStored) => Input::NotStored,
        };
        let input = match output {
            Output::Done(end) => {
                self.hang_up().await;
                return Err(Box::new(end));
            }
            Output::Progress(progress) => {
                ledger.progress(&progress).await;
                return Ok(Vec::new());
            }
            Output::Reported(identity) => {
                ledger.reported(&identity).await;
                return Ok(Vec::new());
            }
            Output::Silent => {
                ledger.silent().await;
                return Ok(Vec::new());
            }
            Output::StartTimer { after, pause } => {
                self.timer = Some(Instant::now() + self.millis(after, pause));
                return Ok(Vec::new());
            }
            Output::Send(bytes) => {
                if self.send(&bytes.0).await {
                    return Ok(Vec::new());
                }
                self.stream = None;
                Input::Closed
            }
            Output::Post { number, path, body } => {
                let request = Request { path, body: Some(body.0) };
                self.posts.add(number, ask(self.dial, self.pace.connect, request));
                return Ok(Vec::new());
            }
            Output::Get { number, path } => {
                let request = Request { path, body: None };
                self.posts.add(number, ask(self.dial, self.pace.connect, request));
                return Ok(Vec::new());
            }
            Output::Connect { after } => self.connect(after).await,
            Output::About(before) => stored(ledger.about(&before).await),
            Output::Outcome(said) => stored(ledger.outcome(&said).await),
        };
        Ok(talk.on(input))
    }

    fn millis(&self, millis: u32, pause: bool) -> Duration {
        let by = if pause { self.pace.hurry.max(1) } else { 1 };
        Duration::from_millis(u64::from(millis)) / by
    }

    async fn connect(&mut self, after: u32) -> Input<'static> {
        self.hang_up().await;
        self.timer = None;
        sleep(self.millis(after, true)).await;
        match timeout(self.pace.connect, self.dial.dial()).await {
            Ok(Ok(stream)) => {
                self.stream = Some(stream);
                Input::Connected
            }
            Ok(Err(error)) if is_distrust(&error) => Input::NotTrusted,
            Ok(Err(_)) | Err(_) => Input::Unreachable,
        }
    }

    async fn send(&mut self, bytes: &[u8]) -> bool {
        let Some(stream) = &mut self.stream else { return false };
        let sending = async {
            stream.write_all(bytes).await?;
            stream.flush().await
        };
        matches!(timeout(self.pace.send, sending).await, Ok(Ok(())))
    }

    /// Says that nothing more comes, so that the last answer is not lost.
    async fn hang_up(&mut self) {
        if let Some(mut stream) = self.stream.take() {
            // Whether the terminal hears it makes no difference any more.
            let _told = timeout(self.pace.send, stream.shutdown()).await;
        }
    }
}
