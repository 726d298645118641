//! Whatever is asked for money: a card terminal, or a machine that takes cash.

use domain::TerminalId;
use domain::peripheral::{CashMachineSettings, Peripheral};
use domain::settings::{Settings, TerminalProtocol, TerminalSettings};

/// One of them, as it is set today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Taker {
    Terminal(TerminalSettings),
    Machine(Machine),
}

/// A cash machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Machine {
    pub(crate) at: String,
    pub(crate) known: CashMachineSettings,
}

impl Machine {
    pub(crate) fn of(device: &Peripheral, known: &CashMachineSettings) -> Self {
        Self { at: device.at.clone(), known: known.clone() }
    }
}

impl Taker {
    /// All of the shop's, each with its name.
    pub(super) fn all(settings: &Settings) -> impl Iterator<Item = (Self, &str)> {
        let terminals = settings.terminals.iter();
        let terminals = terminals.map(|one| (Self::Terminal(one.clone()), one.name.as_str()));
        let machines = settings.cash_machines();
        terminals.chain(machines.map(|(device, known)| {
            (Self::Machine(Machine::of(device, known)), device.name.as_str())
        }))
    }

    pub(super) fn id(&self) -> TerminalId {
        match self {
            Self::Terminal(terminal) => terminal.id,
            Self::Machine(machine) => machine.known.id,
        }
    }

    /// The card terminal, if it is one.
    pub(super) fn terminal(&self) -> Option<&TerminalSettings> {
        match self {
            Self::Terminal(terminal) => Some(terminal),
            Self::Machine(_) => None,
        }
    }

    /// The terminal that is to be told that the shop does not work with it any more, when `now` is asked instead.
    pub(super) fn left_for(self, now: Option<&Self>) -> Option<TerminalSettings> {
        let Self::Terminal(before) = self else { return None };
        let same = now
            .and_then(Self::terminal)
            .is_some_and(|now| (&before.address, before.protocol) == (&now.address, now.protocol));
        (!same).then_some(before)
    }

    /// What its lamp says while nobody knows what became of money there.
    pub(super) const fn doubt(&self) -> &'static str {
        match self {
            Self::Terminal(_) => "doubt",
            Self::Machine(_) => "machine_doubt",
        }
    }

    /// What was begun on its line is ended: it cannot be hung up.
    pub(super) fn winds_up(&self) -> bool {
        self.terminal().is_some_and(|one| one.protocol == TerminalProtocol::ZvtSerial)
    }
}
