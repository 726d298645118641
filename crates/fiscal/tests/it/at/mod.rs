//! RKSV.

mod codes;
mod fuzzed;
mod others;
mod register;
pub(crate) mod year;

use fiscal::at::verify::{Found, Known, Report, verify};
use fiscal::at::{
    AesKey, Ask, Issued, Kind, Provider, PublicKey, Register, SoftwareCard, Sums, Unit, dep,
};
use jiff::civil::{DateTime, date};
use money::Money;

/// A till with a card, and what it has issued.
pub(crate) struct Till {
    pub(crate) register: Register,
    pub(crate) card: SoftwareCard,
    pub(crate) issued: Vec<Issued>,
}

pub(crate) fn aes() -> AesKey {
    AesKey::new(*b"0123456789abcdef0123456789abcdef")
}

pub(crate) fn unit() -> Unit {
    Unit::new(Provider::new("AT1").unwrap(), "3ad80154").unwrap()
}

pub(crate) fn card() -> SoftwareCard {
    SoftwareCard::new([7; 32]).unwrap()
}

pub(crate) fn noon() -> DateTime {
    date(2026, 7, 1).at(12, 0, 0, 0)
}

pub(crate) fn normal(cents: i64) -> Sums {
    Sums { normal: Money::new(cents), ..Sums::default() }
}

impl Till {
    pub(crate) fn new() -> Till {
        let register = Register::new("Kasse 1", unit(), 8).unwrap();
        Till { register, card: card(), issued: Vec::new() }
    }

    pub(crate) fn started() -> Till {
        let mut till = Till::new();
        till.make(Kind::Start, noon(), Sums::default());
        till
    }

    pub(crate) fn ask(&self, kind: Kind, at: DateTime, sums: Sums) -> Ask {
        Ask { kind, receipt: format!("R{}", self.issued.len() + 1), at, sums }
    }

    pub(crate) fn make(&mut self, kind: Kind, at: DateTime, sums: Sums) -> Issued {
        let ask = self.ask(kind, at, sums);
        let issued = self.register.issue(&aes(), &ask, &mut self.card).expect("a receipt");
        // Whoever keeps what a till carries on needs no receipts to go on.
        let (of, carried) = (&self.register, self.register.carried());
        let (name, unit, width) = (of.cashbox(), of.unit().clone(), of.width());
        let resumed = Register::resume(name, unit, width, &issued.jws, &carried);
        assert_eq!(resumed.as_ref(), Ok(of));
        self.issued.push(issued.clone());
        issued
    }

    pub(crate) fn key(&self) -> PublicKey {
        self.card.public_key()
    }

    pub(crate) fn export(&self) -> String {
        export(self.issued.iter().map(|issued| issued.jws.as_str()))
    }

    pub(crate) fn verified(&self) -> Result<Report, Found> {
        self.verify(self.export().as_bytes())
    }

    pub(crate) fn verify(&self, json: &[u8]) -> Result<Report, Found> {
        verify(json, Some(&aes()), Known::Units(&[(unit(), self.key())]))
    }
}

pub(crate) fn export<'a>(receipts: impl Iterator<Item = &'a str>) -> String {
    let mut writer = dep::Writer::new(String::new()).unwrap();
    writer.group(&[], &[]).unwrap();
    for jws in receipts {
        writer.receipt(jws).unwrap();
    }
    writer.end().unwrap()
}
