//! One request over HTTP or HTTPS, and how far it came.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::{Method, Request, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::Outcome;

/// Answers are short; of a longer one nothing is believed.
const LONGEST: usize = 64 * 1024;

/// What is asked.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    pub(crate) address: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

/// What was answered: status and body. The error is an outcome of its own.
pub(crate) type Answered = Result<(u16, Vec<u8>), Outcome>;

/// True for this very machine.
fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]" | "::1")
}

/// Asks once. What was not wholly handed over was not sent; silence after that is "nobody knows".
pub(crate) async fn ask(ask: Ask, patience: Duration) -> Answered {
    let bad = || Outcome::never("bad_settings");
    let uri: Uri = ask.address.parse().map_err(|_| bad())?;
    let host = uri.host().ok_or_else(bad)?.to_owned();
    let sealed = match uri.scheme_str() {
        Some("https") => true,
        Some("http") if is_loopback(&host) => false,
        _ => return Err(bad()),
    };
    let port = uri.port_u16().unwrap_or(if sealed { 443 } else { 80 });
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let authority = uri.authority().map_or(host.as_str(), |authority| authority.as_str());
    let mut request = Request::builder().method(ask.method).uri(path).header("host", authority);
    for (name, value) in &ask.headers {
        request = request.header(*name, value);
    }
    let request = request.body(Full::new(Bytes::from(ask.body))).map_err(|_| bad())?;
    let bare = host.trim_matches(['[', ']']).to_owned();
    let connecting = TcpStream::connect((bare.as_str(), port));
    let stream = match tokio::time::timeout(patience, connecting).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(_)) | Err(_) => return Err(Outcome::later("unreachable")),
    };
    if !sealed {
        return exchange(stream, request, patience).await;
    }
    let name = ServerName::try_from(bare).map_err(|_| bad())?;
    let connector = TlsConnector::from(Arc::new(config().ok_or_else(bad)?));
    match tokio::time::timeout(patience, connector.connect(name, stream)).await {
        Ok(Ok(stream)) => exchange(stream, request, patience).await,
        Ok(Err(_)) => Err(Outcome::later("tls")),
        Err(_) => Err(Outcome::later("timeout")),
    }
}

fn config() -> Option<ClientConfig> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().ok()?;
    Some(config.with_root_certificates(roots).with_no_client_auth())
}

async fn exchange<S>(stream: S, request: Request<Full<Bytes>>, patience: Duration) -> Answered
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let unknown = Outcome::Unknown { why: "no_answer" };
    let shaken = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = shaken.map_err(|_| Outcome::later("unreachable"))?;
    let carrying = tokio::spawn(connection);
    let asked = async {
        let reply = sender.send_request(request).await.map_err(|_| unknown)?;
        let status = reply.status().as_u16();
        // Whoever says that it went, went: what else stands there may be lost.
        let body = Limited::new(reply.into_body(), LONGEST).collect().await;
        Ok((status, body.map(|body| body.to_bytes().to_vec()).unwrap_or_default()))
    };
    let answered = tokio::time::timeout(patience, asked).await.unwrap_or(Err(unknown));
    carrying.abort();
    answered
}

/// What a status means where a request is taken over by a gateway or a host; none for success.
pub(crate) fn refused(status: u16) -> Option<Outcome> {
    match status {
        200..=299 => None,
        401 | 403 => Some(Outcome::later("login")),
        402 => Some(Outcome::later("credit")),
        408 | 425 | 429 => Some(Outcome::later("busy")),
        413 => Some(Outcome::never("too_large")),
        400..=499 => Some(Outcome::never("refused")),
        // Whoever says that it failed did not take it over.
        _ => Some(Outcome::later("server")),
    }
}

/// A text as it stands in a form (`application/x-www-form-urlencoded`).
pub(crate) fn form_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

/// Fields of a form.
pub(crate) fn form(fields: &[(&str, &str)]) -> Vec<u8> {
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{name}={}", form_text(value))).collect();
    pairs.join("&").into_bytes()
}
