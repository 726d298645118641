//! Who may come in: secrets, how often they may be guessed, sessions, and the first run's code.

mod limit;
pub(crate) mod random;
mod secret;
mod session;
mod setup_code;

pub use limit::{Limits, Place};
pub use random::NoRandomness;
pub use secret::{Secrets, Weakness, check_passphrase, check_pin};
pub(crate) use session::TILL_LASTS;
pub use session::{Session, SessionKind, Sessions, Token};
pub use setup_code::{SetupCode, SetupCodeError};
