//! What the provider has booked, and how it tells it.

use nexo::amount::Decimal;
use nexo::message::Last4;
use tokio::time::Instant;
use zvt::terminal::TIP;

use super::faults::Fault;
use crate::simulator::Entry;
use crate::simulator::bent::TEST_PAN;
use crate::sumup::words::{Card, Digits, Event, Standing, Transaction};

/// How often nonsense is told.
const BAD_LOOKS: u8 = 3;

/// Money that went back.
pub(super) struct Back {
    pub(super) amount: i64,
    /// Shows from then on.
    pub(super) shows: Instant,
}

/// A payment that is over.
pub(super) struct Record {
    pub(super) number: usize,
    pub(super) client: String,
    pub(super) foreign: String,
    /// The tip in it.
    pub(super) amount: i64,
    pub(super) tip: i64,
    pub(super) standing: Standing,
    pub(super) entry: &'static str,
    /// Shows from then on.
    pub(super) shows: Instant,
    pub(super) back: Vec<Back>,
    /// What is still wrong with what is told of it.
    pub(super) flaw: Option<Fault>,
    pub(super) told: u8,
}

/// How it is told.
pub(super) enum Told {
    /// The connection breaks.
    Not,
    Nonsense,
    /// Of this one, with this wrong.
    As(Option<Fault>),
}

impl Record {
    /// The provider's number.
    pub(super) fn id(&self) -> String {
        format!("51a0e{:03x}-5e11-4a1e-8a1e-51a0e51a0e{:02x}", self.number, self.number & 0xff)
    }

    pub(super) fn is_paid(&self) -> bool {
        self.standing == Standing::Successful
    }

    /// How much can still go back.
    pub(super) fn left(&self) -> i64 {
        self.amount - self.back.iter().map(|back| back.amount).sum::<i64>()
    }

    /// What is told this time; most flaws show once.
    pub(super) fn told(&mut self) -> Told {
        self.told = self.told.saturating_add(1);
        match self.flaw {
            Some(Fault::BadLooks) if self.told <= BAD_LOOKS => Told::Nonsense,
            _ if self.told > 1 => Told::As(None),
            Some(Fault::LostAfterOutcome) => Told::Not,
            flaw => Told::As(flaw),
        }
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = Entry> {
        let payment = Entry {
            kind: "payment",
            receipt: self.id(),
            trace: self.code(),
            amount: self.amount,
            card: Some("VISA".to_owned()),
            last4: Some("4771".to_owned()),
            settled: self.left() <= 0,
        };
        let back = self.back.iter().map(|back| Entry {
            kind: "reversal",
            receipt: self.id(),
            trace: self.code(),
            amount: back.amount,
            card: None,
            last4: None,
            settled: false,
        });
        std::iter::once(payment).chain(back).filter(|_| self.is_paid())
    }

    fn code(&self) -> String {
        format!("TSIM{:06}", self.number)
    }

    /// None for amounts that cannot be.
    pub(super) fn transaction(&self, merchant: &str, money: (&str, u8)) -> Option<Transaction> {
        let (currency, digits) = money;
        let decimal = |amount: i64| Decimal::of_minor(amount, digits).ok();
        let now = Instant::now();
        let back = self.back.iter().filter(|back| back.shows <= now);
        let event = |back: &Back| Event {
            event_type: Some("REFUND".to_owned()),
            status: Some("REFUNDED".to_owned()),
            amount: decimal(back.amount),
        };
        Some(Transaction {
            id: self.id(),
            transaction_code: Some(self.code()),
            client_transaction_id: Some(self.client.clone()),
            foreign_transaction_id: Some(self.foreign.clone()),
            merchant_code: Some(merchant.to_owned()),
            amount: decimal(self.amount)?,
            currency: currency.to_owned(),
            status: self.standing,
            tip_amount: decimal(self.tip),
            entry_mode: Some(self.entry.to_owned()),
            auth_code: self.is_paid().then(|| "123456".to_owned()),
            card: Some(Card {
                last_4_digits: Some(Digits(Last4::of("4771"))),
                kind: Some("VISA".to_owned()),
            }),
            transaction_events: Some(back.map(event).collect()),
        })
    }
}

/// A whole card number in every text of it that can take one.
pub(super) fn leaking(mut said: Transaction) -> Transaction {
    if let Some(card) = &mut said.card {
        card.kind = Some(format!("VISA {TEST_PAN}"));
    }
    said.auth_code = Some(TEST_PAN.to_owned());
    said
}

/// As a flaw has it.
pub(super) fn spoiled(mut said: Transaction, flaw: Option<Fault>, digits: u8) -> Transaction {
    match flaw {
        Some(Fault::WrongAmount) => {
            let minor = said.amount.minor(digits).unwrap_or_default();
            if let Ok(more) = Decimal::of_minor(minor.saturating_mul(10), digits) {
                said.amount = more;
            }
        }
        Some(Fault::WrongTip) => {
            let tip = said.tip_amount.as_ref().and_then(|tip| tip.minor(digits).ok());
            said.tip_amount = Decimal::of_minor(tip.unwrap_or(0).saturating_add(TIP), digits).ok();
        }
        Some(Fault::WrongCurrency) => said.currency = "CHF".to_owned(),
        Some(Fault::OtherMerchant) => said.merchant_code = Some("MOTHER01".to_owned()),
        _ => {}
    }
    said
}
