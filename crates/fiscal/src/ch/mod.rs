//! Switzerland: no law on tills of its own. What is left is the number that a receipt names its shop by, and what a
//! receipt must carry.

use std::fmt;

use money::Money;

/// The number of a company: `CHE-123.456.788`. Its last digit is checked (eCH-0097: modulo 11, weights 5 4 3 2 7 6 5 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Uid([u8; 9]);

impl Uid {
    /// Reads a number with or without points, with or without `MWST`, `TVA` or `IVA` behind it. `None` when it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Uid> {
        let text = text.trim().to_ascii_uppercase();
        let text = ["MWST", "TVA", "IVA"]
            .iter()
            .find_map(|end| text.strip_suffix(end))
            .map_or(text.as_str(), str::trim_end);
        let text = text.strip_prefix("CHE")?;
        let text = text.strip_prefix('-').unwrap_or(text);
        let plain = match text.len() {
            9 => text.to_owned(),
            11 => {
                let mut parts = text.split('.');
                let parts = [parts.next()?, parts.next()?, parts.next()?];
                if parts.iter().any(|part| part.len() != 3) {
                    return None;
                }
                parts.concat()
            }
            _ => return None,
        };
        let digits = plain.bytes().map(|b| b.is_ascii_digit().then(|| b.wrapping_sub(b'0')));
        let digits: Vec<u8> = digits.collect::<Option<Vec<u8>>>()?;
        let digits: [u8; 9] = digits.try_into().ok()?;
        let (check, first) = digits.split_last()?;
        let weights = [5_u32, 4, 3, 2, 7, 6, 5, 4];
        let sum = first.iter().zip(weights).fold(0_u32, |sum, (digit, weight)| {
            sum.saturating_add(u32::from(*digit).saturating_mul(weight))
        });
        // 10 is never given out; 11 is written 0.
        let expected = match 11_u32.checked_sub(sum.checked_rem(11)?)? {
            11 => 0,
            other => other,
        };
        (expected == u32::from(*check)).then_some(Uid(digits))
    }

    /// As a receipt names it: `CHE-123.456.788 MWST`.
    #[must_use]
    pub fn for_receipt(&self) -> String {
        format!("{self} MWST")
    }
}

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g, h, i, j] = self.0;
        write!(f, "CHE-{a}{b}{c}.{d}{e}{g}.{h}{i}{j}")
    }
}

/// What a receipt carries (MWSTG art. 26).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// Name and place of the shop.
    Shop,
    /// Its number with `MWST`.
    Uid,
    /// Date.
    Date,
    /// Kind and amount of the goods.
    Goods,
    /// What is to be paid.
    Total,
    /// The rate, when the tax is within the price.
    Rate,
    /// Name and place of the customer.
    Customer,
}

/// Receipts up to this may leave out the customer (MWSTV art. 57): 400 francs, in cents.
pub const WITHOUT_CUSTOMER: Money = Money::new(40_000);

/// What a receipt over `total` must carry for a customer who deducts the tax.
#[must_use]
pub fn required(total: Money) -> Vec<Part> {
    let mut parts = vec![Part::Shop, Part::Uid, Part::Date, Part::Goods, Part::Total, Part::Rate];
    if total > WITHOUT_CUSTOMER {
        parts.push(Part::Customer);
    }
    parts
}
