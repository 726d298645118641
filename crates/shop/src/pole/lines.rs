//! What stands on a display of two lines.

use domain::Amount;
use domain::catalogue::Unit;
use domain::settings::Language;
use escpos::pole::{Pole, sides};

use crate::api::display::{DisplayLine, DisplayState, DisplayView};
use crate::api::view::Truth;

struct Words {
    welcome: &'static str,
    total: &'static str,
    given: &'static str,
    left: &'static str,
    paid: &'static str,
    change: &'static str,
    thanks: &'static str,
    card: &'static str,
    training: &'static str,
}

const DE: Words = Words {
    welcome: "Herzlich willkommen",
    total: "Summe",
    given: "Gegeben",
    left: "Offen",
    paid: "Bezahlt",
    change: "Rückgeld",
    thanks: "Vielen Dank!",
    card: "Bitte ans Terminal",
    training: "SCHULUNG",
};

const EN: Words = Words {
    welcome: "Welcome",
    total: "Total",
    given: "Given",
    left: "To pay",
    paid: "Paid",
    change: "Change",
    thanks: "Thank you!",
    card: "See the terminal",
    training: "TRAINING",
};

/// Both lines, out of what the page for customers shows.
pub(super) fn lines(view: &DisplayView, pole: Pole) -> [String; 2] {
    let (words, language) = match view.language {
        Language::De => (&DE, receipt::Language::De),
        Language::En => (&EN, receipt::Language::En),
    };
    let money = |amount: &Amount| {
        receipt::format_amount(amount.amount.minor(), view.minor_digits, language)
    };
    let row = |left: &str, amount: &Amount| sides(pole, left, &money(amount));
    let total = if view.training { words.training } else { words.total };
    match view.state {
        DisplayState::Idle => [sides(pole, &view.shop, ""), sides(pole, words.welcome, "")],
        DisplayState::Paid if view.change.amount.is_zero() => {
            [row(words.paid, &view.total), sides(pole, words.thanks, "")]
        }
        DisplayState::Paid => [row(words.change, &view.change), sides(pole, words.thanks, "")],
        DisplayState::Basket => {
            let running = view.payment.as_ref().filter(|paid| paid.truth == Truth::Running);
            let card = running.is_some();
            if let Some(cash) = running.filter(|paid| paid.purpose == "cash") {
                let open = cash.open.or(cash.amount).unwrap_or(view.due);
                [row(total, &view.due), row(words.left, &open)]
            } else if card {
                [row(total, &view.due), sides(pole, words.card, "")]
            } else if !view.tendered.amount.is_zero() {
                [row(words.given, &view.tendered), row(words.left, &view.due)]
            } else {
                let line = view.lines.iter().find(|line| line.last).or(view.lines.last());
                let first = line.map_or_else(String::new, |line| row(&name(line), &line.total));
                [first, row(total, &view.total)]
            }
        }
    }
}

/// The name, with how many where there are several pieces.
fn name(line: &DisplayLine) -> String {
    let pieces = line.quantity.checked_div(1_000).unwrap_or_default();
    if line.unit == Unit::Piece && pieces > 1 {
        format!("{pieces}x {}", line.name)
    } else {
        line.name.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::TillId;
    use escpos::pole::Dialect;
    use money::{Currency, Money};

    const POLE: Pole = Pole { dialect: Dialect::Epson, umlauts: false, behind_printer: false };

    fn euros(minor: i64) -> Amount {
        Amount { amount: Money::new(minor), currency: Currency::EUR }
    }

    fn view(state: DisplayState) -> DisplayView {
        let line = |name: &str, quantity, unit, total, last| DisplayLine {
            name: name.to_owned(),
            quantity,
            unit,
            price: euros(100),
            total: euros(total),
            deposit: false,
            last,
        };
        DisplayView {
            till: TillId(1),
            shop: "Hofladen Lindner GmbH & Co. KG".to_owned(),
            language: Language::De,
            currency: "EUR".to_owned(),
            minor_digits: 2,
            state,
            training: false,
            practice: false,
            lines: vec![
                line("Bergkäse vom Almhof", 346, Unit::Kilogram, 862, false),
                line("Brötchen", 3_000, Unit::Piece, 135, true),
                line("Pfand", 1_000, Unit::Piece, 15, false),
            ],
            articles: 4,
            total: euros(101_234),
            saved: euros(0),
            due: euros(101_234),
            tendered: euros(0),
            change: euros(0),
            payment: None,
            transfer: None,
            receipt: None,
        }
    }

    #[test]
    fn an_item_and_the_total_then_what_is_left_then_the_change() {
        let shown = |view: &DisplayView| lines(view, POLE);
        let idle = view(DisplayState::Idle);
        assert_eq!(shown(&idle), ["Hofladen Lindner Gmb", "Herzlich willkommen "]);
        let basket = view(DisplayState::Basket);
        assert_eq!(shown(&basket), ["3x Broetchen    1,35", "Summe       1.012,34"]);
        let part = DisplayView { tendered: euros(100_000), due: euros(1_234), ..basket.clone() };
        assert_eq!(shown(&part), ["Gegeben     1.000,00", "Offen          12,34"]);
        let training = DisplayView { training: true, ..basket };
        assert_eq!(shown(&training)[1], "SCHULUNG    1.012,34");
        let paid = DisplayView { change: euros(766), ..view(DisplayState::Paid) };
        assert_eq!(shown(&paid), ["Rueckgeld       7,66", "Vielen Dank!        "]);
        let exact = DisplayView { language: Language::En, ..view(DisplayState::Paid) };
        assert_eq!(shown(&exact), ["Paid        1,012.34", "Thank you!          "]);
    }

    #[test]
    fn every_line_is_twenty_characters_whatever_the_amount() {
        let dear = DisplayView { total: euros(-9_999_999_999_999), ..view(DisplayState::Basket) };
        for pole in [POLE, Pole { umlauts: true, ..POLE }] {
            for line in lines(&dear, pole) {
                assert_eq!(line.chars().count(), 20, "{line}");
            }
        }
    }
}
