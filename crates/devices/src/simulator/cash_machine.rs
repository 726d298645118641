//! A simulated machine that takes and gives cash: somebody puts notes and coins in, and it shows what it holds.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use glory::engine::{Packet, decode, encode as packet};
use glory::websocket::{Frame, Reader, encode, head, header, proof};

use super::stand::{Model, button};

/// What it knows, minor units.
const VALUES: [u64; 12] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];

/// A payment that it is in.
#[derive(Debug, Clone, Default)]
struct Payment {
    amount: u64,
    seq: String,
    put_in: BTreeMap<u64, u64>,
}

/// The machine.
#[derive(Debug)]
pub struct CashMachine {
    /// What it holds, by denomination.
    held: BTreeMap<u64, u64>,
    payment: Option<Payment>,
    /// The numbers of the payments that it has carried out.
    done: Vec<String>,
    fault: bool,
    buffer: Vec<u8>,
    reader: Option<Reader>,
    /// What it has to say by itself.
    says: Vec<u8>,
    collected: u64,
}

impl Default for CashMachine {
    fn default() -> Self {
        Self::new()
    }
}

fn sum(pieces: &BTreeMap<u64, u64>) -> u64 {
    pieces.iter().fold(0, |sum, (value, count)| sum.saturating_add(value.saturating_mul(*count)))
}

fn cash(sort: u8, pieces: &BTreeMap<u64, u64>) -> String {
    let mut text = format!("<Cash type=\"{sort}\">");
    for (value, count) in pieces {
        let _ = write!(
            text,
            "<Denomination cc=\"EUR\" fv=\"{value}\"><Piece>{count}</Piece><Status>2</Status></Denomination>"
        );
    }
    text.push_str("</Cash>");
    text
}

/// The text of an element.
fn within<'a>(xml: &'a str, name: &str) -> &'a str {
    let begin = xml.split_once(&format!("<{name}>")).map_or("", |(_, rest)| rest);
    begin.split_once(&format!("</{name}>")).map_or("", |(text, _)| text)
}

impl CashMachine {
    /// One with twenty of each piece in it.
    #[must_use]
    pub fn new() -> Self {
        Self {
            held: VALUES.iter().map(|value| (*value, 20)).collect(),
            payment: None,
            done: Vec::new(),
            fault: false,
            buffer: Vec::new(),
            reader: None,
            says: Vec::new(),
            collected: 0,
        }
    }

    /// What it holds, minor units.
    #[must_use]
    pub fn holds(&self) -> u64 {
        sum(&self.held).saturating_add(self.payment.as_ref().map_or(0, |p| sum(&p.put_in)))
    }

    /// What it is to take just now, minor units.
    #[must_use]
    pub fn wants(&self) -> Option<u64> {
        self.payment.as_ref().map(|payment| payment.amount)
    }

    /// It holds none of this piece any more.
    pub fn empty(&mut self, value: u64) {
        self.held.insert(value, 0);
    }

    /// It has a fault, or none.
    pub fn set_fault(&mut self, fault: bool) {
        self.fault = fault;
    }

    /// Somebody puts a piece in.
    pub fn put(&mut self, value: u64) {
        let Some(payment) = &mut self.payment else { return };
        let count = payment.put_in.entry(value).or_default();
        *count = count.saturating_add(1);
        let so_far = sum(&payment.put_in);
        let enough = so_far >= payment.amount;
        self.tell(&format!(
            "<BbxEventRequest><StatusChangeEvent><Status>4</Status><Amount>{so_far}</Amount></StatusChangeEvent></BbxEventRequest>"
        ));
        if enough {
            self.settle();
        }
    }

    /// Enough was put in: the change is given, or everything back where there is none.
    fn settle(&mut self) {
        let Some(payment) = self.payment.take() else { return };
        let mut held = self.held.clone();
        for (value, count) in &payment.put_in {
            let there = held.entry(*value).or_default();
            *there = there.saturating_add(*count);
        }
        let mut rest = sum(&payment.put_in).saturating_sub(payment.amount);
        let mut out = BTreeMap::new();
        for value in VALUES.iter().rev() {
            let there = held.entry(*value).or_default();
            let pieces = (rest / value).min(*there);
            if pieces > 0 {
                *there = there.saturating_sub(pieces);
                rest = rest.saturating_sub(pieces.saturating_mul(*value));
                out.insert(*value, pieces);
            }
        }
        let (result, out) = if rest == 0 {
            self.held = held;
            (0, out)
        } else {
            (10, payment.put_in.clone())
        };
        self.done.push(payment.seq.clone());
        self.answer_payment(result, &payment, &out);
    }

    fn answer_payment(&mut self, result: u8, payment: &Payment, out: &BTreeMap<u64, u64>) {
        let text = format!(
            "<BbxEventRequest><ChangeResponse result=\"{result}\"><SeqNo>{}</SeqNo><Amount>{}</Amount>{}{}\
             <TransactionId>{}</TransactionId></ChangeResponse></BbxEventRequest>",
            payment.seq,
            payment.amount,
            cash(1, &payment.put_in),
            cash(2, out),
            self.done.len()
        );
        self.tell(&text);
        self.tell("<BbxEventRequest><StatusChangeEvent><Status>1</Status></StatusChangeEvent></BbxEventRequest>");
    }

    fn tell(&mut self, xml: &str) {
        let bytes = format!("{xml}\0").into_bytes();
        self.says.extend(encode(&Frame::Binary(bytes), None));
    }

    fn send(&mut self, what: &Packet) {
        self.says.extend(encode(&Frame::Text(packet(what)), None));
    }

    fn take(&mut self, frame: Frame) {
        match frame {
            Frame::Ping(bytes) => self.says.extend(encode(&Frame::Pong(bytes), None)),
            Frame::Text(text) => match decode(&text) {
                Packet::Ping => self.send(&Packet::Pong),
                Packet::Event(name, parts) => self.event(&name, &parts),
                _ => {}
            },
            _ => {}
        }
    }

    fn event(&mut self, name: &str, parts: &[serde_json::Value]) {
        let event = |name: &str, said| Packet::Event(name.to_owned(), vec![said]);
        match name {
            "login request" => {
                let session = serde_json::json!({ "ret": 0, "session_id": "simulator" });
                self.send(&event("login response", session));
            }
            "check credential" => self.send(&Packet::Event("credential ok".to_owned(), Vec::new())),
            "getFunctionSetting" => {
                let settings = serde_json::json!({ "FunctionSetting": {
                    "OccupyEnable": "1", "SessionEnable": "1", "SoapDuplicateCheck": "1",
                }});
                self.send(&event("sendFunctionSetting", settings));
            }
            "openSession" => {
                let id = serde_json::json!({ "SessionID": "4711" });
                self.send(&event("sendSessionID", id));
            }
            "xml send" => {
                let xml = parts.first().and_then(serde_json::Value::as_str).unwrap_or_default();
                self.asked(xml);
            }
            _ => {}
        }
    }

    fn asked(&mut self, xml: &str) {
        let name = xml.trim_start_matches('<').split('>').next().unwrap_or_default().to_owned();
        let seq = within(xml, "SeqNo").to_owned();
        let plain = |name: &str, result: u8| {
            format!("<BbxEventRequest><{name} result=\"{result}\"></{name}></BbxEventRequest>")
        };
        match name.as_str() {
            "StatusRequest" => {
                let status = match (&self.payment, self.fault) {
                    (_, true) => 13,
                    (Some(_), _) => 3,
                    (None, _) => 1,
                };
                self.tell(&format!(
                    "<BbxEventRequest><StatusResponse result=\"0\"><Status><Code>{status}</Code></Status></StatusResponse></BbxEventRequest>"
                ));
            }
            "InventoryRequest" => {
                let held = cash(4, &self.held);
                self.tell(&format!(
                    "<BbxEventRequest><InventoryResponse result=\"0\">{held}</InventoryResponse></BbxEventRequest>"
                ));
            }
            "ChangeRequest" => {
                let amount = within(xml, "Amount").parse().unwrap_or(0);
                if self.done.contains(&seq) {
                    self.tell(&plain("ChangeResponse", 96));
                } else if self.payment.is_some() || self.fault || amount == 0 {
                    self.tell(&plain("ChangeResponse", 11));
                } else {
                    self.payment = Some(Payment { amount, seq, put_in: BTreeMap::new() });
                    self.tell("<BbxEventRequest><StatusChangeEvent><Status>3</Status></StatusChangeEvent></BbxEventRequest>");
                }
            }
            "ChangeCancelRequest" => {
                self.tell(&plain("ChangeCancelResponse", 0));
                if let Some(payment) = self.payment.take() {
                    let back = payment.put_in.clone();
                    self.answer_payment(1, &payment, &back);
                }
            }
            "CollectRequest" => {
                self.collected = self.collected.saturating_add(sum(&self.held));
                self.held.values_mut().for_each(|count| *count = 0);
                self.tell(&plain("CollectResponse", 0));
            }
            "ResetRequest" => {
                self.fault = false;
                self.tell(&plain("ResetResponse", 0));
            }
            "OccupyRequest" => self.tell(&plain("OccupyResponse", 0)),
            "ReleaseRequest" => self.tell(&plain("ReleaseResponse", 0)),
            _ => {}
        }
    }
}

impl Model for CashMachine {
    fn name(&self) -> String {
        "cash machine, Glory".to_owned()
    }

    fn hear(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        if self.reader.is_none() {
            self.buffer.extend(bytes);
            let Ok(Some((said, length))) = head(&self.buffer) else { return Vec::new() };
            let key = proof(header(&said, "Sec-WebSocket-Key").unwrap_or_default());
            bytes = self.buffer.split_off(length);
            self.buffer.clear();
            self.reader = Some(Reader::default());
            self.says.extend(
                format!(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                     Sec-WebSocket-Accept: {key}\r\n\r\n"
                )
                .into_bytes(),
            );
            self.send(&Packet::Open { ping_interval: 25_000 });
            self.send(&Packet::Connect);
        }
        let frames = self.reader.as_mut().map(|reader| reader.push(&bytes));
        for frame in frames.and_then(Result::ok).unwrap_or_default() {
            self.take(frame);
        }
        self.says()
    }

    fn says(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.says)
    }

    fn connected(&mut self) {
        self.buffer.clear();
        self.says.clear();
        self.reader = None;
    }

    fn page(&self) -> String {
        let money = |amount: u64| format!("{}.{:02}", amount / 100, amount % 100);
        let glass = match &self.payment {
            Some(payment) => format!(
                "please pay {}\nput in     {}",
                money(payment.amount),
                money(sum(&payment.put_in))
            ),
            None => "idle".to_owned(),
        };
        let pieces: String = VALUES
            .iter()
            .map(|value| button(&format!("/put/{value}"), &money(*value), None))
            .collect();
        let rows: String = self
            .held
            .iter()
            .map(|(value, count)| format!("<tr><td>{}</td><td>{count}</td></tr>", money(*value)))
            .collect();
        let fault = if self.fault { "off" } else { "on" };
        format!(
            "<div class=\"glass\">{glass}</div>\n<h2>Put in</h2>\n<div>{pieces}</div>\n<h2>The machine</h2>\n\
             <div>{}</div>\n<p>It holds {}; collected {}.</p>\n<table><tr><th>piece</th><th>how many</th></tr>{rows}</table>",
            button(&format!("/fault-of-its-own/{fault}"), "has a fault", Some(self.fault)),
            money(self.holds()),
            money(self.collected)
        )
    }

    fn act(&mut self, path: &[&str]) -> bool {
        match path {
            ["put", value] => match value.parse() {
                Ok(value) if VALUES.contains(&value) => self.put(value),
                _ => return false,
            },
            ["fault-of-its-own", on @ ("on" | "off")] => self.fault = *on == "on",
            _ => return false,
        }
        true
    }
}
