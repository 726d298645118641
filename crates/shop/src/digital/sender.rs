//! Sends what waits: mail, texts, and pages to the host. What was handed over without an answer is not sent again by itself.

use std::time::Duration;

use domain::digital::{MailSecurity, PageServed, SmsGateway};
use domain::receipt::HandedOver;
use domain::settings::Settings;
use jiff::{SignedDuration, Timestamp};
use messages::mail::{Security, Server};
use messages::sms::Gateway;
use messages::{Outcome, mail, sealed, sms, upload};
use store::{MessageKind, MessageRow, OutboxState, Reader, StoreError};

use super::handed::note_handed_over;
use super::letters::{self, Message};
use super::page::address;
use super::secrets::{open_receiver, secret_name};
use super::{Paperless, paperless};
use crate::api::digital::MessageWay;
use crate::auth::random;
use crate::clock::Clock;
use crate::engine::{Engine, Snapshot};
use crate::vault;

/// What was not taken after so many tries, about a day, is not tried by itself any more.
const GIVES_UP: u32 = 30;
/// How long another side may take for a step.
const PATIENCE: Duration = Duration::from_secs(30);
/// How soon a message is looked at again that waits for something of the shop's own (its signature, its page).
const SOON: SignedDuration = SignedDuration::from_secs(2);
/// Waits between tries, seconds.
const WAITS: [i64; 8] = [15, 60, 120, 300, 600, 900, 1_800, 3_600];
/// Messages of one round.
const ROUND: u32 = 20;

/// How long it is waited after so many tries.
pub(super) fn pause(attempts: u32) -> SignedDuration {
    let at = usize::try_from(attempts).unwrap_or(usize::MAX).min(WAITS.len().saturating_sub(1));
    SignedDuration::from_secs(WAITS.get(at).copied().unwrap_or(3_600))
}

/// What becomes of a message after a try.
pub(super) fn after(
    row: &MessageRow,
    outcome: Outcome,
    now: Timestamp,
) -> (OutboxState, &'static str, Timestamp) {
    let code = outcome.code();
    let later = now.saturating_add(pause(row.attempts)).unwrap_or(now);
    let old = row.attempts >= GIVES_UP;
    match outcome {
        Outcome::Sent => (OutboxState::Done, "", now),
        // The same page twice is the same page.
        Outcome::Unknown { .. } if row.kind == MessageKind::Upload && !old => {
            (OutboxState::Waiting, code, later)
        }
        Outcome::Unknown { .. } => (OutboxState::Unknown, code, now),
        Outcome::NotSent { again: true, .. } if !old => (OutboxState::Waiting, code, later),
        Outcome::NotSent { .. } => (OutboxState::Failed, code, now),
    }
}

/// Something to hand over, with all that it takes.
enum Ready {
    Mail(Box<(Server, mail::Letter)>),
    Sms(Box<(Gateway, String, String)>),
    Upload(Box<(upload::Host, [u8; 16], u16, Vec<u8>)>),
}

/// Why there is nothing to hand over.
enum Hitch {
    /// Something of the shop's own is not there yet.
    Soon,
    /// It cannot be sent, for now or at all.
    Not(Outcome),
}

fn later(why: &'static str) -> Hitch {
    Hitch::Not(Outcome::NotSent { why, again: true })
}

fn never(why: &'static str) -> Hitch {
    Hitch::Not(Outcome::NotSent { why, again: false })
}

/// Sends what of a kind is due. True when there was something.
pub(super) async fn round(engine: &Engine, clock: &dyn Clock, kind: MessageKind) -> bool {
    let now = clock.now();
    let due = engine.with_store(move |store| store.messages_due(kind, now, ROUND)).await;
    let Ok(Ok(due)) = due else { return false };
    for row in &due {
        send(engine, clock, row).await;
    }
    !due.is_empty()
}

async fn send(engine: &Engine, clock: &dyn Clock, row: &MessageRow) {
    let Ok(snapshot) = engine.snapshot().await else { return };
    let (asked, people, now) = (row.clone(), snapshot.clone(), clock.now());
    let made = engine.path().to_owned();
    // Pages are laid out beside the engine: no command waits for it.
    let ready = tokio::task::spawn_blocking(move || {
        let reader = Reader::open(&made)?;
        make(&reader, &people, &asked, now)
    });
    let ready = match ready.await {
        Ok(Ok(ready)) => ready,
        Ok(Err(_)) | Err(_) => Err(later("server")),
    };
    let (id, kind) = (row.id, row.kind);
    let outcome = match ready {
        Err(Hitch::Soon) => {
            let next = now.saturating_add(SOON).unwrap_or(now);
            note(engine, id, (OutboxState::Waiting, "preparing", false), next, now).await;
            return;
        }
        Err(Hitch::Not(outcome)) => outcome,
        Ok(ready) => {
            // Whatever ends the program now, it is not sent a second time by itself.
            let doubt = kind != MessageKind::Upload;
            if doubt && !note(engine, id, (OutboxState::Unknown, "sending", false), now, now).await
            {
                return;
            }
            hand_over(ready).await
        }
    };
    let now = clock.now();
    let (state, code, next) = after(row, outcome, now);
    note(engine, id, (state, code, true), next, now).await;
    let way = match kind {
        MessageKind::Mail => Some(HandedOver::Mail),
        MessageKind::Sms => Some(HandedOver::Sms),
        // A page that lies at the host is with nobody yet.
        MessageKind::Upload => None,
    };
    if let (OutboxState::Done, Some(way), Some(seq)) = (state, way, row.seq) {
        note_handed_over(engine, now, seq, way).await;
    }
}

async fn note(
    engine: &Engine,
    id: i64,
    said: (OutboxState, &'static str, bool),
    next: Timestamp,
    now: Timestamp,
) -> bool {
    let noted = engine.with_store(move |store| store.set_message(id, said, next, now)).await;
    matches!(noted, Ok(Ok(())))
}

async fn hand_over(ready: Ready) -> Outcome {
    match ready {
        Ready::Mail(mail) => mail::send(&mail.0, &mail.1).await,
        Ready::Sms(sms) => sms::send(&sms.0, &sms.1, &sms.2, PATIENCE).await,
        Ready::Upload(page) => {
            let (host, id, days, sealed) = *page;
            upload::put(&host, &id, days, sealed).await
        }
    }
}

fn make(
    reader: &Reader,
    snapshot: &Snapshot,
    row: &MessageRow,
    now: Timestamp,
) -> Result<Result<Ready, Hitch>, StoreError> {
    let Some(settings) = snapshot.settings.as_deref() else { return Ok(Err(later("not_set_up"))) };
    let content = match row.seq {
        Some(seq) => {
            let name = |id| {
                let known = snapshot.people.iter().find(|person| person.id == id);
                known.map_or_else(|| crate::personal::unnamed(id), |person| person.name.clone())
            };
            let Some(of) = paperless(reader, &name, seq)? else {
                return Ok(Err(never("no_receipt")));
            };
            // A receipt that is signed later is sent when it is.
            if of.is_unfinished() {
                return Ok(Err(Hitch::Soon));
            }
            Some(of)
        }
        None => None,
    };
    let to = match &row.receiver {
        Some(sealed) => open_receiver(reader, sealed)?,
        None => None,
    };
    let receiver = to.as_deref().ok_or_else(|| never("lost_receiver"));
    match row.kind {
        MessageKind::Mail => {
            let to = match receiver {
                Ok(to) => to,
                Err(hitch) => return Ok(Err(hitch)),
            };
            letter(reader, settings, content.as_ref(), (row, to))
        }
        MessageKind::Sms => {
            let to = match receiver {
                Ok(to) => to,
                Err(hitch) => return Ok(Err(hitch)),
            };
            text(reader, settings, content.as_ref(), (to, now))
        }
        MessageKind::Upload => page(reader, settings, content.as_ref(), row),
    }
}

/// What is shared with a server; the hitch says that it is missing, or has to be typed in again.
fn secret(reader: &Reader, way: MessageWay) -> Result<Result<String, Hitch>, StoreError> {
    let kept = vault::kept(reader, secret_name(way))?;
    Ok(kept.text().ok_or_else(|| later("no_secret")))
}

fn letter(
    reader: &Reader,
    settings: &Settings,
    content: Option<&Paperless>,
    (row, to): (&MessageRow, &str),
) -> Result<Result<Ready, Hitch>, StoreError> {
    let Some(own) = settings.digital().mail else { return Ok(Err(later("not_set_up"))) };
    let login = match &own.user {
        None => None,
        Some(user) => match secret(reader, MessageWay::Mail)? {
            Ok(password) => Some((user.clone(), password)),
            Err(hitch) => return Ok(Err(hitch)),
        },
    };
    let server = Server {
        host: own.server.clone(),
        port: own.port,
        security: match own.security {
            MailSecurity::Tls => Security::Tls,
            MailSecurity::Starttls => Security::Starttls,
            MailSecurity::None => Security::None,
        },
        login,
        certificate: own.certificate.clone(),
        patience: PATIENCE,
    };
    let shop = reader.meta("shop")?.unwrap_or_default();
    let message = Message { id: row.id, created: row.created, to };
    let letter = match content {
        Some(of) => letters::letter(of, &own, (&shop, message)),
        None => Some(letters::trial(settings, &own, (&shop, message))),
    };
    Ok(match letter {
        Some(letter) => Ok(Ready::Mail(Box::new((server, letter)))),
        None => Err(never("no_document")),
    })
}

fn text(
    reader: &Reader,
    settings: &Settings,
    content: Option<&Paperless>,
    (to, now): (&str, Timestamp),
) -> Result<Result<Ready, Hitch>, StoreError> {
    let digital = settings.digital();
    let Some(own) = digital.sms else { return Ok(Err(later("not_set_up"))) };
    let key = match secret(reader, MessageWay::Sms)? {
        Ok(key) => key,
        // A gateway of one's own may want none.
        Err(_) if matches!(own.gateway, SmsGateway::Http { .. }) => String::new(),
        Err(hitch) => return Ok(Err(hitch)),
    };
    let text = match content {
        None => letters::trial_words(settings).1,
        Some(of) => {
            let Some(served) = digital.page else { return Ok(Err(later("no_page"))) };
            let till = of.issued.till;
            let (training, number) = (of.issued.receipt.training, of.issued.receipt.number);
            let Some(found) = reader.receipt_row(till, training, number)? else {
                return Ok(Err(never("no_receipt")));
            };
            let Some(link) = reader.receipt_link(found.seq)?.filter(|link| link.until > now) else {
                return Ok(Err(never("no_page")));
            };
            if matches!(served, PageServed::Host { .. }) {
                match reader.message_of(found.seq, MessageKind::Upload)?.map(|of| of.state) {
                    Some(OutboxState::Done) => {}
                    Some(OutboxState::Failed) => return Ok(Err(later("no_page"))),
                    // A text that leads nowhere is not sent.
                    _ => return Ok(Err(Hitch::Soon)),
                }
            }
            letters::text(of, &address(&served, &link))
        }
    };
    let gateway = match own.gateway {
        SmsGateway::Seven { from, address } => Gateway::Seven { address, key, from },
        SmsGateway::Twilio { account, from, address } => {
            Gateway::Twilio { address, account, token: key, from }
        }
        SmsGateway::Http { address, media, body, authorization } => {
            Gateway::Http { address, media, body, authorization, secret: key }
        }
    };
    Ok(Ok(Ready::Sms(Box::new((gateway, to.to_owned(), text)))))
}

fn page(
    reader: &Reader,
    settings: &Settings,
    content: Option<&Paperless>,
    row: &MessageRow,
) -> Result<Result<Ready, Hitch>, StoreError> {
    let Some(PageServed::Host { address, days }) = settings.digital().page else {
        return Ok(Err(never("not_set_up")));
    };
    let token = match secret(reader, MessageWay::Page)? {
        Ok(token) => token,
        Err(hitch) => return Ok(Err(hitch)),
    };
    let link = match row.seq {
        Some(seq) => reader.receipt_link(seq)?,
        None => None,
    };
    let (Some(of), Some(link)) = (content, link) else { return Ok(Err(never("no_page"))) };
    let Some(key) = link.key else { return Ok(Err(never("no_page"))) };
    let Some(bundle) = letters::bundle(of) else { return Ok(Err(never("no_document"))) };
    let Ok(nonce) = random::bytes::<{ sealed::NONCE }>() else { return Ok(Err(later("server"))) };
    let Some(bytes) = sealed::seal(&bundle, (&key, nonce), &link.id) else {
        return Ok(Err(never("too_large")));
    };
    let host = upload::Host { address, token, patience: PATIENCE };
    Ok(Ok(Ready::Upload(Box::new((host, link.id, days, bytes)))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(kind: MessageKind, attempts: u32) -> MessageRow {
        let at = Timestamp::UNIX_EPOCH;
        MessageRow {
            id: 1,
            kind,
            till: None,
            seq: None,
            receiver: None,
            keep: false,
            state: OutboxState::Waiting,
            attempts,
            note: String::new(),
            created: at,
            next: at,
            changed: at,
        }
    }

    #[test]
    fn unknown_is_never_taken_for_no() {
        let now = Timestamp::UNIX_EPOCH;
        let unknown = Outcome::Unknown { why: "no_answer" };
        for kind in [MessageKind::Mail, MessageKind::Sms] {
            assert_eq!(after(&row(kind, 0), unknown, now).0, OutboxState::Unknown, "{kind:?}");
        }
        assert_eq!(after(&row(MessageKind::Upload, 0), unknown, now).0, OutboxState::Waiting);
    }

    #[test]
    fn a_gateway_that_says_500_for_an_hour_is_asked_again_and_again_and_not_for_ever() {
        let no = Outcome::NotSent { why: "server", again: true };
        let (mut now, mut tries) = (Timestamp::UNIX_EPOCH, 0_u32);
        let hour = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1);
        while now < hour {
            let (state, code, next) = after(&row(MessageKind::Sms, tries), no, now);
            assert_eq!((state, code), (OutboxState::Waiting, "server"));
            assert!(next > now);
            (now, tries) = (next, tries + 1);
        }
        assert!((6..20).contains(&tries), "{tries} tries in an hour");
        let waited = (0..GIVES_UP).fold(SignedDuration::ZERO, |sum, tries| sum + pause(tries));
        assert!((20..28).contains(&waited.as_hours()), "{waited}");
        assert_eq!(after(&row(MessageKind::Sms, GIVES_UP), no, now).0, OutboxState::Failed);
        let never = Outcome::NotSent { why: "refused", again: false };
        let said = after(&row(MessageKind::Mail, 0), never, Timestamp::UNIX_EPOCH);
        assert_eq!((said.0, said.1), (OutboxState::Failed, "refused"));
    }
}
