//! A receipt's page: the id it is found under, the address in the QR code, and the page itself.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use domain::digital::PageServed;
use domain::settings::Language;
use jiff::{SignedDuration, Timestamp};
use receipt::{HtmlOptions, STYLE, escape, render_html};
use store::{Reader, ReceiptLink, Store, StoreError};

use super::Paperless;
use crate::api::digital::{PageState, ReceiptPageView};
use crate::api::transfers::QrView;
use crate::auth::random;

/// For so many days the page of a receipt is found at the shop itself.
pub const LINK_DAYS: u16 = 90;

/// The style of the page's foot.
const FOOT: &str = "
.get{max-width:24rem;margin:1rem auto;display:flex;flex-wrap:wrap;gap:.5rem;font-family:system-ui,sans-serif}
.get a{flex:1 1 9rem;padding:.75rem;border:1px solid currentColor;border-radius:.5rem;text-align:center;color:inherit;text-decoration:none;font-weight:600}
.get a:focus-visible{outline:3px solid;outline-offset:2px}
.get p{flex-basis:100%;margin:.25rem 0 0;font-size:.875rem}
.hid{position:absolute;width:1px;height:1px;margin:0;overflow:hidden;clip-path:inset(50%)}
.gone{max-width:24rem;margin:20vh auto;text-align:center;font-family:system-ui,sans-serif}
@media print{.get{display:none}}
";

/// The link of a receipt, made now when it has none that fits how pages are served.
///
/// # Errors
/// When it cannot be stored, or the system gives no random numbers.
pub fn link_of(
    store: &mut Store,
    page: &PageServed,
    seq: u64,
    now: Timestamp,
) -> Result<ReceiptLink, StoreError> {
    let (sealed, days) = match page {
        PageServed::Shop { .. } => (false, LINK_DAYS),
        PageServed::Host { days, .. } => (true, *days),
    };
    if let Some(link) = store.receipt_link(seq)?
        && link.key.is_some() == sealed
        && link.until > now
    {
        return Ok(link);
    }
    let no_randomness = |error| StoreError::Io(std::io::Error::other(error));
    let id = random::bytes::<16>().map_err(no_randomness)?;
    let key = random::bytes::<32>().map_err(no_randomness)?;
    let lasts = SignedDuration::from_hours(i64::from(days).saturating_mul(24));
    let until = now.saturating_add(lasts).unwrap_or(Timestamp::MAX);
    let link = ReceiptLink { seq, id, key: sealed.then_some(key), made: now, until };
    store.put_receipt_link(&link)?;
    Ok(link)
}

/// The receipt that an id of a page leads to, while it does: pages that a host outside keeps are not served here.
///
/// # Errors
/// When the shop's file cannot be read.
pub fn linked(
    reader: &Reader,
    id: &[u8; 16],
    now: Timestamp,
) -> Result<Option<ReceiptLink>, StoreError> {
    let link = reader.receipt_linked(id)?;
    Ok(link.filter(|link| link.until > now && link.key.is_none()))
}

/// An id as it stands in addresses; none for anything else, even if it would decode to the same.
#[must_use]
pub fn read_id(text: &str) -> Option<[u8; 16]> {
    let mut id = [0; 16];
    let read = Base64UrlUnpadded::decode(text, &mut id).ok()?;
    (read.len() == 16 && text == Base64UrlUnpadded::encode_string(&id)).then_some(id)
}

/// What stands in the QR code. The key of a page at a host outside stands behind the `#`, which no browser sends to anybody.
#[must_use]
pub(super) fn address(page: &PageServed, link: &ReceiptLink) -> String {
    let id = Base64UrlUnpadded::encode_string(&link.id);
    let key = link.key.as_ref().map(|key| format!("#{}", Base64UrlUnpadded::encode_string(key)));
    format!("{}/r/{id}{}", page.address(), key.unwrap_or_default())
}

/// What is shown of a page at the till and at the customer's display.
#[must_use]
pub fn page_view(page: &PageServed, link: &ReceiptLink, state: PageState) -> ReceiptPageView {
    let payload = address(page, link);
    // A code that leads nowhere yet is none.
    let qr = (state == PageState::Ready).then(|| qr(payload)).flatten();
    ReceiptPageView { state, qr, until: link.until, on_display: true }
}

fn qr(payload: String) -> Option<QrView> {
    let (size, path) = receipt::qr_path(&payload)?;
    Some(QrView { size: u32::try_from(size).ok()?, path, payload })
}

/// The page as the shop serves it, and its style, for the policy that it is sent with.
#[must_use]
pub fn page_html(of: &Paperless, until: Timestamp, id: &str) -> (String, String) {
    let (language, save, words) = match of.then.language {
        Language::De => ("de", "Beleg sichern", ["PDF", "PDF A4", "Daten (JSON)"]),
        Language::En => ("en", "Save the receipt", ["PDF", "PDF A4", "Data (JSON)"]),
    };
    let day = crate::print::zone(&of.then).to_datetime(until).date();
    let kept = match of.then.language {
        Language::De => {
            let (day, month, year) = (day.day(), day.month(), day.year());
            format!(
                "Diese Seite ist bis {day:02}.{month:02}.{year} zu finden. Wer die Adresse hat, kann den Beleg sehen."
            )
        }
        Language::En => {
            format!(
                "This page can be found until {day}. Whoever has its address can see the receipt."
            )
        }
    };
    let [roll, sheet, data] = words;
    let foot = format!(
        "<nav class=\"get\" aria-label=\"{save}\"><a href=\"/r/{id}/receipt.pdf\" download>{roll}</a>\
         <a href=\"/r/{id}/a4.pdf\" download>{sheet}</a><a href=\"/r/{id}/receipt.json\" download>{data}</a><p>{kept}</p></nav>"
    );
    let article = render_html(&of.document, &HtmlOptions { fragment: true, title: None });
    let heading = format!("<h1 class=\"hid\">{}</h1>\n", escape(&of.document.title));
    page(language, &of.document.title, &format!("{heading}{article}{foot}"))
}

/// The page of an id that leads nowhere: whoever looks is told so, and nothing else.
#[must_use]
pub fn gone_html() -> (String, String) {
    let says = "<div class=\"gone\"><h1>Dieser Beleg ist hier nicht zu finden.</h1><p>Er wurde vielleicht schon vor längerer Zeit \
                ausgestellt. Fragen Sie bitte im Geschäft.</p><p lang=\"en\">This receipt cannot be found here. It may have been \
                issued a long time ago. Please ask at the shop.</p></div>";
    page("de", "Beleg", says)
}

fn page(language: &str, title: &str, content: &str) -> (String, String) {
    let style = format!("{STYLE}{FOOT}");
    let page = format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>{}</title>\n<style>{style}</style>\n</head>\n<body>\n\
         <main>\n{content}</main>\n</body>\n</html>\n",
        escape(title)
    );
    (page, style)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(key: Option<[u8; 32]>) -> ReceiptLink {
        let (made, until) = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
        ReceiptLink { seq: 7, id: [0xfb; 16], key, made, until }
    }

    #[test]
    fn the_key_stands_behind_the_address_where_no_browser_sends_it() {
        let shop = PageServed::Shop { address: "http://192.168.1.10:7080".to_owned() };
        let host = PageServed::Host { address: "https://bon.example.org".to_owned(), days: 90 };
        let id = "-_v7-_v7-_v7-_v7-_v7-w";
        assert_eq!(address(&shop, &link(None)), format!("http://192.168.1.10:7080/r/{id}"));
        let sealed = address(&host, &link(Some([1; 32])));
        let (way, key) = sealed.split_once('#').expect("a key");
        assert_eq!(way, format!("https://bon.example.org/r/{id}"));
        assert_eq!(Base64UrlUnpadded::decode_vec(key).expect("base64"), [1; 32]);
    }

    #[test]
    fn an_id_is_read_in_one_way_only() {
        assert_eq!(read_id("-_v7-_v7-_v7-_v7-_v7-w"), Some([0xfb; 16]));
        for other in [
            "",
            "-_v7-_v7-_v7-_v7-_v7-x",
            "-_v7-_v7-_v7-_v7-_v7-w=",
            "../../etc/passwd",
            "-_v7-_v7-_v7-_v7-_v7",
        ] {
            assert_eq!(read_id(other), None, "{other}");
        }
    }

    #[test]
    fn a_code_is_shown_when_it_leads_somewhere() {
        let shop = PageServed::Shop { address: "http://192.168.1.10:7080".to_owned() };
        let view = page_view(&shop, &link(None), PageState::Ready);
        assert!(view.qr.is_some_and(|qr| qr.payload.starts_with("http://192.168.1.10:7080/r/")));
        assert_eq!(page_view(&shop, &link(None), PageState::OnItsWay).qr, None);
    }
}
