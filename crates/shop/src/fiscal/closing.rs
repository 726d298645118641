//! A closing: what the shop was like, the records of the day, and their sums. Each record is made once, handed on,
//! and gone: the sums come after them.

use std::io::Write;

use domain::day::ClosedDay;
use domain::event::Event;
use domain::settings::Settings;
use domain::signing::UnitIdentity;
use domain::{TaxKey, TillId};
use fiscal::de::dsfinvk::model::{
    Agency, Closing, Encoding, Party, Rate, Receipt, Register, SigningUnit, Stamp, TaxRate,
    Terminal, TimeFormat,
};
use fiscal::de::dsfinvk::{ExportError, Exporter, Totals};
use fiscal::de::tax_keys;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use store::{Reader, StoreError, Told, ToldPage};

use super::Fault;
use super::plan::{Plan, Planned, each_record};
use super::record;

/// The closing that is being made: what its records need, and what they leave in it.
pub(super) struct Book<'a> {
    pub(super) reader: &'a Reader,
    pub(super) plan: &'a Plan,
    pub(super) till: TillId,
    pub(super) settings: Settings,
    pub(super) zone: TimeZone,
    /// The till's serial number, by which units know it.
    pub(super) serial: String,
    /// Tax keys of the form that were used, with the shop's key and the rate of each.
    rates: Vec<(u32, u16, money::Rate)>,
    /// Units that signed, by their place.
    units: Vec<UnitIdentity>,
    /// Serial numbers of other tills at which baskets began.
    terminals: Vec<String>,
    closed: Timestamp,
}

/// What a closing is made of, in the order in which it is written.
pub(super) enum Piece {
    /// A closing begins: till, time, number, currency.
    Begin(String, Stamp, u64, String),
    /// Its next records.
    Records(Vec<Receipt>),
    /// It ends, with its sums.
    End(Box<Closing>),
}

impl Piece {
    /// Writes it; a closing that ends says who the shop is.
    pub(super) fn write<W: Write>(
        self,
        exporter: &mut Exporter<W>,
    ) -> Result<Option<Party>, ExportError> {
        match self {
            Piece::Begin(till, created, number, currency) => {
                exporter.begin_closing(&till, created, number, &currency)?;
                Ok(None)
            }
            Piece::Records(records) => {
                records.iter().try_for_each(|record| exporter.receipt(record))?;
                Ok(None)
            }
            Piece::End(closing) => {
                exporter.closing(&closing)?;
                Ok(Some(closing.company))
            }
        }
    }
}

/// Records that are handed on at once.
const TOGETHER: usize = 64;

/// Makes a closing, and hands it on piece by piece. `out` says false when nobody wants any more.
pub(super) fn make(
    reader: &Reader,
    plan: &Plan,
    planned: &Planned,
    out: &mut dyn FnMut(Piece) -> bool,
) -> Result<(), Fault> {
    let settings = reader.settings_before(planned.entries.1)?.ok_or(Fault::Address)?;
    if settings.currency.minor_digits() != 2 {
        return Err(Fault::Currency);
    }
    let day = reader.closed_day(planned.till, planned.day)?;
    let day = day.ok_or_else(|| StoreError::Damaged("a closed day is missing".to_owned()))?;
    let zone = TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC);
    let shop = reader.meta("shop")?.unwrap_or_default();
    let serial = serial(&settings, &shop, planned.till);
    let till = planned.till;
    let (rates, units, terminals) = (Vec::new(), Vec::new(), Vec::new());
    let closed = planned.closed;
    let mut book =
        Book { reader, plan, till, settings, zone, serial, rates, units, terminals, closed };
    company(&book.settings)?;
    let currency = book.settings.currency.to_string();
    let created = book.stamp(day.closed);
    let number = u64::from(day.day.number.0);
    if !out(Piece::Begin(till.to_string(), created, number, currency.clone())) {
        return Ok(());
    }
    let mut totals = Totals::default();
    let mut records = Vec::with_capacity(TOGETHER);
    each_record(reader, planned, |meta, event, number| {
        if let Some(receipt) = record::of(&mut book, &meta, &event, number)? {
            totals.add(&receipt, &currency);
            records.push(receipt);
        }
        if records.len() >= TOGETHER {
            let full = std::mem::replace(&mut records, Vec::with_capacity(TOGETHER));
            return Ok(out(Piece::Records(full)));
        }
        Ok(true)
    })?;
    out(Piece::Records(records));
    let version = version_at(reader, planned.entries.1)?;
    let mut closing = book.head(&day, planned.date, version)?;
    totals.into_closing(&mut closing);
    out(Piece::End(Box::new(closing)));
    Ok(())
}

/// A till's serial number: as units know it; of a shop without units its own short id and the till's number.
fn serial(settings: &Settings, shop: &str, till: TillId) -> String {
    match &settings.signing {
        Some(signing) => signing.client(till),
        None => format!("{shop}-{till}"),
    }
}

/// The program's version that ran when an entry was written; what runs now where the journal does not say.
fn version_at(reader: &Reader, seq: u64) -> Result<String, StoreError> {
    let page = ToldPage {
        from: Timestamp::MIN,
        until: Timestamp::MAX,
        before: Some((seq, Told::Program)),
        limit: 1,
    };
    let started = reader.told(&[Told::Program], page)?.into_iter().next();
    Ok(match started.map(|entry| entry.event) {
        Some(Event::ProgramStarted(started)) => started.version,
        _ => env!("CARGO_PKG_VERSION").to_owned(),
    })
}

impl Book<'_> {
    /// A moment at the shop.
    pub(super) fn stamp(&self, at: Timestamp) -> Stamp {
        let offset = self.zone.to_offset(at).seconds() / 60;
        let offset = i16::try_from(offset).unwrap_or_default();
        Stamp::new(at.as_millisecond(), offset).unwrap_or_default()
    }

    /// The form's key for one of the shop's at a rate. The shop's keys are the form's; a rate of earlier times, which
    /// comes back with returned goods, has a historic key that ends with the same digit (21 and 22: 2020).
    pub(super) fn key(&mut self, key: u16, rate: money::Rate) -> u32 {
        if let Some((known, ..)) = self.rates.iter().find(|(_, k, r)| (*k, *r) == (key, rate)) {
            return *known;
        }
        let base = u32::from(key);
        let today = self.rate_today(key).is_none_or(|today| today == rate);
        let taken = |wanted: u32| self.rates.iter().any(|(known, ..)| *known == wanted);
        let historic = (2..100).map(|decade: u32| decade.saturating_mul(10).saturating_add(base));
        let all = today.then_some(base).into_iter().chain(historic);
        let found = all.into_iter().find(|wanted| !taken(*wanted)).unwrap_or(base);
        self.rates.push((found, key, rate));
        found
    }

    /// The rate of a key of the form that was used.
    pub(super) fn rate_of_key(&self, key: u32) -> money::Rate {
        let known = self.rates.iter().find(|(known, ..)| *known == key);
        known.map(|(_, _, rate)| *rate).unwrap_or_default()
    }

    fn rate_today(&self, key: u16) -> Option<money::Rate> {
        domain::totals::rate_at(&self.settings, TaxKey(key), self.local(self.closed))
    }

    /// A moment on the shop's clock.
    pub(super) fn local(&self, at: Timestamp) -> jiff::civil::DateTime {
        self.zone.to_datetime(at)
    }

    /// The place of a unit within the closing, from 1.
    pub(super) fn unit(&mut self, identity: &UnitIdentity) -> u64 {
        let at = self.units.iter().position(|known| known.serial == identity.serial);
        let at = at.unwrap_or_else(|| {
            self.units.push(identity.clone());
            self.units.len().saturating_sub(1)
        });
        u64::try_from(at).unwrap_or_default().saturating_add(1)
    }

    /// The device for a basket that units know under this name: none for the till's own.
    pub(super) fn terminal(&mut self, client: &str) -> String {
        if client == self.serial {
            return String::new();
        }
        if !self.terminals.iter().any(|known| known == client) {
            self.terminals.push(client.to_owned());
        }
        client.to_owned()
    }

    fn head(
        &self,
        closed: &ClosedDay,
        date: jiff::civil::Date,
        software_version: String,
    ) -> Result<Closing, Fault> {
        let company = company(&self.settings)?;
        let created = self.stamp(closed.closed);
        let days = date.since(jiff::civil::date(1970, 1, 1)).ok();
        let days = days.map(|span| i64::from(span.get_days()));
        let day = days.and_then(fiscal::de::dsfinvk::model::Day::new);
        Ok(Closing {
            till: self.till.to_string(),
            created,
            number: u64::from(closed.day.number.0),
            booking_day: day.filter(|day| *day != created.day()),
            location: company.clone(),
            company: company.clone(),
            register: Register {
                brand: "Tresen".to_owned(),
                model: "Tresen".to_owned(),
                serial: self.serial.clone(),
                software: "Tresen".to_owned(),
                software_version,
                currency: self.settings.currency.to_string(),
                without_vat: false,
            },
            terminals: self.terminals.iter().map(|serial| device(serial)).collect(),
            agencies: self.agencies(&company.country),
            rates: self.tax_rates(),
            units: (1..).zip(&self.units).map(|(id, unit)| signing_unit(id, unit)).collect(),
            ..Closing::default()
        })
    }

    /// For whom else the shop sells: all of them, as few as they are.
    fn agencies(&self, country: &str) -> Vec<Agency> {
        let all = self.settings.agencies.iter();
        all.map(|agency| Agency {
            id: u64::from(agency.id),
            party: Party {
                name: agency.name.clone(),
                street: agency.street.clone(),
                postcode: agency.postal_code.clone(),
                town: agency.town.clone(),
                country: country.to_owned(),
                tax_number: agency.tax_number.clone().unwrap_or_default(),
                vat_id: agency.vat_id.clone().unwrap_or_default(),
            },
        })
        .collect()
    }

    fn tax_rates(&self) -> Vec<TaxRate> {
        let mut rates: Vec<TaxRate> = self
            .rates
            .iter()
            .map(|(key, own, rate)| TaxRate {
                key: *key,
                rate: Rate::new(rate.basis_points()),
                description: self.described(*key, *own),
            })
            .collect();
        rates.sort_by_key(|rate| rate.key);
        rates
    }

    /// What a key of the form is called; one of the shop's own making as the shop describes it.
    fn described(&self, key: u32, own: u16) -> String {
        let known = self.settings.own_tax_keys.iter().find(|known| known.key == TaxKey(own));
        match known {
            Some(known) => known.description.clone(),
            None => tax_keys::name(key).unwrap_or("Eigener Steuersatz").to_owned(),
        }
    }
}

fn device(serial: &str) -> Terminal {
    Terminal { id: serial.to_owned(), serial: serial.to_owned(), ..Terminal::default() }
}

fn signing_unit(id: u64, unit: &UnitIdentity) -> SigningUnit {
    SigningUnit {
        id,
        serial: unit.serial.clone(),
        algorithm: unit.algorithm.clone(),
        time_format: TimeFormat::from_code(&unit.time_format).unwrap_or(TimeFormat::Unix),
        encoding: Encoding::from_code(&unit.encoding).unwrap_or(Encoding::Utf8),
        public_key: unit.public_key.clone(),
        certificate: unit.certificates.first().cloned().unwrap_or_default(),
        certified: unit.certified,
    }
}

/// The taxpayer: the address is lines as they are printed; the form wants street, postal code and town apart.
pub(crate) fn company(settings: &Settings) -> Result<Party, Fault> {
    let town = settings.address.iter().enumerate().rev().find_map(|(at, line)| {
        let (code, town) = line.trim().split_once(' ')?;
        let code = code.rsplit('-').next()?;
        let fits = (4..=5).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit());
        fits.then_some((at, code, town.trim()))
    });
    let (at, postcode, town) = town.ok_or(Fault::Address)?;
    let before = settings.address.get(..at).unwrap_or_default();
    let street = before.iter().rev().map(|line| line.trim()).find(|line| !line.is_empty());
    let country = settings.country.profile().alpha3;
    Ok(Party {
        name: settings.name.clone(),
        street: street.ok_or(Fault::Address)?.to_owned(),
        postcode: postcode.to_owned(),
        town: town.to_owned(),
        country: country.to_owned(),
        tax_number: settings.tax_number.clone().unwrap_or_default(),
        vat_id: settings.vat_id.clone().unwrap_or_default(),
    })
}
