//! The first run's one-time code: no account exists before somebody who sees the program's own
//! output makes one.

use std::sync::Mutex;

use super::random::{self, NoRandomness};

/// Letters and digits that are not mistaken for one another.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Wrong tries until the program must be started again.
const TRIES: u8 = 5;

/// Why a code was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetupCodeError {
    /// Not the code.
    Wrong,
    /// Too many wrong tries; start the program again for a new code.
    UsedUp,
}

/// The code and the tries that are left.
#[derive(Debug)]
pub struct SetupCode {
    code: String,
    left: Mutex<u8>,
}

impl SetupCode {
    /// A fresh code of 8 letters (40 bits).
    pub fn fresh() -> Result<Self, NoRandomness> {
        let code = random::bytes::<8>()?
            .iter()
            .filter_map(|byte| LETTERS.get(usize::from(byte % 32)))
            .map(|letter| char::from(*letter))
            .collect();
        Ok(SetupCode { code, left: Mutex::new(TRIES) })
    }

    /// As shown to the one who started the program: `ABCD-EFGH`.
    pub fn shown(&self) -> String {
        let (a, b) = self.code.split_at(self.code.len() / 2);
        format!("{a}-{b}")
    }

    /// Checks what was typed; spaces, dashes and case do not matter.
    pub fn check(&self, typed: &str) -> Result<(), SetupCodeError> {
        let mut left = self.left.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if *left == 0 {
            return Err(SetupCodeError::UsedUp);
        }
        let typed: String =
            typed.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect();
        if typed == self.code {
            return Ok(());
        }
        *left = left.saturating_sub(1);
        Err(SetupCodeError::Wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_taken_as_shown_and_used_up_after_five_wrong_tries() {
        let code = SetupCode::fresh().expect("randomness");
        let shown = code.shown();
        assert_eq!(shown.len(), 9);
        assert_eq!(code.check(&shown.to_lowercase()), Ok(()));
        for _ in 0..5 {
            assert_eq!(code.check("no"), Err(SetupCodeError::Wrong));
        }
        assert_eq!(code.check(&shown), Err(SetupCodeError::UsedUp));
    }

    #[test]
    fn two_codes_differ() {
        let codes: std::collections::BTreeSet<_> =
            (0..50).map(|_| SetupCode::fresh().expect("randomness").shown()).collect();
        assert_eq!(codes.len(), 50);
    }
}
