//! Closings as postings of DATEV.

use domain::TaxKey;
use domain::TillId;
use domain::basket::TenderKind;
use domain::books::{BookAccount, BookPurpose, Chart, DatevSettings};
use domain::cash::CashPurpose;
use domain::settings::Settings;
use fiscal::de::datev::{self as form, Account, Accounts, Closing, Figure, File, Purpose};
use jiff::civil::{Date, DateTime};
use money::{Currency, Money};
use store::Reader;

use super::day::{Booked, MovedKind, booked};
use super::{CashBook, Fault, month_of};

/// The purpose in the form's words.
fn purpose_of(account: &BookAccount) -> Option<Purpose> {
    Some(match account.purpose {
        BookPurpose::Cash => return None,
        BookPurpose::Sales => Purpose::Sales(account.tax?.0, account.rate?.basis_points()),
        BookPurpose::Agency => Purpose::Agency,
        BookPurpose::Vouchers => Purpose::Vouchers,
        BookPurpose::Card => Purpose::Card,
        BookPurpose::Transfer => Purpose::Transfer,
        BookPurpose::Receivables => Purpose::Receivables,
        BookPurpose::ForeignCash => Purpose::ForeignCash,
        BookPurpose::Transit => Purpose::Transit,
        BookPurpose::PaidIn => Purpose::PaidIn,
        BookPurpose::PaidOut => Purpose::PaidOut,
        BookPurpose::Difference => Purpose::Difference,
        BookPurpose::Tips => Purpose::Tips,
        BookPurpose::Rounding => Purpose::Rounding,
    })
}

fn name_of(purpose: Purpose) -> (BookPurpose, Option<(TaxKey, u32)>) {
    let plain = |purpose| (purpose, None);
    match purpose {
        Purpose::Sales(key, rate) => (BookPurpose::Sales, Some((TaxKey(key), rate))),
        Purpose::Agency => plain(BookPurpose::Agency),
        Purpose::Vouchers => plain(BookPurpose::Vouchers),
        Purpose::Card => plain(BookPurpose::Card),
        Purpose::Transfer => plain(BookPurpose::Transfer),
        Purpose::Receivables => plain(BookPurpose::Receivables),
        Purpose::ForeignCash => plain(BookPurpose::ForeignCash),
        Purpose::Transit => plain(BookPurpose::Transit),
        Purpose::PaidIn | Purpose::PrivateIn => plain(BookPurpose::PaidIn),
        Purpose::PaidOut | Purpose::PrivateOut => plain(BookPurpose::PaidOut),
        Purpose::Difference => plain(BookPurpose::Difference),
        Purpose::Tips => plain(BookPurpose::Tips),
        Purpose::Rounding => plain(BookPurpose::Rounding),
    }
}

fn chart_of(chart: Chart) -> form::Chart {
    match chart {
        Chart::Skr03 => form::Chart::Skr03,
        Chart::Skr04 => form::Chart::Skr04,
    }
}

fn own(account: &BookAccount) -> Account {
    Account { number: account.number, key: account.key }
}

/// The accounts that hold: the chart's, and the shop's own in their place.
pub fn accounts_of(datev: &DatevSettings) -> Accounts {
    let mut accounts = Accounts::standard(chart_of(datev.chart), datev.digits);
    for account in datev.accounts.iter().filter(|account| account.reason.is_none()) {
        match purpose_of(account) {
            Some(purpose) => {
                accounts.others.insert(purpose, own(account));
            }
            None => accounts.cash = account.number,
        }
    }
    accounts
}

/// A closing's figures. Their sum is what the drawer holds more than after the closing before.
fn figures(datev: &DatevSettings, day: &Booked) -> Vec<Figure> {
    let mut figures = Vec::new();
    let mut add = |purpose, cash: Money, words: &str| {
        figures.push(Figure { purpose, cash, words: words.to_owned(), account: None });
    };
    let before = day.before.unwrap_or_default();
    add(Purpose::Transit, day.float.saturating_plus(before.negated()), "Anfangsbestand");
    for row in &day.totals.tax {
        let of = (TaxKey(row.key), row.rate);
        let others = day.agencies.iter().filter(|((_, key, rate), _)| (*key, *rate) == of);
        let own = others.fold(row.gross, |own, (_, sum)| own.saturating_plus(sum.negated()));
        add(Purpose::Sales(row.key, row.rate.basis_points()), own, "");
    }
    add(Purpose::Vouchers, day.vouchers, "Gutscheine verkauft");
    add(Purpose::Tips, day.tips, "Trinkgeld der Mitarbeiter");
    add(Purpose::Receivables, day.accounts, "Zahlungen auf Kundenkonten");
    add(Purpose::Rounding, day.totals.rounding, "");
    let out = |kind| day.paid(kind).negated();
    add(Purpose::Card, out(TenderKind::Card), "Karte");
    add(Purpose::Card, out(TenderKind::CardExternal), "Karte (nicht verbunden)");
    add(Purpose::Transfer, out(TenderKind::Transfer), "Überweisung");
    add(Purpose::Transfer, out(TenderKind::TransferByHand), "Überweisung (von Hand)");
    add(Purpose::Vouchers, out(TenderKind::Voucher), "Gutscheine eingelöst");
    add(Purpose::Receivables, out(TenderKind::Account), "Auf Rechnung");
    add(Purpose::ForeignCash, day.foreign_value().negated(), "Fremdwährung");
    let account_for = |purpose, name: &str| {
        let mut own = datev.accounts.iter();
        own.find(|account| account.purpose == purpose && account.reason.as_deref() == Some(name))
            .map(self::own)
    };
    for (name, cash) in day.for_others() {
        let account = account_for(BookPurpose::Agency, &name);
        let words = format!("Agentur: {name}");
        figures.push(Figure { purpose: Purpose::Agency, cash, words, account });
    }
    for moved in &day.moved {
        let (purpose, kind, word) = match moved.kind {
            MovedKind::PaidIn if moved.purpose == Some(CashPurpose::Private) => {
                (Purpose::PrivateIn, BookPurpose::PaidIn, "Privateinlage")
            }
            MovedKind::PaidOut if moved.purpose == Some(CashPurpose::Private) => {
                (Purpose::PrivateOut, BookPurpose::PaidOut, "Privatentnahme")
            }
            MovedKind::PaidOut if moved.purpose == Some(CashPurpose::Wages) => {
                (Purpose::PaidOut, BookPurpose::PaidOut, "Lohnzahlung")
            }
            MovedKind::PaidIn => (Purpose::PaidIn, BookPurpose::PaidIn, "Einzahlung"),
            MovedKind::PaidOut => (Purpose::PaidOut, BookPurpose::PaidOut, "Auszahlung"),
            MovedKind::Drop => (Purpose::Transit, BookPurpose::Transit, "Abschöpfung"),
        };
        figures.push(Figure {
            purpose,
            cash: moved.cash,
            words: format!("{word}: {}", moved.reason),
            account: account_for(kind, &moved.reason),
        });
    }
    figures.push(Figure {
        purpose: Purpose::Difference,
        cash: day.difference,
        words: "Kassendifferenz".to_owned(),
        account: None,
    });
    figures
}

fn closings(datev: &DatevSettings, days: &[Booked]) -> Vec<Closing> {
    let one = |day: &Booked| Closing {
        till: day.till_name.clone(),
        number: day.number.0.into(),
        day: day.date,
        figures: figures(datev, day),
    };
    days.iter().map(one).collect()
}

fn refused(refused: form::Refused) -> Fault {
    match refused {
        form::Refused::NoAccount(purpose) => {
            let (purpose, sales) = name_of(purpose);
            let which = sales.map(|(key, rate)| {
                let (whole, rest) = (rate / 100, rate % 100);
                format!(" {key}, {whole},{rest:02} %")
            });
            Fault::NoAccount(purpose, which.unwrap_or_default())
        }
        other => Fault::Refused(other.to_string()),
    }
}

fn set(settings: &Settings) -> Result<&DatevSettings, Fault> {
    if !settings.country.profile().datev {
        return Err(Fault::NotInCountry);
    }
    if settings.currency != Currency::EUR {
        return Err(Fault::Currency);
    }
    settings.datev.as_ref().ok_or(Fault::NotSet)
}

/// All closed days of these dates as one file for DATEV. `created` is the shop's local time now.
///
/// # Errors
/// When nothing is set up, nothing is closed, an account is missing, or the dates lie in several business years.
pub fn datev(
    reader: &Reader,
    settings: &Settings,
    (from, to): (Date, Date),
    created: DateTime,
) -> Result<File, Fault> {
    let datev = set(settings)?;
    let days = booked(reader, (from, to), None)?;
    if days.is_empty() {
        return Err(Fault::NoClosing { from, to });
    }
    let form = form::Settings {
        adviser: datev.adviser,
        client: datev.client,
        year_begins: datev.year_begins,
        digits: datev.digits,
        chart: chart_of(datev.chart),
        accounts: accounts_of(datev),
        fixed: datev.fixed,
        label: format!("Kasse {from} - {to}"),
        created,
    };
    let mut files = form::export(&form, &closings(datev, &days)).map_err(refused)?.into_iter();
    match (files.next(), files.next()) {
        (Some(file), None) => Ok(file),
        (None, _) => Err(Fault::NoClosing { from, to }),
        (Some(_), Some(_)) => Err(Fault::Years),
    }
}

/// A till's month as rows for DATEV's own cash book.
///
/// # Errors
/// As [`datev`].
pub fn datev_cash_book(
    reader: &Reader,
    settings: &Settings,
    till: TillId,
    month: Date,
) -> Result<String, Fault> {
    let datev = set(settings)?;
    let (from, to) = month_of(month);
    let days = booked(reader, (from, to), Some(till))?;
    let files = form::cash_book::export(&accounts_of(datev), &closings(datev, &days));
    let file = files.map_err(refused)?.into_iter().next();
    file.ok_or(Fault::NoClosing { from, to })
}

impl CashBook {
    /// The rows as a table for a spreadsheet; amounts in minor units.
    pub fn csv(&self) -> Vec<[String; 8]> {
        let rows = self.days.iter().flat_map(|day| day.rows.iter().map(move |row| (day, row)));
        let amount =
            |money: Option<Money>| money.map_or_else(String::new, |m| m.minor().to_string());
        rows.map(|(day, row)| {
            [
                day.date.to_string(),
                day.number.to_string(),
                row.kind.code().to_owned(),
                row.reason.clone(),
                amount(row.paid_in()),
                amount(row.paid_out()),
                row.balance.minor().to_string(),
                row.balance.is_negative().to_string(),
            ]
        })
        .collect()
    }
}
