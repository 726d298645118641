//! Secrets that a demo makes up at each start: nothing that somebody could know from another one.

use anyhow::{Result, anyhow};
use shop::auth::check_pin;

fn bytes() -> Result<[u8; 8]> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).map_err(|_| anyhow!("the system gives no random numbers"))?;
    Ok(bytes)
}

/// A PIN that the shop takes.
pub fn pin() -> Result<String> {
    loop {
        let pin = format!("{:06}", u64::from_be_bytes(bytes()?) % 1_000_000);
        if check_pin(&pin).is_ok() {
            return Ok(pin);
        }
    }
}

/// Four syllable words: easy to type, 48 bits of chance.
pub fn words() -> Result<String> {
    const ONSET: [&str; 16] =
        ["b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "w", "br", "st"];
    const NUCLEUS: [&str; 4] = ["a", "e", "i", "o"];
    let bytes = bytes()?;
    let syllable = |byte: u8| {
        let onset = ONSET.get(usize::from(byte >> 4)).copied().unwrap_or("b");
        let nucleus = NUCLEUS.get(usize::from(byte & 3)).copied().unwrap_or("a");
        format!("{onset}{nucleus}")
    };
    let words: Vec<String> = bytes
        .chunks(2)
        .map(|pair| pair.iter().map(|b| syllable(*b)).collect::<String>() + "ne")
        .collect();
    Ok(words.join("-"))
}
