//! What an engine finds in its file when it begins: told from what comes later by numbers, for clocks are set.

use domain::AttemptId;
use sha2::{Digest, Sha256};
use store::{Store, StoreError};

/// Digits and letters that are not taken for one another.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a name.
const NAME: usize = 8;

/// What stood in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// The last payment attempt.
    pub attempt: AttemptId,
    /// The last one of the backup that this shop was restored from; 0 when it was not.
    pub restored: AttemptId,
    /// Names this shop since it was set up or restored, among all: eight digits and capitals.
    pub name: String,
}

impl Begun {
    pub(super) fn of(store: &Store) -> Result<Begun, StoreError> {
        let (attempt, restored) = store.last_attempts()?;
        Ok(Begun { attempt, restored, name: name(store.shop(), store.incarnation()) })
    }
}

fn name(shop: &str, incarnation: u32) -> String {
    let of = Sha256::new().chain_update(b"tresen-shop-1 ").chain_update(incarnation.to_be_bytes());
    let digest = of.chain_update(shop).finalize();
    let letter = |byte: &u8| LETTERS.get(usize::from(byte & 31)).map(|letter| char::from(*letter));
    digest.iter().take(NAME).filter_map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_that_was_restored_has_another_name_than_before() {
        assert_eq!(name("s1", 1).len(), NAME);
        assert_ne!(name("s1", 1), name("s1", 2));
        assert_ne!(name("s1", 1), name("s2", 1));
    }
}
