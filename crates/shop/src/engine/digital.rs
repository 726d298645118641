//! The engine's side of receipts without paper.

use std::collections::HashMap;
use std::sync::Arc;

use domain::TillId;

use super::worker::{Job, Worker};
use super::{Engine, EngineError};
use crate::digital::Outlet;

impl Engine {
    /// What is known of receipts that go without paper.
    pub fn outlet(&self) -> &Arc<Outlet> {
        &self.outlet
    }

    /// Sends a till's screen anew to whoever watches: something changed that is no entry.
    pub async fn show(&self, till: TillId) -> Result<(), EngineError> {
        self.enqueue(Job::Show(till)).await
    }
}

impl Worker {
    /// Sends a till's screen anew.
    pub(super) fn show_anew(&mut self, till: TillId) {
        self.stale.insert(till);
        self.show(&HashMap::new());
    }
}
