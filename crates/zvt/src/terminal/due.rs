//! What a terminal wants done before it takes payments: it says so when a till registers, when it is asked
//! how it is, and when money is asked for.

use super::Fault;
use crate::codes::ResultCode;
use crate::command::wants;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Due {
    initialisation: bool,
    diagnosis: bool,
}

impl Due {
    /// Whether the fault is that something falls due.
    pub(super) fn falls(&mut self, fault: Fault) -> bool {
        match fault {
            Fault::InitialisationDue => self.initialisation = true,
            Fault::DiagnosisDue => self.diagnosis = true,
            _ => return false,
        }
        true
    }

    pub(super) fn initialised(&mut self) {
        self.initialisation = false;
    }

    pub(super) fn diagnosed(&mut self) {
        self.diagnosis = false;
    }

    pub(super) const fn fault(self) -> Option<Fault> {
        match (self.initialisation, self.diagnosis) {
            (true, _) => Some(Fault::InitialisationDue),
            (_, true) => Some(Fault::DiagnosisDue),
            _ => None,
        }
    }

    /// BMP 19 of a completion.
    pub(super) const fn bits(self) -> u8 {
        let initialisation = if self.initialisation { wants::INITIALISATION } else { 0 };
        initialisation | if self.diagnosis { wants::DIAGNOSIS } else { 0 }
    }

    /// Why no payment is taken.
    pub(super) const fn code(self) -> Option<ResultCode> {
        match self.fault() {
            Some(Fault::InitialisationDue) => Some(ResultCode::INITIALISATION_REQUIRED),
            Some(_) => Some(ResultCode::DIAGNOSIS_REQUIRED),
            None => None,
        }
    }
}
