//! Points in time and days as the form writes them. Where a till stands is a parameter: the offset comes in with the time.

/// A point in time with the offset of the place, from 1970 to the end of 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Stamp {
    milliseconds: i64,
    offset_minutes: i16,
}

/// A day of the calendar, from 1970 to the end of 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Day(i64);

const DAY: i64 = 86_400_000;
/// 9999-12-31, counted from 1970-01-01.
const LAST_DAY: i64 = 2_932_896;

impl Stamp {
    /// So many milliseconds after 1970-01-01T00:00Z, at a place so many minutes before UTC. Nothing outside of 1970
    /// to 9999, and for offsets of a day and more.
    pub fn new(milliseconds: i64, offset_minutes: i16) -> Option<Stamp> {
        let last = LAST_DAY.saturating_mul(DAY);
        let known = (0..last).contains(&milliseconds) && offset_minutes.unsigned_abs() < 1_440;
        known.then_some(Stamp { milliseconds, offset_minutes })
    }

    /// Milliseconds after 1970-01-01T00:00Z.
    pub const fn milliseconds(self) -> i64 {
        self.milliseconds
    }

    /// The day at the place.
    pub fn day(self) -> Day {
        Day(self.local().div_euclid(DAY))
    }

    fn local(self) -> i64 {
        let offset = i64::from(self.offset_minutes).saturating_mul(60_000);
        self.milliseconds.saturating_add(offset)
    }

    /// Writes it with its offset and without milliseconds: `2026-09-22T17:00:01+02:00`.
    pub fn write(self, out: &mut Vec<u8>) {
        clock(out, self.local());
        let minutes = i64::from(self.offset_minutes.unsigned_abs());
        out.push(if self.offset_minutes < 0 { b'-' } else { b'+' });
        padded(out, minutes.div_euclid(60), 2);
        out.push(b':');
        padded(out, minutes.rem_euclid(60), 2);
    }

    /// Writes it as signing units are written: `2026-09-22T15:00:01.000Z`.
    pub fn write_utc(self, out: &mut Vec<u8>) {
        clock(out, self.milliseconds);
        out.push(b'.');
        padded(out, self.milliseconds.rem_euclid(1_000), 3);
        out.push(b'Z');
    }

    /// Reads `YYYY-MM-DDThh:mm:ss`, perhaps with a fraction, with `Z` or an offset. Nothing without one: then
    /// nobody knows when it was.
    pub fn read(text: &str) -> Option<Stamp> {
        let (day, rest) = (text.get(..10)?, text.get(10..)?);
        let clock = rest.strip_prefix('T')?;
        let at = clock.find(['Z', '+', '-'])?;
        let (time, zone) = clock.split_at_checked(at)?;
        let offset = match zone {
            "Z" => 0,
            _ => {
                let (hours, minutes) = zone.get(1..)?.split_once(':')?;
                let minutes = two(hours, 24)?.saturating_mul(60).saturating_add(two(minutes, 60)?);
                if zone.starts_with('-') { minutes.saturating_neg() } else { minutes }
            }
        };
        let (time, fraction) = match time.split_once('.') {
            Some((time, digits)) => (time, fraction(digits)?),
            None => (time, 0),
        };
        let mut parts = time.split(':');
        let (hour, minute) = (two(parts.next()?, 24)?, two(parts.next()?, 60)?);
        let second = two(parts.next()?, 60)?;
        if parts.next().is_some() {
            return None;
        }
        let seconds = hour.saturating_mul(3_600).saturating_add(minute.saturating_mul(60));
        let local = Day::read(day)?.0.saturating_mul(DAY);
        let local = local.saturating_add(seconds.saturating_add(second).saturating_mul(1_000));
        let utc = local.saturating_add(fraction).saturating_sub(offset.saturating_mul(60_000));
        Stamp::new(utc, i16::try_from(offset).ok()?)
    }
}

impl Day {
    /// So many days after 1970-01-01. Nothing outside of 1970 to 9999.
    pub fn new(days: i64) -> Option<Day> {
        (0..=LAST_DAY).contains(&days).then_some(Day(days))
    }

    /// Days after 1970-01-01.
    pub const fn days(self) -> i64 {
        self.0
    }

    /// Its year.
    pub fn year(self) -> i64 {
        civil(self.0).0
    }

    /// Writes `2026-09-22`.
    pub fn write(self, out: &mut Vec<u8>) {
        let (year, month, day) = civil(self.0);
        padded(out, year, 4);
        out.push(b'-');
        padded(out, month, 2);
        out.push(b'-');
        padded(out, day, 2);
    }

    /// Reads `2026-09-22`; nothing for a day that no calendar has.
    pub fn read(text: &str) -> Option<Day> {
        let mut parts = text.split('-');
        let (year, month) = (parts.next()?, two(parts.next()?, 13)?);
        let day = two(parts.next()?, 32)?;
        if parts.next().is_some() || year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let year: i64 = year.parse().ok()?;
        let found = Day::new(days(year, month, day))?;
        (civil(found.0) == (year, month, day)).then_some(found)
    }
}

/// Two digits below a limit.
fn two(text: &str, limit: i64) -> Option<i64> {
    let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let value: i64 = if digits { text.parse().ok()? } else { return None };
    (value < limit).then_some(value)
}

/// The milliseconds of a fraction of a second.
fn fraction(digits: &str) -> Option<i64> {
    let fits = (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let mut value: i64 =
        if fits { digits.chars().take(3).collect::<String>().parse().ok()? } else { return None };
    for _ in digits.len()..3 {
        value = value.saturating_mul(10);
    }
    Some(value)
}

fn clock(out: &mut Vec<u8>, milliseconds: i64) {
    Day(milliseconds.div_euclid(DAY)).write(out);
    let seconds = milliseconds.rem_euclid(DAY).div_euclid(1_000);
    out.push(b'T');
    padded(out, seconds.div_euclid(3_600), 2);
    out.push(b':');
    padded(out, seconds.div_euclid(60).rem_euclid(60), 2);
    out.push(b':');
    padded(out, seconds.rem_euclid(60), 2);
}

fn padded(out: &mut Vec<u8>, value: i64, digits: u32) {
    for place in (0..digits).rev() {
        let digit = value.div_euclid(10_i64.saturating_pow(place)).rem_euclid(10);
        out.push(b'0'.saturating_add(u8::try_from(digit).unwrap_or_default()));
    }
}

/// Year, month and day of a day after 1970-01-01: years are counted from March, so that the leap day is their last.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let leaps = of_era.div_euclid(1_460).saturating_sub(of_era.div_euclid(36_524));
    let without = of_era.saturating_sub(leaps).saturating_sub(of_era.div_euclid(146_096));
    let year_of_era = without.div_euclid(365);
    let before = year_of_era
        .saturating_mul(365)
        .saturating_add(year_of_era.div_euclid(4))
        .saturating_sub(year_of_era.div_euclid(100));
    let of_year = of_era.saturating_sub(before);
    let from_march = of_year.saturating_mul(5).saturating_add(2).div_euclid(153);
    let day = of_year
        .saturating_sub(from_march.saturating_mul(153).saturating_add(2).div_euclid(5))
        .saturating_add(1);
    let month =
        if from_march < 10 { from_march.saturating_add(3) } else { from_march.saturating_sub(9) };
    let year = year_of_era.saturating_add(era.saturating_mul(400));
    (if month <= 2 { year.saturating_add(1) } else { year }, month, day)
}

/// The day after 1970-01-01 of a date; dates that no calendar has come out as another.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year.saturating_sub(1) } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let from_march = if month > 2 { month.saturating_sub(3) } else { month.saturating_add(9) };
    let of_year = from_march
        .saturating_mul(153)
        .saturating_add(2)
        .div_euclid(5)
        .saturating_add(day)
        .saturating_sub(1);
    let of_era = year_of_era
        .saturating_mul(365)
        .saturating_add(year_of_era.div_euclid(4))
        .saturating_sub(year_of_era.div_euclid(100))
        .saturating_add(of_year);
    era.saturating_mul(146_097).saturating_add(of_era).saturating_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn points_in_time_are_written_with_their_offset_and_read_back() {
        let stamp = Stamp::read("2026-09-22T17:00:01+02:00").unwrap();
        assert_eq!(stamp.milliseconds(), 1_790_089_201_000);
        assert_eq!(text(|out| stamp.write(out)), "2026-09-22T17:00:01+02:00");
        assert_eq!(text(|out| stamp.write_utc(out)), "2026-09-22T15:00:01.000Z");
        let night = Stamp::read("2024-03-01T00:30:00-03:30").unwrap();
        assert_eq!(text(|out| night.write(out)), "2024-03-01T00:30:00-03:30");
        assert_eq!(text(|out| night.day().write(out)), "2024-03-01");
        assert_eq!(Stamp::read("2026-01-01T00:00:00.25Z").unwrap().milliseconds() % 1_000, 250);
    }

    #[test]
    fn days_are_written_and_read_back() {
        // Every day to 2037, then one in eleven: a leap day is met in every kind of century.
        for days in (0..24_837).chain((24_837..=LAST_DAY).step_by(11)) {
            let day = Day::new(days).unwrap();
            assert_eq!(Day::read(&text(|out| day.write(out))), Some(day));
        }
        assert_eq!(text(|out| Day::new(LAST_DAY).unwrap().write(out)), "9999-12-31");
    }

    #[test]
    fn what_is_no_time_is_not_read() {
        for text in [
            "",
            "2026-09-22",
            "2026-09-22T17:00:01",
            "2026-02-30T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-09-22T24:00:00Z",
            "2026-09-22 17:00:01Z",
            "2026-09-22T17:00Z",
            "26-09-22T17:00:01Z",
            "2026-09-22T17:00:01+2",
            "2026-09-22T17:00:01.Z",
            "1969-12-31T23:59:59Z",
            "ä026-09-22T17:00:01Z",
        ] {
            assert_eq!(Stamp::read(text), None, "{text}");
        }
    }
}
