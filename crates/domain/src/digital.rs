//! Receipts that are not on paper: where their page lies, by which server mail leaves the shop, through which gateway texts do.
//!
//! Off unless the owner says otherwise. Passwords, keys and tokens are nothing of the settings, and customers' addresses are nothing
//! of the journal.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::decide::limits::{self, MAX_TEXT};
use crate::refusal::Refusal;
use crate::settings::Settings;

/// Longest address of the web, characters.
const MAX_ADDRESS: usize = 300;
/// Longest certificate, bytes of PEM.
const MAX_CERTIFICATE: usize = 8_192;
/// Longest mail address (RFC 5321, 4.5.3.1.3).
const MAX_MAIL: usize = 254;

/// How receipts reach customers without paper.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DigitalReceipts {
    /// Where a receipt's page lies, to which a QR code leads; none shows no code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<PageServed>,
    /// The server that mail goes to; none sends no mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailServer>,
    /// The gateway that texts go to; none sends no texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms: Option<SmsSettings>,
}

/// Where the page of a receipt lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum PageServed {
    /// The shop serves it itself.
    Shop {
        /// What a customer's telephone reaches the shop at: `http://192.168.1.10:7080`, `https://bon.example.org`; no path.
        address: String,
    },
    /// A host outside keeps it, sealed; the key stands in the QR code alone.
    Host {
        /// The host's address: `https://bon.example.org`.
        address: String,
        /// For how many days it is kept, 90 to 3,660.
        days: u16,
    },
}

impl PageServed {
    /// What a customer's telephone is led to.
    #[must_use]
    pub fn address(&self) -> &str {
        match self {
            PageServed::Shop { address } | PageServed::Host { address, .. } => address,
        }
    }
}

/// How a connection to a mail server is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// By TLS from its first byte on (port 465).
    Tls,
    /// By STARTTLS, without which nothing is sent (port 587).
    Starttls,
    /// Not at all: only to a server on this very machine.
    None,
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MailServer {
    /// Its name.
    pub server: String,
    /// Its port.
    pub port: u16,
    /// How the connection is secured.
    pub security: MailSecurity,
    /// Who signs in; none where the server wants nobody to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// From which address it is sent.
    pub from: String,
    /// A certificate that is trusted beside those that the web trusts: of a server of one's own, as PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
}

/// How texts leave the shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SmsSettings {
    /// Through whom.
    pub gateway: SmsGateway,
    /// What a number that begins with a single nought begins with abroad: `+49`.
    pub prefix: String,
}

/// Whoever passes texts on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SmsGateway {
    /// seven.io
    Seven {
        /// The sender as shown: a number, or at most 11 letters and digits.
        from: String,
        /// Another address than the provider's own; for the simulator.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
    },
    /// Twilio
    Twilio {
        /// The account's SID.
        account: String,
        /// The sender: a number of the account's, or its messaging service (`MG…`).
        from: String,
        /// Another address than the provider's own; for the simulator.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
    },
    /// Any other that takes a request over HTTP. `{to}`, `{text}` and `{secret}` stand for number, text and secret.
    Http {
        /// Where the request goes.
        address: String,
        /// What its body is: `application/json` or `application/x-www-form-urlencoded`; what is put in is written accordingly.
        media: String,
        /// The body.
        body: String,
        /// The header `Authorization`; none sends none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        authorization: Option<String>,
    },
}

/// A mail address as it is used: nothing around it. None unless it has one `@`, a local part of the characters that need no quotes,
/// and a domain of letters, digits, hyphens and points (RFC 5321, dot-string). A line break is in no address.
#[must_use]
pub fn mail_address(text: &str) -> Option<&str> {
    let plain = text.trim_matches(' ');
    let (local, domain) = plain.split_once('@')?;
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let atom = |atom: &str| {
        !atom.is_empty()
            && atom
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
    };
    let fits = plain.len() <= MAX_MAIL
        && local.len() <= 64
        && local.split('.').all(atom)
        && domain.split('.').all(label)
        && domain.contains('.');
    fits.then_some(plain)
}

/// A telephone number as gateways want it (E.164): `+491701234567`. A number that begins with a single nought is one of the country
/// of `prefix`. None for what is no number.
#[must_use]
pub fn phone_number(text: &str, prefix: &str) -> Option<String> {
    let plain: String =
        text.chars().filter(|c| !matches!(c, ' ' | '-' | '/' | '(' | ')' | '.')).collect();
    let number = match (plain.strip_prefix('+'), plain.strip_prefix("00"), plain.strip_prefix('0'))
    {
        (Some(rest), ..) | (None, Some(rest), _) => rest.to_owned(),
        (None, None, Some(rest)) => format!("{}{rest}", prefix.strip_prefix('+')?),
        (None, None, None) => return None,
    };
    let fits = (7..=15).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
        && !number.starts_with('0');
    fits.then(|| format!("+{number}"))
}

/// The host of an address of the web and whether the way there is sealed; none unless it begins with `http://` or `https://`, names a
/// host, and holds nothing that breaks a line.
#[must_use]
pub fn web_host(address: &str) -> Option<(&str, bool)> {
    let (rest, sealed) = match (address.strip_prefix("https://"), address.strip_prefix("http://")) {
        (Some(rest), _) => (rest, true),
        (None, Some(rest)) => (rest, false),
        (None, None) => return None,
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = address.chars().all(|c| c.is_ascii_graphic());
    (plain && !host.is_empty() && !host.contains('@')).then_some((host, sealed))
}

/// The name of a host without its port.
#[must_use]
pub fn host_name(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

/// True for this very machine.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    matches!(host_name(host), "localhost" | "127.0.0.1" | "[::1]" | "::1")
}

impl Settings {
    /// How receipts reach customers without paper; nothing of it unless the owner said so.
    #[must_use]
    pub fn digital(&self) -> DigitalReceipts {
        self.digital_receipts.as_deref().cloned().unwrap_or_default()
    }
}

/// What the settings say of receipts without paper holds together.
///
/// # Errors
/// `digital_page`, `digital_mail`, `digital_sms` for what cannot be.
pub(crate) fn check(settings: &Settings) -> Result<(), Refusal> {
    let Some(digital) = &settings.digital_receipts else { return Ok(()) };
    digital.page.as_ref().map_or(Ok(()), check_page)?;
    digital.mail.as_ref().map_or(Ok(()), check_mail)?;
    digital.sms.as_ref().map_or(Ok(()), check_sms)
}

fn bad(problem: &str) -> Refusal {
    Refusal::BadSettings { problem: problem.to_owned() }
}

/// An address whose way is sealed, or which is on this machine.
fn safe(address: &str) -> bool {
    address.len() <= MAX_ADDRESS
        && web_host(address).is_some_and(|(host, sealed)| sealed || is_loopback(host))
}

fn check_page(page: &PageServed) -> Result<(), Refusal> {
    let address = page.address();
    let (host, _) = web_host(address).ok_or_else(|| bad("digital_page"))?;
    let bare = address.ends_with(host) && address.len() <= MAX_ADDRESS;
    let fits = match page {
        PageServed::Shop { .. } => bare,
        PageServed::Host { days, .. } => bare && safe(address) && (90..=3_660).contains(days),
    };
    if fits { Ok(()) } else { Err(bad("digital_page")) }
}

fn check_mail(mail: &MailServer) -> Result<(), Refusal> {
    let host = !mail.server.is_empty()
        && mail.server.len() <= MAX_TEXT
        && mail.server.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b));
    let user = mail.user.as_deref().is_none_or(|user| {
        !user.is_empty() && user.chars().count() <= MAX_TEXT && limits::clean(user)
    });
    let certificate = mail.certificate.as_deref().is_none_or(|pem| {
        pem.len() <= MAX_CERTIFICATE && pem.trim_start().starts_with("-----BEGIN CERTIFICATE-----")
    });
    // A password, and what a customer bought, go nowhere in clear.
    let sealed = mail.security != MailSecurity::None || is_loopback(&mail.server);
    let from = mail_address(&mail.from).is_some_and(|from| from == mail.from);
    let fits = host && user && certificate && sealed && from && mail.port != 0;
    if fits { Ok(()) } else { Err(bad("digital_mail")) }
}

fn check_sms(sms: &SmsSettings) -> Result<(), Refusal> {
    let prefix = sms.prefix.strip_prefix('+').is_some_and(|rest| {
        (1..=4).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_digit())
    });
    let sender = |from: &str| {
        (1..=40).contains(&from.chars().count())
            && from.chars().all(|c| c.is_ascii_graphic() || c == ' ')
    };
    let elsewhere = |address: &Option<String>| address.as_deref().is_none_or(safe);
    let fits = match &sms.gateway {
        SmsGateway::Seven { from, address } => sender(from) && elsewhere(address),
        SmsGateway::Twilio { account, from, address } => {
            let named = (1..=64).contains(&account.len())
                && account.bytes().all(|b| b.is_ascii_alphanumeric());
            named && sender(from) && elsewhere(address)
        }
        SmsGateway::Http { address, media, body, authorization } => {
            let known =
                matches!(media.as_str(), "application/json" | "application/x-www-form-urlencoded");
            let header = authorization.as_deref().is_none_or(|header| {
                header.chars().count() <= MAX_ADDRESS
                    && header.chars().all(|c| c.is_ascii_graphic() || c == ' ')
            });
            // Both have to stand somewhere, else the text goes to nobody or says nothing.
            let told = ["{to}", "{text}"].iter().all(|mark| body.contains(mark));
            safe(address) && known && header && told && body.chars().count() <= 2_000
        }
    };
    if fits && prefix { Ok(()) } else { Err(bad("digital_sms")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_mail_are_what_servers_take_and_nothing_that_breaks_a_line() {
        for good in ["a@b.de", "ada.oz+bon@mail.example.org", " x@y.example ", "o'n@e.ie"] {
            assert_eq!(mail_address(good), Some(good.trim()), "{good}");
        }
        let long = format!("{}@example.org", "x".repeat(65));
        for bad in [
            "",
            "a",
            "@b.de",
            "a@",
            "a@b",
            "a@@b.de",
            "a b@c.de",
            "a@b.de\r\nBcc: c@d.de",
            "a\n@b.de",
            "a@b.de\n",
            "<a@b.de>",
            "a@b..de",
            "a@-b.de",
            ".a@b.de",
            "a.@b.de",
            "a@b.de,c@d.de",
            "\"a b\"@c.de",
            "a@b.de\0",
            "ä@b.de",
            "a@[127.0.0.1]",
            long.as_str(),
        ] {
            assert_eq!(mail_address(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn numbers_are_written_as_the_whole_world_dials_them() {
        for typed in ["+49 170 1234567", "0170/1234567", "0049 170-1234567", "(0170) 12 34 567"] {
            assert_eq!(phone_number(typed, "+49").as_deref(), Some("+491701234567"), "{typed}");
        }
        assert_eq!(phone_number("079 123 45 67", "+41").as_deref(), Some("+41791234567"));
        for bad in [
            "",
            "170",
            "+49",
            "0170\r\n1234567",
            "+49170abc4567",
            "+0491701234567",
            "1701234567",
            "+1234567890123456",
        ] {
            assert_eq!(phone_number(bad, "+49"), None, "{bad:?}");
        }
    }

    #[test]
    fn addresses_of_the_web_name_a_host_and_nobody_who_signs_in() {
        assert_eq!(web_host("http://192.168.1.10:7080"), Some(("192.168.1.10:7080", false)));
        assert_eq!(web_host("https://bon.example.org"), Some(("bon.example.org", true)));
        for bad in [
            "",
            "bon.example.org",
            "ftp://x",
            "https://",
            "https://a b",
            "https://u@h",
            "https://h\r\nX: y",
        ] {
            assert_eq!(web_host(bad), None, "{bad:?}");
        }
        assert!(
            is_loopback("127.0.0.1:7080")
                && is_loopback("[::1]:1")
                && !is_loopback("127.0.0.2.example")
        );
    }
}
