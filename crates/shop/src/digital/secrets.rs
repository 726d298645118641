//! What is shared with servers and gateways, and to whom messages go: sealed, apart from settings and journal.

use domain::digital::{DigitalReceipts, PageServed, SmsGateway};
use domain::settings::Settings;
use store::{Reader, Store, StoreError};

use crate::api::digital::MessageWay;
use crate::vault;

/// Under which name of the file's notes a secret lies.
pub(crate) fn secret_name(way: MessageWay) -> &'static str {
    match way {
        MessageWay::Mail => "digital_mail_password",
        MessageWay::Sms => "digital_sms_secret",
        MessageWay::Page => "digital_host_token",
    }
}

/// Keeps the key of the gateway of texts: what the office does when somebody types it in.
///
/// # Errors
/// When it cannot be sealed or stored.
pub fn keep_sms_secret(store: &mut Store, key: &str) -> Result<(), StoreError> {
    vault::keep(store, secret_name(MessageWay::Sms), key)
}

/// Receivers are sealed under this name: what lies elsewhere does not open as one.
const RECEIVER: &str = "message_receiver";

/// Seals to whom a message goes.
pub(crate) fn seal_receiver(store: &Store, to: &str) -> Result<String, StoreError> {
    vault::seal(store, RECEIVER, to)
}

/// To whom a message goes; none when that does not open any more.
pub(crate) fn open_receiver(reader: &Reader, sealed: &str) -> Result<Option<String>, StoreError> {
    vault::unseal(reader, RECEIVER, sealed)
}

/// Enough of a receiver for people to recognise it: `a…@example.org`, `…4567`.
pub(crate) fn masked(to: &str) -> String {
    if let Some((local, domain)) = to.split_once('@') {
        let first: String = local.chars().take(1).collect();
        return format!("{first}…@{domain}");
    }
    let digits: Vec<char> = to.chars().collect();
    let last: String = digits.iter().skip(digits.len().saturating_sub(4)).collect();
    format!("…{last}")
}

/// Who is asked, and as whom: a secret belongs to these.
fn asked(digital: &DigitalReceipts, way: MessageWay) -> Option<Vec<String>> {
    let own = |address: &Option<String>| address.clone().unwrap_or_default();
    match way {
        MessageWay::Mail => digital.mail.as_ref().map(|mail| {
            let user = mail.user.clone().unwrap_or_default();
            vec![mail.server.clone(), mail.port.to_string(), user]
        }),
        MessageWay::Sms => digital.sms.as_ref().map(|sms| match &sms.gateway {
            SmsGateway::Seven { address, .. } => vec!["seven".to_owned(), own(address)],
            SmsGateway::Twilio { account, address, .. } => {
                vec!["twilio".to_owned(), account.clone(), own(address)]
            }
            SmsGateway::Http { address, .. } => vec!["http".to_owned(), address.clone()],
        }),
        MessageWay::Page => match &digital.page {
            Some(PageServed::Host { address, .. }) => Some(vec![address.clone()]),
            Some(PageServed::Shop { .. }) | None => None,
        },
    }
}

/// The secrets of servers that the settings do not name any more, or name as another one.
pub(crate) fn secrets_of_others(
    was: Option<&Settings>,
    settings: &Settings,
) -> impl Iterator<Item = &'static str> {
    let (was, now) = (was.map(Settings::digital).unwrap_or_default(), settings.digital());
    let ways = [MessageWay::Mail, MessageWay::Sms, MessageWay::Page];
    ways.into_iter()
        .filter(move |way| {
            let before = asked(&was, *way);
            before.is_some() && before != asked(&now, *way)
        })
        .map(secret_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_is_recognised_and_not_told() {
        assert_eq!(masked("ada.oz@example.org"), "a…@example.org");
        assert_eq!(masked("+491701234567"), "…4567");
        assert_eq!(masked("12"), "…12");
    }
}
