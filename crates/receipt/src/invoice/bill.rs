//! The payment part of a Swiss QR-bill: receipt to the left, payment part to the right, laid out as its style guide
//! says.

use super::grouped;
use super::words::Words;
use crate::html::escape;
use crate::swiss::{SwissBill, SwissReference, swiss_qr_svg};

/// `1949.75` as the style guide writes it: `1 949.75`.
fn amount(minor: i64) -> String {
    let whole = (minor / 100).to_string();
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    format!("{text}.{:02}", minor % 100)
}

/// A QR reference in a group of two and groups of five; a creditor reference in groups of four.
fn reference(of: &SwissReference) -> Option<String> {
    match of {
        SwissReference::None => None,
        SwissReference::Scor(text) => Some(grouped(text)),
        SwissReference::Qrr(digits) => {
            let (head, rest) = digits.split_at_checked(2)?;
            let rest: Vec<char> = rest.chars().collect();
            let groups: Vec<String> = rest.chunks(5).map(|group| group.iter().collect()).collect();
            Some(format!("{head} {}", groups.join(" ")))
        }
    }
}

fn part(heading: &str, lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
    format!("<h3>{heading}</h3><p>{}</p>\n", lines.join("<br>"))
}

/// Account, reference and payer.
fn information(bill: &SwissBill, words: &Words, message: bool) -> String {
    let mut payee = vec![grouped(&bill.iban)];
    payee.extend(bill.creditor.lines());
    let mut html = part(words.payable_to, &payee);
    if let Some(reference) = reference(&bill.reference) {
        html.push_str(&part(words.reference, &[reference]));
    }
    if message && !bill.message.is_empty() {
        html.push_str(&part(words.additional, std::slice::from_ref(&bill.message)));
    }
    match bill.debtor.as_ref().filter(|debtor| debtor.is_whole()) {
        Some(debtor) => html.push_str(&part(words.payable_by, &debtor.lines())),
        None => html
            .push_str(&format!("<h3>{}</h3><div class=\"blank\"></div>\n", words.payable_by_blank)),
    }
    html
}

fn sums(bill: &SwissBill, words: &Words) -> String {
    let (currency, value) = (escape(&bill.currency), bill.amount.map(amount).unwrap_or_default());
    format!(
        "<div class=\"sums\"><div><h3>{}</h3><p>{currency}</p></div><div><h3>{}</h3><p>{value}</p></div></div>\n",
        words.currency, words.amount
    )
}

/// The bill; none when there is none of these figures.
pub(super) fn render(bill: &SwissBill, words: &Words) -> Option<String> {
    let payload = bill.payload().ok()?;
    let code = swiss_qr_svg(&payload, words.code)?;
    Some(format!(
        "<section class=\"bill\" aria-label=\"{}\">\n<div class=\"stub\"><h2>{}</h2>\n<div class=\"info\">{}</div>\n{}\
         <p class=\"point\">{}</p></div>\n<div class=\"pay\"><div class=\"left\"><h2>{}</h2>\n<div class=\"code\">{code}</div>\n{}</div>\n\
         <div class=\"right\">{}</div></div>\n</section>\n",
        words.payment_part,
        words.stub,
        information(bill, words, false),
        sums(bill, words),
        words.point,
        words.payment_part,
        sums(bill, words),
        information(bill, words, true),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_references_are_grouped_as_the_style_guide_says() {
        for (minor, text) in [(5, "0.05"), (194_975, "1 949.75"), (100_000_000, "1 000 000.00")] {
            assert_eq!(amount(minor), text);
        }
        let of = |text: &str| SwissReference::Qrr(text.to_owned());
        assert_eq!(
            reference(&of("210000000003139471430009017")).as_deref(),
            Some("21 00000 00003 13947 14300 09017")
        );
        let of = SwissReference::Scor("RF18539007547034".to_owned());
        assert_eq!(reference(&of).as_deref(), Some("RF18 5390 0754 7034"));
        assert_eq!(reference(&SwissReference::None), None);
    }
}
