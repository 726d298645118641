//! A conversation with a machine: a payment, or finding out what became of one.

use serde_json::Value;

use crate::engine::Packet;
use crate::message::{Ask, Message, read, request, seq_no};

/// What is wanted of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Take so much, minor units, under this number.
    Pay {
        /// How much, above nothing.
        amount: u64,
        /// The number of the payment: asked again under the same one, the machine takes the money once.
        number: u64,
    },
    /// What became of a payment whose answer was lost.
    FindOut {
        /// How much it was.
        amount: u64,
        /// What could be paid out before.
        before: u64,
    },
    /// What lies in it.
    Inventory,
    /// Move all the cash to where it is collected; only when so much can be paid out, minor units.
    Collect {
        /// How much that is, above nothing.
        amount: u64,
    },
    /// What became of [`Wanted::Collect`] whose answer was lost.
    FindCollected {
        /// What could be paid out before.
        before: u64,
    },
}

impl Wanted {
    /// Whether it is about something that was asked for before: then "no" has to be proved.
    const fn finds_out(self) -> bool {
        matches!(self, Self::FindOut { .. } | Self::FindCollected { .. })
    }
}

/// Who signs in at the machine; none where it does not ask.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Login {
    /// Name.
    pub user: String,
    /// Password.
    pub password: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}

/// How far a payment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The machine waits for money.
    Waiting,
    /// So much has been put in, minor units.
    Inserted(u64),
    /// It gives change.
    Dispensing,
    /// Money lies in its mouth and has to be taken.
    TakeIt,
    /// It gives up and the money back.
    Cancelling,
}

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// Somebody gave it up, and the money was given back.
    Cancelled,
    /// The machine is busy, or somebody else has it.
    Busy,
    /// It has a fault; somebody must look at it.
    Faulty,
    /// It does not let the till in.
    NotLetIn,
    /// It did not take the request.
    NotTaken,
    /// It cannot give all of the change, or all of the money back.
    ChangeShort,
    /// It has had this number before.
    Duplicate,
    /// What it says does not add up.
    Figures,
    /// What it says cannot be read, or was not asked.
    Garbled,
    /// The connection broke.
    Broken,
}

/// What became of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It has the money: what was put in less what it gave is the amount.
    Paid {
        /// Put in, minor units.
        inserted: u64,
        /// Given as change.
        dispensed: u64,
        /// The machine's name of the payment.
        transaction: Option<String>,
    },
    /// It has none of it; when something was to be collected: it is all there still.
    NotPaid(Why),
    /// Nobody knows: somebody has to look.
    Unknown(Why),
}

/// What is to be done next.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Send this.
    Send(Packet),
    /// Store that so much could be paid out before, then call [`Session::go`]: money is asked for after that.
    Store {
        /// What can be paid out, minor units.
        before: u64,
    },
    /// Say so.
    Say(Progress),
    /// What became of it.
    Outcome(Outcome),
    /// What can be paid out, by denomination, and how the machine is: the answer to [`Wanted::Inventory`].
    Inventory(Message),
    /// It is being collected.
    Collected,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Begin,
    Login,
    Credential,
    Settings,
    OpenSession,
    Occupy,
    Status,
    Before,
    Stored,
    Paying,
    Cancelling,
    Settling,
    After,
    Collecting,
    Collected,
    End,
}

/// The conversation.
#[derive(Debug, Clone)]
pub struct Session {
    wanted: Wanted,
    login: Login,
    at: At,
    session: Option<String>,
    sessions: bool,
    occupies: bool,
    cancel: bool,
    /// The payment was still running when it was looked at, and was given up then.
    given_up: bool,
    /// How the machine said that it is, at first.
    status: Option<u64>,
}

impl Session {
    /// A conversation about this.
    #[must_use]
    pub fn new(wanted: Wanted, login: Login) -> Self {
        Self {
            wanted,
            login,
            at: At::Begin,
            session: None,
            sessions: false,
            occupies: false,
            cancel: false,
            given_up: false,
            status: None,
        }
    }

    /// Whether money may have moved: a break-off from here on says nothing of it.
    #[must_use]
    pub fn has_asked(&self) -> bool {
        matches!(self.at, At::Paying | At::Cancelling | At::Collecting | At::Collected)
    }

    /// Whether a customer looks for coins: the machine may say nothing for long.
    #[must_use]
    pub fn waits_for_customer(&self) -> bool {
        matches!(self.at, At::Paying | At::Cancelling | At::Settling)
    }

    /// The connection broke.
    #[must_use]
    pub fn broken(&mut self) -> Outcome {
        let unknown = self.has_asked() || self.wanted.finds_out();
        self.at = At::End;
        if unknown { Outcome::Unknown(Why::Broken) } else { Outcome::NotPaid(Why::Broken) }
    }

    /// What could be paid out before is stored: the money is asked for.
    #[must_use]
    pub fn go(&mut self) -> Vec<Step> {
        if self.at != At::Stored {
            return Vec::new();
        }
        if self.cancel {
            return self.end(Outcome::NotPaid(Why::Cancelled));
        }
        match self.wanted {
            Wanted::Pay { amount, .. } => {
                self.at = At::Paying;
                vec![self.xml(Ask::Change(amount)), Step::Say(Progress::Waiting)]
            }
            Wanted::Collect { .. } => {
                self.at = At::Collecting;
                vec![self.xml(Ask::Collect)]
            }
            _ => Vec::new(),
        }
    }

    /// Somebody wants the payment given up. Whether it is, the machine says.
    #[must_use]
    pub fn cancel(&mut self) -> Vec<Step> {
        self.cancel = true;
        if self.at != At::Paying {
            return Vec::new();
        }
        self.at = At::Cancelling;
        vec![self.xml(Ask::Cancel), Step::Say(Progress::Cancelling)]
    }

    /// Takes a packet.
    #[must_use]
    pub fn packet(&mut self, packet: &Packet) -> Vec<Step> {
        match packet {
            Packet::Ping => vec![Step::Send(Packet::Pong)],
            Packet::Connect if self.at == At::Begin => self.begin(),
            Packet::Event(name, parts) => self.event(name, parts),
            _ => Vec::new(),
        }
    }

    /// Takes bytes that came as an event: XML.
    #[must_use]
    pub fn binary(&mut self, bytes: &[u8]) -> Vec<Step> {
        let mut steps = Vec::new();
        for message in read(bytes) {
            steps.extend(self.message(&message));
        }
        steps
    }

    fn begin(&mut self) -> Vec<Step> {
        if self.login.user.is_empty() {
            return self.credential(None);
        }
        self.at = At::Login;
        let said = [&self.login.user, &self.login.password];
        let parts = said.into_iter().map(|text| Value::String(text.clone())).collect();
        vec![Step::Send(Packet::Event("login request".to_owned(), parts))]
    }

    fn credential(&mut self, session: Option<Value>) -> Vec<Step> {
        self.at = At::Credential;
        let parts = session.into_iter().collect();
        vec![Step::Send(Packet::Event("check credential".to_owned(), parts))]
    }

    fn event(&mut self, name: &str, parts: &[Value]) -> Vec<Step> {
        let first = parts.first();
        match (self.at, name) {
            (At::Login, "login response") => {
                let said = first.cloned().unwrap_or_default();
                if said.get("ret").and_then(Value::as_i64) == Some(0) {
                    self.credential(said.get("session_id").cloned())
                } else {
                    self.end(Outcome::NotPaid(Why::NotLetIn))
                }
            }
            (At::Login | At::Credential, "credential ng") => {
                self.end(Outcome::NotPaid(Why::NotLetIn))
            }
            (At::Credential, "credential ok") => {
                self.at = At::Settings;
                vec![Step::Send(Packet::Event("getFunctionSetting".to_owned(), Vec::new()))]
            }
            (At::Settings, "sendFunctionSetting") => {
                let on = |key: &str| {
                    let said = first.and_then(|v| v.get("FunctionSetting")?.get(key));
                    said.is_some_and(|v| v.as_str() == Some("1") || v.as_i64() == Some(1))
                };
                (self.sessions, self.occupies) = (on("SessionEnable"), on("OccupyEnable"));
                if self.sessions {
                    self.at = At::OpenSession;
                    vec![Step::Send(Packet::Event("openSession".to_owned(), Vec::new()))]
                } else {
                    self.occupy()
                }
            }
            (At::OpenSession, "sendSessionID") => {
                let id = first.and_then(|v| v.get("SessionID")).and_then(Value::as_str);
                self.session = id.map(str::to_owned);
                self.occupy()
            }
            _ => Vec::new(),
        }
    }

    fn occupy(&mut self) -> Vec<Step> {
        // Whoever only looks keeps nobody from it.
        self.occupies &= self.wanted != Wanted::Inventory;
        if self.occupies {
            self.at = At::Occupy;
            return vec![self.xml(Ask::Occupy)];
        }
        self.look()
    }

    /// How the machine is comes first, whatever is wanted.
    fn look(&mut self) -> Vec<Step> {
        self.at = At::Status;
        vec![self.xml(Ask::Status)]
    }

    fn xml(&self, ask: Ask) -> Step {
        let number = match (ask, self.wanted) {
            (Ask::Change(_) | Ask::Cancel, Wanted::Pay { number, .. }) => number,
            _ => 0,
        };
        let text = request(ask, number, self.session.as_deref());
        Step::Send(Packet::Event("xml send".to_owned(), vec![Value::String(text)]))
    }

    fn message(&mut self, message: &Message) -> Vec<Step> {
        let name = message.name.as_str();
        match (self.at, name) {
            (At::Paying | At::Cancelling, "StatusChangeEvent") => progress(message),
            // Given up: when it is at rest again, what it holds is looked at.
            (At::Settling, "StatusChangeEvent" | "StatusResponse") => {
                if message.status == Some(1) {
                    self.after()
                } else {
                    Vec::new()
                }
            }
            (At::Occupy, "OccupyResponse") if message.result == Some(0) => self.look(),
            (At::Occupy, "OccupyResponse") => self.end(Outcome::NotPaid(Why::Busy)),
            (At::Status, "StatusResponse") => self.found(message),
            (At::Before, "InventoryResponse") => self.before(message),
            (At::After | At::Collected, "InventoryResponse") => self.compared(message),
            // Machines tell everybody: another payment's end is not this one's.
            (At::Paying | At::Cancelling, "ChangeResponse") if self.is_of_another(message) => {
                Vec::new()
            }
            (At::Paying | At::Cancelling, "ChangeResponse") => {
                let outcome = self.judged(message);
                self.end(outcome)
            }
            // The payment's own answer says what came of it.
            (At::Cancelling, "ChangeCancelResponse") => Vec::new(),
            (At::Settling, "ChangeCancelResponse") => vec![self.xml(Ask::Status)],
            (At::Collecting, "CollectResponse") => match message.result {
                Some(0) => {
                    self.at = At::Collected;
                    vec![self.xml(Ask::Inventory)]
                }
                Some(3 | 4 | 5 | 11) => self.end(Outcome::NotPaid(Why::Busy)),
                Some(21 | 22 | 98) => self.end(Outcome::NotPaid(Why::NotTaken)),
                Some(_) => self.end(Outcome::Unknown(Why::Faulty)),
                None => self.end(Outcome::Unknown(Why::Garbled)),
            },
            _ => Vec::new(),
        }
    }

    fn is_of_another(&self, message: &Message) -> bool {
        let Wanted::Pay { number, .. } = self.wanted else { return false };
        message.seq.as_ref().is_some_and(|seq| *seq != seq_no(number))
    }

    fn before(&mut self, message: &Message) -> Vec<Step> {
        match (message.sum(4), self.wanted) {
            // Somebody was told another sum than is to be collected now.
            (Some(before), Wanted::Collect { amount }) if before != amount => {
                self.end(Outcome::NotPaid(Why::Figures))
            }
            (Some(before), _) => {
                self.at = At::Stored;
                vec![Step::Store { before }]
            }
            (None, _) => self.end(Outcome::NotPaid(Why::Garbled)),
        }
    }

    fn found(&mut self, message: &Message) -> Vec<Step> {
        let Some(status) = message.status else {
            return self.end_unread();
        };
        self.status = Some(status);
        match (self.wanted, status) {
            (Wanted::Inventory, _) => self.after(),
            (_, 13 | 30) => self.end(Outcome::NotPaid(Why::Faulty)),
            (Wanted::Pay { .. } | Wanted::Collect { .. }, 1) => {
                self.at = At::Before;
                vec![self.xml(Ask::Inventory)]
            }
            (Wanted::FindOut { .. } | Wanted::FindCollected { .. }, 1) => self.after(),
            (Wanted::Pay { .. } | Wanted::Collect { .. } | Wanted::FindCollected { .. }, _) => {
                self.end(Outcome::NotPaid(Why::Busy))
            }
            // Somebody's payment still runs, and it can only be the one that was lost: nobody pays for it any more.
            (Wanted::FindOut { .. }, _) => {
                self.given_up = true;
                self.at = At::Settling;
                vec![self.xml(Ask::Cancel)]
            }
        }
    }

    fn after(&mut self) -> Vec<Step> {
        self.at = At::After;
        vec![self.xml(Ask::Inventory)]
    }

    /// What it holds against what it held: only figures that fit prove anything.
    fn compared(&mut self, message: &Message) -> Vec<Step> {
        let (amount, before) = match self.wanted {
            Wanted::FindOut { amount, before } => (amount, before),
            Wanted::Collect { amount: before } | Wanted::FindCollected { before } => {
                return self.collected(before, message.sum(4));
            }
            Wanted::Inventory | Wanted::Pay { .. } => {
                self.at = At::End;
                return vec![Step::Inventory(Message { status: self.status, ..message.clone() })];
            }
        };
        let outcome = match message.sum(4) {
            Some(now) if before.checked_add(amount) == Some(now) => {
                Outcome::Paid { inserted: amount, dispensed: 0, transaction: None }
            }
            // Notes that cannot be paid out again are not counted: the same sum proves nothing where the payment may have ended.
            Some(now) if now == before && self.given_up => Outcome::NotPaid(Why::Cancelled),
            Some(_) => Outcome::Unknown(Why::Figures),
            None => Outcome::Unknown(Why::Garbled),
        };
        self.end(outcome)
    }

    /// All of it is away, or all of it is there still: everything else is for a person to look at.
    fn collected(&mut self, before: u64, now: Option<u64>) -> Vec<Step> {
        match now {
            Some(0) => self.close(Step::Collected),
            Some(now) if now == before && self.at == At::After => {
                self.close(Step::Outcome(Outcome::NotPaid(Why::NotTaken)))
            }
            Some(_) => self.end(Outcome::Unknown(Why::Figures)),
            None => self.end(Outcome::Unknown(Why::Garbled)),
        }
    }

    /// The machine's word on a payment.
    fn judged(&self, message: &Message) -> Outcome {
        let Wanted::Pay { amount, .. } = self.wanted else {
            return Outcome::Unknown(Why::Garbled);
        };
        let (inserted, dispensed) = (message.sum(1), message.sum(2));
        let kept = inserted.zip(dispensed).and_then(|(put, out)| put.checked_sub(out));
        match message.result {
            Some(0) => match (inserted, dispensed, kept) {
                (Some(inserted), Some(dispensed), Some(kept)) if kept == amount => {
                    let transaction = message.transaction.clone();
                    Outcome::Paid { inserted, dispensed, transaction }
                }
                _ => Outcome::Unknown(Why::Figures),
            },
            // Given up: whatever was put in must have come out again.
            Some(1) if kept.unwrap_or(0) == 0 => Outcome::NotPaid(Why::Cancelled),
            Some(1) => Outcome::Unknown(Why::Figures),
            Some(3 | 4 | 5 | 11) => Outcome::NotPaid(Why::Busy),
            Some(21 | 22 | 98) => Outcome::NotPaid(Why::NotTaken),
            // What its own figures say came out again is not kept.
            Some(6 | 9 | 10) if kept == Some(0) => Outcome::NotPaid(Why::ChangeShort),
            Some(6 | 9 | 10) => Outcome::Unknown(Why::ChangeShort),
            Some(96) => Outcome::Unknown(Why::Duplicate),
            Some(2 | 12 | 13 | 99 | 100) => Outcome::Unknown(Why::Faulty),
            _ => Outcome::Unknown(Why::Garbled),
        }
    }

    fn end_unread(&mut self) -> Vec<Step> {
        self.end(Outcome::NotPaid(Why::Garbled))
    }

    /// What was asked for before is not undone by a machine that does not answer now: only what it gave back is "no".
    fn end(&mut self, outcome: Outcome) -> Vec<Step> {
        let outcome = match outcome {
            Outcome::NotPaid(why) if self.wanted.finds_out() && why != Why::Cancelled => {
                Outcome::Unknown(why)
            }
            outcome => outcome,
        };
        self.close(Step::Outcome(outcome))
    }

    fn close(&mut self, last: Step) -> Vec<Step> {
        self.at = At::End;
        let mut steps = Vec::new();
        if self.occupies {
            steps.push(self.xml(Ask::Release));
        }
        steps.push(last);
        steps
    }
}

/// How far a payment is, as the machine says.
fn progress(message: &Message) -> Vec<Step> {
    let said = match message.status {
        Some(2 | 3) => Progress::Waiting,
        Some(4) => Progress::Inserted(message.amount.unwrap_or_default()),
        Some(5 | 10) => Progress::Dispensing,
        Some(6 | 7) => Progress::TakeIt,
        Some(9 | 11) => Progress::Cancelling,
        _ => return Vec::new(),
    };
    vec![Step::Say(said)]
}
