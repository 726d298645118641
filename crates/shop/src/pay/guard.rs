//! What terminals say of themselves, held against the register by the rules.

use domain::device::{Device, DeviceIdentity};
use domain::{ShopCommand, TerminalId};
use payment::driver::Identity;

use crate::clock::Clock;
use crate::engine::{Actor, Engine, EngineError};
use crate::ids::own_command;

/// Has it written down; what it said before is no news.
pub(super) async fn report(
    engine: &Engine,
    clock: &dyn Clock,
    terminal: TerminalId,
    said: &Identity,
) -> Result<(), EngineError> {
    let identity = DeviceIdentity {
        terminal_id: said.tid.clone(),
        model: said.model.clone(),
        serial: said.serial.clone(),
        software: said.software.clone(),
    };
    let command = ShopCommand::TerminalReported { terminal, identity };
    engine.shop(own_command(clock.now()), Actor::default(), command).await.map(|_| ())
}

/// Whether a terminal that does not say which device it is may be the one of the register.
pub(super) async fn may_be_silent(engine: &Engine, terminal: TerminalId) -> bool {
    let snapshot = engine.snapshot().await;
    snapshot.is_ok_and(|s| !s.devices.get(&terminal).is_some_and(Device::must_name_itself))
}

/// Whether the terminal that answered is stopped.
pub(super) async fn is_stopped(engine: &Engine, terminal: TerminalId) -> bool {
    let snapshot = engine.snapshot().await;
    snapshot.is_ok_and(|s| s.devices.get(&terminal).is_some_and(|device| device.stop.is_some()))
}

/// A conversation about nobody's money, heard for who answers.
pub(super) struct Heard<'a> {
    pub(super) engine: &'a Engine,
    pub(super) clock: &'a dyn Clock,
    pub(super) terminal: TerminalId,
    /// It does not say which device it is, as it did before.
    pub(super) silent: bool,
}

impl payment::line::Ledger for Heard<'_> {
    async fn about(&mut self, _: &payment::driver::Before) -> Result<(), payment::line::NotStored> {
        Err(payment::line::NotStored)
    }

    async fn outcome(&mut self, _: &payment::driver::Said) -> Result<(), payment::line::NotStored> {
        Err(payment::line::NotStored)
    }

    async fn reported(&mut self, identity: &Identity) {
        // What cannot be written down now is said again at the next look.
        let _later = report(self.engine, self.clock, self.terminal, identity).await;
    }

    async fn silent(&mut self) {
        self.silent = !may_be_silent(self.engine, self.terminal).await;
    }

    async fn progress(&mut self, _: &payment::driver::Progress) {}

    async fn cancel_asked(&self) {
        std::future::pending().await
    }
}
