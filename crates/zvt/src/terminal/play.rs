//! What the terminal does with a command: the steps of each, and how planned faults bend them.

use std::collections::VecDeque;

use super::store::{Kind, Record};
use super::{Customer, Fault, HOST_MILLIS, Pending, Step, Terminal};
use crate::codes::ResultCode;
use crate::command::{Command, Registration, config, payment_type};
use crate::message::{Aborted, Completion, Intermediate, Message, Response};
use crate::status::{StatusInformation, Technology, Verification, receipt_info};
use crate::value::{Amount, Currency, MaskedPan, Password, ReceiptNo, TerminalId, Trace, Turnover};

/// Said to a wrong password (84 37).
const WRONG_PASSWORD: ResultCode = ResultCode(0x37);

impl Terminal {
    /// Begins a command; the terminal is idle.
    pub(super) fn begin(&mut self, command: Command) -> Vec<super::Deed> {
        self.status_enquiry = false;
        self.pending = None;
        let closes = matches!(command, Command::EndOfDay { .. });
        let due = match self.faults.front() {
            Some(Fault::WrongTotal) => closes,
            _ => closes || command.moves_money(),
        };
        self.fault = if due { self.faults.pop_front() } else { None };
        if self.fault == Some(Fault::Busy) {
            self.fault = None;
            return vec![self.respond(Response::NOT_YET)];
        }
        if password_of(&command).is_some_and(|password| password != self.settings.password) {
            return vec![self.respond(Response::no(WRONG_PASSWORD))];
        }
        self.script = match command {
            Command::Registration(registration) => self.register(&registration),
            Command::LogOff => {
                self.config = config::AFTER_LOG_OFF;
                self.registered_currency = None;
                self.prints_blocks = false;
                [Step::Respond(Response::OK)].into()
            }
            Command::StatusEnquiry { .. } => {
                let full = self.store.records().len() >= self.settings.journal_limit;
                let state = if full { ResultCode::JOURNAL_FULL } else { ResultCode::OK };
                return self.say_state(self.due.code().unwrap_or(state));
            }
            Command::Diagnosis { .. } | Command::Initialisation { .. } => {
                match command {
                    Command::Diagnosis { .. } => self.due.diagnosed(),
                    _ => self.due.initialised(),
                }
                let mut steps = VecDeque::from([Step::Respond(Response::OK)]);
                steps.extend(self.shows(0x04));
                steps.extend([Step::Host(HOST_MILLIS), self.completion()]);
                steps
            }
            Command::ChangePassword { new, .. } => {
                self.settings.password = new;
                [Step::Respond(Response::OK), self.completion()].into()
            }
            Command::RepeatReceipt { service, .. } => self.repeat(service.unwrap_or(0)),
            Command::EndOfDay { .. } => self.end_of_day(command),
            Command::SendTotals { .. } => {
                let status = self.totals(&command);
                let said = Step::Say(Message::Status(Box::new(status)));
                [Step::Respond(Response::OK), said, self.completion()].into()
            }
            command => self.money(command),
        };
        self.go_on()
    }

    fn register(&mut self, registration: &Registration) -> VecDeque<Step> {
        if registration.currency.is_some_and(|c| c != self.settings.currency) {
            return [Step::Respond(Response::Negative {
                code: ResultCode(0x1e),
                detail: Some(ResultCode::WRONG_CURRENCY),
                currency: Some(self.settings.currency),
            })]
            .into();
        }
        self.config = registration.config;
        self.registered_currency = registration.currency;
        let tags = registration.tlv.as_deref().unwrap_or_default();
        let commands = tags.iter().filter(|tag| tag.tag() == 0x26).flat_map(|tag| tag.children());
        self.prints_blocks = commands
            .filter(|command| command.tag() == 0x0a)
            .any(|command| command.content() == Some(&[0x06, 0xd3]));
        let completion = Completion {
            status_bits: Some(self.due.bits()),
            terminal: Some(self.settings.terminal),
            currency: registration.currency,
            commands: if self.prints_blocks { vec![(0x06, 0xd3)] } else { Vec::new() },
            ..Completion::default()
        };
        [Step::Respond(Response::OK), Step::Say(Message::Completion(completion))].into()
    }

    fn repeat(&self, service: u8) -> VecDeque<Step> {
        let mut steps = VecDeque::from([Step::Respond(Response::OK)]);
        let Some(last) = self.store.last() else {
            steps.push_back(Self::abort_with(ResultCode::IMPOSSIBLE));
            return steps;
        };
        if service & 0x01 != 0 {
            steps.push_back(Step::Say(Message::Status(Box::new(last.clone()))));
        }
        if service & 0x02 == 0 {
            steps.extend(self.prints(last));
        }
        steps.push_back(self.completion());
        steps
    }

    /// Commands that move money.
    fn money(&mut self, command: Command) -> VecDeque<Step> {
        if self.fault == Some(Fault::TimeOut) {
            return [Step::Respond(Response::OK), Step::Hang].into();
        }
        let mut steps = VecDeque::new();
        if let Some(Fault::SlowAcknowledgement(millis)) = self.fault {
            steps.push_back(Step::Host(millis));
        }
        steps.push_back(Step::Respond(Response::OK));
        match self.accepted(&command) {
            Err(aborted) => steps.push_back(Step::Say(Message::Aborted(aborted))),
            Ok((kind, amount)) => {
                let status = self.status(&command, Some(amount));
                let needs_card = matches!(kind, Kind::Payment | Kind::Reservation | Kind::Refund);
                self.pending = self.pending(command, kind, status);
                if needs_card {
                    steps.extend(self.shows(0x0a));
                    steps.push_back(Step::Customer);
                } else if self.fault == Some(Fault::Decline) {
                    steps.extend(self.declines(ResultCode(0x05)));
                } else {
                    steps.extend(self.approves(None));
                }
            }
        }
        steps
    }

    /// What a command comes to, or why it is not carried out.
    fn accepted(&self, command: &Command) -> Result<(Kind, Amount), Aborted> {
        let no = |code| Aborted { result: Some(code), ..Aborted::default() };
        if command.currency().is_some_and(|c| c != self.settings.currency) {
            let currency = Some(self.settings.currency);
            return Err(Aborted { currency, ..no(ResultCode::WRONG_CURRENCY) });
        }
        if let Some(due) = self.due.code() {
            return Err(no(due));
        }
        let full = self.store.records().len() >= self.settings.journal_limit;
        if full || self.fault == Some(Fault::JournalFull) {
            return Err(no(ResultCode::JOURNAL_FULL));
        }
        let open = |receipt: ReceiptNo, kinds: &[Kind], missing: u8| {
            let found = self.store.find(receipt, kinds).ok_or(no(ResultCode(missing)))?;
            if found.settled { Err(no(ResultCode::ALREADY_REVERSED)) } else { Ok(found.amount) }
        };
        let reservation = |receipt| match open(receipt, &[Kind::Reservation], 0xb8) {
            Ok(amount) => Ok(amount),
            Err(aborted) => {
                let open = self.store.open_reservations();
                let first = open.first().copied().unwrap_or(ReceiptNo::NONE);
                Err(Aborted { receipt: Some(first), open, ..aborted })
            }
        };
        let too_much = || no(ResultCode(0xb7));
        let paid = [Kind::Payment, Kind::Refund, Kind::Booking, Kind::Tip];
        match command {
            Command::Authorisation(payment) => Ok((Kind::Payment, payment.amount)),
            Command::PreAuthorisation(payment) => Ok((Kind::Reservation, payment.amount)),
            Command::Refund(refund) => Ok((Kind::Refund, refund.amount)),
            Command::Reversal(reversal) => {
                let amount = open(reversal.receipt, &paid, ResultCode::REVERSAL_IMPOSSIBLE.0)?;
                let fits = reversal.amount.is_none_or(|asked| asked == amount);
                if fits { Ok((Kind::Reversal, amount)) } else { Err(too_much()) }
            }
            Command::Tip { receipt, amount, .. } => {
                open(*receipt, &[Kind::Payment], 0x83).map(|_| (Kind::Tip, *amount))
            }
            Command::Booking(settlement) => {
                let reserved = reservation(settlement.receipt)?;
                let used = settlement.amount.unwrap_or(reserved);
                if used <= reserved { Ok((Kind::Booking, used)) } else { Err(too_much()) }
            }
            Command::PartialReversal(settlement) => {
                let reserved = reservation(settlement.receipt)?;
                let unused = settlement.amount.unwrap_or_default().minor_units();
                let used = reserved.minor_units().saturating_sub(unused);
                Amount::new(used).map(|used| (Kind::Booking, used)).map_err(|_| too_much())
            }
            Command::PreAuthReversal(settlement) => {
                reservation(settlement.receipt).map(|reserved| (Kind::Release, reserved))
            }
            _ => Err(no(ResultCode::IMPOSSIBLE)),
        }
    }

    /// What follows from what the customer did.
    pub(super) fn after_customer(&mut self, customer: Customer) -> Vec<Step> {
        let declined = self.fault == Some(Fault::Decline);
        match customer {
            Customer::Insert | Customer::Tap | Customer::Sign | Customer::Tip if !declined => {
                self.approves(Some(customer))
            }
            Customer::Insert
            | Customer::Tap
            | Customer::Sign
            | Customer::Tip
            | Customer::Declined => self.declines(ResultCode(0x05)),
            Customer::Stop => {
                let mut steps: Vec<Step> = self.shows(0x0d).into_iter().collect();
                steps.extend(self.refused(ResultCode::CANCELLED, None));
                steps.push(Self::abort_with(ResultCode::CANCELLED));
                steps
            }
            Customer::WrongPin => {
                let mut steps: Vec<Step> = self.shows(0x15).into_iter().collect();
                steps.extend(self.refused(ResultCode::WRONG_PIN, Some("PIN falsch")));
                steps.push(Step::Customer);
                steps
            }
        }
    }

    fn declines(&self, code: ResultCode) -> Vec<Step> {
        let mut steps: Vec<Step> = self.shows(0x04).into_iter().collect();
        steps.push(Step::Host(HOST_MILLIS));
        steps.extend(self.refused(code, Some("Karte abgelehnt")));
        steps.push(Self::abort_with(code));
        steps
    }

    /// The outcome of a no.
    fn refused(&self, code: ResultCode, text: Option<&str>) -> Option<Step> {
        let status = StatusInformation {
            result: Some(code),
            text: text.map(str::to_owned),
            ..self.pending.as_ref()?.status.clone()
        };
        Some(Step::Outcome(Box::new(status)))
    }

    /// From the host's yes to the completion.
    fn approves(&mut self, customer: Option<Customer>) -> Vec<Step> {
        let Some(pending) = self.pending.as_mut() else { return Vec::new() };
        pending.status.result = Some(ResultCode::OK);
        if let Some(customer) = customer {
            show_card(&mut pending.status, customer);
            if customer == Customer::Tip {
                pending.give_tip();
            }
        }
        let truth = pending.status.clone();
        let said = Box::new(self.bent(&truth));
        let mut steps: Vec<Step> = self.shows(0x04).into_iter().collect();
        steps.push(Step::Host(HOST_MILLIS));
        match self.fault {
            Some(Fault::LostBeforeOutcome) => steps.push(Step::Close),
            Some(Fault::LostAfterOutcome) => {
                steps.extend([Step::Raw(self.wire(&Message::Status(said)).0), Step::Close]);
            }
            Some(Fault::Garbage) => steps.extend([Step::Raw(vec![0xff; 64]), Step::Hang]),
            Some(Fault::NoOutcome) => {
                self.pending = None;
                steps.push(self.completion());
            }
            Some(Fault::CutOffOutcome) => {
                // A card number that says it is longer than the packet.
                steps.push(Step::RawOutcome(vec![0x04, 0x0f, 0x05, 0x22, 0xf9, 0xf9, 0x12, 0x34]));
                steps.extend(self.finishes(&truth));
            }
            Some(Fault::AnswerTwice) => {
                steps.extend([Step::Outcome(said.clone()), Step::Outcome(said)]);
                steps.extend(self.finishes(&truth));
            }
            _ => {
                steps.push(Step::Outcome(said));
                steps.extend(self.finishes(&truth));
            }
        }
        steps
    }

    /// After the outcome: lines to print, then stored for good, then the completion.
    fn finishes(&self, status: &StatusInformation) -> Vec<Step> {
        let mut steps = self.prints(status);
        steps.push(Step::Commit);
        if self.fault == Some(Fault::LostAfterCommit) {
            steps.push(Step::Close);
        }
        steps.push(self.completion());
        steps
    }

    /// The outcome as a fault makes it.
    fn bent(&self, truth: &StatusInformation) -> StatusInformation {
        let mut said = truth.clone();
        match self.fault {
            Some(Fault::WrongAmount) => {
                let ten = said.amount.map(|amount| amount.minor_units().saturating_mul(10));
                said.amount = ten.and_then(|ten| Amount::new(ten).ok()).or(said.amount);
            }
            Some(Fault::WrongCurrency) => {
                let euro = self.settings.currency == Currency::EUR;
                said.currency = Some(if euro { Currency::CHF } else { Currency::EUR });
            }
            Some(Fault::ChangedTerminal) => {
                let other = self.settings.terminal.get() ^ 1;
                said.terminal = TerminalId::new(other).ok();
            }
            Some(Fault::AnswerOfAnotherSale) => {
                said = self.store.last().cloned().unwrap_or(said);
            }
            _ => {}
        }
        said
    }

    /// The transaction is stored for good.
    pub(super) fn commit(&mut self) {
        let Some(pending) = self.pending.take() else { return };
        if matches!(pending.command, Command::EndOfDay { .. }) {
            return self.store.close_day();
        }
        // A payment with a tip stays as it is.
        let settles = match pending.command {
            Command::Tip { .. } => None,
            ref command => command.refers_to(),
        };
        let record = Record { status: pending.status, ..pending.record };
        self.store.add(record, settles);
    }

    /// The till turned the outcome down: the transaction is taken back, and the till is told.
    pub(super) fn after_rejection(&mut self) -> VecDeque<Step> {
        self.pending = None;
        let mut steps: VecDeque<Step> = self.shows(0x05).into_iter().collect();
        steps.extend([Step::Host(HOST_MILLIS), Self::abort_with(ResultCode::CANCELLED)]);
        steps
    }

    pub(super) fn pending(
        &self,
        command: Command,
        kind: Kind,
        status: StatusInformation,
    ) -> Option<Pending> {
        let record = Record {
            kind,
            receipt: status.receipt?,
            trace: status.trace?,
            turnover: status.turnover?,
            amount: status.amount?,
            settled: false,
            status: status.clone(),
        };
        Some(Pending { command, record, status })
    }

    /// An outcome without a result yet, with new numbers.
    pub(super) fn status(
        &mut self,
        command: &Command,
        amount: Option<Amount>,
    ) -> StatusInformation {
        let number = self.store.next_number();
        let refers_to = command.refers_to();
        let original = refers_to.and_then(|receipt| {
            self.store.records().iter().rev().find(|record| record.receipt == receipt)
        });
        // The currency is said only to a till that says one itself.
        let currency = command.currency().or(self.registered_currency);
        StatusInformation {
            amount,
            currency: currency.map(|_| self.settings.currency),
            receipt: ReceiptNo::new(number).ok(),
            trace: Trace::new(u64::from(number).saturating_add(500)).ok(),
            turnover: Turnover::new(u32::from(number).saturating_add(200)).ok(),
            original_trace: original.map(|record| record.trace),
            pan: original.and_then(|record| record.status.pan),
            card_type: original.and_then(|record| record.status.card_type),
            card_name: original.and_then(|record| record.status.card_name.clone()),
            terminal: Some(self.settings.terminal),
            contract: Some(self.settings.contract.clone()),
            date: Some(self.moment.date),
            time: Some(self.moment.time),
            payment_type: Some(0x60),
            ..StatusInformation::default()
        }
    }

    /// An intermediate status, to a till that wants it.
    pub(super) fn shows(&self, code: u8) -> Option<Step> {
        let wanted = self.config & config::INTERMEDIATE != 0;
        let status = Intermediate { code, ..Intermediate::default() };
        wanted.then_some(Step::Say(Message::Intermediate(status)))
    }

    pub(super) fn completion(&self) -> Step {
        Step::Say(Message::Completion(Completion::default()))
    }
}

/// The password that a command brings along.
const fn password_of(command: &Command) -> Option<Password> {
    match command {
        Command::Registration(registration) => Some(registration.password),
        Command::Reversal(reversal) => Some(reversal.password),
        Command::Refund(refund) => Some(refund.password),
        Command::Tip { password, .. }
        | Command::RepeatReceipt { password, .. }
        | Command::EndOfDay { password, .. }
        | Command::Initialisation { password, .. } => Some(*password),
        Command::StatusEnquiry { password, .. } => *password,
        Command::ChangePassword { old, .. } => Some(*old),
        _ => None,
    }
}

/// What of the card stands in the outcome.
fn show_card(status: &mut StatusInformation, customer: Customer) {
    let (digits, card_type, name, technology, verification) = match customer {
        Customer::Tap | Customer::Tip => {
            ("8074", 6, "Mastercard", Technology::Contactless, Verification::None)
        }
        Customer::Sign => ("1881", 10, "Visa", Technology::MagneticStripe, Verification::Signature),
        _ => ("4771", 5, "girocard", Technology::Chip, Verification::Pin),
    };
    status.pan = MaskedPan::from_last_digits(digits).ok();
    status.card_type = Some(card_type);
    status.card_name = Some(name.to_owned());
    status.technology = Some(technology);
    status.verification = Some(verification);
    let signs = verification == Verification::Signature;
    status.receipt_info = signs.then_some(receipt_info::POSITIVE | receipt_info::SIGNATURE);
    status.online = Some(true);
    status.payment_type = Some(if verification == Verification::Pin { 0x70 } else { 0x60 });
}

/// What a customer gives, minor units.
pub const TIP: i64 = 100;

impl Pending {
    pub(super) fn is_tippable(&self) -> bool {
        matches!(&self.command, Command::Authorisation(payment)
            if payment.payment_type.is_some_and(|byte| byte & payment_type::TIPPABLE != 0))
    }

    /// The tip is contained in the amount; the record has what was booked.
    fn give_tip(&mut self) {
        let more = self.status.amount.map(|amount| amount.minor_units().saturating_add(TIP));
        let more = more.and_then(|minor| Amount::new(minor).ok());
        if let (true, Some(amount)) = (self.is_tippable(), more) {
            self.status.amount = Some(amount);
            self.status.tip = Amount::new(TIP).ok();
            self.record.amount = amount;
            self.record.status = self.status.clone();
        }
    }
}
