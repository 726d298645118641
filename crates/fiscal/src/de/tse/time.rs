//! The moment of a signature, in the formats that signing units have. A unit keeps one format for its life.
//! Sources: TR-03151-1 (Time), DSFinV-K 2.4 (TSE_ZEITFORMAT).

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

use super::tlv::{self, Tlv};

/// The names of DSFinV-K for the format of a log's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TimeFormat {
    /// Seconds since 1970, an INTEGER.
    UnixTime,
    /// UTCTime. DSFinV-K means one without seconds, units sign one with seconds all the same.
    UtcTime,
    /// UTCTime with seconds.
    UtcTimeWithSeconds,
    /// GeneralizedTime to the second.
    GeneralizedTime,
    /// GeneralizedTime to the thousandth of a second.
    GeneralizedTimeWithMilliseconds,
}

impl TimeFormat {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::UnixTime,
        Self::UtcTime,
        Self::UtcTimeWithSeconds,
        Self::GeneralizedTime,
        Self::GeneralizedTimeWithMilliseconds,
    ];

    /// The name in DSFinV-K and in the QR code.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnixTime => "unixTime",
            Self::UtcTime => "utcTime",
            Self::UtcTimeWithSeconds => "utcTimeWithSeconds",
            Self::GeneralizedTime => "generalizedTime",
            Self::GeneralizedTimeWithMilliseconds => "generalizedTimeWithMilliseconds",
        }
    }

    /// Reads the name, in capitals or not.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name().eq_ignore_ascii_case(name))
    }

    /// The beginning of a log's file name (TR-03151-1 § 2.5).
    pub(crate) const fn file_prefix(self) -> &'static str {
        match self {
            Self::UnixTime => "Unixt",
            Self::UtcTime | Self::UtcTimeWithSeconds => "Utc",
            Self::GeneralizedTime | Self::GeneralizedTimeWithMilliseconds => "Gent",
        }
    }

    /// The moment as exactly as this format can say it.
    pub fn truncate(self, at: Timestamp) -> Timestamp {
        let milliseconds = match self {
            Self::GeneralizedTimeWithMilliseconds => Some(at.as_millisecond()),
            _ => at.as_second().checked_mul(1000),
        };
        milliseconds.and_then(|at| Timestamp::from_millisecond(at).ok()).unwrap_or(at)
    }

    /// The moment as its text in file names, and within the value of the time.
    pub(crate) fn text(self, at: Timestamp) -> String {
        let civil = Offset::UTC.to_datetime(at);
        match self {
            Self::UnixTime => at.as_second().to_string(),
            Self::UtcTime | Self::UtcTimeWithSeconds => {
                format!("{:02}{}Z", civil.year().rem_euclid(100), from_month(civil))
            }
            Self::GeneralizedTime => format!("{:04}{}Z", civil.year(), from_month(civil)),
            Self::GeneralizedTimeWithMilliseconds => {
                format!("{:04}{}.{:03}Z", civil.year(), from_month(civil), civil.millisecond())
            }
        }
    }

    /// The moment as signing units sign it, tag and length with it.
    pub(crate) fn encode(self, at: Timestamp) -> Vec<u8> {
        match self {
            Self::UnixTime => {
                let seconds = u64::try_from(at.as_second()).unwrap_or_default();
                tlv::write(tlv::INTEGER, &tlv::integer_content(seconds))
            }
            Self::UtcTime | Self::UtcTimeWithSeconds => {
                tlv::write(tlv::UTC_TIME, self.text(at).as_bytes())
            }
            Self::GeneralizedTime | Self::GeneralizedTimeWithMilliseconds => {
                generalized_time(&self.text(at))
            }
        }
    }

    /// Every way in which a unit that says this format may have signed exactly that moment, the likeliest
    /// first; none when the format cannot say it.
    pub(crate) fn candidates(self, at: Timestamp) -> Vec<Vec<u8>> {
        let civil = Offset::UTC.to_datetime(at);
        let nanoseconds = civil.subsec_nanosecond();
        let generalized = match self {
            Self::GeneralizedTime | Self::GeneralizedTimeWithMilliseconds => true,
            Self::UnixTime | Self::UtcTime | Self::UtcTimeWithSeconds => false,
        };
        if nanoseconds % 1_000_000 != 0 || (nanoseconds != 0 && !generalized) {
            return Vec::new();
        }
        let mut texts = Vec::new();
        if generalized {
            let with = Self::GeneralizedTimeWithMilliseconds.text(at);
            // DER wants no zeros at the end of a fraction; that of a whole second goes altogether.
            let trimmed = with.trim_end_matches('Z').trim_end_matches('0');
            let trimmed = format!("{}Z", trimmed.trim_end_matches('.'));
            let whole = Self::GeneralizedTime.text(at);
            texts.push(if nanoseconds == 0 { whole } else { trimmed });
            texts.push(with);
            return texts.iter().map(|text| generalized_time(text)).collect();
        }
        let mut all = vec![self.encode(at)];
        if self == Self::UtcTime && civil.second() == 0 {
            let text = self.text(at);
            let minutes = text.get(..10).unwrap_or_default();
            all.push(tlv::write(tlv::UTC_TIME, format!("{minutes}Z").as_bytes()));
        }
        all
    }
}

fn generalized_time(text: &str) -> Vec<u8> {
    tlv::write(tlv::GENERALIZED_TIME, text.as_bytes())
}

fn from_month(civil: DateTime) -> String {
    format!(
        "{:02}{:02}{:02}{:02}{:02}",
        civil.month(),
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second()
    )
}

/// A moment and how it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogTime {
    /// The moment.
    pub at: Timestamp,
    /// How it is written.
    pub format: TimeFormat,
}

impl LogTime {
    /// Reads the time of a log; none when it is no time.
    pub fn read(tlv: &Tlv<'_>) -> Option<Self> {
        let content = tlv.content();
        if tlv.is(tlv::INTEGER) {
            let at = Timestamp::from_second(i64::try_from(tlv.unsigned().ok()?).ok()?).ok()?;
            return Some(Self { at, format: TimeFormat::UnixTime });
        }
        if tlv.is(tlv::UTC_TIME) {
            let text = std::str::from_utf8(content).ok()?.strip_suffix('Z')?;
            let year = number(text.get(..2)?)?;
            let century = if year < 50 { 2000 } else { 1900 };
            let rest = text.get(2..)?;
            let (rest, format) = match rest.len() {
                8 => (format!("{rest}00"), TimeFormat::UtcTime),
                _ => (rest.to_owned(), TimeFormat::UtcTimeWithSeconds),
            };
            let at = moment(year.checked_add(century)?, &rest, 0)?;
            return Some(Self { at, format });
        }
        if !tlv.is(tlv::GENERALIZED_TIME) {
            return None;
        }
        let text = std::str::from_utf8(content).ok()?.strip_suffix('Z')?;
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        if fraction.len() > 9 {
            return None;
        }
        let nanoseconds = match fraction {
            "" => 0,
            digits => i32::try_from(number(&format!("{digits:0<9}"))?).ok()?,
        };
        let format = match text.len() == whole.len() {
            true => TimeFormat::GeneralizedTime,
            false => TimeFormat::GeneralizedTimeWithMilliseconds,
        };
        let at = moment(number(whole.get(..4)?)?, whole.get(4..)?, nanoseconds)?;
        Some(Self { at, format })
    }
}

/// Digits and nothing else.
fn number(digits: &str) -> Option<i64> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// A moment out of a year and ten digits: month, day, hour, minute, second.
fn moment(year: i64, rest: &str, nanoseconds: i32) -> Option<Timestamp> {
    if rest.len() != 10 {
        return None;
    }
    let two = |at: usize| -> Option<i8> {
        let end = at.checked_add(2)?;
        i8::try_from(number(rest.get(at..end)?)?).ok()
    };
    let year = i16::try_from(year).ok()?;
    let civil =
        DateTime::new(year, two(0)?, two(2)?, two(4)?, two(6)?, two(8)?, nanoseconds).ok()?;
    Offset::UTC.to_timestamp(civil).ok()
}

/// A moment as the QR code and DSFinV-K write it: `2026-09-22T15:00:01.000Z`.
pub fn iso_milliseconds(at: Timestamp) -> String {
    let civil = Offset::UTC.to_datetime(at);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        civil.year(),
        civil.month(),
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second(),
        civil.millisecond()
    )
}
