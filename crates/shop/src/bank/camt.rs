//! camt.052, .053 and .054 (ISO 20022): entries and what is in them, by the names of their elements.
//!
//! Read piece by piece. A document type is refused before anything of it is looked at; only the five entities
//! of XML itself and numbered characters are known.

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::{BankLine, FileFault, LineProblem, MAX_LINES, Moved, amount, date, reference};

/// Deepest nesting; the messages have about a dozen levels.
const MAX_DEPTH: usize = 40;
/// Longest text of an element, bytes.
const MAX_TEXT: usize = 8 * 1024;

/// What an entry (`Ntry`) or a transaction in it (`TxDtls`) says.
#[derive(Debug, Clone, Default)]
struct Said {
    own: String,
    amount: Option<(String, String)>,
    direction: String,
    reversal: bool,
    status: String,
    booked: String,
    texts: Vec<String>,
}

/// Where the reader is.
#[derive(Default)]
struct Place {
    /// Names of the open elements.
    open: Vec<String>,
    /// The root's child was one of the bank's messages.
    camt: bool,
    text: String,
    currency: String,
    entry: Said,
    /// The transactions of the entry so far.
    parts: Vec<Said>,
    part: Option<Said>,
    number: u32,
    lines: Vec<BankLine>,
}

pub(super) fn read(bytes: &[u8]) -> Result<Vec<BankLine>, FileFault> {
    let valid = |error: std::str::Utf8Error| FileFault::BrokenXml {
        at: u64::try_from(error.valid_up_to()).unwrap_or(0),
    };
    let text = std::str::from_utf8(bytes).map_err(valid)?;
    let mut reader = Reader::from_str(text);
    let mut place = Place::default();
    loop {
        let at = reader.buffer_position();
        let broken = || FileFault::BrokenXml { at };
        match reader.read_event().map_err(|_| broken())? {
            Event::DocType(_) => return Err(FileFault::Entities),
            Event::Start(start) => place.begin(&start)?,
            Event::Empty(start) => {
                place.begin(&start)?;
                place.end()?;
            }
            Event::End(_) => place.end()?,
            Event::Text(text) => place.say(&text.xml_content(XmlVersion::Implicit1_0)),
            Event::CData(text) => place.say(&text.xml_content(XmlVersion::Implicit1_0)),
            Event::GeneralRef(named) => {
                let sign = match named.resolve_char_ref().map_err(|_| broken())? {
                    Some(sign) => sign.to_string(),
                    None => resolve_predefined_entity(&named.xml_content(XmlVersion::Implicit1_0))
                        .ok_or(FileFault::Entities)?
                        .to_owned(),
                };
                place.say(&sign);
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof if place.open.is_empty() => break,
            Event::Eof => return Err(broken()),
        }
    }
    if place.camt { Ok(place.lines) } else { Err(FileFault::NotCamt) }
}

impl Place {
    fn begin(&mut self, start: &BytesStart<'_>) -> Result<(), FileFault> {
        let name = start.local_name().as_ref().to_owned();
        if self.open.len() >= MAX_DEPTH {
            return Err(FileFault::NotCamt);
        }
        if self.open.len() == 1 {
            self.camt |= name.starts_with("BkToCstmr");
        }
        if name == "Amt" {
            let currency = start.try_get_attribute("Ccy").ok().flatten();
            self.currency = currency.map(|c| c.value.trim().to_owned()).unwrap_or_default();
        }
        match name.as_str() {
            "Ntry" => {
                self.entry = Said::default();
                self.parts.clear();
            }
            "TxDtls" => self.part = Some(Said::default()),
            _ => {}
        }
        self.text.clear();
        self.open.push(name);
        Ok(())
    }

    fn say(&mut self, text: &str) {
        if self.text.len() + text.len() <= MAX_TEXT {
            self.text.push_str(text);
        }
    }

    fn end(&mut self) -> Result<(), FileFault> {
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        let from = self.open.iter().rposition(|name| name == "Ntry" || name == "TxDtls");
        if let Some(inside) = from.and_then(|from| self.open.get(from..)) {
            let path: Vec<&str> = inside.iter().map(String::as_str).collect();
            let amount = (text.to_owned(), self.currency.clone());
            match path.as_slice() {
                ["Ntry", rest @ ..] => self.entry.take(rest, text, amount),
                ["TxDtls", rest @ ..] => {
                    if let Some(part) = &mut self.part {
                        part.take(rest, text, amount);
                    }
                }
                _ => {}
            }
        }
        match self.open.pop().as_deref() {
            Some("TxDtls") => self.parts.extend(self.part.take()),
            Some("Ntry") => self.close_entry()?,
            _ => {}
        }
        Ok(())
    }

    /// One line a transaction; one for the entry where the bank does not break it down.
    fn close_entry(&mut self) -> Result<(), FileFault> {
        let entry = std::mem::take(&mut self.entry);
        let mut parts = std::mem::take(&mut self.parts);
        if parts.is_empty() {
            parts.push(Said::default());
        }
        let alone = parts.len() == 1;
        for (at, part) in parts.iter().enumerate() {
            if self.lines.len() >= MAX_LINES {
                return Err(FileFault::TooLarge);
            }
            self.number = self.number.saturating_add(1);
            self.lines
                .push(BankLine { number: self.number, says: moved(&entry, part, (at, alone)) });
        }
        Ok(())
    }
}

impl Said {
    fn take(&mut self, path: &[&str], text: &str, amount: (String, String)) {
        match path {
            ["AcctSvcrRef"] | ["Refs", "AcctSvcrRef"] => self.own = text.to_owned(),
            ["Amt"] => self.amount = Some(amount),
            // Where a transaction says its amount only in detail.
            ["AmtDtls", "TxAmt", "Amt"] if self.amount.is_none() => self.amount = Some(amount),
            ["CdtDbtInd"] => self.direction = text.to_owned(),
            ["RvslInd"] => self.reversal = matches!(text, "true" | "1"),
            ["Sts"] | ["Sts", "Cd"] if !text.is_empty() => self.status = text.to_owned(),
            ["BookgDt", "Dt" | "DtTm"] => self.booked = text.to_owned(),
            ["Refs", "EndToEndId"]
            | ["RmtInf", "Ustrd"]
            | ["RmtInf", "Strd", "CdtrRefInf", "Ref"]
            | ["AddtlNtryInf" | "AddtlTxInf"]
                if !text.is_empty() =>
            {
                self.texts.push(text.to_owned());
            }
            _ => {}
        }
    }
}

fn moved(entry: &Said, part: &Said, (at, alone): (usize, bool)) -> Result<Moved, LineProblem> {
    if entry.status != "BOOK" {
        return Err(LineProblem::NotBooked);
    }
    let amount = part.amount.as_ref().or(entry.amount.as_ref().filter(|_| alone));
    let (text, currency) = amount.ok_or(LineProblem::BadAmount)?;
    let currency = currency.parse().map_err(|_| LineProblem::BadCurrency)?;
    let amount = amount::plain(text, currency)?;
    let booked = if entry.booked.is_empty() { None } else { Some(date(&entry.booked)?) };
    let direction = if part.direction.is_empty() { &entry.direction } else { &part.direction };
    // Whatever is not plainly a credit is none.
    let back = direction != "CRDT" || entry.reversal || part.reversal;
    // The purpose is often cut into lines in the middle of a word: read together, then each alone.
    let together = part.texts.concat();
    let texts = || std::iter::once(together.as_str()).chain(part.texts.iter().map(String::as_str));
    let of_entry = entry.texts.iter().map(String::as_str).filter(|_| alone);
    let found = reference(texts().chain(of_entry));
    let own = match (part.own.is_empty(), entry.own.is_empty(), alone) {
        (false, ..) => Some(part.own.clone()),
        (true, false, true) => Some(entry.own.clone()),
        (true, false, false) => Some(format!("{}/{at}", entry.own)),
        (true, true, _) => None,
    };
    let minor = amount.minor().to_string();
    let said = [entry.booked.as_str(), &minor, text, &together];
    let entry = super::entry(own.as_deref(), &said, back);
    Ok(Moved { entry, booked, amount, currency, back, found })
}
