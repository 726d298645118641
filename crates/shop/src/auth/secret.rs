//! PINs and passphrases: which are good enough, and their slow hashes (argon2id, 19 MiB, two
//! passes, one lane: OWASP's and RFC 9106's second choice, and the crate's default).

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

/// Memory in KiB.
const MEMORY: u32 = 19 * 1024;
/// Passes over it.
const PASSES: u32 = 2;
/// Hashes made at the same time: bounds memory when many guess at once.
const AT_ONCE: usize = 2;
/// What a secret that nobody has is compared with, so that an unknown person takes as long as a
/// known one. The hash of nothing anybody can type.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$dHJlc2VuLW5vYm9keS0xIQ$\
AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why a secret is not good enough; the words are stable codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    /// A PIN is digits only.
    PinNotDigits,
    /// Fewer than 6 digits.
    PinTooShort,
    /// More than 12 digits.
    PinTooLong,
    /// One of those that are tried first.
    PinTooEasy,
    /// Fewer than 15 characters.
    PassphraseTooShort,
    /// More than 128 characters.
    PassphraseTooLong,
    /// One of those that are tried first, a pattern, or little more than the shop's name.
    PassphraseTooEasy,
}

impl Weakness {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Weakness::PinNotDigits => "pin_not_digits",
            Weakness::PinTooShort => "pin_too_short",
            Weakness::PinTooLong => "pin_too_long",
            Weakness::PinTooEasy => "pin_too_easy",
            Weakness::PassphraseTooShort => "passphrase_too_short",
            Weakness::PassphraseTooLong => "passphrase_too_long",
            Weakness::PassphraseTooEasy => "passphrase_too_easy",
        }
    }
}

/// PINs that are no pattern and yet among the first that people try.
const EASY_PINS: &[&str] = &[
    "112233",
    "223344",
    "332211",
    "102030",
    "101112",
    "123654",
    "147258",
    "147852",
    "159357",
    "159753",
    "246810",
    "258369",
    "369258",
    "456123",
    "789456",
    "789456123",
    "100000",
    "200000",
    "000001",
    "001122",
];

/// Is this a usable PIN? At least 6 digits where it is the only secret (NIST SP 800-63B-4, activation
/// secret), none of the first that are tried.
pub fn check_pin(pin: &str) -> Result<(), Weakness> {
    if !pin.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Weakness::PinNotDigits);
    }
    if pin.len() < 6 {
        return Err(Weakness::PinTooShort);
    }
    if pin.len() > 12 {
        return Err(Weakness::PinTooLong);
    }
    if EASY_PINS.contains(&pin) || is_run(pin.as_bytes()) || is_repetition(pin.as_bytes()) {
        return Err(Weakness::PinTooEasy);
    }
    Ok(())
}

/// 123456, 654321, 890123.
fn is_run(digits: &[u8]) -> bool {
    let steps = |step: u8| {
        digits.iter().zip(digits.iter().skip(1)).all(|(a, b)| {
            let (a, b) = (a.saturating_sub(b'0'), b.saturating_sub(b'0'));
            a.saturating_add(step) % 10 == b
        })
    };
    steps(1) || steps(9)
}

/// 111111, 121212, 123123, 12341234: a piece of at most half the length, over and over.
fn is_repetition(text: &[u8]) -> bool {
    (1..=text.len() / 2).any(|piece| text.iter().zip(text.iter().skip(piece)).all(|(a, b)| a == b))
}

/// Passphrases and their parts that are tried first; compared without spaces, accents and case.
const EASY_PHRASES: &[&str] = &[
    "correcthorsebatterystaple",
    "passwordpassword",
    "passwortpasswort",
    "password12345678",
    "passwort12345678",
    "123456789012345",
    "1234567890123456",
    "qwertzuiopasdfgh",
    "qwertyuiopasdfgh",
    "qwertzuiopasdfghjkl",
    "abcdefghijklmno",
    "abcdefghijklmnop",
    "letmeinletmeinletmein",
    "administratoradministrator",
    "iloveyouiloveyou",
    "ichliebedichichliebedich",
    "changemechangeme",
    "geheimgeheimgeheim",
    "kassekassekassekasse",
    "tresentresentresen",
];

/// Is this a usable passphrase? 15 to 128 characters (NIST SP 800-63B-4 where it is the only secret; no
/// rules about kinds of characters), not on the block list, not a pattern, and more than names: what
/// is left when `names` (the shop's, the person's) are taken out is at least 8 characters.
pub fn check_passphrase(passphrase: &str, names: &[&str]) -> Result<(), Weakness> {
    let normal: Vec<char> = passphrase.nfkc().collect();
    if normal.len() < 15 {
        return Err(Weakness::PassphraseTooShort);
    }
    if normal.len() > 128 {
        return Err(Weakness::PassphraseTooLong);
    }
    let plain = plain(passphrase);
    let mut rest = plain.clone();
    for name in names.iter().map(|name| self::plain(name)).filter(|name| name.chars().count() > 2) {
        rest = rest.replace(&name, "");
    }
    let easy = EASY_PHRASES.contains(&plain.as_str())
        || is_run_of_letters(&plain)
        || is_repetition(plain.as_bytes());
    if easy || rest.chars().count() < 8 {
        return Err(Weakness::PassphraseTooEasy);
    }
    Ok(())
}

fn plain(text: &str) -> String {
    domain::catalogue::fold(text).chars().filter(|c| !c.is_whitespace()).collect()
}

fn is_run_of_letters(text: &str) -> bool {
    text.chars().zip(text.chars().skip(1)).all(|(a, b)| u32::from(a).abs_diff(u32::from(b)) <= 1)
}

/// Makes and compares slow hashes, off the threads that answer requests.
#[derive(Debug, Clone)]
pub struct Secrets {
    at_once: Arc<Semaphore>,
}

/// A hash could not be made: no memory or no randomness.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the secret could not be hashed")]
pub struct HashFault;

impl Default for Secrets {
    fn default() -> Self {
        Secrets { at_once: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Secrets {
    /// The hash of a secret as a PHC string.
    pub async fn hash(&self, secret: &str) -> Result<String, HashFault> {
        let secret = normal(secret);
        self.blocking(move || {
            let hash = hasher()?.hash_password(secret.as_bytes()).map_err(|_| HashFault)?;
            Ok(hash.to_string())
        })
        .await?
    }

    /// True when `secret` is the one of `hash`; without a hash it takes as long and is false.
    pub async fn matches(&self, secret: &str, hash: Option<String>) -> Result<bool, HashFault> {
        let secret = normal(secret);
        self.blocking(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
            let parsed = PasswordHash::new(&hash).map_err(|_| HashFault)?;
            Ok(hasher()?.verify_password(secret.as_bytes(), &parsed).is_ok() && known)
        })
        .await?
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashFault> {
        let _permit = self.at_once.acquire().await.map_err(|_| HashFault)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| HashFault)
    }
}

fn hasher() -> Result<Argon2<'static>, HashFault> {
    let params = Params::new(MEMORY, PASSES, 1, None).map_err(|_| HashFault)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The same text typed on another keyboard is the same secret.
fn normal(secret: &str) -> String {
    secret.nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easy_pins_are_refused() {
        for pin in [
            "000000",
            "111111",
            "123456",
            "654321",
            "890123",
            "121212",
            "123123",
            "112233",
            "1234567890",
        ] {
            assert_eq!(check_pin(pin), Err(Weakness::PinTooEasy), "{pin}");
        }
        assert_eq!(check_pin("48159"), Err(Weakness::PinTooShort));
        assert_eq!(check_pin("4815926535897"), Err(Weakness::PinTooLong));
        assert_eq!(check_pin("48159a"), Err(Weakness::PinNotDigits));
        assert_eq!(check_pin("٤٨١٥٩٢"), Err(Weakness::PinNotDigits));
        assert_eq!(check_pin("481592"), Ok(()));
    }

    #[test]
    fn passphrases_are_long_and_more_than_the_shops_name() {
        let names = ["Müllers Hofladen", "Ada"];
        assert_eq!(check_passphrase("vierzehnzeiche", &names), Err(Weakness::PassphraseTooShort));
        assert_eq!(check_passphrase(&"ab1 ".repeat(33), &names), Err(Weakness::PassphraseTooLong));
        for easy in [
            "Mullers Hofladen 2026",
            "ada müllers hofladen!",
            "Correct Horse Battery Staple",
            "aaaaaaaaaaaaaaaa",
            "abcabcabcabcabc",
        ] {
            assert_eq!(check_passphrase(easy, &names), Err(Weakness::PassphraseTooEasy), "{easy}");
        }
        assert_eq!(check_passphrase("sieben Birnen im Regen", &names), Ok(()));
    }

    #[tokio::test]
    async fn a_hash_matches_its_secret_only_and_says_how_it_was_made() {
        let secrets = Secrets::default();
        let hash = secrets.hash("sieben Birnen im Regen").await.expect("hashed");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(
            secrets.matches("sieben Birnen im Regen", Some(hash.clone())).await.expect("compared")
        );
        assert!(!secrets.matches("sieben Birnen im Schnee", Some(hash)).await.expect("compared"));
        assert!(!secrets.matches("", None).await.expect("compared"));
    }
}
