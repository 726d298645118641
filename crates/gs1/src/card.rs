//! Data of payment cards where it does not belong: told apart so that it can be dropped.

use crate::digits::verify;

/// Fewest and most digits of a card's number in a free text. Shorter ones are out of use, and telephone
/// numbers are as long.
const NUMBER: std::ops::RangeInclusive<usize> = 14..=19;

/// Digits of a card's number in front of a track's separator.
const TRACK_NUMBER: std::ops::RangeInclusive<usize> = 12..=19;

/// First digits of cards, and how long their numbers are (ISO/IEC 7812; the schemes' own public ranges).
const ISSUERS: [(&str, &str, &[usize]); 17] = [
    ("300", "305", &[14]),
    ("36", "36", &[14]),
    ("38", "39", &[14]),
    ("34", "34", &[15]),
    ("37", "37", &[15]),
    ("4", "4", &[16, 18, 19]),
    ("51", "55", &[16]),
    ("2221", "2720", &[16]),
    ("6011", "6011", &[16, 17, 18, 19]),
    ("644", "659", &[16, 17, 18, 19]),
    ("3528", "3589", &[16, 17, 18, 19]),
    ("62", "62", &[16, 17, 18, 19]),
    ("81", "81", &[16, 17, 18, 19]),
    ("5018", "5038", &[16, 17, 18, 19]),
    ("5893", "5893", &[16, 17, 18, 19]),
    ("6304", "6304", &[16, 17, 18, 19]),
    ("67", "67", &[16, 17, 18, 19]),
];

/// True where a text holds the tracks of a magnetic stripe, with or without their sentinels, anywhere in
/// it. Nobody writes such a thing by hand: it was swiped or typed into the wrong field.
#[must_use]
pub fn holds_stripe(text: &str) -> bool {
    is_stripe(text) || runs(text).any(|run| run.has_track_behind())
}

/// True where a free text holds what is a card's number as far as anybody can tell: 14 to 19 digits in a
/// row (blanks or hyphens between them), with the check digit of cards, in a range that is given to
/// cards, and not an article's number. For texts only: a code may look like one.
#[must_use]
pub fn holds_card_number(text: &str) -> bool {
    runs(text).any(|run| run.is_card_number())
}

/// Digits in a row and what stands around them.
struct Run<'a> {
    digits: String,
    before: Option<char>,
    behind: &'a str,
}

/// The rows of digits of a text, as long as each goes on. Between two digits a single blank or hyphen may stand.
fn runs(text: &str) -> impl Iterator<Item = Run<'_>> {
    let mut rest = text;
    let mut before = None;
    std::iter::from_fn(move || {
        loop {
            let first = rest.chars().next()?;
            if !first.is_ascii_digit() {
                before = Some(first);
                rest = rest.strip_prefix(first)?;
                continue;
            }
            let mut digits = String::new();
            loop {
                let mut chars = rest.chars();
                match (chars.next(), chars.next()) {
                    (Some(c), _) if c.is_ascii_digit() => digits.push(c),
                    (Some(' ' | '-'), Some(c)) if c.is_ascii_digit() => {}
                    _ => break,
                }
                let mut chars = rest.chars();
                chars.next();
                rest = chars.as_str();
            }
            let run = Run { digits, before, behind: rest };
            before = Some('0');
            return Some(run);
        }
    })
}

impl Run<'_> {
    /// `4111111111111111=25121010000` and `4111111111111111^NAME^2512…`: track 2 and track 1 whose
    /// sentinels the reader kept to itself. Nobody else writes a date and a service code right behind a
    /// number and an equals sign.
    fn has_track_behind(&self) -> bool {
        if !TRACK_NUMBER.contains(&self.digits.len()) {
            return false;
        }
        let mut behind = self.behind.chars();
        match behind.next() {
            Some('=') => behind.take_while(char::is_ascii_digit).count() >= 7,
            Some('^') => behind.any(|c| c == '^'),
            _ => false,
        }
    }

    /// Behind a sentinel less is enough: a field separator, as any keyboard layout types it, right behind
    /// the number and a date or an empty one behind that.
    fn has_track_2_behind(&self) -> bool {
        let mut behind = self.behind.chars();
        TRACK_NUMBER.contains(&self.digits.len())
            && behind.next().is_some_and(separates)
            && behind.next().is_some_and(|c| c.is_ascii_digit() || separates(c))
    }

    fn is_card_number(&self) -> bool {
        let digits = self.digits.as_str();
        let length = digits.len();
        if !NUMBER.contains(&length) || !luhn(digits) {
            return false;
        }
        // An IBAN or somebody's own number, `AT50 1234 …`.
        let lettered = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        if lettered(self.before) || lettered(self.behind.chars().next()) {
            return false;
        }
        // ITF-14 and SSCC: numbers of cartons and pallets have a check digit of another kind.
        if matches!(length, 14 | 18) && verify(digits) == Some(Ok(())) {
            return false;
        }
        ISSUERS.iter().any(|(first, last, lengths)| {
            let front = digits.get(..first.len()).unwrap_or_default();
            (*first..=*last).contains(&front) && lengths.contains(&length)
        })
    }
}

/// The check digit of cards (ISO/IEC 7812-1, annex B). False for anything but digits.
#[must_use]
pub fn luhn(digits: &str) -> bool {
    let Some(values) = crate::digits::values(digits) else { return false };
    let sum = values.iter().rev().zip([1_u8, 2].into_iter().cycle()).fold(0_u8, |sum, (d, by)| {
        let product = d.saturating_mul(by);
        sum.saturating_add(if product > 9 { product.saturating_sub(9) } else { product }) % 10
    });
    sum == 0
}

/// True for the tracks of a magnetic stripe (ISO/IEC 7813) as a keyboard reader types them:
/// `%B…^…^…?` and `;…=…?`, also in the middle of a text, without sentinels, or when the keyboard layout
/// has turned the separators into other characters (`;` is `ö` on a German keyboard).
pub(crate) fn is_stripe(raw: &str) -> bool {
    let text = raw.trim();
    let lower = text.to_lowercase();
    let track_1 = lower.split("%b").skip(1).any(|rest| {
        let mut fields = rest.split('^');
        let (_, name, end) = (fields.next(), fields.next(), fields.next());
        digits_in_front(rest.trim_start()) >= 12
            || (name.is_some() && end.is_some_and(|end| end.contains('?')))
    });
    let track_2 = lower.split([';', 'ö']).skip(1).any(|rest| {
        let first = runs(rest).next();
        first.is_some_and(|run| run.before.is_none() && run.has_track_2_behind())
    });
    let in_digits = |field: &str| !field.is_empty() && field.chars().all(|c| c.is_ascii_digit());
    let other_card = text
        .strip_prefix(';')
        .and_then(|rest| rest.split_once('='))
        .and_then(|(number, rest)| Some((number, rest.split_once('?')?.0)))
        .is_some_and(|(number, rest)| in_digits(number) && rest.split('=').all(in_digits));
    let no_sentinel =
        runs(text).next().is_some_and(|run| run.before.is_none() && run.has_track_behind());
    track_1 || track_2 || other_card || no_sentinel
}

/// What stands between the fields of track 2, also on a keyboard of another country.
const fn separates(c: char) -> bool {
    matches!(c, '=' | 'd' | '´' | '`' | '^')
}

/// How many digits a text begins with, blanks between them not counted.
fn digits_in_front(text: &str) -> usize {
    text.chars().filter(|c| *c != ' ').take_while(char::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stripes_are_seen_anywhere_with_and_without_sentinels() {
        for text in [
            "%B4111111111111111^MUSTER/ANNA^25121010000000000?",
            ";4111111111111111=25121010000000000?",
            "Notiz 4111111111111111=25121010000000000 Ende",
            "B4111111111111111^MUSTER/ANNA^25121010000",
            "bitte ;5500000000000004=2512101? danke",
            ";4111111111111111==101?",
            "ö4111 1111 1111 1111´2512",
        ] {
            assert!(holds_stripe(text), "{text}");
        }
        for text in [
            "4111111111111111",
            "50%Baumwolle, 12 Stück",
            "50%Baumwolle ^ wie viel?",
            "a=1; b=2",
            ";Farbe=rot?",
            "2+2=4",
            "Anna^Berta",
            "4006381333931 = Müsli",
            "4006381333931=12 Stück",
            "4006381333931=2026",
            "; 4006381333931 doppelt",
            "; 4006381333931 = Müsli",
            ";4006381333931=neu",
            "",
        ] {
            assert!(!holds_stripe(text), "{text}");
        }
    }

    #[test]
    fn numbers_of_cards_are_told_from_articles_accounts_and_telephones() {
        for text in [
            "4111 1111 1111 1111",
            "Karte 5500-0000-0000-0004.",
            "378282246310005",
            "30569309025904",
            "6759649826438453",
            "4000000000000000006",
        ] {
            assert!(holds_card_number(text), "{text}");
        }
        for text in [
            "4111111111111112",
            "4006381333931",
            "DE89 3704 0044 0532 0130 00",
            "AT61 1904 3002 3457 3201",
            "+49 151 23456789",
            "2026-11-26 14:05:12",
            "R1-4812",
            "01936b2e-0000-7000-8000-000000000001",
            "41111111111111110000",
            "",
        ] {
            assert!(!holds_card_number(text), "{text}");
        }
    }

    #[test]
    fn any_text_is_read() {
        for text in ["4", "4 ", " 4", "4-", "- 4 -4", "ä4ö-5", "\u{0}1", "44444444444444444444444"]
        {
            let _ = (holds_stripe(text), holds_card_number(text), luhn(text));
        }
        assert!(luhn("0") && !luhn("1") && !luhn("") && !luhn("a"));
    }
}
