//! Randomness for tokens, codes and messages.

use std::sync::atomic::{AtomicU64, Ordering};

/// The system has no randomness to give: nothing secret can be made.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the system gives no random numbers")]
pub struct NoRandomness;

/// Random bytes from the system.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// As [`bytes`], where something must be told apart from everything before it: if the system has no randomness
/// to give, it is still never the same twice while the program runs.
pub(crate) fn never_again() -> [u8; 32] {
    static DRAWN: AtomicU64 = AtomicU64::new(1);
    let mut bytes = bytes().unwrap_or_default();
    let count = DRAWN.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    bytes.iter_mut().zip(count).for_each(|(byte, count)| *byte ^= count);
    bytes
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
