//! The world for tests and measurements: seeded choices, a shop filled through the engine, the real
//! program as a process, and an HTTP client that costs next to nothing.

pub mod build;
pub mod client;
pub mod invariants;
pub mod paper;
pub mod process;
pub mod random;
pub mod units;
pub mod wishes;
pub mod world;
pub mod year;

use std::path::PathBuf;

/// The project's shared data, where this machine has it: a folder `shared/data` beside the checkout
/// or above it.
pub fn shared_data() -> Option<PathBuf> {
    let mut at = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    while at.pop() {
        let data = at.join("shared").join("data");
        if data.is_dir() {
            return Some(data);
        }
    }
    None
}
