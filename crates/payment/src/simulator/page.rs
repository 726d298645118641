//! The simulator's page: what the terminal shows, what the customer can do, what goes wrong next, and what is
//! stored. No script; it reloads itself.

use ::zvt::terminal::Customer;

use super::Controls;
use super::bent::Device;
use super::view::View;

const STYLE: &str = "
:root{color-scheme:light dark}
body{margin:0;padding:1rem;font:1rem/1.4 system-ui,sans-serif;background:#dcdad4;color:#111}
main{max-width:48rem;margin:0 auto}
h1{font-size:1.2rem;margin:0 0 .5rem}h2{font-size:1rem;margin:1.2rem 0 .3rem}
.sign{background:#b3261e;color:#fff;padding:.1rem .5rem;border-radius:.2rem}
.display{background:#1d2b1f;color:#e6f5e6;padding:1rem;border-radius:.4rem;font-size:1.4rem}
.display strong{display:block;font-size:2rem}
form{display:inline}
button{min-height:44px;margin:.15rem;padding:0 .8rem;font:inherit;border:2px solid #555;border-radius:.4rem;background:#fff;color:#111;cursor:pointer}
button[aria-pressed=true]{background:#b3261e;color:#fff;border-color:#b3261e}
button:disabled{opacity:.45;cursor:default}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.3rem .5rem;border-bottom:1px solid #8888}
.figure{text-align:right;font-variant-numeric:tabular-nums}
@media (prefers-color-scheme:dark){body{background:#1b1b1b;color:#eee}a{color:#9cf}}
";

/// Milliseconds until a customer comes by themselves, as the page's button says.
const AUTOMATIC: u64 = 1_500;

/// The page's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    German,
    English,
}

impl Language {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::German => "de",
            Self::English => "en",
        }
    }

    const fn say<'a>(self, german: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::German => german,
            Self::English => english,
        }
    }
}

/// What a customer can do: address, German, English.
const HANDS: [(&str, Customer, &str, &str); 7] = [
    ("tap", Customer::Tap, "Karte vorhalten", "Tap the card"),
    ("insert", Customer::Insert, "Karte stecken und PIN", "Insert the card, PIN"),
    ("sign", Customer::Sign, "Karte und Unterschrift", "Card and signature"),
    ("tip", Customer::Tip, "Karte vorhalten, 1,00 Trinkgeld", "Tap the card, tip of 1.00"),
    ("wrong-pin", Customer::WrongPin, "Falsche PIN", "Wrong PIN"),
    ("decline", Customer::Declined, "Bank lehnt ab", "The bank declines"),
    ("abort", Customer::Stop, "Abbrechen (Stopp-Taste)", "Cancel (stop key)"),
];

/// What the terminal shows: code, German, English.
const SHOWN: [(&str, &str, &str); 12] = [
    ("ready", "Bereit", "Ready"),
    ("insert_card", "Bitte Karte vorhalten oder stecken", "Please tap or insert your card"),
    (
        "ask_tip",
        "Trinkgeld? Bitte Karte vorhalten oder stecken",
        "A tip? Please tap or insert your card",
    ),
    ("wait_for_host", "Bitte warten …", "Please wait …"),
    ("please_wait", "Bitte warten …", "Please wait …"),
    ("wrong_pin", "PIN falsch. Bitte noch einmal", "Wrong PIN. Please try again"),
    ("approved", "Zahlung erfolgt", "Payment approved"),
    ("declined", "Abgelehnt", "Declined"),
    ("aborted", "Abgebrochen", "Cancelled"),
    ("auto_reversal", "Wird zurückgenommen …", "Taking it back …"),
    ("remove_card", "Bitte Karte entnehmen", "Please remove your card"),
    ("journal_full", "Speicher voll: Kassenschnitt", "Journal full: end of day"),
];

/// What goes wrong: code, German, English.
const FAULTS: [(&str, &str, &str); 35] = [
    ("decline", "Bank lehnt ab", "the bank declines"),
    ("time_out", "Terminal hängt", "the terminal hangs"),
    ("slow_acknowledgement", "antwortet nach 6 s", "answers after 6 s"),
    (
        "lost_before_outcome",
        "Verbindung weg vor dem Ergebnis",
        "connection lost before the outcome",
    ),
    ("lost_after_outcome", "Verbindung weg nach dem Ergebnis", "connection lost after the outcome"),
    ("lost_after_commit", "Verbindung weg nach dem Buchen", "connection lost after it is stored"),
    ("wrong_amount", "nennt anderen Betrag", "says another amount"),
    ("wrong_tip", "nennt ein anderes Trinkgeld", "says another tip"),
    ("wrong_currency", "nennt andere Währung", "says another currency"),
    ("changed_terminal", "nennt andere Terminal-ID", "says another terminal ID"),
    ("answer_twice", "antwortet zweimal", "answers twice"),
    ("answer_of_another_sale", "antwortet zum Verkauf davor", "answers for the sale before"),
    ("late_approval_after_abort", "genehmigt trotz Abbruch", "approves in spite of an abort"),
    ("busy", "ist beschäftigt", "is busy"),
    ("journal_full", "Speicher voll", "journal full"),
    ("garbage", "sendet Unsinn", "sends garbage"),
    ("cut_off_outcome", "Ergebnis abgeschnitten", "outcome cut off"),
    ("no_outcome", "kein Ergebnis", "no outcome"),
    ("initialisation_due", "verlangt eine Initialisierung", "wants an initialisation"),
    ("diagnosis_due", "verlangt eine Diagnose", "wants a diagnosis"),
    (
        "wrong_total",
        "nennt beim Kassenschnitt andere Summe",
        "says another total at the end of day",
    ),
    ("split_packets", "sendet Byte für Byte", "sends byte by byte"),
    (
        "lost_before_request",
        "Verbindung weg vor der Anfrage",
        "connection lost before the request arrives",
    ),
    ("replayed_answer", "wiederholt die letzte Antwort", "replays the last answer"),
    ("bad_hmac", "Prüfcode falsch", "wrong code over the answer"),
    ("tampered", "Antwort unterwegs verändert", "answer changed on its way"),
    ("other_key", "anderer Schlüssel", "another key"),
    ("server_error", "meldet Serverfehler", "reports a server error"),
    ("rejected", "Gerät nicht am Netz", "the device is not connected"),
    ("slow", "zeigt es erst nach 20 s", "shows it only after 20 s"),
    ("never_begins", "nimmt an und beginnt nie", "takes it over and never begins"),
    ("other_merchant", "nennt anderen Händler", "says another merchant"),
    ("offline", "Leser ist offline", "the reader is offline"),
    ("too_many_requests", "zu viele Anfragen", "too many requests"),
    ("bad_looks", "antwortet dreimal Unsinn", "answers nonsense three times"),
];

/// Which device answers: German, English.
const DEVICES: [(Device, &str, &str); 5] = [
    (Device::Own, "das eigene", "our own"),
    (Device::Exchanged, "ein anderes, gleiche Terminal-ID", "another one, same terminal ID"),
    (Device::Updated, "das eigene mit anderer Software", "our own with other software"),
    (Device::Renumbered, "eines mit anderer Terminal-ID", "one with another terminal ID"),
    (Device::Silent, "eines, das sich nicht nennt", "one that does not say which it is"),
];

/// Kinds of transaction: code, German, English.
const KINDS: [(&str, &str, &str); 4] = [
    ("payment", "Zahlung", "Payment"),
    ("refund", "Gutschrift", "Refund"),
    ("reversal", "Storno", "Reversal"),
    ("tip", "Trinkgeld", "Tip"),
];

/// The text of a code; the code itself where there is none.
fn text<'a>(table: &'a [(&str, &str, &str)], code: &'a str, language: Language) -> &'a str {
    let found = table.iter().find(|(known, ..)| *known == code);
    found.map_or(code, |(_, german, english)| language.say(german, english))
}

/// Does what a button's address says: whether it could be done, or `None` when there is no such button.
pub(super) async fn act(controls: &Controls, path: &str) -> Option<bool> {
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["", "customer", name] => {
            let (_, customer, ..) = HANDS.iter().find(|(known, ..)| known == name)?;
            Some(controls.customer(*customer).await)
        }
        ["", "fault", "none"] => {
            controls.choose(None).await;
            Some(true)
        }
        ["", "fault", name] => {
            let faults = &controls.view().faults;
            let fault = *faults.iter().find(|fault| fault.name() == *name)?;
            controls.choose(Some(fault)).await;
            Some(true)
        }
        ["", "device", name] => {
            controls.device(Device::named(name)?).await;
            Some(true)
        }
        ["", "automatic", "off"] => {
            controls.automatic(None).await;
            Some(true)
        }
        ["", "automatic", millis] => {
            controls.automatic(Some(millis.parse().ok()?)).await;
            Some(true)
        }
        _ => None,
    }
}

struct Button<'a> {
    path: &'a str,
    label: &'a str,
    pressed: Option<bool>,
    enabled: bool,
}

impl Button<'_> {
    fn html(&self, language: Language) -> String {
        let pressed = self.pressed.map(|on| format!(" aria-pressed=\"{on}\"")).unwrap_or_default();
        let disabled = if self.enabled { "" } else { " disabled" };
        format!(
            "<form method=\"post\" action=\"{}?language={}\"><button{pressed}{disabled}>{}</button></form>\n",
            escape(self.path),
            language.code(),
            escape(self.label)
        )
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// An amount as the terminal's display shows it.
fn amount(minor_units: i64, currency: &str, language: Language) -> String {
    let point = language.say(",", ".");
    let (whole, part) = (minor_units / 100, (minor_units % 100).abs());
    format!("{whole}{point}{part:02} {}", escape(currency))
}

fn display(view: &View, language: Language) -> String {
    let shows = match view.shows {
        "insert_card" if view.asks_tip => "ask_tip",
        shows => shows,
    };
    let shown = escape(text(&SHOWN, shows, language));
    let asked = view.asks.map(|(kind, minor_units)| {
        let kind = escape(text(&KINDS, kind, language));
        format!("<strong>{kind} {}</strong>", amount(minor_units, &view.currency, language))
    });
    format!("<div class=\"display\" role=\"status\">{}{shown}</div>\n", asked.unwrap_or_default())
}

fn hands(view: &View, language: Language) -> String {
    let buttons = HANDS.iter().map(|(name, customer, german, english)| {
        let path = format!("/customer/{name}");
        let label = language.say(german, english);
        let enabled = view.waiting && (*customer != Customer::Tip || view.asks_tip);
        Button { path: &path, label, pressed: None, enabled }.html(language)
    });
    let on = view.automatic.is_some();
    let path = if on { "/automatic/off".to_owned() } else { format!("/automatic/{AUTOMATIC}") };
    let label = language.say("Kunden kommen von selbst", "Customers come by themselves");
    let automatic = Button { path: &path, label, pressed: Some(on), enabled: true }.html(language);
    buttons.chain([automatic]).collect()
}

fn faults(view: &View, language: Language) -> String {
    let none = Button {
        path: "/fault/none",
        label: language.say("nichts", "nothing"),
        pressed: Some(view.fault.is_none()),
        enabled: true,
    };
    let each = view.faults.iter().map(|&fault| {
        let path = format!("/fault/{}", fault.name());
        let label = text(&FAULTS, fault.name(), language);
        Button { path: &path, label, pressed: Some(view.fault == Some(fault)), enabled: true }
            .html(language)
    });
    std::iter::once(none.html(language)).chain(each).collect()
}

fn devices(view: &View, language: Language) -> String {
    let each = DEVICES.iter().map(|(device, german, english)| {
        let path = format!("/device/{}", device.name());
        let label = language.say(german, english);
        Button { path: &path, label, pressed: Some(view.device == *device), enabled: true }
            .html(language)
    });
    each.collect()
}

fn transactions(view: &View, language: Language) -> String {
    if view.entries.is_empty() {
        return format!("<p>{}</p>\n", language.say("Keine.", "None."));
    }
    let head = ["Beleg", "Art", "Karte", "Betrag"];
    let head_en = ["Receipt", "Kind", "Card", "Amount"];
    let cells: String = head
        .iter()
        .zip(head_en)
        .map(|(german, english)| {
            format!("<th scope=\"col\">{}</th>", language.say(german, english))
        })
        .collect();
    let rows = view.entries.iter().rev().map(|entry| {
        let taken_back = language.say(" (zurückgenommen)", " (taken back)");
        format!(
            "<tr><td>{}</td><td>{}{}</td><td>{} {}</td><td class=\"figure\">{}</td></tr>\n",
            escape(&entry.receipt),
            escape(text(&KINDS, entry.kind, language)),
            if entry.settled { taken_back } else { "" },
            escape(entry.card.as_deref().unwrap_or_default()),
            escape(entry.last4.as_deref().unwrap_or_default()),
            amount(entry.amount, &view.currency, language),
        )
    });
    format!(
        "<table><thead><tr>{cells}</tr></thead><tbody>\n{}</tbody></table>\n",
        rows.collect::<String>()
    )
}

/// The whole page.
pub(super) fn html(view: &View, language: Language) -> String {
    let (other, other_name) = match language {
        Language::German => ("en", "English"),
        Language::English => ("de", "Deutsch"),
    };
    let heading = |german, english| format!("<h2>{}</h2>\n", language.say(german, english));
    format!(
        "<!doctype html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"refresh\" content=\"2;url=/?language={code}\">\n\
         <title>Simulator: {terminal} {tid}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1><span class=\"sign\">Simulator</span> {terminal} {tid}</h1>\n<p>{says} \
         <a href=\"/?language={other}\" lang=\"{other}\">{other_name}</a></p>\n{display}{you}{hands}\
         {wrong}{faults}{which}{devices}{stored}{transactions}</main>\n</body>\n</html>\n",
        code = language.code(),
        terminal = language.say("Kartenterminal", "card terminal"),
        tid = escape(&view.terminal),
        says = format_args!(
            "{} {}. {}",
            language.say("Spricht", "Speaks"),
            escape(view.speaks),
            language.say("Es fließt kein Geld.", "No money moves."),
        ),
        display = display(view, language),
        you = heading("Du bist der Kunde", "You are the customer"),
        hands = hands(view, language),
        wrong = heading("Was als Nächstes schiefgeht", "What goes wrong next"),
        faults = faults(view, language),
        which = heading("Welches Gerät antwortet", "Which device answers"),
        devices = devices(view, language),
        stored = heading("Gespeicherte Vorgänge", "Stored transactions"),
        transactions = transactions(view, language),
    )
}

#[cfg(test)]
mod tests {
    use super::super::Entry;
    use super::*;

    #[test]
    fn no_text_can_put_tags_into_the_page() {
        let bad = || "<script>'\"&".to_owned();
        let entry = Entry {
            kind: "<kind>",
            receipt: bad(),
            trace: bad(),
            amount: 1,
            card: Some(bad()),
            last4: Some(bad()),
            settled: false,
        };
        let view = View {
            speaks: "<speaks>",
            terminal: bad(),
            currency: bad(),
            shows: "<shows>",
            waiting: true,
            asks: Some(("<asks>", 5)),
            asks_tip: false,
            fault: None,
            faults: Vec::new(),
            automatic: None,
            device: Device::Own,
            entries: vec![entry],
        };
        for language in [Language::German, Language::English] {
            let html = html(&view, language);
            for tag in ["<script", "<kind", "<shows", "<asks", "<speaks"] {
                assert!(!html.contains(tag), "{tag} in {html}");
            }
            assert_eq!(html.matches("&lt;script&gt;&#39;&quot;&amp;").count(), 7);
        }
    }
}
