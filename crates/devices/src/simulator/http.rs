//! The least HTTP that a browser needs to show the simulator's page and press its buttons.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::Page;

/// Longest head of a request.
const HEAD_MAX: usize = 8 * 1024;
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn serve(listener: TcpListener, shared: Arc<impl Page>) {
    let mut running = JoinSet::new();
    loop {
        tokio::select! {
            taken = listener.accept() => match taken {
                Ok((stream, _)) => {
                    let shared = Arc::clone(&shared);
                    running.spawn(async move {
                        // A browser that is slow or gone gets no answer; there is nobody to tell.
                        let _late = timeout(PATIENCE, one(stream, &*shared)).await;
                    });
                }
                Err(_) => tokio::task::yield_now().await,
            },
            Some(_) = running.join_next() => {}
        }
    }
}

/// Answers one request and closes the connection.
async fn one(mut stream: TcpStream, shared: &impl Page) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|four| four == b"\r\n\r\n") && head.len() < HEAD_MAX {
        if stream.read_buf(&mut head).await? == 0 {
            break;
        }
    }
    let answer = respond(&String::from_utf8_lossy(&head), shared);
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

fn respond(head: &str, shared: &impl Page) -> String {
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap_or_default().split(' ');
    let (method, path) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
    let header = |name: &str| {
        let named = |line: &&str| {
            line.split(':').next().is_some_and(|known| known.eq_ignore_ascii_case(name))
        };
        head.split("\r\n")
            .skip(1)
            .find(named)
            .and_then(|line| line.split_once(':'))
            .map(|(_, value)| value.trim())
    };
    match (method, path) {
        ("GET", "/") => answer("200 OK", "text/html; charset=utf-8", "", &shared.html()),
        ("GET", "/recording") => {
            answer("200 OK", "text/plain; charset=utf-8", "", &shared.recording())
        }
        ("POST", path) => {
            // Buttons work only from the page itself: another site's form has another origin.
            let own = header("host").map(|host| format!("http://{host}"));
            if header("origin").is_some_and(|origin| Some(origin) != own.as_deref()) {
                answer("403 Forbidden", "text/plain", "", "other origin\n")
            } else if shared.act(path) {
                answer("303 See Other", "text/plain", "Location: /\r\n", "")
            } else {
                answer("404 Not Found", "text/plain", "", "no such button\n")
            }
        }
        ("GET", _) => answer("404 Not Found", "text/plain", "", "no such page\n"),
        _ => answer("405 Method Not Allowed", "text/plain", "Allow: GET, POST\r\n", ""),
    }
}

fn answer(status: &str, kind: &str, more: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\
         Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; \
         frame-ancestors http://127.0.0.1:* http://localhost:*\r\n{more}\r\n{body}",
        body.len()
    )
}
