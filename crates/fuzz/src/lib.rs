//! Every decoder of the house on made-up bytes: known vectors with some of their bytes changed, and plain noise.
//! Which input is made follows from its number alone, so that a number is all it takes to see a failure again.
//! No toolchain of its own: `cargo xtask fuzz` runs as many as one likes, the ordinary tests run a thousand each.

mod made_up;
mod seeds;
mod targets;

pub use made_up::MadeUp;
pub use seeds::Seeds;
pub use targets::{TARGETS, Target};
