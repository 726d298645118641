//! What is written to customers: the mail with the receipt, the text that leads to its page, and the tries of both.

use std::time::SystemTime;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use domain::digital::MailServer;
use domain::settings::{Language, Settings};
use jiff::Timestamp;
use messages::mail::{File, Letter};
use messages::sealed::{Bundle, BundledFile};
use receipt::{HtmlOptions, render_html, render_text};
use sha2::{Digest as _, Sha256};

use super::{Paperless, Sheet, pdf, receipt_json};

/// Columns of the text of a mail.
const COLUMNS: u8 = 42;

/// Which message it is, and of when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message<'a> {
    /// Identity.
    pub id: i64,
    /// Since.
    pub created: Timestamp,
    /// To whom.
    pub to: &'a str,
}

/// The same each time it is sent, so that mailboxes see that it is the same; nobody learns from it how many there are.
fn message_id(shop: &str, message: Message<'_>, from: &str) -> String {
    let of = format!("{shop}\n{}\n{}", message.id, message.created);
    let digest = Sha256::digest(of.as_bytes());
    let id = Base64UrlUnpadded::encode_string(digest.get(..18).unwrap_or_default());
    let domain = from.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    format!("<{id}@{domain}>")
}

fn written(at: Timestamp) -> SystemTime {
    let seconds = u64::try_from(at.as_second()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds)
}

/// Texts of the settings may hold what breaks a line of a mail's head; it stands there as a space.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The mail with a receipt; none when its PDF cannot be made.
pub(super) fn letter(
    of: &Paperless,
    server: &MailServer,
    (shop, message): (&str, Message<'_>),
) -> Option<Letter> {
    let name = &of.then.name;
    let number = of.number();
    let (subject, hello) = match of.then.language {
        Language::De => {
            (format!("Ihr Beleg {number} von {name}"), "Vielen Dank für Ihren Einkauf.")
        }
        Language::En => {
            (format!("Your receipt {number} from {name}"), "Thank you for shopping with us.")
        }
    };
    let bytes = pdf(of, &receipt_json(of), Sheet::Roll).ok()?;
    let text = format!("{hello}\n\n{}\n", render_text(&of.document, COLUMNS));
    Some(Letter {
        from: server.from.clone(),
        from_name: one_line(name),
        to: message.to.to_owned(),
        subject: one_line(&subject),
        text,
        html: render_html(&of.document, &HtmlOptions::default()),
        files: vec![File { name: of.file_name("pdf"), media: "application/pdf", bytes }],
        id: message_id(shop, message, &server.from),
        written: written(message.created),
    })
}

/// The mail with a receipt, for whoever measures or shows it: it is none of the outbox.
#[must_use]
pub fn mail_to(of: &Paperless, from: &str, to: &str) -> Option<Letter> {
    let server = MailServer {
        server: "localhost".to_owned(),
        port: 25,
        security: domain::digital::MailSecurity::None,
        user: None,
        from: from.to_owned(),
        certificate: None,
    };
    letter(of, &server, ("", Message { id: 0, created: of.issued.at, to }))
}

/// A mail that only shows that mail arrives.
pub(super) fn trial(
    settings: &Settings,
    server: &MailServer,
    (shop, message): (&str, Message<'_>),
) -> Letter {
    let (subject, text) = trial_words(settings);
    let html = format!("<p>{}</p>", receipt::escape(&text));
    Letter {
        from: server.from.clone(),
        from_name: one_line(&settings.name),
        to: message.to.to_owned(),
        subject: one_line(&subject),
        text,
        html,
        files: Vec::new(),
        id: message_id(shop, message, &server.from),
        written: written(message.created),
    }
}

/// Subject and text of a try.
pub(super) fn trial_words(settings: &Settings) -> (String, String) {
    let name = &settings.name;
    match settings.language {
        Language::De => (
            format!("Testnachricht von {name}"),
            format!(
                "{name}: Diese Nachricht zeigt, dass digitale Belege ankommen. Sie ist kein Beleg."
            ),
        ),
        Language::En => (
            format!("Test message from {name}"),
            format!("{name}: this message shows that digital receipts arrive. It is no receipt."),
        ),
    }
}

/// The text that leads to a receipt's page.
pub(super) fn text(of: &Paperless, address: &str) -> String {
    let name = one_line(&of.then.name);
    match of.then.language {
        Language::De => format!("Ihr Beleg von {name}: {address}"),
        Language::En => format!("Your receipt from {name}: {address}"),
    }
}

/// What a host outside keeps of a receipt, before it is sealed; none when a PDF cannot be made.
pub(super) fn bundle(of: &Paperless) -> Option<Bundle> {
    let json = receipt_json(of);
    let (language, a4, data) = match of.then.language {
        Language::De => ("de", "PDF A4", "Daten (JSON)"),
        Language::En => ("en", "PDF A4", "Data (JSON)"),
    };
    let (roll, sheet) = (pdf(of, &json, Sheet::Roll).ok()?, pdf(of, &json, Sheet::A4).ok()?);
    let media = "application/pdf";
    Some(Bundle {
        v: 1,
        language: language.to_owned(),
        title: of.document.title.clone(),
        html: render_html(&of.document, &HtmlOptions { fragment: true, title: None }),
        files: vec![
            BundledFile::new(&of.file_name("pdf"), "PDF", media, &roll),
            BundledFile::new(&of.file_name("a4.pdf"), a4, media, &sheet),
            BundledFile::new(&of.file_name("json"), data, "application/json", json.as_bytes()),
        ],
    })
}
