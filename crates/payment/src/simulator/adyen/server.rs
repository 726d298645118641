//! The least HTTPS that a terminal needs: one message a connection.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::desk::{Reply, Visit};
use crate::simulator::Wire;

/// Longest head of a request.
const HEAD_MAX: usize = 8 * 1024;
/// Most connections at a time.
const RUNNING_MAX: usize = 32;
/// How long a till may take to send or read.
const PATIENCE: Duration = Duration::from_secs(5);

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
    let Ok(Ok(mut stream)) = timeout(PATIENCE, tls.accept(wire)).await else { return };
    let Ok(Some(body)) = timeout(PATIENCE, read(&mut stream)).await else { return };
    let (reply, replied) = oneshot::channel();
    if visits.send(Visit { body, reply }).await.is_err() {
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

/// The body of a message; none when it is no message.
async fn read(stream: &mut (impl AsyncReadExt + Unpin)) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if bytes.len() > HEAD_MAX || stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8_lossy(bytes.get(..head)?).to_ascii_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:"))?;
    let length: usize = length.trim().parse().ok()?;
    if !text.starts_with("post /nexo http/1.1\r\n") || length > nexo::LONGEST {
        return None;
    }
    let mut body = bytes.split_off(head);
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    body.truncate(length);
    Some(body)
}
