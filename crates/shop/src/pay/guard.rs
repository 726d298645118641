//! What terminals say of themselves, held against the register by the rules.

use domain::device::DeviceIdentity;
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

/// A conversation about nobody's money, heard for who answers.
pub(super) struct Heard<'a> {
    pub(super) engine: &'a Engine,
    pub(super) clock: &'a dyn Clock,
    pub(super) terminal: TerminalId,
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

    async fn progress(&mut self, _: &payment::driver::Progress) {}

    async fn cancel_asked(&self) {
        std::future::pending().await
    }
}
