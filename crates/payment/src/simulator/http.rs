//! The least HTTP that a browser needs to show the simulator's page and press its buttons.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::{Controls, page};

/// Longest head of a request.
const HEAD_MAX: usize = 8 * 1024;
/// Most requests at a time.
const RUNNING_MAX: usize = 32;
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn serve(listener: TcpListener, controls: Controls) {
    let mut running = JoinSet::new();
    loop {
        tokio::select! {
            taken = listener.accept(), if running.len() < RUNNING_MAX => match taken {
                Ok((stream, _)) => {
                    let controls = controls.clone();
                    running.spawn(async move {
                        // A browser that is slow or gone gets no answer; there is nobody to tell.
                        let _late = timeout(PATIENCE, one(stream, &controls)).await;
                    });
                }
                Err(_) => tokio::task::yield_now().await,
            },
            Some(_) = running.join_next() => {}
        }
    }
}

/// Answers one request and closes the connection.
async fn one(mut stream: TcpStream, controls: &Controls) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|four| four == b"\r\n\r\n") && head.len() < HEAD_MAX {
        if stream.read_buf(&mut head).await? == 0 {
            break;
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let answer = respond(&Request::of(&head), controls).await;
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

/// The head of a request.
struct Request<'a> {
    method: &'a str,
    path: &'a str,
    query: &'a str,
    headers: &'a str,
}

impl<'a> Request<'a> {
    fn of(head: &'a str) -> Self {
        let (first, headers) = head.split_once("\r\n").unwrap_or((head, ""));
        let mut words = first.split(' ');
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self { method, path, query, headers }
    }

    fn header(&self, name: &str) -> Option<&'a str> {
        let lines = self.headers.split("\r\n").filter_map(|line| line.split_once(':'));
        let mut named = lines.filter(|(known, _)| known.trim().eq_ignore_ascii_case(name));
        named.next().map(|(_, value)| value.trim())
    }

    /// Whether it was sent to this machine's own address: a name of the web that leads here is another
    /// site's attempt.
    fn is_for_here(&self) -> bool {
        let Some(host) = self.header("host") else { return false };
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        name.eq_ignore_ascii_case("localhost")
            || host.parse::<SocketAddr>().is_ok()
            || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
    }

    /// Whether it comes from the page itself, or from no page at all.
    fn is_own(&self) -> bool {
        let own = self.header("host").map(|host| format!("http://{host}"));
        self.header("origin").is_none_or(|origin| Some(origin) == own.as_deref())
    }

    fn wants_json(&self) -> bool {
        self.header("accept").is_some_and(|kinds| kinds.contains("application/json"))
    }

    fn language(&self) -> page::Language {
        match self.query.split('&').find_map(|pair| pair.strip_prefix("language=")) {
            Some("en") => page::Language::English,
            Some(_) => page::Language::German,
            None => {
                let first = self.header("accept-language").unwrap_or("de");
                let english = first.trim_start().to_ascii_lowercase().starts_with("en");
                if english { page::Language::English } else { page::Language::German }
            }
        }
    }
}

async fn respond(request: &Request<'_>, controls: &Controls) -> String {
    if !request.is_for_here() {
        return plain("403 Forbidden", "", "another host\n");
    }
    let language = request.language();
    match (request.method, request.path) {
        ("GET", "/") => {
            let html = page::html(&controls.view(), language);
            answer("200 OK", "text/html; charset=utf-8", "", &html)
        }
        ("GET", "/state") => state("200 OK", controls),
        ("GET", _) => plain("404 Not Found", "", "no such page\n"),
        ("POST", _) if !request.is_own() => plain("403 Forbidden", "", "another origin\n"),
        ("POST", path) => match page::act(controls, path).await {
            None => plain("404 Not Found", "", "no such button\n"),
            Some(done) if request.wants_json() => {
                state(if done { "200 OK" } else { "409 Conflict" }, controls)
            }
            Some(_) => {
                let back = format!("Location: /?language={}\r\n", language.code());
                plain("303 See Other", &back, "")
            }
        },
        _ => plain("405 Method Not Allowed", "Allow: GET, POST\r\n", ""),
    }
}

fn state(status: &str, controls: &Controls) -> String {
    answer(status, "application/json", "", &controls.view().json().to_string())
}

fn plain(status: &str, more: &str, body: &str) -> String {
    answer(status, "text/plain", more, body)
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
