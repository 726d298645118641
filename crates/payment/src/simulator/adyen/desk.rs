//! The terminal itself: one task that owns its books, what is in hand, and its customer.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use ::nexo::amount::Decimal;
use ::nexo::envelope::{Keys, Nonce};
use ::nexo::message::{
    DiagnosisResponse, Header, HostStatus, MessageReference, PaymentRequest, PoiStatus,
    RepeatedBody, RepeatedMessageResponse, ReversalRequest, SaleData, TransactionStatusResponse,
};
use ::nexo::wire::{self, Answer, Ask};
use ::nexo::words::{Condition, EntryMode, GlobalStatus, PaymentType};
use ::zvt::terminal::{Customer, TIP};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until};

use super::Setup;
use super::books::{self, Booked, Record, failure, paid, reversed, success, unpaid};
use super::faults::Fault;
use crate::simulator::bent::Device;
use crate::simulator::desk::Order;
use crate::simulator::server::{Flaw, Reply, Visit, send};
use crate::simulator::view::{self, View};

/// How long a customer may take, and how long a terminal hangs.
const CUSTOMER: Duration = Duration::from_secs(60);
const HANGS: Duration = Duration::from_secs(180);

/// A payment for which a customer is asked.
struct InHand {
    header: Header,
    kind: &'static str,
    sale: SaleData,
    amount: i64,
    wire: Decimal,
    /// Nobody waits for the answer any more, when there is none.
    reply: Option<oneshot::Sender<Reply>>,
    fault: Option<Fault>,
    until: Instant,
}

pub(super) struct Desk {
    keys: Keys,
    setup: Setup,
    digits: u8,
    records: Vec<Record>,
    /// What was answered to which message; the last is the latest.
    answers: Vec<(Header, Answer)>,
    last_sent: Vec<u8>,
    in_hand: Option<InHand>,
    fault: Option<Fault>,
    comes: Option<Instant>,
    automatic: Option<u64>,
    device: Device,
    leaks: bool,
    shows: &'static str,
}

impl Desk {
    pub(super) fn new(setup: &Setup, keys: Keys, digits: u8) -> Self {
        Self {
            keys,
            setup: setup.clone(),
            digits,
            records: Vec::new(),
            answers: Vec::new(),
            last_sent: Vec::new(),
            in_hand: None,
            fault: None,
            comes: None,
            automatic: setup.automatic,
            device: Device::Own,
            leaks: false,
            shows: "ready",
        }
    }

    pub(super) fn view(&self) -> View {
        let cloud = self.setup.cloud.is_some();
        View {
            speaks: if cloud { "nexo (Adyen, Cloud)" } else { "nexo (Adyen)" },
            terminal: self.setup.poi_id.clone(),
            currency: self.setup.currency.clone(),
            shows: if self.waiting() && self.shows != "wrong_pin" {
                "insert_card"
            } else {
                self.shows
            },
            waiting: self.waiting(),
            asks: self.in_hand.as_ref().map(|now| (now.kind, now.amount)),
            asks_tip: self.in_hand.as_ref().is_some_and(|now| now.sale.asks_gratuity()),
            fault: self.fault.map(view::Fault::Nexo),
            faults: if cloud {
                view::Fault::nexo_cloud().collect()
            } else {
                view::Fault::nexo().collect()
            },
            automatic: self.automatic,
            device: self.device,
            entries: self.records.iter().map(Record::entry).collect(),
        }
    }

    fn waiting(&self) -> bool {
        self.in_hand.as_ref().is_some_and(|now| now.fault != Some(Fault::TimeOut))
    }

    fn seal(&self, header: &Header, answer: &Answer) -> Vec<u8> {
        let mut header = header.clone();
        if self.device != Device::Own {
            header.poi_id = self.device.poi_id(&self.setup.poi_id);
        }
        let mut answer = answer.clone();
        if self.leaks {
            books::leak(&mut answer);
        }
        let drawn = (self.setup.draw)();
        let mut nonce = Nonce::default();
        nonce.iter_mut().zip(drawn).for_each(|(to, from)| *to = from);
        // Headers are those of the question: there is no error to come.
        match self.setup.cloud {
            None => self.keys.seal_response(&header, &answer, nonce).unwrap_or_default(),
            Some(_) => wire::write_response(&header, &answer).unwrap_or_default(),
        }
    }

    /// The message in a request, or what is answered to one for nobody here.
    fn opened(&self, visit: &Visit) -> Result<(Header, Ask), &'static str> {
        let poi_id = &self.setup.poi_id;
        let path = match &self.setup.cloud {
            None => "/nexo".to_owned(),
            Some(cloud) if visit.key.as_deref() != Some(&cloud.api_key) => {
                return Err("401 Unauthorized");
            }
            Some(cloud) => format!("/v1/merchants/{}/devices/{poi_id}/sync", cloud.merchant),
        };
        if visit.method != "POST" || visit.target != path {
            return Err("404 Not Found");
        }
        match self.setup.cloud {
            None => self.keys.open_request(&visit.body).map_err(|_| "401 Unauthorized"),
            Some(_) => wire::read_request(&visit.body).map_err(|_| "422 Unprocessable Entity"),
        }
    }

    fn visited(&mut self, visit: Visit) {
        let opened = self.opened(&visit);
        let reply = visit.reply;
        let (header, ask) = match opened {
            Ok((header, ask)) if header.poi_id == self.setup.poi_id => (header, ask),
            Ok(_) => return send(reply, Reply::plain("403 Forbidden", Vec::new())),
            Err(status) => return send(reply, Reply::plain(status, Vec::new())),
        };
        match ask {
            Ask::Diagnosis(_) => {
                let answer = Answer::Diagnosis(self.diagnosis());
                let body = self.seal(&header.answer(), &answer);
                send(reply, Reply::plain("200 OK", body));
            }
            Ask::TransactionStatus(asked) => {
                let answer = self.status(asked.message_reference);
                let answer = Answer::TransactionStatus(Box::new(answer));
                let body = self.seal(&header.answer(), &answer);
                send(reply, Reply::plain("200 OK", body));
            }
            Ask::Abort(asked) => {
                send(reply, Reply::plain("200 OK", Vec::new()));
                self.abort(&asked.message_reference);
            }
            Ask::Payment(asked) => self.payment(header, &asked, reply),
            Ask::Reversal(asked) => self.reversal(&header, &asked, reply),
        }
    }

    fn diagnosis(&self) -> DiagnosisResponse {
        let status = if self.in_hand.is_some() { GlobalStatus::Busy } else { GlobalStatus::OK };
        DiagnosisResponse {
            response: success(),
            poi_status: Some(PoiStatus { global_status: status }),
            host_status: vec![HostStatus { is_reachable_flag: true }],
        }
    }

    fn status(&self, asked: MessageReference) -> TransactionStatusResponse {
        let is_it = |header: &Header| refers(&asked, header);
        let mut said = TransactionStatusResponse {
            response: failure(Condition::NotFound, None),
            message_reference: None,
            repeated_message_response: None,
        };
        if self.in_hand.as_ref().is_some_and(|now| is_it(&now.header)) {
            said.response = failure(Condition::InProgress, None);
        } else if let Some((header, answer)) = self.answers.iter().find(|(h, _)| is_it(h)) {
            said.response = success();
            let (payment_response, reversal_response) = match answer.clone() {
                Answer::Payment(payment) => (Some(payment), None),
                Answer::Reversal(reversal) => (None, Some(reversal)),
                Answer::TransactionStatus(_) | Answer::Diagnosis(_) => (None, None),
            };
            said.repeated_message_response = Some(RepeatedMessageResponse {
                message_header: header.answer(),
                repeated_response_message_body: RepeatedBody {
                    payment_response,
                    reversal_response,
                },
            });
        }
        said.message_reference = Some(asked);
        said
    }

    /// A number that was used before moves no money again.
    fn is_known(&self, header: &Header) -> bool {
        let same = |known: &Header| {
            (&known.sale_id, &known.service_id) == (&header.sale_id, &header.service_id)
        };
        self.answers.iter().any(|(known, _)| same(known))
            || self.in_hand.as_ref().is_some_and(|now| same(&now.header))
    }

    fn payment(&mut self, header: Header, asked: &PaymentRequest, reply: oneshot::Sender<Reply>) {
        let amounts = &asked.payment_transaction.amounts_req;
        let amount = amounts.requested_amount.minor(self.digits).ok().filter(|amount| *amount > 0);
        let refused = match (self.is_known(&header), &self.in_hand, amount) {
            (true, ..) => Some(Condition::NotAllowed),
            (_, Some(_), _) => Some(Condition::Busy),
            (.., None) => Some(Condition::MessageFormat),
            _ if amounts.currency != self.setup.currency => Some(Condition::NotAllowed),
            _ => None,
        };
        let sale = asked.sale_data.clone();
        if let Some(condition) = refused {
            let answer = Answer::Payment(unpaid(failure(condition, None), Some(sale)));
            let body = self.seal(&header.answer(), &answer);
            return send(reply, Reply::plain("200 OK", body));
        }
        let fault = self.fault.take();
        let refund = asked.payment_data.as_ref().map(|data| data.payment_type);
        let kind = if refund == Some(PaymentType::Refund) { "refund" } else { "payment" };
        let waits = if fault == Some(Fault::TimeOut) { HANGS } else { CUSTOMER };
        let now = InHand {
            header,
            kind,
            sale,
            amount: amount.unwrap_or_default(),
            wire: amounts.requested_amount.clone(),
            // Dropped, the connection breaks.
            reply: (fault != Some(Fault::LostBeforeOutcome)).then_some(reply),
            fault,
            until: Instant::now() + waits,
        };
        match fault {
            Some(Fault::LostBeforeRequest) => return,
            Some(Fault::TooManyRequests | Fault::Rejected) => return turned_away(now.reply, fault),
            Some(Fault::Busy) => {
                let no = unpaid(failure(Condition::Busy, None), Some(now.sale.clone()));
                return self.answer(now.header, now.reply, Answer::Payment(no), fault);
            }
            _ => {}
        }
        self.shows = "insert_card";
        self.in_hand = Some(now);
        self.call_customer();
    }

    fn reversal(
        &mut self,
        header: &Header,
        asked: &ReversalRequest,
        reply: oneshot::Sender<Reply>,
    ) {
        if self.is_known(header) || self.in_hand.is_some() {
            let known = self.is_known(header);
            let why = if known { Condition::NotAllowed } else { Condition::Busy };
            let answer = Answer::Reversal(reversed(failure(why, None), None));
            let body = self.seal(&header.answer(), &answer);
            return send(reply, Reply::plain("200 OK", body));
        }
        let fault = self.fault.take();
        let time = (self.setup.clock)();
        let id = self.next_id();
        let wanted = &asked.original.transaction.transaction_id;
        let open = |record: &&mut Record| {
            record.kind == "payment" && record.id == *wanted && !record.settled
        };
        let refusal = match fault {
            Some(Fault::LostBeforeRequest) => return,
            Some(Fault::TooManyRequests | Fault::Rejected) => {
                return turned_away(Some(reply), fault);
            }
            Some(Fault::Decline | Fault::TimeOut) => Some(Condition::Refusal),
            Some(Fault::Busy) => Some(Condition::Busy),
            _ => None,
        };
        let original = self.records.iter_mut().find(open);
        let said = match (refusal, original) {
            (Some(condition), _) => reversed(failure(condition, None), None),
            (None, None) => reversed(failure(Condition::NotFound, None), None),
            (None, Some(original)) => {
                original.settled = true;
                let amount = original.amount;
                let record = Record { kind: "reversal", id, time, amount, settled: false };
                let wire = Decimal::of_minor(amount, self.digits);
                let stored = wire.ok().map(|wire| (&record, &asked.original, wire));
                let said = reversed(success(), stored);
                self.records.push(record);
                said
            }
        };
        let lost = matches!(fault, Some(Fault::LostBeforeOutcome | Fault::TimeOut));
        let reply = (!lost).then_some(reply);
        self.answer(header.clone(), reply, Answer::Reversal(said), fault);
    }

    fn next_id(&self) -> String {
        format!("SIM{:09}.TRESENSIMULATOR", self.records.len() + 1)
    }

    fn abort(&mut self, asked: &MessageReference) {
        let Some(now) = self.in_hand.take_if(|now| refers(asked, &now.header)) else { return };
        if now.fault == Some(Fault::LateApprovalAfterAbort) {
            self.approve(now, 0, EntryMode::Contactless);
        } else {
            self.refuse(now, Condition::Aborted, None);
        }
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
        let reason = || Some("Not enough balance".to_owned());
        match customer {
            _ if now.fault == Some(Fault::Decline) => {
                self.refuse(now, Condition::Refusal, reason());
            }
            Customer::Declined => self.refuse(now, Condition::Refusal, reason()),
            Customer::Stop => self.refuse(now, Condition::Cancel, None),
            Customer::Insert => self.approve(now, 0, EntryMode::Chip),
            Customer::Tip if now.sale.asks_gratuity() => {
                self.approve(now, TIP, EntryMode::Contactless);
            }
            _ => self.approve(now, 0, EntryMode::Contactless),
        }
        true
    }

    fn approve(&mut self, now: InHand, tip: i64, entry: EntryMode) {
        self.shows = "approved";
        let decimal = |amount: i64| Decimal::of_minor(amount, self.digits).ok();
        let amount = now.amount.saturating_add(tip);
        // As it was asked for, where there is no tip.
        let wire = if tip > 0 { decimal(amount) } else { None };
        let record = Record {
            kind: now.kind,
            id: self.next_id(),
            time: (self.setup.clock)(),
            amount,
            settled: false,
        };
        let booked = Booked {
            currency: &self.setup.currency,
            amount: wire.as_ref().unwrap_or(&now.wire),
            tip: decimal(tip).filter(|_| tip > 0),
        };
        let said = paid(&record, &now.sale, booked, entry);
        self.records.push(record);
        self.answer(now.header, now.reply, Answer::Payment(said), now.fault);
    }

    fn refuse(&mut self, now: InHand, condition: Condition, reason: Option<String>) {
        self.shows = if condition == Condition::Refusal { "declined" } else { "aborted" };
        let said = unpaid(failure(condition, reason), Some(now.sale));
        self.answer(now.header, now.reply, Answer::Payment(said), now.fault);
    }

    /// Keeps an answer, and sends it as its fault says.
    fn answer(
        &mut self,
        header: Header,
        reply: Option<oneshot::Sender<Reply>>,
        answer: Answer,
        fault: Option<Fault>,
    ) {
        self.comes = None;
        let before = self.answers.last().cloned();
        self.answers.push((header.clone(), answer.clone()));
        let Some(reply) = reply else { return };
        let mut head = header.answer();
        let mut said = answer;
        match fault {
            Some(Fault::LostAfterOutcome) => return,
            Some(Fault::WrongAmount) => books::tenfold(&mut said, self.digits),
            Some(Fault::WrongTip) => books::tipped(&mut said, self.digits),
            Some(Fault::WrongCurrency) => books::in_francs(&mut said),
            Some(Fault::ChangedTerminal) => head.poi_id = "S1F2-999999999999".to_owned(),
            Some(Fault::AnswerOfAnotherSale) => {
                if let Some((other, answer)) = before {
                    (head, said) = (other.answer(), answer);
                }
            }
            _ => {}
        }
        let mut body = self.seal(&head, &said);
        let mut sent = Reply::plain("200 OK", Vec::new());
        match fault {
            Some(Fault::ReplayedAnswer) if !self.last_sent.is_empty() => {
                body = self.last_sent.clone();
            }
            Some(Fault::BadHmac) => books::spoil(&mut body, "Hmac"),
            Some(Fault::Tampered) => books::spoil(&mut body, "NexoBlob"),
            Some(Fault::OtherKey) => books::spoil(&mut body, "KeyIdentifier"),
            Some(Fault::Garbage) => body = b"\0\xffnonsense".to_vec(),
            Some(Fault::ServerError) => {
                sent.status = "500 Internal Server Error";
                body.clear();
            }
            Some(Fault::AnswerTwice) => sent.flaw = Flaw::Twice,
            Some(Fault::CutOffOutcome) => sent.flaw = Flaw::CutOff,
            _ => self.last_sent.clone_from(&body),
        }
        sent.body = body;
        send(reply, sent);
    }

    fn ordered(&mut self, order: Order) -> bool {
        match order {
            Order::Customer(customer) => return self.customer(customer),
            Order::Fault(None) => self.fault = None,
            Order::Fault(Some(view::Fault::Nexo(fault))) => self.fault = Some(fault),
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
            self.refuse(now, Condition::Cancel, None);
        }
    }
}

/// What the cloud answers for a terminal that never hears of it.
fn turned_away(reply: Option<oneshot::Sender<Reply>>, fault: Option<Fault>) {
    let Some(reply) = reply else { return };
    let rejected = r#"{"SaleToPOIRequest":{"EventNotification":{"EventToNotify":"Reject","EventDetails":"message=Did%20not%20receive%20a%20response%20from%20the%20POI."}}}"#;
    send(
        reply,
        match fault {
            Some(Fault::TooManyRequests) => Reply::plain("429 Too Many Requests", Vec::new()),
            _ => Reply::plain("200 OK", rejected.into()),
        },
    );
}

fn refers(asked: &MessageReference, header: &Header) -> bool {
    asked.message_category == header.message_category
        && asked.sale_id == header.sale_id
        && asked.service_id == header.service_id
}

/// Runs the terminal until nobody can reach it any more.
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
