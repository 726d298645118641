//! Goods that a till's scale is asked for. Nothing of it is recorded until there is a weighing: what a scale has not weighed did not
//! happen. The command that asked and the one that brings the weighing have the same id, so that each makes one line at most.

use std::collections::HashMap;

use domain::decide::to_weigh;
use domain::weighing::ToWeigh;
use domain::{Command, CommandId, Context, Refusal, Stop, TillCommand, TillId};
use tokio::sync::oneshot;

use super::worker::Worker;
use super::{Actor, Bell, Engine, EngineError, Job};
use crate::api::view::CommandAnswer;
use crate::api::weighing::{WeighingNote, WeighingView};

/// Most that can be taken off for the packing, grams.
const MAX_TARE: u32 = 9_999;

/// A weighing that a till waits for.
#[derive(Debug, Clone)]
pub struct Order {
    /// The id of the scan or the tap.
    pub id: CommandId,
    /// Who asked.
    pub actor: Actor,
    /// The scan or the tap.
    pub asked: TillCommand,
    /// What the scale is to be asked.
    pub wanted: ToWeigh,
    /// What is to be taken off for the packing, grams.
    pub tare: u32,
    /// Rises each time that it is to be asked anew.
    pub round: u32,
    /// What is known of it.
    note: WeighingNote,
}

/// What is done to a weighing.
pub(super) enum WeighingJob {
    /// What a till waits for.
    Of { till: TillId, reply: oneshot::Sender<Option<Order>> },
    /// The scale says why there is no weighing yet.
    Note { till: TillId, id: CommandId, round: u32, note: WeighingNote },
    /// A person wants it asked anew, with so much taken off.
    Again { till: TillId, tare: u32, reply: oneshot::Sender<()> },
    /// A person wants none.
    Cancel { till: TillId, reply: oneshot::Sender<()> },
}

/// The weighings that tills wait for, one a till.
pub(super) type Weighings = HashMap<TillId, Order>;

impl Worker {
    pub(super) fn weighing_job(&mut self, job: WeighingJob) {
        match job {
            WeighingJob::Of { till, reply } => {
                let _ = reply.send(self.weighings.get(&till).cloned());
            }
            WeighingJob::Note { till, id, round, note } => {
                let Some(order) = self.weighings.get_mut(&till) else { return };
                // What a scale says of goods that nobody waits for any more is nobody's.
                if order.id == id && order.round == round && order.note != note {
                    order.note = note;
                    self.weighing_changed(till);
                }
            }
            WeighingJob::Again { till, tare, reply } => {
                if let Some(order) = self.weighings.get_mut(&till) {
                    order.tare = tare.min(MAX_TARE);
                    order.round = order.round.saturating_add(1);
                    order.note = WeighingNote::Asking;
                    self.weighing_changed(till);
                }
                let _ = reply.send(());
            }
            WeighingJob::Cancel { till, reply } => {
                if self.weighings.remove(&till).is_some() {
                    self.weighing_changed(till);
                }
                let _ = reply.send(());
            }
        }
    }

    fn weighing_changed(&mut self, till: TillId) {
        self.asides = self.asides.saturating_add(1);
        self.stale.insert(till);
        self.show(&HashMap::new());
        self.ring_scale(till);
    }

    fn ring_scale(&self, till: TillId) {
        let mut bells = self.bells.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // Whoever looked just before and does not listen yet hears it all the same: nobody looks at a scale's orders by the clock.
        bells.entry(Bell::Scale(till)).or_default().notify_one();
    }

    /// A weighing is recorded only while the till waits for this one.
    pub(super) fn is_unasked(&self, id: CommandId, command: &Command) -> bool {
        match command {
            Command::Till(till, TillCommand::Weighed { .. }) => {
                self.weighings.get(till).is_none_or(|order| order.id != id)
            }
            _ => false,
        }
    }

    /// Asks the till's scale for the weight that `refusal` wants, if there is one: the answer is the till's screen, on which it waits.
    pub(super) fn begin_weighing(
        &mut self,
        (id, actor): (CommandId, Actor),
        command: &Command,
        refusal: &Refusal,
    ) -> Option<CommandAnswer> {
        let (Refusal::WeightNeeded { .. }, Command::Till(till, asked)) = (refusal, command) else {
            return None;
        };
        let answer = CommandAnswer {
            id,
            repeated: false,
            entries: None,
            receipt: None,
            view: None,
            made: None,
        };
        // Whoever asks again hears that it is being asked.
        if self.weighings.get(till).is_some_and(|order| order.id == id) {
            return Some(CommandAnswer { repeated: true, ..answer });
        }
        let context = Context {
            state: &self.state,
            facts: &super::facts::StoreFacts(&self.store, &self.names),
            now: self.now(),
            person: actor.person,
            approver: actor.approver,
            name: None,
            voucher: None,
            fresh: &[],
            random: [0; 8],
        };
        let wanted = match to_weigh(context, *till, asked) {
            Ok(wanted) => wanted?,
            Err(Stop::Refused(_) | Stop::Fault(_)) => return None,
        };
        let note = WeighingNote::Asking;
        let order = Order { id, actor, asked: asked.clone(), wanted, tare: 0, round: 0, note };
        self.weighings.insert(*till, order);
        self.stale.insert(*till);
        self.ring_scale(*till);
        Some(answer)
    }

    /// Something was recorded at a till: goods that were asked for go to the basket that they were asked for in, while it can take them
    /// and whoever asked is there; otherwise nobody waits for them any more.
    pub(super) fn weighing_after(&mut self, till: TillId, id: CommandId) {
        let Some(order) = self.weighings.get_mut(&till) else { return };
        let Some(now) = self.state.tills.get(&till) else { return };
        let basket = now.active.and_then(|id| self.state.baskets.get(&id));
        if order.wanted.basket.is_none() {
            order.wanted.basket = now.active;
        }
        let takes = match basket {
            Some(basket) => {
                basket.tenders.is_empty()
                    && self.state.attempt_of(basket.id).is_none()
                    && self.state.transfer_of(basket.id).is_none()
            }
            None => true,
        };
        let stays = order.id != id
            && order.wanted.basket == now.active
            && now.person == order.actor.person
            && takes;
        if !stays {
            self.weighings.remove(&till);
            self.stale.insert(till);
            self.ring_scale(till);
        }
    }

    /// What a till waits for, as it is shown.
    pub(super) fn weighing_view(&self, till: TillId) -> Option<WeighingView> {
        let order = self.weighings.get(&till)?;
        let currency = self.state.settings.as_ref()?.currency;
        Some(WeighingView {
            name: order.wanted.name.clone(),
            item: order.wanted.item,
            command: order.id,
            unit_price: domain::Amount { amount: order.wanted.unit_price, currency },
            tare: order.tare,
            note: order.note,
        })
    }
}

impl Engine {
    /// Waits until a till may have got something to weigh, or to weigh no longer.
    pub async fn weighing_waits(&self, till: TillId) {
        self.rung(Bell::Scale(till)).await;
    }

    /// What a till waits to be weighed.
    ///
    /// # Errors
    /// When the shop is closing down.
    pub async fn weighing(&self, till: TillId) -> Result<Option<Order>, EngineError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::Weighing(WeighingJob::Of { till, reply })).await?;
        answer.await.map_err(|_| EngineError::Stopped)
    }

    /// Shows why there is no weighing yet.
    ///
    /// # Errors
    /// When the shop is closing down.
    pub async fn note_weighing(
        &self,
        till: TillId,
        order: &Order,
        note: WeighingNote,
    ) -> Result<(), EngineError> {
        let (id, round) = (order.id, order.round);
        self.enqueue(Job::Weighing(WeighingJob::Note { till, id, round, note })).await
    }

    /// Asks the scale anew, with so many grams taken off for the packing.
    ///
    /// # Errors
    /// When the shop is closing down.
    pub async fn weigh_again(&self, till: TillId, tare: u32) -> Result<(), EngineError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::Weighing(WeighingJob::Again { till, tare, reply })).await?;
        answer.await.map_err(|_| EngineError::Stopped)
    }

    /// Waits for no weighing any more.
    ///
    /// # Errors
    /// When the shop is closing down.
    pub async fn cancel_weighing(&self, till: TillId) -> Result<(), EngineError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::Weighing(WeighingJob::Cancel { till, reply })).await?;
        answer.await.map_err(|_| EngineError::Stopped)
    }
}
