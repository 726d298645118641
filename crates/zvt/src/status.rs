//! 04 0F, the outcome of a transaction. Reading never fails: whatever is damaged, the fields before it are
//! kept and the flaw is named, so that a result that came is never lost.

use crate::bmp::{Fields, Flaw, Totals, Writer};
use crate::codes::ResultCode;
use crate::text::Charset;
use crate::tlv::{self, Tlv};
use crate::value::{
    Amount, Currency, MaskedPan, MessageId, MonthDay, ReceiptNo, TerminalId, TimeOfDay, Trace,
    Turnover,
};

/// How the card's owner proved to be it (TLV 1F10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// 0: not at all.
    None,
    /// 1: by signature; the cashier compares it.
    Signature,
    /// 2: by PIN, checked by the host.
    Pin,
    /// Others, as the terminal numbers them: 3 and 4 a PIN checked by the card, 5 to 7 combinations, FF unknown.
    Other(u8),
}

/// How the card was read (TLV 1F12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Technology {
    /// 0.
    MagneticStripe,
    /// 1.
    Chip,
    /// 2.
    Contactless,
    /// Others, as the terminal numbers them.
    Other(u8),
}

/// The bits of [`StatusInformation::receipt_info`] (TLV 1F37).
pub mod receipt_info {
    /// The receipt says yes.
    pub const POSITIVE: u8 = 0x01;
    /// The receipt has a line for a signature that the cashier compares.
    pub const SIGNATURE: u8 = 0x02;
    /// The receipt says no.
    pub const NEGATIVE: u8 = 0x04;
    /// The receipt must be printed.
    pub const MANDATORY: u8 = 0x80;
}

/// What the terminal says became of a transaction. The amount is what it *did*, not what was asked: that is
/// what is booked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatusInformation {
    /// BMP 27.
    pub result: Option<ResultCode>,
    /// BMP 04.
    pub amount: Option<Amount>,
    /// BMP 49; only when the till sent one.
    pub currency: Option<Currency>,
    /// BMP 0B, or TLV 1F2B when that is 000000.
    pub trace: Option<Trace>,
    /// BMP 37: the trace number of the transaction that this one takes back.
    pub original_trace: Option<Trace>,
    /// BMP 87.
    pub receipt: Option<ReceiptNo>,
    /// BMP 88.
    pub turnover: Option<Turnover>,
    /// BMP 29.
    pub terminal: Option<TerminalId>,
    /// BMP 2A: the merchant's contract, without padding.
    pub contract: Option<String>,
    /// BMP 22, the last digits only.
    pub pan: Option<MaskedPan>,
    /// ZVT's number of the kind of card (BMP 8A, or TLV 41): 5 girocard, 6 Mastercard, 10 Visa, …
    pub card_type: Option<u16>,
    /// BMP 8B.
    pub card_name: Option<String>,
    /// TLV 60/43: the application on the chip.
    pub application: Option<Vec<u8>>,
    /// BMP 3B: the authorisation attribute, as it came.
    pub authorisation: Option<[u8; 8]>,
    /// BMP 0D.
    pub date: Option<MonthDay>,
    /// BMP 0C.
    pub time: Option<TimeOfDay>,
    /// BMP 19: 40 offline, 50 card checked, 60 online, 70 with PIN.
    pub payment_type: Option<u8>,
    /// BMP 3C: for the cashier.
    pub text: Option<String>,
    /// BMP A0: the host's own code, 00 in BMP 27.
    pub host_code: Option<u8>,
    /// TLV 2F/1F10.
    pub verification: Option<Verification>,
    /// TLV 2F/1F11.
    pub online: Option<bool>,
    /// TLV 2F/1F12.
    pub technology: Option<Technology>,
    /// TLV 1F36: contained in the amount.
    pub tip: Option<Amount>,
    /// TLV 1F25: contained in the amount.
    pub cashback: Option<Amount>,
    /// TLV 1F70: the terminal got less approved than was asked for.
    pub partial_approval: bool,
    /// TLV 1F37, see [`receipt_info`].
    pub receipt_info: Option<u8>,
    /// TLV 1F73.
    pub message_id: Option<MessageId>,
    /// TLV 1F16: more about an error, as it came.
    pub error_code: Option<Vec<u8>>,
    /// TLV 1F17: more about an error.
    pub error_text: Option<String>,
    /// BMP 60, at an end of day.
    pub totals: Option<Totals>,
    /// How many TLV tags were not known.
    pub unknown_tags: u16,
    /// The first thing that could not be read.
    pub flaw: Option<Flaw>,
}

impl StatusInformation {
    /// Whether the terminal says yes. (A host's code beside 00 is no yes.)
    pub fn is_approved(&self) -> bool {
        self.result == Some(ResultCode::OK) && self.host_code.is_none_or(|code| code == 0)
    }

    /// Reads the data of a 04 0F.
    pub(crate) fn read(data: &[u8], charset: Charset) -> Self {
        let mut status = Self::default();
        let mut fields = Fields::with_pan(data);
        for (tag, content) in fields.by_ref() {
            if status.take(tag, content, charset).is_none() {
                status.note(Flaw::BadValue(tag));
            }
        }
        if let Some(flaw) = fields.flaw() {
            status.note(flaw);
        }
        status
    }

    fn note(&mut self, flaw: Flaw) {
        self.flaw.get_or_insert(flaw);
    }

    /// Takes one field; `None` when it holds no value of its kind.
    fn take(&mut self, tag: u8, content: &[u8], charset: Charset) -> Option<()> {
        let byte = content.first().copied();
        match tag {
            0x27 => self.result = Some(ResultCode(byte?)),
            0x04 => self.amount = Some(Amount::read(content)?),
            0x49 => self.currency = Some(Currency::read(content)?),
            0x0b => {
                let trace = Trace::read(content)?;
                // 000000 stands for one too long for this field, see TLV 1F2B.
                if trace.get() != 0 || self.trace.is_none() {
                    self.trace = Some(trace);
                }
            }
            0x37 => self.original_trace = Some(Trace::read(content)?),
            0x87 => self.receipt = Some(ReceiptNo::read(content)?),
            0x88 => self.turnover = Some(Turnover::read(content)?),
            0x29 => self.terminal = Some(TerminalId::read(content)?),
            0x2a => self.contract = Some(ascii(content)),
            0x22 => self.pan = Some(MaskedPan::read(content)),
            0x8a if byte == Some(0xff) => {}
            0x8a => self.card_type = self.card_type.or(Some(u16::from(byte?))),
            0x8b => self.card_name = Some(charset.decode(until_null(content))),
            0x3b => self.authorisation = Some(content.try_into().ok()?),
            0x0d => self.date = Some(MonthDay::read(content)?),
            0x0c => self.time = Some(TimeOfDay::read(content)?),
            0x19 => self.payment_type = byte,
            0x3c => self.text = Some(charset.decode(content)),
            0xa0 => self.host_code = byte,
            0x60 => self.totals = Some(Totals::read(content)?),
            0x06 => {
                let (elements, flaw) = tlv::decode(content);
                let charset = tlv::find(&elements, &[0x14]).and_then(charset_of).unwrap_or(charset);
                for element in &elements {
                    if self.take_tag(element, charset).is_none() {
                        self.note(Flaw::BadValue(tag));
                    }
                }
                if let Some(flaw) = flaw {
                    self.note(flaw);
                }
            }
            _ => {}
        }
        Some(())
    }

    fn take_tag(&mut self, element: &Tlv, charset: Charset) -> Option<()> {
        let content = element.content().unwrap_or_default();
        match element.tag() {
            0x2f => {
                let of =
                    |tag| tlv::find(element.children(), &[tag]).and_then(|c| c.first().copied());
                self.verification = of(0x1f10).map(verification);
                self.online = of(0x1f11).map(|byte| byte != 0);
                self.technology = of(0x1f12).map(technology);
            }
            0x60 => {
                self.application = tlv::find(element.children(), &[0x43]).map(<[u8]>::to_vec);
            }
            0x43 => self.application = Some(content.to_vec()),
            0x41 => {
                let [high, low] = *content else { return None };
                self.card_type = Some(u16::from_be_bytes([high, low]));
            }
            0x1f36 => self.tip = Some(Amount::read(content)?),
            0x1f25 => self.cashback = Some(Amount::read(content)?),
            0x1f70 => self.partial_approval = true,
            0x1f2b => self.trace = Some(Trace::read(content)?),
            0x1f37 => self.receipt_info = content.first().copied(),
            0x1f73 => self.message_id = Some(MessageId::read(content)?),
            0x1f16 => self.error_code = Some(content.to_vec()),
            0x1f17 => self.error_text = Some(charset.decode(content)),
            0x14 => {}
            _ => self.unknown_tags = self.unknown_tags.saturating_add(1),
        }
        Some(())
    }

    /// The data of a 04 0F.
    pub(crate) fn write(&self, charset: Charset) -> Vec<u8> {
        let mut w = Writer::default();
        let byte = |value: Option<u8>| value.map(|byte| [byte]);
        w.fixed_if(0x27, self.result.map(|code| [code.0]));
        w.fixed_if(0x04, self.amount.map(Amount::write));
        w.fixed_if(0x49, self.currency.map(Currency::write));
        w.fixed_if(0x0c, self.time.map(TimeOfDay::write));
        w.fixed_if(0x0d, self.date.map(MonthDay::write));
        if let Some(pan) = &self.pan {
            w.ll(0x22, &pan.write());
        }
        w.fixed_if(0x87, self.receipt.map(ReceiptNo::write));
        w.fixed_if(0x3b, self.authorisation);
        w.fixed_if(0x0b, self.trace.map(|trace| trace.write().unwrap_or_default()));
        w.fixed_if(0x37, self.original_trace.and_then(Trace::write));
        w.fixed_if(0x19, byte(self.payment_type));
        w.fixed_if(0x29, self.terminal.map(TerminalId::write));
        // Before what other programs may not know: some read no further than that.
        if let Some(totals) = &self.totals {
            w.lll(0x60, &totals.write());
        }
        w.fixed_if(0x88, self.turnover.map(Turnover::write));
        w.fixed_if(0x8a, self.card_type.map(|card| [u8::try_from(card).unwrap_or(0xff)]));
        if let Some(name) = &self.card_name {
            let mut bytes = charset.encode(name);
            bytes.push(0);
            w.ll(0x8b, &bytes);
        }
        if let Some(contract) = &self.contract {
            let padded = contract.bytes().chain(std::iter::repeat(b' ')).take(15);
            w.fixed(0x2a, &padded.collect::<Vec<u8>>());
        }
        w.fixed_if(0xa0, byte(self.host_code));
        if let Some(text) = &self.text {
            w.lll(0x3c, &charset.encode(text));
        }
        let tags = self.tags(charset);
        if !tags.is_empty() {
            w.bytes.extend(tlv::encode_field(&tags));
        }
        w.bytes
    }

    /// The content of BMP 06.
    fn tags(&self, charset: Charset) -> Vec<Tlv> {
        let one = |value: Option<u8>| value.map(|byte| vec![byte]);
        let payment = [
            (0x1f10, one(self.verification.map(verification_byte))),
            (0x1f11, one(self.online.map(u8::from))),
            (0x1f12, one(self.technology.map(technology_byte))),
        ];
        let card =
            self.card_type.filter(|card| *card > 0xfe).map(|card| card.to_be_bytes().to_vec());
        let long_trace = self.trace.filter(|trace| trace.write().is_none());
        let flat = [
            (0x41, card),
            (0x1f36, self.tip.map(|amount| amount.write().to_vec())),
            (0x1f25, self.cashback.map(|amount| amount.write().to_vec())),
            (0x1f70, self.partial_approval.then(|| vec![1])),
            (0x1f2b, long_trace.map(|trace| crate::bcd::encode_shortest(trace.get()))),
            (0x1f37, one(self.receipt_info)),
            (0x1f73, self.message_id.map(|id| id.write().to_vec())),
            (0x1f16, self.error_code.clone()),
            (0x1f17, self.error_text.as_ref().map(|text| charset.encode(text))),
        ];
        let mut tags = there(flat);
        for (tag, inner) in
            [(0x2f, there(payment)), (0x60, there([(0x43, self.application.clone())]))]
        {
            if !inner.is_empty() {
                tags.extend(Tlv::container(tag, inner));
            }
        }
        tags
    }
}

/// The elements that have a content.
pub(crate) fn there<const N: usize>(elements: [(u32, Option<Vec<u8>>); N]) -> Vec<Tlv> {
    elements.into_iter().filter_map(|(tag, content)| Tlv::bytes(tag, content?)).collect()
}

/// The character set that the content of tag 14 names.
pub(crate) fn charset_of(content: &[u8]) -> Option<Charset> {
    content.first().and_then(|id| Charset::from_id(*id))
}

fn ascii(content: &[u8]) -> String {
    let text: String =
        content.iter().map(|b| if b.is_ascii() { char::from(*b) } else { '?' }).collect();
    text.trim_end_matches([' ', '\0']).to_owned()
}

fn until_null(content: &[u8]) -> &[u8] {
    content.split(|byte| *byte == 0).next().unwrap_or_default()
}

const fn verification(byte: u8) -> Verification {
    match byte {
        0 => Verification::None,
        1 => Verification::Signature,
        2 => Verification::Pin,
        other => Verification::Other(other),
    }
}

const fn verification_byte(verification: Verification) -> u8 {
    match verification {
        Verification::None => 0,
        Verification::Signature => 1,
        Verification::Pin => 2,
        Verification::Other(byte) => byte,
    }
}

const fn technology(byte: u8) -> Technology {
    match byte {
        0 => Technology::MagneticStripe,
        1 => Technology::Chip,
        2 => Technology::Contactless,
        other => Technology::Other(other),
    }
}

const fn technology_byte(technology: Technology) -> u8 {
    match technology {
        Technology::MagneticStripe => 0,
        Technology::Chip => 1,
        Technology::Contactless => 2,
        Technology::Other(byte) => byte,
    }
}
