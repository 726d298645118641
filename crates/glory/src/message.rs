//! The XML that is said within events: requests out, answers and notifications in.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Deepest XML that is read.
const DEEPEST: usize = 12;
/// Most messages of one event.
const MOST: usize = 64;

/// What is asked of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// How it is.
    Status,
    /// What lies in it, by denomination, as far as it can be paid out.
    Inventory,
    /// Take so much, minor units, and give the change. Given up when the change does not suffice.
    Change(u64),
    /// Give the payment up, and the money back.
    Cancel,
    /// Move what it takes to be collected.
    Collect,
    /// Begin anew after a fault.
    Reset,
    /// Keep others from it.
    Occupy,
    /// Let others to it.
    Release,
}

impl Ask {
    /// The name of the answer.
    #[must_use]
    pub const fn answer(self) -> &'static str {
        match self {
            Self::Status => "StatusResponse",
            Self::Inventory => "InventoryResponse",
            Self::Change(_) => "ChangeResponse",
            Self::Cancel => "ChangeCancelResponse",
            Self::Collect => "CollectResponse",
            Self::Reset => "ResetResponse",
            Self::Occupy => "OccupyResponse",
            Self::Release => "ReleaseResponse",
        }
    }
}

/// The number of a request: eleven digits. The same number again is the same request.
#[must_use]
pub fn seq_no(number: u64) -> String {
    format!("{:011}", number.checked_rem(100_000_000_000).unwrap_or_default())
}

/// A request as the machine reads it.
#[must_use]
pub fn request(ask: Ask, number: u64, session: Option<&str>) -> String {
    let (name, more) = match ask {
        Ask::Status => ("StatusRequest", "<RequireVerification type=\"1\"/>".to_owned()),
        Ask::Inventory => ("InventoryRequest", "<Option type=\"2\"/>".to_owned()),
        Ask::Change(amount) => {
            ("ChangeRequest", format!("<Amount>{amount}</Amount><Option type=\"1\"/>"))
        }
        Ask::Cancel => ("ChangeCancelRequest", String::new()),
        Ask::Collect => ("CollectRequest", "<Option type=\"0\"/>".to_owned()),
        Ask::Reset => ("ResetRequest", String::new()),
        Ask::Occupy => ("OccupyRequest", String::new()),
        Ask::Release => ("ReleaseRequest", String::new()),
    };
    // What a session is called comes from the machine: nothing of it may be taken for XML.
    let session = session.map(|id| {
        let id: String = id.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
        format!("<SessionID>{id}</SessionID>")
    });
    let seq = seq_no(number);
    format!(
        "<{name}><Id>Tresen</Id><SeqNo>{seq}</SeqNo>{}{more}</{name}>\0",
        session.unwrap_or_default()
    )
}

/// Pieces of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pieces {
    /// What one is worth, minor units.
    pub value: u64,
    /// How many.
    pub count: u64,
}

/// Cash of one sort: 1 was put in, 2 was given out, 4 can be paid out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cash {
    /// Which sort.
    pub sort: u64,
    /// By denomination.
    pub pieces: Vec<Pieces>,
}

impl Cash {
    /// What it comes to; none when that is more than there is money.
    #[must_use]
    pub fn sum(&self) -> Option<u64> {
        self.pieces
            .iter()
            .try_fold(0_u64, |sum, of| sum.checked_add(of.value.checked_mul(of.count)?))
    }
}

/// An answer or a notification.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// Its name.
    pub name: String,
    /// How it went.
    pub result: Option<u64>,
    /// How the machine is.
    pub status: Option<u64>,
    /// An amount, minor units.
    pub amount: Option<u64>,
    /// Cash.
    pub cash: Vec<Cash>,
    /// The machine's name of a payment.
    pub transaction: Option<String>,
    /// What it says of a fault.
    pub error: Option<String>,
    /// The number of the request that it answers, eleven digits.
    pub seq: Option<String>,
}

impl Message {
    /// What the cash of a sort comes to; none when nothing is said of it.
    #[must_use]
    pub fn sum(&self, sort: u64) -> Option<u64> {
        self.cash.iter().find(|cash| cash.sort == sort)?.sum()
    }
}

/// Reads what an event says: several messages one after the other, or within an envelope. What is no XML says nothing.
#[must_use]
pub fn read(bytes: &[u8]) -> Vec<Message> {
    let text: String =
        String::from_utf8_lossy(bytes).chars().filter(|c| !matches!(c, '\0' | '\u{4}')).collect();
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = true;
    let mut all = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut open: Option<(usize, Message)> = None;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                if path.len() >= DEEPEST {
                    return all;
                }
                let name = name_of(&tag);
                begin(&mut open, path.len(), &name, &tag);
                path.push(name);
            }
            Ok(Event::Empty(tag)) => {
                let name = name_of(&tag);
                begin(&mut open, path.len(), &name, &tag);
                if open.as_ref().is_some_and(|(depth, _)| *depth == path.len()) {
                    all.extend(open.take().map(|(_, message)| message));
                }
            }
            Ok(Event::Text(said)) => {
                let said = said.xml_content(XmlVersion::Implicit1_0).trim().to_owned();
                if let (Some((_, message)), Some(name)) = (&mut open, path.last()) {
                    note(message, name, &said);
                }
            }
            Ok(Event::End(_)) => {
                path.pop();
                if open.as_ref().is_some_and(|(depth, _)| *depth == path.len()) {
                    all.extend(open.take().map(|(_, message)| message));
                }
            }
            Ok(Event::Eof) | Err(_) => return all,
            Ok(_) => {}
        }
        if all.len() >= MOST {
            return all;
        }
    }
}

fn name_of(tag: &BytesStart<'_>) -> String {
    tag.local_name().as_ref().to_owned()
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<u64> {
    let found = tag.attributes().flatten().find(|a| a.key.as_ref() == name)?;
    found.value.trim().parse().ok()
}

/// An element begins: a message of its own, or something within one.
fn begin(open: &mut Option<(usize, Message)>, depth: usize, name: &str, tag: &BytesStart<'_>) {
    match open {
        None => {
            // An envelope around messages is none itself.
            let is_message = ["Response", "Event", "Error"].iter().any(|end| name.ends_with(end));
            if is_message {
                let result = attribute(tag, "result");
                let message = Message { name: name.to_owned(), result, ..Message::default() };
                *open = Some((depth, message));
            }
        }
        Some((_, message)) => match name {
            "Cash" => {
                let sort = attribute(tag, "type").unwrap_or_default();
                message.cash.push(Cash { sort, pieces: Vec::new() });
            }
            "Denomination" => {
                let value = attribute(tag, "fv").unwrap_or_default();
                if let Some(cash) = message.cash.last_mut() {
                    cash.pieces.push(Pieces { value, count: 0 });
                }
            }
            _ => {}
        },
    }
}

/// A text within a message.
fn note(message: &mut Message, name: &str, said: &str) {
    match name {
        "Piece" => {
            let pieces = message.cash.last_mut().and_then(|cash| cash.pieces.last_mut());
            if let (Some(pieces), Ok(count)) = (pieces, said.parse()) {
                pieces.count = count;
            }
        }
        // Within a denomination the same word says how full its place is.
        "Code" => message.status = said.parse().ok(),
        "Status" if message.cash.is_empty() => {
            message.status = message.status.or(said.parse().ok())
        }
        "Amount" => message.amount = said.parse().ok(),
        "SeqNo" if !said.is_empty() => message.seq = Some(said.chars().take(20).collect()),
        "TransactionId" => message.transaction = Some(said.chars().take(64).collect()),
        "ErrorMessage" => message.error = Some(said.chars().take(200).collect()),
        _ => {}
    }
}
