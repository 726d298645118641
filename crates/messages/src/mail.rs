//! Mail over SMTP, by `lettre`: step by step, so that it is known how far it came.

use std::time::{Duration, SystemTime};

use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};

use crate::Outcome;

/// How a connection is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte on.
    Tls,
    /// STARTTLS, without which nothing is sent.
    Starttls,
    /// Nothing; for a server on this very machine.
    None,
}

/// A server to hand mail over to.
#[derive(Clone)]
pub struct Server {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is secured.
    pub security: Security,
    /// User and password; none where nobody signs in.
    pub login: Option<(String, String)>,
    /// A certificate that is trusted beside those that the web trusts, as PEM.
    pub certificate: Option<String>,
    /// How long it may take for each step.
    pub patience: Duration,
}

/// A file beside the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What it is: `application/pdf`.
    pub media: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// From which address.
    pub from: String,
    /// Whose that is.
    pub from_name: String,
    /// To which address.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// As text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Beside it.
    pub files: Vec<File>,
    /// What it is known by, the same each time it is sent: `<…@…>`.
    pub id: String,
    /// When it was written.
    pub written: SystemTime,
}

/// It is no mail: an address is none, or something would break a line of its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no mail can be made of it")]
pub struct NoMail;

/// Letters, digits and what else needs no quotes; whatever breaks a line is none of it.
fn address(text: &str) -> Result<Address, NoMail> {
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(NoMail);
    }
    text.parse().map_err(|_| NoMail)
}

fn one_line(text: &str) -> Result<&str, NoMail> {
    if text.chars().any(char::is_control) { Err(NoMail) } else { Ok(text) }
}

/// The mail as it goes over the wire, and whom it is from and to.
///
/// # Errors
/// When an address is none, or subject, name or id hold a line break: nobody can put a line of their own into the head.
pub fn formatted(letter: &Letter) -> Result<(Envelope, Vec<u8>), NoMail> {
    let (from, to) = (address(&letter.from)?, address(&letter.to)?);
    let name = one_line(&letter.from_name)?.to_owned();
    let builder = Message::builder()
        .from(Mailbox::new((!name.is_empty()).then_some(name), from.clone()))
        .to(Mailbox::new(None, to.clone()))
        .subject(one_line(&letter.subject)?)
        .message_id(Some(one_line(&letter.id)?.to_owned()))
        .date(letter.written);
    let body = MultiPart::alternative()
        .singlepart(SinglePart::plain(letter.text.clone()))
        .singlepart(SinglePart::html(letter.html.clone()));
    let mut mixed = MultiPart::mixed().multipart(body);
    for file in &letter.files {
        let media = ContentType::parse(file.media).map_err(|_| NoMail)?;
        let name = one_line(&file.name)?.to_owned();
        mixed = mixed.singlepart(Attachment::new(name).body(file.bytes.clone(), media));
    }
    let message = builder.multipart(mixed).map_err(|_| NoMail)?;
    let envelope = Envelope::new(Some(from), vec![to]).map_err(|_| NoMail)?;
    Ok((envelope, message.formatted()))
}

/// What an error before the mail itself went means.
fn before(error: &Error, permanent: Outcome) -> Outcome {
    if error.is_permanent() {
        permanent
    } else if error.is_transient() {
        Outcome::later("busy")
    } else if error.is_tls() || is_tls(error) {
        Outcome::later("tls")
    } else if error.is_timeout() {
        Outcome::later("timeout")
    } else {
        Outcome::later("unreachable")
    }
}

/// A handshake that fails comes as an error of the connection.
fn is_tls(error: &Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        let io = inner.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| io.kind() == std::io::ErrorKind::InvalidData) {
            return true;
        }
        source = inner.source();
    }
    false
}

/// Hands a mail over.
pub async fn send(server: &Server, letter: &Letter) -> Outcome {
    let Ok((envelope, bytes)) = formatted(letter) else { return Outcome::never("refused") };
    match hand_over(server, &envelope, &bytes).await {
        Ok(outcome) | Err(outcome) => outcome,
    }
}

async fn in_time<T>(
    server: &Server,
    step: impl Future<Output = Result<T, Error>>,
    permanent: Outcome,
) -> Result<T, Outcome> {
    match tokio::time::timeout(server.patience, step).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(before(&error, permanent)),
        Err(_) => Err(Outcome::later("timeout")),
    }
}

async fn hand_over(server: &Server, envelope: &Envelope, bytes: &[u8]) -> Result<Outcome, Outcome> {
    let mut connection = open(server).await?;
    let link = &mut connection;
    let mut options = Vec::new();
    if !bytes.is_ascii() && link.server_info().supports_feature(Extension::EightBitMime) {
        options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let from = Mail::new(envelope.from().cloned(), options);
    in_time(server, link.command(from), Outcome::never("sender")).await?;
    for to in envelope.to() {
        let to = Rcpt::new(to.clone(), Vec::new());
        in_time(server, link.command(to), Outcome::never("refused")).await?;
    }
    in_time(server, link.command(Data), Outcome::never("refused")).await?;
    // From here on only an answer says that it was not taken.
    let answered = tokio::time::timeout(server.patience, link.message(bytes)).await;
    let outcome = match answered {
        Ok(Ok(_)) => Outcome::Sent,
        Ok(Err(error)) if error.is_permanent() => Outcome::never("refused"),
        Ok(Err(error)) if error.is_transient() => Outcome::later("busy"),
        Ok(Err(_)) | Err(_) => Outcome::Unknown { why: "no_answer" },
    };
    // Whether it takes leave nicely changes nothing.
    let _ = tokio::time::timeout(Duration::from_secs(2), link.quit()).await;
    Ok(outcome)
}

async fn open(server: &Server) -> Result<AsyncSmtpConnection, Outcome> {
    let hello = ClientId::Ipv4(std::net::Ipv4Addr::LOCALHOST);
    let tls = match server.security {
        Security::None => None,
        Security::Tls | Security::Starttls => Some(parameters(server)?),
    };
    let address = (server.host.trim_matches(['[', ']']), server.port);
    let first = tls.clone().filter(|_| server.security == Security::Tls);
    let opening =
        AsyncSmtpConnection::connect_tokio1(address, Some(server.patience), &hello, first, None);
    let mut link = in_time(server, opening, Outcome::later("server")).await?;
    if let (Some(tls), Security::Starttls) = (tls, server.security) {
        if !link.can_starttls() {
            link.abort().await;
            return Err(Outcome::later("no_tls"));
        }
        match tokio::time::timeout(server.patience, link.starttls(tls, &hello)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Err(Outcome::later("tls")),
            Err(_) => return Err(Outcome::later("timeout")),
        }
    }
    if let Some((user, password)) = &server.login {
        let credentials = Credentials::new(user.clone(), password.clone());
        let signing_in = link.auth(DEFAULT_MECHANISMS, &credentials);
        match tokio::time::timeout(server.patience, signing_in).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) if error.is_permanent() || error.is_client() => {
                link.abort().await;
                return Err(Outcome::later("login"));
            }
            Ok(Err(error)) => return Err(before(&error, Outcome::later("login"))),
            Err(_) => return Err(Outcome::later("timeout")),
        }
    }
    Ok(link)
}

fn parameters(server: &Server) -> Result<TlsParameters, Outcome> {
    let bad = |_| Outcome::never("bad_settings");
    let mut tls = TlsParameters::builder(server.host.trim_matches(['[', ']']).to_owned());
    if let Some(pem) = &server.certificate {
        tls = tls.add_root_certificate(Certificate::from_pem(pem.as_bytes()).map_err(bad)?);
    }
    tls.build_rustls().map_err(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn letter() -> Letter {
        Letter {
            from: "bon@laden.example".to_owned(),
            from_name: "Müllers „Laden“".to_owned(),
            to: "ada@example.org".to_owned(),
            subject: "Ihr Beleg 1-7 von Müllers Laden".to_owned(),
            text: "Äpfel 2,49".to_owned(),
            html: "<p>Äpfel 2,49</p>".to_owned(),
            files: vec![File {
                name: "Bon-1-7.pdf".to_owned(),
                media: "application/pdf",
                bytes: b"%PDF-1.7".to_vec(),
            }],
            id: "<7.abc@laden.example>".to_owned(),
            written: SystemTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn nobody_puts_a_line_of_their_own_into_the_head() {
        assert!(formatted(&letter()).is_ok());
        let breaks = ["\r\nBcc: eve@example.org", "\nBcc: eve@example.org", "\r", "\0"];
        type Put = fn(&mut Letter, &str);
        let fields: [Put; 6] = [
            |letter, text| letter.to.push_str(text),
            |letter, text| letter.from.push_str(text),
            |letter, text| letter.subject.push_str(text),
            |letter, text| letter.from_name.push_str(text),
            |letter, text| letter.id.push_str(text),
            |letter, text| letter.files.iter_mut().for_each(|file| file.name.push_str(text)),
        ];
        for (at, put) in fields.into_iter().enumerate() {
            for text in breaks {
                let mut bad = letter();
                put(&mut bad, text);
                assert_eq!(formatted(&bad).map(|_| ()), Err(NoMail), "field {at}, {text:?}");
            }
        }
    }

    #[test]
    fn a_mail_is_text_and_html_and_what_is_attached() {
        let (envelope, bytes) = formatted(&letter()).expect("a mail");
        assert_eq!(envelope.to().len(), 1);
        let text = String::from_utf8(bytes).expect("ASCII");
        for part in [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "text/html",
            "Bon-1-7.pdf",
            "<7.abc@laden.example>",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(text.is_ascii());
    }
}
