//! The least HTTPS that a terminal or a provider needs: one message a connection.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::Wire;

/// Longest head of a request.
const HEAD_MAX: usize = 8 * 1024;
/// Most connections at a time.
const RUNNING_MAX: usize = 32;
/// How long a till may take to send or read.
const PATIENCE: Duration = Duration::from_secs(5);

/// A message that came, and where its answer goes.
pub(super) struct Visit {
    pub(super) method: String,
    /// Path and question.
    pub(super) target: String,
    /// What shows who asks.
    pub(super) key: Option<String>,
    pub(super) body: Vec<u8>,
    /// Dropped, the connection breaks.
    pub(super) reply: oneshot::Sender<Reply>,
}

/// An answer.
pub(super) struct Reply {
    pub(super) status: &'static str,
    pub(super) body: Vec<u8>,
    pub(super) flaw: Flaw,
}

impl Reply {
    pub(super) const fn plain(status: &'static str, body: Vec<u8>) -> Self {
        Self { status, body, flaw: Flaw::None }
    }
}

/// Answers. Whoever asked may have gone.
pub(super) fn send(reply: oneshot::Sender<Reply>, sent: Reply) {
    let _gone = reply.send(sent);
}

pub(super) async fn listen(listener: TcpListener, tls: TlsAcceptor, visits: mpsc::Sender<Visit>) {
    let mut running = JoinSet::new();
    loop {
        tokio::select! {
            taken = listener.accept(), if running.len() < RUNNING_MAX => match taken {
                Ok((stream, _)) => {
                    running.spawn(one(stream, tls.clone(), visits.clone()));
                }
                Err(_) => tokio::task::yield_now().await,
            },
            Some(_) = running.join_next() => {}
        }
    }
}

/// Takes one message and answers it. Whoever is gone meanwhile is not told.
pub(super) async fn one(wire: impl Wire, tls: TlsAcceptor, visits: mpsc::Sender<Visit>) {
    if let Ok(Ok(stream)) = timeout(PATIENCE, tls.accept(wire)).await {
        clear(stream, visits).await;
    }
}

/// The same over a line that needs no TLS, or has it already.
pub(super) async fn clear(mut stream: impl Wire, visits: mpsc::Sender<Visit>) {
    let (reply, replied) = oneshot::channel();
    let Ok(Some(visit)) = timeout(PATIENCE, read(&mut stream, reply)).await else { return };
    if visits.send(visit).await.is_err() {
        return;
    }
    // Without a reply the connection breaks.
    let Ok(Reply { status, body, flaw }) = replied.await else { return };
    let mut bytes = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend(&body);
    match flaw {
        Flaw::None => {}
        Flaw::Twice => bytes.extend_from_within(..),
        Flaw::CutOff => bytes.truncate(bytes.len().saturating_sub(body.len() / 2)),
    }
    let sending = async {
        stream.write_all(&bytes).await?;
        stream.shutdown().await
    };
    let _gone = timeout(PATIENCE, sending).await;
}

/// How an answer is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    None,
    Twice,
    CutOff,
}

/// A message; none when it is none.
async fn read(
    stream: &mut (impl AsyncReadExt + Unpin),
    reply: oneshot::Sender<Reply>,
) -> Option<Visit> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if bytes.len() > HEAD_MAX || stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8_lossy(bytes.get(..head)?).into_owned();
    let mut words = text.lines().next()?.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let length = header(&text, "content-length").map_or(Some(0), |length| length.parse().ok())?;
    if words.next() != Some("HTTP/1.1") || length > nexo::LONGEST {
        return None;
    }
    let mut body = bytes.split_off(head);
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    body.truncate(length);
    let key = header(&text, "authorization").or_else(|| header(&text, "x-api-key"));
    Some(Visit { method, target, key: key.map(str::to_owned), body, reply })
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut named = head.lines().filter_map(|line| line.split_once(':'));
    named.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}
