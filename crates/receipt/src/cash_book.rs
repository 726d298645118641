//! The cash book of a till and a month as a page for A4.

use crate::amount::format_amount;
use crate::html::escape;
use crate::{Language, ShopHead, clean};

/// A row of the book. Amounts are minor units; texts are in the book's language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CashBookLine {
    /// Date, on the first row of a day.
    pub date: String,
    /// Number of the closing, on the first row of a day.
    pub number: String,
    /// What it is.
    pub text: String,
    /// What came in.
    pub paid_in: Option<i64>,
    /// What went out, above nothing.
    pub paid_out: Option<i64>,
    /// What was left.
    pub balance: i64,
}

/// The figures of a cash book.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CashBookData {
    /// Language of words and amounts.
    pub language: Language,
    /// `EUR`
    pub currency: String,
    /// Digits of the minor unit.
    pub minor_digits: u8,
    /// Whose it is.
    pub shop: ShopHead,
    /// The till's name.
    pub till: String,
    /// First and last day.
    pub span: (String, String),
    /// What lay in the drawer before.
    pub opening: i64,
    /// The rows.
    pub lines: Vec<CashBookLine>,
    /// What was left at the end.
    pub closing: i64,
}

struct Words {
    tag: &'static str,
    title: &'static str,
    date: &'static str,
    number: &'static str,
    text: &'static str,
    paid_in: &'static str,
    paid_out: &'static str,
    balance: &'static str,
    opening: &'static str,
    closing: &'static str,
    none: &'static str,
    negative: &'static str,
    signature: &'static str,
}

const DE: Words = Words {
    tag: "de",
    title: "Kassenbuch",
    date: "Datum",
    number: "Z-Nr.",
    text: "Vorgang",
    paid_in: "Einnahme",
    paid_out: "Ausgabe",
    balance: "Bestand",
    opening: "Anfangsbestand",
    closing: "Endbestand",
    none: "In diesem Zeitraum ist kein Kassentag abgeschlossen.",
    negative: "Der Bestand liegt hier unter null. Mehr Geld als da ist kann nicht entnommen werden: Eine Einnahme fehlt, oder \
               eine Ausgabe steht zu früh im Buch.",
    signature: "Datum, Unterschrift",
};

const EN: Words = Words {
    tag: "en",
    title: "Cash book",
    date: "Date",
    number: "Z no.",
    text: "What",
    paid_in: "In",
    paid_out: "Out",
    balance: "Balance",
    opening: "Opening balance",
    closing: "Closing balance",
    none: "No till day of this time is closed.",
    negative: "The balance is below zero here. More money than there is cannot be taken out: something that came in is missing, \
               or something that went out stands too early in the book.",
    signature: "Date, signature",
};

/// The style sheet of the page, exactly as it stands between `<style>` and `</style>`.
pub const CASH_BOOK_STYLE: &str = "
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:#e9e7e2;color:#1a1a1a;font:10pt/1.4 'Inter','Helvetica Neue',Arial,'Liberation Sans',sans-serif}
.sheet{width:210mm;max-width:100%;margin:1rem auto;background:#fff;box-shadow:0 1px 4px #0003;padding:14mm 15mm}
.sheet p,.sheet h1{margin:0}.sheet h1{font-size:1.5em;margin:5mm 0 1mm}
table{width:100%;border-collapse:collapse;margin:5mm 0}
th{font-weight:600;text-align:left;border-bottom:1pt solid #1a1a1a;padding:1mm 0}
td{padding:1mm 0;border-bottom:.5pt solid #ddd;vertical-align:top}
th+th,td+td{padding-left:3mm}
.num{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.strong td{font-weight:700}
.bad{color:#a11}.note{border-left:3pt solid #a11;padding-left:3mm}
.sheet p.sign{margin-top:20mm;border-top:.75pt solid #1a1a1a;width:70mm;padding-top:1mm;font-size:.85em}
@media print{@page{size:A4;margin:12mm}body{background:#fff}.sheet{margin:0;box-shadow:none;padding:0;width:auto}tr{break-inside:avoid}}
@media (max-width:50rem){.sheet{padding:6mm 4mm;overflow-x:auto}}
";

/// The book as a whole page. A balance below zero is marked, and said.
#[must_use]
pub fn render_cash_book(data: &CashBookData) -> String {
    let words = match data.language {
        Language::De => &DE,
        Language::En => &EN,
    };
    let money = |minor: i64| format_amount(minor, data.minor_digits, data.language);
    let text = |text: &str| escape(&clean(text));
    let mut html = format!("<p><b>{}</b></p>\n", text(&data.shop.name));
    for line in &data.shop.address {
        html.push_str(&format!("<p>{}</p>\n", text(line)));
    }
    let (from, to) = &data.span;
    html.push_str(&format!(
        "<h1>{} {}</h1>\n<p>{} – {} · {}</p>\n",
        words.title,
        text(&data.till),
        text(from),
        text(to),
        text(&data.currency)
    ));
    let negative = |balance: i64| if balance < 0 { " bad" } else { "" };
    if data.lines.iter().any(|line| line.balance < 0) {
        html.push_str(&format!("<p class=\"note\">{}</p>\n", words.negative));
    }
    html.push_str(&format!(
        "<table><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th>\
         <th scope=\"col\" class=\"num\">{}</th><th scope=\"col\" class=\"num\">{}</th><th scope=\"col\" class=\"num\">{}</th>\
         </tr></thead>\n<tbody>\n",
        words.date, words.number, words.text, words.paid_in, words.paid_out, words.balance
    ));
    let whole = |label: &str, amount: i64| {
        format!(
            "<tr class=\"strong\"><td colspan=\"5\">{label}</td><td class=\"num\">{}</td></tr>\n",
            money(amount)
        )
    };
    html.push_str(&whole(words.opening, data.opening));
    for line in &data.lines {
        let amount = |amount: Option<i64>| amount.map(&money).unwrap_or_default();
        html.push_str(&format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td><td class=\"num{}\">{}</td></tr>\n",
            text(&line.date),
            text(&line.number),
            text(&line.text),
            amount(line.paid_in),
            amount(line.paid_out),
            negative(line.balance),
            money(line.balance)
        ));
    }
    html.push_str(&whole(words.closing, data.closing));
    html.push_str("</tbody></table>\n");
    if data.lines.is_empty() {
        html.push_str(&format!("<p>{}</p>\n", words.none));
    }
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>{} {}</title>\n<style>{CASH_BOOK_STYLE}</style>\n</head>\n<body>\n<main class=\"sheet\">\n{html}\
         <p class=\"sign\">{}</p>\n</main>\n</body>\n</html>\n",
        words.tag,
        words.title,
        text(&data.till),
        words.signature
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_book_below_zero_says_so_and_names_are_only_text() {
        let line = CashBookLine {
            text: "Auszahlung: <b>Brot</b>".to_owned(),
            paid_out: Some(1_200),
            balance: -200,
            ..CashBookLine::default()
        };
        let data = CashBookData {
            opening: 1_000,
            lines: vec![line],
            closing: -200,
            minor_digits: 2,
            ..CashBookData::default()
        };
        let page = render_cash_book(&data);
        assert!(page.contains("unter null") && page.contains("&lt;b&gt;Brot"));
        assert!(page.contains("num bad\">-2,00") || page.contains("num bad\">−2,00"), "{page}");
        let fine = CashBookData { lines: Vec::new(), closing: 1_000, ..data };
        let page = render_cash_book(&fine);
        assert!(!page.contains("unter null") && page.contains("kein Kassentag"));
    }
}
