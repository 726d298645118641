//! A stretch of a chain, read code by code from wherever it begins: does each code follow the one before it, and is its counter
//! the turnover so far? Each is said apart, for whoever states them of a day; [`super::verify`] reads a whole export.

use super::code::Unreadable;
use super::counter::{AesKey, Counter};
use super::jws::{self, Jws};

/// What a code says of its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The code.
    pub jws: Jws,
    /// The hash over the code before it: as the code has it, and as it is.
    pub chain: ([u8; 8], [u8; 8]),
    /// The counter, cents: deciphered, and the turnover so far. None for codes that hold none, and while no key, or no
    /// counter to begin with, is known.
    pub counter: Option<(i128, i128)>,
}

/// What is known of the codes so far.
#[derive(Debug, Clone)]
pub struct Stretch<'a> {
    key: Option<&'a AesKey>,
    /// What the next code is chained to: the last code or, before the first, the till's name.
    last: String,
    turnover: Option<i128>,
}

impl<'a> Stretch<'a> {
    /// Before a till's first code. Without a key of the counter nothing is said of it.
    #[must_use]
    pub fn begin(cashbox: &str, key: Option<&'a AesKey>) -> Self {
        Stretch { key, last: cashbox.to_owned(), turnover: Some(0) }
    }

    /// Behind a code, JWS compact, that is taken as it is. Errs when it cannot be read.
    pub fn after(code: &str, key: Option<&'a AesKey>) -> Result<Self, Unreadable> {
        let jws = Jws::parse(code)?;
        let turnover = key.and_then(|key| decipher(&jws, key));
        Ok(Stretch { key, last: code.to_owned(), turnover })
    }

    /// Whether the turnover so far is known.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.turnover.is_some()
    }

    /// The turnover so far, cents; none while it is not known.
    #[must_use]
    pub fn turnover(&self) -> Option<i128> {
        self.turnover
    }

    /// The next code, JWS compact. Errs when it cannot be read; nothing is known of the turnover after that.
    pub fn code(&mut self, text: &str) -> Result<Step, Unreadable> {
        let before = std::mem::replace(&mut self.last, text.to_owned());
        let before_it = self.turnover.take();
        let jws = Jws::parse(text)?;
        let chain = (jws.code.chain, jws::chain_value(&before));
        // Training counts nowhere.
        let own = match (&jws.code.counter, jws.code.sums.total()) {
            (Counter::Training, _) => Some(0),
            (_, Ok(total)) => Some(i128::from(total.minor())),
            (_, Err(_)) => None,
        };
        let expected = before_it.zip(own).map(|(before, own)| before.saturating_add(own));
        let found = self.key.and_then(|key| decipher(&jws, key));
        self.turnover = expected.or(found);
        Ok(Step { jws, chain, counter: found.zip(expected) })
    }
}

fn decipher(jws: &Jws, key: &AesKey) -> Option<i128> {
    jws.code.counter.decipher(key, &jws.code.cashbox, &jws.code.receipt)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use money::Money;

    use super::*;
    use crate::at::{Ask, Kind, Provider, Register, SoftwareCard, Sums, Unit};

    fn codes(key: &AesKey) -> Vec<String> {
        let unit = Unit::new(Provider::new("AT0").unwrap(), "U:ATU12345678-K1").unwrap();
        let mut register = Register::new("TR-1", unit, 8).unwrap();
        let mut card = SoftwareCard::new([7; 32]).unwrap();
        let kinds = [
            (Kind::Start, 0),
            (Kind::Standard, 1_990),
            (Kind::Training, 500),
            (Kind::Cancellation, -990),
            (Kind::Standard, 250),
        ];
        let mut codes = Vec::new();
        for (number, (kind, normal)) in (1..).zip(kinds) {
            let sums = Sums { normal: Money::new(normal), ..Sums::default() };
            let at = date(2026, 11, 26).at(9, number, 0, 0);
            let ask = Ask { kind, receipt: number.to_string(), at, sums };
            codes.push(register.issue(key, &ask, &mut card).unwrap().jws);
        }
        codes
    }

    #[test]
    fn a_stretch_holds_from_wherever_a_counter_is() {
        let key = AesKey::new([3; 32]);
        let codes = codes(&key);
        let mut whole = Stretch::begin("TR-1", Some(&key));
        let mut counters = Vec::new();
        for code in &codes {
            let step = whole.code(code).unwrap();
            assert_eq!(step.chain.0, step.chain.1);
            counters.push(step.counter);
        }
        assert_eq!(
            counters,
            [Some((0, 0)), Some((1_990, 1_990)), None, None, Some((1_250, 1_250))]
        );
        let mut part = Stretch::after(&codes[1], Some(&key)).unwrap();
        assert!(part.counts());
        for code in &codes[2..] {
            let step = part.code(code).unwrap();
            assert_eq!(step.chain.0, step.chain.1);
        }
        assert_eq!(part.turnover(), Some(1_250));
        // Behind a code without a counter the next one that has one begins anew.
        let mut blind = Stretch::after(&codes[3], Some(&key)).unwrap();
        assert!(!blind.counts());
        assert_eq!(blind.code(&codes[4]).unwrap().counter, None);
        assert_eq!(blind.turnover(), Some(1_250));
    }

    #[test]
    fn what_is_left_out_is_seen_in_the_chain_and_in_the_counter() {
        let key = AesKey::new([3; 32]);
        let codes = codes(&key);
        let mut gap = Stretch::after(&codes[0], Some(&key)).unwrap();
        let step = gap.code(&codes[4]).unwrap();
        assert_ne!(step.chain.0, step.chain.1);
        assert_eq!(step.counter, Some((1_250, 250)));
        // Another key deciphers something else; without one nothing is said.
        let other = AesKey::new([4; 32]);
        let mut wrong = Stretch::begin("TR-1", Some(&other));
        let counter = wrong.code(&codes[0]).unwrap().counter.unwrap();
        assert_ne!(counter.0, counter.1);
        assert_eq!(Stretch::begin("TR-1", None).code(&codes[1]).unwrap().counter, None);
        assert!(Stretch::begin("TR-1", None).code("nothing").is_err());
    }
}
