//! Vouchers on paper: the slip that is the voucher, and what a receipt says of one that paid.

use domain::VoucherId;
use domain::basket::Tender;
use domain::settings::Settings;
use domain::voucher::VoucherCode;
use jiff::civil::Date;
use money::Money;
use receipt as paper;

use super::words::Words;
use super::{Paper, head, language};

/// A voucher sold just now, with its code.
#[derive(Debug, Clone)]
pub struct SoldCode {
    /// Its public number.
    pub voucher: VoucherId,
    /// Its code.
    pub code: VoucherCode,
    /// What is on it.
    pub amount: Money,
    /// The last day on which it is taken.
    pub expires: Date,
}

/// The slip that is the voucher: printed once, beside its receipt.
pub fn voucher_blocks(settings: &Settings, sold: &SoldCode) -> Vec<paper::Block> {
    let language = language(settings);
    let words = Words::of(language);
    let text = |text: String, bold: bool, big: bool| paper::Block::Text {
        text: paper::clean(&text),
        align: paper::Align::Center,
        bold,
        big,
    };
    let digits = settings.currency.minor_digits();
    let amount = paper::format_amount(sold.amount.minor(), digits, language);
    let mut blocks = vec![text(head(settings).name, true, false)];
    blocks.push(text(words.voucher.to_owned(), true, true));
    blocks.push(text(format!("{amount} {}", settings.currency.code()), true, true));
    blocks.push(paper::Block::Feed { lines: 1 });
    blocks.push(paper::Block::Qr { data: sold.code.compact() });
    blocks.push(text(sold.code.grouped(), true, false));
    blocks.push(paper::Block::Feed { lines: 1 });
    blocks.push(text(format!("{} {}", words.voucher_number, sold.voucher), false, false));
    let until = date_text(sold.expires, language);
    blocks.push(text(format!("{} {until}", words.voucher_until), false, false));
    blocks.push(text(words.voucher_keep.to_owned(), false, false));
    blocks.push(paper::Block::Feed { lines: 1 });
    blocks.push(paper::Block::Cut);
    blocks
}

pub(super) fn date_text(day: Date, language: paper::Language) -> String {
    let (y, m, d) = (day.year(), day.month(), day.day());
    match language {
        paper::Language::De => format!("{d:02}.{m:02}.{y}"),
        paper::Language::En => format!("{y}-{m:02}-{d:02}"),
    }
}

/// A voucher that paid, or that money went back to: its last characters, and what is left on it.
pub(super) fn tender(tender: &Tender, paper: Paper, words: &Words) -> paper::Tender {
    let mut name = words.voucher.to_owned();
    let mut details = Vec::new();
    if let Some(of) = &tender.voucher {
        if let (Some(id), Some(last4)) = (of.voucher, &of.last4) {
            details.push(format!("{} {id}, …{last4}", words.voucher_number));
        }
        if let Some(left) = of.left {
            let left = paper::format_amount(left.minor(), paper.digits, paper.language);
            details.push(format!("{}: {left}", words.voucher_left));
        }
    }
    if tender.amount.is_negative() {
        name = format!("{name} {}", words.credited);
    }
    let amount = tender.amount.abs().minor();
    paper::Tender { name, amount, tendered: None, change: None, details }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::settings::{Country, Language};

    #[test]
    fn the_slip_says_the_code_to_people_and_to_scanners_and_how_long_it_lasts() {
        let settings = crate::defaults::settings(Country::De, Language::De);
        let code = VoucherCode::of([7; 16]);
        let expires = "2029-12-31".parse().expect("a date");
        let sold = SoldCode { voucher: VoucherId(12), code, amount: Money::new(5_000), expires };
        let blocks = voucher_blocks(&settings, &sold);
        assert!(blocks.contains(&paper::Block::Qr { data: code.compact() }));
        let document = paper::Document { blocks, ..paper::Document::default() };
        for columns in [32, 42, 48] {
            let text = paper::render_text(&document, columns);
            for said in ["Gutschein", "50,00 EUR", "Gutschein-Nr. 12", "gültig bis 31.12.2029"] {
                assert!(text.contains(said), "{said}: {text}");
            }
            let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            assert!(plain.contains(&code.grouped()), "{text}");
        }
    }

    #[test]
    fn a_receipt_says_what_is_left_and_the_last_four_characters_never_the_code() {
        let mut paid = Tender::exact(domain::basket::TenderKind::Voucher, Money::new(3_492), None);
        paid.voucher = Some(Box::new(domain::voucher::TenderVoucher {
            voucher: Some(VoucherId(12)),
            last4: Some("7QXK".to_owned()),
            left: Some(Money::new(1_508)),
            paid: None,
        }));
        let language = paper::Language::De;
        let printed = tender(
            &paid,
            crate::print::paper_of(money::Currency::EUR, language),
            Words::of(language),
        );
        assert_eq!(printed.details, ["Gutschein-Nr. 12, …7QXK", "Restguthaben: 15,08"]);
        assert_eq!((printed.name.as_str(), printed.amount), ("Gutschein", 3_492));
    }
}
