//! Reads an export as the tax office does and names the first place where it is not as it should be: form, chain,
//! signatures, the deciphered counter, and the receipts that an outage asks for.

use std::collections::HashSet;

use base64ct::{Base64, Encoding};

use super::card::PublicKey;
use super::certificate::Certificate;
use super::code::{Unit, Unreadable};
use super::counter::{AesKey, Counter};
use super::dep::Dep;
use super::jws::{self, Jws, Signature};

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// Not an export.
    #[error("not an export in DEP format")]
    Form,
    /// No receipts.
    #[error("no receipts")]
    Empty,
    /// The group's certificate cannot be read.
    #[error("the certificate of the group cannot be read")]
    Certificate,
    /// The receipt cannot be read.
    #[error("not a receipt: {0}")]
    Unreadable(#[from] Unreadable),
    /// The first receipt is no Startbeleg: without turnover, signed, chained to the till's name, with a counter of zero.
    #[error("the first receipt is no Startbeleg")]
    Start,
    /// A number used before.
    #[error("the number of the receipt was used before")]
    Number,
    /// Another till.
    #[error("another till")]
    Cashbox,
    /// From closed to open system, or back.
    #[error("another kind of system")]
    System,
    /// Does not follow the receipt before.
    #[error("does not follow the receipt before it")]
    Chain,
    /// No key is known for the unit.
    #[error("an unknown signing unit")]
    Unit,
    /// The certificate of the group is another one than the receipt names, or than is known.
    #[error("another certificate than the group's")]
    OtherCertificate,
    /// The signature is not over this code by this unit.
    #[error("the signature is wrong")]
    Signature,
    /// After an outage no signed receipt without turnover came in time.
    #[error("no Sammelbeleg after an outage")]
    AfterOutage,
    /// The counter is not the sum of turnover so far.
    #[error("the counter is not the turnover so far")]
    Counter,
}

/// Where the first difference is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("receipt {receipt} of group {group}: {what}")]
pub struct Found {
    /// The group, from 1; 0 for the file.
    pub group: usize,
    /// The receipt in it, from 1; 0 for the group itself.
    pub receipt: usize,
    /// What is wrong there.
    pub what: Difference,
}

/// What an export holds in which nothing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// Receipts.
    pub receipts: usize,
    /// Of them without signature.
    pub unsigned: usize,
    /// Of them training.
    pub training: usize,
    /// Of them cancellations.
    pub cancellations: usize,
    /// Of them without turnover: Start, monthly, yearly, after outages, on demand.
    pub zero: usize,
    /// Turnover, cents: the sum of the receipts.
    pub turnover: i128,
    /// The counter in the codes was deciphered and is that sum; false when nobody had its key.
    pub counter_checked: bool,
    /// Whether the Sammelbeleg of the last outage is still owed.
    pub in_outage: bool,
}

/// Whose signatures are believed.
#[derive(Debug, Clone, Copy)]
pub enum Known<'a> {
    /// These units and no others.
    Units(&'a [(Unit, PublicKey)]),
    /// Units by the number of their certificate, or their key's name in a closed system, and no others.
    Named(&'a [(String, PublicKey)]),
    /// Whoever the certificates in the file name. It shows that the file fits itself, not who wrote it.
    AsFiled,
}

/// Checks a whole export; all but the counter when there is no key for it. Errs with the first difference.
pub fn verify(json: &[u8], key: Option<&AesKey>, known: Known<'_>) -> Result<Report, Found> {
    let at = |group, receipt| move |what| Found { group, receipt, what };
    let dep = Dep::read(json).ok_or(Difference::Form).map_err(at(0, 0))?;
    let mut verifier = Verifier::new(key, known);
    for (group, number) in dep.groups.iter().zip(1..) {
        verifier.group(&group.certificate).map_err(at(number, 0))?;
        for (receipt, position) in group.receipts.iter().zip(1..) {
            verifier.receipt(receipt).map_err(at(number, position))?;
        }
    }
    verifier.end().map_err(at(0, 0))
}

/// Checks receipt by receipt, so that no export has to be held in memory.
#[derive(Debug, Clone)]
pub struct Verifier<'a> {
    /// None: the counter is not checked.
    key: Option<&'a AesKey>,
    known: Known<'a>,
    certificate: Option<Certificate>,
    first: Option<(String, bool)>,
    last: Option<String>,
    numbers: HashSet<String>,
    /// The last receipt has no signature.
    last_unsigned: bool,
    /// A receipt with turnover was signed after an outage: now a Sammelbeleg must follow.
    owed: bool,
    report: Report,
}

impl<'a> Verifier<'a> {
    /// Begins with no receipt seen. Without a key all but the counter is checked.
    #[must_use]
    pub fn new(key: Option<&'a AesKey>, known: Known<'a>) -> Self {
        Verifier {
            key,
            known,
            certificate: None,
            first: None,
            last: None,
            numbers: HashSet::new(),
            last_unsigned: false,
            owed: false,
            report: Report::default(),
        }
    }

    /// Begins a group with its certificate (base64 of DER; empty when there is none).
    pub fn group(&mut self, certificate: &str) -> Result<(), Difference> {
        self.certificate = if certificate.is_empty() {
            None
        } else {
            let der = Base64::decode_vec(certificate).map_err(|_| Difference::Certificate)?;
            Some(Certificate::from_der(&der).ok_or(Difference::Certificate)?)
        };
        Ok(())
    }

    /// Checks the next receipt, JWS compact. Errs with what is wrong; the verifier is of no use after that.
    pub fn receipt(&mut self, text: &str) -> Result<(), Difference> {
        let jws = Jws::parse(text)?;
        self.same_till(&jws)?;
        let before = self.last.as_deref().unwrap_or(&jws.code.cashbox);
        if jws.code.chain != jws::chain_value(before) {
            return Err(Difference::Chain);
        }
        self.signature(&jws)?;
        self.outage(&jws)?;
        self.counter(&jws)?;
        self.report.receipts = self.report.receipts.saturating_add(1);
        self.last = Some(text.to_owned());
        Ok(())
    }

    /// The report. Errs when there was no receipt.
    pub fn end(self) -> Result<Report, Difference> {
        let mut report = self.report;
        report.counter_checked = self.key.is_some();
        report.in_outage = self.last_unsigned || self.owed;
        if report.receipts == 0 { Err(Difference::Empty) } else { Ok(report) }
    }

    fn same_till(&mut self, jws: &Jws) -> Result<(), Difference> {
        let code = &jws.code;
        let closed = code.unit.provider().is_closed();
        match &self.first {
            None => {
                let begins = match self.key {
                    Some(key) => {
                        code.counter.decipher(key, &code.cashbox, &code.receipt) == Some(0)
                    }
                    None => matches!(code.counter, Counter::Enciphered(_)),
                };
                let signed = matches!(jws.signature, Signature::Signed(_));
                let chained = code.chain == jws::chain_value(&code.cashbox);
                if !code.sums.are_zero() || !begins || !signed || !chained {
                    return Err(Difference::Start);
                }
                self.first = Some((code.cashbox.clone(), closed));
            }
            Some((cashbox, _)) if *cashbox != code.cashbox => return Err(Difference::Cashbox),
            Some((_, was)) if *was != closed => return Err(Difference::System),
            Some(_) => {}
        }
        if self.numbers.insert(code.receipt.clone()) { Ok(()) } else { Err(Difference::Number) }
    }

    fn signature(&mut self, jws: &Jws) -> Result<(), Difference> {
        let unit = &jws.code.unit;
        let filed = self.certificate.as_ref();
        let number = |text: &str| text.trim_start_matches('0').to_ascii_lowercase();
        if filed.is_some_and(|filed| {
            !unit.provider().is_closed() && filed.serial != number(unit.certificate())
        }) {
            return Err(Difference::OtherCertificate);
        }
        if jws.signature == Signature::OutOfOrder {
            return Ok(());
        }
        let key = match self.known {
            Known::AsFiled => filed.map(|filed| &filed.key),
            Known::Named(names) => {
                let own = unit.certificate();
                let same = |name: &str| {
                    name == own || (!unit.provider().is_closed() && number(name) == number(own))
                };
                names.iter().find(|(name, _)| same(name)).map(|(_, key)| key)
            }
            Known::Units(units) => {
                units.iter().find(|(known, _)| known.is_same(unit)).map(|(_, key)| key)
            }
        };
        let key = key.ok_or(Difference::Unit)?;
        if filed.is_some_and(|filed| filed.key != *key) {
            return Err(Difference::OtherCertificate);
        }
        if key.verifies(&jws.code.to_string(), &jws.signature) {
            Ok(())
        } else {
            Err(Difference::Signature)
        }
    }

    /// After receipts without signature the first signed one, or at the latest the second, has no turnover.
    fn outage(&mut self, jws: &Jws) -> Result<(), Difference> {
        let unsigned = jws.signature == Signature::OutOfOrder;
        let settles = !unsigned
            && jws.code.sums.are_zero()
            && matches!(jws.code.counter, Counter::Enciphered(_));
        if self.owed && !settles {
            return Err(Difference::AfterOutage);
        }
        self.owed = self.last_unsigned && !unsigned && !settles;
        self.last_unsigned = unsigned;
        if unsigned {
            self.report.unsigned = self.report.unsigned.saturating_add(1);
        }
        Ok(())
    }

    fn counter(&mut self, jws: &Jws) -> Result<(), Difference> {
        let code = &jws.code;
        let total = code.sums.total().map_err(|_| Difference::Counter)?;
        let count = match code.counter {
            Counter::Training => {
                self.report.training = self.report.training.saturating_add(1);
                return Ok(());
            }
            Counter::Cancellation => &mut self.report.cancellations,
            Counter::Enciphered(_) => &mut self.report.zero,
        };
        if code.sums.are_zero() || code.counter == Counter::Cancellation {
            *count = count.saturating_add(1);
        }
        self.report.turnover = self.report.turnover.saturating_add(i128::from(total.minor()));
        let counter =
            self.key.and_then(|key| code.counter.decipher(key, &code.cashbox, &code.receipt));
        match counter {
            Some(counter) if counter != self.report.turnover => Err(Difference::Counter),
            _ => Ok(()),
        }
    }
}
