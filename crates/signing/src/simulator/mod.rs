//! Signing units to try: they speak what the real ones speak, at a socket of this machine, and sign with the software
//! unit, so that everything they sign says **NOT A CERTIFIED TSE**. What goes wrong is given as data.

mod asked;
pub mod atrust;
pub mod epson;
pub mod fiskaly;
mod hold;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use fiscal::de::tse::log::Operation;
use jiff::{SignedDuration, Timestamp};

use crate::{Fault, Software, fresh};
pub use hold::{Gate, Hold};

/// The simulated unit's own clock.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What the unit is asked for when something goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// To begin a transaction.
    Begin,
    /// To update one.
    Update,
    /// To finish one.
    Finish,
    /// To find one again.
    Look,
    /// A step of setting it up.
    SetUp,
}

impl From<Operation> for Deed {
    fn from(operation: Operation) -> Self {
        match operation {
            Operation::Start => Deed::Begin,
            Operation::Update => Deed::Update,
            Operation::Finish => Deed::Finish,
        }
    }
}

/// What goes wrong, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It does it, and answers when nobody waits any more.
    Late,
    /// It does it, and the connection is lost before it answers.
    Lost,
    /// The connection is lost before it takes the request.
    Deaf,
    /// The request or its answer arrives twice.
    Twice,
    /// It does it, and says a counter that it had before.
    WrongCounter,
    /// It does it, and says a signature that is none.
    WrongSignature,
    /// It does not do it: its storage is full.
    Full,
    /// It does not do it: it is busy.
    Busy,
    /// It does it, with a clock that is so many seconds ahead.
    WrongTime(i64),
    /// It does not take what shows who asks any more.
    LoggedOut,
    /// What it answers cannot be read.
    Gibberish,
}

/// What all simulated units have: the software unit, a clock, what shall go wrong.
struct Core {
    unit: Software,
    clock: Clock,
    script: Mutex<Vec<(Deed, Trouble)>>,
    /// How much of its storage is used, of [`STORAGE`].
    used: AtomicU64,
    /// How often a wrong PIN or PUK was told.
    wrong: AtomicU64,
    gate: Gate,
}

/// How large the simulated storage is.
pub const STORAGE: u64 = 1_000_000;

impl Core {
    fn open(memory: &Path, seed: &[u8; 32], name: &str, clock: Clock) -> Result<Self, Fault> {
        let unit = Software::open(memory, || fresh(seed, name), clock())?;
        let (script, gate) = (Mutex::default(), Gate::default());
        let (used, wrong) = (AtomicU64::new(0), AtomicU64::new(0));
        Ok(Self { unit, clock, script, used, wrong, gate })
    }

    fn script(&self, more: &[(Deed, Trouble)]) {
        self.script.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(more);
    }

    /// What goes wrong this time.
    fn trouble(&self, deed: Deed) -> Option<Trouble> {
        let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        let at = script.iter().position(|(when, _)| *when == deed)?;
        Some(script.remove(at).1)
    }

    /// A wrong PIN or PUK was told.
    fn mistold(&self) {
        self.wrong.fetch_add(1, Ordering::SeqCst);
    }

    fn now(&self, trouble: Option<Trouble>) -> Timestamp {
        let now = (self.clock)();
        match trouble {
            Some(Trouble::WrongTime(seconds)) => {
                now.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(now)
            }
            _ => now,
        }
    }
}
