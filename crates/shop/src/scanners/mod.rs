//! Scanners that are no keyboards: read here and handed to the page of their till, where a scan goes the way of every other – so that
//! rights, dialogs and the ids of commands are the page's. Nothing of a scan is stored here.

pub mod runner;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{CommandId, TillId};
use serde::Serialize;
use tokio::sync::broadcast;
use utoipa::ToSchema;

/// Scans that wait for a page that is slow.
const WAITING: usize = 256;

/// A scan of a device, for the pages of its till.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeviceScan {
    /// The id of the command that a page makes of it: two pages of one till make one command.
    #[schema(value_type = String, format = Uuid)]
    pub id: CommandId,
    /// As read; nothing when it was data of a payment card, which goes no further.
    pub code: String,
    /// It was data of a payment card.
    pub card_data: bool,
}

/// Where scans of devices go.
#[derive(Debug, Clone, Default)]
pub struct DeviceScans(Arc<Mutex<HashMap<TillId, broadcast::Sender<Arc<DeviceScan>>>>>);

impl DeviceScans {
    /// The scans of a till's devices from now on.
    pub fn subscribe(&self, till: TillId) -> broadcast::Receiver<Arc<DeviceScan>> {
        let mut tills = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tills.entry(till).or_insert_with(|| broadcast::channel(WAITING).0).subscribe()
    }

    /// Hands a scan to the pages of a till; false when none is open.
    pub fn send(&self, till: TillId, scan: DeviceScan) -> bool {
        let tills = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tills.get(&till).is_some_and(|pages| pages.send(Arc::new(scan)).is_ok())
    }
}
