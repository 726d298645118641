//! What goes out of the engine thread: answers, screens, lamps, bells.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError};

use domain::{AttemptId, TerminalId, TillId};

use super::worker::{Pending, Worker};
use super::{Bell, Snapshot, TerminalKnown, Unsettled};
use crate::api::view::{Lamp, LampKind, LampState, TillView};
use crate::view::{Extra, Progress, doubt_view, reservation_views, till_view};

impl Worker {
    /// Shows what a terminal says, while its payment runs.
    pub(super) fn put_progress(&mut self, attempt: AttemptId, progress: Progress) {
        let running: BTreeSet<AttemptId> = self.state.attempts.keys().copied().collect();
        self.progress.retain(|id, _| running.contains(id));
        let Some(till) = self.state.attempts.get(&attempt).map(|a| a.till) else { return };
        if self.progress.insert(attempt, progress.clone()).is_none_or(|old| old != progress) {
            self.asides = self.asides.saturating_add(1);
            self.stale.insert(till);
            self.show(&HashMap::new());
        }
    }

    /// Each lamp replaces the one of its kind; true when one changed.
    pub(super) fn put_lamps(&mut self, till: TillId, lamps: Vec<Lamp>) -> bool {
        let shown = self.lamps.entry(till).or_default();
        let mut changed = false;
        for lamp in lamps {
            match shown.iter_mut().find(|old| old.kind == lamp.kind) {
                Some(old) if *old == lamp => {}
                Some(old) => {
                    *old = lamp;
                    changed = true;
                }
                None => {
                    shown.push(lamp);
                    changed = true;
                }
            }
        }
        self.asides = self.asides.saturating_add(u64::from(changed));
        changed
    }

    pub(super) fn answer(&mut self, pending: Vec<Pending>) {
        let mut views: HashMap<TillId, Arc<TillView>> = HashMap::new();
        for mut one in pending {
            if let (Ok(answer), Some(till)) = (&mut one.outcome, one.till) {
                let view = match views.get(&till) {
                    Some(view) => Some(Arc::clone(view)),
                    None => self.view(till).map(Arc::new),
                };
                if let Some(view) = view {
                    views.entry(till).or_insert_with(|| Arc::clone(&view));
                    answer.view = Some(view);
                }
            }
            let _ = one.reply.send(one.outcome);
        }
        self.show(&views);
        if self.ring.is_empty() && self.ring_terminals.is_empty() && self.ring_signing.is_empty() {
            return;
        }
        let bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
        let printers = std::mem::take(&mut self.ring).into_iter().map(Bell::Printer);
        let terminals = std::mem::take(&mut self.ring_terminals).into_iter().map(Bell::Terminal);
        let signing = std::mem::take(&mut self.ring_signing);
        let signing = signing.into_iter().flat_map(|till| [Bell::Signing(till), Bell::Rksv(till)]);
        for at in printers.chain(terminals).chain(signing) {
            if let Some(bell) = bells.get(&at) {
                bell.notify_one();
            }
        }
    }

    /// Sends changed screens to whoever watches.
    pub(super) fn show(&mut self, ready: &HashMap<TillId, Arc<TillView>>) {
        let watchers = Arc::clone(&self.watchers);
        let watchers = watchers.lock().unwrap_or_else(PoisonError::into_inner);
        for (till, sender) in watchers.iter() {
            let stale = self.all_stale || self.stale.contains(till);
            if stale && sender.receiver_count() > 0 {
                let view =
                    ready.get(till).map(Arc::clone).or_else(|| self.view(*till).map(Arc::new));
                if let Some(view) = view {
                    let _ = sender.send(view);
                }
            }
        }
        self.stale.clear();
        self.all_stale = false;
    }

    pub(super) fn view(&self, till: TillId) -> Option<TillView> {
        let last = self
            .state
            .tills
            .get(&till)
            .and_then(|t| t.last_receipt)
            .and_then(|_| self.last.get(&till));
        let mut lamps = self.lamps.get(&till).cloned().unwrap_or_default();
        let terminal = self.state.till_settings(till).and_then(|t| t.terminal);
        let terminal = terminal.and_then(|id| self.terminals.get(&id)?.lamp.clone());
        lamps.extend(terminal);
        let machine = self.state.settings.as_deref().and_then(|settings| {
            let at = self.state.till_settings(till)?.cash_machine.as_deref()?;
            self.terminals.get(&settings.cash_machine_at(at)?.id)?.lamp.clone()
        });
        lamps.extend(machine);
        lamps.extend(crate::view::signing_lamp(&self.state, till));
        lamps.extend(crate::view::rksv_lamp(&self.state, till));
        if self.not_stored {
            let code = "not_stored".to_owned();
            lamps.insert(
                0,
                Lamp { kind: LampKind::Record, state: LampState::Bad, code, waiting: 0 },
            );
        }
        let extra = Extra {
            now: self.clock.now(),
            seq: self.store.head().seq,
            aside: self.asides,
            lamps: &lamps,
            last,
            page: last.and_then(|last| self.outlet.shown(last)),
            names: &self.names,
            customers: &self.customers,
            codes: self.shown_codes(till),
            weighing: self.weighing_view(till),
            progress: &|attempt| self.progress.get(&attempt).cloned(),
        };
        till_view(&self.state, till, &extra)
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot {
            settings: self.state.settings.clone(),
            people: self.names.of_all(&self.state),
            customers: self.customers.clone(),
            tills: self.state.tills.values().map(|t| (t.id, t.day.clone(), t.person)).collect(),
            devices: self.state.devices.clone(),
            audit: self.state.audits.open.clone(),
            units: self.state.units.clone(),
            rksv: (self.state.registers.clone(), self.state.signers.clone()),
            seq: self.store.head().seq,
        }
    }

    /// Payments of the whole shop that are in doubt, and reservations that are open.
    pub(super) fn unsettled(&self) -> Unsettled {
        let Some(settings) = self.state.settings.as_deref() else { return Default::default() };
        let attempts = self.state.attempts.values();
        let doubts = attempts.filter_map(|attempt| doubt_view(settings, attempt)).collect();
        let now = self.clock.now();
        (doubts, reservation_views(&self.state, settings, &self.names, now))
    }

    /// Takes in how a terminal is; the tills beside it show its lamp.
    pub(super) fn put_terminal(&mut self, terminal: TerminalId, known: TerminalKnown) {
        self.terminals.insert(terminal, known);
        let settings = self.state.settings.clone();
        let machine = settings.as_ref().and_then(|s| s.cash_machine(terminal));
        let machine = machine.map(|(device, _)| device.at.as_str());
        let tills = settings.iter().flat_map(|s| &s.tills);
        let beside = tills.filter(|till| {
            till.terminal == Some(terminal)
                || (machine.is_some() && till.cash_machine.as_deref() == machine)
        });
        let beside = beside.map(|till| till.id);
        self.stale.extend(beside);
        self.show(&HashMap::new());
    }
}
