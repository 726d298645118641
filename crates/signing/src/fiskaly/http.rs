//! Requests over HTTP/1.1, one connection each, waited for. Over TLS to hosts whose certificate leads to a root that the
//! web trusts; without it to this very machine alone, where the simulator is.

use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{self, HeaderMap};
use hyper::{Method, Request, Uri};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Longest answer that is kept in memory, bytes.
const LONGEST: usize = 16 * 1024 * 1024;
/// Longest file that is taken, bytes: an export of many years, and far from filling a disk.
const LONGEST_FILE: usize = 16 * 1024 * 1024 * 1024;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Miss {
    /// Nothing was sent.
    Unreachable,
    /// Who is there does not prove to be the host.
    NotTrusted,
    /// It may have arrived.
    Lost,
    /// What came could not be written.
    NotKept,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A host and where its interface is.
pub(crate) struct Host {
    authority: String,
    name: String,
    port: u16,
    prefix: String,
    tls: Option<(ServerName<'static>, TlsConnector)>,
}

impl Host {
    /// `https://host/prefix`, or `http://` with a loopback address; none for anything else.
    pub(crate) fn new(base: &str) -> Option<Self> {
        let uri: Uri = base.parse().ok()?;
        let authority = uri.authority()?.clone();
        if authority.as_str().contains('@') || uri.query().is_some() {
            return None;
        }
        let name = authority.host().trim_matches(['[', ']']).to_owned();
        let (tls, usual) = match uri.scheme_str()? {
            "https" => {
                let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
                let config =
                    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
                        .with_safe_default_protocol_versions()
                        .ok()?
                        .with_root_certificates(roots)
                        .with_no_client_auth();
                let server = ServerName::try_from(name.clone()).ok()?;
                (Some((server, TlsConnector::from(Arc::new(config)))), 443)
            }
            "http" if name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()) => (None, 80),
            _ => return None,
        };
        Some(Self {
            authority: authority.to_string(),
            port: authority.port_u16().unwrap_or(usual),
            prefix: uri.path().trim_end_matches('/').to_owned(),
            name,
            tls,
        })
    }

    /// The same place, however its address was typed.
    pub(crate) fn is_same(&self, other: &Host) -> bool {
        let name = |host: &Host| host.name.trim_end_matches('.').to_ascii_lowercase();
        name(self) == name(other)
            && (self.port, self.tls.is_some()) == (other.port, other.tls.is_some())
            && self.prefix.eq_ignore_ascii_case(&other.prefix)
    }

    /// Asks and waits, at most so long to connect and so long for the answer. Nothing is asked twice, and nobody is
    /// followed elsewhere.
    pub(crate) fn ask(
        &self,
        patience: Duration,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<Vec<u8>>,
    ) -> Result<Answer, Miss> {
        self.send((patience, patience), method, path, token, (body, None))
    }

    /// As [`Host::ask`] for a file, with a patience for the connection and another for the answer: when it is there it goes
    /// to `out` as it comes, and the answer has no body. What is no file stays one.
    pub(crate) fn fetch(
        &self,
        patience: (Duration, Duration),
        path: &str,
        token: &str,
        out: &mut dyn Write,
    ) -> Result<Answer, Miss> {
        self.send(patience, Method::GET, path, Some(token), (None, Some(out)))
    }

    fn send(
        &self,
        (to_connect, to_answer): (Duration, Duration),
        method: Method,
        path: &str,
        token: Option<&str>,
        (body, out): (Option<Vec<u8>>, Option<&mut dyn Write>),
    ) -> Result<Answer, Miss> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.prefix))
            .header(header::HOST, &self.authority)
            .header(header::CONNECTION, "close")
            .header(header::USER_AGENT, concat!("Tresen/", env!("CARGO_PKG_VERSION")))
            .header(header::ACCEPT, "application/json, application/x-tar");
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request = request.body(Full::new(Bytes::from(body.unwrap_or_default())));
        let request = request.map_err(|_| Miss::Unreachable)?;
        // One a call, so that it ends on the thread that waits for it, wherever the unit itself is dropped.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|_| Miss::Unreachable)?;
        runtime.block_on(async {
            let dialled = tokio::time::timeout(to_connect, self.dial()).await;
            let stream = dialled.map_err(|_| Miss::Unreachable)??;
            let asked = tokio::time::timeout(to_answer, exchange(stream, request, out)).await;
            asked.map_err(|_| Miss::Lost)?
        })
    }

    async fn dial(&self) -> Result<Box<dyn Stream>, Miss> {
        let stream = match self.name.parse::<IpAddr>() {
            Ok(ip) => TcpStream::connect(SocketAddr::new(ip, self.port)).await,
            Err(_) => TcpStream::connect((self.name.as_str(), self.port)).await,
        };
        let stream = stream.map_err(|_| Miss::Unreachable)?;
        match &self.tls {
            None => Ok(Box::new(stream)),
            Some((server, connector)) => {
                let stream = connector.connect(server.clone(), stream).await;
                Ok(Box::new(stream.map_err(|_| Miss::NotTrusted)?))
            }
        }
    }
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

async fn exchange(
    stream: Box<dyn Stream>,
    request: Request<Full<Bytes>>,
    out: Option<&mut dyn Write>,
) -> Result<Answer, Miss> {
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|_| Miss::Lost)?;
    let carried = tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(|_| Miss::Lost)?;
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let body = match out {
        Some(out) if response.status().is_success() => {
            let mut body = Limited::new(response.into_body(), LONGEST_FILE);
            while let Some(frame) = body.frame().await {
                let frame = frame.map_err(|_| Miss::Lost)?;
                let written = frame.data_ref().map_or(Ok(()), |piece| out.write_all(piece));
                written.map_err(|_| Miss::NotKept)?;
            }
            Bytes::new()
        }
        _ => {
            let body = Limited::new(response.into_body(), LONGEST).collect().await;
            body.map_err(|_| Miss::Lost)?.to_bytes()
        }
    };
    carried.abort();
    Ok(Answer { status, headers, body })
}
