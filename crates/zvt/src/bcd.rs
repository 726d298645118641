//! Packed decimal digits, most significant first, two to a byte.

/// The number written in `bytes`; `None` when a nibble is no digit or the number is above 18 digits.
pub fn decode(bytes: &[u8]) -> Option<u64> {
    if bytes.len() > 9 {
        return None;
    }
    nibbles(bytes).try_fold(0u64, |number, nibble| {
        let digit = (nibble <= 9).then_some(u64::from(nibble))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

/// `number` in `N` bytes; `None` when it has more than `2 N` digits.
pub fn encode<const N: usize>(number: u64) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let mut rest = number;
    for byte in bytes.iter_mut().rev() {
        let low = two_digits(rest % 100)?;
        *byte = low;
        rest /= 100;
    }
    (rest == 0).then_some(bytes)
}

/// `number` in the fewest bytes, at least one.
pub fn encode_shortest(number: u64) -> Vec<u8> {
    let bytes: [u8; 10] = encode(number).unwrap_or_default();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count().min(9);
    bytes.iter().skip(zeros).copied().collect()
}

/// The half bytes, high half first.
pub fn nibbles(bytes: &[u8]) -> impl DoubleEndedIterator<Item = u8> + '_ {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0f])
}

/// One byte of two digits, as [`decode`] reads it.
pub fn decode_byte(byte: u8) -> Option<u8> {
    decode(&[byte]).and_then(|number| u8::try_from(number).ok())
}

/// A number below 100 in one byte.
fn two_digits(number: u64) -> Option<u8> {
    let (tens, units) = (u8::try_from(number / 10).ok()?, u8::try_from(number % 10).ok()?);
    (tens <= 9).then_some((tens << 4) | units)
}
