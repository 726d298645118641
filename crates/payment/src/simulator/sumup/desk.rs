//! Reader and provider: one task that owns the books, what is in hand, and the customer.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use ::zvt::terminal::{Customer, TIP};
use nexo::amount::Decimal;
use serde::Serialize;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};

use super::Setup;
use super::books::{Back, Record, Told, leaking, spoiled};
use super::faults::Fault;
use crate::simulator::bent;
use crate::simulator::desk::Order;
use crate::simulator::server::{Flaw, Reply, Visit, send};
use crate::simulator::view::{self, View};
use crate::sumup::words::{
    Accepted, Checkout, Data, Device, Errors, Pairing, Reader, Refund, Refused, Standing, Status,
    read,
};

/// How long a customer may take, and how long a reader hangs.
const CUSTOMER: Duration = Duration::from_secs(60);
const HANGS: Duration = Duration::from_secs(180);
/// How long it may take until something shows.
const LATE: Duration = Duration::from_secs(20);

/// A payment for which a customer is asked.
struct InHand {
    client: String,
    foreign: String,
    amount: i64,
    /// The customer is asked for a tip.
    tips: bool,
    fault: Option<Fault>,
    until: Instant,
}

pub(super) struct Desk {
    setup: Setup,
    digits: u8,
    records: Vec<Record>,
    /// How many payments were begun.
    begun: usize,
    in_hand: Option<InHand>,
    fault: Option<Fault>,
    comes: Option<Instant>,
    automatic: Option<u64>,
    device: bent::Device,
    leaks: bool,
    shows: &'static str,
}

impl Desk {
    pub(super) fn new(setup: &Setup, digits: u8) -> Self {
        Self {
            setup: setup.clone(),
            digits,
            records: Vec::new(),
            begun: 0,
            in_hand: None,
            fault: None,
            comes: None,
            automatic: setup.automatic,
            device: bent::Device::Own,
            leaks: false,
            shows: "ready",
        }
    }

    pub(super) fn view(&self) -> View {
        let asks_for_card = self.waiting() && self.shows != "wrong_pin";
        View {
            speaks: "SumUp Cloud API",
            terminal: self.setup.reader.clone(),
            currency: self.setup.currency.clone(),
            shows: if asks_for_card { "insert_card" } else { self.shows },
            waiting: self.waiting(),
            asks: self.in_hand.as_ref().map(|now| ("payment", now.amount)),
            asks_tip: self.in_hand.as_ref().is_some_and(|now| now.tips),
            fault: self.fault.map(view::Fault::Sumup),
            faults: view::Fault::sumup().collect(),
            automatic: self.automatic,
            device: self.device,
            entries: self.records.iter().flat_map(Record::entries).collect(),
        }
    }

    fn waiting(&self) -> bool {
        self.in_hand.as_ref().is_some_and(|now| now.fault != Some(Fault::TimeOut))
    }

    fn visited(&mut self, visit: Visit) {
        if visit.key.as_deref() != Some(&format!("Bearer {}", self.setup.api_key)) {
            return refuse(visit.reply, "401 Unauthorized", "INVALID_ACCESS_TOKEN");
        }
        let readers = format!("/v0.1/merchants/{}/readers", self.setup.merchant);
        let reader = format!("{readers}/{}", self.setup.reader);
        let transactions = format!("/v2.1/merchants/{}/transactions?", self.setup.merchant);
        let payments = format!("/v1.0/merchants/{}/payments/", self.setup.merchant);
        let Visit { method, target, body, reply, .. } = visit;
        let (posted, at) = (method == "POST", target.as_str());
        if !posted && at == reader {
            answer(reply, "200 OK", &self.reader());
        } else if !posted && at.strip_prefix(&reader) == Some("/status") {
            answer(reply, "200 OK", &Data { data: self.status() });
        } else if posted && at.strip_prefix(&reader) == Some("/checkout") {
            self.checkout(&body, reply);
        } else if posted && at.strip_prefix(&reader) == Some("/terminate") {
            self.terminate(reply);
        } else if posted && at == readers {
            self.pair(&body, reply);
        } else if let Some(question) = at.strip_prefix(&transactions).filter(|_| !posted) {
            self.look_up(question, reply);
        } else if let Some(id) =
            at.strip_prefix(&payments).and_then(|id| id.strip_suffix("/refunds"))
        {
            self.refund(id, &body, reply);
        } else {
            refuse(reply, "404 Not Found", "NOT_FOUND");
        }
    }

    fn reader(&self) -> Reader {
        let id = match self.device {
            bent::Device::Renumbered => "rdr_ANOTHERREADER0000000000001",
            _ => &self.setup.reader,
        };
        let identifier = match self.device {
            bent::Device::Exchanged | bent::Device::Renumbered | bent::Device::Silent => "SIM-0002",
            bent::Device::Own | bent::Device::Updated => "SIM-0001",
        };
        Reader {
            id: id.to_owned(),
            status: "paired".to_owned(),
            device: Device { identifier: identifier.to_owned(), model: "virtual-solo".to_owned() },
        }
    }

    fn status(&self) -> Status {
        let state = match (&self.in_hand, self.shows) {
            (None, _) => "IDLE",
            (Some(_), "wrong_pin") => "WAITING_FOR_PIN",
            (Some(now), _) if now.tips => "SELECTING_TIP",
            (Some(_), _) => "WAITING_FOR_CARD",
        };
        let software = if self.device == bent::Device::Updated { "3.3.41.0" } else { "3.3.40.0" };
        Status {
            status: "ONLINE".to_owned(),
            state: Some(state.to_owned()),
            firmware_version: Some(software.to_owned()),
        }
    }

    fn pair(&self, body: &[u8], reply: oneshot::Sender<Reply>) {
        match read::<Pairing>(body) {
            None => refuse(reply, "400 Bad Request", "INVALID"),
            Some(asked) if asked.pairing_code == self.setup.pairing_code => {
                answer(reply, "201 Created", &self.reader());
            }
            Some(_) => refuse(reply, "404 Not Found", "NOT_FOUND"),
        }
    }

    fn checkout(&mut self, body: &[u8], reply: oneshot::Sender<Reply>) {
        let asked = read::<Checkout>(body);
        let Some(asked) = asked.filter(|asked| self.is_meant(asked)) else {
            return refuse(reply, "422 Unprocessable Entity", "INVALID");
        };
        if self.in_hand.is_some() {
            return refuse(reply, "422 Unprocessable Entity", "READER_BUSY");
        }
        let fault = self.fault.take();
        match fault {
            Some(Fault::LostBeforeRequest) => return,
            Some(Fault::Busy) => {
                return refuse(reply, "422 Unprocessable Entity", "READER_BUSY");
            }
            Some(Fault::Offline) => {
                return refuse(reply, "422 Unprocessable Entity", "READER_OFFLINE");
            }
            Some(Fault::TooManyRequests) => {
                return refuse(reply, "429 Too Many Requests", "RATE_LIMIT");
            }
            _ => {}
        }
        self.begun += 1;
        let client = format!("urn:sumup:pos:sale:SIM:{};1", self.begun);
        if fault != Some(Fault::NeverBegins) {
            let waits = if fault == Some(Fault::TimeOut) { HANGS } else { CUSTOMER };
            self.in_hand = Some(InHand {
                client: client.clone(),
                foreign: asked.affiliate.foreign_transaction_id,
                amount: asked.total_amount.value,
                tips: asked.tip_rates.is_some(),
                fault,
                until: Instant::now() + waits,
            });
            self.shows = "insert_card";
            self.call_customer();
        }
        if fault == Some(Fault::LostBeforeOutcome) {
            return;
        }
        let said = Data { data: Accepted { client_transaction_id: client } };
        let mut sent = Reply::plain("201 Created", bytes(&said));
        flawed(&mut sent, fault);
        send(reply, sent);
    }

    /// Whether it comes from who has the affiliate key, is an amount that can be paid, and offers tips that
    /// can be offered.
    fn is_meant(&self, asked: &Checkout) -> bool {
        let (who, money) = (&asked.affiliate, &asked.total_amount);
        who.app_id == self.setup.app_id
            && who.key == self.setup.affiliate_key
            && money.currency == self.setup.currency
            && money.minor_unit == self.digits
            && money.value > 0
            && asked.tip_rates.as_deref().is_none_or(can_be_offered)
            && (asked.tip_timeout.is_none() || asked.tip_rates.is_some())
    }

    /// There is no confirmation: how it ended is to be looked up.
    fn terminate(&mut self, reply: oneshot::Sender<Reply>) {
        send(reply, Reply::plain("202 Accepted", Vec::new()));
        let Some(now) = self.in_hand.take() else { return };
        if now.fault == Some(Fault::LateApprovalAfterAbort) {
            self.over(now, 0, Standing::Successful, "CONTACTLESS");
        } else {
            self.over(now, 0, Standing::Failed, "NONE");
        }
    }

    fn look_up(&mut self, question: &str, reply: oneshot::Sender<Reply>) {
        let (by, name) = question.split_once('=').unwrap_or((question, ""));
        let (name, now) = (unquoted(name), Instant::now());
        let is_it = |record: &Record| {
            record.shows <= now
                && match by {
                    "client_transaction_id" => record.client == name,
                    "foreign_transaction_id" => record.foreign == name,
                    "id" => record.id() == name,
                    _ => false,
                }
        };
        let Some(at) = self.records.iter().position(is_it) else {
            return refuse(reply, "404 Not Found", "NOT_FOUND");
        };
        let flaw = match self.records.get_mut(at).map(Record::told) {
            None | Some(Told::Not) => return,
            Some(Told::Nonsense) => {
                return send(reply, Reply::plain("200 OK", b"{\"id\":[nonsense".to_vec()));
            }
            Some(Told::As(flaw)) => flaw,
        };
        let other = flaw == Some(Fault::AnswerOfAnotherSale);
        let told = if other { at.saturating_sub(1) } else { at };
        let Some(record) = self.records.get(told) else { return };
        let money = (self.setup.currency.as_str(), self.digits);
        let Some(said) = record.transaction(&self.setup.merchant, money) else { return };
        let said = if self.leaks { leaking(said) } else { said };
        answer(reply, "200 OK", &spoiled(said, flaw, self.digits));
    }

    fn refund(&mut self, id: &str, body: &[u8], reply: oneshot::Sender<Reply>) {
        let id = unquoted(id);
        let amount = read::<Refund>(body).and_then(|asked| asked.amount.minor(self.digits).ok());
        let Some(amount) = amount.filter(|amount| *amount > 0) else {
            return refuse(reply, "400 Bad Request", "INVALID");
        };
        let is_it = |record: &&mut Record| record.is_paid() && record.id() == id;
        let Some(record) = self.records.iter_mut().find(is_it) else {
            return refuse(reply, "404 Not Found", "NOT_FOUND");
        };
        if amount > record.left() {
            return refuse(reply, "409 Conflict", "NOT_REFUNDABLE");
        }
        let fault = self.fault.take();
        match fault {
            Some(Fault::LostBeforeRequest | Fault::TimeOut) => return,
            Some(Fault::Decline | Fault::Offline | Fault::NeverBegins) => {
                return refuse(reply, "422 Unprocessable Entity", "NOT_REFUNDABLE");
            }
            Some(Fault::Busy | Fault::TooManyRequests) => {
                return refuse(reply, "429 Too Many Requests", "RATE_LIMIT");
            }
            _ => {}
        }
        let late = if fault == Some(Fault::Slow) { LATE } else { Duration::ZERO };
        record.back.push(Back { amount, shows: Instant::now() + late });
        (record.flaw, record.told) = (None, 1);
        if matches!(fault, Some(Fault::LostBeforeOutcome | Fault::LostAfterOutcome)) {
            return;
        }
        let mut sent = Reply::plain("201 Created", b"{}".to_vec());
        flawed(&mut sent, fault);
        send(reply, sent);
    }

    fn customer(&mut self, customer: Customer) -> bool {
        if !self.waiting() {
            return false;
        }
        if customer == Customer::WrongPin {
            self.shows = "wrong_pin";
            return true;
        }
        let Some(now) = self.in_hand.take() else { return false };
        match customer {
            _ if now.fault == Some(Fault::Decline) => self.over(now, 0, Standing::Failed, "CHIP"),
            Customer::Declined => self.over(now, 0, Standing::Failed, "CHIP"),
            Customer::Stop => self.over(now, 0, Standing::Cancelled, "NONE"),
            Customer::Insert => self.over(now, 0, Standing::Successful, "CHIP"),
            Customer::Tip if now.tips => self.over(now, TIP, Standing::Successful, "CONTACTLESS"),
            _ => self.over(now, 0, Standing::Successful, "CONTACTLESS"),
        }
        true
    }

    fn over(&mut self, now: InHand, tip: i64, standing: Standing, entry: &'static str) {
        self.comes = None;
        self.shows = match standing {
            Standing::Successful => "approved",
            Standing::Cancelled => "aborted",
            _ => "declined",
        };
        let late = if now.fault == Some(Fault::Slow) { LATE } else { Duration::ZERO };
        self.records.push(Record {
            number: self.begun,
            client: now.client,
            foreign: now.foreign,
            amount: now.amount.saturating_add(tip),
            tip,
            standing,
            entry,
            shows: Instant::now() + late,
            back: Vec::new(),
            flaw: now.fault,
            told: 0,
        });
    }

    fn ordered(&mut self, order: Order) -> bool {
        match order {
            Order::Customer(customer) => return self.customer(customer),
            Order::Fault(None) => self.fault = None,
            Order::Fault(Some(view::Fault::Sumup(fault))) => self.fault = Some(fault),
            // Another kind of terminal's.
            Order::Fault(Some(_)) => return false,
            Order::Device(device) => self.device = device,
            Order::Leak(on) => self.leaks = on,
            Order::Automatic(millis) => {
                self.automatic = millis;
                self.call_customer();
            }
        }
        true
    }

    fn call_customer(&mut self) {
        let millis = self.automatic.filter(|_| self.waiting());
        self.comes = millis.map(|millis| Instant::now() + Duration::from_millis(millis));
    }

    fn customer_is_late(&mut self) {
        if let Some(now) = self.in_hand.take() {
            self.over(now, 0, Standing::Failed, "NONE");
        }
    }
}

/// Whether these are parts of a whole, from one to 99 hundredths, ascending.
fn can_be_offered(rates: &[Decimal]) -> bool {
    let hundredths: Vec<i64> = rates.iter().filter_map(|rate| rate.minor(2).ok()).collect();
    !rates.is_empty()
        && hundredths.len() == rates.len()
        && hundredths.iter().all(|rate| (1..=99).contains(rate))
        && hundredths.is_sorted()
}

/// What is wrong with an answer to a request.
fn flawed(sent: &mut Reply, fault: Option<Fault>) {
    match fault {
        Some(Fault::Garbage) => sent.body = b"\0\xffnonsense".to_vec(),
        Some(Fault::ServerError) => {
            sent.status = "500 Internal Server Error";
            sent.body.clear();
        }
        Some(Fault::AnswerTwice) => sent.flaw = Flaw::Twice,
        Some(Fault::CutOffOutcome) => sent.flaw = Flaw::CutOff,
        _ => {}
    }
}

fn bytes(said: &impl Serialize) -> Vec<u8> {
    // Plain texts and figures: there is no error to come.
    serde_json::to_vec(said).unwrap_or_default()
}

fn answer(reply: oneshot::Sender<Reply>, status: &'static str, said: &impl Serialize) {
    send(reply, Reply::plain(status, bytes(said)));
}

fn refuse(reply: oneshot::Sender<Reply>, status: &'static str, kind: &str) {
    let errors = Errors { kind: Some(kind.to_owned()), detail: None };
    answer(reply, status, &Refused { errors });
}

/// As it was before it stood in an address.
fn unquoted(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        let code = after.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.extend(code);
        rest = after.get(2..).unwrap_or_default();
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Runs reader and provider until nobody can reach them any more.
pub(super) async fn live(
    mut desk: Desk,
    mut visits: mpsc::Receiver<Visit>,
    mut orders: mpsc::Receiver<(Order, oneshot::Sender<bool>)>,
    show: watch::Sender<Arc<View>>,
) {
    loop {
        show.send_replace(Arc::new(desk.view()));
        tokio::select! {
            biased;
            order = orders.recv() => {
                let Some((order, done)) = order else { return };
                let carried_out = desk.ordered(order);
                show.send_replace(Arc::new(desk.view()));
                let _told = done.send(carried_out);
            }
            visit = visits.recv() => {
                let Some(visit) = visit else { return };
                desk.visited(visit);
            }
            () = until(desk.in_hand.as_ref().map(|now| now.until)) => desk.customer_is_late(),
            () = until(desk.comes) => {
                desk.comes = None;
                desk.customer(Customer::Tap);
            }
        }
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => pending().await,
    }
}
