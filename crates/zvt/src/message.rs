//! What a terminal says to a till, and the answers that either side gives to the other. Reading never
//! fails; what could not be read is named by a [`Flaw`], and what is not known is
//! [`Message::Unsupported`], to be answered 84 83 00.

use crate::apdu::{ApduError, Packet};
use crate::bcd;
use crate::bmp::{Fields, Flaw, Writer, decimal_length};
use crate::codes::ResultCode;
use crate::status::{StatusInformation, charset_of, there};
use crate::text::Charset;
use crate::tlv::{self, Tlv};
use crate::value::{Currency, MessageId, ReceiptNo, TerminalId};

/// What must be known to read a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Context {
    /// The completion answers a status enquiry: it then has a form of its own.
    pub status_enquiry: bool,
    /// The character set where no tag 14 names one.
    pub charset: Charset,
}

/// 80 00 or 84 xx, the answer to every other packet, from either side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Response {
    /// 80 00.
    Positive {
        /// TLV 1F73: the number of the message it answers.
        message_id: Option<MessageId>,
    },
    /// 84 xx.
    Negative {
        /// The second byte. 00 is also a yes, 9C "not yet".
        code: ResultCode,
        /// After 84 1E: why.
        detail: Option<ResultCode>,
        /// After 84 1E: the currency that the terminal has.
        currency: Option<Currency>,
    },
}

impl Response {
    /// 80 00 00.
    pub const OK: Self = Self::Positive { message_id: None };
    /// 84 83 00: not known.
    pub const UNKNOWN: Self = Self::no(ResultCode::IMPOSSIBLE);
    /// 84 9C 00: not yet.
    pub const NOT_YET: Self = Self::no(ResultCode::BUSY);

    /// 84 and a code.
    pub const fn no(code: ResultCode) -> Self {
        Self::Negative { code, detail: None, currency: None }
    }

    /// Whether it is a yes: 80 00, and 84 00.
    pub const fn is_positive(&self) -> bool {
        match self {
            Self::Positive { .. } => true,
            Self::Negative { code, .. } => code.0 == 0,
        }
    }

    /// Reads a packet as an answer; `None` when it is none.
    pub fn decode(packet: &Packet) -> Option<Self> {
        match packet.control() {
            (0x80, 0x00) => {
                let tlv = Fields::new(packet.data()).find(|(tag, _)| *tag == 0x06);
                let elements = tlv.map(|(_, content)| tlv::decode(content).0).unwrap_or_default();
                let message_id = tlv::find(&elements, &[0x1f73]).and_then(MessageId::read);
                Some(Self::Positive { message_id })
            }
            (0x84, code) => {
                let refusal = if code == 0x1e { packet.data() } else { &[] };
                let (detail, rest) = refusal.split_first().unzip();
                let detail = detail.map(|byte| ResultCode(*byte));
                let currency = rest.and_then(|rest: &[u8]| Currency::read(rest.get(..2)?));
                Some(Self::Negative { code: ResultCode(code), detail, currency })
            }
            _ => None,
        }
    }

    /// The answer's packet.
    pub fn encode(&self) -> Packet {
        let made = match self {
            Self::Positive { message_id: None } => Ok(Packet::bare(0x80, 0x00)),
            Self::Positive { message_id } => {
                let tags = there([(0x1f73, message_id.map(|id| id.write().to_vec()))]);
                Packet::new(0x80, 0x00, tlv::encode_field(&tags))
            }
            Self::Negative { code, detail, currency } => {
                let mut data: Vec<u8> = detail.iter().map(|detail| detail.0).collect();
                data.extend(currency.iter().flat_map(|currency| currency.write()));
                Packet::new(0x84, code.0, data)
            }
        };
        // A few bytes are never too long for a packet.
        made.unwrap_or(Packet::bare(0x84, ResultCode::IMPOSSIBLE.0))
    }
}

/// 04 FF: what the terminal is doing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Intermediate {
    /// See [`intermediate_name`](crate::codes::intermediate_name).
    pub code: u8,
    /// Minutes until the next sign of life, instead of the usual time.
    pub minutes: Option<u8>,
    /// TLV 24/07: lines for the cashier.
    pub lines: Vec<String>,
    /// TLV 1F73.
    pub message_id: Option<MessageId>,
    /// What could not be read.
    pub flaw: Option<Flaw>,
}

/// 06 0F: the terminal has done what was asked and gives the word back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completion {
    /// The state of the terminal, after a status enquiry.
    pub state: Option<ResultCode>,
    /// The software's version, after a status enquiry.
    pub software: Option<String>,
    /// BMP 19: 01 needs an initialisation, 02 a diagnosis, 04 OPT; 08 filling station, 10 vending machine.
    pub status_bits: Option<u8>,
    /// BMP 29, or TLV 1F44.
    pub terminal: Option<TerminalId>,
    /// BMP 49.
    pub currency: Option<Currency>,
    /// TLV E4/1F40.
    pub device_name: Option<String>,
    /// TLV E4/1F41.
    pub device_software: Option<String>,
    /// TLV E4/1F42, as it came.
    pub device_serial: Option<Vec<u8>>,
    /// TLV 26/0A: the commands that the terminal took note of.
    pub commands: Vec<(u8, u8)>,
    /// TLV 1F73.
    pub message_id: Option<MessageId>,
    /// How many TLV tags were not known.
    pub unknown_tags: u16,
    /// What could not be read.
    pub flaw: Option<Flaw>,
}

/// 06 1E: the terminal has not done what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Aborted {
    /// Why; `None` when it does not say.
    pub result: Option<ResultCode>,
    /// BMP 49: the currency that the terminal has.
    pub currency: Option<Currency>,
    /// BMP 87: the open reservation that was asked for; [`ReceiptNo::NONE`] when there is none.
    pub receipt: Option<ReceiptNo>,
    /// TLV 23/08: all open reservations, of terminals that name more than one.
    pub open: Vec<ReceiptNo>,
    /// TLV 1F16: more about the error, as it came.
    pub error_code: Option<Vec<u8>>,
    /// TLV 1F17: more about the error.
    pub error_text: Option<String>,
    /// What could not be read.
    pub flaw: Option<Flaw>,
}

/// A line to print. Attribute: 80 and above end the receipt, FF feeds a line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrintLine {
    /// As the terminal numbers it.
    pub attribute: u8,
    /// What is printed.
    pub text: String,
}

/// 06 D3: a whole receipt.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextBlock {
    /// TLV 1F07: 1 the merchant's, 2 the customer's, 3 administration.
    pub receipt_type: Option<u8>,
    /// From top to bottom; an attribute holds until the next one.
    pub lines: Vec<PrintLine>,
    /// What could not be read.
    pub flaw: Option<Flaw>,
}

/// What a terminal says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// 80 or 84.
    Response(Response),
    /// 04 0F.
    Status(Box<StatusInformation>),
    /// 04 FF.
    Intermediate(Intermediate),
    /// 06 0F.
    Completion(Completion),
    /// 06 1E.
    Aborted(Aborted),
    /// 06 D1.
    PrintLine(PrintLine),
    /// 06 D3.
    TextBlock(TextBlock),
    /// Anything else: answer [`Response::UNKNOWN`].
    Unsupported(u8, u8),
}

impl Message {
    /// Reads a packet of the terminal.
    pub fn decode(packet: &Packet, context: Context) -> Self {
        let (data, charset) = (packet.data(), context.charset);
        match packet.control() {
            (0x04, 0x0f) => Self::Status(Box::new(StatusInformation::read(data, charset))),
            (0x04, 0xff) => Self::Intermediate(Intermediate::read(data, charset)),
            (0x06, 0x0f) => Self::Completion(Completion::read(data, context)),
            (0x06, 0x1e) => Self::Aborted(Aborted::read(data, charset)),
            (0x06, 0xd1) => {
                let (attribute, text) = data.split_first().unwrap_or((&0, &[]));
                Self::PrintLine(PrintLine { attribute: *attribute, text: charset.decode(text) })
            }
            (0x06, 0xd3) => Self::TextBlock(TextBlock::read(data, charset)),
            (class, instr) => {
                Response::decode(packet).map_or(Self::Unsupported(class, instr), Self::Response)
            }
        }
    }

    /// The message's packet; errs with [`ApduError::Oversized`] when its texts are too long. The
    /// simulator's terminal speaks with it.
    pub fn encode(&self, context: Context) -> Result<Packet, ApduError> {
        let charset = context.charset;
        match self {
            Self::Response(response) => Ok(response.encode()),
            Self::Status(status) => Packet::new(0x04, 0x0f, status.write(charset)),
            Self::Intermediate(status) => Packet::new(0x04, 0xff, status.write(charset)),
            Self::Completion(completion) => Packet::new(0x06, 0x0f, completion.write(context)),
            Self::Aborted(aborted) => Packet::new(0x06, 0x1e, aborted.write(charset)),
            Self::PrintLine(line) => {
                let mut data = vec![line.attribute];
                data.extend(charset.encode(&line.text));
                Packet::new(0x06, 0xd1, data)
            }
            Self::TextBlock(block) => Packet::new(0x06, 0xd3, block.write(charset)),
            Self::Unsupported(class, instr) => Ok(Packet::bare(*class, *instr)),
        }
    }
}

impl Intermediate {
    fn read(data: &[u8], charset: Charset) -> Self {
        let Some((code, rest)) = data.split_first() else {
            return Self { flaw: Some(Flaw::Lacks(0xff)), ..Self::default() };
        };
        // The minutes may be missing, and 06 may be six minutes or the tag of a container: it is a
        // container when its length says so.
        let whole = |bytes: &[u8]| match bytes.split_first() {
            Some((0x06, after)) => tlv::length(after).is_some_and(|(n, inner)| n == inner.len()),
            _ => false,
        };
        let (minutes, fields) = match rest.split_first() {
            Some((minutes, after)) if after.is_empty() || whole(after) || !whole(rest) => {
                (bcd::decode_byte(*minutes), after)
            }
            _ => (None, rest),
        };
        let (elements, flaw) = container(fields);
        let charset = tlv::find(&elements, &[0x14]).and_then(charset_of).unwrap_or(charset);
        let texts = elements.iter().filter(|element| element.tag() == 0x24);
        let lines = texts.flat_map(Tlv::children).filter(|line| line.tag() == 0x07);
        Self {
            code: *code,
            minutes,
            lines: lines.filter_map(Tlv::content).map(|line| charset.decode(line)).collect(),
            message_id: tlv::find(&elements, &[0x1f73]).and_then(MessageId::read),
            flaw,
        }
    }

    fn write(&self, charset: Charset) -> Vec<u8> {
        let mut data = vec![self.code];
        data.extend(
            self.minutes
                .and_then(|minutes| bcd::encode::<1>(u64::from(minutes)))
                .into_iter()
                .flatten(),
        );
        let lines = self.lines.iter().filter_map(|line| Tlv::bytes(0x07, charset.encode(line)));
        let lines: Vec<Tlv> = lines.collect();
        let mut tags = Vec::new();
        if !lines.is_empty() {
            tags.extend(Tlv::container(0x24, lines));
        }
        tags.extend(there([(0x1f73, self.message_id.map(|id| id.write().to_vec()))]));
        if !tags.is_empty() {
            data.extend(tlv::encode_field(&tags));
        }
        data
    }
}

/// The elements of the first container among the fields.
fn container(data: &[u8]) -> (Vec<Tlv>, Option<Flaw>) {
    let mut fields = Fields::new(data);
    let found = fields.find(|(tag, _)| *tag == 0x06);
    let (elements, flaw) = found.map(|(_, content)| tlv::decode(content)).unwrap_or_default();
    (elements, flaw.or(fields.flaw()))
}

impl Completion {
    fn read(data: &[u8], context: Context) -> Self {
        let mut completion = Self::default();
        let mut rest = data;
        if context.status_enquiry {
            // No tags in front: the software's version if it is there, told by its three length bytes,
            // then the state. A state alone may itself look like a tag.
            if let [0xf0..=0xff, 0xf0..=0xff, 0xf0..=0xff, ..] = data {
                match decimal_length(0xf0, data, 3).and_then(|(length, after)| {
                    after.split_at_checked(length).ok_or(Flaw::CutOff(0xf0))
                }) {
                    Ok((version, after)) => {
                        completion.software = Some(context.charset.decode(version));
                        rest = after;
                    }
                    Err(flaw) => return Self { flaw: Some(flaw), ..completion },
                }
            }
            let (state, after) = rest.split_first().unzip();
            completion.state = state.map(|byte| ResultCode(*byte));
            rest = after.unwrap_or_default();
        }
        completion.read_fields(rest, context.charset);
        completion
    }

    fn read_fields(&mut self, data: &[u8], charset: Charset) {
        let mut fields = Fields::new(data);
        for (tag, content) in fields.by_ref() {
            let readable = match tag {
                0x19 => {
                    self.status_bits = content.first().copied();
                    true
                }
                0x29 => {
                    self.terminal = TerminalId::read(content);
                    self.terminal.is_some()
                }
                0x49 => {
                    self.currency = Currency::read(content);
                    self.currency.is_some()
                }
                // Not its own, but digits that are none are a sign of damage.
                0x04 => crate::value::Amount::read(content).is_some(),
                0x06 => {
                    let (elements, flaw) = tlv::decode(content);
                    self.flaw = self.flaw.or(flaw);
                    for element in &elements {
                        self.take_tag(element, charset);
                    }
                    true
                }
                _ => true,
            };
            if !readable {
                self.flaw = self.flaw.or(Some(Flaw::BadValue(tag)));
            }
        }
        self.flaw = self.flaw.or(fields.flaw());
    }

    fn take_tag(&mut self, element: &Tlv, charset: Charset) {
        let content = element.content().unwrap_or_default();
        match element.tag() {
            0xe4 => {
                let of = |tag| tlv::find(element.children(), &[tag]);
                self.device_name = of(0x1f40).map(|name| charset.decode(name));
                self.device_software = of(0x1f41).map(|version| charset.decode(version));
                self.device_serial = of(0x1f42).map(<[u8]>::to_vec);
            }
            0x26 => {
                let commands = element.children().iter().filter(|child| child.tag() == 0x0a);
                self.commands = commands
                    .filter_map(|command| match command.content() {
                        Some([class, instr]) => Some((*class, *instr)),
                        _ => None,
                    })
                    .collect();
            }
            0x1f44 => self.terminal = self.terminal.or(TerminalId::read(content)),
            0x1f73 => self.message_id = MessageId::read(content),
            _ => self.unknown_tags = self.unknown_tags.saturating_add(1),
        }
    }

    fn write(&self, context: Context) -> Vec<u8> {
        let charset = context.charset;
        let mut w = Writer::default();
        if context.status_enquiry {
            if let Some(version) = &self.software {
                w.counted(&charset.encode(version), 3);
            }
            w.bytes.extend(self.state.map(|state| state.0));
        }
        // Behind a status enquiry's state only the container may follow.
        let in_tags = context.status_enquiry && self.state.is_some();
        if !in_tags {
            w.fixed_if(0x19, self.status_bits.map(|bits| [bits]));
            w.fixed_if(0x29, self.terminal.map(TerminalId::write));
            w.fixed_if(0x49, self.currency.map(Currency::write));
        }
        let terminal = self.terminal.filter(|_| in_tags).map(|id| id.write().to_vec());
        let mut tags = there([(0x1f44, terminal)]);
        let device = there([
            (0x1f40, self.device_name.as_ref().map(|name| charset.encode(name))),
            (0x1f41, self.device_software.as_ref().map(|version| charset.encode(version))),
            (0x1f42, self.device_serial.clone()),
        ]);
        if !device.is_empty() {
            tags.extend(Tlv::container(0xe4, device));
        }
        if !self.commands.is_empty() {
            tags.extend(tlv::permitted_commands(&self.commands));
        }
        tags.extend(there([(0x1f73, self.message_id.map(|id| id.write().to_vec()))]));
        if !tags.is_empty() {
            w.bytes.extend(tlv::encode_field(&tags));
        }
        w.bytes
    }
}

/// The receipts in tag 23.
fn open_reservations(elements: &[Tlv]) -> Vec<ReceiptNo> {
    let lists = elements.iter().filter(|element| element.tag() == 0x23);
    let receipts = lists.flat_map(Tlv::children).filter(|child| child.tag() == 0x08);
    receipts.filter_map(Tlv::content).filter_map(ReceiptNo::read).collect()
}

impl Aborted {
    fn read(data: &[u8], charset: Charset) -> Self {
        let Some((result, rest)) = data.split_first() else { return Self::default() };
        let mut fields = Fields::new(rest);
        let mut aborted = Self { result: Some(ResultCode(*result)), ..Self::default() };
        for (tag, content) in fields.by_ref() {
            match tag {
                0x49 => aborted.currency = Currency::read(content),
                0x87 => aborted.receipt = ReceiptNo::read(content),
                0x06 => {
                    let (elements, flaw) = tlv::decode(content);
                    let charset =
                        tlv::find(&elements, &[0x14]).and_then(charset_of).unwrap_or(charset);
                    aborted.flaw = aborted.flaw.or(flaw);
                    aborted.open = open_reservations(&elements);
                    aborted.error_code = tlv::find(&elements, &[0x1f16]).map(<[u8]>::to_vec);
                    aborted.error_text =
                        tlv::find(&elements, &[0x1f17]).map(|text| charset.decode(text));
                }
                _ => {}
            }
        }
        aborted.flaw = aborted.flaw.or(fields.flaw());
        aborted
    }

    fn write(&self, charset: Charset) -> Vec<u8> {
        let Some(result) = self.result else { return Vec::new() };
        let mut w = Writer { bytes: vec![result.0] };
        w.fixed_if(0x49, self.currency.map(Currency::write));
        w.fixed_if(0x87, self.receipt.map(ReceiptNo::write));
        let mut tags = there([
            (0x1f16, self.error_code.clone()),
            (0x1f17, self.error_text.as_ref().map(|text| charset.encode(text))),
        ]);
        if !self.open.is_empty() {
            let one = |receipt: &ReceiptNo| Tlv::bytes(0x08, receipt.write());
            tags.extend(Tlv::container(0x23, self.open.iter().filter_map(one).collect()));
        }
        if !tags.is_empty() {
            w.bytes.extend(tlv::encode_field(&tags));
        }
        w.bytes
    }
}

impl TextBlock {
    fn read(data: &[u8], charset: Charset) -> Self {
        let (elements, flaw) = container(data);
        let receipt_type = tlv::find(&elements, &[0x1f07]).and_then(|c| c.first().copied());
        let mut charset = tlv::find(&elements, &[0x14]).and_then(charset_of).unwrap_or(charset);
        let mut attribute = None;
        let mut lines: Vec<PrintLine> = Vec::new();
        let texts = elements.iter().filter(|element| element.tag() == 0x25);
        for part in texts.flat_map(Tlv::children) {
            let content = part.content().unwrap_or_default();
            match part.tag() {
                0x07 => {
                    let text = charset.decode(content);
                    lines.push(PrintLine { attribute: attribute.unwrap_or(0), text });
                }
                0x09 => attribute = content.first().copied(),
                0x14 => charset = charset_of(content).unwrap_or(charset),
                _ => {}
            }
        }
        // An attribute behind the last line feeds or cuts: it is a line without text.
        let last = lines.last().map_or(0, |line| line.attribute);
        if let Some(attribute) = attribute.filter(|attribute| *attribute != last) {
            lines.push(PrintLine { attribute, text: String::new() });
        }
        Self { receipt_type, lines, flaw }
    }

    fn write(&self, charset: Charset) -> Vec<u8> {
        let mut tags = there([(0x1f07, self.receipt_type.map(|kind| vec![kind]))]);
        let mut attribute = 0;
        let mut parts = Vec::new();
        for line in &self.lines {
            if line.attribute != attribute {
                attribute = line.attribute;
                parts.extend(Tlv::bytes(0x09, [attribute]));
            }
            parts.extend(Tlv::bytes(0x07, charset.encode(&line.text)));
        }
        tags.extend(Tlv::container(0x25, parts));
        tlv::encode_field(&tags)
    }
}
