//! A mail server that delivers nothing: it shows what came.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::page::{Page, router};
use super::{Came, Fault, Shared};

/// Longest mail.
const LONGEST: usize = 8 * 1024 * 1024;
/// Longer than anybody waits.
const SLOW: Duration = Duration::from_secs(120);

/// The sink.
#[derive(Clone)]
pub struct MailSink {
    shared: Shared,
    acceptor: TlsAcceptor,
    certificate: String,
    /// Who may send, and with which password; none lets everybody.
    login: Option<(String, String)>,
}

impl MailSink {
    /// A sink with a certificate that it makes for `localhost`, and, when one is given, a user.
    ///
    /// # Errors
    /// When no certificate can be made.
    pub fn new(login: Option<(String, String)>) -> std::io::Result<MailSink> {
        let other = std::io::Error::other::<rcgen::Error>;
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).map_err(other)?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| {
                config.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key)
            })
            .map_err(std::io::Error::other)?;
        Ok(MailSink {
            shared: Shared::default(),
            acceptor: TlsAcceptor::from(Arc::new(config)),
            certificate: made.cert.pem(),
            login,
        })
    }

    /// Its certificate, as PEM.
    #[must_use]
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// What came.
    #[must_use]
    pub fn came(&self) -> Vec<Came> {
        self.shared.came()
    }

    /// What goes wrong from now on.
    pub fn set_fault(&self, fault: Fault) {
        self.shared.set_fault(fault);
    }

    /// Takes mail at an address; `tls` from the first byte on.
    ///
    /// # Errors
    /// When the address is taken.
    pub async fn listen(&self, address: SocketAddr, tls: bool) -> std::io::Result<SocketAddr> {
        let listener = TcpListener::bind(address).await?;
        let bound = listener.local_addr()?;
        let sink = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sink = sink.clone();
                tokio::spawn(async move {
                    // Whoever breaks off is gone.
                    let _ = sink.meet(stream, tls).await;
                });
            }
        });
        Ok(bound)
    }

    /// Shows what came, on a page.
    ///
    /// # Errors
    /// When the address is taken.
    pub async fn serve_page(&self, address: SocketAddr, at: String) -> std::io::Result<SocketAddr> {
        let listener = TcpListener::bind(address).await?;
        let bound = listener.local_addr()?;
        let page = Page { title: "Mail", shared: self.shared.clone(), at };
        tokio::spawn(async move { axum::serve(listener, router(page)).await });
        Ok(bound)
    }

    async fn meet(&self, stream: TcpStream, tls: bool) -> std::io::Result<()> {
        if self.shared.fault() == Fault::Gone {
            return Ok(());
        }
        if tls {
            let stream = self.acceptor.accept(stream).await?;
            return self.talk(BufReader::new(stream), true, true).await.map(|_| ());
        }
        let stream = self.talk(BufReader::new(stream), false, true).await?;
        if let Some(stream) = stream {
            let stream = self.acceptor.accept(stream.into_inner()).await?;
            self.talk(BufReader::new(stream), true, false).await?;
        }
        Ok(())
    }

    /// A conversation; answers the stream when it is to go on over TLS.
    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        mut link: BufReader<S>,
        sealed: bool,
        greets: bool,
    ) -> std::io::Result<Option<BufReader<S>>> {
        if greets {
            link.write_all(b"220 localhost Tresen mail simulator\r\n").await?;
        }
        let mut came = Came {
            from: String::new(),
            to: String::new(),
            body: String::new(),
            login: String::new(),
            sealed,
        };
        let mut line = String::new();
        loop {
            line.clear();
            if link.read_line(&mut line).await? == 0 {
                return Ok(None);
            }
            let said = line.trim_end();
            let word = said.split(' ').next().unwrap_or_default().to_uppercase();
            let answer = match word.as_str() {
                "EHLO" | "HELO" => {
                    let secure = if sealed { "" } else { "250-STARTTLS\r\n" };
                    format!("250-localhost\r\n250-8BITMIME\r\n{secure}250 AUTH PLAIN LOGIN")
                }
                "STARTTLS" if !sealed => {
                    link.write_all(b"220 go ahead\r\n").await?;
                    return Ok(Some(link));
                }
                "AUTH" => self.signs_in(&mut link, said, &mut came.login).await?,
                "MAIL" => match self.shared.fault() {
                    Fault::Server => "451 local error, try again later".to_owned(),
                    _ if self.login.is_some() && came.login.is_empty() => {
                        "530 authentication required".to_owned()
                    }
                    _ => {
                        came.from = between(said);
                        "250 ok".to_owned()
                    }
                },
                "RCPT" if self.shared.fault() == Fault::Refused => "550 no such mailbox".to_owned(),
                "RCPT" => {
                    came.to = between(said);
                    "250 ok".to_owned()
                }
                "DATA" => {
                    link.write_all(b"354 end with a point\r\n").await?;
                    came.body = data(&mut link).await?;
                    match self.shared.fault() {
                        Fault::Lost => {
                            self.shared.took(came);
                            return Ok(None);
                        }
                        Fault::Slow => tokio::time::sleep(SLOW).await,
                        _ => {}
                    }
                    self.shared.took(came.clone());
                    "250 taken".to_owned()
                }
                "QUIT" => {
                    link.write_all(b"221 bye\r\n").await?;
                    return Ok(None);
                }
                "NOOP" | "RSET" => "250 ok".to_owned(),
                _ => "502 not here".to_owned(),
            };
            link.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
    }

    async fn signs_in<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        link: &mut BufReader<S>,
        said: &str,
        login: &mut String,
    ) -> std::io::Result<String> {
        let mut words = said.split(' ').skip(1);
        let (kind, first) = (words.next().unwrap_or_default().to_uppercase(), words.next());
        let decoded = |text: &str| {
            String::from_utf8(Base64::decode_vec(text.trim()).unwrap_or_default())
                .unwrap_or_default()
        };
        let mut ask = async |prompt: &str| {
            link.write_all(format!("334 {prompt}\r\n").as_bytes()).await?;
            let mut line = String::new();
            link.read_line(&mut line).await?;
            Ok::<_, std::io::Error>(line)
        };
        let (user, password) = if kind == "PLAIN" {
            let text = match first {
                Some(text) => text.to_owned(),
                None => ask("").await?,
            };
            let text = decoded(&text);
            let mut parts = text.split('\0').skip(1);
            let user = parts.next().unwrap_or_default().to_owned();
            (user, parts.next().unwrap_or_default().to_owned())
        } else {
            let user = match first {
                Some(text) => text.to_owned(),
                None => ask("VXNlcm5hbWU6").await?,
            };
            (decoded(&user), decoded(&ask("UGFzc3dvcmQ6").await?))
        };
        let right = self.login.as_ref().is_none_or(|own| *own == (user.clone(), password));
        if right && self.shared.fault() != Fault::Login {
            *login = user;
            Ok("235 welcome".to_owned())
        } else {
            Ok("535 who is that".to_owned())
        }
    }
}

/// What stands in `<…>`.
fn between(said: &str) -> String {
    let inner = said.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map(|(inner, _)| inner.to_owned()).unwrap_or_default()
}

async fn data<S: AsyncRead + Unpin>(link: &mut BufReader<S>) -> std::io::Result<String> {
    let mut all = String::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = link.read_until(b'\n', &mut line).await?;
        if read == 0 || all.len() > LONGEST {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let text = String::from_utf8_lossy(&line);
        if text == ".\r\n" {
            return Ok(all);
        }
        all.push_str(text.strip_prefix('.').unwrap_or(&text));
    }
}
