//! The rules of EN 16931 that figures and parties can break, checked before anything is written. Each is named as there.

use money::{Money, MoneyError};

use super::figures::{Figures, figures};
use super::{Invoice, Kind, Means, Profile, Tax};

/// A rule that the invoice breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// An amount out of range.
    #[error("an amount is out of range")]
    OutOfRange,
    /// Number, names or countries are missing.
    #[error("BR-02, BR-06 to BR-11: number, name or country is missing")]
    Missing,
    /// No line.
    #[error("BR-16: no line")]
    Br16,
    /// A line or an allowance has no name or reason.
    #[error("BR-25, BR-33: a line without a name or an allowance without a reason")]
    Br25,
    /// The sum of the lines.
    #[error("BR-CO-10: the lines do not add up")]
    BrCo10,
    /// The sum of the allowances.
    #[error("BR-CO-11: the allowances do not add up")]
    BrCo11,
    /// What is taxed.
    #[error("BR-CO-13: the sum without tax")]
    BrCo13,
    /// The sum of tax.
    #[error("BR-CO-14: the sum of the tax")]
    BrCo14,
    /// With tax.
    #[error("BR-CO-15: the sum with tax")]
    BrCo15,
    /// What is to be paid.
    #[error("BR-CO-16: the amount to be paid")]
    BrCo16,
    /// The tax of a rate is a cent or more from net times rate.
    #[error("BR-CO-17: the tax of a rate")]
    BrCo17,
    /// A way of taxing twice, or one that no line has.
    #[error("BR-CO-18, BR-S-01: the sums are not one for each rate")]
    BrCo18,
    /// To be paid, but until when?
    #[error("BR-CO-25: no day of payment")]
    BrCo25,
    /// The seller has neither VAT id nor tax number.
    #[error("BR-CO-26, BR-S-02: the seller has no VAT id and no tax number")]
    BrCo26,
    /// A VAT id without its country's letters.
    #[error("BR-CO-09: a VAT id without its country's letters")]
    BrCo09,
    /// Lines and sums of a rate differ.
    #[error("BR-S-08: lines and sum of a rate differ")]
    BrS08,
    /// A standard rate of nothing.
    #[error("BR-S-05: a standard rate of nothing")]
    BrS05,
    /// Tax where there is none.
    #[error("BR-E-09, BR-Z-09: tax on what is not taxed")]
    BrE09,
    /// Exempt, but why?
    #[error("BR-E-10: no reason for the exemption")]
    BrE10,
    /// A transfer without an account.
    #[error("BR-50, BR-61: a transfer without an account")]
    Br50,
    /// More of a card's number than its last four digits.
    #[error("BR-51: more than the last four digits of a card")]
    Br51,
    /// XRechnung wants a reference of the buyer.
    #[error("BR-DE-15: no reference of the buyer (Leitweg-ID)")]
    BrDe15,
    /// XRechnung wants somebody to ask.
    #[error("BR-DE-2, BR-DE-5 to 7: no contact of the seller")]
    BrDe2,
    /// XRechnung wants towns and post codes.
    #[error("BR-DE-3, 4, 8, 9: a town or post code is missing")]
    BrDe3,
    /// XRechnung wants electronic addresses.
    #[error("PEPPOL-EN16931-R010, R020: an electronic address is missing")]
    Addresses,
}

impl From<MoneyError> for Broken {
    fn from(_: MoneyError) -> Self {
        Broken::OutOfRange
    }
}

/// Everything that is wrong with an invoice; nothing when it may be written.
#[must_use]
pub fn check(invoice: &Invoice, profile: Profile) -> Vec<Broken> {
    let mut broken = parties(invoice);
    broken.extend(taxes(invoice));
    match figures(invoice) {
        Ok(figures) => {
            broken.extend(sums(invoice, &figures).unwrap_or(vec![Broken::OutOfRange]));
            if figures.payable > Money::ZERO && invoice.due.is_none() {
                broken.push(Broken::BrCo25);
            }
        }
        Err(error) => broken.push(error),
    }
    if profile == Profile::XRechnung {
        broken.extend(xrechnung(invoice));
    }
    broken
}

fn when(broken: bool, rule: Broken) -> Option<Broken> {
    broken.then_some(rule)
}

fn blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn parties(invoice: &Invoice) -> Vec<Broken> {
    let Invoice { seller, buyer, .. } = invoice;
    let corrected = match &invoice.kind {
        Kind::Correction(number, _) => number.as_str(),
        Kind::Invoice => "none",
    };
    let texts = [&invoice.number, &seller.name, &buyer.name, corrected];
    let country = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
    let currency = invoice.currency.len() == 3;
    let missing = texts.iter().any(|text| blank(text))
        || !country(&seller.country)
        || !country(&buyer.country)
        || !currency;
    let bad_vat = [seller, buyer]
        .into_iter()
        .filter_map(|party| party.vat_id.as_deref())
        .any(|id| id.len() < 4 || !id.bytes().take(2).all(|b| b.is_ascii_uppercase()));
    let unnamed = invoice.lines.iter().any(|line| blank(&line.name) || blank(&line.unit))
        || invoice.allowances.iter().any(|one| blank(&one.reason));
    let account = match &invoice.means {
        Means::Transfer { iban, .. } => when(blank(iban), Broken::Br50),
        Means::Card(Some(digits)) => {
            let last = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit());
            when(!last, Broken::Br51)
        }
        _ => None,
    };
    [
        when(missing, Broken::Missing),
        when(invoice.lines.is_empty(), Broken::Br16),
        when(unnamed, Broken::Br25),
        when(seller.vat_id.is_none() && seller.tax_number.is_none(), Broken::BrCo26),
        when(bad_vat, Broken::BrCo09),
        account,
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn taxes(invoice: &Invoice) -> Vec<Broken> {
    let sums = &invoice.taxes;
    let count = |tax: Tax| sums.iter().filter(|sum| sum.tax == tax).count();
    let used = |tax: Tax| {
        invoice.lines.iter().any(|line| line.tax == tax)
            || invoice.allowances.iter().any(|one| one.tax == tax)
    };
    let lines = invoice.lines.iter().map(|line| line.tax);
    let all = lines.chain(invoice.allowances.iter().map(|one| one.tax));
    let one_each = all.into_iter().all(|tax| count(tax) == 1)
        && sums.iter().all(|sum| count(sum.tax) == 1 && used(sum.tax));
    let untaxed = |tax: Tax| matches!(tax, Tax::Zero | Tax::Exempt);
    let no_rate = |tax: Tax| !untaxed(tax) && tax.rate().basis_points() == 0;
    let exempt = sums.iter().any(|sum| sum.tax == Tax::Exempt);
    let reason = invoice.exemption.as_deref().is_some_and(|reason| !blank(reason));
    [
        when(!one_each, Broken::BrCo18),
        when(sums.iter().any(|sum| no_rate(sum.tax)), Broken::BrS05),
        when(sums.iter().any(|s| untaxed(s.tax) && !s.amount.is_zero()), Broken::BrE09),
        when(exempt && !reason, Broken::BrE10),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The sums once more, from the figures as they will be written.
fn sums(invoice: &Invoice, figures: &Figures) -> Result<Vec<Broken>, Broken> {
    let sum = |parts: &[Money]| Money::sum(parts.iter().copied());
    let taxes: Vec<Money> = invoice.taxes.iter().map(|sum| sum.amount).collect();
    let nets: Vec<Money> = invoice.taxes.iter().map(|sum| sum.net).collect();
    let net = figures.line_sum.minus(figures.allowance_sum)?;
    let payable = figures.total.minus(invoice.prepaid)?.plus(invoice.rounding)?;
    let mut off = false;
    for sum in &invoice.taxes {
        // In hundredths of a percent of a cent: less than one whole cent away.
        let exact =
            i128::from(sum.net.minor()).saturating_mul(i128::from(sum.tax.rate().basis_points()));
        let written = i128::from(sum.amount.minor()).saturating_mul(10_000);
        off |= written.abs_diff(exact) >= 10_000;
    }
    let found = [
        when(sum(&figures.lines)? != figures.line_sum, Broken::BrCo10),
        when(sum(&figures.allowances)? != figures.allowance_sum, Broken::BrCo11),
        when(net != figures.net || sum(&nets)? != figures.net, Broken::BrCo13),
        when(sum(&taxes)? != figures.tax, Broken::BrCo14),
        when(figures.net.plus(figures.tax)? != figures.total, Broken::BrCo15),
        when(payable != figures.payable, Broken::BrCo16),
        when(off, Broken::BrCo17),
    ];
    Ok(found.into_iter().flatten().collect())
}

fn xrechnung(invoice: &Invoice) -> Vec<Broken> {
    let Invoice { seller, buyer, .. } = invoice;
    let places = [&seller.town, &seller.post_code, &buyer.town, &buyer.post_code];
    let contact = seller.contact.as_ref().is_some_and(|contact| {
        !blank(&contact.name)
            && contact.phone.bytes().filter(u8::is_ascii_digit).count() >= 3
            && contact.mail.contains('@')
    });
    let addresses = seller.address.is_some() && buyer.address.is_some();
    let reference = invoice.reference.as_deref().is_some_and(|text| !blank(text));
    [
        when(!reference, Broken::BrDe15),
        when(!contact, Broken::BrDe2),
        when(places.iter().any(|place| blank(place)), Broken::BrDe3),
        when(!addresses, Broken::Addresses),
    ]
    .into_iter()
    .flatten()
    .collect()
}
