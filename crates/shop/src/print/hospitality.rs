//! What a Bewirtungsbeleg says of itself.

use domain::receipt::IssuedReceipt;
use domain::settings::Settings;
use money::Money;

use super::language;
use super::voucher::date_text;

/// The fields of a receipt: its tip apart from the rest, where it knows one.
pub fn hospitality(settings: &Settings, issued: &IssuedReceipt) -> receipt::Hospitality {
    let receipt = &issued.receipt;
    let tips = receipt.lines.iter().filter(|line| line.tip.is_some());
    let tip = tips.fold(Money::ZERO, |sum, line| sum.saturating_plus(line.total()));
    let place: Vec<&str> = std::iter::once(settings.name.as_str())
        .chain(settings.address.iter().map(String::as_str))
        .filter(|line| !line.trim().is_empty())
        .collect();
    receipt::Hospitality {
        date: date_text(receipt.date, language(settings)),
        place: place.join(", "),
        amount: receipt.total.saturating_plus(tip.negated()).minor(),
        tip: (!tip.is_zero()).then(|| tip.minor()),
    }
}
