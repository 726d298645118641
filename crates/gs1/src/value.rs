//! The value of one application identifier against its form.
//!
//! Checked are length, characters, check digits, dates, times and the small number rules. Not checked
//! are lists kept by others (countries, currencies, packages), IBANs, map coordinates, percent
//! encoding, GS1 company prefixes, North American coupons and the check pair of GMN: a till does
//! not decide anything by them.

use crate::ai_table::Ai;
use crate::digits::{all_digits, number, verify};
use crate::error::ScanError;

/// The length of a value whose application identifier is followed by no separator.
pub(crate) fn predefined_length(entry: &Ai) -> Option<usize> {
    if !entry.is_predefined() {
        return None;
    }
    entry.spec.split(' ').try_fold(0_usize, |sum, part| {
        let form = part.split(',').next()?.get(1..)?;
        sum.checked_add(form.parse().ok()?)
    })
}

/// One part of a value, as the dictionary writes it: `N13,csum`, `X..20`, `[N4],hhmi`.
struct Part<'a> {
    charset: char,
    length: usize,
    variable: bool,
    optional: bool,
    rules: std::str::Split<'a, char>,
}

fn read_part(text: &str) -> Option<Part<'_>> {
    let mut rules = text.split(',');
    let form = rules.next()?;
    let inner = form.strip_prefix('[').and_then(|form| form.strip_suffix(']'));
    let (optional, form) = (inner.is_some(), inner.unwrap_or(form));
    let charset = form.chars().next()?;
    let length = form.get(1..)?;
    let up_to = length.strip_prefix("..");
    Some(Part {
        charset,
        length: up_to.unwrap_or(length).parse().ok()?,
        variable: up_to.is_some(),
        optional,
        rules,
    })
}

/// Checks a value against the form of its application identifier.
pub(crate) fn check_value(entry: &Ai, ai: &str, value: &str) -> Result<(), ScanError> {
    let ai = || ai.to_owned();
    let mut rest = value;
    for part in entry.spec.split(' ').filter_map(read_part) {
        if rest.is_empty() && part.optional {
            break;
        }
        let take = if part.variable { part.length.min(rest.len()) } else { part.length };
        let Some((taken, left)) =
            rest.split_at_checked(take).filter(|(taken, _)| !taken.is_empty())
        else {
            // Not at a character boundary: then there is one that no element may have.
            return Err(if rest.is_ascii() {
                ScanError::ElementLength { ai: ai() }
            } else {
                ScanError::ElementCharacter { ai: ai() }
            });
        };
        if !taken.chars().all(|c| in_charset(part.charset, c)) {
            return Err(ScanError::ElementCharacter { ai: ai() });
        }
        for rule in part.rules {
            check_rule(rule, taken, ai)?;
        }
        rest = left;
    }
    if rest.is_empty() { Ok(()) } else { Err(ScanError::ElementLength { ai: ai() }) }
}

/// The character sets of GS1 General Specifications 7.11: digits, 82, 39, and file-safe base 64.
fn in_charset(charset: char, c: char) -> bool {
    match charset {
        'N' => c.is_ascii_digit(),
        'X' => c.is_ascii_alphanumeric() || "!\"%&'()*+,-./:;<=>?_".contains(c),
        'Y' => c.is_ascii_uppercase() || c.is_ascii_digit() || "#-/".contains(c),
        _ => c.is_ascii_alphanumeric() || "-_=".contains(c),
    }
}

fn check_rule(rule: &str, text: &str, ai: impl Fn() -> String) -> Result<(), ScanError> {
    let date = |right: bool| {
        if right { Ok(()) } else { Err(ScanError::ElementDate { ai: ai() }) }
    };
    let value = |right: bool| {
        if right { Ok(()) } else { Err(ScanError::ElementValue { ai: ai() }) }
    };
    let zeros = |text: &str| text.bytes().all(|b| b == b'0');
    match rule {
        "csum" => match verify(text) {
            Some(Err(expected)) => Err(ScanError::CheckDigit { expected }),
            Some(Ok(())) => Ok(()),
            None => Err(ScanError::ElementLength { ai: ai() }),
        },
        "yymmd0" => date(is_date(text, true)),
        "yymmdd" => date(is_date(text, false)),
        "yyyymmdd" => date(text.get(2..).is_some_and(|short| is_date(short, false))),
        "hhmi" => {
            date(text.get(..2).is_some_and(below(24)) && text.get(2..).is_some_and(below(60)))
        }
        "hh" => date(below(24)(text)),
        "mi" | "ss" => date(below(60)(text)),
        "zero" => value(zeros(text)),
        "nonzero" => value(!zeros(text)),
        "nozeroprefix" => value(text == "0" || !text.starts_with('0')),
        "hasnondigit" => value(!all_digits(text)),
        "hyphen" => value(text == "-"),
        "yesno" => value(matches!(text, "0" | "1")),
        "winding" => value(matches!(text, "0" | "1" | "9")),
        "iso5218" => value(matches!(text, "0" | "1" | "2" | "9")),
        "pieceoftotal" => {
            let (piece, total) = text.split_at_checked(2).unwrap_or_default();
            value(!zeros(piece) && !zeros(total) && piece <= total)
        }
        _ => Ok(()),
    }
}

fn below(limit: i64) -> impl Fn(&str) -> bool {
    move |text| number(text).is_some_and(|n| n < limit)
}

/// `YYMMDD`; day 00 (the last of the month) where `open_day` allows it. A 29 February holds in every
/// year that could be a leap year in some century.
fn is_date(text: &str, open_day: bool) -> bool {
    let field = |range: std::ops::Range<usize>| text.get(range).and_then(number);
    let (Some(year), Some(month), Some(day)) = (field(0..2), field(2..4), field(4..6)) else {
        return false;
    };
    let last = last_day(year, month);
    last.is_some_and(|last| day <= last) && (day > 0 || open_day)
}

/// The last day of a month; years of two digits are read as 2000–2099, which has the same leap
/// years as 1951–2099. `None` if there is no such month.
pub(crate) fn last_day(year: i64, month: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    Some(match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    })
}
